// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass requests: what is asked for, and what waits for the reader.
#include <fmt/format.h>

#include <algorithm>

#include "cli/approvable.h"
#include "cli/policy_store.h"
#include "cli/signed_in.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/duration.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "policy/describe.h"

namespace daypass::cli {
namespace {

class Requests : public Verb {
 public:
  void Declare(Options& options) override {
    options.Flag(mine_, "--mine", "only what you asked, or what is asked for your accounts");
    options.Flag(waiting_, "--waiting", "only what you may approve now, by your own policy");
    options.Flag(all_, "--all", "also what is decided or has run out");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    const std::string path = fmt::format("/v1/requests?state={}&mine={}&limit=1000",
                                         all_ ? "all" : "pending", mine_ ? 1 : 0);
    core::Result<std::vector<RemoteRequest>> requests =
        FetchRequests(session->server, path, "requests");
    if (!requests) return std::move(requests).error();
    if (waiting_) {
      if (auto kept = KeepApprovable(*session, *requests); !kept) return std::move(kept).error();
    }
    Print(context, *requests);
    return Exit::kDone;
  }

 private:
  static core::Result<void> KeepApprovable(const SignedIn& session,
                                           std::vector<RemoteRequest>& requests) {
    core::Result<core::Policy> policy = RefreshPolicy(session.config, session.server);
    if (!policy) return std::move(policy).error();
    core::Result<const core::Person*> self = FindSelf(*policy, session.config);
    if (!self) return std::move(self).error();
    const core::Instant now = platform::WallTime();
    std::erase_if(requests, [&](const RemoteRequest& request) {
      return !CheckApprovable(*policy, **self, request, now);
    });
    return {};
  }

  void Print(Context& context, const std::vector<RemoteRequest>& requests) const {
    const core::Instant now = platform::WallTime();
    Table table({"ID", "STATE", "WHO", "ROLE", "HOSTS", "FOR", "LATEST START", "WHY"});
    wire::ArrayBuilder list;
    for (const RemoteRequest& request : requests) {
      const core::Statement& statement = request.statement;
      table.Add({request.ShortId(), core::ForTerminal(request.state),
                 core::ForTerminal(statement.subject), core::ForTerminal(statement.role),
                 policy::Join(statement.hosts), core::FormatDuration(statement.duration),
                 TimeAndDistance(statement.start_by, now), core::ForTerminal(statement.reason)});
      list.Object(ToJson(request));
    }
    wire::ObjectBuilder json;
    json.Array("requests", list);
    context.out.Json(json);
    context.out.Text(table.empty() ? (waiting_ ? "Nothing waits for you.\n" : "No requests.\n")
                                   : table.Text(context.out.style()));
  }

  bool mine_ = false;
  bool waiting_ = false;
  bool all_ = false;
};

}  // namespace

std::unique_ptr<Verb> MakeRequests() {
  return std::make_unique<Requests>();
}

}  // namespace daypass::cli
