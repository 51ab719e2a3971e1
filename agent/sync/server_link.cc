// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/server_link.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "platform/clock.h"
#include "wire/json_reader.h"
#include "wire/string_rule.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kConnectWithin{5'000};
constexpr core::Millis kLongestPause{600'000};
// libcurl gives up a kept connection that was idle for 118 s; after a silence, none older is used.
constexpr core::Millis kDistrustFor{120'000};
constexpr int kOk = 200;
constexpr int kTooManyRequests = 429;

bool IsRefusal(int status) {
  return status >= 400 && status < 500 && status != kTooManyRequests;
}

core::Error Fault(std::string what) {
  return {core::Reason::kInternal, std::move(what), {}};
}

/// {"error":name,"message":text,...} as the fault that it tells of.
core::Error ErrorOf(const platform::HttpResponse& response) {
  core::Error error = Fault("the server answered " + std::to_string(response.status));
  const wire::JsonLimits limits{.max_bytes = response.body.size(),
                                .max_string = response.body.size()};
  core::Result<wire::Json> json = wire::ParseJson(response.body, limits);
  if (!json) return error;
  wire::ObjectReader in(json->get(), wire::UnknownKeys::kIgnore);
  const std::string name = in.String("error", wire::kName);
  const std::string message = in.String("message", wire::kText);
  if (!in.Finish()) return error;
  error.code = core::ParseReason(name).value_or(core::Reason::kInternal);
  error.what = message;
  return error;
}

}  // namespace

core::Result<std::unique_ptr<ServerLink>> ServerLink::Make(platform::EventLoop& loop,
                                                           SyncConfig config, FaultLog& log) {
  core::Result<platform::HttpClient> http = platform::HttpClient::Make(loop);
  if (!http) return std::move(http).error();
  std::unique_ptr<ServerLink> link(new ServerLink(loop, std::move(*http), std::move(config), log));
  auto later = loop.Defer([raw = link.get()] {
    for (auto& work : std::exchange(raw->later_, {})) work();
  });
  if (!later) return std::move(later).error();
  link->later_source_ = std::move(*later);
  return link;
}

ServerLink::ServerLink(platform::EventLoop& loop, platform::HttpClient http, SyncConfig config,
                       FaultLog& log)
    : loop_(loop), http_(std::move(http)), config_(std::move(config)), log_(log) {}

void ServerLink::Get(const std::string& path, Limits limits, Callback callback) {
  platform::HttpRequest request;
  request.url = config_.server + path;
  Send(std::move(request), limits, std::move(callback));
}

void ServerLink::Post(const std::string& path, const wire::ObjectBuilder& body, Limits limits,
                      Callback callback) {
  platform::HttpRequest request;
  request.method = "POST";
  request.url = config_.server + path;
  request.headers = {"Content-Type: application/json", "Expect:"};
  request.body = body.Dump();
  Send(std::move(request), limits, std::move(callback));
}

core::Millis ServerLink::Pause() const {
  return std::max(quiet_until_ - platform::BootTime(), core::Millis{0});
}

void ServerLink::Send(platform::HttpRequest request, Limits limits, Callback callback) {
  if (Pause() > core::Millis{0}) {
    return Later([callback = std::move(callback)] {
      callback(
          core::Error{core::Reason::kTooMany, "the server wants to be left alone for now", {}});
    });
  }
  request.ca_file = config_.ca_file;
  request.client_certificate = config_.certificate_file;
  request.client_key = config_.key_file;
  request.proxy = config_.proxy;
  request.connect_timeout = kConnectWithin;
  request.timeout = limits.timeout;
  request.max_response_bytes = limits.max_bytes;
  request.fresh_connection = platform::BootTime() < fresh_until_;
  const uint64_t number = ++last_number_;
  auto call = http_.Send(request, [this, number](core::Result<platform::HttpResponse> response) {
    OnResponse(number, std::move(response));
  });
  if (!call) {
    return Later([callback = std::move(callback), error = call.error()] { callback(error); });
  }
  transfers_.emplace(number, Transfer{std::move(*call), std::move(callback), limits.max_bytes});
}

void ServerLink::Later(std::function<void()> work) {
  later_.push_back(std::move(work));
  later_source_.Arm();
}

void ServerLink::OnResponse(uint64_t number, core::Result<platform::HttpResponse> response) {
  auto node = transfers_.extract(number);
  core::Result<ServerAnswer> answer = Judge(std::move(response), node.mapped().max_bytes);
  node.mapped().callback(std::move(answer));
}

core::Result<ServerAnswer> ServerLink::Judge(core::Result<platform::HttpResponse> response,
                                             size_t max_bytes) {
  if (!response) {
    if (response.error().code == core::Reason::kTooLate) {
      fresh_until_ = platform::BootTime() + kDistrustFor;
    }
    NoteReached(false, response.error());
    return std::move(response).error();
  }
  if (response->status == kOk) {
    core::Result<wire::Json> body =
        wire::ParseJson(response->body, {.max_bytes = max_bytes, .max_string = max_bytes});
    if (!body) return std::move(body).error();
    NoteReached(true, {});
    return ServerAnswer{std::move(*body), std::nullopt};
  }
  core::Error error = ErrorOf(*response);
  if (IsRefusal(response->status)) {
    NoteReached(true, {});
    return ServerAnswer{nullptr, std::move(error)};
  }
  NoteRetryAfter(*response);
  NoteReached(false, error);
  return error;
}

void ServerLink::NoteRetryAfter(const platform::HttpResponse& response) {
  auto header = response.headers.find("retry-after");
  if (header == response.headers.end()) return;
  int64_t seconds = 0;
  const std::string& text = header->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (error != std::errc{} || end != text.data() + text.size() || seconds < 0) return;
  const core::Millis pause = seconds > kLongestPause / core::Seconds{1}
                                 ? kLongestPause
                                 : core::Millis{core::Seconds{seconds}};
  quiet_until_ = std::max(quiet_until_, platform::BootTime() + pause);
}

void ServerLink::NoteReached(bool reached, const core::Error& error) {
  if (!reached) {
    is_lost_ = true;
    return log_.Fault("server", error,
                      "trying again; what this host holds goes on working meanwhile");
  }
  log_.Fine("server");
  if (std::exchange(is_lost_, false) && Pause() == core::Millis{0} && on_back) on_back();
}

core::Result<wire::Json> BodyOf(core::Result<ServerAnswer> answer) {
  if (!answer) return std::move(answer).error();
  if (answer->refusal) return std::move(*answer->refusal);
  return std::move(answer->body);
}

}  // namespace daypass::agent
