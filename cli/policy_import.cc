// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy import FILE: a policy from a file instead of from the server. On a host its agent
// takes it, elsewhere the reader does; both only if enough administrators of the one before signed.
#include <fmt/format.h>

#include "cli/agent_client.h"
#include "cli/config.h"
#include "cli/policy_file.h"
#include "cli/policy_store.h"
#include "cli/verb.h"
#include "core/escape.h"
#include "wire/envelope.h"
#include "wire/json_reader.h"

namespace daypass::cli {
namespace {

constexpr wire::StringRule kText{0, 4096, nullptr, "text"};

class PolicyImport : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(file_, "FILE", "", "a policy's file, signed by enough administrators",
                 Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<PolicyDocument> document = ReadPolicyFile(file_);
    if (!document) return std::move(document).error();
    const std::string envelope = wire::EncodeEnvelope(document->envelope);
    const bool on_host = HasAgent(context.paths.user_socket);
    core::Result<std::string> taken =
        on_host ? ByAgent(context, envelope) : ByReader(context, envelope);
    if (!taken) return std::move(taken).error();
    context.out.Text(core::LinesForTerminal(*taken) + "\n");
    wire::ObjectBuilder json;
    json.Int("version", static_cast<int64_t>(document->policy.version));
    json.String("digest", document->policy.digest).String("text", *taken);
    context.out.Json(json);
    return Exit::kDone;
  }

 private:
  static core::Result<std::string> ByAgent(const Context& context, const std::string& envelope) {
    core::Result<AgentClient> agent = AgentClient::Connect(context.paths.user_socket);
    if (!agent) return std::move(agent).error();
    core::Result<wire::Json> answer = agent->Import(envelope);
    if (!answer) return std::move(answer).error();
    wire::ObjectReader in(answer->get(), wire::UnknownKeys::kIgnore);
    std::string text = in.String("text", kText);
    if (auto done = in.Finish(); !done) return std::move(done).error();
    return "This host: " + text;
  }

  static core::Result<std::string> ByReader(const Context& context, const std::string& envelope) {
    core::Result<Config> config = LoadConfig(context.globals);
    if (!config) return std::move(config).error();
    core::Result<HeldPolicy> held = LoadHeldPolicy(*config);
    if (!held) return std::move(held).error();
    core::Result<HeldPolicy> next = TakePolicy(held->policy, envelope);
    if (!next) return std::move(next).error();
    if (auto saved = SavePolicy(*config, *next); !saved) return std::move(saved).error();
    return fmt::format("You hold policy version {}.", next->policy.version);
  }

  std::string file_;
};

}  // namespace

std::unique_ptr<Verb> MakePolicyImport() {
  return std::make_unique<PolicyImport>();
}

}  // namespace daypass::cli
