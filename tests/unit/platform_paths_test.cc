// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The one prefix that moves everything.
#include "platform/paths.h"

#include <gtest/gtest.h>

namespace daypass::platform {
namespace {

TEST(Paths, AreTheRealOnesWithoutAPrefix) {
  for (const char* root : {"", "/"}) {
    const Paths paths = MakePaths(root);
    EXPECT_EQ(paths.gate_conf, "/etc/daypass/gate.conf");
    EXPECT_EQ(paths.agent_db, "/var/lib/daypass/agent.db");
    EXPECT_EQ(paths.sync_ca, "/var/lib/daypass-sync/ca.pem");
    EXPECT_EQ(paths.server_keys, "/var/lib/daypass-server/keys");
    EXPECT_EQ(paths.check_socket, "/run/daypass/check.sock");
  }
}

TEST(Paths, AllMoveBelowThePrefix) {
  const Paths paths = MakePaths("/tmp/trial/");
  EXPECT_EQ(paths.host_toml, "/tmp/trial/etc/daypass/host.toml");
  EXPECT_EQ(paths.host_key, "/tmp/trial/var/lib/daypass/host.key");
  EXPECT_EQ(paths.sync_tls_key, "/tmp/trial/var/lib/daypass-sync/tls.key");
  EXPECT_EQ(paths.server_db, "/tmp/trial/var/lib/daypass-server/server.db");
  EXPECT_EQ(paths.user_socket, "/tmp/trial/run/daypass/user.sock");
}

}  // namespace
}  // namespace daypass::platform
