// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass status: on a host, whether it guards, knows the time and hears the server, and what the
// reader holds there until when; elsewhere, who one is and which policy one holds.
#include <fmt/format.h>

#include "cli/agent_client.h"
#include "cli/config.h"
#include "cli/escape.h"
#include "cli/policy_store.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "platform/clock.h"
#include "wire/json_reader.h"

namespace daypass::cli {
namespace {

constexpr wire::StringRule kWord{0, 4096, nullptr, "text"};
constexpr wire::Count kMany{0, 10000};

struct HeldGrant {
  std::string id, role, state, reason;
  std::optional<core::Instant> until, start_by;
};
struct AskedRequest {
  std::string id, state, text;
  std::optional<core::Instant> start_by;
};

/// What the agent says of this host.
struct HostStatus {
  std::string host, user, mode, clock, freshness;
  int64_t policy_version = 0;
  std::optional<core::Instant> server_ok;
  std::vector<HeldGrant> grants;
  std::vector<AskedRequest> requests;
  size_t running = 0;
};

core::Result<HostStatus> ReadHostStatus(const wire::Json& parameters) {
  wire::ObjectReader in(parameters.get(), wire::UnknownKeys::kIgnore);
  HostStatus status;
  status.host = in.String("host", kWord);
  status.user = in.OptString("user", kWord).value_or("");
  status.mode = in.String("mode", kWord);
  status.clock = in.String("clock", kWord);
  status.freshness = in.String("freshness", kWord);
  status.policy_version = in.Int("policy_version", 0, wire::kMaxJsonInt);
  status.server_ok = in.OptInstant("server_ok_ms");
  in.Objects("grants", kMany, [&](wire::ObjectReader& item) {
    HeldGrant grant;
    grant.id = item.String("short", kWord);
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
  return status;
}

std::string ModeInWords(const std::string& mode) {
  if (mode == "enforce") return "enforce: nothing passes without a grant";
  if (mode == "permissive") return "permissive: decides and records, stops nobody";
  return ForTerminal(mode);
}

std::string EndInWords(const HeldGrant& grant, core::Instant now) {
  if (grant.until) {
    return (*grant.until > now ? "ends " : "ended ") + TimeAndDistance(*grant.until, now);
  }
  if (grant.start_by)
    return "starts with its first use, by " + TimeAndDistance(*grant.start_by, now);
  return "";
}

std::string RenderHost(const HostStatus& status, core::Instant now, const Style& style) {
  Fields fields;
  fields.Add("host", ForTerminal(status.host));
  fields.Add("mode", ModeInWords(status.mode));
  fields.Add("clock", ForTerminal(status.clock));
  fields.Add("server", ForTerminal(status.freshness) +
                           (status.server_ok ? ", heard " + TimeAndDistance(*status.server_ok, now)
                                             : ", never heard"));
  fields.Add("policy", status.policy_version == 0
                           ? "none held yet"
                           : fmt::format("version {}", status.policy_version));
  std::string text = fields.Text(style) + "\n";
  Table grants({"YOU HOLD", "ROLE", "STATE", "WINDOW", "WHY"});
  for (const HeldGrant& grant : status.grants) {
    grants.Add({ForTerminal(grant.id), ForTerminal(grant.role), ForTerminal(grant.state),
                EndInWords(grant, now), ForTerminal(grant.reason)});
  }
  text += grants.empty() ? "You hold nothing here.\n" : grants.Text(style);
  if (!status.requests.empty()) {
    Table requests({"YOU ASKED", "STATE", "LATEST START", ""});
    for (const AskedRequest& request : status.requests) {
      requests.Add({ForTerminal(request.id), ForTerminal(request.state),
                    request.start_by ? TimeAndDistance(*request.start_by, now) : "",
                    ForTerminal(request.text)});
    }
    text += "\n" + requests.Text(style);
  }
  if (status.running > 0) text += fmt::format("\n{} of your commands run.\n", status.running);
  return text;
}

class Status : public Verb {
 public:
  void Declare(Options&) override {}

  core::Result<Exit> Run(Context& context) override {
    if (HasAgent(context.paths.user_socket)) return ShowHost(context);
    return ShowPerson(context);
  }

 private:
  static core::Result<Exit> ShowHost(Context& context) {
    core::Result<AgentClient> agent = AgentClient::Connect(context.paths.user_socket);
    if (!agent) return std::move(agent).error();
    core::Result<wire::Json> answer = agent->Ask("Status", wire::ObjectBuilder());
    if (!answer) return std::move(answer).error();
    core::Result<HostStatus> status = ReadHostStatus(*answer);
    if (!status) return std::move(status).error();
    context.out.Text(RenderHost(*status, platform::WallTime(), context.out.style()));
    wire::ObjectBuilder json;
    json.Value("status", *std::move(answer));
    context.out.Json(json);
    return Exit::kDone;
  }

  static core::Result<Exit> ShowPerson(Context& context) {
    core::Result<Config> config = LoadConfig(context.globals);
    if (!config) return std::move(config).error();
    const core::Instant now = platform::WallTime();
    const std::optional<Session> session = LoadSession(context.globals, *config);
    const core::Result<HeldPolicy> held = LoadHeldPolicy(*config);
    Fields fields;
    fields.Add("person", ForTerminal(config->person));
    fields.Add("server", ForTerminal(config->server));
    fields.Add("signed in", session ? "ends " + TimeAndDistance(session->expires, now)
                                    : "no; type: daypass login");
    fields.Add("key", ForTerminal(config->key));
    fields.Add("policy", held ? fmt::format("version {}, ends {}", held->policy.version,
                                            TimeAndDistance(held->policy.expires, now))
                              : held.error().what);
    context.out.Text(fields.Text(context.out.style()));
    wire::ObjectBuilder json;
    json.String("person", config->person).String("server", config->server);
    json.Bool("signed_in", session.has_value());
    if (held) json.Int("policy_version", static_cast<int64_t>(held->policy.version));
    context.out.Json(json);
    return Exit::kDone;
  }
};

}  // namespace

std::unique_ptr<Verb> MakeStatus() {
  return std::make_unique<Status>();
}

}  // namespace daypass::cli
