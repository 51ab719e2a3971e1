// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass grants: what has been approved and may still work. When a window started is known to each
// host alone; the server knows the last instant at which it can end.
#include <fmt/format.h>

#include "cli/remote.h"
#include "cli/signed_in.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/duration.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "policy/describe.h"

namespace daypass::cli {
namespace {

core::Instant LastEnd(const core::Statement& statement) {
  return statement.start_at.value_or(statement.start_by) + statement.duration;
}

class Grants : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(host_, "--host", "HOST", "only those for this host");
    options.Flag(all_, "--all", "also those that are revoked or over");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    if (!host_.empty() && !wire::IsHostName(host_)) {
      return core::Error{core::Reason::kMalformed,
                         fmt::format("--host: \"{}\" is no host's name; allowed: {}",
                                     core::ForTerminal(host_), wire::kHostName.allowed),
                         "--host"};
    }
    core::Result<std::vector<RemoteRequest>> grants = FetchRequests(
        session->server, host_.empty() ? "/v1/grants" : "/v1/grants?host=" + host_, "grants");
    if (!grants) return std::move(grants).error();
    Print(context, *grants);
    return Exit::kDone;
  }

 private:
  void Print(Context& context, const std::vector<RemoteRequest>& grants) const {
    const core::Instant now = platform::WallTime();
    Table table({"ID", "STATE", "WHO", "ROLE", "HOSTS", "FOR", "OVER AT THE LATEST", "WHY"});
    wire::ArrayBuilder list;
    for (const RemoteRequest& grant : grants) {
      const core::Statement& statement = grant.statement;
      const core::Instant end = LastEnd(statement);
      const bool over = grant.revoked || end <= now;
      if (over && !all_) continue;
      table.Add({grant.ShortId(), grant.revoked ? "revoked" : (over ? "over" : "granted"),
                 core::ForTerminal(statement.subject), core::ForTerminal(statement.role),
                 policy::Join(statement.hosts), core::FormatDuration(statement.duration),
                 TimeAndDistance(end, now), core::ForTerminal(statement.reason)});
      list.Object(ToJson(grant));
    }
    wire::ObjectBuilder json;
    json.Array("grants", list);
    context.out.Json(json);
    context.out.Text(table.empty() ? "No grants.\n" : table.Text(context.out.style()));
  }

  std::string host_;
  bool all_ = false;
};

}  // namespace

std::unique_ptr<Verb> MakeGrants() {
  return std::make_unique<Grants>();
}

}  // namespace daypass::cli
