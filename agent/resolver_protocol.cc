// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/resolver_protocol.h"

#include <utility>

#include "wire/json.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"

namespace daypass::agent {
namespace {

using core::Error;
using core::Reason;
using core::Result;

constexpr size_t kMaxPath = 4096;
constexpr size_t kMaxText = 2 * kMaxPath;  // a path and words about it
constexpr size_t kMaxName = 256;
constexpr wire::StringRule kFaultText{0, kMaxText, nullptr, "UTF-8"};

std::string Frame(const wire::ObjectBuilder& message) {
  std::string frame = message.Dump();
  frame.push_back('\0');
  return frame;
}

Result<wire::Json> ParseMessage(std::string_view message) {
  auto json = wire::ParseJson(message, {.max_bytes = kMaxAnswerBytes, .max_string = 2 * kMaxText});
  if (!json) return Error{Reason::kProtocol, "a helper's message: " + json.error().what, {}};
  return json;
}

Result<void> Finish(wire::ObjectReader& in) {
  auto done = in.Finish();
  if (!done) return Error{Reason::kProtocol, "a helper's message: " + done.error().what, {}};
  return {};
}

/// Reads one answer: the helper's fault if it met one, else what `read` makes of it.
template <typename T, typename Read>
Result<T> ParseAnswer(std::string_view message, Read read) {
  const auto json = ParseMessage(message);
  if (!json) return json.error();
  wire::ObjectReader in(json->get());
  const auto fault = in.OptString("fault", kFaultText);
  T value = fault ? T{} : read(in);
  auto done = Finish(in);
  if (!done) return std::move(done).error();
  if (fault) return Error{Reason::kInternal, *fault, {}};
  return value;
}

std::string FrameFault(const Error& error) {
  return Frame(wire::ObjectBuilder().String("fault", error.what));
}

struct AskEncoder {
  wire::ObjectBuilder operator()(const AskPaths& ask) const {
    wire::ArrayBuilder questions;
    for (const PathQuestion& question : ask.questions) {
      questions.Object(wire::ObjectBuilder()
                           .Bytes("path", question.path)
                           .Bool("sha256", question.want_sha256)
                           .Bool("command", question.is_command));
    }
    return std::move(wire::ObjectBuilder().Array("paths", questions));
  }
  wire::ObjectBuilder operator()(const AskName& ask) const {
    return std::move(wire::ObjectBuilder().Int("uid", ask.uid));
  }
  wire::ObjectBuilder operator()(const AskUid& ask) const {
    return std::move(wire::ObjectBuilder().Bytes("name", ask.name));
  }
};

AskPaths ReadPaths(wire::ObjectReader& in) {
  AskPaths ask;
  in.Objects("paths", {0, kMaxPathQuestions}, [&](wire::ObjectReader& one) {
    PathQuestion question;
    question.path = one.Bytes("path", kMaxQuestionBytes);
    question.want_sha256 = one.Bool("sha256");
    question.is_command = one.Bool("command");
    ask.questions.push_back(std::move(question));
  });
  return ask;
}

}  // namespace

std::string EncodeGreeting(const Greeting& greeting) {
  return Frame(wire::ObjectBuilder()
                   .Int("pid", greeting.pid)
                   .Int("start_ticks", static_cast<int64_t>(greeting.start_ticks)));
}

std::string EncodeAsk(const ResolverAsk& ask) {
  return Frame(std::visit(AskEncoder{}, ask));
}

std::string EncodeFacts(const std::vector<core::PathFact>& facts) {
  wire::ArrayBuilder array;
  for (const core::PathFact& fact : facts) {
    array.Object(wire::ObjectBuilder()
                     .Bytes("canonical", fact.canonical)
                     .Bool("safe", fact.safe)
                     .Bytes("unsafe", fact.unsafe)
                     .String("sha256", fact.sha256));
  }
  return Frame(wire::ObjectBuilder().Array("facts", array));
}

std::string EncodeFoundName(const Result<FoundName>& name) {
  if (!name) return FrameFault(name.error());
  wire::ObjectBuilder out;
  if (*name) out.Bytes("name", **name);
  return Frame(out);
}

std::string EncodeFoundUid(const Result<FoundUid>& uid) {
  if (!uid) return FrameFault(uid.error());
  wire::ObjectBuilder out;
  if (*uid) out.Int("uid", **uid);
  return Frame(out);
}

Result<Greeting> ParseGreeting(std::string_view message) {
  return ParseAnswer<Greeting>(message, [](wire::ObjectReader& in) {
    Greeting greeting;
    greeting.pid = in.Int("pid", 1, INT32_MAX);
    greeting.start_ticks = static_cast<uint64_t>(in.Int("start_ticks", 0, wire::kMaxJsonInt));
    return greeting;
  });
}

Result<ResolverAsk> ParseAsk(std::string_view message) {
  const auto json = ParseMessage(message);
  if (!json) return json.error();
  wire::ObjectReader in(json->get());
  ResolverAsk ask;
  if (in.Has("uid")) {
    ask = AskName{static_cast<uint32_t>(in.Int("uid", 0, UINT32_MAX))};
  } else if (in.Has("name")) {
    ask = AskUid{in.Bytes("name", kMaxName)};
  } else {
    ask = ReadPaths(in);
  }
  auto done = Finish(in);
  if (!done) return std::move(done).error();
  return ask;
}

Result<std::vector<core::PathFact>> ParseFacts(std::string_view message, size_t count) {
  return ParseAnswer<std::vector<core::PathFact>>(message, [count](wire::ObjectReader& in) {
    std::vector<core::PathFact> facts;
    in.Objects("facts", {count, count}, [&](wire::ObjectReader& one) {
      core::PathFact fact;
      fact.canonical = one.Bytes("canonical", kMaxText);
      fact.safe = one.Bool("safe");
      fact.unsafe = one.Bytes("unsafe", kMaxText);
      fact.sha256 = one.String("sha256", wire::OrEmpty(wire::kDigest));
      facts.push_back(std::move(fact));
    });
    return facts;
  });
}

Result<FoundName> ParseFoundName(std::string_view message) {
  return ParseAnswer<FoundName>(message, [](wire::ObjectReader& in) {
    return in.Has("name") ? FoundName(in.Bytes("name", kMaxName)) : FoundName();
  });
}

Result<FoundUid> ParseFoundUid(std::string_view message) {
  return ParseAnswer<FoundUid>(message, [](wire::ObjectReader& in) {
    return in.Has("uid") ? FoundUid(static_cast<uint32_t>(in.Int("uid", 0, UINT32_MAX)))
                         : FoundUid();
  });
}

}  // namespace daypass::agent
