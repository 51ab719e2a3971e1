// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy history: who signed which version when, and what it changed. Each version is named
// by the digest in the one after it, so the server can leave nothing out and put nothing in.
#include <fmt/format.h>

#include "cli/difference_view.h"
#include "cli/policy_file.h"
#include "cli/policy_store.h"
#include "cli/signed_in.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "policy/describe.h"

namespace daypass::cli {
namespace {

constexpr uint64_t kUsual = 20;

/// Whether the server holds no such version: it began with a later one.
bool IsTheBeginning(const core::Error& error) {
  return error.code == core::Reason::kNotFound;
}

class PolicyHistory : public Verb {
 public:
  void Declare(Options& options) override {
    options.Number(last_, "--last", "N", "so many of the newest versions; without it, 20");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    core::Result<core::Policy> held = RefreshPolicy(session->config, session->server);
    if (!held) return std::move(held).error();
    const PolicySource source = PoliciesOf(session->server);
    core::Result<std::vector<PolicyDocument>> versions = Collect(source, *held);
    if (!versions) return std::move(versions).error();
    Tell(context, *versions);
    return Exit::kDone;
  }

 private:
  /// From the newest backwards, one more than is shown: what the last of them is compared with.
  core::Result<std::vector<PolicyDocument>> Collect(const PolicySource& source,
                                                    const core::Policy& newest) const {
    std::vector<PolicyDocument> versions;
    core::Digest wanted = newest.digest;
    for (uint64_t version = newest.version; version > 0; --version) {
      core::Result<std::string> envelope = source(version);
      if (!envelope && !versions.empty() && IsTheBeginning(envelope.error())) break;
      if (!envelope) return std::move(envelope).error();
      const std::string name = fmt::format("version {}", version);
      core::Result<PolicyDocument> document = OpenPolicyDocument(*envelope, name);
      if (!document) return std::move(document).error();
      if (document->policy.digest != wanted) {
        return core::Error{
            core::Reason::kEquivocation,
            fmt::format("{}: the server shows another document than the one that the "
                        "next version names as its predecessor",
                        name),
            name};
      }
      wanted = document->policy.previous;
      versions.push_back(*std::move(document));
      if (wanted.empty() || versions.size() > last_.value_or(kUsual)) break;
    }
    return versions;
  }

  void Tell(Context& context, const std::vector<PolicyDocument>& versions) const {
    const core::Instant now = platform::WallTime();
    Table table({"VERSION", "CREATED", "SIGNED BY", "DIGEST", "CHANGES"});
    wire::ArrayBuilder list;
    for (size_t i = 0; i < versions.size() && i < last_.value_or(kUsual); ++i) {
      const core::Policy& policy = versions[i].policy;
      const std::string changes =
          i + 1 < versions.size() ? CountDifference(policy::Compare(versions[i + 1].policy, policy))
                                  : (policy.previous.empty() ? "the first" : "");
      const std::vector<std::string> signers = SignedBy(versions[i]);
      table.Add({std::to_string(policy.version), LocalTime(policy.created, now),
                 core::ForTerminal(policy::Join(signers)), policy.digest.substr(0, 12), changes});
      wire::ObjectBuilder json;
      json.Int("version", static_cast<int64_t>(policy.version)).String("digest", policy.digest);
      json.Instant("created_ms", policy.created).Strings("signed_by", signers);
      json.String("changes", changes);
      list.Object(std::move(json));
    }
    context.out.Text(table.Text(context.out.style()));
    context.out.Json(wire::ObjectBuilder().Array("versions", std::move(list)));
  }

  std::optional<uint64_t> last_;
};

}  // namespace

std::unique_ptr<Verb> MakePolicyHistory() {
  return std::make_unique<PolicyHistory>();
}

}  // namespace daypass::cli
