// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// [[role.rules]]: one command, argument by argument, or the files of sudoedit.
#include "core/pattern.h"
#include "policy/lint.h"
#include "policy/pass.h"

namespace daypass::policy {
namespace {

constexpr wire::StringRule kArgument = wire::kOptionalLine;

core::Matcher ReadPattern(TomlTable& matcher) {
  const PlacedText re = matcher.Text("re", wire::kLine);
  if (const core::Result<void> compiles = core::CheckPattern(re.value); !compiles) {
    matcher.Fail(re.place, "re: " + compiles.error().what);
  }
  return core::MatchPattern{re.value};
}

core::Matcher ReadRange(TomlTable& matcher) {
  const std::vector<int64_t> range = matcher.Integers("int", 2);
  if (range[0] > range[1]) {
    matcher.Fail(matcher.PlaceOf("int"), "int: the first number must not be above the second");
  }
  return core::MatchInt{range[0], range[1]};
}

core::Matcher ReadMatcher(TomlTable matcher) {
  core::Matcher value = core::MatchIs{};
  if (matcher.Has("one_of")) {
    value = core::MatchOneOf{Values(matcher.Texts("one_of", kArgument))};
    if (std::get<core::MatchOneOf>(value).values.empty()) {
      matcher.Fail(matcher.PlaceOf("one_of"), "one_of must name at least one text");
    }
  } else if (matcher.Has("int")) {
    value = ReadRange(matcher);
  } else if (matcher.Has("under")) {
    value = core::MatchUnder{matcher.Text("under", wire::kPath).value};
  } else if (matcher.Has("re")) {
    value = ReadPattern(matcher);
  } else if (matcher.Has("is")) {
    value = core::MatchIs{matcher.Text("is", kArgument).value};
  } else {
    matcher.Fail(matcher.place(), "a matcher is a text, or one of is, one_of, int, under, re");
    return value;
  }
  matcher.Finish();
  return value;
}

struct WriteMatcher {
  wire::ObjectBuilder& json;
  void operator()(const core::MatchIs& match) const { json.String("is", match.value); }
  void operator()(const core::MatchOneOf& match) const { json.Strings("one_of", match.values); }
  void operator()(const core::MatchInt& match) const {
    json.Array("int", wire::ArrayBuilder().Int(match.lo).Int(match.hi));
  }
  void operator()(const core::MatchUnder& match) const { json.String("under", match.path); }
  void operator()(const core::MatchPattern& match) const { json.String("re", match.re); }
};

wire::ObjectBuilder ReadEdit(TomlTable edit) {
  wire::ObjectBuilder json;
  json.Strings("files", Values(edit.Texts("files", wire::kPath)));
  edit.Finish();
  return json;
}

core::CommandRule ReadCommand(TomlTable& rule, wire::ObjectBuilder& json) {
  core::CommandRule command;
  command.path = rule.Text("path", wire::kPath).value;
  json.String("path", command.path);
  wire::ArrayBuilder args;
  for (TomlTable::Item& item : rule.OptionalItems("args", kArgument)) {
    command.args.push_back(item.text ? core::MatchIs{item.text->value}
                                     : ReadMatcher(*std::move(item.table)));
    wire::ObjectBuilder matcher;
    std::visit(WriteMatcher{matcher}, command.args.back());
    args.Object(matcher);
  }
  json.Array("args", args);
  const std::optional<PlacedText> rest = rule.OptionalText("rest", wire::kName);
  command.rest_any = rest && rest->value == "any";
  if (rest && !command.rest_any && rest->value != "none") {
    rule.Fail(rest->place, "rest must be \"none\" or \"any\"");
  }
  json.String("rest", command.rest_any ? "any" : "none");
  if (const auto cwd = rule.OptionalText("cwd", wire::kPath)) json.String("cwd", cwd->value);
  if (const auto digest = rule.OptionalText("sha256", wire::kDigest)) {
    json.String("sha256", digest->value);
  }
  if (rule.Has("may_run")) json.Strings("may_run", Values(rule.Texts("may_run", wire::kPath)));
  command.equals_root = rule.OptionalFlag("equals_root");
  if (command.equals_root) json.Bool("equals_root", true);
  return command;
}

}  // namespace

BuiltRule ReadRule(TomlTable rule) {
  const PlacedText id = rule.Text("id", wire::kName);
  rule.SetLabel("rule \"" + wire::Printable(id.value) + "\"");
  BuiltRule built;
  built.json.String("id", id.value);
  if (rule.Has("edit")) {
    built.json.Object("edit", ReadEdit(rule.Table("edit")));
    rule.Finish();
    return built;
  }
  const core::CommandRule command = ReadCommand(rule, built.json);
  built.equals_root = command.equals_root;
  if (const std::optional<std::string> why = WhyEqualsRoot(command); why && !built.equals_root) {
    rule.Fail(rule.PlaceOf("path"), *why +
                                        "; whoever may run it is root. If that is meant, write "
                                        "equals_root = true in the rule");
  }
  rule.Finish();
  return built;
}

}  // namespace daypass::policy
