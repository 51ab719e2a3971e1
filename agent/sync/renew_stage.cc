// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/renew_stage.h"

#include "platform/certificate.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "wire/digest.h"
#include "wire/json_reader.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kBefore{std::chrono::days{30}};
constexpr size_t kMaxPem = 64 * 1024;
constexpr wire::StringRule kPem{1, kMaxPem};

core::Error In(const std::string& file, core::Error error) {
  error.what = file + ": " + error.what;
  return error;
}

}  // namespace

core::Result<bool> RenewStage::IsDue() const {
  core::Result<std::string> pem = platform::ReadFile(certificate_file_, kMaxPem);
  if (!pem) return std::move(pem).error();
  core::Result<core::Instant> end = platform::CertificateEnd(*pem);
  if (!end) return In(certificate_file_, std::move(end).error());
  return *end - platform::WallTime() < kBefore;
}

core::Result<std::string> RenewStage::MakeRequest() const {
  core::Result<std::string> key = platform::ReadFile(key_file_, kMaxPem);
  if (!key) return std::move(key).error();
  core::Result<std::string> request = platform::MakeCertificateRequest(*key, ends_.state.host);
  wire::Wipe(*key);
  if (!request) return In(key_file_, std::move(request).error());
  return request;
}

void RenewStage::Run(Done done) {
  const core::Result<bool> is_due = IsDue();
  if (!is_due) return done(is_due.error());
  if (!*is_due || ends_.state.host.empty()) return done({});
  const core::Result<std::string> request = MakeRequest();
  if (!request) return done(request.error());
  ends_.server.Post("/v1/host/renew", wire::ObjectBuilder().String("csr", *request), {},
                    [this, done = std::move(done)](core::Result<ServerAnswer> answer) {
                      done(Keep(std::move(answer)));
                    });
}

core::Result<void> RenewStage::Keep(core::Result<ServerAnswer> answer) const {
  const core::Result<wire::Json> body = BodyOf(std::move(answer));
  if (!body) return body.error();
  wire::ObjectReader in(body->get(), wire::UnknownKeys::kIgnore);
  const std::string certificate = in.String("certificate", kPem);
  if (auto read = in.Finish(); !read) return read;
  const core::Result<core::Instant> end = platform::CertificateEnd(certificate);
  if (!end) return In("the server's answer", end.error());
  return platform::WriteFileDurably(certificate_file_, certificate, {.mode = 0600});
}

}  // namespace daypass::agent
