// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/signed_in.h"

#include <fmt/format.h>

namespace daypass::cli {

core::Result<SignedIn> OpenSession(const Context& context) {
  core::Result<Config> config = LoadConfig(context.globals);
  if (!config) return std::move(config).error();
  core::Result<ServerClient> server = ServerClient::SignedIn(context.globals, *config);
  if (!server) return std::move(server).error();
  return SignedIn{*std::move(config), *std::move(server)};
}

core::Result<const core::Person*> FindSelf(const core::Policy& policy, const Config& config) {
  const core::Person* person = core::FindPerson(policy, config.person);
  if (person != nullptr) return person;
  return core::Error{core::Reason::kNotYours,
                     fmt::format("policy version {} has no person \"{}\"\nIf your name there is "
                                 "another one, log in anew with --person NAME.",
                                 policy.version, config.person),
                     "person"};
}

}  // namespace daypass::cli
