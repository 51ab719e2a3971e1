// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass history: what was asked for, and what became of it.
#include <fmt/format.h>

#include "cli/policy_store.h"
#include "cli/signed_in.h"
#include "cli/statement_view.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/duration.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "policy/describe.h"
#include "wire/string_rule.h"

namespace daypass::cli {
namespace {

class History : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(person_, "--person", "NAME", "what this person asked for");
    options.Text(role_, "--role", "ROLE", "what was asked for this role, by anybody");
    options.Text(host_, "--host", "HOST", "what was asked for this host, by anybody");
    options.Flag(everybody_, "--everybody", "what anybody asked for");
    options.Number(last_, "--last", "N", "so many, 1 to 1000; 50 if not given");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<std::string> path = Path();
    if (!path) return std::move(path).error();
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    core::Result<core::Policy> policy = RefreshPolicy(session->config, session->server);
    if (!policy) return std::move(policy).error();
    core::Result<std::vector<RemoteRequest>> requests =
        FetchRequests(session->server, *path, "requests");
    if (!requests) return std::move(requests).error();
    Print(context, *policy, *requests);
    return Exit::kDone;
  }

 private:
  core::Result<std::string> Path() const {
    std::string path = fmt::format("/v1/requests?state=all&limit={}", last_.value_or(50));
    for (const auto& [key, value] :
         {std::pair{"person", person_}, {"role", role_}, {"host", host_}}) {
      if (value.empty()) continue;
      if (!wire::IsName(value)) {  // which is fit for an address as it stands
        return core::Error{core::Reason::kMalformed,
                           fmt::format("--{}: \"{}\" is not a name", key, core::ForTerminal(value)),
                           std::string("--") + key};
      }
      path += fmt::format("&{}={}", key, value);
    }
    const bool own = person_.empty() && role_.empty() && host_.empty() && !everybody_;
    return own ? path + "&mine=1" : path;
  }

  static std::string Outcome(const core::Policy& policy, const RemoteRequest& request) {
    if (request.revoked) return "revoked by " + core::ForTerminal(request.revoked_by);
    if (!request.denied_by.empty()) return "denied by " + core::ForTerminal(request.denied_by);
    if (request.state != "approved") return core::ForTerminal(request.state);
    return "approved by " + ApproverNames(policy, request);
  }

  static void Print(Context& context, const core::Policy& policy,
                    const std::vector<RemoteRequest>& requests) {
    Table table({"ASKED", "ID", "WHO", "ROLE", "HOSTS", "FOR", "OUTCOME", "WHY"});
    wire::ArrayBuilder list;
    for (const RemoteRequest& request : requests) {
      const core::Statement& statement = request.statement;
      table.Add({TimeAndDistance(statement.created, platform::WallTime()), request.ShortId(),
                 core::ForTerminal(statement.subject), core::ForTerminal(statement.role),
                 policy::Join(statement.hosts), core::FormatDuration(statement.duration),
                 Outcome(policy, request), core::ForTerminal(statement.reason)});
      list.Object(ToJson(request));
    }
    wire::ObjectBuilder json;
    json.Array("requests", list);
    context.out.Json(json);
    context.out.Text(table.empty() ? "Nothing was asked for.\n" : table.Text(context.out.style()));
  }

  std::string person_, role_, host_;
  bool everybody_ = false;
  std::optional<uint64_t> last_;
};

}  // namespace

std::unique_ptr<Verb> MakeHistory() {
  return std::make_unique<History>();
}

}  // namespace daypass::cli
