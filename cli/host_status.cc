// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/host_status.h"

#include <fmt/format.h>

#include "cli/when.h"
#include "core/duration.h"
#include "core/escape.h"
#include "wire/json_reader.h"
#include "wire/limits.h"

namespace daypass::cli {
namespace {

constexpr wire::StringRule kWord{0, 4096, nullptr, "text"};
constexpr wire::Count kMany{0, 10000};

std::string ModeInWords(const std::string& mode) {
  if (mode == "enforce") return "enforce: nothing passes without a grant";
  if (mode == "permissive") return "permissive: decides and records, stops nobody";
  return core::ForTerminal(mode);
}

std::string EndInWords(const HeldGrant& grant, core::Instant now) {
  if (grant.until) {
    return (*grant.until > now ? "ends " : "ended ") + TimeAndDistance(*grant.until, now);
  }
  if (grant.start_by)
    return "starts with its first use, by " + TimeAndDistance(*grant.start_by, now);
  return "";
}

}  // namespace

core::Result<HostStatus> ReadHostStatus(const wire::Json& answer, const wire::Json& roles) {
  wire::ObjectReader in(answer.get(), wire::UnknownKeys::kIgnore);
  HostStatus status;
  status.host = in.String("host", kWord);
  status.mode = in.String("mode", kWord);
  status.clock = in.String("clock", kWord);
  status.freshness = in.String("freshness", kWord);
  status.policy_version = in.Int("policy_version", 0, wire::kMaxJsonInt);
  status.server_ok = in.OptInstant("server_ok_ms");
  in.Objects("grants", kMany, [&](wire::ObjectReader& item) {
    HeldGrant grant;
    grant.id = item.String("short", kWord);
    grant.digest = item.OptString("id", kWord).value_or("");
    grant.role = item.String("role", kWord);
    grant.state = item.String("state", kWord);
    grant.reason = item.OptString("reason", kWord).value_or("");
    grant.until = item.OptInstant("until_ms");
    grant.start_by = item.OptInstant("start_by_ms");
    status.grants.push_back(std::move(grant));
  });
  in.Objects("requests", kMany, [&](wire::ObjectReader& item) {
    AskedRequest request;
    request.id = item.String("short", kWord);
    request.state = item.String("state", kWord);
    request.text = item.OptString("text", kWord).value_or("");
    request.start_by = item.OptInstant("start_by_ms");
    status.requests.push_back(std::move(request));
  });
  in.Objects("windows", kMany, [&](wire::ObjectReader&) { ++status.running; });
  if (auto done = in.Finish(); !done) return std::move(done).error();
  wire::ObjectReader offer(roles.get(), wire::UnknownKeys::kIgnore);
  offer.Objects("roles", kMany, [&](wire::ObjectReader& item) {
    status.roles.push_back({item.String("name", kWord), item.String("description", kWord),
                            item.Duration("max_duration_s", core::Seconds{0}, wire::kMaxDuration),
                            item.OptString("guarded_by", kWord).value_or("")});
  });
  if (auto done = offer.Finish(); !done) return std::move(done).error();
  return status;
}

core::Result<HostStatus> FetchHostStatus(AgentClient& agent) {
  core::Result<wire::Json> status = agent.Ask("Status", wire::ObjectBuilder());
  if (!status) return std::move(status).error();
  core::Result<wire::Json> roles = agent.Ask("Roles", wire::ObjectBuilder());
  if (!roles) return std::move(roles).error();
  return ReadHostStatus(*status, *roles);
}

std::string RenderHostStatus(const HostStatus& status, core::Instant now, const Style& style) {
  Fields fields;
  fields.Add("host", core::ForTerminal(status.host));
  fields.Add("mode", ModeInWords(status.mode));
  fields.Add("clock", core::ForTerminal(status.clock));
  fields.Add("server", core::ForTerminal(status.freshness) +
                           (status.server_ok ? ", heard " + TimeAndDistance(*status.server_ok, now)
                                             : ", never heard"));
  fields.Add("policy", status.policy_version == 0
                           ? "none held yet"
                           : fmt::format("version {}", status.policy_version));
  std::string text = fields.Text(style) + "\n";
  Table grants({"YOU HOLD", "ROLE", "STATE", "WINDOW", "WHY"});
  for (const HeldGrant& grant : status.grants) {
    grants.Add({core::ForTerminal(grant.id), core::ForTerminal(grant.role),
                core::ForTerminal(grant.state), EndInWords(grant, now),
                core::ForTerminal(grant.reason)});
  }
  text += grants.empty() ? "You hold nothing here.\n" : grants.Text(style);
  if (!status.requests.empty()) {
    Table requests({"YOU ASKED", "STATE", "LATEST START", ""});
    for (const AskedRequest& request : status.requests) {
      requests.Add({core::ForTerminal(request.id), core::ForTerminal(request.state),
                    request.start_by ? TimeAndDistance(*request.start_by, now) : "",
                    core::ForTerminal(request.text)});
    }
    text += "\n" + requests.Text(style);
  }
  if (!status.roles.empty()) {
    Table roles({"YOU MAY ASK FOR", "AT MOST", "", "GUARDED BY"});
    for (const OfferedRole& role : status.roles) {
      roles.Add({core::ForTerminal(role.name), core::FormatDuration(role.max_duration),
                 core::ForTerminal(role.description), core::ForTerminal(role.guarded_by)});
    }
    text += "\n" + roles.Text(style);
  }
  if (status.running > 0) text += fmt::format("\n{} of your commands run.\n", status.running);
  return text;
}

}  // namespace daypass::cli
