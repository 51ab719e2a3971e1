// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The courier's way to the server: JSON over HTTPS, with the host's certificate. Knows whether the
// server can be reached, and keeps quiet for as long as the server asks for it (Retry-After). What
// is sent and when to try again is the stages'.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "agent/sync/config.h"
#include "agent/sync/fault_log.h"
#include "core/result.h"
#include "platform/event_loop.h"
#include "platform/http_client.h"
#include "wire/json_builder.h"

namespace daypass::agent {

/// What the server said: a body, or why not (a 4xx: it will say so again).
struct ServerAnswer {
  wire::Json body;  ///< an object; null if refused
  std::optional<core::Error> refusal;
};

class ServerLink {
 public:
  /// A fault when nothing was said: not reached, a 5xx, a 429, or an answer that is none of ours.
  using Callback = std::function<void(core::Result<ServerAnswer>)>;
  struct Limits {
    core::Millis timeout{10'000};
    size_t max_bytes = 256 * 1024;
  };

  static core::Result<std::unique_ptr<ServerLink>> Make(platform::EventLoop& loop,
                                                        SyncConfig config, FaultLog& log);

  /// Both call back from the loop, never before they return. `path`: "/v1/...".
  void Get(const std::string& path, Limits limits, Callback callback);
  void Post(const std::string& path, const wire::ObjectBuilder& body, Limits limits,
            Callback callback);

  /// How long the server still wants to be left alone.
  core::Millis Pause() const;
  /// It could not be reached when it was last tried.
  bool IsLost() const { return is_lost_; }

  /// The server answers again after it could not be reached, and may be asked.
  std::function<void()> on_back;

 private:
  ServerLink(platform::EventLoop& loop, platform::HttpClient http, SyncConfig config,
             FaultLog& log);
  void Send(platform::HttpRequest request, Limits limits, Callback callback);
  void OnResponse(uint64_t number, core::Result<platform::HttpResponse> response);
  core::Result<ServerAnswer> Judge(core::Result<platform::HttpResponse> response, size_t max_bytes);
  void NoteRetryAfter(const platform::HttpResponse& response);
  void NoteReached(bool reached, const core::Error& error);
  void Later(std::function<void()> work);

  struct Transfer {
    platform::HttpClient::Call call;
    Callback callback;
    size_t max_bytes = 0;
  };

  platform::EventLoop& loop_;
  platform::HttpClient http_;
  SyncConfig config_;
  FaultLog& log_;
  bool is_lost_ = false;
  core::Millis quiet_until_{0};  // boot time
  core::Millis fresh_until_{0};  // boot time; until then no kept connection is trusted
  uint64_t last_number_ = 0;
  std::map<uint64_t, Transfer> transfers_;
  std::vector<std::function<void()>> later_;
  platform::EventLoop::Source later_source_;
};

/// The body, or whatever kept it from coming.
core::Result<wire::Json> BodyOf(core::Result<ServerAnswer> answer);

}  // namespace daypass::agent
