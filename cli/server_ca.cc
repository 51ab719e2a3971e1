// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A bare TLS connection on OpenSSL. platform/http always verifies, and should: this one place does
// not, so it stands alone and hands out bytes that its caller has to compare.
#include "cli/server_ca.h"

#include <fmt/format.h>
#include <netdb.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <memory>

#include "cli/server_client.h"
#include "core/escape.h"
#include "platform/fd.h"
#include "wire/digest.h"

namespace daypass::cli {
namespace {

constexpr size_t kMaxAnswerBytes = 64 * 1024;
constexpr timeval kPatience{10, 0};  // for connect and for each read
constexpr size_t kSecretDigits = 32;
constexpr size_t kPrefixDigits = 16;
constexpr std::string_view kBegin = "-----BEGIN CERTIFICATE-----";
constexpr std::string_view kEnd = "-----END CERTIFICATE-----\n";

template <auto Free>
struct FreeWith {
  void operator()(auto* thing) const { Free(thing); }
};
using Bio = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using Certificate = std::unique_ptr<X509, FreeWith<X509_free>>;
using TlsContext = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
using Tls = std::unique_ptr<SSL, FreeWith<SSL_free>>;
using Addresses = std::unique_ptr<addrinfo, FreeWith<freeaddrinfo>>;

core::Error Silent(const std::string& url, std::string_view why) {
  return {core::Reason::kAgentSilent,
          fmt::format("{} did not answer: {}\nIs it running, and is this its address?", url, why),
          "--server"};
}

bool IsHex(std::string_view text) {
  return text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

core::Result<platform::Fd> Connect(const std::string& url) {
  const std::string host = HostOfUrl(url);
  const size_t colon = url.rfind(':');
  const bool has_port =
      colon > std::string_view("https:").size() && url.find(']', colon) == std::string::npos;
  const std::string port = has_port ? url.substr(colon + 1) : "443";
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int fault = getaddrinfo(host.c_str(), port.c_str(), &hints, &found); fault != 0) {
    return Silent(url, gai_strerror(fault));
  }
  const Addresses addresses(found);
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    platform::Fd fd(socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC, at->ai_protocol));
    if (!fd) continue;
    setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    setsockopt(fd.get(), SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    if (connect(fd.get(), at->ai_addr, at->ai_addrlen) == 0) return fd;
  }
  return Silent(url, "nothing there takes a connection");
}

}  // namespace

core::Result<JoinToken> ReadJoinToken(const std::string& text) {
  constexpr std::string_view kMark = "dpj-";
  const size_t dash = kMark.size() + kSecretDigits;
  if (text.size() != dash + 1 + kPrefixDigits || !text.starts_with(kMark) || text[dash] != '-' ||
      !IsHex(std::string_view(text).substr(kMark.size(), kSecretDigits)) ||
      !IsHex(std::string_view(text).substr(dash + 1))) {
    return core::Error{core::Reason::kMalformed,
                       "--token: this is no join token; an administrator makes one with: daypass "
                       "host token --name HOST",
                       "--token"};
  }
  return JoinToken{text, text.substr(dash + 1)};
}

core::Result<std::string> DigestOfCertificate(std::string_view pem) {
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  const Certificate certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  unsigned char* der = nullptr;
  const int size = certificate == nullptr ? 0 : i2d_X509(certificate.get(), &der);
  if (size <= 0) {
    return core::Error{core::Reason::kMalformed, "the CA is no certificate in PEM", "--ca"};
  }
  std::string digest =
      wire::Sha256Hex({reinterpret_cast<const char*>(der), static_cast<size_t>(size)});
  OPENSSL_free(der);
  return digest;
}

core::Result<void> CheckCa(std::string_view pem, const JoinToken& token) {
  core::Result<std::string> digest = DigestOfCertificate(pem);
  if (!digest) return std::move(digest).error();
  if (digest->starts_with(token.ca_prefix)) return {};
  return core::Error{core::Reason::kDigest,
                     fmt::format("this server's CA is not the one that the join token means: its "
                                 "digest begins with {}, the token says {}\nSomebody may be in "
                                 "between. Is --server the address that the administrator uses?",
                                 digest->substr(0, kPrefixDigits), token.ca_prefix),
                     "--token"};
}

core::Result<std::string> FetchUntrustedCa(const std::string& url) {
  core::Result<platform::Fd> fd = Connect(url);
  if (!fd) return std::move(fd).error();
  const TlsContext context(SSL_CTX_new(TLS_client_method()));
  const Tls tls(SSL_new(context.get()));
  const std::string host = HostOfUrl(url);
  SSL_set_tlsext_host_name(tls.get(), host.c_str());
  SSL_set_fd(tls.get(), fd->get());
  if (SSL_connect(tls.get()) != 1) return Silent(url, "it does not speak TLS");
  const std::string question =
      fmt::format("GET /v1/ca HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", host);
  if (SSL_write(tls.get(), question.data(), static_cast<int>(question.size())) <= 0) {
    return Silent(url, "the connection broke");
  }
  std::string answer;
  char buffer[4096];
  while (answer.size() < kMaxAnswerBytes && answer.find(kEnd) == std::string::npos) {
    const int got = SSL_read(tls.get(), buffer, sizeof buffer);
    if (got <= 0) break;
    answer.append(buffer, static_cast<size_t>(got));
  }
  const size_t begin = answer.find(kBegin);
  const size_t end = answer.find(kEnd);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    return core::Error{core::Reason::kProtocol, url + " did not tell its CA", "--server"};
  }
  return answer.substr(begin, end + kEnd.size() - begin);
}

}  // namespace daypass::cli
