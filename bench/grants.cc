// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Many grants, truly signed, without waiting for anybody to make them.
//
//   grants key FILE                       makes FILE.pem and FILE.pub, an approver's key
//   grants seal PEM STATEMENT FILE        signs one statement: an envelope
//   grants fill DB PEM STATEMENT COUNT    puts COUNT grants of as many people into an agent's
//   store,
//                                         each a variant of STATEMENT signed with the key
//   grants records DB PEM REALM HOST COUNT BYTES
//                                         adds COUNT records of about BYTES each, chained and
//                                         signed with the host's key, to an agent's store
//   grants open DB                        verifies and parses all grants of a store, as an agent
//                                         that starts has to, and prints the milliseconds it took
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

#include "agent/ledger.h"
#include "agent/store.h"
#include "core/statement.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "wire/digest.h"
#include "wire/envelope.h"
#include "wire/keys.h"
#include "wire/open.h"
#include "wire/sshsig.h"

namespace daypass::bench {
namespace {

constexpr size_t kMaxFile = 64 * 1024;
constexpr uint32_t kFirstUid = 100'000;

template <typename T>
T OrDie(core::Result<T> result) {
  if (result) return *std::move(result);
  std::fprintf(stderr, "grants: %s\n", result.error().what.c_str());
  std::exit(1);
}

void OrDie(const core::Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "grants: %s\n", result.error().what.c_str());
  std::exit(1);
}

int MakeKey(const std::string& file) {
  const wire::PrivateKey key = wire::PrivateKey::Generate();
  OrDie(platform::WriteFileDurably(file + ".pem", key.ToPem(), {.mode = 0600}));
  OrDie(platform::WriteFileDurably(file + ".pub", key.public_key().line + "\n"));
  return 0;
}

/// `text` with what stands between `before` and the next quotation mark changed.
std::string With(std::string text, const std::string& before, const std::string& value) {
  const size_t start = text.find(before) + before.size();
  return text.replace(start, text.find('"', start) - start, value);
}

std::string SealedBy(const wire::PrivateKey& key, const std::string& payload) {
  const std::string signature = wire::Sign(key, wire::NamespaceOf("grant"), payload);
  return wire::EncodeEnvelope({"grant", payload, {signature}});
}

agent::GrantRow MakeGrant(const wire::PrivateKey& key, const std::string& statement,
                          uint32_t number) {
  std::string payload = With(statement, "\"nonce\":\"", wire::RandomHex(16));
  payload = With(payload, "\"subject\":\"", "p" + std::to_string(number));
  payload = With(payload, "\"requester\":\"", "p" + std::to_string(number));
  agent::GrantRow row;
  row.id = wire::Sha256Hex(payload);
  row.envelope = SealedBy(key, payload);
  row.uid = kFirstUid + number;
  row.latch.started = platform::WallTime();
  return row;
}

wire::PrivateKey LoadKey(const std::string& pem) {
  return OrDie(wire::PrivateKey::FromPem(OrDie(platform::ReadFile(pem, kMaxFile))));
}

int Seal(const std::string& pem, const std::string& file, const std::string& out) {
  const std::string payload = OrDie(platform::ReadFile(file, kMaxFile));
  OrDie(platform::WriteFileDurably(out, SealedBy(LoadKey(pem), payload)));
  return 0;
}

int Fill(const std::string& db, const std::string& pem, const std::string& file, uint32_t count) {
  agent::Store store = OrDie(agent::Store::Open(db));
  const wire::PrivateKey key = LoadKey(pem);
  const std::string statement = OrDie(platform::ReadFile(file, kMaxFile));
  const core::Instant last_end = platform::WallTime() + std::chrono::hours{24};
  platform::Transaction transaction = OrDie(store.Begin());
  for (uint32_t i = 0; i < count; ++i) {
    const agent::GrantRow row = MakeGrant(key, statement, i);
    OrDie(store.AddGrant(row, core::ShortId(row.id), last_end));
  }
  OrDie(transaction.Commit());
  return 0;
}

/// As the decider does it, a thousand in each commit.
int Records(const std::string& db, const std::string& pem, const core::HostIdentity& host,
            int count, size_t bytes) {
  agent::Store store = OrDie(agent::Store::Open(db));
  const wire::PrivateKey key = LoadKey(pem);
  const auto ledger = OrDie(agent::Ledger::Make(store, host, key));
  ledger->moment = [] {
    return agent::Moment{std::string(32, '0'),
                         platform::WallTime(),
                         platform::BootTime(),
                         "wall",
                         "enforce",
                         {},
                         "fresh"};
  };
  wire::Record record;
  record.event = "decision.denied";
  record.detail = std::string(bytes, 'x');
  for (int done = 0; done < count; done += 1000) {
    OrDie(ledger->Commit([&]() -> core::Result<void> {
      for (int i = done; i < std::min(done + 1000, count); ++i) {
        if (auto seq = ledger->Append(record); !seq) return std::move(seq).error();
      }
      return {};
    }));
  }
  return 0;
}

int Open(const std::string& db) {
  agent::Store store = OrDie(agent::Store::Open(db));
  const core::Millis start = platform::BootTime();
  size_t bytes = 0;
  OrDie(store.ForEachGrant([&](const agent::GrantRow& row) {
    bytes += OrDie(wire::OpenGrant(row.envelope)).payload.size();
  }));
  std::printf("%lld\n", static_cast<long long>((platform::BootTime() - start).count()));
  return bytes > 0 ? 0 : 1;
}

}  // namespace
}  // namespace daypass::bench

int main(int argc, char** argv) {
  using namespace daypass::bench;
  const std::string verb = argc > 1 ? argv[1] : "";
  if (verb == "key" && argc == 3) return MakeKey(argv[2]);
  if (verb == "seal" && argc == 5) return Seal(argv[2], argv[3], argv[4]);
  if (verb == "fill" && argc == 6)
    return Fill(argv[2], argv[3], argv[4], static_cast<uint32_t>(std::atoi(argv[5])));
  if (verb == "open" && argc == 3) return Open(argv[2]);
  if (verb == "records" && argc == 8) {
    return Records(argv[2], argv[3], {argv[4], argv[5], {}}, std::atoi(argv[6]),
                   static_cast<size_t>(std::atoi(argv[7])));
  }
  std::fputs(
      "grants key FILE | seal PEM STATEMENT FILE | fill DB PEM STATEMENT COUNT | open DB |\n"
      "       records DB PEM REALM HOST COUNT BYTES\n",
      stderr);
  return 2;
}
