// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// AG-09: whatever the decider asks of the OS, of SQLite or of malloc is refused once, each request
// in turn, while it opens its store, imports, decides and records. What it promised before the
// fault and after it is kept; what could not be done is refused; where a library or C++ knows no
// way on without memory the process ends, which costs nobody anything: the next start finds all of
// it. DAYPASS_ROUNDS: how many requests of each edge, spread over all of them; 0 is every one.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "agent/check_service.h"
#include "agent/last_run.h"
#include "agent/store_rescue.h"
#include "platform/socket.h"
#include "tests/unit/agent_faults.h"
#include "tests/unit/agent_past_fixture.h"

extern "C" __attribute__((weak)) int __lsan_do_recoverable_leak_check(void);  // NOLINT: theirs

namespace daypass::agent {
namespace {

size_t Rounds(size_t all) {
  const char* const rounds = std::getenv("DAYPASS_ROUNDS");  // NOLINT(concurrency-mt-unsafe)
#ifdef __SANITIZE_ADDRESS__
  constexpr size_t kQuick = 6;  // each looks for leaks, which takes a while
#else
  constexpr size_t kQuick = 40;
#endif
  const size_t wanted = rounds != nullptr ? std::strtoull(rounds, nullptr, 10) : kQuick;
  return wanted == 0 ? all : std::min(wanted, all);
}

/// Says yes at once: what a real control group does is shown elsewhere.
class YesContainment : public Containment {
 public:
  explicit YesContainment(platform::EventLoop& loop) : loop_(loop) {}
  void Contain(const ContainRequest& request, const platform::ProcessHandle&,
               ContainCallback callback) override {
    const std::string name = ScopeName(request.grant, request.number);
    auto later = loop_.Defer([name, callback = std::move(callback)] { callback(name); });
    if (later) sources_.push_back(std::move(*later));
  }
  core::Result<void> End(const std::string&) override { return {}; }
  core::Result<bool> IsPopulated(const std::string&) override { return false; }
  core::Result<std::vector<std::string>> List(std::string_view) override {
    return std::vector<std::string>();
  }
  core::Result<void> Remove(const std::string&) override { return {}; }
  core::Result<void> WhenEmpty(const std::string&, std::function<void()>) override { return {}; }

 private:
  platform::EventLoop& loop_;
  std::vector<platform::EventLoop::Source> sources_;
};

/// What one trial told before it ended, one word a line: it was promised from then on.
struct Told {
  std::vector<std::string> lines;
  int status = 0;
  std::string errors;

  bool Has(const std::string& line) const { return std::ranges::count(lines, line) > 0; }
  std::string After(const std::string& prefix) const {
    for (const std::string& line : lines) {
      if (line.starts_with(prefix)) return line.substr(prefix.size());
    }
    return {};
  }
  std::vector<uint64_t> Allows() const {
    std::vector<uint64_t> numbers;
    for (const std::string& line : lines) {
      if (line.starts_with("allow ")) numbers.push_back(std::stoull(line.substr(6)));
    }
    return numbers;
  }
};

class Torture : public PastTest {
 protected:
  std::string path() const { return folder_ + "/agent.db"; }

  void SetUp() override {
    PastTest::SetUp();
    if (HasFatalFailure()) return;
    MakePast();
    policy_ = SignedPolicy(2);
    core::Statement statement = Statement();
    statement.reason = "new";
    statement.uses = 1;
    grant_ = Approved(statement);
    CopyFiles(folder_ + "/killed");
    Stop();
    resolver_.reset();
  }
  void TearDown() override {
    Stop();
    std::filesystem::remove_all(folder_);
  }

  void PutBack() {
    for (const auto& left : std::filesystem::directory_iterator(folder_)) {
      if (left.is_regular_file()) std::filesystem::remove(left.path());
    }
    for (const auto& file : std::filesystem::directory_iterator(folder_ + "/killed")) {
      std::filesystem::copy_file(file.path(), folder_ + "/" + file.path().filename().string());
    }
  }

  void Tell(const std::string& line) const {
    HoldFaults();
    const std::string bytes = line + "\n";
    if (write(told_, bytes.data(), bytes.size()) < 0) std::_Exit(4);
    GoOnWithFaults();
  }
  /// As the daemon: it says so, and ends.
  [[noreturn]] void End(const core::Error& why) const {
    Tell("ends " + why.what);
    Finish();
  }
  [[noreturn]] void Finish() const {
    HoldFaults();
    Tell("count " + std::to_string(CountedRequests()));
    HoldFaults();
    Tell("refused " + RefusedRequest());
    std::_Exit(0);
  }

  // The parts of a decider, in the order of daypassd.cc.
  struct Parts {
    std::unique_ptr<Resolver> resolver;
    std::unique_ptr<Store> store;
    std::unique_ptr<Holdings> holdings;
    std::unique_ptr<TimeKeeper> time;
    std::unique_ptr<Ledger> ledger;
    std::unique_ptr<YesContainment> containment;
    std::unique_ptr<Enforcer> enforcer;
    std::unique_ptr<Importer> importer;
    std::unique_ptr<GateFile> gate;
    std::unique_ptr<Requests> requests;
    std::unique_ptr<Waiters> waiters;
    std::unique_ptr<CheckService> check;
    std::unique_ptr<Listener> listener;
  };

  template <typename T>
  T OrEnd(core::Result<T> result) const {
    if (!result) End(result.error());
    return *std::move(result);
  }
  void OrEnd(core::Result<void> result) const {
    if (!result) End(result.error());
  }

  Parts Build(platform::Fd helpers) {
    Parts parts;
    parts.resolver = OrEnd(Resolver::Make(*loop_, std::move(helpers), [this] {
      End({core::Reason::kInternal, "the helpers are lost", {}});
    }));
    OpenedStore opened = OrEnd(OpenOrReplaceStore(path()));
    if (!opened.loss.empty()) Tell("loss " + opened.loss);
    parts.store = std::make_unique<Store>(std::move(opened.store));
    parts.holdings = std::make_unique<Holdings>(core::HostIdentity{kRealm, "web-1", {}});
    parts.time = std::make_unique<TimeKeeper>(OrEnd(TimeKeeper::Load(*parts.store)));
    parts.ledger = OrEnd(Ledger::Make(*parts.store, parts.holdings->host(), keys_.host));
    parts.ledger->moment = [time = parts.time.get()] {
      return Moment{std::string(32, 'b'),
                    time->BestGuess(),
                    platform::BootTime(),
                    "anchored",
                    "enforce",
                    {},
                    "fresh"};
    };
    parts.ledger->on_fault = [this, store = parts.store.get()](const core::Error& error) {
      if (store->IsStuck()) End(error);
      if (store->HasMetDamage() && !store->CheckEverything()) Tell("loss " + error.what);
    };
    (void)OrEnd(DescribeLastRun(*parts.store, std::string(32, 'b')));
    parts.containment = std::make_unique<YesContainment>(*loop_);
    parts.enforcer = std::make_unique<Enforcer>(*loop_, *parts.store, *parts.ledger,
                                                *parts.holdings, *parts.time, *parts.containment);
    parts.importer = std::make_unique<Importer>(*parts.store, *parts.ledger, *parts.holdings,
                                                *parts.time, *parts.resolver, pinned_);
    parts.gate = std::make_unique<GateFile>(folder_ + "/gate.conf");
    parts.requests = std::make_unique<Requests>(*parts.store, *parts.ledger, *parts.holdings,
                                                *parts.time, keys_.host);
    parts.waiters =
        std::make_unique<Waiters>(*loop_, *parts.holdings, *parts.requests, *parts.time);
    parts.check = std::make_unique<CheckService>(
        *loop_, *parts.store, *parts.ledger, *parts.holdings, *parts.time, *parts.resolver,
        *parts.requests, *parts.waiters, *parts.enforcer, *parts.gate);
    OrEnd(parts.importer->Load());
    OrEnd(parts.enforcer->Load());
    ListenerOptions options;
    options.max_fds = 3;
    options.admit = [](const auto&, const auto&) -> core::Result<void> { return {}; };
    parts.listener = OrEnd(Listener::Make(*loop_, OrEnd(platform::ListenUnix(socket_path(), 0600)),
                                          std::move(options), parts.check->Methods()));
    return parts;
  }
  std::string socket_path() const { return folder_ + "/check.sock"; }

  /// One question, as sudo's shim asks it for the account "daemon".
  std::string Question() const {
    wire::CommandCall call;
    call.user = "daemon";
    call.uid = 1;
    call.command = "/usr/bin/systemctl";
    call.argv = {"systemctl", "restart", "nginx"};
    call.cwd = "/";
    call.runas_user = "root";
    call.api = "1.21";
    call.pid = static_cast<uint32_t>(getpid());
    return wire::EncodeCall(wire::kCommandMethod, wire::EncodeCommand(call).get());
  }
  void AskOverSocket() {
    HoldFaults();
    const platform::Fd here(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));
    const std::array<int, 2> fds = {here.get(), here.get()};
    auto peer =
        platform::ConnectTrusted(socket_path(), platform::Deadline::After(core::Millis{2000}));
    if (!peer) std::_Exit(5);
    (void)platform::SendMessage(peer->get(), Question(), fds,
                                platform::Deadline::After(core::Millis{2000}));
    std::string heard;
    for (int turn = 0; turn < 300 && !heard.ends_with('\0'); ++turn) {
      GoOnWithFaults();
      (void)loop_->RunOnce(core::Millis{10});
      HoldFaults();
      std::array<char, 4096> room{};
      const ssize_t got = recv(peer->get(), room.data(), room.size(), MSG_DONTWAIT);
      if (got == 0) break;
      if (got > 0) heard.append(room.data(), static_cast<size_t>(got));
    }
    Tell(Verdict(heard));
  }
  static std::string Verdict(const std::string& heard) {
    if (heard.empty()) return "no answer";
    const auto reply = wire::ParseReply(heard.substr(0, heard.size() - 1));
    if (!reply || !reply->error.empty()) return "no verdict";
    const auto verdict = wire::ParseVerdict(reply->parameters.get());
    if (!verdict || verdict->effect != core::Verdict::kAllow) return "deny";
    return "allow " + std::to_string(verdict->query) + " " + verdict->grant;
  }

  /// The life of a decider, with one of its requests refused. Never returns.
  [[noreturn]] void Live(Edge edge, size_t number, int error) {
    auto helpers = ForkResolverHelpers();
    auto loop = platform::EventLoop::Make();  // one is its process's own
    if (!helpers || !loop || setresuid(1, 0, 0) != 0) std::_Exit(6);
    *loop_ = std::move(*loop);
    try {
      RefuseOne(edge, number, error);
      Parts parts = Build(std::move(*helpers));
      Tell("started");
      AskOverSocket();
      if (parts.importer->ImportPolicy(policy_)) Tell("policy");
      std::optional<core::Result<Imported>> taken;
      parts.importer->ImportGrant(
          grant_, [&](core::Result<Imported> result) { taken = std::move(result); });
      for (int turn = 0; turn < 300 && !taken; ++turn) (void)loop_->RunOnce(core::Millis{10});
      if (!taken) Tell("silent");
      if (taken && *taken) Tell("grant");
      core::Status status = RevokingStatus(*parts.time);
      if (parts.importer->ImportStatus(
              wire::Seal(keys_.server, "status", wire::EncodeStatus(status)))) {
        Tell("revoked");
      }
      AskOverSocket();
      AskOverSocket();
      Tell("seq " + std::to_string(parts.ledger->last_seq()));
    } catch (const std::bad_alloc&) {
      std::abort();  // as main does, and the loop for what it calls
    }
    HoldFaults();
    if (__lsan_do_recoverable_leak_check != nullptr && __lsan_do_recoverable_leak_check() != 0) {
      std::_Exit(7);
    }
    Finish();
  }
  core::Status RevokingStatus(TimeKeeper& time) {
    core::Status status;
    status.realm = kRealm;
    status.host = "web-1";
    status.number = time.DrawNumber();
    status.time = platform::WallTime();
    status.policy_version = 2;
    status.revoked = {{ids_.at("revoked"), "", status.time}, {ids_.at("open"), "", status.time}};
    status.receipt.digest = wire::kNoPrev;
    return status;
  }

  Told Try(Edge edge, size_t number, int error) {
    PutBack();
    std::array<int, 2> pipe_ends{};
    EXPECT_EQ(pipe2(pipe_ends.data(), O_CLOEXEC), 0);
    const platform::Fd errors(
        open((folder_ + "/errors").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
    const pid_t child = fork();
    if (child == 0) {
      const rlimit none{0, 0};
      (void)setrlimit(RLIMIT_CORE, &none);
      (void)dup2(errors.get(), STDERR_FILENO);
      told_ = pipe_ends[1];
      Live(edge, number, error);
    }
    close(pipe_ends[1]);
    const platform::Fd told(pipe_ends[0]);
    Told trial;
    trial.lines = ReadLines(told.get());
    EXPECT_EQ(waitpid(child, &trial.status, 0), child);
    std::ifstream file(folder_ + "/errors");
    trial.errors.assign(std::istreambuf_iterator<char>(file), {});
    return trial;
  }
  static std::vector<std::string> ReadLines(int fd) {
    std::string text;
    std::array<char, 4096> room{};
    for (ssize_t got = 0; (got = ::read(fd, room.data(), room.size())) > 0;) {
      text.append(room.data(), static_cast<size_t>(got));
    }
    std::istringstream lines(text);
    std::vector<std::string> all;
    for (std::string line; std::getline(lines, line);) all.push_back(line);
    return all;
  }

  /// What the next start finds, and that everything works then.
  void ExpectIntact(const Told& told) {
    auto opened = OpenOrReplaceStore(path());
    ASSERT_TRUE(opened) << opened.error().what;
    ASSERT_EQ(opened->loss, "") << "a fault is no damage";
    ASSERT_TRUE(opened->store.CheckEverything());
    auto helpers = ForkResolverHelpers();
    ASSERT_TRUE(helpers);
    auto resolver = Resolver::Make(*loop_, std::move(*helpers), [] { FAIL() << "helpers lost"; });
    ASSERT_TRUE(resolver);
    resolver_ = std::move(*resolver);
    Start(std::move(opened->store));
    ExpectRecords(told);
    for (const char* name : {"revoked", "dropped", "ended", "used"}) {
      EXPECT_FALSE(Allows(name)) << name;
    }
    EXPECT_TRUE(Ask("open").reason == core::Reason::kRevoked ||
                (!told.Has("revoked") && Allows("open")));
    EXPECT_TRUE(!told.Has("policy") || holdings_->policy()->version == 2);
    EXPECT_TRUE(!told.Has("grant") || FindNew() != nullptr) << "was taken and is not there";
    ExpectUses(told);
    ExpectUsable();
    Stop();
    resolver_.reset();
  }
  core::Grant* FindNew() {
    for (const auto& grant : holdings_->grants()) {
      if (grant->statement.reason == "new") return grant.get();
    }
    return nullptr;
  }
  void ExpectRecords(const Told& told) {
    const auto head = VerifyChain();
    ASSERT_TRUE(head) << head.error().what;
    EXPECT_EQ(head->signed_seq, head->seq) << "half of a commit";
    for (const uint64_t number : told.Allows()) {
      auto record = store_->RecordsAfter(number - 1, 1);
      ASSERT_TRUE(record && !record->empty()) << "an allow without its record";
      EXPECT_EQ(wire::ParseRecord(record->front().bytes)->event, "decision.allowed");
    }
    EXPECT_GE(head->seq, std::stoull("0" + told.After("seq ")));
  }
  /// The new grant counts one use.
  void ExpectUses(const Told& told) {
    const core::Grant* const grant = FindNew();
    const std::string id = grant == nullptr ? "none" : core::ShortId(grant->statement.id);
    const auto uses = std::ranges::count_if(
        told.lines, [&](const std::string& line) { return line.ends_with(" " + id); });
    EXPECT_LE(uses, 1) << "one use, spent twice";
    EXPECT_TRUE(uses == 0 || grant->latch.uses_spent == 1) << "spent, and not known any more";
  }
  /// The fault is over: all that was refused is taken now.
  void ExpectUsable() {
    auto policy = importer_->ImportPolicy(policy_);
    EXPECT_TRUE(policy) << policy.error().what;
    auto grant = ImportGrant(grant_);
    EXPECT_TRUE(grant) << grant.error().what;
    auto status = importer_->ImportStatus(
        wire::Seal(keys_.server, "status", wire::EncodeStatus(RevokingStatus(*time_))));
    EXPECT_TRUE(status) << status.error().what;
    EXPECT_EQ(Ask("open").reason, core::Reason::kRevoked);
  }

  /// `may_end`: whether the process may end by itself where it is refused.
  void RefuseEachInTurn(Edge edge, bool may_end, int error = 0) {
    const Told control = Try(edge, SIZE_MAX, error);
    ASSERT_EQ(control.status, 0) << control.errors;
    const auto allows = control.Allows();
    ASSERT_EQ(allows.size(), 2u) << testing::PrintToString(control.lines);
    for (const char* step : {"policy", "grant", "revoked", "deny"})
      ASSERT_TRUE(control.Has(step)) << step;
    ASSERT_NO_FATAL_FAILURE(ExpectIntact(control));
    const size_t all = std::stoull(control.After("count "));
    const size_t rounds = Rounds(all);
    size_t refused = 0;
    size_t ended = 0;
    for (size_t round = 0; round < rounds && !HasFailure(); ++round) {
      const size_t number = round * all / rounds;
      const core::Millis begin = platform::BootTime();
      const Told told = Try(edge, number, error);
      SCOPED_TRACE(testing::Message()
                   << "request " << number << " of " << all << " (" << told.After("refused ")
                   << "): " << testing::PrintToString(told.lines) << told.errors);
      const bool is_end = WIFSIGNALED(told.status) && WTERMSIG(told.status) == SIGABRT;
      ASSERT_TRUE(told.status == 0 || (may_end && is_end)) << "status " << told.status;
      ASSERT_LT(platform::BootTime() - begin, core::Millis{30'000}) << "waited for nobody";
      ASSERT_FALSE(told.Has("silent")) << "no answer to an import";
      ASSERT_EQ(told.After("loss "), "");
      ended += is_end ? 1 : 0;
      refused += is_end || !told.After("refused ").empty() ? 1 : 0;
      ASSERT_NO_FATAL_FAILURE(ExpectIntact(told));
    }
    EXPECT_GT(refused, rounds / 2) << "nothing was refused";
    std::printf("%zu of %zu requests refused, %zu ended the process\n", refused, all, ended);
  }

  std::string policy_;
  std::string grant_;
  int told_ = -1;
};

TEST_F(Torture, KeepsItsWordWhenACallFails) {
  RefuseEachInTurn(Edge::kCalls, /*may_end=*/false, EIO);
}
TEST_F(Torture, KeepsItsWordWhenTheDiskOrTheDescriptorsRunOut) {
  RefuseEachInTurn(Edge::kCalls, /*may_end=*/false, ENOSPC);
  RefuseEachInTurn(Edge::kCalls, /*may_end=*/false, EMFILE);
}
TEST_F(Torture, KeepsItsWordWhenSqliteHasNoMemory) {
  RefuseEachInTurn(Edge::kSqlite, /*may_end=*/false);
}
TEST_F(Torture, KeepsItsWordWhenNewIsRefused) {
  RefuseEachInTurn(Edge::kNew, /*may_end=*/true);
}
TEST_F(Torture, KeepsItsWordWhenJanssonHasNoMemory) {
  RefuseEachInTurn(Edge::kJansson, /*may_end=*/true);
}
TEST_F(Torture, KeepsItsWordWhenOpensslHasNoMemory) {
  RefuseEachInTurn(Edge::kCrypto, /*may_end=*/true);
}

}  // namespace
}  // namespace daypass::agent
