// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass explain: on a host, what its agent would say to a command now; from a policy, which role
// would allow it, where each of the others stops, and what would have to be another way. Nobody is
// asked, and nothing is recorded.
#include "policy/explain.h"

#include <fmt/format.h>

#include "cli/agent_client.h"
#include "cli/config.h"
#include "cli/explain_host.h"
#include "cli/policy_file.h"
#include "cli/policy_store.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/escape.h"
#include "core/guard.h"
#include "core/reason.h"
#include "platform/clock.h"
#include "policy/describe.h"

namespace daypass::cli {
namespace {

using policy::Explanation;

class ExplainVerb : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(user_, "--user", "ACCOUNT", "who would run it; on a host, you");
    options.Text(host_.name, "--host", "HOST", "where, by a policy; without it, this host");
    options.List(labels_, "--labels", "NAME=VALUE[,...]",
                 "the host's labels, where roles go by them");
    options.Text(policy_, "--policy", "FILE",
                 "a policy's file or folder, instead of the one you hold");
    options.Text(run_as_, "--run-as", "USER", "whom it would run as, instead of root");
    options.Text(cwd_, "--cwd", "DIR", "where it would be run");
    options.Text(at_, "--at", "TIME", "when, instead of now");
    options.Rest(words_, "COMMAND",
                 "a command and its arguments, or sudoedit and files, behind --");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<core::Query> query = MakeQuery();
    if (!query) return std::move(query).error();
    if (host_.name.empty()) return AskHost(context, *std::move(query));
    if (user_.empty()) return Missing("--user", "a policy is for many");
    core::Result<core::Policy> policy = ReadPolicy(context);
    if (!policy) return std::move(policy).error();
    query->command = policy::CommandNamed(*policy, query->command);
    policy::Simulator::Resolve({}, *query);
    if (auto read = ReadLabels(); !read) return std::move(read).error();
    core::Instant now = platform::WallTime();
    if (!at_.empty()) {
      core::Result<core::Instant> at = ParseWhen(at_, now);
      if (!at) return std::move(at).error();
      now = *at;
    }
    return Tell(context, *policy, *query, policy::Explain(*policy, host_, now, *query));
  }

 private:
  core::Result<core::Policy> ReadPolicy(const Context& context) {
    const core::Instant now = platform::WallTime();
    if (!policy_.empty()) return ReadPolicyOrTree(policy_, now);
    core::Result<std::string> folder = ConfigFolder(context.globals);
    if (!folder) return std::move(folder).error();
    return ReadPolicyOrTree(PolicyFile(*folder), now);
  }

  core::Result<void> ReadLabels() {
    for (const std::string& label : labels_) {
      const size_t equals = label.find('=');
      if (equals == std::string::npos || equals == 0) {
        return core::Error{core::Reason::kMalformed,
                           "--labels: write NAME=VALUE, not " + core::CommandWord(label),
                           "--labels"};
      }
      host_.labels[label.substr(0, equals)] = label.substr(equals + 1);
    }
    return {};
  }

  static core::Error Missing(const char* option, const char* why) {
    return {core::Reason::kMalformed, fmt::format("{} is needed: {}", option, why), option};
  }

  core::Result<Exit> AskHost(Context& context, core::Query query) const {
    if (!policy_.empty() || !labels_.empty() || !at_.empty()) {
      return Missing("--host", "a policy is for many");
    }
    if (!HasAgent(context.paths.user_socket)) {
      return Missing("--host", "this machine has no agent of Daypass that could be asked");
    }
    return ExplainByHost(context, std::move(query));
  }

  core::Result<core::Query> MakeQuery() const {
    const bool edits = !words_.empty() && words_.front() == "sudoedit";
    if (words_.size() < (edits ? 2 : 1)) {
      return core::Error{core::Reason::kMalformed,
                         "which command? daypass explain ... -- systemctl restart nginx\n"
                         "For files that are edited: -- sudoedit FILE",
                         "COMMAND"};
    }
    core::Query query;
    query.user = user_;
    query.runas_user = run_as_;
    query.runas_uid = run_as_ == "root" ? 0 : 1;
    query.command = words_.front();
    query.intercepts = true;  // as sudoers must say where a role wants it
    query.mode = edits ? core::Mode::kEdit : core::Mode::kRun;
    (edits ? query.files : query.args).assign(words_.begin() + 1, words_.end());
    query.cwd = cwd_;
    query.intercepts = true;
    return query;
  }

  core::Result<Exit> Tell(Context& context, const core::Policy& policy, const core::Query& query,
                          const std::vector<Explanation>& all) const {
    const Style& style = context.out.style();
    std::string command = core::CommandWord(query.command);
    for (auto word = words_.begin() + 1; word != words_.end(); ++word) {
      command += " " + core::CommandWord(*word);
    }
    std::string text =
        fmt::format("{}: {}, as {}, through sudo on {}\n", core::ForTerminal(user_), command,
                    core::ForTerminal(run_as_), core::ForTerminal(host_.name));
    bool any = false;
    wire::ArrayBuilder list;
    for (const Explanation& one : all) {
      any = any || core::IsAllow(one.decision);
      text += "\n" + Render(policy, one, style);
      list.Object(Encode(one));
    }
    text +=
        "\nTaken for granted: paths are what they say, and safe; the environment is sudo's own, "
        "and "
        "so is intercept, where a role wants it.\n";
    context.out.Text(text);
    wire::ObjectBuilder json;
    json.Bool("allowed_by_some_role", any).Array("roles", list);
    context.out.Json(json);
    return any ? Exit::kDone : Exit::kRefused;
  }

  std::string Render(const core::Policy& policy, const Explanation& one, const Style& style) const {
    const bool allowed = core::IsAllow(one.decision);
    if (one.role.empty()) {
      return allowed ? style.Good("without asking: yes, by the standing rule ") +
                           core::ForTerminal(one.decision.role) + "\n"
                     : "without asking: no\n";
    }
    const core::Role& role = *core::FindRole(policy, one.role);
    std::string text = fmt::format("{}: {}\n", style.Bold(core::ForTerminal(one.role)),
                                   allowed ? style.Good("yes") : style.Bad("no"));
    for (const std::string& step : policy::ExplainedSteps()) {
      const bool stops = step == one.stops_at;
      text += fmt::format("  {:9} {}\n", step, stops ? "NO" : "ok");
      if (stops) break;
    }
    Fields fields("  ");
    if (!allowed) {
      const std::string detail = one.decision.detail.empty() ? "" : ": " + one.decision.detail;
      fields.Add("why", core::LinesForTerminal(std::string(core::ReasonText(one.decision.reason)) +
                                               detail));
      fields.Add("instead", one.change);
    } else {
      fields.Add("rule", core::ForTerminal(one.decision.rule));
      fields.Add("approved by", policy::DescribeApprovers(role.approve));
      fields.Add("guarded by", core::GuardLine(policy, role));
      fields.Add("ask", fmt::format("daypass request --role {} --host {} --for 1h --reason ...",
                                    core::CommandWord(one.role), core::CommandWord(host_.name)));
    }
    return text + fields.Text(style);
  }

  static wire::ObjectBuilder Encode(const Explanation& one) {
    const bool allowed = core::IsAllow(one.decision);
    wire::ObjectBuilder json;
    json.String("role", one.role).Bool("allowed", allowed);
    json.String("reason", core::ReasonName(one.decision.reason));
    json.OptString("detail", one.decision.detail).OptString("stops_at", one.stops_at);
    json.OptString("rule", one.decision.rule).OptString("change", one.change);
    return json;
  }

  std::string user_, policy_, run_as_ = "root", cwd_ = "/", at_;
  std::vector<std::string> labels_, words_;
  core::HostIdentity host_;
};

}  // namespace

std::unique_ptr<Verb> MakeExplain() {
  return std::make_unique<ExplainVerb>();
}

}  // namespace daypass::cli
