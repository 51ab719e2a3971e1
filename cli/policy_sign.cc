// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy sign, cosign, push: an administrator's signature over a policy's exact bytes, that
// of another who has read what it changes, and handing it to the server, which judges it as every
// host will.
#include <fmt/format.h>

#include <algorithm>

#include "cli/difference_view.h"
#include "cli/policy_file.h"
#include "cli/policy_store.h"
#include "cli/remote.h"
#include "cli/signed_in.h"
#include "cli/signing.h"
#include "cli/verb.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "policy/describe.h"
#include "policy/diff.h"

namespace daypass::cli {
namespace {

class PolicySign : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(file_, "FILE", "", "a policy's file, as policy build made it", Need::kRequired);
    options.Text(key_, "--key", "FILE", "key to sign with, instead of cli.toml's");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<PolicyDocument> document = ReadPolicyFile(file_);
    if (!document) return std::move(document).error();
    core::Result<bool> goes = Review(context, *document);
    if (!goes) return std::move(goes).error();
    if (!*goes) {
      context.out.Note("Nothing was signed.");
      return Exit::kRefused;
    }
    core::Result<std::string> key = ChooseKey(context);
    if (!key) return std::move(key).error();
    core::Result<Signed> made = SignAs(*key, "policy", document->envelope.payload);
    if (!made) return std::move(made).error();
    Put(*document, *std::move(made));
    auto written =
        platform::WriteFileDurably(file_, wire::EncodeEnvelope(document->envelope), {.mode = 0644});
    if (!written) return std::move(written).error();
    Tell(context, *document);
    return Exit::kDone;
  }

 protected:
  /// Whether it is to be signed, having been looked at.
  virtual core::Result<bool> Review(Context& /*context*/, const PolicyDocument& /*document*/) {
    return true;
  }
  const std::string& file() const { return file_; }

 private:
  core::Result<std::string> ChooseKey(const Context& context) const {
    if (!key_.empty()) return ExpandHome(key_);
    core::Result<Config> config = LoadConfig(context.globals);
    if (config) return config->key;
    return core::Error{core::Reason::kMalformed,
                       "--key is missing: there is no cli.toml that names a key", "--key"};
  }

  /// One signature for each key: signing again replaces.
  static void Put(PolicyDocument& document, Signed made) {
    std::vector<std::string>& texts = document.envelope.signatures;
    for (size_t i = 0; i < document.signatures.size(); ++i) {
      if (document.signatures[i].key.fingerprint != made.verified.key.fingerprint) continue;
      texts[i] = std::move(made.armoured);
      document.signatures[i] = std::move(made.verified);
      return;
    }
    texts.push_back(std::move(made.armoured));
    document.signatures.push_back(std::move(made.verified));
  }

  void Tell(Context& context, const PolicyDocument& document) const {
    const core::Policy& policy = document.policy;
    const size_t have = SignedBy(document).size();
    std::string text = fmt::format("{}: policy version {}, signed {}\n", core::ForTerminal(file_),
                                   policy.version, DescribeSignatures(document));
    if (have >= policy.administrators.threshold) {
      text += policy.version == 1 ? "On the server, the first time: daypass-server trust " +
                                        core::ForTerminal(file_)
                                  : "Next: daypass policy push " + core::ForTerminal(file_);
      text += "\n";
    }
    context.out.Text(text);
    wire::ObjectBuilder json;
    json.String("file", file_).String("digest", policy.digest);
    json.Int("version", static_cast<int64_t>(policy.version));
    json.Strings("signed_by", SignedBy(document)).Int("wanted", policy.administrators.threshold);
    context.out.Json(json);
  }

  std::string file_, key_;
};

/// The second pair of eyes: nobody signs after another without having been shown what changes.
class PolicyCosign : public PolicySign {
 public:
  void Declare(Options& options) override {
    PolicySign::Declare(options);
    options.Text(against_, "--against", "POLICY",
                 "file or folder of the policy in force, instead of the one you hold");
    options.Flag(yes_, "--yes", "do not ask");
  }

 private:
  core::Result<bool> Review(Context& context, const PolicyDocument& document) override {
    if (SignedBy(document).empty()) {
      return core::Error{core::Reason::kBelowThreshold,
                         "no administrator has signed it yet, so there is nothing to cosign\n"
                         "The first one types: daypass policy sign " +
                             core::CommandWord(file()),
                         file()};
    }
    core::Result<core::Policy> before = FindHeld(context);
    if (!before) return std::move(before).error();
    context.out.Note(fmt::format(
        "{}: policy version {}, signed {}; compared with version {}:\n\n{}",
        core::ForTerminal(file()), document.policy.version, DescribeSignatures(document),
        before->version,
        RenderDifference(policy::Compare(*before, document.policy), context.out.style())));
    if (yes_) return true;
    return context.out.Confirm("Sign it?");
  }

  core::Result<core::Policy> FindHeld(const Context& context) const {
    if (!against_.empty()) return ReadPolicyOrTree(against_, platform::WallTime());
    core::Result<Config> config = LoadConfig(context.globals);
    if (config) {
      core::Result<HeldPolicy> held = LoadHeldPolicy(*config);
      if (held) return std::move(held->policy);
    }
    return core::Error{
        core::Reason::kPolicyMissing,
        "you hold no policy to compare it with; name the one in force: --against FILE",
        "--against"};
  }

  std::string against_;
  bool yes_ = false;
};

/// Whether a grant of the role in the statement stops working under this policy.
bool Ends(const core::Policy& policy, const core::Statement& statement) {
  const core::Role* role = core::FindRole(policy, statement.role);
  return role == nullptr || role->digest != statement.role_digest;
}

class PolicyPush : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(file_, "FILE", "", "a policy's file, signed by enough administrators",
                 Need::kRequired);
    options.Flag(yes_, "--yes", "do not ask, even if grants end by it");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<PolicyDocument> document = ReadPolicyFile(file_);
    if (!document) return std::move(document).error();
    core::Result<SignedIn> session = OpenSession(context);
    if (!session) return std::move(session).error();
    core::Result<bool> goes = AskAboutGrants(context, session->server, document->policy);
    if (!goes) return std::move(goes).error();
    if (!*goes) {
      context.out.Note("Nothing was pushed.");
      return Exit::kRefused;
    }
    wire::ObjectBuilder body;
    body.String("envelope", wire::EncodeEnvelope(document->envelope));
    core::Result<wire::Json> answer = session->server.Post("/v1/policies", body);
    if (!answer) return std::move(answer).error();
    core::Result<core::Policy> held = RefreshPolicy(session->config, session->server);
    if (!held) return std::move(held).error();
    context.out.Text(fmt::format("Policy version {} is in force; hosts take it within seconds.\n",
                                 document->policy.version));
    wire::ObjectBuilder json;
    json.Int("version", static_cast<int64_t>(document->policy.version));
    json.String("digest", document->policy.digest);
    context.out.Json(json);
    return Exit::kDone;
  }

 private:
  /// Changing a role ends its grants: whoever pushes reads first which.
  core::Result<bool> AskAboutGrants(Context& context, const ServerClient& server,
                                    const core::Policy& policy) const {
    core::Result<std::vector<RemoteRequest>> grants = FetchRequests(server, "/v1/grants", "grants");
    if (!grants) return std::move(grants).error();
    const core::Instant now = platform::WallTime();
    std::erase_if(*grants, [&](const RemoteRequest& grant) {
      const bool over = grant.statement.start_by + grant.statement.duration <= now;
      return over || grant.revoked || !Ends(policy, grant.statement);
    });
    if (grants->empty()) return true;
    std::string text = "These grants end, because their role is not the same any more:\n";
    for (const RemoteRequest& grant : *grants) {
      text += fmt::format(
          "  {}  {}  {} on {}\n", grant.ShortId(), core::ForTerminal(grant.statement.subject),
          core::ForTerminal(grant.statement.role), policy::Join(grant.statement.hosts));
    }
    context.out.Note(text);
    if (yes_) return true;
    return context.out.Confirm("Push it nevertheless?");
  }

  std::string file_;
  bool yes_ = false;
};

}  // namespace

std::unique_ptr<Verb> MakePolicySign() {
  return std::make_unique<PolicySign>();
}
std::unique_ptr<Verb> MakePolicyCosign() {
  return std::make_unique<PolicyCosign>();
}
std::unique_ptr<Verb> MakePolicyPush() {
  return std::make_unique<PolicyPush>();
}

}  // namespace daypass::cli
