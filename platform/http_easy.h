// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One transfer of libcurl: our options in, our result out. Shared by HttpClient and FetchBlocking,
// private to platform/.
#pragma once

#include <curl/curl.h>

#include <memory>

#include "platform/http.h"

namespace daypass::platform {

class HttpEasy {
 public:
  /// libcurl's own start, once for the program; must come before threads.
  static core::Result<void> InitLibrary();

  /// Everything is copied out of `request`. On the heap, as libcurl keeps its address.
  static core::Result<std::unique_ptr<HttpEasy>> Make(const HttpRequest& request);

  CURL* handle() const { return easy_.get(); }

  /// What became of it, once libcurl says that it is done, with its result.
  core::Result<HttpResponse> Finish(CURLcode result);

 private:
  struct Cleanup {
    void operator()(CURL* easy) const noexcept { curl_easy_cleanup(easy); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
  };

  HttpEasy() = default;
  CURLcode SetOptions(const HttpRequest& request);
  CURLcode SetTls(const HttpRequest& request);
  core::Error Fault(CURLcode result) const;
  core::Error TlsFault() const;

  static size_t OnBody(char* bytes, size_t size, size_t count, void* self) noexcept;
  static size_t OnHeader(char* bytes, size_t size, size_t count, void* self) noexcept;

  std::unique_ptr<CURL, Cleanup> easy_;
  std::unique_ptr<curl_slist, Cleanup> headers_;
  char error_[CURL_ERROR_SIZE] = {};
  std::string where_;  // method and URL, for texts
  size_t max_bytes_ = 0;
  bool too_large_ = false;
  HttpResponse response_;
};

}  // namespace daypass::platform
