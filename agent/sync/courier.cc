// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/courier.h"

#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

#include "platform/clock.h"
#include "platform/paths.h"
#include "platform/random.h"
#include "platform/service.h"

namespace daypass::agent {
namespace {

constexpr core::Millis kRenewEvery{std::chrono::hours{24}};

uint64_t Random() {
  uint64_t number = 0;
  const core::Result<std::string> bytes = platform::RandomBytes(sizeof number);
  if (bytes) std::memcpy(&number, bytes->data(), sizeof number);
  return number;
}

}  // namespace

core::Result<std::unique_ptr<Courier>> Courier::Make(platform::EventLoop& loop,
                                                     const SyncConfig& config,
                                                     CourierOptions options) {
  auto log = std::make_unique<FaultLog>(std::move(options.write), &platform::BootTime);
  auto server = ServerLink::Make(loop, config, *log);
  if (!server) return std::move(server).error();
  return std::unique_ptr<Courier>(
      new Courier(loop, config, options, std::move(log), std::move(*server)));
}

Courier::Courier(platform::EventLoop& loop, const SyncConfig& config, const CourierOptions& options,
                 std::unique_ptr<FaultLog> log, std::unique_ptr<ServerLink> server)
    : loop_(loop),
      config_(config),
      log_(std::move(log)),
      server_(std::move(server)),
      agent_(loop, config.courier_socket, options.socket_owner, options.answer_within, *log_),
      ends_{agent_, *server_, {}},
      policy_(ends_, config.pinned_policy),
      status_(ends_),
      grants_(ends_),
      requests_(ends_),
      records_(ends_),
      renew_(ends_, config.certificate_file, config.key_file),
      schedule_(loop, *server_, *log_, &Random,
                {&policy_, &status_, &grants_, &requests_, &records_, &renew_}),
      changes_(loop, *server_, &Random, options.poll_wait, options.poll_silence) {
  Connect();
}

/// What leads to what.
void Courier::Connect() {
  agent_.on_state = [this](const HostState& state, bool is_new) { OnState(state, is_new); };
  server_->on_back = [this] {
    schedule_.Hurry();
    changes_.Hurry();
  };
  changes_.on_change = [this] {
    requests_.AskAgain();
    schedule_.Want({&status_, &grants_, &requests_});
  };
  status_.on_policy_named = grants_.on_policy_named = [this](uint64_t version) {
    policy_.Hear(version);
    if (policy_.HasWork()) schedule_.Want({&policy_});
  };
  status_.on_taken = [this] {
    if (grants_.ReconsiderPassing()) schedule_.Want({&grants_});
  };
  policy_.on_taken = [this] { OnPolicy(); };
  // The receipt that the decider believes comes with the next status.
  records_.on_sent = [this] {
    records_.HasWork() ? schedule_.Want({&records_}) : schedule_.Want({&status_});
  };
}

void Courier::Start() {
  Repeat(config_.status_every, status_timer_, status_);
  Repeat(kRenewEvery, renew_timer_, renew_);
  agent_.Start();
  changes_.Start();
}

void Courier::Repeat(core::Millis every, platform::EventLoop::Source& timer, const Stage& stage) {
  auto armed = loop_.AfterBootTime(every, [this, every, &timer, &stage] {
    schedule_.Want({&stage});
    Repeat(every, timer, stage);
  });
  if (armed) timer = std::move(*armed);
}

void Courier::OnPolicy() {
  grants_.Reconsider();
  schedule_.Hurry();
  schedule_.Want({&status_, &grants_});
  if (policy_.HasWork()) schedule_.Want({&policy_});
}

void Courier::OnState(const HostState& state, bool is_new) {
  const HostState before = std::exchange(ends_.state, state);
  if (is_new) {
    policy_.Forget();
    grants_.Forget();
    records_.Forget();
    requests_.AskAgain();
    if (policy_.HasWork()) schedule_.Want({&policy_});
    return schedule_.Want({&status_, &grants_, &requests_, &records_, &renew_});
  }
  if (state.policy_version != before.policy_version) OnPolicy();  // by hand, perhaps
  if (policy_.HasWork()) schedule_.Want({&policy_});
  if (state.status_wanted && !before.status_wanted) schedule_.Want({&status_});
  if (state.requests_pending > 0) schedule_.Want({&requests_});
  if (records_.HasWork()) schedule_.Want({&records_});
}

core::Result<int> RunCourier(const std::string& root) {
  const core::Result<SyncConfig> config = LoadSyncConfig(platform::MakePaths(root));
  if (!config) return config.error();
  core::Result<platform::EventLoop> loop = platform::EventLoop::Make();
  if (!loop) return std::move(loop).error();
  std::vector<platform::EventLoop::Source> signals;
  for (const int signal : {SIGTERM, SIGINT}) {
    auto source = loop->OnSignal(signal, [&loop] { loop->Exit(0); });
    if (!source) return std::move(source).error();
    signals.push_back(std::move(*source));
  }
  CourierOptions options;
  options.write = [](const std::string& line) {
    static_cast<void>(std::fprintf(stderr, "daypass-sync: %s\n", line.c_str()));
  };
  auto courier = Courier::Make(*loop, *config, std::move(options));
  if (!courier) return std::move(courier).error();
  (*courier)->Start();
  if (auto watchdog = loop->EnableWatchdog(); !watchdog) return std::move(watchdog).error();
  platform::NotifyReady("carrying between this host and " + config->server);
  core::Result<int> code = loop->Run();
  platform::NotifyStopping();
  return code;
}

}  // namespace daypass::agent
