// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/digest.h"
#include "wire/envelope.h"
#include "wire/record.h"
#include "wire/sshsig.h"

namespace daypass::wire {
namespace {

core::Error Broken(uint64_t seq, std::string_view what) {
  return {core::Reason::kMalformed, "record " + std::to_string(seq) + ": " + std::string(what), ""};
}

core::Error At(uint64_t seq, core::Error fault) {
  fault.what = "record " + std::to_string(seq) + ": " + fault.what;
  return fault;
}

core::Result<void> CheckLink(const ChainStart& start, const ChainHead& head,
                             const StoredRecord& stored) {
  const uint64_t seq = head.seq + 1;
  if (stored.seq != seq) {
    return Broken(seq, "in its place stands number " + std::to_string(stored.seq));
  }
  const core::Result<Record> record = ParseRecord(stored.bytes);
  if (!record) return At(seq, record.error());
  if (record->seq != seq) return Broken(seq, "its bytes hold another number");
  if (record->realm != start.realm) return Broken(seq, "of another realm");
  if (record->host != start.host) return Broken(seq, "of another host");
  if (record->prev != head.digest) return Broken(seq, "does not follow the record before it");
  return {};
}

core::Result<void> CheckSignature(const StoredRecord& stored, const PublicKey& host_key) {
  const core::Result<VerifiedSignature> signature =
      VerifySignature(stored.signature, NamespaceOf("record"), stored.bytes);
  if (!signature) return At(stored.seq, signature.error());
  if (signature->key.blob != host_key.blob) {
    return At(stored.seq,
              {core::Reason::kKeyUnknown, "signed by a key that is not the host's", ""});
  }
  return {};
}

}  // namespace

core::Result<ChainHead> VerifyChain(const ChainStart& start, std::span<const StoredRecord> records,
                                    const PublicKey& host_key) {
  ChainHead head{start.seq, start.digest, 0};
  for (const StoredRecord& stored : records) {
    core::Result<void> link = CheckLink(start, head, stored);
    if (!link) return std::move(link).error();
    if (!stored.signature.empty()) {
      core::Result<void> signature = CheckSignature(stored, host_key);
      if (!signature) return std::move(signature).error();
      head.signed_seq = stored.seq;
    }
    head.seq = stored.seq;
    head.digest = Sha256Hex(stored.bytes);
  }
  return head;
}

}  // namespace daypass::wire
