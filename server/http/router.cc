// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/http/router.h"

#include <algorithm>
#include <utility>

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;

constexpr size_t kMaxTargetBytes = 1024;

// Names, numbers and digests need no percent-encoding, so none is decoded: what is compared is what
// was sent.
bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("/._-~?&=").find(c) != std::string_view::npos;
}

std::vector<std::string> Split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  while (true) {
    const size_t end = text.find(separator);
    parts.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

bool IsParameter(const std::string& segment) {
  return segment.starts_with('{');
}

bool Matches(const Endpoint& endpoint, const std::vector<std::string>& segments) {
  return std::ranges::equal(endpoint.segments, segments,
                            [](const std::string& pattern, const std::string& segment) {
                              return IsParameter(pattern) ? !segment.empty() : pattern == segment;
                            });
}

std::map<std::string, std::string> ParseQuery(std::string_view text) {
  std::map<std::string, std::string> query;
  if (text.empty()) return query;
  for (const std::string& pair : Split(text, '&')) {
    const size_t equals = pair.find('=');
    query[pair.substr(0, equals)] = equals == std::string::npos ? "" : pair.substr(equals + 1);
  }
  return query;
}

std::map<std::string, std::string> Parameters(const Endpoint& endpoint,
                                              const std::vector<std::string>& segments) {
  std::map<std::string, std::string> parameters;
  for (size_t i = 0; i < segments.size(); ++i) {
    const std::string& pattern = endpoint.segments[i];
    if (IsParameter(pattern)) parameters[pattern.substr(1, pattern.size() - 2)] = segments[i];
  }
  return parameters;
}

}  // namespace

void Router::Add(std::string method, std::string_view pattern, size_t max_body, Handler handler) {
  endpoints_.push_back({std::move(method), Split(pattern, '/'), max_body, std::move(handler)});
}

Result<const Endpoint*> Router::Find(std::string_view target, Request& request) const {
  if (target.size() > kMaxTargetBytes || !std::ranges::all_of(target, IsPlain)) {
    return Error{Reason::kMalformed,
                 "path: at most " + std::to_string(kMaxTargetBytes) +
                     " of the characters a-z A-Z 0-9 / . _ - ~ ? & = are understood",
                 "path"};
  }
  const size_t mark = target.find('?');
  request.path = target.substr(0, mark);
  const std::vector<std::string> segments = Split(request.path, '/');
  std::string other_methods;
  for (const Endpoint& endpoint : endpoints_) {
    if (!Matches(endpoint, segments)) continue;
    if (endpoint.method == request.method) {
      request.parameters = Parameters(endpoint, segments);
      request.query = ParseQuery(mark == std::string_view::npos ? "" : target.substr(mark + 1));
      return &endpoint;
    }
    other_methods += (other_methods.empty() ? "" : ", ") + endpoint.method;
  }
  if (other_methods.empty()) {
    return Error{Reason::kNotFound, "path: there is no " + request.path, "path"};
  }
  return Error{Reason::kNotFound,
               "method: " + request.path + " takes " + other_methods + ", not " + request.method,
               "method"};
}

}  // namespace daypass::server
