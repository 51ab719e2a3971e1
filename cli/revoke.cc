// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass revoke: end a grant, or everything that one person holds, on every host that the server
// reaches. A host that once held a revocation keeps it.
#include <fmt/format.h>

#include "cli/remote.h"
#include "cli/signed_in.h"
#include "cli/verb.h"
#include "core/escape.h"

namespace daypass::cli {
namespace {

class Revoke : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(id_, "ID", "", "grant: short id or whole digest");
    options.Text(person_, "--person", "NAME", "every grant of this person, instead of one");
    options.Text(reason_, "--reason", "TEXT", "why, for whoever held it and the record",
                 Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    if (id_.empty() == person_.empty()) {
      context.out.Note("daypass: name either a grant or --person NAME\nTry: daypass revoke --help");
      return Exit::kUsage;
    }
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    return person_.empty() ? RevokeGrant(context, *session) : RevokePerson(context, *session);
  }

 private:
  core::Result<Exit> RevokeGrant(Context& context, const SignedIn& session) const {
    core::Result<std::string> id = CheckId(id_);
    if (!id) return std::move(id).error();
    wire::ObjectBuilder body;
    body.String("reason", reason_);
    core::Result<RemoteRequest> request =
        PostToRequest(session.server, "/v1/grants/" + *id + "/revoke", body);
    if (!request) return std::move(request).error();
    context.out.Json(ToJson(*request));
    context.out.Text(fmt::format("{}  {}; hosts that hear the server end it within seconds\n",
                                 request->ShortId(), context.out.style().Bad("revoked")));
    return Exit::kDone;
  }

  core::Result<Exit> RevokePerson(Context& context, const SignedIn& session) const {
    wire::ObjectBuilder body;
    body.String("person", person_).String("reason", reason_);
    core::Result<wire::Json> answer = session.server.Post("/v1/revocations", body);
    if (!answer) return std::move(answer).error();
    wire::ObjectBuilder json;
    json.String("person", person_).String("state", "revoked");
    context.out.Json(json);
    context.out.Text(
        fmt::format("{}  {}: every grant; hosts that hear the server end them within seconds\n",
                    core::ForTerminal(person_), context.out.style().Bad("revoked")));
    return Exit::kDone;
  }

  std::string id_;
  std::string person_;
  std::string reason_;
};

}  // namespace

std::unique_ptr<Verb> MakeRevoke() {
  return std::make_unique<Revoke>();
}

}  // namespace daypass::cli
