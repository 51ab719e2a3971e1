// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Our verdicts on SSH signatures against those of the real ssh-keygen: every change to every kind
// of key's signature once, then as many drawn at random as DAYPASS_ROUNDS says (10,000 in
// tests/campaign/sshsig.sh), then what fuzzing has found. Ours must never take what ssh-keygen
// refuses, and may refuse more only for a reason that is listed (sshsig_oracle.h).
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <random>
#include <sstream>

#include "tests/unit/sshsig_oracle.h"
#include "wire/base64.h"
#include "wire/digest.h"
#include "wire/ssh_encoding.h"

namespace daypass::wire {
namespace {

constexpr size_t kDefaultRounds = 800;

std::mt19937_64& Random() {
  static std::mt19937_64 random(20260101);
  return random;
}
size_t Below(size_t end) {
  return end == 0 ? 0 : Random()() % end;
}
const auto& AnyOf(const auto& list) {
  return list[Below(list.size())];
}

std::string Shell(const std::string& command) {
  EXPECT_EQ(std::system((command + " > /dev/null 2>&1").c_str()), 0) << command;  // NOLINT
  return command;
}

/// Signatures as their makers leave them: of every kind of key that OpenSSH has.
class Pool {
 public:
  Pool() {
    for (const char* type : {"ed25519", "ecdsa -b 256", "ecdsa -b 384", "ecdsa -b 521",
                             "rsa -b 2048", "rsa -b 3072", "rsa -b 4096"}) {
      AddFile(type);
      kinds_.push_back({});
      std::swap(kinds_.back(), made_);
    }
    for (const KeyType type : {KeyType::kSkEd25519, KeyType::kSkEcdsaP256}) {
      AddToken(type);
      kinds_.push_back({});
      std::swap(kinds_.back(), made_);
    }
  }

  const std::vector<std::vector<SignatureCase>>& kinds() const { return kinds_; }
  const SignatureCase& Any() const { return AnyOf(AnyOf(kinds_)); }

 private:
  static constexpr std::array<std::string_view, 3> kNamespaces = {"grant@daypass", "file", "a b"};

  void AddFile(const std::string& type) {
    const TempDir dir;
    const std::string key = dir.path("key");
    Shell("ssh-keygen -q -C '' -N '' -t " + type + " -f " + key);
    std::string line = ReadFile(dir.path("key.pub"));
    line.resize(line.find_last_not_of(" \n") + 1);
    for (const std::string_view name_space : kNamespaces) {
      for (const std::string hash : {"sha256", "sha512"}) {
        const std::string message = "exact bytes of " + type;
        WriteFile(dir.path("message"), message);
        Shell("ssh-keygen -Y sign -O hashalg=" + hash + " -f " + key + " -n '" +
              std::string(name_space) + "' " + dir.path("message"));
        made_.push_back(
            {type, line, std::string(name_space), message, ReadFile(dir.path("message.sig"))});
        std::filesystem::remove(dir.path("message.sig"));
      }
    }
  }

  void AddToken(KeyType type) {
    const SoftToken token(type);
    for (const std::string_view name_space : kNamespaces) {
      for (const uint8_t flags : {uint8_t{0}, kTouched, uint8_t{kTouched | kPinEntered}}) {
        made_.push_back({std::string(KeyTypeName(type)), token.key().line, std::string(name_space),
                         "a message", token.Sign(name_space, "a message", flags)});
      }
    }
  }

  std::vector<SignatureCase> made_;
  std::vector<std::vector<SignatureCase>> kinds_;
};

const Pool& ThePool() {
  static const Pool pool;
  return pool;
}

// ---- changes ----

void FlipABit(std::string& bytes) {
  if (!bytes.empty()) bytes[Below(bytes.size())] ^= static_cast<char>(1 << Below(8));
}

std::string AnyBytes(size_t size) {
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(Below(256));
  return bytes;
}

using Change = std::function<void(SignatureCase&)>;
struct NamedChange {
  std::string name;
  Change change;
};

/// A change of the bytes inside the armour.
Change OfBlob(const std::function<void(std::string&)>& change) {
  return [change](SignatureCase& asked) {
    std::string blob = UnarmourLeniently(asked.armoured).value_or("");
    change(blob);
    asked.armoured = ArmourText(blob);
  };
}

/// A change of one field.
Change OfParts(const std::function<void(SshsigParts&)>& change) {
  return OfBlob([change](std::string& blob) {
    std::optional<SshsigParts> parts = Dissect(blob);
    if (!parts) return;
    change(*parts);
    blob = UnarmourLeniently(ArmourParts(*parts)).value_or("");
  });
}

/// The inner signature: type, raw bytes and, of a token, what follows.
struct Inner {
  std::string type, raw, rest;
};
Change OfInner(const std::function<void(Inner&)>& change) {
  return OfParts([change](SshsigParts& parts) {
    SshReader in(parts.signature);
    Inner inner{std::string(in.String()), std::string(in.String()), ""};
    if (!in.ok()) return;
    inner.rest = parts.signature.substr(8 + inner.type.size() + inner.raw.size());
    change(inner);
    parts.signature = SshWriter().String(inner.type).String(inner.raw).Raw(inner.rest).bytes();
  });
}

/// r and s of an ECDSA signature; other signatures stay as they are.
Change OfNumbers(const std::function<void(std::string& r, std::string& s)>& change) {
  return OfInner([change](Inner& inner) {
    if (inner.type.find("ecdsa") == std::string::npos) return;
    SshReader in(inner.raw);
    std::string r(in.String());
    std::string s(in.String());
    if (!in.IsDone()) return;
    change(r, s);
    inner.raw = SshWriter().String(r).String(s).bytes();
  });
}

/// The base64 in lines of this width, between a beginning, line ends and an end as given.
Change Laid(size_t width, const std::string& line_end, const std::string& begin = "",
            const std::string& end = "\n") {
  return [=](SignatureCase& asked) {
    const std::string text = EncodeBase64(UnarmourLeniently(asked.armoured).value_or(""));
    std::string armoured = begin + "-----BEGIN SSH SIGNATURE-----" + line_end;
    for (size_t i = 0; i < text.size(); i += width) armoured += text.substr(i, width) + line_end;
    asked.armoured = armoured + "-----END SSH SIGNATURE-----" + end;
  };
}

/// ed25519 with the group's order added to s: the same signature to a verifier that does not look.
void AddOrder(Inner& inner) {
  if (inner.raw.size() != 64) return;
  BIGNUM* order = nullptr;
  BN_hex2bn(&order, "1000000000000000000000000000000014DEF9DEA2F79CD65812631A5CF5D3ED");
  auto* bytes = reinterpret_cast<unsigned char*>(inner.raw.data());
  BIGNUM* s = BN_lebin2bn(bytes + 32, 32, nullptr);
  BN_add(s, s, order);
  if (BN_num_bytes(s) <= 32) BN_bn2lebinpad(s, bytes + 32, 32);
  BN_free(s);
  BN_free(order);
}

const std::vector<NamedChange>& ChangesOfText() {
  static const std::vector<NamedChange> changes = {
      {"untouched", [](SignatureCase&) {}},
      {"a bit of the text", [](SignatureCase& c) { FlipABit(c.armoured); }},
      {"cut off", [](SignatureCase& c) { c.armoured.resize(Below(c.armoured.size())); }},
      {"without the last line's end", [](SignatureCase& c) { c.armoured.pop_back(); }},
      {"a line end more", [](SignatureCase& c) { c.armoured += "\n"; }},
      {"text behind", [](SignatureCase& c) { c.armoured += "trailing bytes"; }},
      {"twice", [](SignatureCase& c) { c.armoured += c.armoured; }},
      {"text before", Laid(70, "\n", "a comment\n")},
      {"a space before", Laid(70, "\n", " ")},
      {"one long line", Laid(100000, "\n")},
      {"lines of 1", Laid(1, "\n")},
      {"lines of 64", Laid(64, "\n")},
      {"lines of 76", Laid(76, "\n")},
      {"CRLF", Laid(70, "\r\n", "", "\r\n")},
      {"spaces at line ends", Laid(70, " \n")},
      {"blank lines", Laid(70, "\n\n")},
      {"no last line", Laid(70, "\n", "", "")},
      {"tabs", Laid(35, "\t\n")},
      {"no padding", [](SignatureCase& c) { std::erase(c.armoured, '='); }},
      {"bits behind the last byte",
       [](SignatureCase& c) {
         const size_t at = c.armoured.find('=');
         if (at != std::string::npos)
           c.armoured[at - 1] = static_cast<char>(c.armoured[at - 1] + 1);
       }},
      {"another message", [](SignatureCase& c) { FlipABit(c.message); }},
      {"a longer message", [](SignatureCase& c) { c.message += "\n"; }},
      {"an empty message", [](SignatureCase& c) { c.message.clear(); }},
      {"another namespace", [](SignatureCase& c) { c.name_space = "policy@daypass"; }},
      {"a longer namespace", [](SignatureCase& c) { c.name_space += "x"; }},
      {"another key of the signers",
       [](SignatureCase& c) { c.key_line = ThePool().Any().key_line; }},
  };
  return changes;
}

const std::vector<NamedChange>& ChangesOfBytes() {
  static const std::vector<NamedChange> changes = {
      {"a bit of the blob", OfBlob(FlipABit)},
      {"blob cut off", OfBlob([](std::string& b) { b.resize(Below(b.size())); })},
      {"bytes behind the blob", OfBlob([](std::string& b) { b += AnyBytes(1 + Below(64)); })},
      {"magic", OfParts([](SshsigParts& p) { p.magic = "SSHSIH"; })},
      {"version 0", OfParts([](SshsigParts& p) { p.version = 0; })},
      {"version 2", OfParts([](SshsigParts& p) { p.version = 2; })},
      {"a version with its high bit", OfParts([](SshsigParts& p) { p.version = 0x80000001; })},
      {"reserved", OfParts([](SshsigParts& p) { p.reserved = "x"; })},
      {"hash sha1", OfParts([](SshsigParts& p) { p.hash_algorithm = "sha1"; })},
      {"hash in capitals", OfParts([](SshsigParts& p) { p.hash_algorithm = "SHA512"; })},
      {"the other hash", OfParts([](SshsigParts& p) {
         p.hash_algorithm = p.hash_algorithm == "sha512" ? "sha256" : "sha512";
       })},
      {"no hash", OfParts([](SshsigParts& p) { p.hash_algorithm.clear(); })},
      {"both hashes", OfParts([](SshsigParts& p) { p.hash_algorithm = "sha256,sha512"; })},
      {"namespace in the block", OfParts([](SshsigParts& p) { p.name_space = "policy@daypass"; })},
      {"NUL behind the namespace", OfParts([](SshsigParts& p) { p.name_space += '\0'; })},
      {"namespace and hash swapped",
       OfParts([](SshsigParts& p) { std::swap(p.name_space, p.hash_algorithm); })},
      {"key and signature swapped",
       OfParts([](SshsigParts& p) { std::swap(p.key_blob, p.signature); })},
      {"reserved and namespace swapped",
       OfParts([](SshsigParts& p) { std::swap(p.reserved, p.name_space); })},
      {"another's key", OfParts([](SshsigParts& p) {
         p.key_blob = Dissect(*UnarmourLeniently(ThePool().Any().armoured))->key_blob;
       })},
      {"another's signature", OfParts([](SshsigParts& p) {
         p.signature = Dissect(*UnarmourLeniently(ThePool().Any().armoured))->signature;
       })},
      {"bytes behind the key", OfParts([](SshsigParts& p) { p.key_blob += '\0'; })},
      {"bytes behind the signature", OfParts([](SshsigParts& p) { p.signature += '\0'; })},
      {"a bit of the key", OfParts([](SshsigParts& p) { FlipABit(p.key_blob); })},
      {"any bytes for a key",
       OfParts([](SshsigParts& p) { p.key_blob = AnyBytes(p.key_blob.size()); })},
      {"any bytes for a signature", OfInner([](Inner& i) { i.raw = AnyBytes(i.raw.size()); })},
      {"a namespace of 4 KiB", OfParts([](SshsigParts& p) { p.name_space.resize(4096, 'x'); })},
      {"reserved of 4 KiB", OfParts([](SshsigParts& p) { p.reserved.resize(4096, 'x'); })},
  };
  return changes;
}

const std::vector<NamedChange>& ChangesOfSignatures() {
  static const std::string zero(1, '\0');
  static const std::vector<NamedChange> changes = {
      {"a bit of the raw signature", OfInner([](Inner& i) { FlipABit(i.raw); })},
      {"another inner type", OfInner([](Inner& i) { i.type = "ssh-ed25519"; })},
      {"inner type ssh-rsa", OfInner([](Inner& i) { i.type = "ssh-rsa"; })},
      {"the other RSA hash",
       OfInner([](Inner& i) { i.type = i.type == "rsa-sha2-512" ? "rsa-sha2-256" : "ssh-rsa"; })},
      {"a shorter raw signature", OfInner([](Inner& i) { i.raw.resize(i.raw.size() / 2); })},
      {"a longer raw signature", OfInner([](Inner& i) { i.raw += '\0'; })},
      {"a zero before the raw signature", OfInner([](Inner& i) { i.raw = zero + i.raw; })},
      {"no raw signature", OfInner([](Inner& i) { i.raw.clear(); })},
      {"s plus the order", OfInner(AddOrder)},
      {"flags set", OfInner([](Inner& i) {
         if (!i.rest.empty()) i.rest[0] |= 5;
       })},
      {"the counter", OfInner([](Inner& i) {
         if (!i.rest.empty()) i.rest.back() ^= 1;
       })},
      {"no flags", OfInner([](Inner& i) { i.rest.clear(); })},
      {"bytes behind the flags", OfInner([](Inner& i) { i.rest += "x"; })},
      {"r and s swapped", OfNumbers([](std::string& r, std::string& s) { std::swap(r, s); })},
      {"a zero before r", OfNumbers([](std::string& r, std::string&) { r.insert(0, zero); })},
      {"zeros before s", OfNumbers([](std::string&, std::string& s) { s.insert(0, 3, '\0'); })},
      {"no r", OfNumbers([](std::string& r, std::string&) { r.clear(); })},
      {"r of zero", OfNumbers([](std::string& r, std::string&) { r = zero; })},
      {"r and s of one",
       OfNumbers([](std::string& r, std::string& s) { r = s = std::string(1, '\1'); })},
      {"negative r", OfNumbers([](std::string& r, std::string&) {
         if (r[0] == '\0')
           r.erase(0, 1);
         else
           r[0] = static_cast<char>(r[0] | 0x80);
       })},
      {"r of 64 KiB", OfNumbers([](std::string& r, std::string&) { r.insert(0, 65536, '\0'); })},
      {"a third number", OfInner([](Inner& i) { i.raw += SshWriter().String("\1").bytes(); })},
  };
  return changes;
}

std::vector<NamedChange> AllChanges() {
  std::vector<NamedChange> all;
  for (const auto* list : {&ChangesOfText(), &ChangesOfBytes(), &ChangesOfSignatures()}) {
    all.insert(all.end(), list->begin(), list->end());
  }
  return all;
}

SignatureCase Changed(SignatureCase asked, const NamedChange& change) {
  asked.what += ", " + change.name;
  change.change(asked);
  return asked;
}

// ---- what only a token or a browser makes ----

/// A token's key with an application as long as wanted.
SignatureCase OfALongApplication(size_t size) {
  const SoftToken token(KeyType::kSkEd25519, "ssh:" + std::string(size, 'x'));
  return {"application of " + std::to_string(size), token.line(), "file", "m",
          token.Sign("file", "m", kTouched)};
}

SignatureCase OfABrowser() {
  const SoftToken token(KeyType::kSkEcdsaP256);
  return {"of a browser", token.line(), "file", "m", token.SignInBrowser("file", "m")};
}

size_t Rounds() {
  const char* rounds = std::getenv("DAYPASS_ROUNDS");  // NOLINT: one thread
  return rounds == nullptr ? kDefaultRounds : std::strtoul(rounds, nullptr, 10);
}

/// The page lists every strictness; the test and the page have the same list.
TEST(SshsigDifferential, ItsStrictnessesAreListedOnThePage) {
  const std::string page = ReadFile(std::string(DAYPASS_SOURCE_DIR) + "/docs/formats/sshsig.md");
  const size_t begin = page.find("## Stricter than ssh-keygen");
  ASSERT_NE(begin, page.npos);
  std::vector<std::string> listed;
  std::istringstream rows(page.substr(begin, page.find("\n## ", begin + 1) - begin));
  for (std::string row; std::getline(rows, row);) {
    if (row.starts_with("| `")) listed.push_back(row.substr(3, row.find('`', 3) - 3));
  }
  EXPECT_THAT(listed, testing::UnorderedElementsAreArray(Strictnesses()));
}

// GF-30: the verifier never takes what ssh-keygen refuses. Control: both take what is untouched.
TEST(SshsigDifferential, AgreesWithSshKeygenSaveWhereItIsStricterOnPurpose) {
  Oracle oracle;
  for (const auto& kind : ThePool().kinds()) {
    for (const NamedChange& change : AllChanges()) oracle.Ask(Changed(AnyOf(kind), change));
  }
  oracle.Ask(OfALongApplication(100));
  oracle.Ask(OfALongApplication(1000));
  oracle.Ask(OfABrowser());
  const std::vector<NamedChange> changes = AllChanges();
  while (oracle.cases() < Rounds()) {
    SignatureCase asked = Changed(ThePool().Any(), AnyOf(changes));
    if (Below(4) == 0) asked = Changed(std::move(asked), AnyOf(changes));
    oracle.Ask(asked);
  }
  EXPECT_GE(oracle.both_accept(), 4u);
  for (const std::string& name : Strictnesses()) {
    EXPECT_TRUE(oracle.stricter().contains(name)) << name << " makes no difference any more";
  }
  std::printf("%zu cases; %zu accepted by both; stricter:", oracle.cases(), oracle.both_accept());
  for (const auto& [name, count] : oracle.stricter()) {
    std::printf(" %s %zu", name.c_str(), count);
  }
  std::printf("\n");
}

// GF-30, on what fuzzing has found.
TEST(SshsigDifferential, AgreesWithSshKeygenOnTheCorpusOfTheFuzzer) {
  Oracle oracle;
  for (const auto& file : std::filesystem::directory_iterator(std::string(DAYPASS_SOURCE_DIR) +
                                                              "/tests/fuzz/corpus/sshsig")) {
    std::istringstream input(ReadFile(file.path().string()));
    SignatureCase asked;
    asked.what = file.path().filename().string();
    const char form = static_cast<char>(input.get());
    std::getline(input, asked.name_space);
    std::getline(input, asked.message);
    const std::string rest(std::istreambuf_iterator<char>(input), {});
    asked.armoured = form == 'b' ? ArmourText(rest) : rest;
    const auto blob = UnarmourLeniently(asked.armoured);
    const auto parts = blob ? Dissect(*blob) : std::nullopt;
    // A name that no command line can hold is none that a caller of ours has.
    if (!parts || asked.name_space.empty() || asked.name_space.find('\0') != std::string::npos) {
      continue;
    }
    SshReader key(parts->key_blob);
    asked.key_line = std::string(key.String()) + " " + EncodeBase64(parts->key_blob);
    oracle.Ask(asked);
  }
  EXPECT_GE(oracle.both_accept(), 2u);
}

}  // namespace
}  // namespace daypass::wire
