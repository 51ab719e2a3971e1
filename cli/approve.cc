// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass approve: read what is asked, in words made from the very bytes that get signed and from a
// policy that this program verified itself; then sign those bytes with one's own key.
//
//   1. MUST show what is signed, and sign what was shown: one string, fetched once.
//   2. MUST refuse a role that is not the one of the reader's own policy.
//   3. MUST NOT take the server's word for who asks, for what, where or how long.
#include <fmt/format.h>

#include "cli/approvable.h"
#include "cli/policy_store.h"
#include "cli/signed_in.h"
#include "cli/signing.h"
#include "cli/statement_view.h"
#include "cli/verb.h"
#include "platform/clock.h"

namespace daypass::cli {
namespace {

class Approve : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(id_, "ID", "", "request: short id or whole digest", Need::kRequired);
    options.Text(key_, "--key", "FILE", "key to sign with, instead of cli.toml's");
    options.Flag(yes_, "--yes", "do not ask; for who has read it elsewhere");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    core::Result<core::Policy> policy = RefreshPolicy(session->config, session->server);
    if (!policy) return std::move(policy).error();
    core::Result<const core::Person*> self = FindSelf(*policy, session->config);
    if (!self) return std::move(self).error();
    core::Result<RemoteRequest> request = FetchRequest(session->server, id_);
    if (!request) return std::move(request).error();

    const core::Instant now = platform::WallTime();
    core::Result<const core::Role*> role = CheckApprovable(*policy, **self, *request, now);
    if (!role) return std::move(role).error();
    context.out.Text(RenderForApproval(*policy, **role, *request, now, context.out.style()) + "\n");
    if (!yes_) {
      core::Result<bool> yes = context.out.Confirm("Approve this with your signature?");
      if (!yes) return std::move(yes).error();
      if (!*yes) {
        context.out.Note("Nothing was signed.");
        return Exit::kRefused;
      }
    }
    return Sign(context, *session, *policy, **role, **self, *request);
  }

 private:
  core::Result<Exit> Sign(Context& context, const SignedIn& session, const core::Policy& policy,
                          const core::Role& role, const core::Person& self,
                          const RemoteRequest& request) const {
    const std::string key = key_.empty() ? session.config.key : ExpandHome(key_);
    core::Result<Signed> signature = SignAs(key, "grant", request.bytes);
    if (!signature) return std::move(signature).error();
    if (auto counts = CheckSignature(policy, role, self, request.statement, signature->verified,
                                     platform::WallTime());
        !counts) {
      return std::move(counts).error();
    }
    wire::ObjectBuilder body;
    body.String("signature", signature->armoured);
    core::Result<RemoteRequest> after =
        PostToRequest(session.server, "/v1/requests/" + request.statement.id + "/approvals", body);
    if (!after) return std::move(after).error();
    Tell(context, policy, *after);
    return Exit::kDone;
  }

  static void Tell(Context& context, const core::Policy& policy, const RemoteRequest& request) {
    context.out.Json(ToJson(request));
    if (request.state == "approved") {
      context.out.Text(fmt::format("{}  {}; the hosts take it within seconds\n", request.ShortId(),
                                   context.out.style().Good("approved")));
      return;
    }
    const std::string so_far = DescribeApprovals(policy, request, platform::WallTime());
    context.out.Text(fmt::format("{}  signed; more approvals are wanted. So far:\n{}\n",
                                 request.ShortId(), so_far));
  }

  std::string id_;
  std::string key_;
  bool yes_ = false;
};

}  // namespace

std::unique_ptr<Verb> MakeApprove() {
  return std::make_unique<Approve>();
}

}  // namespace daypass::cli
