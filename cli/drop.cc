// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass drop: give up a grant of one's own on this host, at once and for good.
#include <fmt/format.h>

#include "cli/agent_client.h"
#include "cli/remote.h"
#include "cli/verb.h"

namespace daypass::cli {
namespace {

class Drop : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(id_, "ID", "", "grant: short id or whole digest", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<std::string> id = CheckId(id_);
    if (!id) return std::move(id).error();
    if (!HasAgent(context.paths.user_socket)) {
      return core::Error{
          core::Reason::kAgentSilent,
          "a grant is dropped on the host where it works, and there is no agent here\n"
          "From elsewhere: daypass revoke " +
              *id + " --reason TEXT",
          context.paths.user_socket};
    }
    core::Result<AgentClient> agent = AgentClient::Connect(context.paths.user_socket);
    if (!agent) return std::move(agent).error();
    wire::ObjectBuilder parameters;
    parameters.String("id", *id);
    core::Result<wire::Json> answer = agent->Ask("Drop", std::move(parameters));
    if (!answer) return std::move(answer).error();
    wire::ObjectBuilder json;
    json.String("id", *id).String("state", "dropped");
    context.out.Json(json);
    context.out.Text(fmt::format("{}  dropped on this host\n", *id));
    return Exit::kDone;
  }

 private:
  std::string id_;
};

}  // namespace

std::unique_ptr<Verb> MakeDrop() {
  return std::make_unique<Drop>();
}

}  // namespace daypass::cli
