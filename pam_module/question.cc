// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "pam_module/question.h"

#include <pwd.h>
#include <security/pam_ext.h>
#include <security/pam_modutil.h>
#include <unistd.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "client/self.h"
#include "client/without_agent.h"
#include "core/decision.h"
#include "core/door.h"
#include "pam_module/options.h"

namespace daypass::pam_module {
namespace {

using client::AccountCall;
using client::AccountPhase;
using client::VerdictReply;
using core::Door;
using core::Error;
using core::Result;

/// Empty where the program has not set it. A PAM that fails here is a bug, and must not look like a
/// service that is no door, or like a caller that nobody named.
std::string Item(pam_handle_t* pamh, int type) {
  const void* value = nullptr;
  if (pam_get_item(pamh, type, &value) != PAM_SUCCESS) throw std::runtime_error("pam_get_item");
  return value == nullptr ? "" : static_cast<const char*>(value);
}

std::optional<uint32_t> UidOf(pam_handle_t* pamh, const std::string& account) {
  const passwd* entry = pam_modutil_getpwnam(pamh, account.c_str());
  return entry == nullptr ? std::nullopt : std::optional<uint32_t>(entry->pw_uid);
}

/// Who is in question: the account that logs in, or the caller at sudo, su, doas and run0. A caller
/// is root only if PAM_RUSER says so too: sudo has changed its uid by now, and run0's is systemd's.
std::optional<uint32_t> SubjectUid(pam_handle_t* pamh, const AccountCall& call) {
  if (core::IsLogin(call.door)) return UidOf(pamh, call.user);
  const uid_t caller = getuid();
  return caller != 0 ? std::optional<uint32_t>(caller) : UidOf(pamh, call.ruser);
}

/// Lines for the person. At sudo PAM_SILENT is always set and means nothing: sudo is silent about
/// a refusal, and without our plugin nobody else would say a word.
void Tell(pam_handle_t* pamh, Door door, int flags, std::string_view lines) {
  if ((flags & PAM_SILENT) != 0 && door != Door::kSudo) return;
  while (!lines.empty()) {
    const size_t end = std::min(lines.find('\n'), lines.size());
    pam_error(pamh, "daypass: %s", std::string(lines.substr(0, end)).c_str());
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

Outcome WithoutAgent(pam_handle_t* pamh, const AccountCall& call, int flags, std::string_view root,
                     const Error& why) {
  const bool is_root = !core::IsLogin(call.door) && call.uid == 0;
  const bool has_target = call.door == Door::kSu || call.door == Door::kRun0;
  const std::string& account = has_target ? call.ruser : call.user;
  const client::WithoutAgent answer =
      client::JudgeWithoutAgent(root, account, call.door, is_root, why);
  // At sudo the plugin says that it passes; one line is enough.
  const bool passes = answer.verdict == core::Verdict::kAllow;
  if (!passes || call.door != Door::kSudo) {
    Tell(pamh, call.door, flags, (passes ? "" : "not allowed: ") + answer.text);
  }
  return answer.verdict == core::Verdict::kAllow ? Outcome::kPassed : Outcome::kNoVerdict;
}

/// Whether the window that the answer is about has ended since.
bool IsOver(const VerdictReply& reply, core::Millis asked_at) {
  const core::Millis age = client::BootTime() - asked_at;  // negative: the clock cannot be read
  return reply.remaining && (age < core::Millis{0} || age >= *reply.remaining);
}

Outcome Obey(pam_handle_t* pamh, const AccountCall& call, int flags, const VerdictReply& reply) {
  if (reply.effect == core::Verdict::kAllow) return Outcome::kPassed;
  // At sudo the agent leaves the text empty where our plugin is going to be asked, and will say it.
  if (!reply.text.empty()) Tell(pamh, call.door, flags, reply.text);
  if (!reply.hint.empty()) Tell(pamh, call.door, flags, "try: " + reply.hint);
  return Outcome::kRefused;
}

AccountCall ReadCall(pam_handle_t* pamh, Door door, AccountPhase phase) {
  AccountCall call;
  call.door = door;
  call.service = Item(pamh, PAM_SERVICE);
  call.user = Item(pamh, PAM_USER);
  call.ruser = Item(pamh, PAM_RUSER);
  call.rhost = Item(pamh, PAM_RHOST);
  call.tty = Item(pamh, PAM_TTY);
  call.pid = static_cast<uint32_t>(getpid());
  call.phase = phase;
  return call;
}

/// The door in question, if it is one and has this phase. sudo's sessions are not logins: what runs
/// there is the plugin's to watch, and PAM_USER has become the account that it runs as.
std::optional<Door> DoorOf(pam_handle_t* pamh, AccountPhase phase) {
  const std::optional<Door> door = core::DoorOfService(Item(pamh, PAM_SERVICE));
  if (door == Door::kSudo && phase != AccountPhase::kAccount) return std::nullopt;
  return door;
}

}  // namespace

Outcome Ask(pam_handle_t* pamh, AccountPhase phase, int flags, int argc, const char** argv) {
  const std::optional<Door> door = DoorOf(pamh, phase);
  if (!door) return Outcome::kNotOurs;
  AccountCall call = ReadCall(pamh, *door, phase);
  const std::optional<uint32_t> uid = SubjectUid(pamh, call);
  if (!uid) return Outcome::kNoSuchUser;
  call.uid = *uid;
  const Result<Options> options = ParseOptions(argc, argv);
  if (!options) return WithoutAgent(pamh, call, flags, "", options.error());
  const core::Millis asked_at = client::BootTime();
  const Result<VerdictReply> reply = client::AskAccount(options->root, call);
  if (!reply) return WithoutAgent(pamh, call, flags, options->root, reply.error());
  // A permissive host lets a denial pass, which may tell of an end that is long past.
  if (reply->verdict == core::Verdict::kAllow && IsOver(*reply, asked_at)) {
    return WithoutAgent(pamh, call, flags, options->root, {core::Reason::kExpired, "", {}});
  }
  return Obey(pamh, call, flags, *reply);
}

void Report(pam_handle_t* pamh, int argc, const char** argv) {
  if (geteuid() != 0) return;  // systemd closes sessions as the user, who cannot reach the agent
  const std::optional<Door> door = DoorOf(pamh, AccountPhase::kCloseSession);
  const Result<Options> options = ParseOptions(argc, argv);
  if (!door || !options) return;
  AccountCall call = ReadCall(pamh, *door, AccountPhase::kCloseSession);
  const std::optional<uint32_t> uid = SubjectUid(pamh, call);
  if (!uid) return;
  call.uid = *uid;
  const Result<VerdictReply> reply = client::AskAccount(options->root, call);
  static_cast<void>(reply);
}

}  // namespace daypass::pam_module
