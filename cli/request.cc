// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass request: ask for a role. On a Daypass host, for this host, through its agent, which knows
// who asks; from elsewhere with --host, through the server, as the person that is signed in.
#include <fmt/format.h>

#include "cli/agent_client.h"
#include "cli/ask.h"
#include "cli/policy_store.h"
#include "cli/remote.h"
#include "cli/select.h"
#include "cli/signed_in.h"
#include "cli/verb.h"
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

class Request : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(ask_.role, "--role", "ROLE", "role to ask for", Need::kRequired);
    options.List(ask_.hosts, "--host", "HOST[,HOST]",
                 "hosts to ask for; without it, this host, through its agent");
    options.List(select_, "--select", "LABEL=VALUE[,...]",
                 "every enrolled host that has all these labels, instead of --host");
    options.Duration(duration_, "--for", "how long: 90s, 20m, 2h", Need::kRequired);
    options.Text(ask_.reason, "--reason", "TEXT", "why, for approvers and the record",
                 Need::kRequired);
    options.Text(ask_.ticket, "--ticket", "ID", "ticket that it belongs to");
    options.Text(start_, "--start", "RULE",
                 "approval: starts when approved; first-use: with the first use");
    options.Text(at_, "--at", "TIME", "starts then: 2026-11-24T02:00:00Z, \"tomorrow 02:00\"");
    options.Number(ask_.uses, "--uses", "N", "good for so many uses");
    options.Text(ask_.subject, "--subject", "ACCOUNT",
                 "account that will use it, if not your only one (with --host)");
    options.Flag(wait_, "--wait", "wait until it is decided");
    options.Duration(timeout_, "--timeout", "with --wait: give up after, exit 75");
  }

  core::Result<Exit> Run(Context& context) override {
    ask_.duration = *duration_;
    if (auto read = ReadStart(); !read) return std::move(read).error();
    if (ask_.hosts.empty() && select_.empty()) return AskAgent(context);
    return AskServer(context);
  }

 private:
  core::Result<void> ReadStart();
  core::Result<Exit> AskAgent(Context& context);
  core::Result<Exit> AskServer(Context& context);
  void Tell(Context& context, const Asked& asked, const std::string& where) const;
  core::Result<Exit> TellOutcome(Context& context, const Asked& asked,
                                 core::Result<Outcome> outcome) const;

  Ask ask_;
  std::vector<std::string> select_;
  std::optional<core::Seconds> duration_, timeout_;
  std::string start_, at_;
  bool wait_ = false;
};

core::Result<void> Request::ReadStart() {
  if (!start_.empty()) {
    core::Result<core::StartRule> rule = ReadStartRule(start_);
    if (!rule) return std::move(rule).error();
    ask_.start = *rule;
  }
  if (at_.empty()) return {};
  core::Result<core::Instant> at = ParseWhen(at_, platform::WallTime());
  if (!at) return std::move(at).error();
  ask_.at = *at;
  return {};
}

core::Result<Exit> Request::AskAgent(Context& context) {
  if (!HasAgent(context.paths.user_socket)) {
    return core::Error{core::Reason::kAgentSilent,
                       "this is no Daypass host, or its agent does not run\n"
                       "Name the host that you want to work on: --host HOST.",
                       context.paths.user_socket};
  }
  core::Result<AgentClient> agent = AgentClient::Connect(context.paths.user_socket);
  if (!agent) return std::move(agent).error();
  wire::ObjectBuilder parameters;
  parameters.String("role", ask_.role).Duration("duration_s", ask_.duration);
  parameters.String("reason", ask_.reason).OptString("ticket", ask_.ticket);
  if (ask_.at) {
    parameters.String("start", "scheduled").Instant("at_ms", *ask_.at);
  } else if (ask_.start) {
    parameters.String("start",
                      *ask_.start == core::StartRule::kFirstUse ? "first_use" : "approval");
  }
  if (ask_.uses) parameters.Int("uses", static_cast<int64_t>(*ask_.uses));
  core::Result<wire::Json> answer = agent->Ask("Request", std::move(parameters));
  if (!answer) return std::move(answer).error();
  wire::ObjectReader in(answer->get(), wire::UnknownKeys::kIgnore);
  const Asked asked{in.String("id", wire::kDigest), in.Instant("start_by_ms")};
  if (auto done = in.Finish(); !done) return std::move(done).error();
  Tell(context, asked, "this host");
  if (!wait_) return Exit::kDone;
  return TellOutcome(context, asked, WaitAtAgent(*agent, asked.id, context.out, timeout_));
}

core::Result<Exit> Request::AskServer(Context& context) {
  core::Result<SignedIn> session = OpenSession(context);
  if (!session) return std::move(session).error();
  core::Result<core::Policy> policy = RefreshPolicy(session->config, session->server);
  if (!policy) return std::move(policy).error();
  if (!select_.empty()) {
    core::Result<std::vector<std::string>> hosts = SelectHosts(session->server, select_);
    if (!hosts) return std::move(hosts).error();
    ask_.hosts.insert(ask_.hosts.end(), hosts->begin(), hosts->end());
  }
  ask_.requester = session->config.person;
  core::Result<core::Statement> statement = WordStatement(*policy, ask_, platform::WallTime());
  if (!statement) return std::move(statement).error();
  const std::string bytes = wire::EncodeStatement(*statement, wire::RandomHex(16));
  // Read back what approvers will read: what cannot be written cannot be asked for.
  if (auto read = wire::ParseStatement(bytes); !read) return std::move(read).error();
  wire::ObjectBuilder body;
  body.String("statement", bytes);
  core::Result<wire::Json> answer = session->server.Post("/v1/requests", body);
  if (!answer) return std::move(answer).error();
  const Asked asked{wire::Sha256Hex(bytes), statement->start_by};
  Tell(context, asked, fmt::format("{}", fmt::join(ask_.hosts, ", ")));
  if (!wait_) return Exit::kDone;
  return TellOutcome(context, asked,
                     WaitAtServer(session->server, asked.id, context.out, timeout_));
}

void Request::Tell(Context& context, const Asked& asked, const std::string& where) const {
  const core::Instant now = platform::WallTime();
  const std::string id = core::ShortId(asked.id);
  context.out.Text(fmt::format("{}  asked for {} on {}, {}\n", context.out.style().Bold(id),
                               core::ForTerminal(ask_.role), core::ForTerminal(where),
                               core::FormatDuration(ask_.duration)));
  context.out.Text(fmt::format("Must start by {}. An approver types: daypass approve {}\n",
                               TimeAndDistance(asked.start_by, now), id));
  if (wait_) return;
  wire::ObjectBuilder json;
  json.String("id", asked.id).String("short", id).String("state", "pending");
  json.Instant("start_by_ms", asked.start_by);
  context.out.Json(json);
}

core::Result<Exit> Request::TellOutcome(Context& context, const Asked& asked,
                                        core::Result<Outcome> outcome) const {
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

}  // namespace

std::unique_ptr<Verb> MakeRequest() {
  return std::make_unique<Request>();
}

}  // namespace daypass::cli
