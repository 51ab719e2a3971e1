// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// policy.toml, and the assembly of the whole document.
#include "policy/builder.h"

#include "policy/pass.h"
#include "policy/places.h"
#include "policy/zones.h"
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

void ReadLifetime(TomlTable& head, const BuildOptions& options, Pass& pass,
                  wire::ObjectBuilder& json) {
  const std::optional<core::Instant> written = head.OptionalInstant("created");
  const core::Instant created = options.created ? *options.created : written.value_or(options.now);
  const int64_t days =
      head.OptionalInteger("expires_days", 1, kMaxExpiryDays).value_or(kDefaultExpiryDays);
  pass.created = created;
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
  wire::ArrayBuilder hosts;
  for (TomlTable& limit : table.OptionalTables("hosts")) {
    wire::ObjectBuilder of_hosts;
    of_hosts.Object("hosts", ReadHosts(limit.Table("hosts")));
    of_hosts.Duration("max_duration_s", limit.Duration("max_duration", limits.max_duration));
    limit.Finish();
    hosts.Object(of_hosts);
  }
  const bool has_hosts = table.Has("hosts");
  table.Finish();
  // A limit that could not be read is no reason to find every role too long as well.
  if (limits.max_duration.count() == 0) limits.max_duration = wire::kMaxDuration;
  if (limits.max_offline.count() == 0) limits.max_offline = wire::kMaxOffline;
  wire::ObjectBuilder json;
  json.Duration("max_duration_s", limits.max_duration);
  json.Duration("max_pending_s", limits.max_pending);
  json.Duration("max_offline_s", limits.max_offline);
  if (has_hosts) json.Array("hosts", hosts);
  return json;
}

wire::ObjectBuilder ReadHead(const TomlFile& file, const BuildOptions& options, Pass& pass) {
  TomlTable head(file, pass.fault);
  wire::ObjectBuilder json = wire::MakeHead(ReadRealm(head), "policy");
  ReadVersion(head, options, json);
  ReadLifetime(head, options, pass, json);
  json.Object("administrators", ReadAdministrators(head.Table("administrators"), pass));
  json.Object("server", ReadServer(head.Table("server")));
  json.Object("limits", ReadLimits(head.Table("limits"), pass.limits));
  if (head.Has("standing")) json.Array("standing", ReadStanding(head, pass));
  if (std::optional<TomlTable> breakglass = head.OptionalTable("breakglass")) {
    json.Object("breakglass", ReadBreakglass(*std::move(breakglass), pass));
  }
  if (head.OptionalFlag("server_is_root")) json.Bool("server_is_root", true);
  head.Finish();
  return json;
}

/// Every file of the tree, read as TOML.
struct Files {
  std::vector<TomlFile> head, people, roles;
};

std::vector<TomlFile> ParseAll(const std::vector<SourceFile>& sources, Fault& fault) {
  std::vector<TomlFile> files;
  for (const SourceFile& source : sources) {
    std::optional<TomlFile> file = TomlFile::Parse(source.text, source.name, fault);
    if (file) files.push_back(*std::move(file));
  }
  return files;
}

/// Hands each file to `read`.
using ReadFileInto = void (*)(const TomlFile&, Pass&, Named&);
Named ReadAll(const std::vector<TomlFile>& files, Pass& pass, ReadFileInto read) {
  Named named;
  for (const TomlFile& file : files) read(file, pass, named);
  return named;
}

wire::ArrayBuilder ToArray(const Named& named) {
  wire::ArrayBuilder array;
  for (const auto& [name, json] : named) array.Object(json);
  return array;
}

/// Every person, group and role that is used must be defined somewhere in the tree.
void CheckReferences(Pass& pass) {
  for (const PlacedText& used : pass.used_people) {
    if (pass.people.contains(used.value)) continue;
    pass.fault.Set(used.place, "there is no person \"" + wire::Printable(used.value) +
                                   "\"; people are written in people/*.toml");
  }
  for (const PlacedText& used : pass.used_roles) {
    if (pass.roles.contains(used.value)) continue;
    pass.fault.Set(used.place, "there is no role \"" + wire::Printable(used.value) +
                                   "\"; roles are written in roles/*.toml");
  }
  for (const PlacedText& used : pass.used_groups) {
    if (pass.groups.contains(used.value)) continue;
    pass.fault.Set(used.place, "nobody is in a group \"" + wire::Printable(used.value) +
                                   "\"; groups are written with each person in people/*.toml");
  }
}

/// The rule of every zone that a window names.
void AddZones(const BuildOptions& options, Pass& pass, wire::ObjectBuilder& json) {
  std::map<std::string, std::string> rules;
  for (const PlacedText& used : pass.used_zones) {
    if (pass.fault || rules.contains(used.value)) continue;
    core::Result<std::string> rule = ReadZoneRule(options.zoneinfo, used.value, pass.created);
    if (!rule) {
      pass.fault.Set(used.place, "zone: " + rule.error().what);
    } else {
      rules.emplace(used.value, *std::move(rule));
    }
  }
  if (!rules.empty()) json.StringMap("zones", rules);
}

}  // namespace

std::optional<Built> BuildPolicy(const Tree& tree, const BuildOptions& options, Fault& fault) {
  const Files files{ParseAll({tree.head}, fault), ParseAll(tree.people, fault),
                    ParseAll(tree.roles, fault)};
  // What a file without grammar defines is unknown, so nobody can say what the others lack.
  if (fault) return std::nullopt;
  Pass pass;
  wire::ObjectBuilder json = ReadHead(files.head.front(), options, pass);
  json.Array("people", ToArray(ReadAll(files.people, pass, ReadPeople)));
  json.Array("roles", ToArray(ReadAll(files.roles, pass, ReadRoles)));
  CheckReferences(pass);
  AddZones(options, pass, json);
  fault = pass.fault;

  std::string payload = json.Dump();
  core::Result<core::Policy> policy = wire::ParsePolicy(payload);
  if (policy) return Built{std::move(payload), *std::move(policy)};
  if (!fault) {
    fault.Set(PlaceOfPointer(FindPlaces(tree), policy.error().field),
              "the tree makes a policy that no host would take: " + policy.error().what,
              policy.error().code);
  }
  return std::nullopt;
}

core::Result<Built> BuildPolicy(const Tree& tree, const BuildOptions& options) {
  Fault fault;
  std::optional<Built> built = BuildPolicy(tree, options, fault);
  if (fault) return fault.error();
  return *std::move(built);
}

}  // namespace daypass::policy
