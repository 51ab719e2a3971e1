// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What decider and resolver helpers say to each other. A helper touches the asker's files, so what
// it answers is read as strictly as anybody's words.
#include "agent/resolver_protocol.h"
#include "tests/fuzz/target.h"

namespace daypass::fuzz {

const Reader kReader{.limit = agent::kMaxAnswerBytes,
                     .max_input = size_t{8} << 10,
                     .read = [](std::string_view input) {
                       (void)agent::ParseFacts(input, agent::kMaxPathQuestions);
                     }};

namespace {

std::string WithoutNul(std::string frame) {
  Require(frame.back() == '\0', "a frame ends in NUL");
  frame.pop_back();
  Require(frame.find('\0') == frame.npos, "a frame is one message");
  return frame;
}

/// What was read, written and read again is the same. A fault of the helper's is its own text.
template <typename T, typename Parse, typename Encode>
void TryMessage(std::string_view input, Parse parse, Encode encode) {
  const core::Result<T> read = parse(input);
  if (!read) {
    const core::Reason code = read.error().code;
    Require(code == core::Reason::kProtocol || code == core::Reason::kInternal,
            "a helper's fault is one of two");
    if (code == core::Reason::kProtocol) RequireFit(read.error());
    return;
  }
  const std::string frame = encode(*read);
  const core::Result<T> again = parse(WithoutNul(frame));
  Require(again && encode(*again) == frame, "nothing of a message is lost on the way");
}

void TryAsk(std::string_view input) {
  const auto ask = agent::ParseAsk(input);
  if (!ask) return;
  if (const auto* paths = std::get_if<agent::AskPaths>(&*ask)) {
    Require(paths->questions.size() <= agent::kMaxPathQuestions, "questions are counted");
    for (const agent::PathQuestion& question : paths->questions) {
      Require(question.path.size() <= agent::kMaxQuestionBytes, "a path keeps to its limit");
    }
  }
}

}  // namespace

void Try(std::string_view input) {
  TryAsk(input);
  TryMessage<agent::ResolverAsk>(input, agent::ParseAsk, agent::EncodeAsk);
  TryMessage<agent::Greeting>(input, agent::ParseGreeting, agent::EncodeGreeting);
  TryMessage<agent::FoundName>(input, agent::ParseFoundName, [](const agent::FoundName& name) {
    return agent::EncodeFoundName(name);
  });
  TryMessage<agent::FoundUid>(input, agent::ParseFoundUid, [](const agent::FoundUid& uid) {
    return agent::EncodeFoundUid(uid);
  });
  for (const size_t count : {size_t{0}, size_t{1}, size_t{2}}) {
    const auto parse = [count](std::string_view message) {
      return agent::ParseFacts(message, count);
    };
    TryMessage<std::vector<core::PathFact>>(input, parse, agent::EncodeFacts);
    const auto facts = parse(input);
    if (!facts) continue;
    Require(facts->size() == count, "there are as many facts as questions");
    for (const core::PathFact& fact : *facts) {
      Require(fact.sha256.empty() || wire::IsDigest(fact.sha256), "a digest is a digest");
    }
  }
}

}  // namespace daypass::fuzz
