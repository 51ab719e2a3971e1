// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass cancel: take back a request of one's own, before anybody decided it.
#include <fmt/format.h>

#include "cli/remote.h"
#include "cli/signed_in.h"
#include "cli/verb.h"
#include "core/escape.h"

namespace daypass::cli {
namespace {

class Cancel : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(id_, "ID", "", "request: short id or whole digest", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<std::string> id = CheckId(id_);
    if (!id) return std::move(id).error();
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    core::Result<RemoteRequest> request =
        PostToRequest(session->server, "/v1/requests/" + *id + "/cancel", wire::ObjectBuilder());
    if (!request) return std::move(request).error();
    context.out.Json(ToJson(*request));
    context.out.Text(
        fmt::format("{}  {}\n", request->ShortId(), core::ForTerminal(request->state)));
    return Exit::kDone;
  }

 private:
  std::string id_;
};

}  // namespace

std::unique_ptr<Verb> MakeCancel() {
  return std::make_unique<Cancel>();
}

}  // namespace daypass::cli
