// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy check: what is wrong with a tree, why, and what to do.
#include <fmt/format.h>

#include <algorithm>

#include "cli/verb.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "policy/check.h"

namespace daypass::cli {
namespace {

using policy::Finding;
using policy::Findings;
using policy::Severity;

std::string Paint(Severity severity, const Style& style) {
  const std::string_view name = policy::SeverityName(severity);
  switch (severity) {
    case Severity::kError:
      return style.Bad(name);
    case Severity::kWarning:
      return style.Warning(name);
    case Severity::kHint:
      return style.Dim(name);
  }
  return std::string(name);
}

std::string Count(size_t count, std::string_view thing) {
  return fmt::format("{} {}{}", count, thing, count == 1 ? "" : "s");
}

/// "prod/roles/web.toml:12:1  error" and below it what, why and what to do.
std::string Render(const Finding& finding, const Style& style) {
  return fmt::format("{}  {}  {}\n", style.Bold(core::ForTerminal(finding.place.Text())),
                     Paint(finding.severity, style), style.Dim(finding.lint)) +
         Fields("  ")
             .Add("what", core::LinesForTerminal(finding.what))
             .Add("why", core::LinesForTerminal(finding.why))
             .Add("do", core::LinesForTerminal(finding.todo))
             .Text(style) +
         "\n";
}

wire::ObjectBuilder ToJson(const Finding& finding) {
  wire::ObjectBuilder json;
  json.String("severity", policy::SeverityName(finding.severity)).String("lint", finding.lint);
  json.String("file", finding.place.file);
  if (finding.place.line != 0) {
    json.Int("line", finding.place.line).Int("column", finding.place.column);
  }
  json.String("message", finding.what).OptString("why", finding.why);
  json.OptString("hint", finding.todo);
  return json;
}

class PolicyCheck : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(folder_, "DIR", "", "folder of policy.toml, people/ and roles/", Need::kRequired);
    options.Flag(strict_, "--strict", "warnings count like errors");
    options.Flag(on_host_, "--on-host", "look at the commands on this host, too");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<policy::Tree> tree = policy::LoadTree(folder_);
    if (!tree) return std::move(tree).error();
    policy::CheckOptions options;
    options.now = platform::WallTime();
    if (on_host_) options.host_root = context.globals.root;
    const Findings findings = policy::CheckTree(*tree, options);
    Tell(context, findings);
    const bool refused = std::ranges::any_of(findings, [&](const Finding& finding) {
      return finding.severity == Severity::kError ||
             (strict_ && finding.severity == Severity::kWarning);
    });
    return refused ? Exit::kInvalid : Exit::kDone;
  }

 private:
  void Tell(Context& context, const Findings& findings) const {
    const auto count = [&](Severity severity) {
      return static_cast<size_t>(std::ranges::count(findings, severity, &Finding::severity));
    };
    const size_t errors = count(Severity::kError);
    const size_t warnings = count(Severity::kWarning);
    const size_t hints = count(Severity::kHint);
    std::string text;
    wire::ArrayBuilder list;
    for (const Finding& finding : findings) {
      text += Render(finding, context.out.style());
      list.Object(ToJson(finding));
    }
    context.out.Text(text + fmt::format("{}: {}, {}, {}\n", core::ForTerminal(folder_),
                                        Count(errors, "error"), Count(warnings, "warning"),
                                        Count(hints, "hint")));
    wire::ObjectBuilder json;
    json.Array("findings", list).Int("errors", static_cast<int64_t>(errors));
    json.Int("warnings", static_cast<int64_t>(warnings)).Int("hints", static_cast<int64_t>(hints));
    context.out.Json(json);
  }

  std::string folder_;
  bool strict_ = false;
  bool on_host_ = false;
};

}  // namespace

std::unique_ptr<Verb> MakePolicyCheck() {
  return std::make_unique<PolicyCheck>();
}

}  // namespace daypass::cli
