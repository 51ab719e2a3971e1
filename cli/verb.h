// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A verb of the command line: what it takes, what it does. One file per verb; main.cc has the
// table.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "cli/exit.h"
#include "cli/options.h"
#include "cli/output.h"
#include "core/result.h"
#include "platform/paths.h"

namespace daypass::cli {

/// Options that stand before the verb.
struct Globals {
  bool json = false;
  bool no_color = false;
  std::string server;  ///< instead of cli.toml's
  std::string config;  ///< folder instead of ~/.config/daypass
  std::string root;    ///< prefix of every path of this host
};

/// What every verb works with.
struct Context {
  const Globals& globals;
  Output& out;
  platform::Paths paths;
};

class Verb {
 public:
  virtual ~Verb() = default;
  virtual void Declare(Options& options) = 0;
  /// A fault is printed by main, and its reason gives the exit code.
  virtual core::Result<Exit> Run(Context& context) = 0;
};

struct VerbRow {
  std::string_view name;     ///< "approve", "host token"
  std::string_view summary;  ///< one line
  std::string_view help;     ///< what --help adds: behaviour, examples
  std::unique_ptr<Verb> (*make)();
};

/// Every verb, in the order of `daypass --help`.
std::span<const VerbRow> Verbs();

// One each, in the file of its name.
std::unique_ptr<Verb> MakeApprove();
std::unique_ptr<Verb> MakeCancel();
std::unique_ptr<Verb> MakeExtend();
std::unique_ptr<Verb> MakeHistory();
std::unique_ptr<Verb> MakeDeny();
std::unique_ptr<Verb> MakeDocExtract();
std::unique_ptr<Verb> MakeDocShow();
std::unique_ptr<Verb> MakeDrop();
std::unique_ptr<Verb> MakeExplain();
std::unique_ptr<Verb> MakeGrants();
std::unique_ptr<Verb> MakeHostEnrol();
std::unique_ptr<Verb> MakeHostToken();
std::unique_ptr<Verb> MakeLogin();
std::unique_ptr<Verb> MakePolicyBuild();
std::unique_ptr<Verb> MakePolicyCheck();
std::unique_ptr<Verb> MakePolicyCosign();
std::unique_ptr<Verb> MakePolicyDiff();
std::unique_ptr<Verb> MakePolicyDigest();
std::unique_ptr<Verb> MakePolicyHistory();
std::unique_ptr<Verb> MakePolicyImport();
std::unique_ptr<Verb> MakePolicyInit();
std::unique_ptr<Verb> MakePolicyPush();
std::unique_ptr<Verb> MakePolicyReplay();
std::unique_ptr<Verb> MakePolicyShow();
std::unique_ptr<Verb> MakePolicySign();
std::unique_ptr<Verb> MakePolicySuggest();
std::unique_ptr<Verb> MakePolicyTest();
std::unique_ptr<Verb> MakeRequest();
std::unique_ptr<Verb> MakeRequests();
std::unique_ptr<Verb> MakeRevoke();
std::unique_ptr<Verb> MakeShow();
std::unique_ptr<Verb> MakeStatus();

}  // namespace daypass::cli
