// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Sketches as the sources of a policy: rules of the same people, as the same user, are one role.
#include <algorithm>
#include <map>

#include "core/escape.h"
#include "policy/describe.h"
#include "policy/lint.h"
#include "policy/suggest.h"
#include "wire/string_rule.h"

namespace daypass::policy {
namespace {

constexpr size_t kMostNamesInName = 3;
constexpr size_t kMostRules = 100;                 // of a role: more are nobody's to read
constexpr size_t kMostHolders = 1000;              // accounts, groups and hosts of a role
constexpr size_t kMostRoles = 900;                 // a file each
constexpr size_t kMaxFileBytes = size_t{1} << 20;  // that a policy's sources may have
constexpr std::string_view kApprovers = "approvers";

std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string List(const auto& items) {
  std::string text;
  for (const std::string& item : items) text += (text.empty() ? "" : ", ") + Quoted(item);
  return "[" + text + "]";
}

/// "# text", one line whatever the text holds.
std::string Comment(const std::string& text) {
  return "# " + core::ForTerminal(text) + "\n";
}

/// The nearest name that a role or person may have.
std::string NameOf(std::string_view text) {
  std::string name;
  for (const char c : text) {
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool is_good = (lower >= 'a' && lower <= 'z') || (lower >= '0' && lower <= '9') ||
                         lower == '.' || lower == '-' || lower == '_';
    name += is_good ? lower : '-';
  }
  name = name.substr(0, 40);
  const bool begins_well =
      !name.empty() && name.front() != '.' && name.front() != '-' && name.front() != '_';
  return begins_well ? name : "x" + name;
}

/// Names that are not taken yet.
class Names {
 public:
  std::string Take(const std::string& wanted) {
    std::string name = wanted;
    for (int i = 2; !taken_.insert(name).second; ++i) name = wanted + "-" + std::to_string(i);
    return name;
  }

 private:
  std::set<std::string> taken_;
};

struct WriteMatcher {
  std::string operator()(const core::MatchIs& m) const { return Quoted(m.value); }
  std::string operator()(const core::MatchOneOf& m) const {
    return "{ one_of = " + List(m.values) + " }";
  }
  std::string operator()(const core::MatchInt& m) const {
    return "{ int = [" + std::to_string(m.lo) + ", " + std::to_string(m.hi) + "] }";
  }
  std::string operator()(const core::MatchUnder& m) const {
    return "{ under = " + Quoted(m.path) + " }";
  }
  std::string operator()(const core::MatchPattern& m) const {
    return "{ re = " + Quoted(m.re) + " }";
  }
};

std::string LastPart(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

std::string WriteCommand(const core::CommandRule& command) {
  std::string text;
  if (const std::optional<std::string> why = WhyEqualsRoot(command)) {
    text += Comment("EQUALS ROOT: " + *why) + "equals_root = true\n";
  } else if (const std::optional<std::string> secrets = WhyReadsSecrets(command)) {
    text += Comment("READS SECRETS: " + *secrets);
  }
  text += "path = " + Quoted(command.path) + "\nargs = [";
  for (size_t i = 0; i < command.args.size(); ++i) {
    text += (i > 0 ? ", " : "") + std::visit(WriteMatcher{}, command.args[i]);
  }
  return text + "]\n" + (command.rest_any ? "rest = \"any\"\n" : "");
}

std::string WriteEdit(const core::EditRule& edit) {
  const std::optional<std::string> why = WhyEqualsRoot(edit);
  return (why ? Comment("EQUALS ROOT: " + *why) : "") + "edit = { files = " + List(edit.files) +
         " }\n";
}

/// `table`: "role.rules" or "standing.rules".
std::string WriteRule(const Sketch& sketch, const std::string& table, Names& ids) {
  std::string text;
  const auto* command = std::get_if<core::CommandRule>(&sketch.rule.kind);
  std::string id = command == nullptr ? "edit" : LastPart(command->path);
  if (command != nullptr && !command->args.empty()) {
    const auto* verb = std::get_if<core::MatchIs>(&command->args.front());
    if (verb != nullptr && !verb->value.starts_with('-')) id += "-" + LastPart(verb->value);
  }
  text += "[[" + table + "]]\nid = " + Quoted(ids.Take(NameOf(id))) + "\n";
  return text + (command != nullptr ? WriteCommand(*command)
                                    : WriteEdit(std::get<core::EditRule>(sketch.rule.kind)));
}

/// Whose rules they are, as whom, and whether they are everything, or a machine's: one role.
struct Whose {
  bool machine = false, full = false;
  std::set<std::string> accounts, groups;
  std::string runas, runas_group;
  auto operator<=>(const Whose&) const = default;
};

/// The rules of one role.
struct Job {
  std::vector<const Sketch*> sketches;
  std::set<std::string> hosts;
};

std::map<Whose, Job> JobsOf(const std::vector<Sketch>& sketches) {
  std::map<Whose, Job> jobs;
  for (const Sketch& sketch : sketches) {
    Job& job = jobs[{sketch.machine, sketch.full, sketch.accounts, sketch.groups, sketch.runas,
                     sketch.runas_group}];
    job.sketches.push_back(&sketch);
    job.hosts.insert(sketch.hosts.begin(), sketch.hosts.end());
  }
  return jobs;
}

/// Takes out what a policy cannot hold or nobody would read, and lists it.
void LimitJobs(std::map<Whose, Job>& jobs, std::vector<std::string>& by_hand) {
  size_t roles = 0;
  for (auto job = jobs.begin(); job != jobs.end();) {
    std::vector<const Sketch*>& sketches = job->second.sketches;
    const bool is_large = job->first.accounts.size() + job->first.groups.size() > kMostHolders ||
                          job->second.hosts.size() > kMostHolders || ++roles > kMostRoles;
    const size_t most = is_large ? 0 : kMostRules;
    for (size_t i = most; i < sketches.size(); ++i) {
      by_hand.push_back(Join(sketches[i]->evidence, "; ") + ": " +
                        (is_large
                             ? "too many accounts, hosts or roles"
                             : "the role has " + std::to_string(kMostRules) + " rules without it"));
    }
    sketches.resize(std::min(sketches.size(), most));
    job = is_large ? jobs.erase(job) : std::next(job);
  }
}

std::string JobName(const Whose& whose) {
  constexpr size_t kMostBytes = 50;  // a number may follow, and a name has 63
  std::vector<std::string> names(whose.accounts.begin(), whose.accounts.end());
  names.insert(names.end(), whose.groups.begin(), whose.groups.end());
  std::string name;
  for (size_t i = 0; i < names.size() && i < kMostNamesInName; ++i) {
    name += (i > 0 ? "-" : "") + NameOf(names[i]).substr(0, 12);
  }
  if (names.size() > kMostNamesInName) name += "-and-others";
  if (whose.full) name += "-full";
  if (whose.runas != "root") name += "-as-" + NameOf(whose.runas);
  if (!whose.runas_group.empty()) name += "-group-" + NameOf(whose.runas_group);
  return name.substr(0, kMostBytes);
}

std::string WritePlaces(const Whose& whose, const Job& job) {
  std::string text;
  if (job.hosts.contains(std::string(kUnknownHost))) {
    text += Comment("On which hosts is not known, or it is all: write the names of those meant.");
  }
  text += "hosts = { names = " + List(job.hosts) + " }\ndoors = [\"sudo\"]\nrun_as = { users = [" +
          Quoted(whose.runas) + "]";
  if (!whose.runas_group.empty()) text += ", groups = [" + Quoted(whose.runas_group) + "]";
  return text + " }\n";
}

/// What the rule was made of; and where the role joins it with others, that it is wider by that.
std::string WriteEvidence(const Sketch& sketch, const Job& job) {
  std::string text;
  for (const std::string& line : sketch.evidence) text += Comment(line);
  if (sketch.hosts.size() < job.hosts.size()) {
    text += Comment("WIDER than what was seen: on " + std::to_string(sketch.hosts.size()) +
                    " of the role's " + std::to_string(job.hosts.size()) + " hosts");
  }
  return text;
}

std::string WriteRules(const Job& job, const std::string& table) {
  std::string text;
  Names ids;
  for (const Sketch* sketch : job.sketches) {
    text += "\n" + WriteEvidence(*sketch, job) + WriteRule(*sketch, table, ids);
  }
  return text;
}

/// What accounts and unix groups are called in the policy.
struct People {
  std::string administrator;
  std::map<std::string, std::string> persons, groups;
};

std::string WriteRole(const std::string& name, const Whose& whose, const Job& job,
                      const People& people) {
  std::set<std::string> persons, groups;
  for (const std::string& account : whose.accounts) persons.insert(people.persons.at(account));
  for (const std::string& group : whose.groups) groups.insert(people.groups.at(group));
  std::string text = "[[role]]\nname = " + Quoted(name) +
                     "\ndescription = \"suggested: say what it is for\"\n" +
                     WritePlaces(whose, job) +
                     "max_duration = \"4h\"\nmax_offline = \"4h\"\nstart = [\"approval\", "
                     "\"first_use\"]\nsubjects = {";
  if (!persons.empty()) text += " people = " + List(persons);
  if (!groups.empty()) text += (persons.empty() ? " groups = " : ", groups = ") + List(groups);
  text += " }\n";
  if (whose.full) {
    for (const Sketch* sketch : job.sketches) text += WriteEvidence(*sketch, job);
    text += Comment("EQUALS ROOT: any command. Find out what is really run, and write that.") +
            "full = true\n";
  }
  text += "\n[[role.approve]]\ncount = 1\ngroups = [" + Quoted(kApprovers) +
          "]\nkeys = \"any\"  # \"touch\" wants FIDO2 keys, and is right for what equals root\n";
  return whose.full ? text : text + WriteRules(job, "role.rules");
}

std::string WriteHead(const std::string& realm, const std::string& administrator) {
  return "# Suggested by `daypass policy suggest`: read each rule, and take out what nobody "
         "needs.\n"
         "# Then fill in the keys: every line that says PASTE.\n\n"
         "# Drawn once, for good: what is signed for another realm means nothing here.\nrealm = " +
         Quoted(realm) +
         "\nversion = 1\nexpires_days = 30\n\n"
         "[administrators]\nthreshold = 1  # two or more is better\n"
         "people = [" +
         Quoted(administrator) +
         "]\n\n"
         "[server]\nstatus_keys = [\"ssh-ed25519 PASTE-THE-STATUS-KEY-OF-THE-SERVER\"]\n"
         "automatic_keys = []\n\n"
         "[limits]\nmax_duration = \"8h\"\nmax_pending = \"1d\"\nmax_offline = \"8h\"\n";
}

std::string WriteStanding(const std::string& name, const Whose& whose, const Job& job) {
  return "\n# Accounts of machines, which nobody can ask: without an approval.\n"
         "[[standing]]\nname = " +
         Quoted(name) + "\naccounts = " + List(whose.accounts) + "\n" + WritePlaces(whose, job) +
         WriteRules(job, "standing.rules");
}

std::string WritePerson(const std::string& name, const std::vector<std::string>& accounts,
                        const std::vector<std::string>& groups, std::string_view uses) {
  std::string shout = name;
  std::ranges::transform(shout, shout.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  });
  return "\n[[person]]\nname = " + Quoted(name) + "\naccounts = " + List(accounts) +
         "\ngroups = " + List(groups) +
         "\n[[person.key]]\nkey = \"ssh-ed25519 PASTE-A-PUBLIC-KEY-OF-" + shout + "\"\nuses = [" +
         std::string(uses) + "]\n";
}

/// people.toml, and what everybody is called.
std::string WritePeople(const std::map<Whose, Job>& jobs, People& people) {
  for (const auto& [whose, job] : jobs) {
    if (whose.machine) continue;
    for (const std::string& account : whose.accounts) people.persons[account];
    for (const std::string& group : whose.groups) people.groups[group];
  }
  // Nobody is called as somebody else's account, and no unix group as the approvers.
  Names persons, groups;
  for (const auto& [account, name] : people.persons) (void)persons.Take(account);
  const std::vector<std::string> approvers = {groups.Take(std::string(kApprovers))};
  std::string text =
      "# Everybody who asks, approves or administers, each with the public key of their own.\n";
  people.administrator = persons.Take("the-administrator");
  text += WritePerson(people.administrator, {}, {}, "\"signin\", \"administer\"");
  for (const char* name : {"first-approver", "second-approver"}) {
    text += WritePerson(persons.Take(name), {}, approvers, "\"signin\", \"approve\"");
  }
  for (auto& [account, name] : people.persons) {
    name = NameOf(account);
    if (name != account) name = persons.Take(name);
    text += WritePerson(name, {account}, {}, "\"signin\"");
  }
  for (auto& [group, name] : people.groups) {
    name = groups.Take(NameOf(group));
    text +=
        "\n" + Comment("In place of this one, write the members of the unix group " + group + ".");
    text += WritePerson(persons.Take("somebody-of-" + name), {}, {name}, "\"signin\"");
  }
  return text;
}

std::string WriteByHand(const std::vector<std::string>& by_hand) {
  std::string text = "What no rule was made of, and why. Decide each by hand.\n\n";
  for (const std::string& line : by_hand) text += core::ForTerminal(line) + "\n";
  return text;
}

}  // namespace

core::Result<std::vector<SourceFile>> WriteSuggestion(Sketches& sketches,
                                                      const std::string& realm) {
  std::map<Whose, Job> jobs = JobsOf(sketches.rules);
  LimitJobs(jobs, sketches.by_hand);
  People people;
  std::string people_text = WritePeople(jobs, people);
  std::vector<SourceFile> files = {{"policy.toml", WriteHead(realm, people.administrator)},
                                   {"people/people.toml", std::move(people_text)}};
  Names names;
  for (const auto& [whose, job] : jobs) {
    const std::string name = names.Take(JobName(whose));
    if (whose.machine) {
      files.front().text += WriteStanding(name, whose, job);
    } else {
      files.push_back({"roles/" + name + ".toml", WriteRole(name, whose, job, people)});
    }
  }
  for (const SourceFile& file : files) {
    if (file.text.size() <= kMaxFileBytes) continue;
    return core::Error{core::Reason::kTooLarge,
                       file.name + " would have more than 1 MiB; give fewer logs at a time",
                       file.name};
  }
  if (!sketches.by_hand.empty()) files.push_back({"by-hand.txt", WriteByHand(sketches.by_hand)});
  return files;
}

}  // namespace daypass::policy
