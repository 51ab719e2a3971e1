// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/http_client.h"

#include <sys/epoll.h>

#include <map>
#include <utility>

#include "platform/http_easy.h"

namespace daypass::platform {
namespace {

constexpr long kMaxConnectionsPerHost = 8;

}  // namespace

struct HttpClient::Call::State {
  Engine* engine = nullptr;  // null: finished, cancelled, or the client is gone
  std::unique_ptr<HttpEasy> easy;
  Callback callback;
};

/// libcurl says which sockets and when; the loop waits; libcurl moves the bytes.
struct HttpClient::Engine {
  using State = Call::State;

  explicit Engine(EventLoop& event_loop) : loop(event_loop) {}
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  Engine(Engine&&) = delete;
  Engine& operator=(Engine&&) = delete;
  ~Engine();

  core::Result<void> Start();
  core::Result<void> Add(const std::shared_ptr<State>& state);
  /// Forgets a call and returns its transfer.
  std::unique_ptr<HttpEasy> Remove(State& state);
  void Act(curl_socket_t socket, int happened);
  void DeliverFinished();

  static int OnSocket(CURL*, curl_socket_t socket, int wanted, void* self, void*) noexcept;
  static int OnTimer(CURLM*, long timeout_ms, void* self) noexcept;
  int WatchSocket(curl_socket_t socket, int wanted);

  struct Cleanup {
    void operator()(CURLM* multi) const noexcept { curl_multi_cleanup(multi); }
  };

  EventLoop& loop;
  std::map<State*, std::shared_ptr<State>> calls;
  std::map<curl_socket_t, EventLoop::Source> sockets;
  EventLoop::Source timer;
  std::unique_ptr<CURLM, Cleanup> multi;
};

HttpClient::Engine::~Engine() {
  while (!calls.empty()) Remove(*calls.begin()->first);
  multi.reset();  // closes kept connections, and tells OnSocket, while `sockets` still is
}

core::Result<void> HttpClient::Engine::Start() {
  auto started = HttpEasy::InitLibrary();
  if (!started) return started;
  multi.reset(curl_multi_init());
  if (!multi || curl_multi_setopt(multi.get(), CURLMOPT_SOCKETFUNCTION, &OnSocket) != CURLM_OK ||
      curl_multi_setopt(multi.get(), CURLMOPT_SOCKETDATA, this) != CURLM_OK ||
      curl_multi_setopt(multi.get(), CURLMOPT_TIMERFUNCTION, &OnTimer) != CURLM_OK ||
      curl_multi_setopt(multi.get(), CURLMOPT_TIMERDATA, this) != CURLM_OK ||
      curl_multi_setopt(multi.get(), CURLMOPT_MAX_HOST_CONNECTIONS, kMaxConnectionsPerHost) !=
          CURLM_OK) {
    return core::Error{core::Reason::kInternal, "libcurl cannot start", {}};
  }
  return {};
}

core::Result<void> HttpClient::Engine::Add(const std::shared_ptr<State>& state) {
  CURL* const easy = state->easy->handle();
  curl_easy_setopt(easy, CURLOPT_PRIVATE, static_cast<void*>(state.get()));
  const CURLMcode added = curl_multi_add_handle(multi.get(), easy);
  if (added != CURLM_OK) {
    return core::Error{
        core::Reason::kInternal, std::string("libcurl: ") + curl_multi_strerror(added), {}};
  }
  state->engine = this;
  calls.emplace(state.get(), state);
  return {};
}

std::unique_ptr<HttpEasy> HttpClient::Engine::Remove(State& state) {
  const std::shared_ptr<State> kept = calls.at(&state);  // lives until this function ends
  curl_multi_remove_handle(multi.get(), kept->easy->handle());
  calls.erase(&state);
  kept->engine = nullptr;
  return std::move(kept->easy);
}

void HttpClient::Engine::Act(curl_socket_t socket, int happened) {
  int running = 0;
  curl_multi_socket_action(multi.get(), socket, happened, &running);
  DeliverFinished();
}

void HttpClient::Engine::DeliverFinished() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode result = message->data.result;
    State* state = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &state);
    // Taken first: the callback may destroy its Call, and with it the state.
    const Callback callback = std::move(state->callback);
    const std::unique_ptr<HttpEasy> easy = Remove(*state);
    callback(easy->Finish(result));
  }
}

int HttpClient::Engine::OnSocket(CURL*, curl_socket_t socket, int wanted, void* self,
                                 void*) noexcept {
  return static_cast<Engine*>(self)->WatchSocket(socket, wanted);
}

int HttpClient::Engine::WatchSocket(curl_socket_t socket, int wanted) {
  if (wanted == CURL_POLL_REMOVE) {
    sockets.erase(socket);
    return 0;
  }
  uint32_t events = 0;
  if ((wanted & CURL_POLL_IN) != 0) events |= EPOLLIN;
  if ((wanted & CURL_POLL_OUT) != 0) events |= EPOLLOUT;
  if (const auto known = sockets.find(socket); known != sockets.end()) {
    known->second.SetEvents(events);
    return 0;
  }
  auto source = loop.WatchFd(socket, events, [this, socket](uint32_t ready) {
    int happened = 0;
    if ((ready & EPOLLIN) != 0) happened |= CURL_CSELECT_IN;
    if ((ready & EPOLLOUT) != 0) happened |= CURL_CSELECT_OUT;
    if ((ready & (EPOLLERR | EPOLLHUP)) != 0) happened |= CURL_CSELECT_ERR;
    Act(socket, happened);
  });
  if (!source) return -1;  // libcurl then fails the transfer
  sockets.emplace(socket, *std::move(source));
  return 0;
}

int HttpClient::Engine::OnTimer(CURLM*, long timeout_ms, void* self) noexcept {
  auto* const engine = static_cast<Engine*>(self);
  engine->timer = {};
  if (timeout_ms < 0) return 0;
  auto timer = engine->loop.AfterMonotonic(core::Millis{timeout_ms},
                                           [engine] { engine->Act(CURL_SOCKET_TIMEOUT, 0); });
  if (!timer) return -1;
  engine->timer = *std::move(timer);
  return 0;
}

HttpClient::Call& HttpClient::Call::operator=(Call&& other) noexcept {
  std::swap(state_, other.state_);  // `other` cancels what was ours when it goes
  return *this;
}

HttpClient::Call::~Call() {
  if (state_ && state_->engine != nullptr) state_->engine->Remove(*state_);
}

HttpClient::HttpClient(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

core::Result<HttpClient> HttpClient::Make(EventLoop& loop) {
  auto engine = std::make_unique<Engine>(loop);
  auto started = engine->Start();
  if (!started) return std::move(started).error();
  return HttpClient(std::move(engine));
}

core::Result<HttpClient::Call> HttpClient::Send(const HttpRequest& request, Callback callback) {
  auto easy = HttpEasy::Make(request);
  if (!easy) return std::move(easy).error();
  auto state = std::make_shared<Call::State>();
  state->easy = *std::move(easy);
  state->callback = std::move(callback);
  auto added = engine_->Add(state);
  if (!added) return std::move(added).error();
  return Call(std::move(state));
}

}  // namespace daypass::platform
