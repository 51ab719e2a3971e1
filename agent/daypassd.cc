// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/daypassd.h"

#include <sched.h>
#include <csignal>

#include <cstdio>
#include <sstream>

#include "agent/check_service.h"
#include "agent/clock_alarm.h"
#include "agent/connection.h"
#include "agent/containment.h"
#include "agent/courier_service.h"
#include "agent/enforcer.h"
#include "agent/gate_file.h"
#include "agent/holdings.h"
#include "agent/host_config.h"
#include "agent/importer.h"
#include "agent/last_run.h"
#include "agent/ledger.h"
#include "agent/mirror.h"
#include "agent/requests.h"
#include "agent/resolver.h"
#include "agent/store.h"
#include "agent/store_rescue.h"
#include "agent/stored_records.h"
#include "agent/time_keeper.h"
#include "agent/user_service.h"
#include "agent/user_views.h"
#include "agent/waiters.h"
#include "platform/clock.h"
#include "platform/event_loop.h"
#include "platform/fault.h"
#include "platform/file.h"
#include "platform/paths.h"
#include "platform/service.h"
#include "platform/socket.h"
#include "wire/digest.h"
#include "wire/keys.h"

namespace daypass::agent {
namespace {

constexpr size_t kMaxKeyBytes = 4096;
constexpr size_t kMaxUserConnections = 500;
constexpr size_t kMaxUserConnectionsOfOne = 16;
constexpr core::Millis kUserMessageWithin{500};
constexpr Rate kUserRate{100, core::Millis{20}};  // what people type is a fraction of that
constexpr size_t kMaxCouriers = 8;
constexpr size_t kMaxFdsOfUser = 2;     // "/" and the folder
constexpr size_t kCrowdOfChecks = 200;  // sudos that run at once, and more
constexpr size_t kMaxFdsOfCheck = 3;    // "/", the folder, and a memory file with the arguments
constexpr core::Millis kLookAtClocksEvery{5'000};
constexpr size_t kMaxGroupFile = size_t{1} << 20;
constexpr const char* kCourierAccount = "daypass-sync";

/// The number of a group of this machine, from its own file: no directory service is waited for.
/// Root's where there is none.
gid_t FindLocalGroup(const std::string& name) {
  core::Result<std::string> text = platform::ReadFile("/etc/group", kMaxGroupFile);
  if (!text) return 0;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with(name + ":")) continue;
    const size_t number = line.find(':', name.size() + 1);
    if (number == std::string::npos) return 0;
    return static_cast<gid_t>(std::strtoul(line.c_str() + number + 1, nullptr, 10));
  }
  return 0;
}

core::Result<wire::PrivateKey> LoadOrMakeHostKey(const std::string& path) {
  if (platform::FileExists(path)) {
    core::Result<std::string> pem = platform::ReadTrustedFile(path, kMaxKeyBytes);
    if (!pem) return std::move(pem).error();
    core::Result<wire::PrivateKey> key = wire::PrivateKey::FromPem(*pem);
    wire::Wipe(*pem);
    return key;
  }
  wire::PrivateKey key = wire::PrivateKey::Generate();
  std::string pem = key.ToPem();
  core::Result<void> written = platform::WriteFileDurably(path, pem, {0600, 0, 0});
  wire::Wipe(pem);
  if (!written) return std::move(written).error();
  return key;
}

/// Everything that lives as long as the program, in the order in which it is built.
class Daypassd {
 public:
  Daypassd(platform::EventLoop loop, HostConfig config, wire::PrivateKey key, OpenedStore& store,
           TimeKeeper time, const platform::Paths& paths)
      : loop_(std::move(loop)),
        paths_(paths),
        key_(std::move(key)),
        store_(store.store),
        loss_(store.loss),
        holdings_(std::move(config.identity)),
        pinned_(std::move(config.policy)),
        time_(std::move(time)),
        gate_(paths.gate_conf),
        records_(store_, [this](const core::Error& error) { OnStoreFault(error); }),
        mirror_(loop_, records_) {}

  core::Result<void> Build(platform::Fd helpers);
  core::Result<int> Run();

 private:
  core::Result<void> Listen();
  core::Result<void> Open(const std::string& name, const std::string& path, mode_t mode, gid_t gid,
                          ListenerOptions options, std::vector<Method> methods);
  void ListenToCourier(uint32_t uid);
  core::Result<void> LookBack();
  void OnStoreFault(const core::Error& error);
  Moment Now();
  void OnChange();
  void LookAtClocks();
  core::Result<void> WatchClocks();

  platform::EventLoop loop_;
  platform::Paths paths_;
  wire::PrivateKey key_;
  Store& store_;
  std::string loss_;  ///< of the store before this one; empty: none
  LastRun last_run_;
  Holdings holdings_;
  PinnedPolicy pinned_;
  TimeKeeper time_;
  GateFile gate_;
  StoredRecords records_;
  Mirror mirror_;
  std::unique_ptr<Resolver> resolver_;
  std::vector<platform::ActivatedSocket> activated_ = platform::TakeActivatedSockets();
  std::unique_ptr<Ledger> ledger_;
  std::unique_ptr<Containment> containment_;
  std::unique_ptr<Enforcer> enforcer_;
  std::unique_ptr<Importer> importer_;
  std::unique_ptr<Requests> requests_;
  std::unique_ptr<Waiters> waiters_;
  std::unique_ptr<CheckService> check_;
  std::unique_ptr<UserService> user_;
  std::unique_ptr<CourierService> courier_;
  std::vector<std::unique_ptr<Listener>> listeners_;
  std::vector<platform::EventLoop::Source> sources_;
  ClockAlarm clock_alarm_;
  platform::EventLoop::Source clocks_;
};

core::Result<void> Daypassd::Build(platform::Fd helpers) {
  core::Result<std::unique_ptr<Resolver>> resolver =
      Resolver::Make(loop_, std::move(helpers), [this] { loop_.Exit(1); });
  if (!resolver) return std::move(resolver).error();
  resolver_ = std::move(*resolver);
  core::Result<std::unique_ptr<Ledger>> ledger = Ledger::Make(store_, holdings_.host(), key_);
  if (!ledger) return std::move(ledger).error();
  ledger_ = std::move(*ledger);
  ledger_->moment = [this] { return Now(); };
  ledger_->on_fault = [this](const core::Error& error) { OnStoreFault(error); };
  if (auto seen = LookBack(); !seen) return seen;
  core::Result<std::unique_ptr<Containment>> containment = MakeContainment(loop_);
  if (!containment) return std::move(containment).error();
  containment_ = std::move(*containment);
  enforcer_ = std::make_unique<Enforcer>(loop_, store_, *ledger_, holdings_, time_, *containment_);
  importer_ = std::make_unique<Importer>(store_, *ledger_, holdings_, time_, *resolver_, pinned_);
  requests_ = std::make_unique<Requests>(store_, *ledger_, holdings_, time_, key_);
  waiters_ = std::make_unique<Waiters>(loop_, holdings_, *requests_, time_);
  check_ = std::make_unique<CheckService>(loop_, store_, *ledger_, holdings_, time_, *resolver_,
                                          *requests_, *waiters_, *enforcer_, gate_);
  user_ = std::make_unique<UserService>(loop_, store_, *ledger_, holdings_, time_, *resolver_,
                                        *importer_, *requests_, *waiters_, *enforcer_, gate_);
  courier_ = std::make_unique<CourierService>(loop_, store_, *ledger_, holdings_, time_, *importer_,
                                              *requests_, key_);
  if (auto loaded = importer_->Load(); !loaded) return loaded;
  if (auto loaded = requests_->Load(); !loaded) return loaded;
  if (auto loaded = enforcer_->Load(); !loaded) return loaded;
  importer_->on_change = [this] { OnChange(); };
  requests_->on_change = [this] { OnChange(); };
  enforcer_->on_change = [this] { waiters_->TellAll(); };
  ledger_->on_commit = [this] {
    mirror_.Wake();
    courier_->OnChange();
  };
  return Listen();
}

/// Before anything else is recorded: how the run before ended, and that its store was lost, if so.
core::Result<void> Daypassd::LookBack() {
  core::Result<LastRun> last = DescribeLastRun(store_, Now().boot_id);
  if (!last) return std::move(last).error();
  last_run_ = std::move(*last);
  if (loss_.empty()) return {};
  std::fprintf(stderr, "daypassd: %s\n", loss_.c_str());
  wire::Record damaged;
  damaged.event = "store.damaged";
  damaged.detail = loss_;
  if (auto noted = ledger_->Note(std::move(damaged)); !noted) return noted;
  return ForgetLoss(paths_.agent_db);
}

/// A store that is damaged or stuck is given up: the next start, at once where somebody supervises
/// us, sets it aside, or just opens it.
void Daypassd::OnStoreFault(const core::Error& error) {
  if (store_.IsStuck()) {
    std::fprintf(stderr, "daypassd: the store's locks failed: %s\n", error.what.c_str());
    return loop_.Exit(1);
  }
  // SQLite takes a read that failed for damage too: then all can be read now.
  if (!store_.HasMetDamage() || store_.CheckEverything()) return;
  std::fprintf(stderr, "daypassd: the store is damaged: %s\n", error.what.c_str());
  if (auto marked = MarkDamaged(paths_.agent_db, error.what); !marked) {
    std::fprintf(stderr, "daypassd: %s\n", marked.error().what.c_str());
  }
  loop_.Exit(1);
}

/// What is held has changed: end what is over, and tell who waits.
void Daypassd::OnChange() {
  enforcer_->Review();
  waiters_->TellAll();
  courier_->OnChange();
}

void Daypassd::LookAtClocks() {
  if (auto alarm = clock_alarm_.Look(time_.View(), platform::BootTime())) {
    wire::Record record;
    record.event = std::move(alarm->event);
    record.detail = std::move(alarm->detail);
    (void)ledger_->Note(std::move(record));  // what it tells of changes nothing that is decided
  }
  (void)WatchClocks();
}

core::Result<void> Daypassd::WatchClocks() {
  auto look = loop_.AfterMonotonic(
      kLookAtClocksEvery, [this] { LookAtClocks(); }, platform::Priority::kLast);
  if (!look) return std::move(look).error();
  clocks_ = std::move(*look);
  return {};
}

Moment Daypassd::Now() {
  const core::TimeView view = time_.View();
  Moment moment;
  moment.boot_id = time_.boot_id();
  std::erase(moment.boot_id, '-');
  moment.time = time_.BestGuess();
  moment.boot = platform::BootTime();
  moment.clock = core::ClockStateName(view.state);
  moment.mode = gate_.Read().permissive ? "permissive" : "enforce";
  if (const core::Policy* policy = holdings_.policy()) {
    moment.policy = static_cast<int64_t>(policy->version);
  }
  moment.freshness = Freshness(view.now, time_.status_time());
  return moment;
}

core::Result<void> Daypassd::Open(const std::string& name, const std::string& path, mode_t mode,
                                  gid_t gid, ListenerOptions options, std::vector<Method> methods) {
  platform::Fd socket;
  for (platform::ActivatedSocket& activated : activated_) {
    if (activated.name == name) socket = std::move(activated.fd);
  }
  if (!socket) {
    core::Result<platform::Fd> made = platform::ListenUnix(path, mode, gid);
    if (!made) return std::move(made).error();
    socket = std::move(*made);
  }
  auto listener = Listener::Make(loop_, std::move(socket), std::move(options), std::move(methods));
  if (!listener) return std::move(listener).error();
  listeners_.push_back(std::move(*listener));
  return {};
}

core::Result<void> Daypassd::Listen() {
  if (auto made = platform::MakeDirectory(paths_.run, {0755, 0, 0}); !made) return made;
  ListenerOptions check;
  check.priority = platform::Priority::kFirst;
  check.max_fds = kMaxFdsOfCheck;
  check.crowd = kCrowdOfChecks;
  check.behind = WhoIsServedBy;
  check.admit = [](const platform::Credentials& peer,
                   const platform::ProcessHandle& process) -> core::Result<void> {
    if (peer.uid != 0) return core::Error{core::Reason::kPeerRefused, "only root asks here", {}};
    core::Result<bool> shares = platform::SharesHostNamespaces(process);
    if (!shares) return std::move(shares).error();
    if (*shares) return {};
    return core::Error{core::Reason::kPeerRefused, "only this host's own namespaces ask here", {}};
  };
  if (auto open = Open("check", paths_.check_socket, 0600, 0, check, check_->Methods()); !open) {
    return open;
  }
  ListenerOptions user;
  user.priority = platform::Priority::kLast;
  user.max_message = wire::kMaxUserMessageBytes;
  user.max_fds = kMaxFdsOfUser;
  user.max_connections = kMaxUserConnections;
  user.max_per_uid = kMaxUserConnectionsOfOne;
  user.message_within = kUserMessageWithin;
  user.rate = kUserRate;
  user.fd_limit = platform::MaxDescriptors() / 2;  // the rest is for the courier and for checks
  user.admit = [](const auto&, const auto&) -> core::Result<void> { return {}; };
  if (auto open = Open("user", paths_.user_socket, 0666, 0, user, user_->Methods()); !open)
    return open;
  // The courier's account is asked of NSS by the helper, like every other.
  resolver_->FindUid(kCourierAccount, [this](core::Result<std::optional<uint32_t>> uid) {
    if (uid && *uid) return ListenToCourier(**uid);
    std::fprintf(stderr, "daypassd: no account daypass-sync (%s); no courier is served\n",
                 uid ? "not found" : uid.error().what.c_str());
  });
  return {};
}

void Daypassd::ListenToCourier(uint32_t uid) {
  ListenerOptions courier;
  courier.max_connections = courier.max_per_uid = kMaxCouriers;
  courier.fd_limit = platform::MaxDescriptors() / 4 * 3;
  courier.admit = [uid](const platform::Credentials& peer,
                        const platform::ProcessHandle&) -> core::Result<void> {
    if (peer.uid == uid) return {};
    return core::Error{core::Reason::kPeerRefused, "only daypass-sync asks here", {}};
  };
  auto open = Open("courier", paths_.courier_socket, 0660, FindLocalGroup(kCourierAccount), courier,
                   courier_->Methods());
  if (!open) std::fprintf(stderr, "daypassd: %s\n", open.error().what.c_str());
}

core::Result<int> Daypassd::Run() {
  for (const int signal : {SIGTERM, SIGINT}) {
    auto source = loop_.OnSignal(signal, [this] { loop_.Exit(0); });
    if (!source) return std::move(source).error();
    sources_.push_back(std::move(*source));
  }
  wire::Record started;
  started.event = "agent.started";
  started.ended_by = last_run_.ended_by;
  started.detail = last_run_.detail;
  if (auto noted = ledger_->Note(std::move(started)); !noted) return std::move(noted).error();
  if (auto watchdog = loop_.EnableWatchdog(); !watchdog) return std::move(watchdog).error();
  mirror_.Wake();
  if (auto watched = WatchClocks(); !watched) return std::move(watched).error();
  platform::NotifyReady("deciding for host " + holdings_.host().name);
  core::Result<int> code = loop_.Run();
  platform::NotifyStopping();
  wire::Record stopped;
  stopped.event = "agent.stopped";
  if (auto noted = ledger_->Note(std::move(stopped)); !noted) return std::move(noted).error();
  if (auto flushed = mirror_.Flush(); !flushed) return std::move(flushed).error();
  return code;
}

/// Damage where opening does not look would keep us from starting for ever.
void GiveUpIfDamaged(Store& store, const std::string& path) {
  const core::Result<void> sound = store.CheckEverything();
  if (sound) return;
  if (auto marked = MarkDamaged(path, path + ": " + sound.error().what); marked) return;
  std::fprintf(stderr, "daypassd: %s cannot be marked as damaged\n", path.c_str());
}

}  // namespace

core::Result<void> LeaveNetwork() {
  if (unshare(CLONE_NEWNET) == 0) return {};
  const int error = errno;
  core::Result<std::string> devices = platform::ReadKernelFile("/proc/self/net/dev");
  if (!devices) return std::move(devices).error();
  std::istringstream lines(*devices);
  for (std::string line; std::getline(lines, line);) {
    const size_t colon = line.find(':');
    if (colon == std::string::npos) continue;  // the two heading lines
    const size_t start = line.find_first_not_of(' ');
    if (line.substr(start, colon - start) != "lo") {
      return platform::SystemFault("leaving the network", error);
    }
  }
  return {};
}

core::Result<int> RunDaypassd(const std::string& root, platform::Fd resolver) {
  const platform::Paths paths = platform::MakePaths(root);
  core::Result<HostConfig> config = LoadHostConfig(paths.host_toml);
  if (!config) return std::move(config).error();
  if (auto made = platform::MakeDirectory(paths.state, {0700, 0, 0}); !made) {
    return std::move(made).error();
  }
  // Early at boot there may be no randomness yet: wait here, before anybody is served.
  (void)wire::RandomHex(16);
  core::Result<wire::PrivateKey> key = LoadOrMakeHostKey(paths.host_key);
  if (!key) return std::move(key).error();
  core::Result<OpenedStore> store = OpenOrReplaceStore(paths.agent_db);
  if (!store) return std::move(store).error();
  core::Result<platform::EventLoop> loop = platform::EventLoop::Make();
  if (!loop) return std::move(loop).error();
  core::Result<TimeKeeper> time = TimeKeeper::Load(store->store);
  if (!time) return std::move(time).error();
  Daypassd daypassd(std::move(*loop), std::move(*config), std::move(*key), *store, std::move(*time),
                    paths);
  if (auto built = daypassd.Build(std::move(resolver)); !built) {
    const bool is_store = built.error().code == core::Reason::kStoreUnavailable;
    if (is_store) GiveUpIfDamaged(store->store, paths.agent_db);
    return std::move(built).error();
  }
  return daypassd.Run();
}

}  // namespace daypass::agent
