// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A TLS stream for Beast that lets OpenSSL work on the socket itself: an idle connection costs 17
// KB where asio::ssl::stream costs 75. No deadlines: its owner shuts the socket down. Included by
// http_server.cc alone.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/compose.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <string>
#include <utility>

#include "server/http/tls.h"

namespace daypass::server {

namespace asio = boost::asio;
using ErrorCode = boost::system::error_code;
using Executor =
    asio::io_context::executor_type;  // concrete: half the compile time of any_io_executor
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;

class TlsStream {
 public:
  using executor_type = Executor;

  /// `ssl` may be null, when there was no memory: every operation then fails.
  TlsStream(Socket socket, Ssl ssl) : socket_(std::move(socket)), ssl_(std::move(ssl)) {
    if (ssl_ && SSL_set_fd(ssl_.get(), socket_.native_handle()) != 1) ssl_.reset();
  }

  Executor get_executor() { return socket_.get_executor(); }
  Socket& socket() { return socket_; }
  const SSL* ssl() const { return ssl_.get(); }

  template <typename Token>
  auto AsyncHandshake(Token&& token) {
    return Start([this](size_t&) { return SSL_accept(ssl_.get()); }, std::forward<Token>(token));
  }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    const asio::mutable_buffer into = FirstOf(buffers);
    return Start(
        [this, into](size_t& count) {
          return SSL_read_ex(ssl_.get(), into.data(), into.size(), &count);
        },
        std::forward<Token>(token));
  }

  // Beast hands over many small buffers; as one TLS record they cost a quarter of the time.
  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    flat_.resize(std::min(asio::buffer_size(buffers), kMaxRecordBytes));
    asio::buffer_copy(asio::buffer(flat_), buffers);
    return Start(
        [this](size_t& count) {
          return SSL_write_ex(ssl_.get(), flat_.data(), flat_.size(), &count);
        },
        std::forward<Token>(token));
  }

 private:
  static constexpr size_t kMaxRecordBytes = 16 * 1024;

  /// Repeats `step` whenever the socket is ready for what OpenSSL waits for.
  template <typename Step>
  struct Operation {
    TlsStream* stream = nullptr;
    Step step;
    bool waited = false;
    bool done = false;
    ErrorCode result;
    size_t count = 0;

    template <typename Self>
    void operator()(Self& self, ErrorCode error = {}) {
      if (done) return self.complete(result, count);
      const int outcome = error ? SSL_ERROR_NONE : Try();
      if (outcome == SSL_ERROR_WANT_READ || outcome == SSL_ERROR_WANT_WRITE) {
        waited = true;
        const auto ready = outcome == SSL_ERROR_WANT_READ ? Socket::wait_read : Socket::wait_write;
        return stream->socket_.async_wait(ready, std::move(self));
      }
      if (!error) error = ErrorOf(outcome);
      if (waited) return self.complete(error, count);
      done = true;  // a handler must not run inside the call that starts its operation
      result = error;
      asio::post(stream->get_executor(), std::move(self));
    }

    /// Returns one of SSL_ERROR_*.
    int Try() {
      if (!stream->ssl_) return SSL_ERROR_SSL;
      ERR_clear_error();
      const int rc = step(count);
      return rc == 1 ? SSL_ERROR_NONE : SSL_get_error(stream->ssl_.get(), rc);
    }

    static ErrorCode ErrorOf(int outcome) {
      if (outcome == SSL_ERROR_NONE) return {};
      if (outcome == SSL_ERROR_ZERO_RETURN) return asio::error::eof;
      return asio::error::connection_reset;
    }
  };

  template <typename Step, typename Token>
  auto Start(Step step, Token&& token) {
    return asio::async_compose<Token, void(ErrorCode, size_t)>(
        Operation<Step>{this, std::move(step), false, false, {}, 0}, token, socket_);
  }

  template <typename Buffers>
  static asio::mutable_buffer FirstOf(const Buffers& buffers) {
    for (auto it = asio::buffer_sequence_begin(buffers); it != asio::buffer_sequence_end(buffers);
         ++it) {
      asio::mutable_buffer buffer = *it;
      if (buffer.size() > 0) return buffer;
    }
    return {};
  }

  Socket socket_;
  Ssl ssl_;
  std::string flat_;  // of the write in progress; OpenSSL wants the same bytes when it is repeated
};

}  // namespace daypass::server
