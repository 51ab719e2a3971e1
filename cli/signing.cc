// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Runs ssh-keygen with the terminal, the message on its standard input.
#include "cli/signing.h"

#include <fmt/format.h>

#include "core/escape.h"
#include "platform/file.h"
#include "platform/subprocess.h"
#include "wire/envelope.h"

namespace daypass::cli {

core::Result<Signed> SignAs(const std::string& key, std::string_view type,
                            std::string_view message) {
  if (!platform::FileExists(key)) {
    return core::Error{core::Reason::kNotFound,
                       fmt::format("{}: there is no such key\nName another one with --key FILE, a "
                                   "private key or the public one of a key in ssh-agent.",
                                   core::ForTerminal(key)),
                       key};
  }
  platform::Program ssh_keygen;
  // -q: it need not say that it signs its standard input; what it asks, it asks anyway.
  ssh_keygen.argv = {"ssh-keygen", "-q", "-Y", "sign", "-n", wire::NamespaceOf(type), "-f", key};
  ssh_keygen.input = message;
  ssh_keygen.inherit_errors = true;
  core::Result<platform::ProgramEnd> end = platform::RunProgram(ssh_keygen);
  if (!end) return std::move(end).error();
  if (end->exit_code != 0) {
    return core::Error{core::Reason::kKeyRefused,
                       fmt::format("ssh-keygen did not sign with {}\nIs it your key, and does "
                                   "ssh-agent hold it if this is only its public half?",
                                   core::ForTerminal(key)),
                       key};
  }
  core::Result<wire::VerifiedSignature> verified =
      wire::VerifySignature(end->output, wire::NamespaceOf(type), message);
  if (!verified) return std::move(verified).error();
  return Signed{std::move(end->output), *std::move(verified)};
}

}  // namespace daypass::cli
