// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The table of programs that give away more than they seem to: one row a program, in a file for
// each kind, so that a reviewer can read it and add to it. policy/reach says what a rule lets
// through to them, policy/lint what follows from it.
//
// A row is for the program as it comes from its makers, and is learnt from its own manual. What is
// not here is unknown, not harmless.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace daypass::policy {

/// What whoever runs the program can do with it.
enum class Power : uint8_t {
  kNone,      ///< no way: the rest of a row
  kShell,     ///< opens a shell, or something from which one is opened
  kRuns,      ///< runs a program or code of the user's choice
  kLoads,     ///< loads code into itself, the kernel or another program
  kWrites,    ///< writes, moves or removes files of the user's choice
  kAccounts,  ///< changes accounts, passwords, owners, modes or capabilities
  kGuard,     ///< changes what guards root: Daypass, sudo, PAM, the kernel's own rules
  kReads,     ///< reads files of the user's choice: secrets, but not yet root
};

/// What the arguments must be like, beside the words.
enum class Needs : uint8_t {
  kNothing,
  kFree,  ///< an argument is the user's choice
  kPath,  ///< an argument is the user's choice, or names a file that root depends on
};

/// One way to that power.
struct Way {
  Power power = Power::kNone;
  /// It takes one of these arguments, with spaces between. Empty: it takes none.
  ///   -x       an option of one letter, alone, bundled ("-ax") or with its value ("-xvalue")
  ///   --long   also shortened, and with its value ("--lo=value")
  ///   -word    exactly this, as find and java write options
  ///   name=    an argument that begins so, as dd writes them
  ///   word     exactly this: a verb
  std::string_view words = {};  // NOLINT(readability-redundant-member-init): rows leave it out
  Needs needs = Needs::kNothing;
  /// It is closed where one of these surely stands: an option anywhere, a verb as first argument.
  std::string_view unless = {};  // NOLINT(readability-redundant-member-init)
};

struct Escape {
  std::string_view program;  ///< last component of its path; digits and dots at the end left out
  std::string_view source;   ///< manual page and section
  Way ways[4];
};

// The kinds, a file each.
std::span<const Escape> ShellEscapes();        ///< shells, and what becomes somebody else
std::span<const Escape> InterpreterEscapes();  ///< languages, debuggers, build tools
std::span<const Escape> EditorEscapes();       ///< editors, pagers, what opens them
std::span<const Escape> RunnerEscapes();       ///< what runs another program
std::span<const Escape> FileEscapes();         ///< copies, archives, filters, permissions
std::span<const Escape> NetworkEscapes();      ///< transfer, remote shells, servers
std::span<const Escape> PackageEscapes();      ///< installers
std::span<const Escape> SystemEscapes();       ///< services, accounts, kernel, disks
std::span<const Escape> ContainerEscapes();    ///< containers, machines, databases

/// All of them, one kind after the other.
std::span<const std::span<const Escape>> EscapeKinds();

/// The row of a program by the path that a rule names ("/usr/bin/python3.11": python), or null.
const Escape* FindEscape(std::string_view path);

}  // namespace daypass::policy
