// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass login: prove who one is to the server with an SSH key. The first time it also pins the
// policy, by the digest that an administrator gave, and writes cli.toml.
//
//   1. MUST sign a challenge only for the server that it is connected to, and only for its person.
//   2. MUST NOT take a digest from the server, nor change the one that is pinned.
#include <fmt/format.h>
#include <unistd.h>

#include "cli/config.h"
#include "cli/input_file.h"
#include "cli/policy_store.h"
#include "cli/server_client.h"
#include "cli/signing.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "wire/envelope.h"
#include "wire/json_reader.h"
#include "wire/limits.h"
#include "wire/signin.h"

namespace daypass::cli {
namespace {

constexpr size_t kMaxCaBytes = 64 * 1024;

core::Error Missing(const char* option) {
  return {core::Reason::kMalformed,
          fmt::format("{} is missing: the first login needs it\nAn administrator gives you the "
                      "server's address, its CA and the policy's digest.",
                      option),
          option};
}

class Login : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(ca_, "--ca", "FILE", "the server's CA, PEM; the first time");
    options.Text(person_, "--person", "NAME", "your name in the policy; the first time");
    options.Text(key_, "--key", "FILE", "SSH key to sign with: private, or public with ssh-agent");
    options.Text(digest_, "--policy-digest", "HEX",
                 "digest of the policy, from an administrator; the first time");
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<Config> config = Prepare(context);
    if (!config) return std::move(config).error();
    core::Result<Session> session = SignIn(*config);
    if (!session) return std::move(session).error();
    const ServerClient server({config->server, config->ca, "", ""}, session->token);
    core::Result<core::Policy> policy = TakePolicy(*config, server);
    if (!policy) return std::move(policy).error();
    if (auto saved = Save(context, *config, *session); !saved) return std::move(saved).error();
    Tell(context, *config, *session, *policy);
    return Exit::kDone;
  }

 private:
  core::Result<Config> Prepare(Context& context) const;
  core::Result<void> CheckFirst(const Context& context) const;
  core::Result<Session> SignIn(const Config& config);
  core::Result<core::Policy> TakePolicy(Config& config, const ServerClient& server) const;
  core::Result<void> Save(Context& context, Config& config, const Session& session) const;
  static void Tell(Context& context, const Config& config, const Session& session,
                   const core::Policy& policy);

  std::string ca_, person_, key_, digest_;
  std::string realm_;  ///< that the challenge named
};

/// What is known from before, with what the options say now.
core::Result<Config> Login::Prepare(Context& context) const {
  Config config;
  if (HasConfig(context.globals)) {
    core::Result<Config> loaded = LoadConfig(context.globals);
    if (!loaded) return std::move(loaded).error();
    config = *std::move(loaded);
  } else {
    if (auto checked = CheckFirst(context); !checked) return std::move(checked).error();
    core::Result<std::string> folder = ConfigFolder(context.globals);
    if (!folder) return std::move(folder).error();
    config.folder = *std::move(folder);
    config.server = context.globals.server;
  }
  core::Result<std::string> url = CheckServerUrl(config.server);
  if (!url) return std::move(url).error();
  config.server = *std::move(url);
  if (!ca_.empty()) config.ca = ExpandHome(ca_);
  if (!person_.empty()) config.person = person_;
  if (!key_.empty()) config.key = ExpandHome(key_);
  if (config.pin && !digest_.empty() && config.pin->digest != digest_) {
    return core::Error{
        core::Reason::kDigest,
        fmt::format("{} pins another policy, {}\nIf an administrator really gave you a new one, "
                    "remove that file and log in again.",
                    ConfigFile(config.folder), config.pin->digest),
        "--policy-digest"};
  }
  return config;
}

core::Result<void> Login::CheckFirst(const Context& context) const {
  if (context.globals.server.empty()) return Missing("--server");
  if (ca_.empty()) return Missing("--ca");
  if (person_.empty()) return Missing("--person");
  if (key_.empty()) return Missing("--key");
  if (digest_.empty()) return Missing("--policy-digest");
  if (!wire::IsDigest(digest_)) {
    return core::Error{core::Reason::kMalformed,
                       fmt::format("--policy-digest must be {}", wire::kDigest.allowed),
                       "--policy-digest"};
  }
  return {};
}

core::Result<Session> Login::SignIn(const Config& config) {
  const ServerClient server({config.server, config.ca, "", ""}, "");
  wire::ObjectBuilder who;
  who.String("person", config.person);
  core::Result<wire::Json> answer = server.Post("/v1/sign-in/challenge", who);
  if (!answer) return std::move(answer).error();
  wire::ObjectReader in(answer->get(), wire::UnknownKeys::kIgnore);
  const std::string challenge = in.String("challenge", {1, wire::kMaxSigninBytes, nullptr, "JSON"});
  if (auto done = in.Finish(); !done) return std::move(done).error();
  core::Result<wire::Signin> signin = wire::ParseSignin(challenge);
  if (!signin) return std::move(signin).error();
  const std::string host = HostOfUrl(config.server);
  if (signin->server != host || signin->person != config.person) {
    return core::Error{
        core::Reason::kAgentUntrusted,
        fmt::format("{} wants a signature of {} for the server {}; it was not signed\nIf that is "
                    "its real name, log in with --server https://{}.",
                    config.server, core::ForTerminal(signin->person),
                    core::ForTerminal(signin->server), core::ForTerminal(signin->server)),
        "--server"};
  }
  realm_ = signin->realm;
  core::Result<Signed> signature = SignAs(config.key, "signin", challenge);
  if (!signature) return std::move(signature).error();
  wire::ObjectBuilder body;
  body.String("envelope", wire::EncodeEnvelope({"signin", challenge, {signature->armoured}}));
  answer = server.Post("/v1/sign-in", body);
  if (!answer) return std::move(answer).error();
  wire::ObjectReader session(answer->get(), wire::UnknownKeys::kIgnore);
  Session made{config.server, config.person, session.String("token", wire::kLine),
               session.Instant("expires_ms")};
  if (auto done = session.Finish(); !done) return std::move(done).error();
  return made;
}

/// From the pin to the newest policy; nothing is written unless all of it is as it should be.
core::Result<core::Policy> Login::TakePolicy(Config& config, const ServerClient& server) const {
  const core::Error other_realm{core::Reason::kWrongRealm,
                                "the server signs people in for another realm than the policy's",
                                "realm"};
  if (config.pin) {
    if (config.pin->realm != realm_) return other_realm;
    return RefreshPolicy(config, server);
  }
  const PolicySource source = PoliciesOf(server);
  core::Result<HeldPolicy> pinned = FindPinned(source, digest_, std::nullopt);
  if (!pinned) return std::move(pinned).error();
  if (pinned->policy.realm != realm_) return other_realm;
  config.pin = PolicyPin{pinned->policy.realm, pinned->policy.version, pinned->policy.digest};
  core::Result<HeldPolicy> newest = FollowToNewest(*std::move(pinned), source);
  if (!newest) return std::move(newest).error();
  if (auto made = platform::MakeDirectory(config.folder, {.mode = 0700}); !made) {
    return std::move(made).error();
  }
  if (auto saved = SavePolicy(config, *newest); !saved) return std::move(saved).error();
  return std::move(newest->policy);
}

/// The CA is copied beside cli.toml: where it came from may go away.
core::Result<void> Login::Save(Context& context, Config& config, const Session& session) const {
  const std::string own_ca = config.folder + "/ca.pem";
  if (config.ca != own_ca) {
    core::Result<std::string> pem = ReadInputFile(config.ca, kMaxCaBytes);
    if (!pem) return std::move(pem).error();
    core::Result<void> copied = platform::WriteFileDurably(own_ca, *pem);
    if (!copied) return copied;
    config.ca = own_ca;
  }
  char here[4096];
  if (!config.key.starts_with('/') && getcwd(here, sizeof here) != nullptr) {
    config.key = std::string(here) + "/" + config.key;
  }
  if (auto saved = SaveConfig(config); !saved) return saved;
  return SaveSession(context.globals, config, session);
}

void Login::Tell(Context& context, const Config& config, const Session& session,
                 const core::Policy& policy) {
  wire::ObjectBuilder json;
  json.String("person", config.person).String("server", config.server);
  json.Instant("expires_ms", session.expires);
  json.Int("policy_version", static_cast<int64_t>(policy.version)).String("policy", policy.digest);
  context.out.Json(json);
  context.out.Text(fmt::format("Signed in at {} as {}, until {}.\nPolicy version {}, verified.\n",
                               config.server, core::ForTerminal(config.person),
                               LocalTime(session.expires, platform::WallTime()), policy.version));
}

}  // namespace

std::unique_ptr<Verb> MakeLogin() {
  return std::make_unique<Login>();
}

}  // namespace daypass::cli
