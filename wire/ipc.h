// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The local protocol's outer form: varlink's wire format, JSON objects that end in a NUL byte, over
// unix stream sockets. A caller sends a Call and reads Replies. What a method's parameters hold is
// in wire/ipc_check.h for the shims; sockets and descriptors are left to whoever owns them. Pure:
// bytes in, values out. Grammar and worked examples: docs/formats/ipc.md.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/reason.h"
#include "core/result.h"
#include "wire/json.h"

namespace daypass::wire {

inline constexpr size_t kMaxMessageBytes = 64 * 1024;           ///< check.sock and courier.sock
inline constexpr size_t kMaxUserMessageBytes = 4 * 1024;        ///< calls on user.sock
inline constexpr size_t kMaxInlineParametersBytes = 32 * 1024;  ///< larger ones go in a memfd
inline constexpr size_t kMaxMemfdParametersBytes = 8 * 1024 * 1024;

/// Cuts a byte stream into messages. Holds at most `max_bytes` of one unfinished message, so that a
/// peer cannot make its reader grow.
class FrameReader {
 public:
  explicit FrameReader(size_t max_bytes) : max_bytes_(max_bytes) {}

  /// Takes bytes as they arrived. Fails kTooLarge when a message exceeds the limit; the stream is
  /// then unusable and every later Feed fails too.
  core::Result<void> Feed(std::string_view bytes);

  /// The oldest complete message, without its NUL; none if more bytes are needed.
  std::optional<std::string> Next();

  /// Whether a message has begun and not ended: an end of the stream here cuts it off.
  bool HasPartial() const { return unfinished_ > 0; }

 private:
  size_t max_bytes_;
  size_t unfinished_ = 0;  // bytes of buffer_ behind its last NUL
  bool failed_ = false;
  std::string buffer_;
};

/// One call. `more`: the caller wants several replies. `oneway`: it wants none.
struct Call {
  std::string method;  ///< "org.daypass.Check.Command"
  Json parameters;     ///< an object, never null
  bool more = false;
  bool oneway = false;
};

/// Reads a call; `message` is one frame without its NUL. Fails kProtocol: not an object, a key that
/// is not listed here, a method that is no dotted name, more and oneway at once.
core::Result<Call> ParseCall(std::string_view message);

enum class Wants : uint8_t { kOneReply, kMore, kNothing };
/// One frame, with its NUL. `method`: one of ours. `parameters`: an object, borrowed.
std::string EncodeCall(std::string_view method, const json_t* parameters,
                       Wants wants = Wants::kOneReply);

/// One answer: either parameters or, if `error` is not empty, a fault and its text.
struct Reply {
  std::string error;  ///< "org.daypass.<reason>" or a name of varlink's own
  Json parameters;    ///< an object, never null
  bool continues = false;
};

/// Reads an answer. Unknown keys are ignored: a peer may be one version apart. `max_bytes`: more
/// only where the answer itself may be larger, as with records.
core::Result<Reply> ParseReply(std::string_view message, size_t max_bytes = kMaxMessageBytes);

/// One frame, with its NUL. `parameters`: an object, borrowed; null is an empty one.
std::string EncodeReply(const json_t* parameters, bool continues = false);

/// A fault as an answer: {"error":"org.daypass.<reason>","parameters":{"text":...}} and NUL.
std::string EncodeError(core::Reason reason, std::string_view text);

/// What a Reply with an error says. A name that we do not know is kProtocol.
core::Error ErrorOf(const Reply& reply);

/// The index among the passed descriptors of the memfd that holds the real parameters, if
/// `parameters` is {"memfd":N}; else none.
std::optional<size_t> MemfdIndex(const json_t* parameters);

}  // namespace daypass::wire
