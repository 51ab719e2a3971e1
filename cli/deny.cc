// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass deny: say no to a request, with a reason. A denial is the server's word and needs no
// signature: it can only take away.
#include <fmt/format.h>

#include "cli/remote.h"
#include "cli/signed_in.h"
#include "cli/verb.h"
#include "core/escape.h"

namespace daypass::cli {
namespace {

class Deny : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(id_, "ID", "", "request: short id or whole digest", Need::kRequired);
    options.Text(reason_, "--reason", "TEXT", "why, for whoever asked", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<std::string> id = CheckId(id_);
    if (!id) return std::move(id).error();
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    wire::ObjectBuilder body;
    body.String("reason", reason_);
    core::Result<RemoteRequest> request =
        PostToRequest(session->server, "/v1/requests/" + *id + "/denial", body);
    if (!request) return std::move(request).error();
    context.out.Json(ToJson(*request));
    context.out.Text(
        fmt::format("{}  {}\n", request->ShortId(), core::ForTerminal(request->state)));
    return Exit::kDone;
  }

 private:
  std::string id_;
  std::string reason_;
};

}  // namespace

std::unique_ptr<Verb> MakeDeny() {
  return std::make_unique<Deny>();
}

}  // namespace daypass::cli
