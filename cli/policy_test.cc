// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy test DIR: runs the scenarios of a policy's folder, and tells which matchers they
// left untried.
#include <fmt/format.h>

#include "cli/verb.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "policy/builder.h"
#include "policy/coverage.h"
#include "policy/scenario.h"

namespace daypass::cli {
namespace {

using policy::Coverage;
using policy::Failure;
using policy::ScenarioResult;

std::string NeverWhat(const Coverage::Gap& gap) {
  if (gap.was_allowed) return "never refused";
  return gap.was_denied ? "never let through" : "never tried";
}

class PolicyTest : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(folder_, "DIR", "", "folder of policy.toml, people/, roles/ and tests/",
                 Need::kRequired);
    options.Flag(all_, "--all", "fail unless every matcher has let through and refused");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<policy::Tree> tree = policy::LoadTree(folder_);
    if (!tree) return std::move(tree).error();
    if (tree->tests.empty()) {
      return core::Error{core::Reason::kNotFound,
                         core::ForTerminal(folder_) +
                             "/tests: no scenarios are there; daypass-policy(5) shows how to write "
                             "them",
                         folder_};
    }
    // Which version it will be, and after which one, makes no difference here.
    const policy::BuildOptions options{platform::WallTime(), {}, 2, core::Digest(64, '0')};
    core::Result<policy::Built> built = policy::BuildPolicy(*tree, options);
    if (!built) return std::move(built).error();
    Coverage coverage(built->policy);
    std::vector<ScenarioResult> results;
    for (const policy::SourceFile& file : tree->tests) {
      auto more = policy::RunScenarios(file, built->policy, coverage);
      if (!more) return std::move(more).error();
      std::move(more->begin(), more->end(), std::back_inserter(results));
    }
    return Tell(context, results, coverage);
  }

 private:
  core::Result<Exit> Tell(Context& context, const std::vector<ScenarioResult>& results,
                          const Coverage& coverage) const {
    const std::vector<Coverage::Gap> gaps = coverage.Gaps();
    const Style& style = context.out.style();
    size_t failed = 0;
    std::string text;
    wire::ArrayBuilder scenarios;
    for (const ScenarioResult& result : results) {
      failed += result.failures.empty() ? 0 : 1;
      text += Render(result, style);
      scenarios.Object(Encode(result));
    }
    text += fmt::format(
        "\n{} scenarios, {} failed. Matchers: {} of {} let something through and "
        "refused something.\n",
        results.size(), failed, coverage.total() - gaps.size(), coverage.total());
    text += Render(gaps);
    context.out.Text(text);
    wire::ObjectBuilder json;
    json.Array("scenarios", scenarios).Array("gaps", Encode(gaps));
    json.Int("failed", static_cast<int64_t>(failed));
    json.Int("matchers", static_cast<int64_t>(coverage.total()));
    context.out.Json(json);
    return failed > 0 || (all_ && !gaps.empty()) ? Exit::kRefused : Exit::kDone;
  }

  static std::string Render(const ScenarioResult& result, const Style& style) {
    const bool is_good = result.failures.empty();
    std::string text = fmt::format("{}  {}\n", is_good ? style.Good("ok  ") : style.Bad("FAIL"),
                                   core::ForTerminal(result.name));
    for (const Failure& failure : result.failures) {
      text += fmt::format("      {}\n        {}\n        expected {}, got {}\n",
                          core::ForTerminal(failure.place), failure.step, failure.expected,
                          style.Bold(failure.got));
    }
    return text;
  }

  static std::string Render(const std::vector<Coverage::Gap>& gaps) {
    Table table({"role", "rule", "matcher", "untried"});
    for (const Coverage::Gap& gap : gaps) {
      table.Add(
          {core::ForTerminal(gap.role), core::ForTerminal(gap.rule), gap.matcher, NeverWhat(gap)});
    }
    return table.empty() ? "" : "\n" + table.Text(Style(false));
  }

  static wire::ObjectBuilder Encode(const ScenarioResult& result) {
    wire::ArrayBuilder failures;
    for (const Failure& failure : result.failures) {
      wire::ObjectBuilder json;
      json.String("place", failure.place).String("step", failure.step);
      json.String("expected", failure.expected).String("got", failure.got);
      failures.Object(json);
    }
    wire::ObjectBuilder json;
    json.String("file", result.file).String("name", result.name);
    json.Int("steps", static_cast<int64_t>(result.steps)).Array("failures", failures);
    return json;
  }

  static wire::ArrayBuilder Encode(const std::vector<Coverage::Gap>& gaps) {
    wire::ArrayBuilder array;
    for (const Coverage::Gap& gap : gaps) {
      wire::ObjectBuilder json;
      json.String("role", gap.role).String("rule", gap.rule).String("matcher", gap.matcher);
      json.Bool("let_through", gap.was_allowed).Bool("refused", gap.was_denied);
      array.Object(json);
    }
    return array;
  }

  std::string folder_;
  bool all_ = false;
};

}  // namespace

std::unique_ptr<Verb> MakePolicyTest() {
  return std::make_unique<PolicyTest>();
}

}  // namespace daypass::cli
