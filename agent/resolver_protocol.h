// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the decider and its helper processes say to each other: one JSON object and a NUL for each
// message, over a pair of sockets. A helper greets once, then answers one question at a time. Both
// ends are the same build, so an unknown key is a fault. Pure: bytes to values and back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "agent/resolver.h"
#include "core/query.h"
#include "core/result.h"

namespace daypass::agent {

inline constexpr size_t kMaxAskBytes = 160 * 1024;
inline constexpr size_t kMaxAnswerBytes = size_t{4} << 20;

/// The first message of a helper: which process it is, so that it can be killed and no other.
struct Greeting {
  int64_t pid = 0;
  uint64_t start_ticks = 0;
};

/// Comes with two descriptors: "/" and the folder that relative paths start from.
struct AskPaths {
  std::vector<PathQuestion> questions;
};
struct AskName {
  uint32_t uid = 0;
};
struct AskUid {
  std::string name;
};
using ResolverAsk = std::variant<AskPaths, AskName, AskUid>;

using FoundName = std::optional<std::string>;
using FoundUid = std::optional<uint32_t>;

// Encode gives one frame with its NUL. Parse takes one without; fails: kProtocol. A fault that the
// helper met travels as its text and comes out of Parse as kInternal.
std::string EncodeGreeting(const Greeting& greeting);
std::string EncodeAsk(const ResolverAsk& ask);
std::string EncodeFacts(const std::vector<core::PathFact>& facts);
std::string EncodeFoundName(const core::Result<FoundName>& name);
std::string EncodeFoundUid(const core::Result<FoundUid>& uid);

core::Result<Greeting> ParseGreeting(std::string_view message);
core::Result<ResolverAsk> ParseAsk(std::string_view message);
/// `count`: how many were asked for; any other number of them is a fault.
core::Result<std::vector<core::PathFact>> ParseFacts(std::string_view message, size_t count);
core::Result<FoundName> ParseFoundName(std::string_view message);
core::Result<FoundUid> ParseFoundUid(std::string_view message);

}  // namespace daypass::agent
