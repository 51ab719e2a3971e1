// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The agent judges the same when a command is run, and refuses; here it is said before.
#include <sys/stat.h>

#include <climits>
#include <cstdlib>
#include <memory>
#include <optional>

#include "platform/file.h"
#include "policy/lint/lints.h"

namespace daypass::policy {
namespace {

constexpr size_t kMaxInterpreterLine = 256;
constexpr mode_t kWritableByOthers = S_IWGRP | S_IWOTH;

/// A path of the host as it resolves, without the prefix; none if it leads nowhere.
std::optional<std::string> Canonical(const std::string& root, const std::string& path) {
  const std::unique_ptr<char, decltype(&std::free)> real(realpath((root + path).c_str(), nullptr),
                                                         &std::free);
  if (!real) return std::nullopt;
  const std::string canonical(real.get());
  return canonical.starts_with(root) ? canonical.substr(root.size()) : canonical;
}

/// The first component of a canonical path that somebody else than root can change, and how.
std::string WhyUnsafe(const std::string& root, const std::string& path) {
  for (size_t end = 0; end != std::string::npos;) {
    end = path.find('/', end + 1);
    const std::string part = path.substr(0, end);
    struct stat info{};
    if (lstat((root + part).c_str(), &info) != 0) return part + " cannot be looked at";
    if (info.st_uid != 0) return part + " does not belong to root";
    if ((info.st_mode & kWritableByOthers) != 0)
      return part + " can be written by others than root";
  }
  return "";
}

/// "/bin/sh" of a file that begins "#!/bin/sh -e"; empty for anything else.
std::string InterpreterOf(const std::string& file) {
  const core::Result<std::string> text = platform::ReadBeginning(file, kMaxInterpreterLine);
  if (!text || !text->starts_with("#!")) return "";
  const std::string line = text->substr(2, text->find('\n') - 2);
  const size_t begin = line.find_first_not_of(" \t");
  if (begin == std::string::npos) return "";
  return line.substr(begin, line.find_first_of(" \t", begin) - begin);
}

void LintScript(const std::string& root, const std::string& path, const wire::Place& place,
                Findings& findings) {
  const std::string interpreter = InterpreterOf(root + path);
  if (interpreter.empty()) return;
  const std::optional<std::string> canonical = Canonical(root, interpreter);
  const std::string unsafe =
      canonical ? WhyUnsafe(root, *canonical) : interpreter + " is not there";
  if (!unsafe.empty()) {
    findings.push_back({Severity::kWarning, "unsafe-interpreter", place,
                        path + " is a script, and its interpreter is not safe here: " + unsafe,
                        "who can change it runs as root; this host refuses the command",
                        "sudo chown root, chmod go-w, or another interpreter"});
  } else if (interpreter.ends_with("/env")) {
    findings.push_back({Severity::kHint, "script-through-env", place,
                        path + " is a script that finds its interpreter through PATH",
                        "what it means depends on more than the file",
                        "write the interpreter's own path behind #!"});
  }
}

void LintPath(const std::string& root, const std::string& path, const wire::Place& place,
              Findings& findings) {
  const std::optional<std::string> canonical = Canonical(root, path);
  if (!canonical) {
    findings.push_back({Severity::kWarning, "missing-path", place, path + " is not on this host",
                        "nobody can run it here, and whoever can put it there decides what it is",
                        "install it, or correct the path"});
    return;
  }
  if (*canonical != path) {
    findings.push_back({Severity::kWarning, "symlink", place, path + " leads to " + *canonical,
                        "hosts compare what a path leads to, so this rule never matches here",
                        "write path = \"" + *canonical + "\""});
  }
  if (const std::string unsafe = WhyUnsafe(root, *canonical); !unsafe.empty()) {
    findings.push_back({Severity::kWarning, "unsafe-path", place,
                        path + " is not safe on this host: " + unsafe,
                        "who can change it decides what root does; this host refuses it",
                        "sudo chown root, chmod go-w"});
    return;
  }
  LintScript(root, *canonical, place, findings);
}

void LintRule(const std::string& root, const core::Rule& rule, const wire::Place& place,
              Findings& findings) {
  if (const auto* command = std::get_if<core::CommandRule>(&rule.kind)) {
    LintPath(root, command->path, place, findings);
    return;
  }
  for (const std::string& file : std::get<core::EditRule>(rule.kind).files) {
    // One that is yet to be made is no fault.
    if (Canonical(root, file)) LintPath(root, file, place, findings);
  }
}

}  // namespace

void LintHost(const Linted& linted, const std::string& root, Findings& findings) {
  for (const core::Role& role : linted.policy.roles) {
    const RolePlaces& places = linted.places.roles.at(role.name);
    for (size_t i = 0; i < role.rules.size(); ++i) {
      LintRule(root, role.rules[i], places.rules.at(i), findings);
    }
  }
}

}  // namespace daypass::policy
