// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy diff OLD NEW: what becomes possible by the new policy and what impossible. Each of
// the two is a policy's file, or a folder of sources.
#include <fmt/format.h>

#include "cli/policy_file.h"
#include "cli/verb.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "policy/describe.h"
#include "policy/diff.h"

namespace daypass::cli {
namespace {

using policy::Change;
using policy::Effect;

/// "hosts: web-1 -> web-1, web-2", "alice: may ask", "run: /usr/bin/id".
std::string InWords(const Change& change) {
  const bool is_about_someone = !change.person.empty();
  const std::string who = is_about_someone ? core::ForTerminal(change.person) + ": " : "";
  const std::string what = who + change.what;
  if (is_about_someone && (change.after == "yes" || change.after == "no")) return what;
  if (change.before.empty()) return what + ": " + core::ForTerminal(change.after);
  if (change.after.empty()) return what + ": " + core::ForTerminal(change.before);
  return what + ": " + core::ForTerminal(change.before) + " -> " + core::ForTerminal(change.after);
}

std::string Section(const policy::Difference& difference, Effect effect, std::string_view heading) {
  Fields fields("  ");
  std::string role, lines;
  const auto flush = [&] {
    if (!lines.empty()) fields.Add(role.empty() ? "policy" : core::ForTerminal(role), lines);
    lines.clear();
  };
  bool any = false;
  for (const Change& change : difference.changes) {
    if (change.effect != effect) continue;
    if (change.role != role) flush();
    role = change.role;
    lines += (lines.empty() ? "" : "\n") + InWords(change);
    any = true;
  }
  flush();
  return any ? fmt::format("{}\n{}\n", heading, fields.Text(Style(false))) : "";
}

class PolicyDiff : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(before_, "OLD", "", "a policy's file or folder", Need::kRequired);
    options.Text(after_, "NEW", "", "another one", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<core::Policy> before = ReadPolicyOrTree(before_, platform::WallTime());
    if (!before) return std::move(before).error();
    core::Result<core::Policy> after = ReadPolicyOrTree(after_, platform::WallTime());
    if (!after) return std::move(after).error();
    const policy::Difference difference = policy::Compare(*before, *after);
    Tell(context, difference);
    wire::ObjectBuilder json;
    wire::ArrayBuilder changes;
    for (const Change& change : difference.changes) changes.Object(Encode(change));
    json.Array("changes", std::move(changes)).Strings("ended_roles", difference.ended_roles);
    context.out.Json(json);
    return Exit::kDone;
  }

 private:
  static wire::ObjectBuilder Encode(const Change& change) {
    wire::ObjectBuilder json;
    json.String("effect", policy::EffectName(change.effect)).String("what", change.what);
    json.String("before", change.before).String("after", change.after);
    if (!change.role.empty()) json.String("role", change.role);
    if (!change.person.empty()) json.String("person", change.person);
    return json;
  }

  static void Tell(Context& context, const policy::Difference& difference) {
    const Style& style = context.out.style();
    std::string text =
        Section(difference, Effect::kOpens, style.Warning("Becomes possible")) +
        Section(difference, Effect::kCloses, style.Bold("Becomes impossible")) +
        Section(difference, Effect::kDifferent, style.Bold("Becomes different: read both"));
    if (difference.changes.empty()) text = "Nothing that anybody could notice is different.\n";
    if (!difference.ended_roles.empty()) {
      text += "Live grants of these roles end: " + policy::Join(difference.ended_roles) + "\n";
    }
    context.out.Text(text);
  }

  std::string before_, after_;
};

}  // namespace

std::unique_ptr<Verb> MakePolicyDiff() {
  return std::make_unique<PolicyDiff>();
}

}  // namespace daypass::cli
