// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/http_fetch.h"

#include "platform/http_easy.h"

namespace daypass::platform {

core::Result<HttpResponse> FetchBlocking(const HttpRequest& request) {
  auto easy = HttpEasy::Make(request);
  if (!easy) return std::move(easy).error();
  return (*easy)->Finish(curl_easy_perform((*easy)->handle()));
}

}  // namespace daypass::platform
