// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Where everything is. Tests and trials move all of it below one prefix: `--root DIR` for programs,
// `root=DIR` for the shims; never a variable of the environment.
#pragma once

#include <string>
#include <string_view>

namespace daypass::platform {

struct Paths {
  std::string etc;  ///< /etc/daypass, root 0755
  std::string gate_conf, host_toml, agent_toml, server_toml;

  std::string state;  ///< /var/lib/daypass, root 0700
  std::string agent_db, host_key, reserve;

  std::string sync_state;  ///< /var/lib/daypass-sync, daypass-sync 0700
  std::string sync_tls_key, sync_tls_certificate, sync_ca;

  std::string server_state;  ///< /var/lib/daypass-server, daypass-server 0700
  std::string server_db, server_keys;

  std::string run;  ///< /run/daypass, root 0755
  std::string check_socket, courier_socket, user_socket;
};

/// `root`: empty for the real places, else an absolute folder; a trailing slash is dropped.
Paths MakePaths(std::string_view root);

}  // namespace daypass::platform
