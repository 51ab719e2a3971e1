// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Which policies the CLI takes: the first by the administrator's digest, later ones by signatures.
#include "cli/policy_store.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "platform/file.h"
#include "tests/unit/cli_fixture.h"

namespace daypass::cli {
namespace {

using ::testing::HasSubstr;

/// A server that hands out whatever stands here; the newest is the highest.
class FakeServer {
 public:
  void Put(uint64_t version, std::string envelope) { policies_[version] = std::move(envelope); }
  PolicySource Source() {
    return [this](std::optional<uint64_t> version) -> core::Result<std::string> {
      const uint64_t wanted = version.value_or(policies_.rbegin()->first);
      asked_.push_back(wanted);
      if (const auto found = policies_.find(wanted); found != policies_.end()) return found->second;
      return core::Error{core::Reason::kNotFound, "no such version", ""};
    };
  }
  const std::vector<uint64_t>& asked() const { return asked_; }

 private:
  std::map<uint64_t, std::string> policies_;
  std::vector<uint64_t> asked_;
};

policy::Built Version(uint64_t version, const std::string& administrators = "") {
  PolicyWish wish;
  wish.version = version;
  if (version > 1) wish.previous = std::string(64, 'c');
  if (!administrators.empty()) wish.administrators = administrators;
  return MakePolicy(wish);
}

const Keys& K() {
  return TestKeys();
}

TEST(PolicyStore, PinsTheFirstPolicyByItsDigest) {
  const policy::Built first = Version(1);
  FakeServer server;
  server.Put(1, SignPolicy(first, {&K().alice}));
  core::Result<HeldPolicy> held = FindPinned(server.Source(), first.policy.digest, std::nullopt);
  ASSERT_TRUE(held) << held.error().what;
  EXPECT_EQ(held->policy.version, 1u);
}

// EN-08: the server offers another first policy than the one that the administrator named.
TEST(PolicyStore, RefusesAFirstPolicyThatOnlyTheServerNames) {
  const policy::Built wanted = Version(1);
  PolicyWish wish;
  wish.web_rules = "";
  const policy::Built other = MakePolicy(wish);
  FakeServer server;
  server.Put(1, SignPolicy(other, {&K().alice}));
  core::Result<HeldPolicy> held = FindPinned(server.Source(), wanted.policy.digest, std::nullopt);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, core::Reason::kDigest);
  EXPECT_EQ(ExitOf(held.error().code), Exit::kUntrusted);
  EXPECT_THAT(held.error().what, HasSubstr("Ask the administrator, not the server"));

  server.Put(1, SignPolicy(wanted, {&K().alice}));
  EXPECT_TRUE(FindPinned(server.Source(), wanted.policy.digest, std::nullopt)) << "the control";
}

TEST(PolicyStore, WantsTheFirstPolicySignedEvenIfTheDigestFits) {
  const policy::Built first = Version(1);
  FakeServer server;
  server.Put(1, SignPolicy(first, {&K().bob}));  // no administrator
  core::Result<HeldPolicy> held = FindPinned(server.Source(), first.policy.digest, std::nullopt);
  ASSERT_FALSE(held);
  EXPECT_EQ(held.error().code, core::Reason::kBelowThreshold);
}

TEST(PolicyStore, FindsAPinThatIsNotTheNewestAndFollowsFromThere) {
  const policy::Built pinned = Version(2);
  FakeServer server;
  server.Put(2, SignPolicy(pinned, {&K().alice}));
  server.Put(3, SignPolicy(Version(3), {&K().alice}));
  server.Put(4, SignPolicy(Version(4), {&K().alice}));
  core::Result<HeldPolicy> held = FindPinned(server.Source(), pinned.policy.digest, std::nullopt);
  ASSERT_TRUE(held) << held.error().what;
  EXPECT_EQ(held->policy.version, 2u);
  core::Result<HeldPolicy> newest = FollowToNewest(*std::move(held), server.Source());
  ASSERT_TRUE(newest) << newest.error().what;
  EXPECT_EQ(newest->policy.version, 4u);
}

TEST(PolicyStore, StaysWithTheNewestItHolds) {
  const policy::Built held = Version(1);
  core::Result<HeldPolicy> same = TakePolicy(held.policy, SignPolicy(held, {&K().alice}));
  ASSERT_TRUE(same) << same.error().what;
  EXPECT_EQ(same->policy.digest, held.policy.digest);
}

// GF-17: an older policy, truly signed.
TEST(PolicyStore, RefusesRollback) {
  const policy::Built held = Version(10);
  core::Result<HeldPolicy> taken = TakePolicy(held.policy, SignPolicy(Version(9), {&K().alice}));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, core::Reason::kRollback);
  EXPECT_TRUE(TakePolicy(held.policy, SignPolicy(Version(11), {&K().alice}))) << "the control";
}

// GF-19: the same version with other content, both truly signed.
TEST(PolicyStore, RefusesEquivocation) {
  const policy::Built held = Version(2);
  PolicyWish wish;
  wish.version = 2;
  wish.previous = std::string(64, 'c');
  wish.web_rules = "";
  core::Result<HeldPolicy> taken =
      TakePolicy(held.policy, SignPolicy(MakePolicy(wish), {&K().alice}));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, core::Reason::kEquivocation);
}

// GF-29: too few administrators signed.
TEST(PolicyStore, RefusesAPolicyBelowItsThreshold) {
  const std::string both = "threshold = 2\npeople = [\"alice\", \"carol\"]";
  const policy::Built held = Version(1, both);
  const policy::Built next = Version(2, both);
  core::Result<HeldPolicy> taken = TakePolicy(held.policy, SignPolicy(next, {&K().alice}));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, core::Reason::kBelowThreshold);
  EXPECT_TRUE(TakePolicy(held.policy, SignPolicy(next, {&K().alice, &K().carol})));
}

TEST(PolicyStore, RefusesASignatureOfAnotherType) {  // GF-08, GF-16
  const policy::Built next = Version(2);
  wire::Envelope envelope{"policy", next.payload, {}};
  envelope.signatures = {wire::Sign(K().alice, "grant@daypass", next.payload)};
  core::Result<HeldPolicy> taken = TakePolicy(Version(1).policy, wire::EncodeEnvelope(envelope));
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, core::Reason::kWrongNamespace);
}

// GF-23, and a reader who was away while administrators changed: version by version.
TEST(PolicyStore, WalksTheVersionsWhereAdministratorsChanged) {
  const std::string alice = "threshold = 1\npeople = [\"alice\"]";
  const std::string carol = "threshold = 1\npeople = [\"carol\"]";
  const policy::Built first = Version(1, alice);
  FakeServer server;
  server.Put(1, SignPolicy(first, {&K().alice}));
  server.Put(2, SignPolicy(Version(2, carol), {&K().alice, &K().carol}));
  server.Put(3, SignPolicy(Version(3, carol), {&K().carol}));
  HeldPolicy held{first.policy, SignPolicy(first, {&K().alice})};
  core::Result<HeldPolicy> newest = FollowToNewest(held, server.Source());
  ASSERT_TRUE(newest) << newest.error().what;
  EXPECT_EQ(newest->policy.version, 3u);
  EXPECT_EQ(server.asked(), (std::vector<uint64_t>{3, 2}));

  server.Put(2, SignPolicy(Version(2, carol), {&K().carol}));  // alice never agreed
  newest = FollowToNewest(held, server.Source());
  ASSERT_FALSE(newest);
  EXPECT_EQ(newest.error().code, core::Reason::kBelowThreshold);
}

class OnDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = ::testing::TempDir() + "/daypass-policy-store";
    ASSERT_EQ(system(("rm -rf " + folder_ + " && mkdir -m 700 " + folder_).c_str()), 0);
    config_.folder = folder_;
  }
  std::string folder_;
  Config config_;
};

TEST_F(OnDisk, HoldsOnlyWhatFollowsFromThePin) {
  const policy::Built first = Version(1);
  config_.pin = PolicyPin{kRealm, 1, first.policy.digest};
  EXPECT_EQ(LoadHeldPolicy(config_).error().code, core::Reason::kPolicyMissing);

  ASSERT_TRUE(SavePolicy(config_, {first.policy, SignPolicy(first, {&K().alice})}));
  ASSERT_TRUE(LoadHeldPolicy(config_)) << LoadHeldPolicy(config_).error().what;

  config_.pin->digest = std::string(64, '0');
  EXPECT_EQ(LoadHeldPolicy(config_).error().code, core::Reason::kDigest);
  config_.pin = PolicyPin{std::string(32, 'b'), 1, first.policy.digest};
  EXPECT_EQ(LoadHeldPolicy(config_).error().code, core::Reason::kDigest);
}

TEST_F(OnDisk, RefusesAFileThatSomebodyChanged) {
  const policy::Built first = Version(1);
  config_.pin = PolicyPin{kRealm, 1, first.policy.digest};
  std::string envelope = SignPolicy(first, {&K().alice});
  envelope[envelope.find("web-operator")] = 'W';  // GF-01
  ASSERT_TRUE(platform::WriteFileDurably(PolicyFile(folder_), envelope));
  EXPECT_EQ(LoadHeldPolicy(config_).error().code, core::Reason::kBadSignature);
}

TEST_F(OnDisk, RefusesAFileThatOthersCanWrite) {
  const policy::Built first = Version(1);
  config_.pin = PolicyPin{kRealm, 1, first.policy.digest};
  ASSERT_TRUE(platform::WriteFileDurably(PolicyFile(folder_), SignPolicy(first, {&K().alice}),
                                         {.mode = 0666}));
  EXPECT_EQ(LoadHeldPolicy(config_).error().code, core::Reason::kPathUnsafe);
}

}  // namespace
}  // namespace daypass::cli
