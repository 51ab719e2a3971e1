// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The local protocol: frames, calls, replies, and the messages of org.daypass.Check. The examples
// of docs/formats/ipc.md are read and written again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <sstream>

#include "wire/base64.h"
#include "wire/ipc.h"
#include "wire/ipc_check.h"
#include "wire/json_builder.h"

namespace daypass::wire {
namespace {

using core::Reason;
using core::Verdict;
using testing::ElementsAre;
using testing::HasSubstr;

/// A frame's text, without its NUL.
std::string Body(std::string frame) {
  EXPECT_EQ(frame.back(), '\0');
  frame.pop_back();
  return frame;
}

Json Parse(std::string_view text) {
  auto json = ParseJson(text, {.max_bytes = kMaxMessageBytes, .max_string = kMaxMessageBytes});
  EXPECT_TRUE(json) << json.error().what;
  return *std::move(json);
}

std::string With(std::string text, std::string_view from, std::string_view to) {
  const size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

CommandCall FullCommand() {
  CommandCall call;
  call.user = "alice";
  call.uid = 1001;
  call.loginuid = 1001;
  call.mode = core::Mode::kEdit;
  call.command = "/usr/bin/vi";
  call.argv = {"vi", "--", std::string("\xff\x1b[31m\n\x80"), ""};
  call.files = {"/etc/a", "b"};
  call.cwd = "/home/\xe9";
  call.runas_user = "root";
  call.runas_group = "adm";
  call.runas_gid = 4;
  call.groups_kept = true;
  call.env = {"A=1", "B=\n"};
  call.options = {"chdir", "unknown:new_key"};
  call.tty = "/dev/pts/3";
  call.noninteractive = true;
  call.intercepts = true;
  call.subcommand = true;
  call.parent = 18;
  call.api = "1.21";
  call.pid = 77;
  return call;
}

TEST(FrameReader, CutsAStreamIntoMessagesHoweverItArrives) {
  const std::string stream("{\"a\":1}\0{\"b\":2}\0", 16);
  for (size_t step = 1; step <= stream.size(); ++step) {
    FrameReader reader(64);
    std::vector<std::string> messages;
    for (size_t at = 0; at < stream.size(); at += step) {
      ASSERT_TRUE(reader.Feed(std::string_view(stream).substr(at, step)));
      while (auto message = reader.Next()) messages.push_back(*message);
    }
    EXPECT_THAT(messages, ElementsAre("{\"a\":1}", "{\"b\":2}"));
    EXPECT_FALSE(reader.HasPartial());
  }
}

TEST(FrameReader, SeesAMessageThatIsCutOff) {
  FrameReader reader(64);
  ASSERT_TRUE(reader.Feed("{\"a\""));
  EXPECT_FALSE(reader.Next());
  EXPECT_TRUE(reader.HasPartial());
}

TEST(FrameReader, TakesAMessageAtTheLimitAndRefusesOneAboveItForGood) {
  FrameReader at_limit(4);
  ASSERT_TRUE(at_limit.Feed(std::string("1234\0", 5)));
  EXPECT_EQ(at_limit.Next(), "1234");

  FrameReader above(4);
  ASSERT_TRUE(above.Feed("123"));
  EXPECT_EQ(above.Feed("45").error().code, Reason::kTooLarge);
  EXPECT_EQ(above.Feed(std::string("\0ok\0", 4)).error().code, Reason::kTooLarge);
  EXPECT_FALSE(above.Next());
}

TEST(Call, RefusesWhatIsNotACall) {
  for (const std::string_view text :
       {"", "[]", "{}", "nonsense", R"({"method":"nodots"})", R"({"method":".a.b"})",
        R"({"method":"a.b."})", R"({"method":"a b.c"})", R"({"method":"a.b","parameters":[]})",
        R"({"method":"a.b","surprise":1})", R"({"method":"a.b","more":true,"oneway":true})",
        R"({"method":"a.b","method":"a.c"})",
        R"({"method":"a.b"} )"
        "x"}) {
    EXPECT_EQ(ParseCall(text).error().code, Reason::kProtocol) << text;
  }
  const auto call = ParseCall(R"({"method":"a.b"})");  // the control
  ASSERT_TRUE(call);
  EXPECT_EQ(Dump(call->parameters), "{}");
}

TEST(Call, NamesAMethodByLettersDigitsAndDots) {
  const std::string_view letters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.";
  for (char c = ' '; c <= '~'; ++c) {
    if (c == '"' || c == '\\') continue;  // another text in JSON
    const bool taken = ParseCall("{\"method\":\"a." + std::string(1, c) + "b\"}").operator bool();
    EXPECT_EQ(taken, letters.find(c) != letters.npos) << c;
  }
}

TEST(Call, WithoutParametersHasNone) {
  const auto call = ParseCall(Body(EncodeCall("a.b", nullptr)));
  ASSERT_TRUE(call) << call.error().what;
  EXPECT_EQ(Dump(call->parameters), "{}");
  const auto reply = ParseReply(Body(EncodeReply(nullptr)));
  ASSERT_TRUE(reply) << reply.error().what;
  EXPECT_EQ(Dump(reply->parameters), "{}");
}

TEST(Reply, IsRefusedWhereItsPartsAreOfAnotherKind) {
  for (const std::string_view text : {R"({"parameters":[]})", R"({"error":1})", R"({"error":"\n"})",
                                      R"({"parameters":{},"continues":"yes"})"}) {
    const auto reply = ParseReply(text);
    ASSERT_FALSE(reply) << text;
    EXPECT_EQ(reply.error().code, Reason::kProtocol) << text;
  }
}

TEST(Reply, IgnoresWhatANewerAgentAdds) {
  const auto reply = ParseReply(R"({"parameters":{"x":1},"continues":true,"new":{}})");
  ASSERT_TRUE(reply);
  EXPECT_TRUE(reply->continues);
  EXPECT_EQ(Dump(reply->parameters), R"({"x":1})");
  EXPECT_EQ(ParseReply("{").error().code, Reason::kProtocol);
}

TEST(Reply, MayBeLargerOnlyWhereItsReaderSaysSo) {
  const std::string message =
      R"({"parameters":{"text":")" + std::string(kMaxMessageBytes, 'x') + "\"}}";
  EXPECT_FALSE(ParseReply(message));
  EXPECT_TRUE(ParseReply(message, 2 * kMaxMessageBytes));
}

TEST(Reply, CarriesAFaultWithItsReasonAndText) {
  const auto known = ParseReply(Body(EncodeError(Reason::kStoreUnavailable, "disk full")));
  ASSERT_TRUE(known);
  EXPECT_EQ(ErrorOf(*known).code, Reason::kStoreUnavailable);
  EXPECT_EQ(ErrorOf(*known).what, "disk full");

  const auto unknown = ParseReply(R"({"error":"org.varlink.service.MethodNotFound"})");
  ASSERT_TRUE(unknown);
  EXPECT_EQ(ErrorOf(*unknown).code, Reason::kProtocol);
  EXPECT_THAT(ErrorOf(*unknown).what, HasSubstr("MethodNotFound"));

  // Without a text that can be shown it has the one that every reason has.
  for (const std::string_view parameters : {"{}", R"({"text":""})", R"({"text":"\u001b[2J"})"}) {
    const auto bare = ParseReply(R"({"error":"org.daypass.revoked","parameters":)" +
                                 std::string(parameters) + "}");
    ASSERT_TRUE(bare);
    EXPECT_EQ(ErrorOf(*bare).code, Reason::kRevoked);
    EXPECT_EQ(ErrorOf(*bare).what, core::ReasonText(Reason::kRevoked));
  }
  const auto newer = ParseReply(R"({"error":"org.daypass.brand_new"})");
  ASSERT_TRUE(newer);
  EXPECT_EQ(ErrorOf(*newer).code, Reason::kProtocol);
}

TEST(MemfdIndex, IsTheOnlyKeyOrNone) {
  EXPECT_EQ(MemfdIndex(Parse(R"({"memfd":2})").get()), 2U);
  EXPECT_FALSE(MemfdIndex(Parse(R"({"memfd":8})").get()));
  EXPECT_FALSE(MemfdIndex(Parse(R"({"memfd":-1})").get()));
  EXPECT_FALSE(MemfdIndex(Parse(R"({"memfd":2,"user":"x"})").get()));
  EXPECT_FALSE(MemfdIndex(Parse("{}").get()));
}

TEST(Command, ComesBackAsTheBytesThatWereSent) {
  const CommandCall sent = FullCommand();
  const Json parameters = EncodeCommand(sent);
  const auto got = ParseCommand(parameters.get());
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_TRUE(*got == sent);
  const auto from_bytes = ParseCommandBytes(Dump(parameters));
  ASSERT_TRUE(from_bytes);
  EXPECT_TRUE(*from_bytes == sent);
}

TEST(Command, TakesArgumentsAsLongAsTheKernelDoes) {
  CommandCall call = FullCommand();
  call.argv.assign(20, std::string(kMaxItemBytes, 'x'));
  EXPECT_TRUE(ParseCommandBytes(Dump(EncodeCommand(call))));
  call.argv[0] += 'x';
  EXPECT_EQ(ParseCommandBytes(Dump(EncodeCommand(call))).error().code, Reason::kProtocol);
}

TEST(Command, IgnoresAKeyOfANewerShim) {
  const std::string text = Dump(EncodeCommand(FullCommand()));
  EXPECT_TRUE(ParseCommandBytes(With(text, "{", R"({"aaa_new":[],)")));
}

TEST(Command, RefusesEachFieldThatIsNotExactlyAsWritten) {
  const std::string good = Dump(EncodeCommand(FullCommand()));
  const std::pair<std::string_view, std::string_view> faults[] = {
      {R"("uid":1001)", R"("uid":4294967295)"},
      {R"("uid":1001)", R"("uid":-1)"},
      {R"("uid":1001)", R"("uid":"1001")"},
      {R"("door":"sudo")", R"("door":"window")"},
      {R"("mode":"edit")", R"("mode":"account")"},
      {R"("mode":"edit")", R"("mode":"run")"},
      {R"("pid":77)", R"("pid":0)"},
      {R"("user":"alice")", R"("user":"")"},
      {R"("user":"alice")", R"("user":"al\u001bice")"},
      {R"(,"user":"alice")", R"()"},
      {R"("command_b64":"L3Vzci9iaW4vdmk=")", R"("command_b64":"L3Vzci9iaW4vdmk")"},
      {R"("command_b64":"L3Vzci9iaW4vdmk=")", R"("command_b64":"L3Vzci9iaW4vdml=")"},
      {R"("env_b64":[)", R"("env_b64":[1,)"},
      {R"("groups_kept":true)", R"("groups_kept":1)"},
      {R"("parent":18)", R"("parent":0)"},
      {R"("subcommand":true)", R"("subcommand":false)"},
  };
  for (const auto& [from, to] : faults) {
    const auto call = ParseCommandBytes(With(good, from, to));
    ASSERT_FALSE(call) << to;
    EXPECT_EQ(call.error().code, Reason::kProtocol) << to;
  }
  EXPECT_TRUE(ParseCommandBytes(good));  // the control
}

TEST(Command, RefusesBytesThatAreNoObject) {
  for (const std::string_view bytes : {"", "[]", "{", "nonsense"}) {
    const auto call = ParseCommandBytes(bytes);
    ASSERT_FALSE(call) << bytes;
    EXPECT_EQ(call.error().code, Reason::kProtocol) << bytes;
  }
}

TEST(Command, RefusesAnArgvWithoutACommand) {
  CommandCall call = FullCommand();
  call.argv.clear();
  EXPECT_FALSE(ParseCommandBytes(Dump(EncodeCommand(call))));
}

TEST(Account, ComesBackInEachPhase) {
  for (const AccountPhase phase :
       {AccountPhase::kAccount, AccountPhase::kOpenSession, AccountPhase::kCloseSession}) {
    const AccountCall sent{core::Door::kSu, "su-l", "root", 1001, "alice",
                           "192.0.2.7",     "tty1", 99,     phase};
    const auto got = ParseAccount(EncodeAccount(sent).get());
    ASSERT_TRUE(got) << got.error().what;
    EXPECT_EQ(got->door, core::Door::kSu);
    EXPECT_EQ(got->service, "su-l");
    EXPECT_EQ(got->user, "root");
    EXPECT_EQ(got->ruser, "alice");
    EXPECT_EQ(got->uid, 1001U);
    EXPECT_EQ(got->phase, phase);
  }
}

// PL-13: nothing but an exact, whole "allow" is one.
TEST(VerdictReply, AllowsOnlyOnTheExactWord) {
  VerdictReply sent;
  sent.verdict = sent.effect = Verdict::kAllow;
  sent.reason = Reason::kGranted;
  const std::string good = Dump(EncodeVerdict(sent));
  const auto allowed = ParseVerdict(Parse(good).get());
  ASSERT_TRUE(allowed);
  EXPECT_EQ(allowed->effect, Verdict::kAllow);
  for (const std::string_view word :
       {R"("effect":"Allow")", R"("effect":"allow ")", R"("effect":"")", R"("effect":true)",
        R"("effect":1)", R"("effect":["allow"])", R"("effort":"allow")", R"("effect":"deny")"}) {
    const auto reply = ParseVerdict(Parse(With(good, R"("effect":"allow")", word)).get());
    EXPECT_TRUE(!reply || reply->effect == Verdict::kDeny) << word;
  }
}

TEST(VerdictReply, WantsTheEndBothForPeopleAndForTheCountdown) {
  VerdictReply sent;
  sent.until = core::FromMillis(1'764'000'000'000);
  EXPECT_FALSE(ParseVerdict(EncodeVerdict(sent).get()));
  sent.remaining = core::Millis{5};
  const auto got = ParseVerdict(EncodeVerdict(sent).get());
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->until, sent.until);
  EXPECT_EQ(got->remaining, sent.remaining);
}

TEST(VerdictReply, CarriesOffersAndAtMostFive) {
  VerdictReply sent;
  sent.offers = {{"web-operator", core::Seconds{3600}, "needs 1 of web-leads", "OPS-[0-9]+",
                  "g-k3v7q2mzr4x5aybc"},
                 {"host-admin", core::Seconds{600}, "needs 2 of leads", "", ""}};
  const auto got = ParseVerdict(EncodeVerdict(sent).get());
  ASSERT_TRUE(got) << got.error().what;
  ASSERT_EQ(got->offers.size(), 2U);
  EXPECT_EQ(got->offers[0].role, "web-operator");
  EXPECT_EQ(got->offers[0].longest, core::Seconds{3600});
  EXPECT_EQ(got->offers[0].ticket, "OPS-[0-9]+");
  EXPECT_EQ(got->offers[0].pending, "g-k3v7q2mzr4x5aybc");
  EXPECT_EQ(got->offers[1].guarded_by, "needs 2 of leads");
  EXPECT_EQ(got->offers[1].pending, "");
  sent.offers.resize(6, sent.offers[0]);
  EXPECT_EQ(ParseVerdict(EncodeVerdict(sent).get()).error().code, Reason::kProtocol);
}

TEST(AskCall, CarriesWhatWasTypedAsOneLine) {
  AskCall sent;
  sent.query = 17;
  sent.role = "web-operator";
  sent.duration = core::Seconds{60};
  sent.reason = "nginx h\xc3\xa4ngt \xff";  // a byte that is no UTF-8, from a terminal
  const auto got = ParseAsk(EncodeAsk(sent).get());
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->reason, "nginx h\xc3\xa4ngt \xef\xbf\xbd");
  EXPECT_EQ(got->duration, core::Seconds{60});
  for (const std::string& reason : {std::string(), std::string("a\nb"), std::string(1025, 'x')}) {
    sent.reason = reason;
    EXPECT_EQ(ParseAsk(EncodeAsk(sent).get()).error().code, Reason::kProtocol);
  }
}

TEST(AskCall, WaitsForAnOlderRequestWithoutAnythingElse) {
  AskCall sent;
  sent.query = 17;
  sent.pending = "g-k3v7q2mzr4x5aybc";
  const auto got = ParseAsk(EncodeAsk(sent).get());
  ASSERT_TRUE(got) << got.error().what;
  EXPECT_EQ(got->pending, sent.pending);
  sent.query = 0;
  EXPECT_FALSE(ParseAsk(EncodeAsk(sent).get())) << "no denial, nothing to ask about";
}

TEST(AskState, GrantsOnTheExactWord) {
  const auto parse = [](const char* state) {
    return ParseAskState(ObjectBuilder()
                             .String("short", "g-a")
                             .String("state", state)
                             .Int("wait_ms", 5)
                             .Take()
                             .get());
  };
  ASSERT_TRUE(parse("active"));
  EXPECT_TRUE(parse("active")->IsGranted());
  EXPECT_EQ(parse("active")->wait, core::Millis{5});
  for (const char* state : {"approved", "pending", "Active", "active "}) {
    EXPECT_FALSE(parse(state)->IsGranted()) << state;
  }
  EXPECT_FALSE(parse("\x1b[2J"));
}

TEST(VerdictReply, ReadsAReasonOfANewerAgentAsInternal) {
  const std::string text =
      With(Dump(EncodeVerdict({})), R"("reason":"internal")", R"("reason":"brand_new")");
  const auto reply = ParseVerdict(Parse(text).get());
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->reason, Reason::kInternal);
}

TEST(VerdictReply, RefusesATextThatCouldPaintOnTheTerminal) {
  VerdictReply sent;
  sent.text = "line one\nline two";
  EXPECT_TRUE(ParseVerdict(EncodeVerdict(sent).get()));
  sent.text = "\x1b]0;owned\x07";
  EXPECT_FALSE(ParseVerdict(EncodeVerdict(sent).get()));
}

TEST(EndedCall, HasACodeOrASignalOrNeither) {
  EXPECT_TRUE(ParseEnded(Parse(R"({"query":1})").get()));
  EXPECT_EQ(ParseEnded(Parse(R"({"query":1,"exit":255})").get())->exit_code, 255U);
  EXPECT_EQ(ParseEnded(Parse(R"({"query":1,"signal":9})").get())->signal, 9U);
  EXPECT_FALSE(ParseEnded(Parse(R"({"query":1,"exit":256})").get()));
  EXPECT_FALSE(ParseEnded(Parse(R"({"query":1,"signal":0})").get()));
  EXPECT_FALSE(ParseEnded(Parse(R"({"query":1,"signal":9,"exit":0})").get()));
}

TEST(Mode, HasOneNameEach) {
  for (const std::string_view name : {"run", "shell", "login", "edit", "account"}) {
    const auto mode = ParseMode(name);
    ASSERT_TRUE(mode);
    EXPECT_EQ(ModeName(*mode), name);
  }
  EXPECT_FALSE(ParseMode("Run"));
}

/// The lines of the fenced blocks of one kind in docs/formats/ipc.md.
std::vector<std::string> Examples(std::string_view kind) {
  std::ifstream page(DAYPASS_SOURCE_DIR "/docs/formats/ipc.md");
  std::vector<std::string> lines;
  bool inside = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("```")) {
      inside = line.substr(3) == kind;
    } else if (inside) {
      lines.push_back(line);
    }
  }
  EXPECT_FALSE(lines.empty()) << kind;
  return lines;
}

/// Parses the parameters with the method's own reader and writes them again.
template <typename T>
std::string Again(core::Result<T> (*parse)(const json_t*), Json (*encode)(const T&),
                  const json_t* parameters) {
  const auto value = parse(parameters);
  return value ? Dump(encode(*value)) : value.error().what;
}

std::string CallAgain(const Call& call) {
  const json_t* in = call.parameters.get();
  if (MemfdIndex(in)) return Dump(in);
  if (call.method == kWatchMethod) return Again(ParseWatch, EncodeWatch, in);
  if (call.method == kStartedMethod) return Again(ParseStarted, EncodeStarted, in);
  if (call.method == kEndedMethod) return Again(ParseEnded, EncodeEnded, in);
  if (call.method == kAccountMethod) return Again(ParseAccount, EncodeAccount, in);
  if (call.method == kAskMethod) return Again(ParseAsk, EncodeAsk, in);
  if (call.method == kCommandMethod) return Again(ParseCommand, EncodeCommand, in);
  return "no such method: " + call.method;
}

TEST(FormatPage, HasCallsThatAreReadAndWrittenAgain) {
  for (const std::string& line : Examples("call")) {
    const auto call = ParseCall(line);
    ASSERT_TRUE(call) << line << ": " << call.error().what;
    const Wants wants = call->more     ? Wants::kMore
                        : call->oneway ? Wants::kNothing
                                       : Wants::kOneReply;
    const std::string parameters = CallAgain(*call);
    EXPECT_EQ(parameters, Dump(call->parameters));
    EXPECT_EQ(Body(EncodeCall(call->method, call->parameters.get(), wants)), line);
  }
}

TEST(FormatPage, HasRepliesThatAreReadAndWrittenAgain) {
  for (const std::string& line : Examples("verdict")) {
    const auto reply = ParseReply(line);
    ASSERT_TRUE(reply) << line;
    EXPECT_EQ(Again(ParseVerdict, EncodeVerdict, reply->parameters.get()), Dump(reply->parameters));
    EXPECT_EQ(Body(EncodeReply(reply->parameters.get(), reply->continues)), line);
  }
  for (const std::string& line : Examples("watch")) {
    const auto reply = ParseReply(line);
    ASSERT_TRUE(reply) << line;
    EXPECT_EQ(Again(ParseWatchEvent, EncodeWatchEvent, reply->parameters.get()),
              Dump(reply->parameters));
    EXPECT_EQ(Body(EncodeReply(reply->parameters.get(), reply->continues)), line);
  }
  for (const std::string& line : Examples("error")) {
    const auto reply = ParseReply(line);
    ASSERT_TRUE(reply) << line;
    const core::Error fault = ErrorOf(*reply);
    EXPECT_EQ(Body(EncodeError(fault.code, fault.what)), line);
  }
}

}  // namespace
}  // namespace daypass::wire
