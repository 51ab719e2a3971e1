// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass status: on a host, whether it guards, knows the time and hears the server, and what the
// reader holds there until when; elsewhere, who one is and which policy one holds.
#include <fmt/format.h>

#include "cli/agent_client.h"
#include "cli/config.h"
#include "cli/host_status.h"
#include "cli/policy_store.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/escape.h"
#include "platform/clock.h"

namespace daypass::cli {
namespace {

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
    core::Result<wire::Json> roles = agent->Ask("Roles", wire::ObjectBuilder());
    if (!roles) return std::move(roles).error();
    core::Result<HostStatus> status = ReadHostStatus(*answer, *roles);
    if (!status) return std::move(status).error();
    context.out.Text(RenderHostStatus(*status, platform::WallTime(), context.out.style()));
    wire::ObjectBuilder json;
    json.Value("status", *std::move(answer)).Value("offer", *std::move(roles));
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
    fields.Add("person", core::ForTerminal(config->person));
    fields.Add("server", core::ForTerminal(config->server));
    fields.Add("signed in", session ? "ends " + TimeAndDistance(session->expires, now)
                                    : "no; type: daypass login");
    fields.Add("key", core::ForTerminal(config->key));
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
