// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass host token: an administrator lets one host of one name join, once, within an hour. Prints
// the whole command for that host, with the digest of the administrator's own verified policy:
// which policy a host begins with never comes from the server.
#include <fmt/format.h>

#include "cli/policy_store.h"
#include "cli/signed_in.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "wire/json_reader.h"

namespace daypass::cli {
namespace {

class HostToken : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(name_, "--name", "HOST", "name that the host will have", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    if (!wire::IsHostName(name_)) {
      return core::Error{core::Reason::kMalformed,
                         fmt::format("--name: \"{}\" is no host's name; allowed: {}",
                                     core::ForTerminal(name_), wire::kHostName.allowed),
                         "--name"};
    }
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    core::Result<core::Policy> policy = RefreshPolicy(session->config, session->server);
    if (!policy) return std::move(policy).error();
    wire::ObjectBuilder body;
    body.String("name", name_);
    core::Result<wire::Json> answer = session->server.Post("/v1/join-tokens", body);
    if (!answer) return std::move(answer).error();
    wire::ObjectReader in(answer->get(), wire::UnknownKeys::kIgnore);
    const std::string token = in.String("token", wire::kLine);
    const core::Instant expires = in.Instant("expires_ms");
    if (auto done = in.Finish(); !done) return std::move(done).error();
    Tell(context, session->config, *policy, token, expires);
    return Exit::kDone;
  }

 private:
  void Tell(Context& context, const Config& config, const core::Policy& policy,
            const std::string& token, core::Instant expires) const {
    context.out.Text(
        fmt::format("{}\n\nGood once, for {}, until {}. On that host, as root:\n"
                    "  daypass host enrol --server {} --name {} \\\n"
                    "    --token {} \\\n"
                    "    --policy-version {} \\\n"
                    "    --policy-digest {}\n",
                    core::ForTerminal(token), name_, LocalTime(expires, platform::WallTime()),
                    config.server, name_, core::ForTerminal(token), policy.version, policy.digest));
    wire::ObjectBuilder json;
    json.String("token", token).Instant("expires_ms", expires).String("name", name_);
    json.String("policy_digest", policy.digest);
    json.Int("policy_version", static_cast<int64_t>(policy.version));
    context.out.Json(json);
  }

  std::string name_;
};

}  // namespace

std::unique_ptr<Verb> MakeHostToken() {
  return std::make_unique<HostToken>();
}

}  // namespace daypass::cli
