// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Chains: a script makes one, right or wrong, and knows which; the reader must come to the same.
//
// Input: a byte for each record, at most 24. Its low half says what is wrong with the record, its
// bit 4 whether it is signed.
#include <vector>

#include "tests/fuzz/sealed.h"
#include "tests/fuzz/target.h"
#include "wire/envelope.h"
#include "wire/limits.h"
#include "wire/record.h"
#include "wire/sshsig.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxRecordBytes,
                     .max_input = 64,
                     .read = [](std::string_view input) { (void)wire::ParseRecord(input); }};

namespace {

constexpr size_t kMaxRecords = 24;
const std::string kOurRealm(32, 'a');

enum class Wrong : uint8_t {
  kNothing,
  kNumberAbove,   // stored under another number
  kNumberInside,  // its bytes hold another number
  kRealm,
  kHost,
  kPrev,
  kBytes,      // changed after they were chained and signed
  kSignature,  // of other bytes
  kSigner,     // another key's
  kNamespace,  // signed as something else
  kGarbage,
};

const wire::PrivateKey& Stranger() {
  static const wire::PrivateKey key = wire::PrivateKey::Generate();
  return key;
}

wire::Record MakeRecord(uint64_t seq, const core::Digest& prev) {
  wire::Record record;
  record.realm = kOurRealm;
  record.seq = seq;
  record.prev = prev;
  record.host = "web-1";
  record.boot_id = std::string(32, 'b');
  record.time = core::FromMillis(1'800'000'000'000 + static_cast<int64_t>(seq));
  record.clock = "anchored";
  record.event = "decision.denied";
  return record;
}

void Spoil(wire::Record& record, Wrong wrong) {
  if (wrong == Wrong::kNumberInside) ++record.seq;
  if (wrong == Wrong::kRealm) record.realm[0] = 'c';
  if (wrong == Wrong::kHost) record.host = "web-2";
  if (wrong == Wrong::kPrev) record.prev[0] = record.prev[0] == '0' ? '1' : '0';
}

std::string SignatureOf(const std::string& bytes, Wrong wrong) {
  const wire::PrivateKey& key = wrong == Wrong::kSigner ? Stranger() : Key();
  const std::string name_space = wire::NamespaceOf(wrong == Wrong::kNamespace ? "grant" : "record");
  return wire::Sign(key, name_space, wrong == Wrong::kSignature ? bytes + " " : bytes);
}

/// One record, and whether a chain may hold it here.
wire::StoredRecord MakeStored(uint64_t seq, const core::Digest& prev, Wrong wrong, bool is_signed) {
  wire::Record record = MakeRecord(seq, prev);
  Spoil(record, wrong);
  wire::StoredRecord stored{seq, wire::EncodeRecord(record), ""};
  if (is_signed) stored.signature = SignatureOf(stored.bytes, wrong);
  if (wrong == Wrong::kNumberAbove) ++stored.seq;
  if (wrong == Wrong::kBytes) stored.bytes.insert(1, " ");
  if (wrong == Wrong::kGarbage) stored.bytes.resize(stored.bytes.size() / 2);
  return stored;
}

bool IsRight(Wrong wrong, bool is_signed) {
  const bool is_of_signature =
      wrong == Wrong::kSignature || wrong == Wrong::kSigner || wrong == Wrong::kNamespace;
  // Other bytes that nobody vouched for are another chain, which only its next record denies.
  if (wrong == Wrong::kBytes) return !is_signed;
  return wrong == Wrong::kNothing || (is_of_signature && !is_signed);
}

}  // namespace

void Try(std::string_view input) {
  input = input.substr(0, kMaxRecords);
  std::vector<wire::StoredRecord> chain;
  core::Digest prev = wire::kNoPrev;
  bool is_right = true;
  uint64_t signed_seq = 0;
  for (const char byte : input) {
    const auto wrong = static_cast<Wrong>((byte & 15) % 11);
    const bool is_signed = (byte & 16) != 0;
    const uint64_t seq = chain.size() + 1;
    chain.push_back(MakeStored(seq, prev, wrong, is_signed));
    is_right = is_right && IsRight(wrong, is_signed);
    if (is_signed) signed_seq = seq;
    prev = wire::Sha256Hex(chain.back().bytes);
  }
  const auto head =
      wire::VerifyChain({kOurRealm, "web-1", 0, wire::kNoPrev}, chain, Key().public_key());
  Require(static_cast<bool>(head) == is_right, "a chain is taken exactly if nothing is wrong");
  if (!head) return RequireFit(head.error());
  Require(head->seq == chain.size() && head->digest == prev, "the head is the last record");
  Require(head->signed_seq == signed_seq, "the host vouches for what it signed");
}

}  // namespace daypass::fuzz
