// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "sudo_plugin/invocation.h"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "client/places.h"
#include "client/self.h"
#include "client/without_agent.h"
#include "core/decision.h"
#include "sudo_plugin/prompt.h"

namespace daypass::sudo_plugin {
namespace {

using client::CommandCall;
using client::VerdictReply;
using core::Error;
using core::Reason;
using core::Result;

constexpr unsigned kKnownMajor = SUDO_API_VERSION_MAJOR;

Error Fault(Reason code, std::string_view what) {
  return {code, std::string(what), {}};
}

uint32_t OwnPid() {
  return static_cast<uint32_t>(getpid());
}

}  // namespace

void Invocation::Open(Opened opened, const std::vector<std::string>& options, sudo_printf_t print) {
  opened_ = std::move(opened);
  print_ = print;
  if (opened_.version >> 16 != kKnownMajor) {
    fault_ =
        Fault(Reason::kProtocol, "this sudo is newer than Daypass here knows: upgrade daypass");
    return;
  }
  Result<Options> parsed = ParseOptions(options);
  if (!parsed) {
    fault_ = std::move(parsed).error();
  } else if (options_ && *options_ != *parsed) {
    fault_ = Fault(Reason::kMalformed, "sudo.conf: the two daypass lines name different roots");
  } else {
    options_ = *std::move(parsed);
  }
}

void Invocation::Begin() {
  if (fault_) return;
  Result<client::Watch> watch = client::Watch::Open(options_->root, OwnPid());
  if (watch) {
    watch_ = *std::move(watch);
  } else {
    fault_ = std::move(watch).error();
  }
}

Answer Invocation::Check(const Command& command) {
  allowed_.reset();
  without_agent_ = core::Verdict::kDeny;
  core::Millis asked_at = client::BootTime();
  CommandCall call;
  Result<VerdictReply> reply = Ask(command, call);
  const std::optional<client::Terminal> terminal =
      reply && MayPrompt(*reply, call) ? client::Terminal::Open() : std::nullopt;
  if (terminal) {
    SayLines(reply->text);
    if (!PromptForRole(options_->root, *terminal, *reply)) return Keep(reply->reason, reply->text);
    asked_at = client::BootTime();
    reply = Ask(command, call);
  }
  if (!reply) return AnswerWithout(reply.error());
  if (reply->effect != core::Verdict::kAllow) return Deny(*reply);
  allowed_ = Allowed{std::move(call), reply->query, asked_at, std::nullopt};
  if (reply->remaining) allowed_->ends_at = asked_at + *reply->remaining;
  // sudo starts a sub-command whatever we say to its accept: for that one this is the last word.
  const std::optional<Error> stale = WhyStale(*allowed_);
  return stale ? AnswerWithout(*stale) : Answer::kPass;
}

/// Only where somebody sits who can answer: never in a pipe, never for what a command starts.
bool Invocation::MayPrompt(const VerdictReply& denied, const CommandCall& call) const {
  return denied.effect != core::Verdict::kAllow && !denied.offers.empty() && !call.tty.empty() &&
         !call.noninteractive && !call.subcommand;
}

Result<VerdictReply> Invocation::Ask(const Command& command, CommandCall& call) {
  if (fault_) return *fault_;
  if (!watch_) {
    return Fault(Reason::kProtocol, "sudo.conf lacks 'Plugin daypass_audit sudo_daypass.so'");
  }
  Result<CommandCall> facts = ReadFacts(opened_, command);
  if (!facts) return std::move(facts).error();
  call = *std::move(facts);
  call.pid = OwnPid();
  call.loginuid = client::LoginUid();
  if (call.subcommand) call.parent = main_query_.value_or(0);
  const RunDirectory directory = ReadRunDirectory(command);
  Result<client::Places> places = client::OpenPlaces(directory.path, directory.may_stay);
  if (!places) return std::move(places).error();
  return client::AskCommand(options_->root, call, *places);
}

Answer Invocation::Accept(const Command& command) {
  // Under log_subcmds alone, sudo reports what a running command starts, but has nothing checked.
  if (stage_ == Stage::kStarted) return Answer::kPass;
  if (const std::optional<Error> why = Start(command)) {
    if (AnswerWithout(*why) == Answer::kRefuse) return Answer::kRefuse;
  }
  if (stage_ == Stage::kNotStarted) {
    stage_ = KeyValues(command.info).IsTrue("intercept") ? Stage::kIntercepts : Stage::kStarted;
  }
  without_agent_ = core::Verdict::kDeny;
  return Answer::kPass;
}

/// Why an allow counts no longer: it is old, or the window has ended since.
std::optional<Error> Invocation::WhyStale(const Allowed& allowed) {
  const core::Millis now = client::BootTime();
  const core::Millis age = now - allowed.asked_at;  // negative: the clock cannot be read, says 0
  if (age < core::Millis{0} || age >= kMaxAnswerAge) return Fault(Reason::kTooLate, "");
  if (allowed.ends_at && now >= *allowed.ends_at) return Fault(Reason::kExpired, "");
  return std::nullopt;
}

std::optional<Error> Invocation::Start(const Command& command) {
  if (std::exchange(without_agent_, core::Verdict::kDeny) == core::Verdict::kAllow) {
    return std::nullopt;
  }
  const std::optional<Allowed> allowed = std::exchange(allowed_, std::nullopt);
  if (!allowed)
    return Fault(Reason::kProtocol, "sudo is about to run something that it did not ask about");
  if (std::optional<Error> why = WhyStale(*allowed)) return why;
  Result<CommandCall> call = ReadFacts(opened_, command);
  if (!call) return std::move(call).error();
  call->pid = allowed->call.pid;
  call->loginuid = allowed->call.loginuid;
  call->parent = allowed->call.parent;
  if (*call != allowed->call) {
    return Fault(Reason::kWrongCommand, "sudo is about to run something else than it asked about");
  }
  // What a running command starts lies in its scope already, and ends with it: nobody waits for it,
  // nor for the Watch, which a restart of the agent has cut.
  if (stage_ != Stage::kNotStarted) return std::nullopt;
  Result<void> told = watch_->SendStarted(allowed->query);
  if (!told) return std::move(told).error();
  main_query_ = allowed->query;
  return std::nullopt;
}

void Invocation::End(int status_type, int status) {
  std::optional<client::Watch> watch = std::exchange(watch_, std::nullopt);  // goes, come what may
  if (!watch || !main_query_) return;
  client::EndedCall ended{.query = *main_query_, .exit_code = {}, .signal = {}};
  if (status_type == SUDO_PLUGIN_WAIT_STATUS && WIFEXITED(status)) {
    ended.exit_code = static_cast<uint32_t>(WEXITSTATUS(status));
  } else if (status_type == SUDO_PLUGIN_WAIT_STATUS && WIFSIGNALED(status)) {
    ended.signal = static_cast<uint32_t>(WTERMSIG(status));
  }
  watch->SendEnded(ended);
}

Answer Invocation::AnswerWithout(const Error& why) {
  const KeyValues user(opened_.user_info);
  const Result<uint32_t> uid = user.GetId("uid");
  const client::WithoutAgent answer =
      client::JudgeWithoutAgent(options_.value_or(Options{}).root, user.GetOrEmpty("user"),
                                core::Door::kSudo, uid && *uid == 0, why);
  without_agent_ = answer.verdict;
  if (answer.verdict == core::Verdict::kAllow) {
    SayLines(answer.text);
    return Answer::kPass;
  }
  return Refuse(why.code, "not allowed: " + answer.text, "");
}

Answer Invocation::Deny(const VerdictReply& reply) {
  if (!reply.text.empty()) return Refuse(reply.reason, reply.text, reply.hint);
  return Refuse(reply.reason, "not allowed: " + std::string(core::ReasonText(reply.reason)),
                reply.hint);
}

Answer Invocation::Refuse(Reason reason, std::string_view text, std::string_view hint) {
  SayLines(text);
  if (!hint.empty()) SayLines("try: " + std::string(hint));
  return Keep(reason, text);
}

Answer Invocation::Keep(Reason reason, std::string_view text) {
  error_text_ = "daypass: " + std::string(core::ReasonName(reason)) + ": " +
                std::string(text.substr(0, text.find('\n')));
  return Answer::kRefuse;
}

void Invocation::SayLines(std::string_view lines) const {
  if (print_ == nullptr) return;
  const KeyValues user(opened_.user_info);
  const bool on_terminal =
      user.Get("tty").has_value() && !KeyValues(opened_.settings).IsTrue("noninteractive");
  // Never INFO_MSG: without a terminal it lands on stdout, in the middle of somebody's pipe.
  const int where = SUDO_CONV_ERROR_MSG | (on_terminal ? SUDO_CONV_PREFER_TTY : 0);
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    const std::string line(lines.substr(0, end));
    print_(where, "daypass: %s\n", line.c_str());
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

void Invocation::SayVersion(std::string_view plugin) const {
  if (print_ == nullptr) return;
  print_(SUDO_CONV_INFO_MSG, "Daypass %s plugin version %s\n", std::string(plugin).c_str(),
         DAYPASS_VERSION);
}

Invocation& ThisInvocation() {
  static Invocation invocation;
  return invocation;
}

}  // namespace daypass::sudo_plugin
