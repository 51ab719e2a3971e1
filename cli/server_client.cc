// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// HTTP through platform/http_fetch; here are the words for what can go wrong.
#include "cli/server_client.h"

#include <fmt/format.h>

#include "core/escape.h"
#include "platform/http_fetch.h"
#include "wire/json_reader.h"

namespace daypass::cli {
namespace {

// A policy of 16 MiB as a JSON string, quotes escaped.
constexpr size_t kMaxAnswerBytes = size_t{40} << 20;
constexpr wire::JsonLimits kAnswerLimits{.max_bytes = kMaxAnswerBytes,
                                         .max_string = kMaxAnswerBytes};
constexpr std::string_view kScheme = "https://";
constexpr wire::StringRule kAnyText{0, kMaxAnswerBytes, nullptr, "text"};

/// What kept the question from being answered at all.
core::Error ReadFault(core::Error fault, const std::string& url) {
  const std::string what = fmt::format("{} did not answer: {}", url, fault.what);
  switch (fault.code) {
    case core::Reason::kPeerRefused:
      return {core::Reason::kAgentUntrusted,
              fmt::format("{} is not the server that the CA knows, or does not know us: {}", url,
                          fault.what) +
                  "\nCompare --ca with what the server's administrator gives out, and this "
                  "machine's clock.",
              url};
    case core::Reason::kTooLarge:
    case core::Reason::kMalformed:
      return {fault.code, fmt::format("{}: {}", url, fault.what), url};
    default:
      return {core::Reason::kAgentSilent,
              what +
                  "\nIs it running, and is this its address? Grants that hosts hold work on "
                  "without it.",
              url};
  }
}

core::Reason ReasonOfStatus(int status) {
  switch (status) {
    case 400:
      return core::Reason::kMalformed;
    case 401:
      return core::Reason::kNotSignedIn;
    case 403:
      return core::Reason::kNotYours;
    case 404:
      return core::Reason::kNotFound;
    case 409:
      return core::Reason::kConflict;
    case 413:
      return core::Reason::kTooLarge;
    case 429:
      return core::Reason::kTooMany;
    case 503:
      return core::Reason::kStoreUnavailable;
    default:
      return core::Reason::kProtocol;
  }
}

}  // namespace

core::Result<std::string> CheckServerUrl(const std::string& url) {
  std::string trimmed = url;
  while (trimmed.ends_with('/')) trimmed.pop_back();
  const bool has_path = trimmed.size() > kScheme.size() &&
                        trimmed.find_first_of("/?#@ ", kScheme.size()) != std::string::npos;
  if (!trimmed.starts_with(kScheme) || trimmed.size() == kScheme.size() || has_path) {
    return core::Error{core::Reason::kMalformed,
                       fmt::format("\"{}\" is no server\nWrite https://HOST or https://HOST:PORT.",
                                   core::ForTerminal(url)),
                       "--server"};
  }
  return trimmed;
}

std::string HostOfUrl(const std::string& url) {
  const std::string host = url.substr(kScheme.size());
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

core::Result<ServerClient> ServerClient::SignedIn(const Globals& globals, const Config& config) {
  core::Result<std::string> url = CheckServerUrl(config.server);
  if (!url) return std::move(url).error();
  const std::optional<Session> session = LoadSession(globals, config);
  if (!session) {
    return core::Error{core::Reason::kNotSignedIn,
                       fmt::format("you are not signed in at {}, or no longer\nType: daypass login",
                                   config.server),
                       ""};
  }
  return ServerClient({*std::move(url), config.ca, "", ""}, session->token);
}

core::Result<wire::Json> ServerClient::Get(const std::string& path) const {
  platform::HttpRequest request;
  request.url = address_.url + path;
  return Fetch(std::move(request));
}

core::Result<wire::Json> ServerClient::Post(const std::string& path,
                                            const wire::ObjectBuilder& body) const {
  platform::HttpRequest request;
  request.method = "POST";
  request.url = address_.url + path;
  request.headers = {"Content-Type: application/json"};
  request.body = body.Dump();
  return Fetch(std::move(request));
}

core::Result<wire::Json> ServerClient::Fetch(platform::HttpRequest request) const {
  request.ca_file = address_.ca;
  request.client_certificate = address_.certificate;
  request.client_key = address_.key;
  request.max_response_bytes = kMaxAnswerBytes;
  if (!token_.empty()) request.headers.push_back("Authorization: Bearer " + token_);
  core::Result<platform::HttpResponse> response = platform::FetchBlocking(request);
  if (!response) return ReadFault(std::move(response).error(), address_.url);
  if (response->status < 200 || response->status > 299) {
    return ReadServerError(response->status, response->body);
  }
  core::Result<wire::Json> json = wire::ParseJson(response->body, kAnswerLimits);
  if (!json) {
    return core::Error{
        core::Reason::kProtocol,
        fmt::format("{} answered something that is no answer: {}", address_.url, json.error().what),
        address_.url};
  }
  return json;
}

core::Error ReadServerError(int status, std::string_view body) {
  const core::Reason by_status = ReasonOfStatus(status);
  const core::Result<wire::Json> json = wire::ParseJson(body, kAnswerLimits);
  if (!json) return {by_status, fmt::format("the server answered HTTP {}", status), ""};
  wire::ObjectReader in(json->get(), wire::UnknownKeys::kIgnore);
  const std::string code = in.OptString("error", kAnyText).value_or("");
  std::string what = core::ForTerminal(in.OptString("message", kAnyText).value_or(""));
  std::string hint = core::ForTerminal(in.OptString("hint", kAnyText).value_or(""));
  const std::string field = in.OptString("field", kAnyText).value_or("");
  const core::Reason reason = core::ParseReason(code).value_or(by_status);
  if (what.empty()) what = core::ReasonText(reason);
  if (hint.empty() && reason == core::Reason::kNotSignedIn) hint = "Type: daypass login";
  return {reason, hint.empty() ? what : what + "\n" + hint, field};
}

}  // namespace daypass::cli
