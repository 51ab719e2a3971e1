// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// HttpClient: HTTPS from an event loop, with connections kept between requests.
#pragma once

#include <functional>
#include <memory>

#include "platform/event_loop.h"
#include "platform/http.h"

namespace daypass::platform {

class HttpClient {
 public:
  using Callback = std::function<void(core::Result<HttpResponse>)>;

  /// A request under way. Destroying it cancels: the callback is then not called.
  class Call {
   public:
    Call() = default;
    Call(Call&&) noexcept = default;
    Call& operator=(Call&& other) noexcept;
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call();

   private:
    friend class HttpClient;
    struct State;
    explicit Call(std::shared_ptr<State> state) : state_(std::move(state)) {}
    // Shared by the holder, who may let go first, and the client, which may finish first.
    std::shared_ptr<State> state_;
  };

  /// `loop` must outlive the client.
  static core::Result<HttpClient> Make(EventLoop& loop);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) = delete;
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  /// Sends; calls back exactly once, from the loop, never before this returns. The callback may
  /// send again and may destroy its Call, not the client.
  core::Result<Call> Send(const HttpRequest& request, Callback callback);

 private:
  struct Engine;
  explicit HttpClient(std::unique_ptr<Engine> engine);
  std::unique_ptr<Engine> engine_;
};

}  // namespace daypass::platform
