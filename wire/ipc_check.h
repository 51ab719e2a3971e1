// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The messages of org.daypass.Check: what the shims ask on check.sock and what they are told.
// Plain values with one Encode and one Parse each; both sides of the socket use these.
//
//   1. MUST refuse a size, a range or base64 that is not exactly as written here.
//   2. MUST carry everything that came from outside as the bytes that came: base64, never escaped.
//   3. MUST read everything but an exact, whole "allow" as a denial.
//   Unknown keys are ignored on both sides, since shim and agent may be one version apart. A new
//   fact that restricts therefore travels in `options`, where an unknown word is refused.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/decision.h"
#include "core/door.h"
#include "core/query.h"
#include "core/reason.h"
#include "core/result.h"
#include "core/time.h"
#include "wire/ipc_ask.h"
#include "wire/json.h"

namespace daypass::wire {

inline constexpr std::string_view kCommandMethod = "org.daypass.Check.Command";
inline constexpr std::string_view kAccountMethod = "org.daypass.Check.Account";
inline constexpr std::string_view kWatchMethod = "org.daypass.Check.Watch";
inline constexpr std::string_view kStartedMethod = "org.daypass.Check.Started";
inline constexpr std::string_view kEndedMethod = "org.daypass.Check.Ended";

inline constexpr size_t kMaxNameBytes = 256;   ///< accounts, groups, services, terminals, hosts
inline constexpr size_t kMaxPathBytes = 4096;  ///< command, cwd, each file
inline constexpr size_t kMaxItemBytes =
    128 * 1024;                             ///< one argument or variable: the kernel's limit
inline constexpr size_t kMaxItems = 65536;  ///< arguments; variables; files
inline constexpr size_t kMaxOptions = 64;
inline constexpr size_t kMaxTextBytes = 4096;  ///< what people read

/// A sudo wants to run something. Sent with descriptors: 0 is "/", 1 is the directory that relative
/// paths start from (both O_PATH), 2 the memfd if the parameters are too large for the message.
struct CommandCall {
  std::string user;  ///< the caller's account
  uint32_t uid = 0;  ///< the caller's real uid; the agent compares it with /proc
  std::optional<uint32_t> loginuid;
  core::Door door = core::Door::kSudo;
  core::Mode mode = core::Mode::kRun;  ///< never kAccount
  std::string command;                 ///< as sudo will run it; may be relative
  std::vector<std::string> argv;       ///< with argv[0] as typed
  std::vector<std::string> files;      ///< sudoedit's, only with kEdit
  std::string cwd;
  std::string runas_user;
  uint32_t runas_uid = 0;
  uint32_t runas_gid = 0;
  std::string runas_group;           ///< asked for with -g, else empty
  bool groups_kept = false;          ///< sudo -P
  std::vector<std::string> env;      ///< NAME=value, as the command will get it
  std::vector<std::string> options;  ///< "chdir", "chroot"... "unknown:<key>"
  std::string tty;                   ///< empty without a terminal
  bool noninteractive = false;       ///< sudo -n
  bool intercepts = false;           ///< sudo will ask for whatever this command starts
  bool subcommand = false;           ///< asked by sudo's intercept: the running command starts it
  uint64_t parent = 0;               ///< with subcommand: the record that allowed what runs; or 0
  std::string api;                   ///< sudo's plugin API, "1.21"
  uint32_t pid = 0;                  ///< of sudo

  /// Whether everything that a decision rests on is the same, byte for byte.
  bool operator==(const CommandCall&) const = default;
};

enum class AccountPhase : uint8_t { kAccount, kOpenSession, kCloseSession };

/// A PAM service asks whether this login or caller may pass. `user` is PAM_USER: for su the target.
struct AccountCall {
  core::Door door = core::Door::kSsh;
  std::string service;
  std::string user;
  uint32_t uid = 0;   ///< sudo, su, doas: the caller's real uid; other doors: the uid of `user`
  std::string ruser;  ///< the caller's account where PAM tells it
  std::string rhost;
  std::string tty;
  uint32_t pid = 0;
  AccountPhase phase = AccountPhase::kAccount;
};

/// The answer to Command and Account. Shims obey `effect`; it differs from `verdict` only when the
/// host is permissive or the account exempt.
struct [[nodiscard]] VerdictReply {
  core::Verdict verdict = core::Verdict::kDeny;
  core::Verdict effect = core::Verdict::kDeny;
  core::Reason reason = core::Reason::kInternal;  ///< one that we do not know reads as kInternal
  std::string text;                               ///< one or two lines for people; may be empty
  std::string grant;                              ///< short id, or empty
  std::optional<core::Instant> until;             ///< end of the window, for people
  std::optional<core::Millis>
      remaining;              ///< from the answer to that end, by the agent's clock: the
                              ///< shim counts it down and needs none. Goes with `until`.
  uint64_t query = 0;         ///< number of its record
  std::string hint;           ///< the command to type next, or empty
  std::vector<Offer> offers;  ///< of a denial that a role would settle: smallest power first
};

/// A sudo has begun. The connection stays open as long as it lives; events come as replies.
struct WatchCall {
  uint32_t pid = 0;
};

enum class WatchEventKind : uint8_t { kWatching, kWarn, kExtended, kEnding, kEnd };

struct WatchEvent {
  WatchEventKind event = WatchEventKind::kWatching;  ///< kWatching is the first reply, at once
  std::optional<core::Instant> until;
  std::string text;
};

/// Oneway, on the Watch connection: the command of that record starts now.
struct StartedCall {
  uint64_t query = 0;
};

/// Oneway, on the Watch connection, just before it is closed. Neither code nor signal: it never
/// ran.
struct EndedCall {
  uint64_t query = 0;
  std::optional<uint32_t> exit_code;  ///< 0 to 255
  std::optional<uint32_t> signal;     ///< 1 to 127
};

// Parameters as JSON objects. Encode cannot fail: what breaks a limit is refused by who reads it.
// Parse fails (kProtocol) and names the field.
Json EncodeCommand(const CommandCall& call);
Json EncodeAccount(const AccountCall& call);
Json EncodeVerdict(const VerdictReply& reply);
Json EncodeWatch(const WatchCall& call);
Json EncodeWatchEvent(const WatchEvent& event);
Json EncodeStarted(const StartedCall& call);
Json EncodeEnded(const EndedCall& call);

core::Result<CommandCall> ParseCommand(const json_t* parameters);
/// The same from the content of a memfd: at most kMaxMemfdParametersBytes.
core::Result<CommandCall> ParseCommandBytes(std::string_view parameters);
core::Result<AccountCall> ParseAccount(const json_t* parameters);
core::Result<VerdictReply> ParseVerdict(const json_t* parameters);
core::Result<WatchCall> ParseWatch(const json_t* parameters);
core::Result<WatchEvent> ParseWatchEvent(const json_t* parameters);
core::Result<StartedCall> ParseStarted(const json_t* parameters);
core::Result<EndedCall> ParseEnded(const json_t* parameters);

std::string_view ModeName(core::Mode mode);
std::optional<core::Mode> ParseMode(std::string_view name);

}  // namespace daypass::wire
