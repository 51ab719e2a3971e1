// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Units over a real bus, a private dbus-daemon, with a manager of ours: it answers what systemd can
// be made to answer only with luck. The real one: platform_units_systemd_test.cc.
#include "platform/units.h"

#include <gmock/gmock.h>
#include <systemd/sd-bus.h>

#include <optional>

#include "platform/deadline.h"
#include "platform/file.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using core::Millis;
using core::Reason;
using core::Result;
using testing::HasSubstr;

constexpr Millis kPatience{5'000};

/// What came of one call.
struct Outcome {
  int calls = 0;
  std::optional<core::Error> error;

  Units::Callback Callback() {
    return [this](Result<void> result) {
      ++calls;
      if (!result) error = std::move(result).error();
    };
  }
};

void RunUntil(EventLoop& loop, const std::function<bool()>& done) {
  const Deadline deadline = Deadline::After(Millis{10'000});
  while (!done() && !deadline.HasPassed()) ASSERT_TRUE(loop.RunOnce(Millis{50}));
  ASSERT_TRUE(done());
}

/// dbus-daemon for this test alone.
class PrivateBus {
 public:
  PrivateBus() : address_("unix:path=" + (folder_ / "bus")) {
    const std::string argument = "--address=" + address_;
    daemon_ = std::make_unique<Child>([&] {
      execlp("dbus-daemon", "dbus-daemon", "--session", "--nofork", argument.c_str(), nullptr);
      return 127;
    });
    const Deadline deadline = Deadline::After(Millis{5'000});
    while (!FileExists(folder_ / "bus") && !deadline.HasPassed()) usleep(5'000);
  }
  const std::string& address() const { return address_; }
  bool IsThere() const { return FileExists(folder_ / "bus"); }
  void End() { daemon_.reset(); }

 private:
  TempDir folder_;
  std::string address_;
  std::unique_ptr<Child> daemon_;
};

/// Stands for systemd's manager object: answers as it is told to, and notes what it was asked.
class FakeManager {
 public:
  enum class Mood { kDone, kFailed, kSilent, kRefusing, kNoSuchUnit };

  FakeManager(EventLoop& loop, const std::string& address) {
    sd_bus_new(&bus_);
    sd_bus_set_address(bus_, address.c_str());
    sd_bus_set_bus_client(bus_, 1);
    sd_bus_start(bus_);
    sd_bus_add_object(bus_, nullptr, "/org/freedesktop/systemd1", OnCall, this);
    sd_bus_request_name(bus_, "org.freedesktop.systemd1", 0);
    sd_bus_attach_event(bus_, loop.get(), SD_EVENT_PRIORITY_NORMAL);
  }
  FakeManager(const FakeManager&) = delete;
  FakeManager& operator=(const FakeManager&) = delete;
  ~FakeManager() { sd_bus_close_unref(bus_); }

  Mood mood = Mood::kDone;
  std::string asked;  // member and arguments of the last call
  std::string properties;

 private:
  static int OnCall(sd_bus_message* call, void* self, sd_bus_error*) {
    return static_cast<FakeManager*>(self)->Answer(call);
  }

  int Answer(sd_bus_message* call) {
    const std::string member = sd_bus_message_get_member(call);
    const char *name = nullptr, *mode = nullptr;
    sd_bus_message_read(call, "ss", &name, &mode);
    asked = member + " " + name + " " + mode;
    if (member == "StartTransientUnit") ReadProperties(call);
    if (mood == Mood::kSilent) return 1;
    if (mood == Mood::kRefusing) return Refuse(call, "org.freedesktop.systemd1.UnitExists");
    if (mood == Mood::kNoSuchUnit) return Refuse(call, "org.freedesktop.systemd1.NoSuchUnit");
    if (member == "KillUnit") return sd_bus_reply_method_return(call, "");
    const std::string job = "/org/freedesktop/systemd1/job/" + std::to_string(++jobs_);
    // Another's job ends first: it must not be taken for ours.
    EmitRemoved("/org/freedesktop/systemd1/job/999", "failed");
    const int replied = sd_bus_reply_method_return(call, "o", job.c_str());
    EmitRemoved(job, mood == Mood::kDone ? "done" : "failed");
    return replied;
  }

  static int Refuse(sd_bus_message* call, const char* error) {
    return sd_bus_reply_method_errorf(call, error, "the manager says no");
  }

  void EmitRemoved(const std::string& job, const char* result) {
    sd_bus_emit_signal(bus_, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
                       "JobRemoved", "uoss", 1u, job.c_str(), "x.scope", result);
  }

  void ReadProperties(sd_bus_message* call) {
    sd_bus_message_enter_container(call, 'a', "(sv)");
    while (sd_bus_message_enter_container(call, 'r', "sv") > 0) {
      const char *name = nullptr, *type = nullptr;
      sd_bus_message_read(call, "s", &name);
      sd_bus_message_peek_type(call, nullptr, &type);
      sd_bus_message_enter_container(call, 'v', type);
      properties += std::string(name) + "=" + ReadValue(call, type) + "\n";
      sd_bus_message_exit_container(call);
      sd_bus_message_exit_container(call);
    }
  }

  static std::string ReadValue(sd_bus_message* call, const std::string& type) {
    const char* text = nullptr;
    uint64_t number = 0;
    int flag = 0;
    const void* pids = nullptr;
    size_t size = 0;
    if (type == "s" && sd_bus_message_read(call, "s", &text) > 0) return text;
    if (type == "t" && sd_bus_message_read(call, "t", &number) > 0) return std::to_string(number);
    if (type == "b" && sd_bus_message_read(call, "b", &flag) > 0) return flag != 0 ? "yes" : "no";
    if (type == "au" && sd_bus_message_read_array(call, 'u', &pids, &size) > 0 && size >= 4) {
      return std::to_string(*static_cast<const uint32_t*>(pids)) + " of " +
             std::to_string(size / sizeof(uint32_t));
    }
    return "?" + type;
  }

  sd_bus* bus_ = nullptr;
  int jobs_ = 0;
};

class UnitsTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!bus_.IsThere()) GTEST_SKIP() << "no dbus-daemon on this machine";
    manager_.emplace(loop_, bus_.address());
  }

  ScopeRequest Scope() const {
    return {.name = "daypass-g-abc-1.scope",
            .slice = "user-1000.slice",
            .description = "sudo of alice",
            .pids = {getpid()},
            .longest = Millis{90'000}};
  }

  PrivateBus bus_;
  EventLoop loop_ = *EventLoop::Make();
  std::optional<FakeManager> manager_;
  Units units_{loop_, bus_.address()};
};

TEST_F(UnitsTest, AsksForAScopeAndWaitsForItsJob) {
  Outcome outcome;
  units_.StartScope(Scope(), kPatience, outcome.Callback());
  EXPECT_EQ(outcome.calls, 0);
  RunUntil(loop_, [&] { return outcome.calls > 0; });
  EXPECT_FALSE(outcome.error) << outcome.error->what;
  EXPECT_EQ(manager_->asked, "StartTransientUnit daypass-g-abc-1.scope fail");
  EXPECT_EQ(manager_->properties,
            "Description=sudo of alice\nSlice=user-1000.slice\nSendSIGHUP=yes\n"
            "TimeoutStopUSec=5000000\nCollectMode=inactive-or-failed\nRuntimeMaxUSec=90000000\n"
            "PIDs=" +
                std::to_string(getpid()) + " of 1\n");
}

TEST_F(UnitsTest, FailsWhenTheJobFails) {
  Outcome outcome;
  manager_->mood = FakeManager::Mood::kFailed;
  units_.StartScope(Scope(), kPatience, outcome.Callback());
  RunUntil(loop_, [&] { return outcome.calls > 0; });
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Reason::kContainmentFailed);
  EXPECT_EQ(outcome.error->what, "systemd could not start daypass-g-abc-1.scope: failed");
}

TEST_F(UnitsTest, FailsWhenSystemdRefuses) {
  Outcome outcome;
  manager_->mood = FakeManager::Mood::kRefusing;
  units_.StartScope(Scope(), kPatience, outcome.Callback());
  RunUntil(loop_, [&] { return outcome.calls > 0; });
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Reason::kContainmentFailed);
  EXPECT_THAT(outcome.error->what, HasSubstr("the manager says no"));
}

TEST_F(UnitsTest, GivesUpAtTheDeadlineAndCallsBackOnce) {
  Outcome outcome;
  manager_->mood = FakeManager::Mood::kSilent;
  units_.StartScope(Scope(), Millis{50}, outcome.Callback());
  RunUntil(loop_, [&] { return outcome.calls > 0; });
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->code, Reason::kTooLate);
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(loop_.RunOnce(Millis{5}));
  EXPECT_EQ(outcome.calls, 1);
}

TEST_F(UnitsTest, TakesAUnitThatIsNotThereForStoppedButNotForKilled) {
  Outcome stop, kill;
  manager_->mood = FakeManager::Mood::kNoSuchUnit;
  units_.StopUnit("gone.scope", kPatience, stop.Callback());
  units_.KillUnit("gone.scope", SIGKILL, kPatience, kill.Callback());
  RunUntil(loop_, [&] { return stop.calls > 0 && kill.calls > 0; });
  EXPECT_FALSE(stop.error);
  EXPECT_TRUE(kill.error);
}

TEST_F(UnitsTest, FailsWithoutABusAndComesBackWithIt) {
  Outcome lost, late;
  manager_->mood = FakeManager::Mood::kSilent;
  units_.StartScope(Scope(), kPatience, lost.Callback());
  RunUntil(loop_, [&] { return !manager_->asked.empty(); });
  manager_.reset();
  bus_.End();
  RunUntil(loop_, [&] { return lost.calls > 0; });
  ASSERT_TRUE(lost.error);
  EXPECT_EQ(lost.error->code, Reason::kContainmentFailed);

  units_.StopUnit("x.scope", kPatience, late.Callback());
  EXPECT_EQ(late.calls, 0);  // never before the call returns
  RunUntil(loop_, [&] { return late.calls > 0; });
  EXPECT_TRUE(late.error);
}

TEST_F(UnitsTest, MayBeAskedAgainFromItsCallback) {
  Outcome second;
  units_.StartScope(Scope(), kPatience, [&](Result<void>) {
    units_.StopUnit("daypass-g-abc-1.scope", kPatience, second.Callback());
  });
  RunUntil(loop_, [&] { return second.calls > 0; });
  EXPECT_FALSE(second.error);
  EXPECT_EQ(manager_->asked, "StopUnit daypass-g-abc-1.scope replace");
}

TEST_F(UnitsTest, CallsNobodyBackAfterItsEnd) {
  Outcome outcome;
  manager_->mood = FakeManager::Mood::kSilent;
  {
    Units units(loop_, bus_.address());
    units.StartScope(Scope(), Millis{20}, outcome.Callback());
    RunUntil(loop_, [&] { return !manager_->asked.empty(); });
  }
  for (int i = 0; i < 10; ++i) ASSERT_TRUE(loop_.RunOnce(Millis{10}));
  EXPECT_EQ(outcome.calls, 0);
}

}  // namespace
}  // namespace daypass::platform
