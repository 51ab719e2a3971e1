// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/cover.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/hosts.h"
#include "core/pattern.h"

namespace daypass::policy {
namespace {

bool ContainsAll(const auto& wide, const auto& narrow) {
  return std::ranges::all_of(narrow, [&](const auto& value) {
    return std::ranges::find(wide, value) != std::ranges::end(wide);
  });
}

/// As core/match.cc reads it: one spelling of a number.
std::optional<int64_t> ReadInteger(const std::string& text) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool is_whole = error == std::errc{} && end == text.data() + text.size();
  return is_whole && std::to_string(value) == text ? std::optional(value) : std::nullopt;
}

bool LetsThrough(const core::Matcher& matcher, const std::string& argument) {
  if (const auto* is = std::get_if<core::MatchIs>(&matcher)) return is->value == argument;
  if (const auto* one = std::get_if<core::MatchOneOf>(&matcher)) {
    return std::ranges::find(one->values, argument) != one->values.end();
  }
  if (const auto* range = std::get_if<core::MatchInt>(&matcher)) {
    const std::optional<int64_t> value = ReadInteger(argument);
    return value && *value >= range->lo && *value <= range->hi;
  }
  if (const auto* pattern = std::get_if<core::MatchPattern>(&matcher)) {
    static const core::PatternMatcher kMatches = core::MakePatternMatcher();
    return kMatches(pattern->re, argument);
  }
  return false;  // what lies below a folder is known on the host only
}

bool IsBelowOrSame(const std::string& folder, const std::string& path) {
  return folder == "/" || path == folder || path.starts_with(folder + "/");
}

bool CoversCommand(const core::CommandRule& wide, const core::CommandRule& narrow) {
  if (wide.path != narrow.path) return false;
  if (wide.cwd && wide.cwd != narrow.cwd) return false;
  if (wide.sha256 && wide.sha256 != narrow.sha256) return false;
  if (!ContainsAll(wide.may_run, narrow.may_run)) return false;
  if (narrow.args.size() < wide.args.size()) return false;
  if (!wide.rest_any && (narrow.rest_any || narrow.args.size() > wide.args.size())) return false;
  for (size_t i = 0; i < wide.args.size(); ++i) {
    if (!Covers(wide.args[i], narrow.args[i])) return false;
  }
  return true;
}

}  // namespace

bool Covers(const core::Matcher& wide, const core::Matcher& narrow) {
  const auto let_through = [&](const std::string& value) { return LetsThrough(wide, value); };
  if (const auto* is = std::get_if<core::MatchIs>(&narrow)) return let_through(is->value);
  if (const auto* one = std::get_if<core::MatchOneOf>(&narrow)) {
    return std::ranges::all_of(one->values, let_through);
  }
  if (const auto* range = std::get_if<core::MatchInt>(&narrow)) {
    const auto* wider = std::get_if<core::MatchInt>(&wide);
    return wider != nullptr && wider->lo <= range->lo && wider->hi >= range->hi;
  }
  if (const auto* under = std::get_if<core::MatchUnder>(&narrow)) {
    const auto* wider = std::get_if<core::MatchUnder>(&wide);
    return wider != nullptr && IsBelowOrSame(wider->path, under->path);
  }
  const auto* pattern = std::get_if<core::MatchPattern>(&wide);
  return pattern != nullptr && pattern->re == std::get<core::MatchPattern>(narrow).re;
}

bool Covers(const core::Rule& wide, const core::Rule& narrow) {
  if (wide.kind.index() != narrow.kind.index()) return false;
  if (const auto* edit = std::get_if<core::EditRule>(&wide.kind)) {
    return ContainsAll(edit->files, std::get<core::EditRule>(narrow.kind).files);
  }
  return CoversCommand(std::get<core::CommandRule>(wide.kind),
                       std::get<core::CommandRule>(narrow.kind));
}

bool Covers(const core::HostSelector& wide, const core::HostSelector& narrow) {
  if (!narrow.names.empty()) return ContainsAll(wide.names, narrow.names);
  const bool selects_none = wide.all.empty() && wide.any.empty() && wide.none_of.empty();
  if (!wide.names.empty() || selects_none) return false;
  const bool any = wide.any.empty() || (!narrow.any.empty() && ContainsAll(wide.any, narrow.any));
  return any && ContainsAll(narrow.all, wide.all) && ContainsAll(narrow.none_of, wide.none_of);
}

}  // namespace daypass::policy
