// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// GF-36: between verifying and using, somebody puts other bytes in a grant's place: in the store,
// which only root can write, or in the memory in which it was handed over, which whoever handed it
// over holds too. What is decided rests on the bytes that were verified.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "platform/database.h"
#include "platform/memfd.h"
#include "tests/unit/agent_fixture.h"
#include "wire/envelope.h"

namespace daypass::agent {
namespace {

using core::Reason;

class Replaced : public AgentTest {
 protected:
  void SetUp() override {
    AgentTest::SetUp();
    MakeReady();
    auto taken = ImportGrant(Approved(Statement()));
    ASSERT_TRUE(taken) << taken.error().what;
    id_ = taken->id;
  }

  /// daemon's `systemctl restart nginx` as root.
  core::Decision Ask(const std::string& unit = "nginx") const {
    core::Query query;
    query.user = "daemon";
    query.uid = 1;
    query.command_path = {"/usr/bin/systemctl", true, "", ""};
    query.args = {"restart", unit};
    query.runas_user = "root";
    return core::Decide(holdings_->MakeSnapshot(time_->View().now, time_->status_time()),
                        holdings_->GrantsOf("daemon"), query);
  }

  /// Puts other bytes where the grant lies in the store, past the agent that has it open.
  void PutIntoStore(const std::string& envelope) {
    auto database = platform::Database::Open(folder_ + "/agent.db");
    ASSERT_TRUE(database) << database.error().what;
    auto changed =
        database->Run("UPDATE grants SET envelope = CAST(? AS BLOB) WHERE id = ?", envelope, id_);
    ASSERT_TRUE(changed) << changed.error().what;
    ASSERT_EQ(*changed, 1);
  }

  /// The grant with an hour in place of ten minutes: as `Approved` makes it, or with the
  /// signature of the true one.
  core::Statement Longer() const {
    core::Statement statement = Statement();
    statement.duration = core::Seconds{3600};
    return statement;
  }
  std::string LongerUnderTheTrueSignature() const {
    wire::Envelope envelope =
        *wire::ParseEnvelope(Approved(Statement()), "grant", size_t{32} << 10);
    envelope.payload = wire::EncodeStatement(Longer(), std::string(32, '1'));
    return wire::EncodeEnvelope(envelope);
  }

  core::Digest id_;
};

TEST_F(Replaced, AGrantInTheStoreChangesNothingOfWhatIsHeld) {
  const core::Decision before = Ask();
  ASSERT_TRUE(core::IsAllow(before)) << core::ReasonName(before.reason) << before.detail;
  for (const std::string& other :
       {LongerUnderTheTrueSignature(), Approved(Longer()), std::string("not an envelope")}) {
    PutIntoStore(other);
    const core::Decision after = Ask();
    EXPECT_TRUE(core::IsAllow(after));
    EXPECT_EQ(after.grant, before.grant);
    EXPECT_EQ(after.until, before.until);
    EXPECT_FALSE(core::IsAllow(Ask("ssh")));
  }
}

// Control: put back, it is in force again.
TEST_F(Replaced, AGrantInTheStoreIsVerifiedAgainAtTheNextStart) {
  const struct {
    std::string envelope;
    Reason reason;
  } cases[] = {{LongerUnderTheTrueSignature(), Reason::kBadSignature},
               {Approved(Longer()), Reason::kMalformed},  // truly signed, and another grant
               {"not an envelope", Reason::kMalformed}};
  for (const auto& c : cases) {
    std::string original;
    ASSERT_TRUE(store_->ForEachGrant([&](const GrantRow& row) { original = row.envelope; }));
    PutIntoStore(c.envelope);
    Stop();
    Start();
    EXPECT_EQ(holdings_->FindGrant(id_), nullptr);
    EXPECT_FALSE(core::IsAllow(Ask()));
    EXPECT_EQ(LastEvent(), "grant.refused");
    const std::string bytes = store_->RecordsAfter(0, 1000)->back().bytes;
    EXPECT_EQ(wire::ParseRecord(bytes)->reason, core::ReasonName(c.reason));
    PutIntoStore(original);
    Stop();
    Start();
    ASSERT_NE(holdings_->FindGrant(id_), nullptr);
    ASSERT_TRUE(importer_->ImportStatus(SignedStatus(platform::WallTime())));
    EXPECT_TRUE(core::IsAllow(Ask()));
  }
}

// Whoever hands a grant over keeps the memory that it is in; the agent takes none that can change.
TEST_F(Replaced, AGrantInMemoryThatCouldStillChangeIsNotRead) {
  const std::string grant = Approved(Statement());
  const platform::Fd memory(memfd_create("grant", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  ASSERT_EQ(ftruncate(memory.get(), static_cast<off_t>(grant.size())), 0);
  void* mapped = mmap(nullptr, grant.size(), PROT_READ | PROT_WRITE, MAP_SHARED, memory.get(), 0);
  ASSERT_NE(mapped, MAP_FAILED);
  std::memcpy(mapped, grant.data(), grant.size());
  constexpr int kSeals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;
  EXPECT_EQ(fcntl(memory.get(), F_ADD_SEALS, kSeals), -1) << "it is mapped for writing";
  EXPECT_FALSE(platform::ReadSealedMemfd(memory.get(), size_t{1} << 20));
  munmap(mapped, grant.size());
  ASSERT_EQ(fcntl(memory.get(), F_ADD_SEALS, kSeals), 0);  // control: nobody can write any more
  const auto read = platform::ReadSealedMemfd(memory.get(), size_t{1} << 20);
  ASSERT_TRUE(read) << read.error().what;
  EXPECT_EQ(*read, grant);
  EXPECT_TRUE(ImportGrant(*read));
}

}  // namespace
}  // namespace daypass::agent
