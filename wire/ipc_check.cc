// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The messages of org.daypass.Check, field by field. Encode and Parse of one message stand
// together.
#include "wire/ipc_check.h"

#include <utility>

#include "wire/ipc.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"
#include "wire/string_rule.h"

namespace daypass::wire {
namespace {

using core::Error;
using core::Millis;
using core::Reason;
using core::Result;
using core::Verdict;

constexpr StringRule kNameRule = AtMost(kLine, kMaxNameBytes);
constexpr StringRule kOptionalName = OrEmpty(kNameRule);
constexpr StringRule kTextRule = AtMost(kText, kMaxTextBytes);
constexpr StringRule kReasonRule = AtMost(kLine, 64);
constexpr StringRule kApiRule = AtMost(kLine, 16);
constexpr StringRule kOptionRule = AtMost(kLine, 128);
constexpr int64_t kMaxId = 0xFFFFFFFE;  // (uid_t)-1 means "none" to the kernel
constexpr int64_t kMaxPid = 0x7FFFFFFF;
// One argument as base64, and quotes.
constexpr JsonLimits kMemfdLimits{.max_bytes = kMaxMemfdParametersBytes,
                                  .max_string = kMaxItemBytes / 3 * 4 + 4};

uint32_t ReadId(ObjectReader& in, const char* key) {
  return static_cast<uint32_t>(in.Int(key, 0, kMaxId));
}

uint32_t ReadPid(ObjectReader& in) {
  return static_cast<uint32_t>(in.Int("pid", 1, kMaxPid));
}

uint64_t ReadQuery(ObjectReader& in) {
  return static_cast<uint64_t>(in.Int("query", 0, kMaxJsonInt));
}

core::Door ReadDoor(ObjectReader& in) {
  const std::optional<core::Door> door = core::ParseDoor(in.String("door", kNameRule));
  if (!door && in.ok()) in.Fail(Reason::kProtocol, "door", "is not a door that Daypass guards");
  return door.value_or(core::Door::kSudo);
}

// Whatever is wrong with a message, to its reader it is one thing: not the protocol.
Error ProtocolFault(Error fault) {
  fault.code = Reason::kProtocol;
  return fault;
}

template <typename T>
Result<T> Finished(ObjectReader& in, T value) {
  if (Result<void> done = in.Finish(); !done) return ProtocolFault(std::move(done).error());
  return value;
}

Verdict ReadVerdict(ObjectReader& in, const char* key) {
  return in.Enum<Verdict>(key, {{"deny", Verdict::kDeny}, {"allow", Verdict::kAllow}});
}

std::string_view VerdictName(Verdict verdict) {
  return verdict == Verdict::kAllow ? "allow" : "deny";
}

std::string_view PhaseName(AccountPhase phase) {
  switch (phase) {
    case AccountPhase::kAccount:
      return "account";
    case AccountPhase::kOpenSession:
      return "open_session";
    case AccountPhase::kCloseSession:
      return "close_session";
  }
  return "account";
}

std::string_view EventName(WatchEventKind event) {
  switch (event) {
    case WatchEventKind::kWatching:
      return "watching";
    case WatchEventKind::kWarn:
      return "warn";
    case WatchEventKind::kExtended:
      return "extended";
    case WatchEventKind::kEnding:
      return "ending";
    case WatchEventKind::kEnd:
      return "end";
  }
  return "end";
}

}  // namespace

std::string_view ModeName(core::Mode mode) {
  switch (mode) {
    case core::Mode::kRun:
      return "run";
    case core::Mode::kShell:
      return "shell";
    case core::Mode::kLogin:
      return "login";
    case core::Mode::kEdit:
      return "edit";
    case core::Mode::kAccount:
      return "account";
  }
  return "account";
}

std::optional<core::Mode> ParseMode(std::string_view name) {
  for (const core::Mode mode : {core::Mode::kRun, core::Mode::kShell, core::Mode::kLogin,
                                core::Mode::kEdit, core::Mode::kAccount}) {
    if (ModeName(mode) == name) return mode;
  }
  return std::nullopt;
}

Json EncodeCommand(const CommandCall& call) {
  ObjectBuilder out;
  out.String("user", call.user).Int("uid", call.uid);
  if (call.loginuid) out.Int("loginuid", *call.loginuid);
  out.String("door", core::DoorName(call.door)).String("mode", ModeName(call.mode));
  out.Bytes("command_b64", call.command).BytesList("argv_b64", call.argv);
  if (!call.files.empty()) out.BytesList("files_b64", call.files);
  out.Bytes("cwd_b64", call.cwd);
  out.String("runas_user", call.runas_user).Int("runas_uid", call.runas_uid);
  out.Int("runas_gid", call.runas_gid).OptString("runas_group", call.runas_group);
  out.Bool("groups_kept", call.groups_kept);
  out.BytesList("env_b64", call.env).Strings("options", call.options);
  out.OptString("tty", call.tty).Bool("noninteractive", call.noninteractive);
  if (call.intercepts) out.Bool("intercepts", true);
  if (call.subcommand) out.Bool("subcommand", true);
  if (call.parent > 0) out.Int("parent", static_cast<int64_t>(call.parent));
  out.String("api", call.api).Int("pid", call.pid);
  return out.Take();
}

Result<CommandCall> ParseCommand(const json_t* parameters) {
  ObjectReader in(parameters, UnknownKeys::kIgnore);
  CommandCall call;
  call.user = in.String("user", kNameRule);
  call.uid = ReadId(in, "uid");
  if (in.Has("loginuid")) call.loginuid = ReadId(in, "loginuid");
  call.door = ReadDoor(in);
  call.mode = in.Enum<core::Mode>("mode", {{"run", core::Mode::kRun},
                                           {"shell", core::Mode::kShell},
                                           {"login", core::Mode::kLogin},
                                           {"edit", core::Mode::kEdit}});
  call.command = in.Bytes("command_b64", kMaxPathBytes);
  call.argv = in.BytesList("argv_b64", {1, kMaxItems}, kMaxItemBytes);
  if (in.Has("files_b64")) call.files = in.BytesList("files_b64", {1, kMaxItems}, kMaxPathBytes);
  call.cwd = in.Bytes("cwd_b64", kMaxPathBytes);
  call.runas_user = in.String("runas_user", kNameRule);
  call.runas_uid = ReadId(in, "runas_uid");
  call.runas_gid = ReadId(in, "runas_gid");
  call.runas_group = in.OptString("runas_group", kOptionalName).value_or("");
  call.groups_kept = in.Bool("groups_kept");
  call.env = in.BytesList("env_b64", {0, kMaxItems}, kMaxItemBytes);
  call.options = in.Strings("options", kOptionRule, {0, kMaxOptions});
  call.tty = in.OptString("tty", kOptionalName).value_or("");
  call.noninteractive = in.Bool("noninteractive");
  call.intercepts = in.OptBool("intercepts");
  call.subcommand = in.OptBool("subcommand");
  if (in.Has("parent")) call.parent = static_cast<uint64_t>(in.Int("parent", 1, kMaxJsonInt));
  call.api = in.String("api", kApiRule);
  call.pid = ReadPid(in);
  if (in.ok() && (call.mode == core::Mode::kEdit) == call.files.empty()) {
    in.Fail(Reason::kProtocol, "files_b64", "goes with mode \"edit\", and only with it");
  }
  if (call.parent > 0 && !call.subcommand) {
    in.Fail(Reason::kProtocol, "parent", "goes with \"subcommand\"");
  }
  return Finished(in, std::move(call));
}

Result<CommandCall> ParseCommandBytes(std::string_view parameters) {
  Result<Json> json = ParseJson(parameters, kMemfdLimits);
  if (!json) return ProtocolFault(std::move(json).error());
  return ParseCommand(json->get());
}

Json EncodeAccount(const AccountCall& call) {
  ObjectBuilder out;
  out.String("door", core::DoorName(call.door)).String("service", call.service);
  out.String("user", call.user).Int("uid", call.uid);
  out.OptString("ruser", call.ruser).OptString("rhost", call.rhost).OptString("tty", call.tty);
  out.Int("pid", call.pid).String("phase", PhaseName(call.phase));
  return out.Take();
}

Result<AccountCall> ParseAccount(const json_t* parameters) {
  ObjectReader in(parameters, UnknownKeys::kIgnore);
  AccountCall call;
  call.door = ReadDoor(in);
  call.service = in.String("service", kNameRule);
  call.user = in.String("user", kNameRule);
  call.uid = ReadId(in, "uid");
  call.ruser = in.OptString("ruser", kOptionalName).value_or("");
  call.rhost = in.OptString("rhost", kOptionalName).value_or("");
  call.tty = in.OptString("tty", kOptionalName).value_or("");
  call.pid = ReadPid(in);
  call.phase = in.Enum<AccountPhase>("phase", {{"account", AccountPhase::kAccount},
                                               {"open_session", AccountPhase::kOpenSession},
                                               {"close_session", AccountPhase::kCloseSession}});
  return Finished(in, std::move(call));
}

Json EncodeVerdict(const VerdictReply& reply) {
  ObjectBuilder out;
  out.String("verdict", VerdictName(reply.verdict)).String("effect", VerdictName(reply.effect));
  out.String("reason", core::ReasonName(reply.reason)).String("text", reply.text);
  out.String("grant", reply.grant).String("hint", reply.hint);
  if (reply.until) out.Instant("until_ms", *reply.until);
  if (reply.remaining) out.Int("remaining_ms", reply.remaining->count());
  out.Int("query", static_cast<int64_t>(reply.query));
  if (!reply.offers.empty()) out.Value("offers", EncodeOffers(reply.offers));
  return out.Take();
}

Result<VerdictReply> ParseVerdict(const json_t* parameters) {
  ObjectReader in(parameters, UnknownKeys::kIgnore);
  VerdictReply reply;
  reply.verdict = ReadVerdict(in, "verdict");
  reply.effect = ReadVerdict(in, "effect");
  reply.reason = core::ParseReason(in.String("reason", kReasonRule)).value_or(Reason::kInternal);
  reply.text = in.OptString("text", kTextRule).value_or("");
  reply.grant = in.OptString("grant", kOptionalName).value_or("");
  reply.until = in.OptInstant("until_ms");
  if (in.Has("remaining_ms")) reply.remaining = Millis{in.Int("remaining_ms", 0, kMaxJsonInt)};
  reply.query = ReadQuery(in);
  reply.hint = in.OptString("hint", kTextRule).value_or("");
  reply.offers = ReadOffers(in);
  if (in.ok() && reply.until.has_value() != reply.remaining.has_value()) {
    in.Fail(Reason::kProtocol, "remaining_ms", "goes with until_ms, and only with it");
  }
  return Finished(in, std::move(reply));
}

Json EncodeWatch(const WatchCall& call) {
  return ObjectBuilder().Int("pid", call.pid).Take();
}

Result<WatchCall> ParseWatch(const json_t* parameters) {
  ObjectReader in(parameters, UnknownKeys::kIgnore);
  return Finished(in, WatchCall{.pid = ReadPid(in)});
}

Json EncodeWatchEvent(const WatchEvent& event) {
  ObjectBuilder out;
  out.String("event", EventName(event.event));
  if (event.until) out.Instant("until_ms", *event.until);
  out.OptString("text", event.text);
  return out.Take();
}

Result<WatchEvent> ParseWatchEvent(const json_t* parameters) {
  ObjectReader in(parameters, UnknownKeys::kIgnore);
  WatchEvent event;
  event.event = in.Enum<WatchEventKind>("event", {{"watching", WatchEventKind::kWatching},
                                                  {"warn", WatchEventKind::kWarn},
                                                  {"extended", WatchEventKind::kExtended},
                                                  {"ending", WatchEventKind::kEnding},
                                                  {"end", WatchEventKind::kEnd}});
  event.until = in.OptInstant("until_ms");
  event.text = in.OptString("text", kTextRule).value_or("");
  return Finished(in, std::move(event));
}

Json EncodeStarted(const StartedCall& call) {
  return ObjectBuilder().Int("query", static_cast<int64_t>(call.query)).Take();
}

Result<StartedCall> ParseStarted(const json_t* parameters) {
  ObjectReader in(parameters, UnknownKeys::kIgnore);
  return Finished(in, StartedCall{.query = ReadQuery(in)});
}

Json EncodeEnded(const EndedCall& call) {
  ObjectBuilder out;
  out.Int("query", static_cast<int64_t>(call.query));
  if (call.exit_code) out.Int("exit", *call.exit_code);
  if (call.signal) out.Int("signal", *call.signal);
  return out.Take();
}

Result<EndedCall> ParseEnded(const json_t* parameters) {
  ObjectReader in(parameters, UnknownKeys::kIgnore);
  EndedCall call{.query = ReadQuery(in), .exit_code = {}, .signal = {}};
  if (in.Has("exit")) call.exit_code = static_cast<uint32_t>(in.Int("exit", 0, 255));
  if (in.Has("signal")) call.signal = static_cast<uint32_t>(in.Int("signal", 1, 127));
  if (call.exit_code && call.signal) in.Fail(Reason::kProtocol, "signal", "excludes \"exit\"");
  return Finished(in, call);
}

}  // namespace daypass::wire
