// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass request: ask for a role. On a Daypass host, for this host, through its agent, which knows
// who asks; from elsewhere with --host, through the server, as the person that is signed in.
#include "cli/asking.h"
#include "cli/policy_store.h"
#include "cli/select.h"
#include "cli/signed_in.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "platform/clock.h"

namespace daypass::cli {
namespace {

class Request : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(asking_.ask.role, "--role", "ROLE", "role to ask for", Need::kRequired);
    options.List(asking_.ask.hosts, "--host", "HOST[,HOST]",
                 "hosts to ask for; without it, this host, through its agent");
    options.List(select_, "--select", "LABEL=VALUE[,...]",
                 "every enrolled host that has all these labels, instead of --host");
    options.Duration(duration_, "--for", "how long: 90s, 20m, 2h", Need::kRequired);
    options.Text(asking_.ask.reason, "--reason", "TEXT", "why, for approvers and the record",
                 Need::kRequired);
    options.Text(asking_.ask.ticket, "--ticket", "ID", "ticket that it belongs to");
    options.Text(start_, "--start", "RULE",
                 "approval: starts when approved; first-use: with the first use");
    options.Text(at_, "--at", "TIME", "starts then: 2026-11-24T02:00:00Z, \"tomorrow 02:00\"");
    options.Number(asking_.ask.uses, "--uses", "N", "good for so many uses");
    options.Text(asking_.ask.subject, "--subject", "ACCOUNT",
                 "account that will use it, if not your only one (with --host)");
    options.Flag(asking_.wait, "--wait", "wait until it is decided");
    options.Duration(asking_.timeout, "--timeout", "with --wait: give up after, exit 75");
  }

  core::Result<Exit> Run(Context& context) override {
    asking_.ask.duration = *duration_;
    if (auto read = ReadStart(); !read) return std::move(read).error();
    if (asking_.ask.hosts.empty() && select_.empty()) return AskThisHost(context, asking_);
    return AskServer(context);
  }

 private:
  core::Result<void> ReadStart();
  core::Result<Exit> AskServer(Context& context);

  Asking asking_;
  std::vector<std::string> select_;
  std::optional<core::Seconds> duration_;
  std::string start_, at_;
};

core::Result<void> Request::ReadStart() {
  if (!start_.empty()) {
    core::Result<core::StartRule> rule = ReadStartRule(start_);
    if (!rule) return std::move(rule).error();
    asking_.ask.start = *rule;
  }
  if (at_.empty()) return {};
  core::Result<core::Instant> at = ParseWhen(at_, platform::WallTime());
  if (!at) return std::move(at).error();
  asking_.ask.at = *at;
  return {};
}

core::Result<Exit> Request::AskServer(Context& context) {
  core::Result<SignedIn> session = OpenSession(context);
  if (!session) return std::move(session).error();
  core::Result<core::Policy> policy = RefreshPolicy(session->config, session->server);
  if (!policy) return std::move(policy).error();
  Ask& ask = asking_.ask;
  if (!select_.empty()) {
    core::Result<std::vector<std::string>> hosts = SelectHosts(session->server, select_);
    if (!hosts) return std::move(hosts).error();
    ask.hosts.insert(ask.hosts.end(), hosts->begin(), hosts->end());
  }
  ask.requester = session->config.person;
  return AskTheServer(context, *session, *policy, asking_);
}

}  // namespace

std::unique_ptr<Verb> MakeRequest() {
  return std::make_unique<Request>();
}

}  // namespace daypass::cli
