// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "client/without_agent.h"

#include "platform/file.h"
#include "platform/paths.h"
#include "wire/gate.h"

namespace daypass::client {
namespace {

using core::Reason;
using core::Result;
using core::Verdict;

wire::GateConf LoadGateConf(std::string_view root) {
  const std::string path = platform::MakePaths(root).gate_conf;
  const Result<std::string> text = platform::ReadTrustedFile(path, wire::kMaxGateConfBytes);
  if (!text) return {};
  Result<wire::GateConf> gate = wire::ParseGateConf(*text);
  return gate ? *std::move(gate) : wire::GateConf{};
}

/// What happened. Our own faults name the thing themselves; the agent's need its reason's words.
std::string Happened(const core::Error& why) {
  const std::string words(core::ReasonText(why.code));
  if (why.what.empty()) return words;
  const bool is_agents = why.code == Reason::kAgentSilent || why.code == Reason::kAgentUntrusted;
  return is_agents ? words + " (" + why.what + ")" : why.what;
}

/// What to do next; empty where the fault names the thing, or nothing would help.
std::string_view Advice(Reason code) {
  if (code == Reason::kAgentSilent) {
    return "it restarts by itself: try again in a moment; root can look at "
           "'systemctl status daypassd'";
  }
  if (code == Reason::kAgentUntrusted || code == Reason::kStoreUnavailable) {
    return "root can look at 'systemctl status daypassd'";
  }
  if (code == Reason::kTooLate) return "run it again";
  return "";
}

}  // namespace

WithoutAgent JudgeWithoutAgent(std::string_view root, std::string_view user, core::Door door,
                               bool is_root, const core::Error& why) {
  const std::string happened = Happened(why);
  if (is_root) return {Verdict::kAllow, happened + "; root itself passes"};
  const wire::GateConf gate = LoadGateConf(root);
  if (gate.permissive) {
    return {Verdict::kAllow, happened + "; this host is permissive, so it passes"};
  }
  if (wire::IsExempt(gate, user, door)) {
    return {Verdict::kAllow, happened + "; " + std::string(user) + " is exempt here, so it passes"};
  }
  const std::string_view advice = Advice(why.code);
  return {Verdict::kDeny, happened + (advice.empty() ? "" : "\n" + std::string(advice))};
}

}  // namespace daypass::client
