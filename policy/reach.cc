// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One visitor for each question that is put to a matcher.
#include "policy/reach.h"

#include <algorithm>

#include "core/pattern.h"
#include "policy/words.h"

namespace daypass::policy {
namespace {

using std::string_view;

bool IsShortOption(string_view word) {
  return word.size() == 2 && word[0] == '-' && word[1] != '-';
}
bool IsLongOption(string_view word) {
  return word.size() > 2 && word.starts_with("--");
}

/// Whether the program would take this very argument for the word.
bool IsTakenFor(string_view argument, string_view word) {
  if (IsShortOption(word)) {
    return argument.starts_with('-') && !argument.starts_with("--") &&
           argument.find(word[1], 1) != string_view::npos;
  }
  if (IsLongOption(word)) {
    const string_view name = argument.substr(0, argument.find('='));
    return name.size() > 2 && word.starts_with(name);
  }
  return word.ends_with('=') ? argument.starts_with(word) : argument == word;
}

/// The same of all arguments that begin with `beginning` and then go on in any way.
bool MayBecome(string_view beginning, string_view word) {
  if (IsTakenFor(beginning, word)) return true;
  if (IsShortOption(word)) {
    return string_view("-").starts_with(beginning) ||
           (beginning.starts_with('-') && !beginning.starts_with("--"));
  }
  // Not yet as far as the "=": the name may still become the word's.
  if (beginning.find('=') == string_view::npos) return word.starts_with(beginning);
  return false;
}

/// What every match of a pattern begins with.
std::string BeginningOf(const core::PatternRange& range) {
  if (!range.has_end) return "";
  const size_t size = std::min(range.lo.size(), range.hi.size());
  size_t same = 0;
  while (same < size && range.lo[same] == range.hi[same]) ++same;
  return range.lo.substr(0, same);
}

/// Whether something that begins with `beginning` lies in the range.
bool Overlaps(const core::PatternRange& range, const std::string& beginning) {
  if (!range.has_end) return true;
  return range.lo.substr(0, beginning.size()) <= beginning && beginning <= range.hi;
}

bool FullyMatches(const std::string& re, const std::string& text) {
  return core::MakePatternMatcher()(re, text);
}

bool MayBeginWithDash(const std::string& re) {
  const core::PatternRange range = core::RangeOfPattern(re);
  const std::string beginning = BeginningOf(range);
  return beginning.empty() ? Overlaps(range, "-") : beginning.starts_with('-');
}

bool PatternCanReach(const std::string& re, string_view word) {
  if (!word.starts_with('-') && !word.ends_with('=')) return FullyMatches(re, std::string(word));
  const core::PatternRange range = core::RangeOfPattern(re);
  const std::string beginning = BeginningOf(range);
  if (!beginning.empty()) return MayBecome(beginning, word);
  return Overlaps(range, word.starts_with('-') ? "-" : std::string(word));
}

struct Reach {
  string_view word;
  bool operator()(const core::MatchIs& match) const { return IsTakenFor(match.value, word); }
  bool operator()(const core::MatchOneOf& match) const {
    return std::ranges::any_of(match.values,
                               [&](const std::string& value) { return IsTakenFor(value, word); });
  }
  bool operator()(const core::MatchInt& match) const {
    return match.lo < 0 && IsShortOption(word) && word[1] >= '0' && word[1] <= '9';
  }
  // Written as a path, with "/" or "." in front: neither option nor verb.
  bool operator()(const core::MatchUnder&) const { return false; }
  bool operator()(const core::MatchPattern& match) const { return PatternCanReach(match.re, word); }
};

/// Whether whatever the matcher lets through is one of the words.
bool IsAlwaysOneOf(const core::Matcher& matcher, const std::vector<string_view>& words) {
  const auto is_word = [&](string_view value) {
    return std::ranges::find(words, value) != words.end();
  };
  if (const auto* is = std::get_if<core::MatchIs>(&matcher)) return is_word(is->value);
  const auto* one_of = std::get_if<core::MatchOneOf>(&matcher);
  return one_of != nullptr && std::ranges::all_of(one_of->values, is_word);
}

/// A pattern of whole texts alone, "(nginx|haproxy)", is a choice of its author's.
bool IsFree(const core::Matcher& matcher) {
  const auto* pattern = std::get_if<core::MatchPattern>(&matcher);
  return pattern != nullptr && pattern->re.find_first_of("*+.[{\\") != std::string::npos &&
         BeginningOf(core::RangeOfPattern(pattern->re)).empty();
}

using IsPrecious = std::function<bool(string_view path, bool below)>;

/// "/etc/x", and the path in "of=/etc/x", "--output=/etc/x" and "-o/etc/x".
bool NamesFile(string_view argument, const IsPrecious& is_precious) {
  const size_t slash = argument.find('/');
  if (slash == string_view::npos) return false;
  const char before = slash == 0 ? '=' : argument[slash - 1];
  const bool begins = before == '=' || before == ':' || (slash == 2 && argument[0] == '-');
  return begins && is_precious(argument.substr(slash), false);
}

struct NameFile {
  const IsPrecious& is_precious;
  bool operator()(const core::MatchIs& match) const { return NamesFile(match.value, is_precious); }
  bool operator()(const core::MatchOneOf& match) const {
    return std::ranges::any_of(
        match.values, [&](const std::string& value) { return NamesFile(value, is_precious); });
  }
  bool operator()(const core::MatchInt&) const { return false; }
  bool operator()(const core::MatchUnder& match) const { return is_precious(match.path, true); }
  // "/srv/.*" matches "/srv/../etc" as well.
  bool operator()(const core::MatchPattern& match) const {
    return FullyMatches(match.re, "x/y") || FullyMatches(match.re, "..") || IsFree(match) ||
           core::RangeOfPattern(match.re).lo.find('/') != std::string::npos;
  }
};

}  // namespace

bool CanReach(const core::CommandRule& rule, string_view word) {
  return rule.rest_any || std::ranges::any_of(rule.args, [&](const core::Matcher& matcher) {
           return std::visit(Reach{word}, matcher);
         });
}

bool AlwaysHasOneOf(const core::CommandRule& rule, string_view words) {
  std::vector<string_view> options = SplitWords(words);
  const auto end_of_options =
      std::ranges::partition(options, [](string_view word) { return word.starts_with('-'); });
  const std::vector<string_view> verbs(end_of_options.begin(), end_of_options.end());
  options.erase(end_of_options.begin(), options.end());
  if (!rule.args.empty() && IsAlwaysOneOf(rule.args.front(), verbs)) return true;
  for (const core::Matcher& matcher : rule.args) {
    if (IsAlwaysOneOf(matcher, options)) return true;
    // What is typed here may be "--", or an option that takes the next argument for its value.
    const auto* pattern = std::get_if<core::MatchPattern>(&matcher);
    if (pattern != nullptr && MayBeginWithDash(pattern->re)) return false;
  }
  return false;
}

bool HasFreeArgument(const core::CommandRule& rule) {
  return rule.rest_any || std::ranges::any_of(rule.args, IsFree);
}

bool CanNameFile(const core::CommandRule& rule, const IsPrecious& is_precious) {
  return rule.rest_any || std::ranges::any_of(rule.args, [&](const core::Matcher& matcher) {
           return std::visit(NameFile{is_precious}, matcher);
         });
}

}  // namespace daypass::policy
