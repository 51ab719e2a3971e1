// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass extend: more time on a grant of one's own. Asks for the same role on the same hosts anew,
// by a statement that names the grant which it follows.
#include <fmt/format.h>

#include <algorithm>

#include "cli/agent_client.h"
#include "cli/asking.h"
#include "cli/host_status.h"
#include "cli/policy_store.h"
#include "cli/remote.h"
#include "cli/verb.h"

namespace daypass::cli {
namespace {

class Extend : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(id_, "ID", "", "grant: short id or whole digest", Need::kRequired);
    options.Duration(duration_, "--for", "how long, from the approval on: 20m, 2h",
                     Need::kRequired);
    options.Text(asking_.ask.reason, "--reason", "TEXT", "why; otherwise as before");
    options.Text(asking_.ask.ticket, "--ticket", "ID", "ticket that it belongs to");
    options.Flag(asking_.wait, "--wait", "wait until it is decided");
    options.Duration(asking_.timeout, "--timeout", "with --wait: give up after, exit 75");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<std::string> id = CheckId(id_);
    if (!id) return std::move(id).error();
    asking_.ask.duration = *duration_;
    if (HasAgent(context.paths.user_socket)) {
      core::Result<bool> is_here = FindHere(context, *id);
      if (!is_here) return std::move(is_here).error();
      if (*is_here) return AskThisHost(context, asking_);
    }
    return AskAnew(context, *id);
  }

 private:
  /// Whether the grant is one that the reader holds on this host.
  core::Result<bool> FindHere(Context& context, const std::string& id) {
    core::Result<AgentClient> agent = AgentClient::Connect(context.paths.user_socket);
    if (!agent) return std::move(agent).error();
    core::Result<HostStatus> status = FetchHostStatus(*agent);
    if (!status) return std::move(status).error();
    const auto grant = std::ranges::find_if(
        status->grants, [&](const HeldGrant& held) { return held.id == id || held.digest == id; });
    if (grant == status->grants.end()) return false;
    Fill(grant->digest, grant->role, grant->reason);
    return true;
  }

  core::Result<Exit> AskAnew(Context& context, const std::string& id) {
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    core::Result<core::Policy> policy = RefreshPolicy(session->config, session->server);
    if (!policy) return std::move(policy).error();
    core::Result<RemoteRequest> grant = FetchRequest(session->server, id);
    if (!grant) return std::move(grant).error();
    if (grant->state != "approved" || grant->revoked) {
      return core::Error{
          core::Reason::kNoGrant,
          fmt::format("{} is no grant that could go on; it is {}\n"
                      "Ask anew: daypass request --role {} --for D --reason T",
                      id, grant->revoked ? "revoked" : grant->state, grant->statement.role),
          "ID"};
    }
    const core::Statement& before = grant->statement;
    Fill(before.id, before.role, before.reason);
    asking_.ask.hosts = before.hosts;
    asking_.ask.subject = before.subject;
    asking_.ask.requester = session->config.person;
    return AskTheServer(context, *session, *policy, asking_);
  }

  void Fill(const core::Digest& grant, const std::string& role, const std::string& reason) {
    Ask& ask = asking_.ask;
    ask.extends = grant;
    ask.start = core::StartRule::kApproval;  // what runs goes on only in a window that is open
    ask.role = role;
    if (ask.reason.empty()) ask.reason = reason;
  }

  std::string id_;
  std::optional<core::Seconds> duration_;
  Asking asking_;
};

}  // namespace

std::unique_ptr<Verb> MakeExtend() {
  return std::make_unique<Extend>();
}

}  // namespace daypass::cli
