// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass host enrol: root makes this machine a Daypass host. What the host will trust comes from
// the administrator alone: the CA by the digits in the token, the first policy by its digest.
//
//   1. MUST NOT enrol without the policy's digest, nor take one from the server.
//   2. MUST check CA and policy before a single file of the host is changed.
//   3. MUST NOT pin anything else on a host that is enrolled, unless root says --replace.
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "cli/agent_client.h"
#include "cli/enrolment_files.h"
#include "cli/input_file.h"
#include "cli/policy_store.h"
#include "cli/select.h"
#include "cli/server_ca.h"
#include "cli/server_client.h"
#include "cli/tls_identity.h"
#include "cli/verb.h"
#include "core/escape.h"
#include "platform/file.h"
#include "wire/digest.h"
#include "wire/json_reader.h"

namespace daypass::cli {
namespace {

constexpr size_t kMaxPemBytes = 64 * 1024;
constexpr wire::StringRule kPem{1, kMaxPemBytes, nullptr, "PEM"};

/// A folder that goes away with its files: certificates live there until all of it is checked.
class Workplace {
 public:
  static core::Result<Workplace> Make(const std::string& below) {
    std::string path = below + "/enrol-XXXXXX";
    if (mkdtemp(path.data()) == nullptr) {
      return core::Error{core::Reason::kInternal, "could not make a folder in " + below, below};
    }
    return Workplace(std::move(path));
  }
  Workplace(Workplace&& other) noexcept : path_(std::exchange(other.path_, "")) {}
  Workplace(const Workplace&) = delete;
  Workplace& operator=(const Workplace&) = delete;
  Workplace& operator=(Workplace&&) = delete;
  ~Workplace() {
    if (path_.empty()) return;
    for (const char* name : {"/ca.pem", "/tls.pem", "/tls.key"}) unlink((path_ + name).c_str());
    rmdir(path_.c_str());
  }
  std::string File(const char* name) const { return path_ + "/" + name; }

 private:
  explicit Workplace(std::string path) : path_(std::move(path)) {}
  std::string path_;
};

class HostEnrol : public Verb {
 public:
  HostEnrol() = default;
  HostEnrol(const HostEnrol&) = delete;
  HostEnrol& operator=(const HostEnrol&) = delete;
  HostEnrol(HostEnrol&&) = delete;
  HostEnrol& operator=(HostEnrol&&) = delete;
  ~HostEnrol() override { wire::Wipe(host_.key_pem); }

  void Declare(Options& options) override {
    options.Text(host_.name, "--name", "HOST", "this host's name, as in the token",
                 Need::kRequired);
    options.Text(token_text_, "--token", "TOKEN", "join token, from daypass host token",
                 Need::kRequired);
    options.Text(host_.policy_digest, "--policy-digest", "HEX",
                 "digest of the policy, from the administrator");
    options.Number(version_, "--policy-version", "N", "its version, if it is not the newest");
    options.List(labels_, "--label", "LABEL=VALUE[,...]", "labels that roles may select by");
    options.Text(ca_file_, "--ca", "FILE", "the server's CA, instead of fetching it");
    options.Flag(replace_, "--replace", "enrol anew a host that is enrolled");
  }

  core::Result<Exit> Run(Context& context) override {
    if (auto checked = CheckInput(context); !checked) return std::move(checked).error();
    core::Result<Owner> courier = FindCourier(context.globals.root);
    if (!courier) return std::move(courier).error();
    core::Result<std::string> agent_toml = PrepareAgentToml(context);
    if (!agent_toml) return std::move(agent_toml).error();
    core::Result<wire::PrivateKey> host_key = LoadOrMakeHostKey(context.paths);
    if (!host_key) return std::move(host_key).error();
    core::Result<Workplace> place = Workplace::Make(context.paths.state);
    if (!place) return std::move(place).error();

    if (auto known = LearnCa(*place); !known) return std::move(known).error();
    if (auto joined = Join(*place, host_key->public_key().line); !joined) {
      return std::move(joined).error();
    }
    core::Result<HeldPolicy> policy = FetchPolicy(*place);
    if (!policy) return std::move(policy).error();
    auto written = WriteEnrolment(context.paths, *courier, host_, *agent_toml);
    if (!written) return std::move(written).error();
    Tell(context, HandToAgent(context, *policy));
    return Exit::kDone;
  }

 private:
  core::Result<void> CheckInput(const Context& context);
  core::Result<void> CheckNames();
  core::Result<std::string> PrepareAgentToml(const Context& context) const;
  core::Result<void> LearnCa(const Workplace& place);
  core::Result<void> Join(const Workplace& place, const std::string& host_key);
  core::Result<HeldPolicy> FetchPolicy(const Workplace& place);
  static bool HandToAgent(Context& context, const HeldPolicy& policy);
  void Tell(Context& context, bool imported) const;

  EnrolledHost host_;
  std::string token_text_, ca_file_;
  std::optional<uint64_t> version_;
  std::vector<std::string> labels_;
  bool replace_ = false;
  JoinToken token_;
  uint64_t newest_version_ = 0;  ///< by the server's word
};

core::Result<void> HostEnrol::CheckInput(const Context& context) {
  if (context.globals.root.empty() && geteuid() != 0) {
    return core::Error{core::Reason::kNotYours,
                       "only root enrols a host\nType: sudo daypass host "
                       "enrol ..., or ask root.",
                       ""};
  }
  if (context.globals.server.empty()) {
    return core::Error{core::Reason::kMalformed,
                       "--server is missing: the address of daypass-server, https://HOST:PORT",
                       "--server"};
  }
  core::Result<std::string> url = CheckServerUrl(context.globals.server);
  if (!url) return std::move(url).error();
  host_.server = *std::move(url);
  if (auto checked = CheckNames(); !checked) return checked;
  if (platform::FileExists(context.paths.host_toml) && !replace_) {
    return core::Error{core::Reason::kConflict,
                       fmt::format("{} is there: this host is enrolled\nTo enrol it anew, and pin "
                                   "the policy of --policy-digest, give --replace.",
                                   context.paths.host_toml),
                       context.paths.host_toml};
  }
  return {};
}

core::Result<void> HostEnrol::CheckNames() {
  if (host_.policy_digest.empty()) {
    return core::Error{core::Reason::kMalformed,
                       "--policy-digest is missing: without it the server would choose whom this "
                       "host believes\nAn administrator reads it off: daypass policy digest FILE",
                       "--policy-digest"};
  }
  if (!wire::IsDigest(host_.policy_digest)) {
    return core::Error{core::Reason::kMalformed,
                       fmt::format("--policy-digest must be {}", wire::kDigest.allowed),
                       "--policy-digest"};
  }
  if (!wire::IsHostName(host_.name)) {
    return core::Error{core::Reason::kMalformed,
                       fmt::format("--name: \"{}\" is no host's name; allowed: {}",
                                   core::ForTerminal(host_.name), wire::kHostName.allowed),
                       "--name"};
  }
  core::Result<JoinToken> token = ReadJoinToken(token_text_);
  if (!token) return std::move(token).error();
  token_ = *std::move(token);
  for (const std::string& text : labels_) {
    core::Result<std::pair<std::string, std::string>> label = ReadLabel(text, "--label");
    if (!label) return std::move(label).error();
    host_.labels.insert_or_assign(label->first, label->second);
  }
  return {};
}

core::Result<std::string> HostEnrol::PrepareAgentToml(const Context& context) const {
  std::string before;
  if (platform::FileExists(context.paths.agent_toml)) {
    core::Result<std::string> text = platform::ReadFile(context.paths.agent_toml, kMaxPemBytes);
    if (!text) return std::move(text).error();
    before = *std::move(text);
  }
  return WriteAgentToml(before, host_.server);
}

core::Result<void> HostEnrol::LearnCa(const Workplace& place) {
  core::Result<std::string> pem =
      ca_file_.empty() ? FetchUntrustedCa(host_.server) : ReadInputFile(ca_file_, kMaxPemBytes);
  if (!pem) return std::move(pem).error();
  if (auto checked = CheckCa(*pem, token_); !checked) return checked;
  host_.ca_pem = *std::move(pem);
  return platform::WriteFileDurably(place.File("ca.pem"), host_.ca_pem);
}

core::Result<void> HostEnrol::Join(const Workplace& place, const std::string& host_key) {
  core::Result<TlsIdentity> identity = MakeTlsIdentity(host_.name);
  if (!identity) return std::move(identity).error();
  const ServerClient server({host_.server, place.File("ca.pem"), "", ""}, "");
  wire::ObjectBuilder body;
  body.String("token", token_.text).String("name", host_.name);
  body.StringMap("labels", host_.labels).String("host_key", host_key);
  body.String("csr", identity->csr_pem);
  core::Result<wire::Json> answer = server.Post("/v1/hosts", body);
  if (!answer) return std::move(answer).error();
  wire::ObjectReader in(answer->get(), wire::UnknownKeys::kIgnore);
  host_.certificate_pem = in.String("certificate", kPem);
  newest_version_ = static_cast<uint64_t>(in.Int("policy_version", 0, wire::kMaxJsonInt));
  if (auto done = in.Finish(); !done) return done;
  host_.key_pem = identity->key_pem;
  wire::Wipe(identity->key_pem);
  auto key = platform::WriteFileDurably(place.File("tls.key"), host_.key_pem, {.mode = 0600});
  if (!key) return key;
  return platform::WriteFileDurably(place.File("tls.pem"), host_.certificate_pem);
}

/// The policy of the administrator's digest. Realm and version are read from it, not asked for.
core::Result<HeldPolicy> HostEnrol::FetchPolicy(const Workplace& place) {
  const ServerClient server(
      {host_.server, place.File("ca.pem"), place.File("tls.pem"), place.File("tls.key")}, "");
  const PolicySource source = HostPoliciesOf(server, newest_version_);
  core::Result<HeldPolicy> policy = FindPinned(source, host_.policy_digest, version_);
  if (!policy) {
    core::Error error = std::move(policy).error();
    error.what += "\nNothing was enrolled; the token is used up: ask for another one.";
    return error;
  }
  host_.realm = policy->policy.realm;
  host_.policy_version = policy->policy.version;
  return policy;
}

/// An agent that runs takes the policy at once; else the courier brings it when it starts.
bool HostEnrol::HandToAgent(Context& context, const HeldPolicy& policy) {
  if (!HasAgent(context.paths.user_socket)) return false;
  core::Result<AgentClient> agent = AgentClient::Connect(context.paths.user_socket);
  if (!agent) return false;
  const core::Result<wire::Json> imported = agent->Import(policy.envelope);
  if (!imported) {
    context.out.Note("The agent did not take the policy: " +
                     core::LinesForTerminal(imported.error().what));
  }
  return static_cast<bool>(imported);
}

void HostEnrol::Tell(Context& context, bool imported) const {
  wire::ObjectBuilder json;
  json.String("name", host_.name).String("realm", host_.realm).StringMap("labels", host_.labels);
  json.Int("policy_version", static_cast<int64_t>(host_.policy_version));
  json.String("policy_digest", host_.policy_digest).Bool("imported", imported);
  context.out.Json(json);
  context.out.Text(fmt::format(
      "{} is enrolled at {}, with policy version {} as its first.\n{}\n", host_.name, host_.server,
      host_.policy_version,
      imported ? "The agent has taken the policy. As root: systemctl restart daypassd daypass-sync"
               : "Start the agent, as root: systemctl enable --now daypassd daypass-sync"));
}

}  // namespace

std::unique_ptr<Verb> MakeHostEnrol() {
  return std::make_unique<HostEnrol>();
}

}  // namespace daypass::cli
