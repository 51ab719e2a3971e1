// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/difference_view.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/escape.h"
#include "policy/describe.h"

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

}  // namespace

std::string RenderDifference(const policy::Difference& difference, const Style& style) {
  std::string text =
      Section(difference, Effect::kOpens, style.Warning("Becomes possible")) +
      Section(difference, Effect::kCloses, style.Bold("Becomes impossible")) +
      Section(difference, Effect::kDifferent, style.Bold("Becomes different: read both"));
  if (difference.changes.empty()) text = "Nothing that anybody could notice is different.\n";
  if (!difference.ended_roles.empty()) {
    text += "Live grants of these roles end: " + policy::Join(difference.ended_roles) + "\n";
  }
  return text;
}

std::string CountDifference(const policy::Difference& difference) {
  std::string text;
  const auto count = [&](Effect effect, std::string_view word) {
    const auto number = std::ranges::count(difference.changes, effect, &Change::effect);
    if (number > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", word, number);
  };
  count(Effect::kOpens, "opens");
  count(Effect::kCloses, "closes");
  count(Effect::kDifferent, "differs in");
  return text.empty() ? "no difference" : text;
}

}  // namespace daypass::cli
