// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// This one sudo, from its first plugin call to its last. Its two plugins share what is here, since
// sudo closes the approval plugin as soon as it has answered:
//
//   audit open       Begin    the agent watches this process from now on
//   approval check   Check    one question; what was allowed is kept, with the time of asking
//   audit accept     Accept   the command starts only if it is that one, and soon enough
//   audit close      End      how it went
//
//   1. MUST let nothing start that this process's own check did not allow, byte for byte, less
//      than ten seconds before: whoever stops his sudo in between gets nothing later.
//   2. MUST count time by CLOCK_BOOTTIME from before the question was sent, never from the answer:
//      the answer may have waited for a stopped sudo.
//   3. MUST say to the user why, for sudo itself prints nothing on a refusal.
#pragma once

#include <sudo_plugin.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/ask.h"
#include "core/decision.h"
#include "core/result.h"
#include "core/time.h"
#include "sudo_plugin/facts.h"
#include "sudo_plugin/options.h"
#include "sudo_plugin/translate.h"

namespace daypass::sudo_plugin {

inline constexpr core::Millis kMaxAnswerAge{10'000};

/// What the last check allowed. Good for one start.
struct Allowed {
  client::CommandCall call;
  uint64_t query = 0;
  core::Millis asked_at{0};             ///< CLOCK_BOOTTIME
  std::optional<core::Millis> ends_at;  ///< CLOCK_BOOTTIME: the end of the window
};

/// How far the command has come. Far apart, as answers are: what is none of these checks all.
enum class Stage : uint32_t {
  kNotStarted = 0x35CA39A6,
  kStarted = 0xC93516D8,     ///< what it starts is reported only (log_subcmds), nothing was asked
  kIntercepts = 0x5A96C36C,  ///< sub-commands come with a check of their own
};

class Invocation {
 public:
  /// Takes what sudo tells at open; the second plugin of the two may tell it again.
  void Open(Opened opened, const std::vector<std::string>& options, sudo_printf_t print);

  /// The audit plugin's part of it: a silent agent is remembered, and answered for in Check.
  void Begin();

  Answer Check(const Command& command);
  Answer Accept(const Command& command);
  void End(int status_type, int status);

  /// For sudo -V. `plugin`: "approval" or "audit".
  void SayVersion(std::string_view plugin) const;

  /// Why the last answer was a refusal, for sudo's own log. Valid until the next answer.
  const char* error_text() const { return error_text_.c_str(); }

 private:
  // Check's way: Ask, at a terminal once more if the user asked for a role and got it; then Deny
  // what the agent denies, or AnswerWithout it where Ask failed.
  core::Result<client::VerdictReply> Ask(const Command& command, client::CommandCall& call);
  Answer Deny(const client::VerdictReply& reply);
  Answer AnswerWithout(const core::Error& why);  // as gate.conf says
  static std::optional<core::Error> WhyStale(const Allowed& allowed);
  // Accept's way: starts the command, unless it returns why not.
  std::optional<core::Error> Start(const Command& command);
  bool MayPrompt(const client::VerdictReply& denied, const client::CommandCall& call) const;
  // Every refusal's last step: says it to the user, and keeps it for sudo's log.
  Answer Refuse(core::Reason reason, std::string_view text, std::string_view hint);
  Answer Keep(core::Reason reason, std::string_view text);
  void SayLines(std::string_view lines) const;

  Opened opened_;
  std::optional<Options> options_;
  sudo_printf_t print_ = nullptr;
  std::optional<core::Error> fault_;  // why no verdict can be had in this sudo
  std::optional<client::Watch> watch_;
  std::optional<Allowed> allowed_;
  core::Verdict without_agent_ = core::Verdict::kDeny;  // gate.conf's, if the last check took it
  Stage stage_ = Stage::kNotStarted;
  // Of the command that sudo itself runs, and in whose name what it starts is judged.
  std::optional<uint64_t> main_query_;
  std::string error_text_;
};

/// The invocation that this process is. Sudo's plugin interface has no pointer of ours to carry.
Invocation& ThisInvocation();

}  // namespace daypass::sudo_plugin
