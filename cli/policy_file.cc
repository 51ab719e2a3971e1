// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/policy_file.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/input_file.h"
#include "cli/statement_view.h"
#include "cli/when.h"
#include "core/duration.h"
#include "core/escape.h"
#include "platform/file.h"
#include "policy/builder.h"
#include "policy/describe.h"
#include "wire/limits.h"
#include "wire/policy.h"

namespace daypass::cli {
namespace {

constexpr size_t kMaxFileBytes = wire::kMaxPolicyBytes + 17 * wire::kMaxSignatureBytes;

core::Error In(const std::string& path, core::Error error) {
  error.what = path + ": " + error.what;
  error.field = path;
  return error;
}

std::string DescribePerson(const core::Person& person, core::Instant now) {
  std::string text = person.is_service ? "a service; " : "";
  text += "accounts " + (person.accounts.empty() ? "none" : policy::Join(person.accounts));
  if (!person.groups.empty()) text += "; groups " + policy::Join(person.groups);
  for (const core::Membership& held : person.memberships) {
    text += fmt::format("\n{} until {}", core::ForTerminal(held.group),
                        TimeAndDistance(held.until, now));
  }
  for (const core::PersonKey& key : person.keys) {
    std::vector<std::string> uses;
    if (key.signin) uses.emplace_back("signin");
    if (key.approve) uses.emplace_back("approve");
    if (key.administer) uses.emplace_back("administer");
    text += fmt::format("\n{} ({}{})", key.fingerprint, policy::Join(uses),
                        key.required == core::KeyUse::kAny ? "" : ", touch");
  }
  return text;
}

std::string RenderHead(const PolicyDocument& document, core::Instant now, const Style& style) {
  const core::Policy& policy = document.policy;
  Fields fields;
  fields.Add("realm", policy.realm);
  fields.Add("version", fmt::format("{}", policy.version));
  fields.Add("digest", policy.digest);
  fields.Add("previous", policy.previous);
  fields.Add("created", TimeAndDistance(policy.created, now));
  fields.Add(policy.expires <= now ? "EXPIRED" : "ends", TimeAndDistance(policy.expires, now));
  fields.Add("administrators", fmt::format("{} of {}", policy.administrators.threshold,
                                           policy::Join(policy.administrators.people)));
  fields.Add("signed", DescribeSignatures(document));
  fields.Add("limits", fmt::format("a grant {}, waiting {}, without the server {}",
                                   core::FormatDuration(policy.limits.max_duration),
                                   core::FormatDuration(policy.limits.max_pending),
                                   core::FormatDuration(policy.limits.max_offline)));
  for (const core::HostLimit& limit : policy.limits.hosts) {
    fields.Add("host limit",
               fmt::format("a grant {} on {}", core::FormatDuration(limit.max_duration),
                           policy::DescribeHosts(limit.hosts)));
  }
  for (const core::PersonKey& key : policy.status_keys) fields.Add("status key", key.fingerprint);
  for (const core::PersonKey& key : policy.automatic_keys) {
    fields.Add("automatic key", key.fingerprint);
  }
  if (policy.server_is_root) fields.Add("server is root", "true");
  return fields.Text(style);
}

std::string RenderStanding(const core::Standing& standing, core::Instant now, const Style& style) {
  Fields fields("  ");
  fields.Add("accounts",
             policy::Join(standing.accounts) + (standing.personal ? " (persons, too)" : ""));
  fields.Add("hosts", policy::DescribeHosts(standing.hosts));
  AddPowers(standing, fields);
  if (standing.valid_until) fields.Add("ends", TimeAndDistance(*standing.valid_until, now));
  return fmt::format("\n{}\n", style.Bold("Standing rule " + core::ForTerminal(standing.name))) +
         fields.Text(style);
}

std::string RenderBreakglass(const core::Breakglass& breakglass, const Style& style) {
  Fields fields("  ");
  fields.Add("roles", policy::Join(breakglass.roles));
  fields.Add("hosts", policy::DescribeHosts(breakglass.hosts));
  fields.Add("at most", core::FormatDuration(breakglass.max_duration));
  fields.Add("approved by", policy::DescribeApprovers(breakglass.approve));
  return fmt::format("\n{}\n", style.Bold("Break-glass")) + fields.Text(style);
}

}  // namespace

core::Result<PolicyDocument> ReadPolicyFile(const std::string& path) {
  core::Result<std::string> bytes = ReadInputFile(path, kMaxFileBytes);
  if (!bytes) return std::move(bytes).error();
  return OpenPolicyDocument(*bytes, path);
}

core::Result<PolicyDocument> OpenPolicyDocument(std::string_view bytes, const std::string& name) {
  core::Result<wire::Envelope> envelope =
      wire::ParseEnvelope(bytes, "policy", wire::kMaxPolicyBytes, /*min_signatures=*/0);
  if (!envelope) return In(name, std::move(envelope).error());
  PolicyDocument document{*std::move(envelope), {}, {}};
  if (!document.envelope.signatures.empty()) {
    core::Result<std::vector<wire::VerifiedSignature>> good = wire::VerifyAll(document.envelope);
    if (!good) return In(name, std::move(good).error());
    document.signatures = *std::move(good);
  }
  core::Result<core::Policy> policy = wire::ParsePolicy(document.envelope.payload);
  if (!policy) return In(name, std::move(policy).error());
  document.policy = *std::move(policy);
  return document;
}

core::Result<core::Policy> ReadPolicyOrTree(const std::string& path, core::Instant created) {
  if (!platform::FileExists(path + "/policy.toml")) {
    core::Result<PolicyDocument> document = ReadPolicyFile(path);
    if (!document) return std::move(document).error();
    return std::move(document->policy);
  }
  core::Result<policy::Tree> tree = policy::LoadTree(path);
  if (!tree) return std::move(tree).error();
  // Which version it will be, and after which one, makes no difference to what it lets through.
  const policy::BuildOptions options{created, {}, 2, core::Digest(64, '0')};
  core::Result<policy::Built> built = policy::BuildPolicy(*tree, options);
  if (!built) return std::move(built).error();
  return std::move(built->policy);
}

std::vector<std::string> SignedBy(const PolicyDocument& document) {
  const std::vector<std::string>& administrators = document.policy.administrators.people;
  std::vector<std::string> names;
  for (const wire::VerifiedSignature& signature : document.signatures) {
    const core::KeyHolder holder = core::FindKeyHolder(document.policy, signature.key.fingerprint);
    if (holder.person == nullptr || !holder.key->administer) continue;
    const auto is = [&](const std::string& name) { return name == holder.person->name; };
    if (std::none_of(administrators.begin(), administrators.end(), is)) continue;
    if (std::any_of(names.begin(), names.end(), is)) continue;
    names.push_back(holder.person->name);
  }
  return names;
}

std::string DescribeSignatures(const PolicyDocument& document) {
  const std::vector<std::string> names = SignedBy(document);
  std::string text =
      fmt::format("by {} ({} of {} wanted)", names.empty() ? "nobody" : policy::Join(names),
                  names.size(), document.policy.administrators.threshold);
  // A key that signs twice, or whose person stands for another key too, is one of these as well.
  const size_t others = document.signatures.size() - names.size();
  if (others > 0) text += fmt::format("; {} more that do not count", others);
  return text;
}

std::string RenderPolicy(const PolicyDocument& document, core::Instant now, const Style& style) {
  const core::Policy& policy = document.policy;
  std::string text = RenderHead(document, now, style);
  text += "\n" + style.Bold("People") + "\n";
  Fields people("  ");
  for (const core::Person& person : policy.people) {
    people.Add(core::ForTerminal(person.name), DescribePerson(person, now));
  }
  text += people.Text(style);
  for (const core::Role& role : policy.roles) {
    text += fmt::format("\n{}: {}\n", style.Bold("Role " + core::ForTerminal(role.name)),
                        core::ForTerminal(role.description));
    Fields fields("  ");
    fields.Add("for", policy::DescribeSubjects(role.subjects));
    fields.Add("hosts", policy::DescribeHosts(role.hosts));
    fields.Add("at most", core::FormatDuration(role.max_duration));
    fields.Add("approved by", policy::DescribeApprovers(role.approve));
    if (role.automatic) fields.Add("or the server", policy::DescribeAutomatic(*role.automatic));
    if (role.server) fields.Add("server asks", policy::DescribeServerConditions(*role.server));
    text += fields.Text(style) + RenderPowers(policy, role, style);
  }
  for (const core::Standing& standing : policy.standing) {
    text += RenderStanding(standing, now, style);
  }
  if (policy.breakglass) text += RenderBreakglass(*policy.breakglass, style);
  return text;
}

}  // namespace daypass::cli
