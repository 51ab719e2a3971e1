// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A sudoers file, as sudo's own cvtsudoers reads it and writes it as JSON, with its aliases put in.
// Who, where and which command becomes a rule only if a rule can say exactly that, or less.
#include <algorithm>
#include <array>

#include "core/escape.h"
#include "policy/describe.h"
#include "policy/suggest.h"
#include "policy/words.h"
#include "wire/json_reader.h"
#include "wire/string_rule.h"

namespace daypass::policy {
namespace {

constexpr wire::StringRule kAnyText{0, 64 << 10, nullptr, "UTF-8"};
constexpr wire::Count kAnyCount{0, 100000};
constexpr std::string_view kAll = "ALL";

/// One specification: who, where, as whom, and with which tags.
struct Line {
  std::set<std::string> accounts, groups, hosts;
  std::vector<std::string> runas;
  std::string who, as, tags;  ///< for people
  std::string unclear;        ///< what no rule can say
  std::vector<std::string> notes;
};

struct Command {
  std::string text;
  bool negated = false;
  bool has_digest = false;
};

std::string Text(wire::ObjectReader& in, const char* key) {
  return in.OptString(key, kAnyText).value_or("");
}

void Each(wire::ObjectReader& in, const char* key, const wire::ObjectReader::Visit& visit) {
  if (in.Has(key)) in.Objects(key, kAnyCount, visit);
}

/// A name, or what stands where there is none: a number, a network, a netgroup.
std::string Shown(const std::string& name, bool negated) {
  return (negated ? "!" : "") + (name.empty() ? "(no name)" : name);
}

void ReadUsers(wire::ObjectReader& spec, Line& line) {
  std::vector<std::string> names;
  Each(spec, "User_List", [&](wire::ObjectReader& user) {
    const std::string name = Text(user, "username");
    const std::string group = Text(user, "usergroup");
    const bool negated = user.OptBool("negated");
    names.push_back(Shown(group.empty() ? name : "%" + group, negated));
    if (negated || name == kAll || !wire::IsAccount(group.empty() ? name : group)) {
      line.unclear = "it is not for accounts and groups by their names";
    }
    if (!name.empty()) line.accounts.insert(name);
    if (!group.empty()) line.groups.insert(group);
  });
  line.who = Join(names);
}

void ReadHosts(wire::ObjectReader& spec, Line& line) {
  std::vector<std::string> names;
  bool is_clear = true;
  Each(spec, "Host_List", [&](wire::ObjectReader& host) {
    const std::string name = Text(host, "hostname");
    const bool negated = host.OptBool("negated");
    names.push_back(Shown(name, negated));
    is_clear = is_clear && !negated && (name == kAll || wire::IsHostName(name));
    line.hosts.insert(name == kAll ? std::string(kUnknownHost) : name);
  });
  if (!is_clear || names.empty()) line.unclear = "it is not for hosts by their names";
  line.who += " on " + Join(names);
}

/// `is_root_default`: what nothing says as whom runs as root.
void ReadRunAs(wire::ObjectReader& in, bool is_root_default, Line& line) {
  Each(in, "runasusers", [&](wire::ObjectReader& user) {
    const std::string name = Text(user, "username");
    const bool negated = user.OptBool("negated");
    line.as += (line.as.empty() ? "" : ", ") + core::ForTerminal(Shown(name, negated));
    if (negated || !wire::IsAccount(name)) {
      line.unclear = "it does not run as accounts by their names";
    }
    line.runas.push_back(name == kAll ? "root" : name);
    if (name == kAll) line.notes.emplace_back("sudoers: as anybody; this rule: as root");
  });
  bool has_groups = false;
  Each(in, "runasgroups", [&](wire::ObjectReader&) { has_groups = true; });
  if (has_groups) line.notes.emplace_back("sudoers: with other groups, too; this rule: without");
  if (!line.runas.empty()) return;
  line.runas = {"root"};
  line.as = has_groups ? "themselves" : "whom it says nowhere";
  if (is_root_default && !has_groups) line.as = "root";
  if (line.as != "root") line.unclear = "it runs as " + line.as;
}

/// What no rule says the same about. A tag that is off, or only about passwords and logs, is no
/// matter.
void ReadTags(wire::ObjectReader& in, Line& line) {
  constexpr std::array kFlags = {"noexec", "intercept"};
  constexpr std::array kSettings = {
      "runcwd", "runchroot", "command_timeout",  "notbefore", "notafter",
      "role",   "type",      "apparmor_profile", "privs",     "limitprivs"};
  Each(in, "Options", [&](wire::ObjectReader& option) {
    for (const char* key : kFlags) {
      if (option.OptBool(key)) line.unclear = "it is marked " + std::string(key);
    }
    for (const char* key : kSettings) {
      if (option.Has(key)) line.unclear = "it has a " + std::string(key);
    }
    if (option.Has("authenticate") && !option.OptBool("authenticate")) line.tags = " NOPASSWD:";
  });
}

std::vector<Command> ReadCommands(wire::ObjectReader& in) {
  std::vector<Command> commands;
  Each(in, "Commands", [&](wire::ObjectReader& one) {
    const bool has_digest =
        one.Has("sha224") || one.Has("sha256") || one.Has("sha384") || one.Has("sha512");
    commands.push_back({Text(one, "command"), one.OptBool("negated"), has_digest});
  });
  return commands;
}

std::string Resolved(const Files& files, std::string_view path) {
  core::Query query;
  query.command = path;
  Simulator::Resolve(files, query);
  return query.command_path.canonical;
}

/// Fills in the rule. Returns why none can be made, "" if one was.
std::string MakeRule(const std::string& text, const Files& files, Sketch& sketch) {
  if (text == kAll) {
    sketch.full = true;
    return sketch.machine ? "a standing rule is of exact commands" : "";
  }
  std::vector<std::string_view> words = SplitWords(text);
  const bool wants_none = words.size() == 2 && words[1] == "\"\"";
  if (wants_none) words.pop_back();
  if (words.empty()) return "it names no command";
  for (const std::string_view word : words) {
    if (word.find_first_of("*?[]\\\"") != std::string_view::npos || word.starts_with('^')) {
      return "it has a pattern: write what is meant by it";
    }
  }
  if (words.front() == "sudoedit") {
    core::EditRule edit;
    for (size_t i = 1; i < words.size(); ++i) edit.files.push_back(Resolved(files, words[i]));
    if (edit.files.size() > 1) return "it is for all of these files at once";
    if (words.size() > 1 && !words[1].starts_with('/')) return "a path that is not absolute";
    sketch.rule.kind = std::move(edit);
  } else {
    core::CommandRule command;
    if (!words.front().starts_with('/')) return "a path that is not absolute";
    if (words.front().ends_with('/')) return "it is for all commands of a folder";
    command.path = Resolved(files, words.front());
    for (size_t i = 1; i < words.size(); ++i)
      command.args.emplace_back(core::MatchIs{std::string(words[i])});
    command.rest_any = words.size() == 1 && !wants_none;
    if (command.rest_any) sketch.evidence.emplace_back("WIDE: any arguments, as sudoers says");
    sketch.rule.kind = std::move(command);
  }
  return WhyUnwritable(sketch.rule).value_or("");
}

class Reader {
 public:
  Reader(const Files& files, const std::set<std::string>& machines)
      : files_(files), machines_(machines) {}

  void ReadDefaults(wire::ObjectReader& defaults) {
    Each(defaults, "Options", [&](wire::ObjectReader& option) {
      if (option.Has("runas_default")) is_root_default_ = false;
    });
  }

  void ReadSpec(wire::ObjectReader& spec) {
    Line line;
    ReadUsers(spec, line);
    ReadHosts(spec, line);
    // Root needs no rule.
    const bool is_roots = line.accounts == std::set<std::string>{"root"} && line.groups.empty();
    line.accounts.erase("root");
    Each(spec, "Cmnd_Specs", [&](wire::ObjectReader& in) {
      Line here = line;
      ReadRunAs(in, is_root_default_, here);
      ReadTags(in, here);
      const std::vector<Command> commands = ReadCommands(in);
      if (!is_roots) Add(here, commands);
    });
  }

  /// sudo lets the last line that matches win: what one refuses, it refuses others, too.
  Sketches Finish() {
    for (Sketch& sketch : made_.rules) {
      const auto* command = std::get_if<core::CommandRule>(&sketch.rule.kind);
      for (const std::string& text : refused_) {
        const std::vector<std::string_view> words = SplitWords(text);
        const bool is_another = !sketch.full && command != nullptr && !words.empty() &&
                                wire::IsCanonicalPath(words.front()) &&
                                words.front().find_first_of("*?[]\\") == std::string_view::npos &&
                                Resolved(files_, words.front()) != command->path;
        if (is_another) continue;
        sketch.evidence.push_back("WIDER: elsewhere, sudoers refuses " + text);
      }
    }
    return std::move(made_);
  }

 private:
  void Add(Line line, const std::vector<Command>& commands) {
    for (const Command& command : commands) {
      if (!command.negated) continue;
      line.unclear = "it excepts commands, and no rule takes away";
      refused_.insert(command.text);
    }
    for (const Command& command : commands) {
      Line here = line;
      if (here.unclear.empty() && command.has_digest) {
        here.unclear = "it has a digest: write sha256 into the rule";
      }
      AddCommand(here, command);
    }
  }

  /// Machines and persons are apart, and one rule runs as one account.
  void AddCommand(const Line& line, const Command& command) {
    const std::string shown = "sudoers: " + line.who + " as " + line.as + ":" + line.tags + " " +
                              (command.negated ? "!" : "") + core::ForTerminal(command.text);
    std::string why = line.unclear;
    for (const bool is_machine : {false, true}) {
      Sketch sketch;
      sketch.machine = is_machine;
      for (const std::string& account : line.accounts) {
        if (machines_.contains(account) == is_machine) sketch.accounts.insert(account);
      }
      if (!is_machine) sketch.groups = line.groups;
      if (!why.empty() || (sketch.accounts.empty() && sketch.groups.empty())) continue;
      sketch.evidence = {shown};
      why = MakeRule(command.text, files_, sketch);
      if (!why.empty()) continue;
      AddFor(line, std::move(sketch));
    }
    if (!why.empty()) made_.by_hand.push_back(shown + ": " + why);
  }

  void AddFor(const Line& line, Sketch sketch) {
    sketch.hosts = line.hosts;
    sketch.evidence.insert(sketch.evidence.end(), line.notes.begin(), line.notes.end());
    for (const std::string& runas : std::set<std::string>(line.runas.begin(), line.runas.end())) {
      sketch.runas = runas;
      made_.rules.push_back(sketch);
    }
  }

  const Files& files_;
  const std::set<std::string>& machines_;
  bool is_root_default_ = true;
  std::set<std::string> refused_;
  Sketches made_;
};

/// cvtsudoers 1.9.13 writes these two into a list as if it were an object.
std::string Mend(std::string_view json) {
  std::string text;
  while (!json.empty()) {
    const size_t end = std::min(json.find('\n'), json.size() - 1) + 1;
    const std::string_view line = json.substr(0, end);
    json.remove_prefix(end);
    const size_t begin = std::min(line.find_first_not_of(' '), line.size());
    const std::string_view member = line.substr(begin);
    if (!member.starts_with("\"runcwd\": ") && !member.starts_with("\"runchroot\": ")) {
      text += line;
      continue;
    }
    const size_t quote = member.rfind('"') + 1;
    text += "{" + std::string(member.substr(0, quote)) + "}" + std::string(member.substr(quote));
  }
  return text;
}

}  // namespace

core::Result<void> SketchSudoers(std::string_view json, const Files& files,
                                 const std::set<std::string>& machines, Sketches& sketches) {
  const std::string mended = Mend(json);
  const core::Result<wire::Json> parsed =
      wire::ParseJson(mended, {.max_bytes = mended.size(), .max_string = kAnyText.max_bytes});
  if (!parsed) return parsed.error();
  wire::ObjectReader in(parsed->get(), wire::UnknownKeys::kIgnore);
  Reader reader(files, machines);
  Each(in, "Defaults", [&](wire::ObjectReader& all) { reader.ReadDefaults(all); });
  Each(in, "User_Specs", [&](wire::ObjectReader& spec) { reader.ReadSpec(spec); });
  if (auto done = in.Finish(); !done) return done;
  Sketches made = reader.Finish();
  std::ranges::move(made.rules, std::back_inserter(sketches.rules));
  std::ranges::move(made.by_hand, std::back_inserter(sketches.by_hand));
  return {};
}

}  // namespace daypass::policy
