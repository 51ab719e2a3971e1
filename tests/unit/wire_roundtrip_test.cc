// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// parse(encode(x)) == x, for every document and message that has an encoder.
#include <gtest/gtest.h>

#include <tuple>

#include "draw.h"
#include "wire/base64.h"
#include "wire/digest.h"
#include "wire/envelope.h"
#include "wire/ipc.h"
#include "wire/ipc_check.h"
#include "wire/record.h"
#include "wire/signin.h"
#include "wire/statement.h"
#include "wire/status.h"
#include "wire_fixture.h"

namespace daypass::wire {
namespace {

[[maybe_unused]] const bool kConfigured = ConfigureProperties(5);

// ---- values ----

std::string Joined(const std::vector<std::string>& parts, size_t at_most) {
  std::string text;
  for (size_t n = 1 + Below(at_most); n > 0; --n) text += Pick(parts);
  return text;
}

/// One line of text, as people write it, and with what JSON writes otherwise.
std::string Line() {
  static const std::vector<std::string> kParts = {"a",
                                                  "Z9",
                                                  " ",
                                                  "\"",
                                                  "\\",
                                                  "/",
                                                  "\\u0041",
                                                  "{",
                                                  "\xc3\xbc",
                                                  "\xe6\xbc\xa2",
                                                  "\xf0\x9f\x98\x80",
                                                  "<",
                                                  "'",
                                                  "\x7e"};
  return Joined(kParts, 6);
}

/// Any bytes but NUL.
std::string Bytes() {
  static const std::vector<std::string> kParts = {
      "a", "\n", "\x1b[31m", "\xff", "\x80", "\xc3", "\xe2\x80\xae", "=", " ", "\\"};
  return OneIn(8) ? "" : Joined(kParts, 5);
}
std::string Name() {
  return Joined({"a", "z", "0"}, 1) + (OneIn(3) ? "" : Joined({"b", "9", "-", "."}, 5));
}
core::Digest Hex(size_t size) {
  std::string hex(size, "0123456789abcdef"[Below(16)]);
  hex[Below(size)] = "0123456789abcdef"[Below(16)];
  return hex;
}
core::Digest HexDigest() {
  return Hex(64);
}
int64_t Number(int64_t lo, int64_t hi) {
  switch (Below(4)) {
    case 0:
      return lo;
    case 1:
      return hi;
    default:
      return lo + static_cast<int64_t>(Below(1'000'000)) % (hi - lo + 1);
  }
}
/// Ids end before the one that means "none".
constexpr uint32_t kLastId = UINT32_MAX - 1;
template <typename T>
T Whole(T hi) {
  return static_cast<T>(Number(0, static_cast<int64_t>(hi)));
}
core::Instant Time() {
  return core::FromMillis(1 + Number(0, 4'000'000'000'000));
}
template <typename Make>
auto Several(size_t at_least, size_t at_most, Make make) {
  std::vector<decltype(make())> values(at_least + Below(at_most - at_least + 1));
  for (auto& value : values) value = make();
  return values;
}
template <typename Make>
auto Perhaps(Make make) {
  return OneIn(2) ? std::optional(make()) : std::nullopt;
}

// ---- signed documents ----

auto Fields(const core::Statement& s) {
  return std::tie(s.realm, s.subject, s.requester, s.role, s.role_digest, s.policy_version, s.hosts,
                  s.duration, s.start, s.start_at, s.start_by, s.uses, s.reason, s.ticket,
                  s.created, s.extends);
}

core::Statement AnyStatement() {
  core::Statement s;
  s.realm = Hex(32);
  s.subject = Name();
  s.requester = Name();
  s.role = Name();
  s.role_digest = HexDigest();
  s.policy_version = static_cast<uint64_t>(Number(1, kMaxJsonInt));
  s.hosts = {Name()};
  if (OneIn(2)) s.hosts.push_back(s.hosts[0] + "x");
  s.duration = core::Seconds{Number(1, 2'592'000)};
  s.start = Pick<core::StartRule>(
      {core::StartRule::kApproval, core::StartRule::kFirstUse, core::StartRule::kScheduled});
  if (s.start == core::StartRule::kScheduled) s.start_at = Time();
  s.created = Time();
  s.start_by = s.created + core::Millis{Number(1, 2'592'000'000)};
  if (s.hosts.size() == 1) s.uses = static_cast<uint32_t>(Number(0, 1'000'000));
  s.reason = Line();
  if (OneIn(2)) s.ticket = Line();
  if (OneIn(2)) s.extends = HexDigest();
  return s;
}

PROPERTY(Statement, ComesBackWhateverItHolds) {
  const core::Statement statement = AnyStatement();
  const std::string bytes = EncodeStatement(statement, Hex(32));
  const auto again = ParseStatement(bytes);
  RC_ASSERT(again);
  RC_ASSERT(Fields(*again) == Fields(statement));
  RC_ASSERT(again->id == Sha256Hex(bytes));
}

PROPERTY(Status, ComesBackWhateverItHolds) {
  core::Status s;
  s.realm = Hex(32);
  s.host = Name();
  s.number = Hex(32);
  s.time = Time();
  s.policy_version = static_cast<uint64_t>(Number(0, kMaxJsonInt));
  s.revoked = Several(0, 3, [] {
    return OneIn(2) ? core::Revocation{HexDigest(), "", Time()}
                    : core::Revocation{"", Name(), Time()};
  });
  s.suspended.people = Several(0, 2, Name);
  s.suspended.keys = Several(0, 2, [] { return "SHA256:" + Hex(43); });
  if (OneIn(2)) s.receipt = {static_cast<uint64_t>(Number(1, kMaxJsonInt)), HexDigest()};
  const std::string bytes = EncodeStatus(s);
  const auto again = ParseStatus(bytes);
  RC_ASSERT(again);
  const auto fields = [](const core::Status& x) {
    return std::tie(x.realm, x.host, x.number, x.time, x.policy_version, x.suspended.people,
                    x.suspended.keys, x.receipt.seq, x.receipt.digest);
  };
  RC_ASSERT(fields(*again) == fields(s));
  RC_ASSERT(again->revoked.size() == s.revoked.size());
  for (size_t i = 0; i < s.revoked.size(); ++i) {
    const core::Revocation &a = again->revoked[i], &b = s.revoked[i];
    RC_ASSERT((std::tie(a.id, a.person, a.at) == std::tie(b.id, b.person, b.at)));
  }
}

PROPERTY(Signin, ComesBackWhateverItHolds) {
  const Signin signin{Hex(32), Name(), Name(), Hex(32), Time()};
  const auto again = ParseSignin(EncodeSignin(signin));
  RC_ASSERT(again);
  const auto fields = [](const Signin& x) {
    return std::tie(x.realm, x.person, x.server, x.number, x.expires);
  };
  RC_ASSERT(fields(*again) == fields(signin));
}

using Shown = std::vector<std::pair<std::string, std::string>>;
Shown EachField(const Record& record) {
  Shown fields;
  ForEachField(record, [&](auto key, auto text) { fields.emplace_back(key, text); });
  return fields;
}

PROPERTY(Record, ComesBackWhateverItHolds) {
  Record r;
  r.realm = Hex(32);
  r.seq = static_cast<uint64_t>(Number(1, kMaxJsonInt));
  r.prev = HexDigest();
  r.host = Name();
  r.boot_id = Hex(32);
  r.time = Time();
  r.boot_ms = Number(0, kMaxJsonInt);
  r.clock = "anchored";
  r.event = Name();
  for (auto field : {&Record::policy, &Record::uid, &Record::loginuid, &Record::pid,
                     &Record::runas_uid, &Record::until_ms, &Record::query, &Record::parent})
    r.*field = Perhaps([] { return Number(-kMaxJsonInt, kMaxJsonInt); });
  for (auto field : {&Record::mode,      &Record::freshness, &Record::user,    &Record::requester,
                     &Record::approvers, &Record::session,   &Record::tty,     &Record::rhost,
                     &Record::door,      &Record::service,   &Record::command, &Record::argv,
                     &Record::cwd,       &Record::runas,     &Record::role,    &Record::rule,
                     &Record::grant,     &Record::ticket,    &Record::why,     &Record::verdict,
                     &Record::effect,    &Record::reason,    &Record::detail,  &Record::exit,
                     &Record::ended_by,  &Record::scope,     &Record::digest}) {
    // A backslash is what makes bytes visible, and so comes back twice.
    if (OneIn(3)) r.*field = Joined({"a", " ", "\xc3\xbc", "\"", "/"}, 4);
  }
  r.argv_b64 = Several(0, 3, [] { return EncodeBase64(Bytes()); });
  const std::string bytes = EncodeRecord(r);
  const auto again = ParseRecord(bytes);
  RC_ASSERT(again);
  RC_ASSERT(EachField(*again) == EachField(r));
  RC_ASSERT(EncodeRecord(*again) == bytes);
}

PROPERTY(Envelope, ComesBackWhateverItHolds) {
  Envelope envelope;
  envelope.type = Pick<std::string>({"policy", "grant", "request", "status", "signin", "record"});
  // Payloads that look like an envelope's own parts.
  envelope.payload =
      Joined({"{}", "\n", "\xff", std::string(1, '\0'), "daypass-envelope 1 grant 2\n",
              "-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n"},
             6);
  envelope.signatures = Several(1, 16, [] { return ArmourText(Bytes() + "x"); });
  const auto again = ParseEnvelope(EncodeEnvelope(envelope), envelope.type, 4096);
  RC_ASSERT(again);
  RC_ASSERT(again->type == envelope.type);
  RC_ASSERT(again->payload == envelope.payload);
  RC_ASSERT(again->signatures == envelope.signatures);
}

// ---- what shims and agent say ----

/// The parameters of a call, as whoever reads its frame gets them.
Json Sent(std::string_view method, const Json& parameters) {
  FrameReader reader(kMaxMessageBytes);
  RC_ASSERT(reader.Feed(EncodeCall(method, parameters.get())));
  core::Result<Call> call = ParseCall(reader.Next().value());
  RC_ASSERT(call);
  RC_ASSERT(call->method == method);
  return std::move(call->parameters);
}

CommandCall AnyCommand() {
  CommandCall c;
  c.user = Name();
  c.uid = Whole(kLastId);
  c.loginuid = Perhaps([] { return Whole(kLastId); });
  c.mode = Pick<core::Mode>(
      {core::Mode::kRun, core::Mode::kShell, core::Mode::kLogin, core::Mode::kEdit});
  c.command = "/" + Bytes();
  c.argv = Several(1, 4, Bytes);
  if (c.mode == core::Mode::kEdit) c.files = Several(1, 3, [] { return "/" + Bytes(); });
  c.cwd = "/" + Bytes();
  c.runas_user = Name();
  c.runas_uid = Whole(kLastId);
  c.runas_gid = Whole(kLastId);
  if (OneIn(2)) c.runas_group = Name();
  c.groups_kept = OneIn(2);
  c.env = Several(0, 3, [] { return "A=" + Bytes(); });
  c.options = Several(0, 2, [] { return Pick<std::string>({"chdir", "chroot", "unknown:x"}); });
  if (OneIn(2)) c.tty = "/dev/pts/1";
  c.noninteractive = OneIn(2);
  c.intercepts = OneIn(2);
  c.subcommand = OneIn(2);
  if (c.subcommand && OneIn(2)) c.parent = static_cast<uint64_t>(Number(1, kMaxJsonInt));
  c.api = "1.21";
  c.pid = 1 + Whole<uint32_t>(1 << 22);
  return c;
}

PROPERTY(CommandCall, ComesBackWhateverItHolds) {
  const CommandCall command = AnyCommand();
  const auto again = ParseCommand(Sent(kCommandMethod, EncodeCommand(command)).get());
  RC_ASSERT(again);
  RC_ASSERT(*again == command);
}

PROPERTY(VerdictReply, ComesBackWhateverItHolds) {
  VerdictReply reply;
  reply.verdict = OneIn(2) ? core::Verdict::kAllow : core::Verdict::kDeny;
  reply.effect = OneIn(2) ? core::Verdict::kAllow : core::Verdict::kDeny;
  reply.reason = static_cast<core::Reason>(Below(static_cast<size_t>(core::Reason::kInternal) + 1));
  if (OneIn(2)) reply.text = Line();
  if (OneIn(2)) reply.grant = "g-" + Hex(16);
  if (OneIn(2)) {
    reply.until = Time();
    reply.remaining = core::Millis{Number(0, 2'592'000'000)};
  }
  reply.query = static_cast<uint64_t>(Number(0, kMaxJsonInt));
  if (OneIn(2)) reply.hint = Line();
  const auto again = ParseVerdict(EncodeVerdict(reply).get());
  RC_ASSERT(again);
  const auto fields = [](const VerdictReply& x) {
    return std::tie(x.verdict, x.effect, x.reason, x.text, x.grant, x.until, x.remaining, x.query,
                    x.hint);
  };
  RC_ASSERT(fields(*again) == fields(reply));
}

PROPERTY(AccountCall, ComesBackWhateverItHolds) {
  AccountCall c;
  c.door = Pick<core::Door>({core::Door::kSudo, core::Door::kSsh, core::Door::kSu,
                             core::Door::kLogin, core::Door::kCron, core::Door::kDoas});
  c.service = Name();
  c.user = Name();
  c.uid = Whole(kLastId);
  if (OneIn(2)) c.ruser = Name();
  if (OneIn(2)) c.rhost = Line();  // text, unlike what sudo is given
  if (OneIn(2)) c.tty = "ssh";
  c.pid = 1 + Whole<uint32_t>(1 << 22);
  c.phase = Pick<AccountPhase>(
      {AccountPhase::kAccount, AccountPhase::kOpenSession, AccountPhase::kCloseSession});
  const auto again = ParseAccount(Sent(kAccountMethod, EncodeAccount(c)).get());
  RC_ASSERT(again);
  const auto fields = [](const AccountCall& x) {
    return std::tie(x.door, x.service, x.user, x.uid, x.ruser, x.rhost, x.tty, x.pid, x.phase);
  };
  RC_ASSERT(fields(*again) == fields(c));
}

PROPERTY(WatchAndItsEvents, ComeBackWhateverTheyHold) {
  const WatchCall watch{1 + Whole<uint32_t>(1 << 22)};
  const auto watch_again = ParseWatch(EncodeWatch(watch).get());
  RC_ASSERT(watch_again);
  RC_ASSERT(watch_again->pid == watch.pid);
  const WatchEvent event{Pick<WatchEventKind>({WatchEventKind::kWatching, WatchEventKind::kWarn,
                                               WatchEventKind::kExtended, WatchEventKind::kEnding,
                                               WatchEventKind::kEnd}),
                         Perhaps(Time), OneIn(2) ? Line() : ""};
  const auto event_again = ParseWatchEvent(EncodeWatchEvent(event).get());
  RC_ASSERT(event_again);
  RC_ASSERT(event_again->event == event.event);
  RC_ASSERT(event_again->until == event.until);
  RC_ASSERT(event_again->text == event.text);
  const StartedCall started{static_cast<uint64_t>(Number(1, kMaxJsonInt))};
  const auto started_again = ParseStarted(EncodeStarted(started).get());
  RC_ASSERT(started_again);
  RC_ASSERT(started_again->query == started.query);
  EndedCall ended{started.query, std::nullopt, std::nullopt};
  if (OneIn(2)) ended.exit_code = Whole<uint32_t>(255);
  if (!ended.exit_code && OneIn(2)) ended.signal = 1 + Whole<uint32_t>(126);
  const auto ended_again = ParseEnded(EncodeEnded(ended).get());
  RC_ASSERT(ended_again);
  RC_ASSERT((std::tie(ended_again->query, ended_again->exit_code, ended_again->signal) ==
             std::tie(ended.query, ended.exit_code, ended.signal)));
}

}  // namespace
}  // namespace daypass::wire
