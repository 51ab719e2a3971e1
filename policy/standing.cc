// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// [[standing]] and [breakglass] of policy.toml.
#include "policy/pass.h"
#include "wire/limits.h"

namespace daypass::policy {
namespace {

wire::ObjectBuilder ReadOne(TomlTable standing, Pass& pass) {
  const std::string name = ReadName(standing, "standing rule", pass.roles);
  wire::ObjectBuilder json;
  json.String("name", name);
  json.Strings("accounts", Values(standing.Texts("accounts", wire::kAccount)));
  if (standing.OptionalFlag("personal")) json.Bool("personal", true);
  ReadPlaces(standing, pass, json);
  ReadRules(standing, json);
  if (const auto until = standing.OptionalInstant("valid_until")) {
    json.Instant("valid_until_ms", *until);
  }
  standing.Finish();
  return json;
}

}  // namespace

wire::ArrayBuilder ReadStanding(TomlTable& head, Pass& pass) {
  wire::ArrayBuilder array;
  for (TomlTable& standing : head.OptionalTables("standing")) {
    array.Object(ReadOne(std::move(standing), pass));
  }
  return array;
}

wire::ObjectBuilder ReadBreakglass(TomlTable breakglass, Pass& pass) {
  wire::ObjectBuilder json;
  json.Strings("roles", Use(breakglass.Texts("roles", wire::kName), pass.used_roles));
  json.Object("hosts", ReadHosts(breakglass.Table("hosts")));
  json.Duration("max_duration_s", breakglass.Duration("max_duration", wire::kMaxBreakglass));
  wire::ArrayBuilder approve;
  for (TomlTable& approval : breakglass.OptionalTables("approve")) {
    approve.Object(ReadApprove(std::move(approval), "touch", pass));
  }
  json.Array("approve", approve);
  breakglass.Finish();
  return json;
}

}  // namespace daypass::policy
