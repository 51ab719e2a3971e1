// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/paths.h"

namespace daypass::platform {

Paths MakePaths(std::string_view root) {
  while (root.ends_with('/')) root.remove_suffix(1);
  const std::string prefix(root);
  Paths paths;

  paths.etc = prefix + "/etc/daypass";
  paths.gate_conf = paths.etc + "/gate.conf";
  paths.host_toml = paths.etc + "/host.toml";
  paths.agent_toml = paths.etc + "/agent.toml";
  paths.server_toml = paths.etc + "/server.toml";

  paths.state = prefix + "/var/lib/daypass";
  paths.agent_db = paths.state + "/agent.db";
  paths.host_key = paths.state + "/host.key";
  paths.reserve = paths.state + "/reserve";

  paths.sync_state = prefix + "/var/lib/daypass-sync";
  paths.sync_tls_key = paths.sync_state + "/tls.key";
  paths.sync_tls_certificate = paths.sync_state + "/tls.pem";
  paths.sync_ca = paths.sync_state + "/ca.pem";

  paths.server_state = prefix + "/var/lib/daypass-server";
  paths.server_db = paths.server_state + "/server.db";
  paths.server_keys = paths.server_state + "/keys";

  paths.run = prefix + "/run/daypass";
  paths.check_socket = paths.run + "/check.sock";
  paths.courier_socket = paths.run + "/courier.sock";
  paths.user_socket = paths.run + "/user.sock";
  return paths;
}

}  // namespace daypass::platform
