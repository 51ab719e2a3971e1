// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/policy_standing.h"

#include "wire/limits.h"
#include "wire/policy_powers.h"
#include "wire/policy_role.h"

namespace daypass::wire {
namespace {

constexpr Count kSome{1, 1000};

}  // namespace

core::Standing ReadStanding(ObjectReader& in) {
  core::Standing standing;
  standing.name = in.String("name", kName);
  standing.accounts = in.Strings("accounts", kAccount, kSome);
  standing.personal = in.OptBool("personal");
  ReadPowers(in, standing);
  standing.valid_until = in.OptInstant("valid_until_ms");
  if (in.ok() && standing.rules.empty()) {
    in.Fail(core::Reason::kMalformed, "rules", "a standing rule allows exact commands only");
  }
  return standing;
}

core::Breakglass ReadBreakglass(ObjectReader& in) {
  core::Breakglass breakglass;
  breakglass.roles = in.Strings("roles", kName, kSome);
  in.Object("hosts", [&](ObjectReader& hosts) { breakglass.hosts = ReadHosts(hosts); });
  breakglass.max_duration = in.Duration("max_duration_s", core::Seconds{1}, kMaxBreakglass);
  in.Objects("approve", {1, 16},
             [&](ObjectReader& rule) { breakglass.approve.push_back(ReadApproval(rule)); });
  return breakglass;
}

}  // namespace daypass::wire
