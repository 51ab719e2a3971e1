// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Which handler a method and a path mean. Pure.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "server/http/message.h"

namespace daypass::server {

using Handler = std::function<Response(const Request&)>;

struct Endpoint {
  std::string method;
  std::vector<std::string> segments;  ///< of the pattern; "{name}" stands for any one segment
  size_t max_body = 0;
  Handler handler;
};

class Router {
 public:
  /// `pattern`: "/v1/requests/{id}/denial".
  void Add(std::string method, std::string_view pattern, size_t max_body, Handler handler);

  /// Finds the endpoint and fills request.path, .parameters and .query from `target`, which is the
  /// request line's. Fails kNotFound: no such path, or not with this method; kMalformed: a target
  /// that is over-long or holds characters that no path of ours has.
  core::Result<const Endpoint*> Find(std::string_view target, Request& request) const;

 private:
  std::vector<Endpoint> endpoints_;
};

}  // namespace daypass::server
