// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// policy.toml, and the assembly of the whole document.
#include "policy/builder.h"

#include "policy/pass.h"
#include "wire/digest.h"
#include "wire/document.h"
#include "wire/limits.h"
#include "wire/policy.h"

namespace daypass::policy {
namespace {

constexpr int64_t kDefaultExpiryDays = 30;
constexpr int64_t kMaxExpiryDays = 366;

/// Realms are drawn, not thought up: the error for a missing one offers one to paste.
std::string ReadRealm(TomlTable& head) {
  if (head.Has("realm")) return head.Text("realm", wire::kHex128).value;
  head.Fail(head.place(),
            "realm is missing. It names this installation for good; if this is a new "
            "one, paste this fresh random line:\n  realm = \"" +
                wire::RandomHex(16) + "\"");
  return "";
}

void ReadVersion(TomlTable& head, const BuildOptions& options, wire::ObjectBuilder& json) {
  const std::optional<int64_t> written = head.OptionalInteger("version", 1, wire::kMaxJsonInt);
  const int64_t version =
      options.version ? static_cast<int64_t>(*options.version) : written.value_or(0);
  if (version == 0) {
    head.Fail(head.place(), "version is missing: write version = 1, or give --version");
  }
  json.Int("version", version);

  const std::optional<PlacedText> named =
      head.OptionalText("previous", wire::OrEmpty(wire::kDigest));
  const std::string previous = options.previous ? *options.previous : named ? named->value : "";
  if (version > 1 && previous.empty()) {
    head.Fail(head.place(), "previous is missing: version " + std::to_string(version) +
                                " follows another one. Write its digest, or give --previous "
                                "(`daypass policy digest FILE` prints it)");
  }
  if (version == 1 && !previous.empty()) {
    head.Fail(head.PlaceOf("previous"), "version 1 is the first: it has no previous digest");
  }
  json.String("previous", previous);
}

void ReadLifetime(TomlTable& head, const BuildOptions& options, wire::ObjectBuilder& json) {
  const std::optional<core::Instant> written = head.OptionalInstant("created");
  const core::Instant created = options.created ? *options.created : written.value_or(options.now);
  const int64_t days =
      head.OptionalInteger("expires_days", 1, kMaxExpiryDays).value_or(kDefaultExpiryDays);
  json.Instant("created_ms", created);
  json.Instant("expires_ms", created + std::chrono::hours{24} * days);
}

wire::ObjectBuilder ReadAdministrators(TomlTable table, Pass& pass) {
  wire::ObjectBuilder json;
  json.Int("threshold", table.Integer("threshold", 1, wire::kMaxApprovers));
  json.Strings("people", Use(table.Texts("people", wire::kName), pass.used_people));
  table.Finish();
  return json;
}

wire::ObjectBuilder ReadServer(TomlTable table) {
  wire::ObjectBuilder json;
  json.Strings("status_keys", KeyLines(table, "status_keys"));
  json.Strings("automatic_keys", KeyLines(table, "automatic_keys"));
  table.Finish();
  return json;
}

wire::ObjectBuilder ReadLimits(TomlTable table, core::Limits& limits) {
  limits.max_duration = table.Duration("max_duration", wire::kMaxDuration);
  limits.max_pending = table.Duration("max_pending", wire::kMaxPending);
  limits.max_offline = table.Duration("max_offline", wire::kMaxOffline);
  table.Finish();
  wire::ObjectBuilder json;
  json.Duration("max_duration_s", limits.max_duration);
  json.Duration("max_pending_s", limits.max_pending);
  json.Duration("max_offline_s", limits.max_offline);
  return json;
}

wire::ObjectBuilder ReadHead(const TomlFile& file, const BuildOptions& options, Pass& pass) {
  TomlTable head(file, pass.fault);
  wire::ObjectBuilder json = wire::MakeHead(ReadRealm(head), "policy");
  ReadVersion(head, options, json);
  ReadLifetime(head, options, json);
  json.Object("administrators", ReadAdministrators(head.Table("administrators"), pass));
  json.Object("server", ReadServer(head.Table("server")));
  json.Object("limits", ReadLimits(head.Table("limits"), pass.limits));
  if (head.OptionalFlag("server_is_root")) json.Bool("server_is_root", true);
  head.Finish();
  return json;
}

/// Parses each file and hands it to `read`.
using ReadFileInto = void (*)(const TomlFile&, Pass&, Named&);
core::Result<Named> ReadAll(const std::vector<SourceFile>& files, Pass& pass, ReadFileInto read) {
  Named named;
  for (const SourceFile& source : files) {
    core::Result<TomlFile> file = TomlFile::Parse(source.text, source.name);
    if (!file) return std::move(file).error();
    read(*file, pass, named);
  }
  return named;
}

wire::ArrayBuilder ToArray(const Named& named) {
  wire::ArrayBuilder array;
  for (const auto& [name, json] : named) array.Object(json);
  return array;
}

/// Every person and group that is used must be defined somewhere in the tree.
void CheckReferences(Pass& pass) {
  for (const PlacedText& used : pass.used_people) {
    if (pass.people.contains(used.value)) continue;
    pass.fault.Set(used.place, "there is no person \"" + wire::Printable(used.value) +
                                   "\"; people are written in people/*.toml");
  }
  for (const PlacedText& used : pass.used_groups) {
    if (pass.groups.contains(used.value)) continue;
    pass.fault.Set(used.place, "nobody is in a group \"" + wire::Printable(used.value) +
                                   "\"; groups are written with each person in people/*.toml");
  }
}

}  // namespace

core::Result<Built> BuildPolicy(const Tree& tree, const BuildOptions& options) {
  core::Result<TomlFile> head = TomlFile::Parse(tree.head.text, tree.head.name);
  if (!head) return std::move(head).error();
  Pass pass;
  wire::ObjectBuilder json = ReadHead(*head, options, pass);
  const core::Result<Named> people = ReadAll(tree.people, pass, ReadPeople);
  if (!people) return people.error();
  const core::Result<Named> roles = ReadAll(tree.roles, pass, ReadRoles);
  if (!roles) return roles.error();
  CheckReferences(pass);
  if (pass.fault) return pass.fault.error();

  json.Array("people", ToArray(*people));
  json.Array("roles", ToArray(*roles));
  std::string payload = json.Dump();
  core::Result<core::Policy> policy = wire::ParsePolicy(payload);
  if (!policy) {
    core::Error error = std::move(policy).error();
    error.what =
        tree.head.name + ": the tree makes a policy that no host would take: " + error.what;
    return error;
  }
  return Built{std::move(payload), *std::move(policy)};
}

}  // namespace daypass::policy
