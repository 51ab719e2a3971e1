// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Frames, calls and replies.
#include "wire/ipc.h"

#include <algorithm>
#include <utility>

#include "wire/json_builder.h"
#include "wire/json_reader.h"
#include "wire/string_rule.h"

namespace daypass::wire {
namespace {

using core::Error;
using core::Reason;
using core::Result;

constexpr std::string_view kErrorPrefix = "org.daypass.";
constexpr int64_t kMaxFdIndex = 7;

bool IsMethod(std::string_view name) {
  const bool letters = std::ranges::all_of(name, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.';
  });
  return letters && name.find('.') != std::string_view::npos && name.front() != '.' &&
         name.back() != '.';
}

constexpr StringRule kMethodRule{3, 128, IsMethod, "letters and digits with dots between"};
constexpr StringRule kErrorRule{0, 128, IsPlainLine, "one plain line"};
constexpr JsonLimits kMessageLimits{.max_bytes = kMaxMessageBytes, .max_string = kMaxMessageBytes};

// Whatever is wrong with a message, to its reader it is one thing: not the protocol.
Error ProtocolFault(Error fault) {
  fault.code = Reason::kProtocol;
  return fault;
}

// Ends a message that was begun as text: its last member is the parameters, and then comes NUL.
std::string Frame(std::string head, const json_t* parameters) {
  head += "\"parameters\":";
  head += parameters != nullptr ? Dump(parameters) : "{}";
  head.push_back('}');
  head.push_back('\0');
  return head;
}

Json OrEmptyObject(Json parameters) {
  if (parameters == nullptr) return ObjectBuilder().Take();
  return parameters;
}

}  // namespace

Result<void> FrameReader::Feed(std::string_view bytes) {
  for (const char byte : bytes) {
    unfinished_ = byte == '\0' ? 0 : unfinished_ + 1;
    failed_ = failed_ || unfinished_ > max_bytes_;
  }
  if (failed_) {
    buffer_.clear();
    return Error{Reason::kTooLarge,
                 "a message is too long; at most " + std::to_string(max_bytes_) + " bytes",
                 {}};
  }
  buffer_.append(bytes);
  return {};
}

std::optional<std::string> FrameReader::Next() {
  const size_t end = buffer_.find('\0');
  if (end == std::string::npos) return std::nullopt;
  std::string message = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return message;
}

Result<Call> ParseCall(std::string_view message) {
  Result<Json> json = ParseJson(message, kMessageLimits);
  if (!json) return ProtocolFault(std::move(json).error());
  ObjectReader in(json->get());
  Call call;
  call.method = in.String("method", kMethodRule);
  call.more = in.OptBool("more");
  call.oneway = in.OptBool("oneway");
  call.parameters = OrEmptyObject(in.OptTake("parameters"));
  if (call.more && call.oneway) in.Fail(Reason::kProtocol, "oneway", "excludes \"more\"");
  if (Result<void> done = in.Finish(); !done) return ProtocolFault(std::move(done).error());
  return call;
}

std::string EncodeCall(std::string_view method, const json_t* parameters, Wants wants) {
  std::string head = "{\"method\":\"" + std::string(method) + "\",";
  if (wants == Wants::kMore) head += "\"more\":true,";
  if (wants == Wants::kNothing) head += "\"oneway\":true,";
  return Frame(std::move(head), parameters);
}

Result<Reply> ParseReply(std::string_view message, size_t max_bytes) {
  Result<Json> json = ParseJson(message, {.max_bytes = max_bytes, .max_string = max_bytes});
  if (!json) return ProtocolFault(std::move(json).error());
  ObjectReader in(json->get(), UnknownKeys::kIgnore);
  Reply reply;
  reply.error = in.OptString("error", kErrorRule).value_or("");
  reply.continues = in.OptBool("continues");
  reply.parameters = OrEmptyObject(in.OptTake("parameters"));
  if (Result<void> done = in.Finish(); !done) return ProtocolFault(std::move(done).error());
  return reply;
}

std::string EncodeReply(const json_t* parameters, bool continues) {
  return Frame(continues ? "{\"continues\":true," : "{", parameters);
}

std::string EncodeError(Reason reason, std::string_view text) {
  const std::string name = std::string(kErrorPrefix) + std::string(core::ReasonName(reason));
  return Frame("{\"error\":\"" + name + "\",", ObjectBuilder().String("text", text).Take().get());
}

Error ErrorOf(const Reply& reply) {
  std::string_view name = reply.error;
  std::optional<Reason> reason;
  if (name.starts_with(kErrorPrefix)) reason = core::ParseReason(name.substr(kErrorPrefix.size()));
  ObjectReader in(reply.parameters.get(), UnknownKeys::kIgnore);
  std::string text = in.OptString("text", kText).value_or("");
  if (text.empty() && reason) text = core::ReasonText(*reason);
  if (text.empty()) text = "the agent answered " + reply.error;
  return Error{reason.value_or(Reason::kProtocol), std::move(text), {}};
}

std::optional<size_t> MemfdIndex(const json_t* parameters) {
  ObjectReader in(parameters);
  if (!in.Has("memfd")) return std::nullopt;
  const int64_t index = in.Int("memfd", 0, kMaxFdIndex);
  if (!in.Finish()) return std::nullopt;
  return static_cast<size_t>(index);
}

}  // namespace daypass::wire
