// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/http_easy.h"

#include <algorithm>
#include <ctime>

namespace daypass::platform {
namespace {

constexpr size_t kMaxHeaders = 100;  // libcurl itself refuses a line above 100 KiB

// OpenSSL's X509_V_ERR_*, as CURLINFO_SSL_VERIFYRESULT gives them.
constexpr long kNotYetValid = 9, kHasExpired = 10;

char LowerCase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string_view Trim(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const size_t begin = std::min(text.find_first_not_of(kBlanks), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

std::string UtcNow() {
  const time_t now = time(nullptr);
  tm utc{};
  if (gmtime_r(&now, &utc) == nullptr) return "nothing";
  char text[32];
  const size_t size = strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S UTC", &utc);
  return std::string(text, size);
}

template <typename Value>
void Set(CURLcode& result, CURL* easy, CURLoption option, Value value) {
  if (result == CURLE_OK) result = curl_easy_setopt(easy, option, value);
}

void SetText(CURLcode& result, CURL* easy, CURLoption option, const std::string& text) {
  if (!text.empty()) Set(result, easy, option, text.c_str());
}

}  // namespace

core::Result<void> HttpEasy::InitLibrary() {
  static const CURLcode kStarted = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (kStarted == CURLE_OK) return {};
  return core::Error{core::Reason::kInternal, "libcurl cannot start", {}};
}

core::Result<std::unique_ptr<HttpEasy>> HttpEasy::Make(const HttpRequest& request) {
  auto started = InitLibrary();
  if (!started) return std::move(started).error();
  std::unique_ptr<HttpEasy> made(new HttpEasy);  // its constructor is private
  made->easy_.reset(curl_easy_init());
  const CURLcode set = made->easy_ ? made->SetOptions(request) : CURLE_OUT_OF_MEMORY;
  if (set != CURLE_OK) {
    return core::Error{core::Reason::kInternal,
                       made->where_ + ": cannot be prepared: " + curl_easy_strerror(set),
                       {}};
  }
  return made;
}

CURLcode HttpEasy::SetOptions(const HttpRequest& request) {
  CURL* const easy = easy_.get();
  where_ = request.method + " " + request.url;
  max_bytes_ = request.max_response_bytes;
  for (const std::string& header : request.headers) {
    curl_slist* const list = headers_.release();
    curl_slist* const longer = curl_slist_append(list, header.c_str());
    headers_.reset(longer != nullptr ? longer : list);
    if (longer == nullptr) return CURLE_OUT_OF_MEMORY;
  }

  CURLcode result = CURLE_OK;
  Set(result, easy, CURLOPT_URL, request.url.c_str());
  Set(result, easy, CURLOPT_PROTOCOLS_STR, "https");
  Set(result, easy, CURLOPT_FOLLOWLOCATION, 0L);
  Set(result, easy, CURLOPT_NOSIGNAL, 1L);
  Set(result, easy, CURLOPT_PROXY, request.proxy.c_str());  // empty: none, whatever the environment
  Set(result, easy, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  Set(result, easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
  Set(result, easy, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
  Set(result, easy, CURLOPT_FRESH_CONNECT, request.fresh_connection ? 1L : 0L);
  Set(result, easy, CURLOPT_ERRORBUFFER, error_);
  Set(result, easy, CURLOPT_WRITEFUNCTION, &OnBody);
  Set(result, easy, CURLOPT_WRITEDATA, static_cast<void*>(this));
  Set(result, easy, CURLOPT_HEADERFUNCTION, &OnHeader);
  Set(result, easy, CURLOPT_HEADERDATA, static_cast<void*>(this));
  Set(result, easy, CURLOPT_HTTPHEADER, headers_.get());
  if (request.method != "GET") {
    Set(result, easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    Set(result, easy, CURLOPT_COPYPOSTFIELDS, request.body.data());
    Set(result, easy, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  }
  return result == CURLE_OK ? SetTls(request) : result;
}

CURLcode HttpEasy::SetTls(const HttpRequest& request) {
  CURL* const easy = easy_.get();
  CURLcode result = CURLE_OK;
  Set(result, easy, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  Set(result, easy, CURLOPT_SSL_VERIFYPEER, 1L);
  Set(result, easy, CURLOPT_SSL_VERIFYHOST, 2L);
  if (!request.ca_file.empty()) {
    // Only this authority: libcurl would otherwise also ask the system's folder.
    Set(result, easy, CURLOPT_CAINFO, request.ca_file.c_str());
    Set(result, easy, CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  SetText(result, easy, CURLOPT_SSLCERT, request.client_certificate);
  SetText(result, easy, CURLOPT_SSLKEY, request.client_key);
  return result;
}

size_t HttpEasy::OnBody(char* bytes, size_t size, size_t count, void* self) noexcept {
  auto* const easy = static_cast<HttpEasy*>(self);
  const size_t total = size * count;
  if (easy->response_.body.size() + total > easy->max_bytes_) {
    easy->too_large_ = true;
    return 0;  // anything but `total` ends the transfer
  }
  easy->response_.body.append(bytes, total);
  return total;
}

size_t HttpEasy::OnHeader(char* bytes, size_t size, size_t count, void* self) noexcept {
  auto* const easy = static_cast<HttpEasy*>(self);
  const std::string_view line(bytes, size * count);
  auto& headers = easy->response_.headers;
  if (line.starts_with("HTTP/")) {  // a new head, after "100 Continue" or a proxy's answer
    headers.clear();
    return line.size();
  }
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  if (headers.size() >= kMaxHeaders) {
    easy->too_large_ = true;
    return 0;
  }
  std::string name(line.substr(0, colon));
  std::transform(name.begin(), name.end(), name.begin(), LowerCase);
  headers[name] = std::string(Trim(line.substr(colon + 1)));
  return line.size();
}

core::Result<HttpResponse> HttpEasy::Finish(CURLcode result) {
  if (result != CURLE_OK) return Fault(result);
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  response_.status = static_cast<int>(status);
  return std::move(response_);
}

core::Error HttpEasy::Fault(CURLcode result) const {
  const std::string text = error_[0] != '\0' ? error_ : curl_easy_strerror(result);
  if (too_large_) {
    return {core::Reason::kTooLarge,
            where_ + ": the answer is too large; at most " + std::to_string(max_bytes_) + " bytes",
            {}};
  }
  switch (result) {
    case CURLE_OPERATION_TIMEDOUT:
      return {core::Reason::kTooLate, where_ + ": " + text, {}};
    case CURLE_PEER_FAILED_VERIFICATION:
      return TlsFault();
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return {core::Reason::kPeerRefused, where_ + ": " + text, {}};
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
      return {core::Reason::kMalformed, where_ + ": is not an https:// address", {}};
    default:  // libcurl has about a hundred, and newer ones more
      return {core::Reason::kInternal, where_ + ": " + text, {}};
  }
}

/// A wrong clock is the usual cause of a certificate outside of its time, and the last one that
/// people think of.
core::Error HttpEasy::TlsFault() const {
  long verified = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_SSL_VERIFYRESULT, &verified);
  std::string text = where_ + ": " + error_;
  if (verified == kNotYetValid || verified == kHasExpired) {
    text += verified == kNotYetValid ? "; the server's certificate is not valid yet"
                                     : "; the server's certificate has expired";
    text += ", or this machine's clock is wrong: it says " + UtcNow();
  }
  return {core::Reason::kPeerRefused, text, {}};
}

}  // namespace daypass::platform
