// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "sudo_plugin/prompt.h"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "client/terminal.h"
#include "core/duration.h"

namespace daypass::sudo_plugin {
namespace {

using client::AskState;
using client::Offer;
using client::Terminal;
using core::Seconds;

constexpr Seconds kUsualDuration{1800};
constexpr std::string_view kClearLine = "\r\x1b[K";

std::string Describe(const Offer& offer) {
  const std::string asked = offer.pending.empty() ? "" : "; asked already, " + offer.pending;
  return offer.role + ", up to " + core::FormatDuration(offer.longest) + "; " + offer.guarded_by +
         asked;
}

/// The offer that is meant; a single one needs no choice.
const Offer* Choose(const Terminal& terminal, const std::vector<Offer>& offers) {
  if (offers.size() == 1 && !offers.front().pending.empty()) return &offers.front();
  if (offers.size() == 1) {
    terminal.Say("daypass: you can ask for " + Describe(offers.front()) + "\n");
    return &offers.front();
  }
  terminal.Say("daypass: you can ask for one of these, the smallest power first:\n");
  for (size_t i = 0; i < offers.size(); ++i) {
    terminal.Say("  " + std::to_string(i + 1) + "  " + Describe(offers[i]) + "\n");
  }
  const auto answer = terminal.AskLine("which (Enter: none) ");
  for (size_t i = 0; answer && i < offers.size(); ++i) {
    if (*answer == std::to_string(i + 1) || *answer == offers[i].role) return &offers[i];
  }
  return nullptr;
}

std::optional<Seconds> ReadDuration(const Terminal& terminal, const Offer& offer) {
  const Seconds usual = std::min(offer.longest, kUsualDuration);
  while (true) {
    const auto answer = terminal.AskLine("for how long [" + core::FormatDuration(usual) + "] ");
    if (!answer) return std::nullopt;
    if (answer->empty()) return usual;
    const core::Result<Seconds> duration = core::ParseDuration(*answer);
    if (duration && *duration <= offer.longest) return *duration;
    terminal.Say(duration ? "at most " + core::FormatDuration(offer.longest) + "\n"
                          : duration.error().what + "\n");
  }
}

/// What is asked for, as far as the user wants to ask at all; or waited for, if it was asked
/// before.
std::optional<client::AskCall> ReadAsk(const Terminal& terminal,
                                       const client::VerdictReply& denied) {
  const Offer* offer = Choose(terminal, denied.offers);
  if (offer == nullptr) return std::nullopt;
  client::AskCall call;
  call.query = denied.query;
  call.role = offer->role;
  call.pending = offer->pending;
  if (!call.pending.empty()) return call;
  const auto reason = terminal.AskLine("why, for those who approve (Enter: do not ask) ");
  if (!reason || reason->empty()) return std::nullopt;
  call.reason = *reason;
  if (!offer->ticket.empty()) {
    const auto ticket = terminal.AskLine("ticket (" + offer->ticket + ") ");
    if (!ticket) return std::nullopt;
    call.ticket = *ticket;
  }
  const auto duration = ReadDuration(terminal, *offer);
  if (!duration) return std::nullopt;
  call.duration = *duration;
  return call;
}

/// One line that is written over and over while the answer is awaited.
class Progress {
 public:
  explicit Progress(const Terminal& terminal) : terminal_(terminal) {}

  void Tell(const AskState& state) {
    if (id_.empty()) {
      id_ = state.id;
      terminal_.Say("daypass: asked, " + id_ + "; to approve: daypass approve " + id_ + "\n");
    }
    std::string line = "daypass: " + state.text;
    if (state.wait) {
      line += ", " + core::FormatDuration(std::chrono::floor<Seconds>(*state.wait)) + " left";
    }
    terminal_.Say(std::string(kClearLine) + line + " (Ctrl-C keeps the request) ");
  }
  void Clear() const { terminal_.Say(kClearLine); }
  const std::string& id() const { return id_; }

 private:
  const Terminal& terminal_;
  std::string id_;
};

bool Wait(std::string_view root, const Terminal& terminal, const client::AskCall& call) {
  Progress progress(terminal);
  const core::Result<AskState> last =
      client::AskForRole(root, call, [&](const AskState& state) { progress.Tell(state); });
  progress.Clear();
  if (!last && progress.id().empty()) {
    terminal.Say("daypass: not asked: " + last.error().what + "\n");
    return false;
  }
  if (!last) {
    terminal.Say("daypass: " + progress.id() +
                 " is kept; run the command again to see its answer\n");
    return false;
  }
  terminal.Say("daypass: " + last->id + ": " + (last->IsGranted() ? "" : last->state + ": ") +
               last->text + "\n");
  return last->IsGranted();
}

}  // namespace

bool PromptForRole(std::string_view root, const Terminal& terminal,
                   const client::VerdictReply& denied) {
  const std::optional<client::AskCall> call = ReadAsk(terminal, denied);
  if (call) return Wait(root, terminal, *call);
  terminal.Say("\ndaypass: not asked\n");
  return false;
}

}  // namespace daypass::sudo_plugin
