// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/asking.h"

#include <fmt/format.h>

#include "cli/agent_client.h"
#include "cli/host_status.h"
#include "cli/waiting.h"
#include "cli/when.h"
#include "core/duration.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "wire/digest.h"
#include "wire/json_reader.h"
#include "wire/statement.h"

namespace daypass::cli {
namespace {

/// What has been asked, however it was.
struct Asked {
  core::Digest id;
  core::Instant start_by;
};

void Tell(Context& context, const Asking& asking, const Asked& asked, const std::string& where) {
  const core::Instant now = platform::WallTime();
  const std::string id = core::ShortId(asked.id);
  context.out.Text(fmt::format("{}  asked for {} on {}, {}\n", context.out.style().Bold(id),
                               core::ForTerminal(asking.ask.role), core::ForTerminal(where),
                               core::FormatDuration(asking.ask.duration)));
  context.out.Text(fmt::format("Must start by {}. An approver types: daypass approve {}\n",
                               TimeAndDistance(asked.start_by, now), id));
  if (asking.wait) return;
  wire::ObjectBuilder json;
  json.String("id", asked.id).String("short", id).String("state", "pending");
  json.Instant("start_by_ms", asked.start_by);
  context.out.Json(json);
}

core::Result<Exit> TellOutcome(Context& context, const Asked& asked,
                               core::Result<Outcome> outcome) {
  if (!outcome) return std::move(outcome).error();
  const std::string id = core::ShortId(asked.id);
  wire::ObjectBuilder json;
  json.String("id", asked.id).String("short", id).String("state", outcome->state);
  json.OptString("text", outcome->text).Instant("start_by_ms", asked.start_by);
  if (outcome->until) json.Instant("until_ms", *outcome->until);
  context.out.Json(json);

  const Style& style = context.out.style();
  if (outcome->state == "interrupted") {
    context.out.Note(fmt::format("{} is kept. See: daypass show {}", id, id));
    return Exit::kInterrupted;
  }
  if (outcome->state == "pending") {
    context.out.Text(fmt::format("{}  is not decided yet\n", id));
    return Exit::kPending;
  }
  if (outcome->state == "approved" || outcome->state == "active") {
    const std::string how = outcome->until
                                ? "ends " + TimeAndDistance(*outcome->until, platform::WallTime())
                            : outcome->text.empty() ? "the hosts take it within seconds"
                                                    : outcome->text;
    context.out.Text(fmt::format("{}  {}, {}\n", id, style.Good("approved"), how));
    return Exit::kDone;
  }
  const std::string text = outcome->text.empty() ? "" : ": " + outcome->text;
  context.out.Text(
      fmt::format("{}  {}{}\n", id, style.Bad(core::ForTerminal(outcome->state)), text));
  return Exit::kRefused;
}

/// Whoever holds the role already may rather want more time on it.
void OfferToExtend(Context& context, AgentClient& agent, const Ask& ask) {
  const core::Result<HostStatus> status = FetchHostStatus(agent);
  if (!status || !ask.extends.empty()) return;
  for (const HeldGrant& held : status->grants) {
    if (held.role != ask.role || held.state != "active" || !held.until) continue;
    context.out.Note(
        fmt::format("you hold {} of this role, which ends {}; for more time on it: "
                    "daypass extend {} --for {}",
                    held.id, TimeAndDistance(*held.until, platform::WallTime()), held.id,
                    core::FormatDuration(ask.duration)));
  }
}

}  // namespace

core::Result<Exit> AskThisHost(Context& context, const Asking& asking) {
  const Ask& ask = asking.ask;
  if (!HasAgent(context.paths.user_socket)) {
    return core::Error{core::Reason::kAgentSilent,
                       "this is no Daypass host, or its agent does not run\n"
                       "Name the host that you want to work on: --host HOST.",
                       context.paths.user_socket};
  }
  core::Result<AgentClient> agent = AgentClient::Connect(context.paths.user_socket);
  if (!agent) return std::move(agent).error();
  OfferToExtend(context, *agent, ask);
  wire::ObjectBuilder parameters;
  parameters.String("role", ask.role).Duration("duration_s", ask.duration);
  parameters.String("reason", ask.reason).OptString("ticket", ask.ticket);
  if (ask.at) {
    parameters.String("start", "scheduled").Instant("at_ms", *ask.at);
  } else if (ask.start) {
    parameters.String("start", *ask.start == core::StartRule::kFirstUse ? "first_use" : "approval");
  }
  if (ask.uses) parameters.Int("uses", static_cast<int64_t>(*ask.uses));
  parameters.OptString("extends", ask.extends);
  core::Result<wire::Json> answer = agent->Ask("Request", std::move(parameters));
  if (!answer) return std::move(answer).error();
  wire::ObjectReader in(answer->get(), wire::UnknownKeys::kIgnore);
  const Asked asked{in.String("id", wire::kDigest), in.Instant("start_by_ms")};
  if (auto done = in.Finish(); !done) return std::move(done).error();
  Tell(context, asking, asked, "this host");
  if (!asking.wait) return Exit::kDone;
  return TellOutcome(context, asked, WaitAtAgent(*agent, asked.id, context.out, asking.timeout));
}

core::Result<Exit> AskTheServer(Context& context, const SignedIn& session,
                                const core::Policy& policy, const Asking& asking) {
  const Ask& ask = asking.ask;
  core::Result<core::Statement> statement = WordStatement(policy, ask, platform::WallTime());
  if (!statement) return std::move(statement).error();
  const std::string bytes = wire::EncodeStatement(*statement, wire::RandomHex(16));
  // Read back what approvers will read: what cannot be written cannot be asked for.
  if (auto read = wire::ParseStatement(bytes); !read) return std::move(read).error();
  wire::ObjectBuilder body;
  body.String("statement", bytes);
  core::Result<wire::Json> answer = session.server.Post("/v1/requests", body);
  if (!answer) return std::move(answer).error();
  const Asked asked{wire::Sha256Hex(bytes), statement->start_by};
  Tell(context, asking, asked, fmt::format("{}", fmt::join(ask.hosts, ", ")));
  if (!asking.wait) return Exit::kDone;
  return TellOutcome(context, asked,
                     WaitAtServer(session.server, asked.id, context.out, asking.timeout));
}

}  // namespace daypass::cli
