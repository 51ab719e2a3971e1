// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/policy.h"

#include <utility>

#include "wire/digest.h"
#include "wire/document.h"
#include "wire/keys.h"
#include "wire/limits.h"
#include "wire/policy_check.h"
#include "wire/policy_powers.h"
#include "wire/policy_role.h"
#include "wire/policy_standing.h"

namespace daypass::wire {
namespace {

using core::KeyUse;
using core::Reason;

constexpr std::string_view kType = "policy";
constexpr Count kSome{1, 1000};
constexpr Count kMany{0, 100000};  // the document's own limit is met long before
constexpr StringRule kKeyLine = AtMost(kLine, 4096);
constexpr StringRule kZoneRule = AtMost(kLine, 100);

// A key without its comment, so that one key has one text.
core::PersonKey ReadKey(ObjectReader& in, const char* key, std::string_view line) {
  core::PersonKey result;
  if (!in.ok()) return result;
  core::Result<PublicKey> parsed = ParsePublicKey(line);
  if (!parsed) {
    in.Fail(parsed.error().code, key, parsed.error().what);
  } else if (parsed->line != line) {
    in.Fail(Reason::kMalformed, key, "a key is written without a comment: TYPE BASE64");
  } else {
    result.line = std::move(parsed->line);
    result.fingerprint = std::move(parsed->fingerprint);
  }
  return result;
}

core::PersonKey ReadPersonKey(ObjectReader& in) {
  const std::string line = in.String("key", kKeyLine);
  core::PersonKey key = ReadKey(in, "key", line);
  for (const std::string& use : in.Strings("uses", AtMost(kName, 16), {1, 3})) {
    if (use == "approve") {
      key.approve = true;
    } else if (use == "administer") {
      key.administer = true;
    } else if (use == "signin") {
      key.signin = true;
    } else {
      in.Fail(Reason::kMalformed, "uses",
              "\"" + use + "\" is no use; allowed: approve administer signin");
    }
  }
  const bool touch = in.OptBool("touch");
  const bool verify = in.OptBool("verify");
  if (touch) key.required = KeyUse::kTouch;
  if (verify) key.required = KeyUse::kVerify;
  if ((touch || verify) && !line.starts_with("sk-")) {
    in.Fail(Reason::kMalformed, touch ? "touch" : "verify",
            "only a key of a FIDO2 token (sk-...) can show it");
  }
  return key;
}

core::Person ReadPerson(ObjectReader& in) {
  core::Person person;
  person.name = in.String("name", kName);
  person.accounts = in.Strings("accounts", kAccount, kMany);
  person.groups = in.Strings("groups", kName, kMany);
  in.Objects("keys", kMany, [&](ObjectReader& key) { person.keys.push_back(ReadPersonKey(key)); });
  person.valid_until = in.OptInstant("valid_until_ms");
  if (in.Has("memberships")) {
    in.Objects("memberships", kSome, [&](ObjectReader& membership) {
      core::Membership& held = person.memberships.emplace_back();
      held.group = membership.String("group", kName);
      held.until = membership.Instant("valid_until_ms");
    });
  }
  person.is_service = in.Has("kind") && in.Enum<bool>("kind", {{"service", true}});
  return person;
}

std::vector<core::PersonKey> ReadServerKeys(ObjectReader& in, const char* key, Count count) {
  std::vector<core::PersonKey> keys;
  for (const std::string& line : in.Strings(key, kKeyLine, count)) {
    keys.push_back(ReadKey(in, key, line));
  }
  return keys;
}

core::Limits ReadLimits(ObjectReader& in) {
  core::Limits limits;
  limits.max_duration = in.Duration("max_duration_s", core::Seconds{1}, kMaxDuration);
  limits.max_pending = in.Duration("max_pending_s", core::Seconds{1}, kMaxPending);
  limits.max_offline = in.Duration("max_offline_s", core::Seconds{0}, kMaxOffline);
  if (in.Has("hosts")) {
    in.Objects("hosts", kSome, [&](ObjectReader& limit) {
      core::HostLimit& held = limits.hosts.emplace_back();
      limit.Object("hosts", [&](ObjectReader& hosts) { held.hosts = ReadHosts(hosts); });
      held.max_duration = limit.Duration("max_duration_s", core::Seconds{1}, kMaxDuration);
    });
  }
  return limits;
}

core::Zones ReadZones(ObjectReader& in) {
  core::Zones zones;
  if (!in.Has("zones")) return zones;
  for (const auto& [name, rule] : in.StringMap("zones", kZoneName, kZoneRule, {1, 1000})) {
    core::Result<core::Zone> zone = core::ParseZone(rule);
    if (!zone) {
      in.Fail(Reason::kMalformed, "zones", name + ": " + zone.error().what);
      break;
    }
    zones.emplace(name, *std::move(zone));
  }
  return zones;
}

core::Policy ReadPolicy(ObjectReader& in) {
  core::Policy policy;
  policy.realm = ReadHead(in, kType);
  policy.version = static_cast<uint64_t>(in.Int("version", 1, kMaxJsonInt));
  policy.previous = in.String("previous", OrEmpty(kDigest));
  policy.created = in.Instant("created_ms");
  policy.expires = in.Instant("expires_ms");
  in.Object("administrators", [&](ObjectReader& administrators) {
    policy.administrators.threshold =
        static_cast<uint32_t>(administrators.Int("threshold", 1, kMaxApprovers));
    policy.administrators.people = administrators.Strings("people", kName, {1, 1000});
  });
  in.Object("server", [&](ObjectReader& server) {
    policy.status_keys = ReadServerKeys(server, "status_keys", {1, 16});
    policy.automatic_keys = ReadServerKeys(server, "automatic_keys", {0, 16});
  });
  in.Object("limits", [&](ObjectReader& limits) { policy.limits = ReadLimits(limits); });
  in.Objects("people", kMany,
             [&](ObjectReader& person) { policy.people.push_back(ReadPerson(person)); });
  in.Objects("roles", kMany, [&](ObjectReader& role) { policy.roles.push_back(ReadRole(role)); });
  if (in.Has("standing")) {
    in.Objects("standing", kSome,
               [&](ObjectReader& rule) { policy.standing.push_back(ReadStanding(rule)); });
  }
  if (in.Has("breakglass")) {
    in.Object("breakglass",
              [&](ObjectReader& value) { policy.breakglass = ReadBreakglass(value); });
  }
  policy.zones = ReadZones(in);
  policy.server_is_root = in.OptBool("server_is_root");
  return policy;
}

}  // namespace

core::Digest RoleDigest(const json_t* role) {
  return Sha256Hex(Dump(role));
}

core::Result<core::Policy> ParsePolicy(std::string_view payload) {
  const core::Result<Json> json =
      ParseJson(payload, {.max_bytes = kMaxPolicyBytes, .max_memory = kMaxPolicyMemory});
  if (!json) return json.error();
  ObjectReader in(json->get());
  core::Policy policy = ReadPolicy(in);
  policy.digest = Sha256Hex(payload);
  if (core::Result<void> done = in.Finish(); !done) return std::move(done).error();
  if (core::Result<void> sense = CheckPolicy(policy); !sense) return std::move(sense).error();
  policy.index = core::IndexPolicy(policy);
  return policy;
}

}  // namespace daypass::wire
