// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "naive_matcher.h"

#include <regex.h>

#include <algorithm>

namespace daypass::core {
namespace {

bool SameBytes(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

/// A whole number, written the one way that everybody writes it.
bool IsWholeNumber(const std::string& text) {
  if (text == "0") return true;
  size_t i = !text.empty() && text[0] == '-' ? 1 : 0;
  if (i == text.size() || text[i] < '1') return false;
  for (; i < text.size(); ++i) {
    if (text[i] < '0' || text[i] > '9') return false;
  }
  return true;
}

/// Whether a <= b, of whole numbers of any length, as one compares them on paper.
bool AtMost(std::string a, std::string b) {
  const bool a_below_zero = a[0] == '-', b_below_zero = b[0] == '-';
  if (a_below_zero != b_below_zero) return a_below_zero;
  if (a_below_zero) return AtMost(b.substr(1), a.substr(1));
  const size_t width = std::max(a.size(), b.size());
  a.insert(0, width - a.size(), '0');
  b.insert(0, width - b.size(), '0');
  return a <= b;
}

/// "/srv/app" is "srv", "app".
std::vector<std::string> Components(const std::string& path) {
  std::vector<std::string> components;
  std::string component;
  for (const char c : path + "/") {
    if (c != '/') {
      component += c;
    } else if (!component.empty()) {
      components.push_back(component);
      component.clear();
    }
  }
  return components;
}

bool LiesBelow(const std::string& folder, const std::string& path) {
  if (folder.empty() || folder[0] != '/' || path.empty() || path[0] != '/') return false;
  const std::vector<std::string> above = Components(folder), all = Components(path);
  if (all.size() <= above.size()) return false;
  for (size_t i = 0; i < above.size(); ++i) {
    if (!SameBytes(above[i], all[i])) return false;
  }
  return true;
}

bool IsWrittenAsAPath(const std::string& text) {
  for (const std::string begin : {"/", "./", "../"}) {
    if (text.substr(0, begin.size()) == begin) return true;
  }
  return false;
}

/// POSIX's engine, which knows the plain part of RE2's language.
bool WholeTextMatches(const std::string& re, const std::string& text) {
  regex_t compiled;
  if (regcomp(&compiled, ("^(" + re + ")$").c_str(), REG_EXTENDED | REG_NOSUB) != 0) return false;
  const bool matches = regexec(&compiled, text.c_str(), 0, nullptr, 0) == 0;
  regfree(&compiled);
  return matches;
}

bool NaiveCommand(const CommandRule& rule, const Query& query) {
  if (query.mode != Mode::kRun) return false;
  if (!query.command_path.safe || !SameBytes(rule.path, query.command_path.canonical)) return false;
  if (rule.cwd && !SameBytes(*rule.cwd, query.cwd)) return false;
  if (rule.sha256 && !SameBytes(*rule.sha256, query.command_path.sha256)) return false;
  if (query.args.size() < rule.args.size()) return false;
  if (query.args.size() > rule.args.size() && !rule.rest_any) return false;
  for (size_t i = 0; i < rule.args.size(); ++i) {
    const PathFact* fact = i < query.arg_paths.size() ? &query.arg_paths[i] : nullptr;
    if (!NaiveMatches(rule.args[i], query.args[i], fact)) return false;
  }
  return true;
}

bool NaiveEdit(const EditRule& rule, const Query& query) {
  if (query.mode != Mode::kEdit || query.files.empty()) return false;
  if (query.files.size() != query.file_paths.size()) return false;
  for (const PathFact& file : query.file_paths) {
    bool is_listed = false;
    for (const std::string& listed : rule.files) {
      if (SameBytes(listed, file.canonical)) is_listed = true;
    }
    if (!is_listed || !file.safe) return false;
  }
  return true;
}

}  // namespace

bool NaiveMatches(const Matcher& matcher, const std::string& argument, const PathFact* fact) {
  if (const auto* is = std::get_if<MatchIs>(&matcher)) return SameBytes(is->value, argument);
  if (const auto* one_of = std::get_if<MatchOneOf>(&matcher)) {
    for (const std::string& value : one_of->values) {
      if (SameBytes(value, argument)) return true;
    }
    return false;
  }
  if (const auto* range = std::get_if<MatchInt>(&matcher)) {
    return IsWholeNumber(argument) && AtMost(std::to_string(range->lo), argument) &&
           AtMost(argument, std::to_string(range->hi));
  }
  if (const auto* under = std::get_if<MatchUnder>(&matcher)) {
    return fact != nullptr && fact->safe && IsWrittenAsAPath(argument) &&
           LiesBelow(under->path, fact->canonical);
  }
  return WholeTextMatches(std::get<MatchPattern>(matcher).re, argument);
}

bool NaiveMatches(const Rule& rule, const Query& query) {
  if (const auto* command = std::get_if<CommandRule>(&rule.kind))
    return NaiveCommand(*command, query);
  return NaiveEdit(std::get<EditRule>(rule.kind), query);
}

}  // namespace daypass::core
