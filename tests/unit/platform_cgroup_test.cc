// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Control groups on a real cgroup v2, mounted afresh in a mount namespace of this program's own.
#include "platform/cgroup.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>

#include <algorithm>

#include "platform/deadline.h"
#include "platform/socket.h"
#include "platform_fixture.h"

namespace daypass::platform {
namespace {

using core::Millis;
using testing::Contains;
using testing::ElementsAre;

Deadline Soon() {
  return Deadline::After(Millis{5'000});
}

/// Waits by the group's own events, as the agent does.
bool BecomesEmpty(const Cgroup& group) {
  const auto events = group.OpenEvents();
  if (!events) return false;
  const Deadline deadline = Soon();
  while (!deadline.HasPassed()) {
    const auto populated = Cgroup::ReadPopulated(events->get());
    if (!populated) return false;
    if (!*populated) return true;
    pollfd entry{events->get(), POLLPRI, 0};
    poll(&entry, 1, deadline.PollTimeout());
  }
  return false;
}

class CgroupTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    mount_ = new TempDir;
    mounted_ = unshare(CLONE_NEWNS) == 0 &&
               mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
               mount("none", mount_->path().c_str(), "cgroup2", 0, nullptr) == 0;
  }
  static void TearDownTestSuite() {
    if (mounted_) umount2(mount_->path().c_str(), MNT_DETACH);
    delete mount_;
  }

  void SetUp() override {
    if (!mounted_) GTEST_SKIP() << "no cgroup v2 can be mounted here (root in a new namespace)";
    parent_ = *mount_ / ("daypass-test-" + std::to_string(getpid()));
  }
  void TearDown() override {
    if (!mounted_) return;
    auto parent = Cgroup::Open(parent_);
    if (!parent) return;
    EXPECT_TRUE(parent->Kill());
    EXPECT_TRUE(BecomesEmpty(*parent));
    EXPECT_TRUE(parent->Remove());
  }

  Cgroup MakeGroup(const std::string& name) {
    auto group = Cgroup::Create(parent_, name);
    EXPECT_TRUE(group) << group.error().what;
    return *std::move(group);
  }

  static TempDir* mount_;
  static bool mounted_;
  std::string parent_;
};

TempDir* CgroupTest::mount_ = nullptr;
bool CgroupTest::mounted_ = false;

/// Stands for a command that wants to stay: sessions of their own, deaf to SIGTERM, more children.
int Escape(int ready) {
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  for (int i = 0; i < 3; ++i) {
    if (fork() == 0) setsid();
  }
  SendMessage(ready, "x", {}, Soon());
  return SleepForEver();
}

/// Moves a child into the group, then lets it spread; returns when all eight have said so.
void Spread(Cgroup& group, std::unique_ptr<Child>& child) {
  auto pair = MakeSocketPair();
  ASSERT_TRUE(pair);
  child = std::make_unique<Child>([&] {
    ReceiveChunk(pair->second.get(), 1, 0, Soon());  // until it has been moved
    return Escape(pair->second.get());
  });
  ASSERT_TRUE(group.AddProcess(child->pid()));
  ASSERT_EQ(SendMessage(pair->first.get(), "g", {}, Soon()).status, Transfer::kDone);
  for (size_t said = 0; said < 8;) {
    const Chunk chunk = ReceiveChunk(pair->first.get(), 8, 0, Soon());
    ASSERT_EQ(chunk.status, Transfer::kDone);
    said += chunk.bytes.size();
  }
}

TEST_F(CgroupTest, IsFoundWhereItIsMounted) {
  const auto mount = FindCgroupMount();
  ASSERT_TRUE(mount) << mount.error().what;
  EXPECT_EQ(access((*mount + "/cgroup.procs").c_str(), F_OK), 0);
}

TEST_F(CgroupTest, HoldsAProcessAndTheChildrenItHasLater) {
  Cgroup group = MakeGroup("g-1");
  EXPECT_FALSE(*group.IsPopulated());
  std::unique_ptr<Child> child;
  Spread(group, child);
  EXPECT_TRUE(*group.IsPopulated());
  const auto pids = group.Processes();
  ASSERT_TRUE(pids);
  EXPECT_EQ(pids->size(), 8u);
  EXPECT_THAT(*pids, Contains(child->pid()));
}

TEST_F(CgroupTest, KillsWhoeverIsInsideAndNobodyElse) {
  Cgroup group = MakeGroup("g-1");
  Cgroup other = MakeGroup("g-2");
  std::unique_ptr<Child> child;
  Spread(group, child);
  const Child bystander(SleepForEver);
  ASSERT_TRUE(other.AddProcess(bystander.pid()));
  ASSERT_TRUE(group.Kill());
  EXPECT_TRUE(BecomesEmpty(group));
  EXPECT_TRUE(*other.IsPopulated());
}

TEST_F(CgroupTest, KillsSurelyOnKernelsWithoutCgroupKill) {
  Cgroup group = MakeGroup("g-1");
  std::unique_ptr<Child> child;
  Spread(group, child);
  ASSERT_TRUE(group.KillFrozen());
  EXPECT_TRUE(BecomesEmpty(group));
}

TEST_F(CgroupTest, KillsAForkBombOnKernelsWithoutCgroupKill) {
  Cgroup group = MakeGroup("g-1");
  auto go = MakeSocketPair();
  ASSERT_TRUE(go);
  const Child bomb([&] {
    ReceiveChunk(go->second.get(), 1, 0, Soon());
    const Deadline end = Deadline::After(Millis{20'000});  // were it to survive
    while (!end.HasPassed()) {
      if (fork() != 0) _exit(0);  // each lives for a moment, and the next is its child
    }
    return 0;
  });
  ASSERT_TRUE(group.AddProcess(bomb.pid()));
  ASSERT_EQ(SendMessage(go->first.get(), "g", {}, Soon()).status, Transfer::kDone);
  usleep(50'000);
  ASSERT_TRUE(*group.IsPopulated());
  ASSERT_TRUE(group.KillFrozen());
  EXPECT_TRUE(BecomesEmpty(group));
}

TEST_F(CgroupTest, KillsGroupsBelowToo) {
  Cgroup group = MakeGroup("g-1");
  auto below = Cgroup::Create(group.path(), "below");
  ASSERT_TRUE(below);
  const Child child(SleepForEver);
  ASSERT_TRUE(below->AddProcess(child.pid()));
  EXPECT_THAT(*group.Processes(), ElementsAre(child.pid()));
  EXPECT_FALSE(group.Remove());  // still populated
  ASSERT_TRUE(group.Kill());
  EXPECT_TRUE(BecomesEmpty(group));
  EXPECT_TRUE(group.Remove());
  EXPECT_FALSE(Cgroup::Open(group.path()));
}

TEST_F(CgroupTest, ListsItsOwnByPrefix) {
  MakeGroup("g-2");
  MakeGroup("g-1");
  MakeGroup("other");
  EXPECT_THAT(*Cgroup::List(parent_, "g-"), ElementsAre("g-1", "g-2"));
  EXPECT_THAT(*Cgroup::List(parent_ + "/none", "g-"), ElementsAre());
}

TEST_F(CgroupTest, RefusesNamesThatLeaveTheirParentAndGroupsThatExist) {
  MakeGroup("g-1");
  for (const char* name : {"", ".", "..", "a/b", "g-1"}) {
    EXPECT_FALSE(Cgroup::Create(parent_, name)) << name;
  }
}

}  // namespace
}  // namespace daypass::platform
