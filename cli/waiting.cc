// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/waiting.h"

#include <fmt/format.h>
#include <poll.h>

#include <csignal>

#include "cli/remote.h"
#include "cli/when.h"
#include "core/escape.h"
#include "platform/deadline.h"
#include "wire/json_reader.h"

namespace daypass::cli {
namespace {

constexpr int kPollEvery = 2;  ///< seconds between two questions to the server
constexpr wire::StringRule kWord{0, 4096, nullptr, "text"};

// A signal handler has no other place to write to.
volatile std::sig_atomic_t interrupted = 0;
void OnInterrupt(int) {
  interrupted = 1;
}

platform::Deadline EndOf(std::optional<core::Seconds> timeout) {
  return timeout ? platform::Deadline::After(*timeout) : platform::Deadline::Never();
}

void ShowWaiting(Output& out, const std::string& text, int64_t seconds) {
  out.Progress(fmt::format("waiting, {}: {}  (Ctrl-C stops waiting and keeps the request)",
                           Roughly(core::Seconds{seconds}), text));
}

core::Result<Outcome> ReadOutcome(const wire::Json& parameters) {
  wire::ObjectReader in(parameters.get(), wire::UnknownKeys::kIgnore);
  Outcome outcome;
  outcome.state = in.String("state", kWord);
  outcome.text = core::ForTerminal(in.OptString("text", kWord).value_or(""));
  outcome.until = in.OptInstant("until_ms");
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return outcome;
}

/// "bob: not today", or nothing.
std::string WhyNot(const RemoteRequest& request) {
  if (request.denial.empty()) return "";
  return core::ForTerminal(request.denied_by) + ": " + core::ForTerminal(request.denial);
}

/// A second, or less if Ctrl-C comes.
void SleepASecond() {
  poll(nullptr, 0, 1000);
}

}  // namespace

CatchInterrupt::CatchInterrupt() {
  interrupted = 0;
  struct sigaction action{};
  action.sa_handler = OnInterrupt;  // no SA_RESTART: a wait must end
  sigaction(SIGINT, &action, nullptr);
}

CatchInterrupt::~CatchInterrupt() {
  struct sigaction action{};
  action.sa_handler = SIG_DFL;
  sigaction(SIGINT, &action, nullptr);
}

bool CatchInterrupt::Happened() {
  return interrupted != 0;
}

core::Result<Outcome> WaitAtAgent(AgentClient& agent, const std::string& id, Output& out,
                                  std::optional<core::Seconds> timeout) {
  const CatchInterrupt catch_interrupt;
  const platform::Deadline end = EndOf(timeout);
  wire::ObjectBuilder parameters;
  parameters.String("id", id);
  if (auto begun = agent.Begin("Wait", std::move(parameters)); !begun) {
    return std::move(begun).error();
  }
  const core::Instant begin =
      std::chrono::time_point_cast<core::Millis>(std::chrono::system_clock::now());
  while (true) {
    core::Result<AgentClient::Answer> answer = agent.Next();
    if (CatchInterrupt::Happened()) return Outcome{"interrupted", "", {}};
    if (!answer) return std::move(answer).error();
    core::Result<Outcome> outcome = ReadOutcome(answer->parameters);
    if (!outcome || !answer->more || end.HasPassed()) {
      out.EndProgress();
      return outcome;
    }
    const auto waited = std::chrono::system_clock::now() - begin;
    ShowWaiting(out, outcome->text.empty() ? outcome->state : outcome->text,
                std::chrono::floor<core::Seconds>(waited).count());
  }
}

core::Result<Outcome> WaitAtServer(const ServerClient& server, const std::string& id, Output& out,
                                   std::optional<core::Seconds> timeout) {
  const CatchInterrupt catch_interrupt;
  const platform::Deadline end = EndOf(timeout);
  std::string needed;
  for (int64_t second = 0; !CatchInterrupt::Happened(); ++second) {
    if (second % kPollEvery == 0) {
      core::Result<RemoteRequest> request = FetchRequest(server, id);
      if (CatchInterrupt::Happened()) break;
      if (!request) return std::move(request).error();
      if (request->state != "pending" || end.HasPassed()) {
        out.EndProgress();
        return Outcome{request->state, WhyNot(*request), {}};
      }
      needed = "wanted: " + core::ForTerminal(request->needed);
    }
    ShowWaiting(out, needed, second);
    SleepASecond();
  }
  return Outcome{"interrupted", "", {}};
}

}  // namespace daypass::cli
