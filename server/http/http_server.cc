// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The one file that sees Asio and Beast. One thread runs `io_`: connections are coroutines on it,
// and everything here but a handler's body runs there, so nothing needs a lock. Another runs
// `worker_`: handlers, one after the other.
#include "server/http/http_server.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <csignal>
#include <map>
#include <set>
#include <thread>

#include "server/http/error.h"
#include "server/http/tls_stream.h"
#include "server/log.h"

namespace daypass::server {
namespace {

namespace http = boost::beast::http;
using asio::ip::tcp;
using core::Error;
using core::Reason;
using core::Result;
using std::chrono::seconds;
using Clock = std::chrono::steady_clock;

template <typename T = void>
using Awaitable = asio::awaitable<T, Executor>;
using Timer = asio::basic_waitable_timer<Clock, asio::wait_traits<Clock>, Executor>;
using Acceptor = asio::basic_socket_acceptor<tcp, Executor>;
using Parser = http::request_parser<http::string_body>;
using Message = http::response<http::string_body>;

constexpr asio::use_awaitable_t<Executor> kUse;
constexpr auto kTuple = asio::as_tuple(kUse);  // errors as values

constexpr size_t kMaxHeaderBytes = 16 * 1024;
constexpr size_t kMaxBodyBytes = 32 * 1024 * 1024;  // any route's limit is below
constexpr size_t kReadAheadBytes = 64 * 1024;
constexpr seconds kLongestWait{60};

/// One client, as long as it is served: in the set of all of them, for the sweep of deadlines.
class Connection {
 public:
  Connection(std::set<Connection*>& all, TlsStream its_stream)
      : stream(std::move(its_stream)), all_(all) {
    all_.insert(this);
  }
  ~Connection() { all_.erase(this); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  Connection(Connection&&) = delete;
  Connection& operator=(Connection&&) = delete;

  void Allow(seconds time) { deadline = Clock::now() + time; }

  TlsStream stream;
  Clock::time_point deadline;
  Peer peer;
  std::string address;
  boost::beast::flat_buffer read_ahead{kReadAheadBytes};

 private:
  std::set<Connection*>& all_;
};

/// One request as read: a route to ask, or the answer that reading it came to.
struct Incoming {
  Request request;
  const Endpoint* endpoint = nullptr;  // null: `answer` is all there is to say
  Response answer;
  bool keep_alive = false;
};

/// Those who wait for one topic.
struct Topic {
  uint64_t woken = 0;  // number of its last wake-up
  std::set<Timer*> sleepers;
};

std::string Text(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

/// Whether the bytes were wrong, rather than the connection ended: then there is somebody to tell.
bool IsFaultOfRequest(ErrorCode error) {
  const ErrorCode ended = http::error::end_of_stream;
  return error.category() == ended.category() && error != ended &&
         error != http::error::partial_message;
}

/// "localhost:8443" and "[::1]:8443" without port and brackets.
std::string ServerNameOf(const Parser& parser) {
  const std::string host = Text(parser.get()[http::field::host]);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

std::string BearerOf(const Parser& parser) {
  constexpr std::string_view kScheme = "Bearer ";
  const std::string value = Text(parser.get()[http::field::authorization]);
  return value.starts_with(kScheme) ? value.substr(kScheme.size()) : std::string();
}

class BeastServer : public HttpServer {
 public:
  BeastServer(SslContext tls, const HttpLimits& limits) : tls_(std::move(tls)), limits_(limits) {}
  ~BeastServer() override { EndWorker(); }  // before the coroutines that it works for
  BeastServer(const BeastServer&) = delete;
  BeastServer& operator=(const BeastServer&) = delete;
  BeastServer(BeastServer&&) = delete;
  BeastServer& operator=(BeastServer&&) = delete;

  Result<void> Listen(const std::string& address, uint16_t port);

  void On(std::string method, std::string_view pattern, size_t max_body, Handler handler) override {
    router_.Add(std::move(method), pattern, max_body, std::move(handler));
  }
  uint16_t port() const override { return acceptor_.local_endpoint().port(); }
  void Run() override;
  void Stop() override { io_.stop(); }
  void Wake(const std::string& topic) override;

 private:
  Awaitable<> Accept();
  Awaitable<> EndOverdue();
  Awaitable<> Serve(Socket socket);
  Awaitable<> Talk(Connection& connection);
  Awaitable<bool> Read(Connection& connection, Incoming& incoming);
  Awaitable<bool> ReadBody(Connection& connection, Parser& parser, Incoming& incoming);
  Awaitable<bool> Continue(Connection& connection, const Parser& parser);
  Awaitable<Response> Ask(Connection& connection, const Incoming& incoming);
  Awaitable<Response> OnWorker(const Endpoint& endpoint, const Request& request);
  Awaitable<> Sleep(std::string topic, uint64_t seen, Clock::time_point until);
  Awaitable<bool> Write(Connection& connection, const Response& response, bool keep_alive);
  void Spawn(Awaitable<> task);
  void EndWorker();

  SslContext tls_;
  HttpLimits limits_;
  Router router_;
  std::set<Connection*> connections_;  // before io_: its coroutines leave this set when they end
  std::map<std::string, Topic> topics_;
  uint64_t wakes_ = 0;
  size_t queued_ = 0;
  asio::io_context io_{1};
  Acceptor acceptor_{io_};
  asio::signal_set signals_{io_};
  asio::io_context worker_{1};  // goes before io_: what it leaves undone refers to who waits there
  std::thread worker_thread_;
};

Result<void> BeastServer::Listen(const std::string& address, uint16_t port) {
  ErrorCode error;
  const auto ip = asio::ip::make_address(address, error);
  if (error)
    return Error{Reason::kMalformed, "listen: \"" + address + "\" is no IP address", "listen"};
  const tcp::endpoint endpoint{ip, port};
  (void)acceptor_.open(endpoint.protocol(), error);
  if (!error) (void)acceptor_.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) (void)acceptor_.bind(endpoint, error);
  if (!error) (void)acceptor_.listen(asio::socket_base::max_listen_connections, error);
  if (!error) return {};
  return Error{Reason::kInternal,
               "listen: " + address + ":" + std::to_string(port) + ": " + error.message(),
               "listen"};
}

void BeastServer::Run() {
  (void)std::signal(SIGPIPE, SIG_IGN);  // OpenSSL writes to sockets whose peer may be gone
  signals_.add(SIGTERM);
  signals_.add(SIGINT);
  signals_.async_wait([this](ErrorCode error, int) {
    if (!error) Stop();
  });
  Spawn(Accept());
  Spawn(EndOverdue());
  auto work = asio::make_work_guard(worker_);
  worker_thread_ = std::thread([this] { worker_.run(); });
  io_.run();
  EndWorker();
}

void BeastServer::EndWorker() {
  worker_.stop();
  if (worker_thread_.joinable()) worker_thread_.join();
}

void BeastServer::Spawn(Awaitable<> task) {
  asio::co_spawn(io_, std::move(task), [](const std::exception_ptr& fault) {
    if (!fault) return;
    try {
      std::rethrow_exception(fault);
    } catch (const std::exception& e) {
      LogFault({Reason::kInternal, std::string("connection: ") + e.what(), {}});
    }
  });
}

Awaitable<> BeastServer::Accept() {
  for (;;) {
    auto [error, socket] = co_await acceptor_.async_accept(kTuple);
    if (error == asio::error::operation_aborted) co_return;
    if (error) {  // out of descriptors, most likely: some must close first
      LogFault({Reason::kInternal, "accept: " + error.message(), {}});
      Timer pause{io_, seconds{1}};
      (void)co_await pause.async_wait(kTuple);
      continue;
    }
    if (connections_.size() < limits_.connections) Spawn(Serve(std::move(socket)));
  }
}

// One sweep a second instead of a timer for each connection. It shuts the socket down, which makes
// whatever the connection waits for return; closing it would free the descriptor under OpenSSL.
Awaitable<> BeastServer::EndOverdue() {
  Timer tick{io_};
  for (;;) {
    tick.expires_after(seconds{1});
    auto [error] = co_await tick.async_wait(kTuple);
    if (error) co_return;
    const auto now = Clock::now();
    for (Connection* connection : connections_) {
      if (now < connection->deadline) continue;
      ErrorCode ignored;
      (void)connection->stream.socket().shutdown(Socket::shutdown_both, ignored);
    }
  }
}

Awaitable<> BeastServer::Serve(Socket socket) {
  ErrorCode ignored;
  (void)socket.set_option(tcp::no_delay(true), ignored);
  (void)socket.non_blocking(true, ignored);
  Connection connection{connections_, TlsStream{std::move(socket), Ssl{SSL_new(tls_.get())}}};
  connection.Allow(limits_.handshake);
  auto [error, unused] = co_await connection.stream.AsyncHandshake(kTuple);
  if (error) co_return;
  connection.peer = PeerOf(connection.stream.ssl());
  connection.address = connection.stream.socket().remote_endpoint(ignored).address().to_string();
  co_await Talk(connection);
}

Awaitable<> BeastServer::Talk(Connection& connection) {
  for (bool keep_alive = true; keep_alive;) {
    Incoming incoming;
    if (!co_await Read(connection, incoming)) co_return;
    const Response response = co_await Ask(connection, incoming);
    keep_alive = incoming.keep_alive;
    if (!co_await Write(connection, response, keep_alive)) co_return;
  }
}

/// False: the connection is of no more use.
Awaitable<bool> BeastServer::Read(Connection& connection, Incoming& incoming) {
  Parser parser;
  parser.header_limit(kMaxHeaderBytes);
  parser.body_limit(kMaxBodyBytes);
  connection.Allow(limits_.header);
  auto [error, count] =
      co_await http::async_read_header(connection.stream, connection.read_ahead, parser, kTuple);
  if (error && !IsFaultOfRequest(error)) co_return false;
  if (error) {
    const bool large = error == http::error::header_limit || error == http::error::body_limit;
    incoming.answer = ErrorResponse(
        {large ? Reason::kTooLarge : Reason::kMalformed, "request: " + error.message(), "request"});
    co_return true;
  }
  incoming.request.method = Text(parser.get().method_string());
  incoming.request.server = ServerNameOf(parser);
  incoming.request.bearer = BearerOf(parser);
  incoming.request.peer = connection.peer;
  incoming.request.address = connection.address;
  auto endpoint =
      router_.Find({parser.get().target().data(), parser.get().target().size()}, incoming.request);
  if (!endpoint) {
    incoming.answer = ErrorResponse(endpoint.error());
    co_return true;
  }
  incoming.endpoint = *endpoint;
  co_return co_await ReadBody(connection, parser, incoming);
}

Awaitable<bool> BeastServer::ReadBody(Connection& connection, Parser& parser, Incoming& incoming) {
  const size_t limit = incoming.endpoint->max_body;
  const auto announced = parser.content_length();
  const bool announced_too_large = announced && *announced > limit;
  ErrorCode error;
  if (!announced_too_large) {
    parser.body_limit(limit);
    connection.Allow(limits_.body);
    if (!co_await Continue(connection, parser)) co_return false;
    auto [read_error, count] =
        co_await http::async_read(connection.stream, connection.read_ahead, parser, kTuple);
    error = read_error;
  }
  if (announced_too_large || error == http::error::body_limit) {
    incoming.endpoint = nullptr;
    incoming.answer = ErrorResponse(
        {Reason::kTooLarge, "body: at most " + std::to_string(limit) + " bytes", "body"});
    co_return true;
  }
  if (error) co_return false;
  incoming.keep_alive = parser.keep_alive();
  incoming.request.body = std::move(parser.get().body());
  co_return true;
}

Awaitable<bool> BeastServer::Continue(Connection& connection, const Parser& parser) {
  if (!boost::beast::iequals(parser.get()[http::field::expect], "100-continue")) co_return true;
  const http::response<http::empty_body> go_on{http::status::continue_, parser.get().version()};
  auto [error, count] = co_await http::async_write(connection.stream, go_on, kTuple);
  co_return !error;
}

Awaitable<Response> BeastServer::Ask(Connection& connection, const Incoming& incoming) {
  if (incoming.endpoint == nullptr) co_return incoming.answer;
  Clock::time_point until{};
  for (;;) {
    connection.Allow(limits_.answer);
    const uint64_t seen = wakes_;
    Response response = co_await OnWorker(*incoming.endpoint, incoming.request);
    if (!response.wait) co_return response;
    const auto now = Clock::now();
    if (until == Clock::time_point{}) until = now + std::min(response.wait->at_most, kLongestWait);
    if (now >= until) co_return response;
    connection.Allow(kLongestWait + limits_.answer);
    co_await Sleep(response.wait->topic, seen, until);
  }
}

Awaitable<Response> BeastServer::OnWorker(const Endpoint& endpoint, const Request& request) {
  if (queued_ >= limits_.queued) {
    co_return ErrorResponse({Reason::kTooMany, "server: too many requests are waiting", {}});
  }
  ++queued_;
  auto work = [&]() -> Awaitable<Response> { co_return endpoint.handler(request); };
  auto [fault, response] = co_await asio::co_spawn(worker_, work, kTuple);
  --queued_;
  if (!fault) co_return response;
  LogFault({Reason::kInternal, "handler of " + request.path + " threw", {}});
  co_return ErrorResponse({Reason::kInternal, "server: a fault, which its log names", {}});
}

Awaitable<> BeastServer::Sleep(std::string topic, uint64_t seen, Clock::time_point until) {
  Topic& waited_for = topics_[topic];
  if (waited_for.woken > seen) co_return;  // woken while the handler ran
  Timer timer{io_, until};
  waited_for.sleepers.insert(&timer);
  (void)co_await timer.async_wait(kTuple);
  waited_for.sleepers.erase(&timer);
}

void BeastServer::Wake(const std::string& topic) {
  asio::post(io_, [this, topic] {
    Topic& woken = topics_[topic];
    woken.woken = ++wakes_;
    for (Timer* timer : woken.sleepers) timer->cancel();
  });
}

Awaitable<bool> BeastServer::Write(Connection& connection, const Response& response,
                                   bool keep_alive) {
  Message message{static_cast<http::status>(response.status), 11, response.body};
  message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, "no-store");
  message.set("X-Content-Type-Options", "nosniff");
  if (response.status == 429 || response.status == 503) message.set(http::field::retry_after, "5");
  message.keep_alive(keep_alive);
  message.prepare_payload();
  connection.Allow(limits_.answer);
  auto [error, count] = co_await http::async_write(connection.stream, message, kTuple);
  if (!error && !keep_alive) SSL_shutdown(const_cast<SSL*>(connection.stream.ssl()));
  co_return !error;
}

}  // namespace

Result<std::unique_ptr<HttpServer>> HttpServer::Make(const std::string& address, uint16_t port,
                                                     SslContext tls, const HttpLimits& limits) {
  auto server = std::make_unique<BeastServer>(std::move(tls), limits);
  if (auto listening = server->Listen(address, port); !listening) {
    return std::move(listening).error();
  }
  return std::unique_ptr<HttpServer>(std::move(server));
}

}  // namespace daypass::server
