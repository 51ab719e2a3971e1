// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass show: everything about one request or grant. On a host, without a login, the agent tells
// how it stands there.
#include <fmt/format.h>

#include "cli/agent_client.h"
#include "cli/policy_store.h"
#include "cli/signed_in.h"
#include "cli/statement_view.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "wire/json_reader.h"

namespace daypass::cli {
namespace {

constexpr wire::StringRule kWord{0, 4096, nullptr, "text"};

class Show : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(id_, "ID", "", "request or grant: short id or whole digest", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<std::string> id = CheckId(id_);
    if (!id) return std::move(id).error();
    if (!HasConfig(context.globals) && HasAgent(context.paths.user_socket)) {
      return ShowFromAgent(context, *id);
    }
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    core::Result<core::Policy> policy = RefreshPolicy(session->config, session->server);
    if (!policy) return std::move(policy).error();
    core::Result<RemoteRequest> request = FetchRequest(session->server, *id);
    if (!request) return std::move(request).error();
    context.out.Json(ToJson(*request));
    context.out.Text(Render(*policy, *request, context.out.style()));
    return Exit::kDone;
  }

 private:
  static std::string Render(const core::Policy& policy, const RemoteRequest& request,
                            const Style& style);
  static core::Result<Exit> ShowFromAgent(Context& context, const std::string& id);

  std::string id_;
};

std::string StateInWords(const RemoteRequest& request, core::Instant now) {
  if (request.revoked) {
    return fmt::format("revoked {} by {}: {}", TimeAndDistance(*request.revoked, now),
                       core::ForTerminal(request.revoked_by),
                       core::ForTerminal(request.revocation));
  }
  if (!request.denied_by.empty()) {
    return fmt::format("denied by {}: {}", core::ForTerminal(request.denied_by),
                       core::ForTerminal(request.denial));
  }
  return core::ForTerminal(request.state);
}

std::string Show::Render(const core::Policy& policy, const RemoteRequest& request,
                         const Style& style) {
  const core::Instant now = platform::WallTime();
  const core::Role* role = core::FindRole(policy, request.statement.role);
  std::string text =
      fmt::format("{}  {}\n\n", style.Bold(request.ShortId()), StateInWords(request, now));
  Fields fields = StatementFields(policy, request.statement, now);
  fields.Add("asker", "known to the server as: " + core::ForTerminal(request.origin));
  fields.Add("risk", DescribeRisk(request));
  fields.Add("approved by", DescribeApprovals(policy, request, now));
  if (request.state == "pending") fields.Add("wanted", core::ForTerminal(request.needed));
  fields.Add("digest", request.statement.id);
  text += fields.Text(style);
  if (role == nullptr || role->digest != request.statement.role_digest) {
    text += fmt::format(
        "\n  {} The role is not the one of policy version {} (any more): no host "
        "that holds it honours this.\n",
        style.Warning("!"), policy.version);
    return text;
  }
  return text + "\n" + style.Bold("What it allows") + "\n\n" + RenderPowers(policy, *role, style);
}

core::Result<Exit> Show::ShowFromAgent(Context& context, const std::string& id) {
  core::Result<AgentClient> agent = AgentClient::Connect(context.paths.user_socket);
  if (!agent) return std::move(agent).error();
  wire::ObjectBuilder parameters;
  parameters.String("id", id);
  if (auto begun = agent->Begin("Wait", std::move(parameters)); !begun) {
    return std::move(begun).error();
  }
  core::Result<AgentClient::Answer> answer = agent->Next();
  if (!answer) return std::move(answer).error();
  wire::ObjectReader in(answer->parameters.get(), wire::UnknownKeys::kIgnore);
  const std::string state = in.String("state", kWord);
  const std::string text = in.OptString("text", kWord).value_or("");
  const std::optional<core::Instant> until = in.OptInstant("until_ms");
  if (auto done = in.Finish(); !done) return std::move(done).error();
  wire::ObjectBuilder json;
  json.String("id", id).String("state", state).OptString("text", text);
  if (until) json.Instant("until_ms", *until);
  context.out.Json(json);
  Fields fields;
  fields.Add("state", core::ForTerminal(state));
  fields.Add("", core::ForTerminal(text));
  if (until) fields.Add("ends", TimeAndDistance(*until, platform::WallTime()));
  context.out.Text(fmt::format("{}, on this host\n{}", id, fields.Text(context.out.style())));
  return Exit::kDone;
}

}  // namespace

std::unique_ptr<Verb> MakeShow() {
  return std::make_unique<Show>();
}

}  // namespace daypass::cli
