// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "tests/unit/sshsig_oracle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "platform/subprocess.h"
#include "wire/base64.h"
#include "wire/ssh_encoding.h"
#include "wire/sshsig.h"

namespace daypass::wire {
namespace {

constexpr std::string_view kBegin = "-----BEGIN SSH SIGNATURE-----";
constexpr std::string_view kEnd = "\n-----END SSH SIGNATURE-----";
constexpr std::string_view kWebauthn = "webauthn-sk-ecdsa-sha2-nistp256@openssh.com";
constexpr std::array<std::string_view, 4> kReadTypes = {"ssh-ed25519", "ecdsa-sha2-nistp256",
                                                        "sk-ssh-ed25519@openssh.com",
                                                        "sk-ecdsa-sha2-nistp256@openssh.com"};

std::string TypeOf(std::string_view line) {
  return std::string(line.substr(0, line.find(' ')));
}

/// The inner signature's type, and what follows it.
struct Inner {
  std::string type;
  std::string raw;
};
std::optional<Inner> DissectSignature(const SshsigParts& parts) {
  SshReader in(parts.signature);
  Inner inner;
  inner.type = in.String();
  inner.raw = in.String();
  return in.ok() ? std::optional(inner) : std::nullopt;
}

/// A number that could be written shorter.
bool IsPadded(std::string_view number) {
  return number.size() > 1 && number[0] == 0 && (static_cast<uint8_t>(number[1]) & 0x80) == 0;
}

bool HasPaddedNumbers(const SshsigParts& parts) {
  const auto inner = DissectSignature(parts);
  if (!inner || inner->type.find("ecdsa") == std::string::npos) return false;
  SshReader in(inner->raw);
  const std::string_view r = in.String();
  const std::string_view s = in.String();
  return IsPadded(r) || IsPadded(s);
}

bool HasLongApplication(const SshsigParts& parts) {
  SshReader in(parts.key_blob);
  const std::string_view type = in.String();
  if (!type.starts_with("sk-")) return false;
  if (type.find("ecdsa") != type.npos) in.String();
  in.String();
  return in.String().size() > 256;
}

bool IsWebauthn(const SshsigParts& parts) {
  const auto inner = DissectSignature(parts);
  return inner && inner->type == kWebauthn;
}

/// The strings of the key and of the signature that name something.
std::vector<std::string> NamesIn(const SshsigParts& parts) {
  std::vector<std::string> names = {parts.name_space, parts.hash_algorithm};
  SshReader key(parts.key_blob);
  names.emplace_back(key.String());
  if (names.back().find("ecdsa") != std::string::npos) names.emplace_back(key.String());
  if (const auto inner = DissectSignature(parts)) names.push_back(inner->type);
  return names;
}

bool HasNulBehindAName(const SshsigParts& parts) {
  return std::ranges::any_of(NamesIn(parts),
                             [](const std::string& name) { return name.ends_with('\0'); });
}

/// s of an ed25519 signature that is not below the group's order.
bool HasLargeS(const SshsigParts& parts) {
  const auto inner = DissectSignature(parts);
  if (!inner || inner->type.find("ed25519") == std::string::npos || inner->raw.size() != 64) {
    return false;
  }
  std::string s(inner->raw.rbegin(), inner->raw.rbegin() + 32);  // big-endian
  const std::string order = std::string("\x10") + std::string(15, '\0') +
                            "\x14\xde\xf9\xde\xa2\xf7\x9c\xd6\x58\x12\x63\x1a\x5c\xf5\xd3\xed";
  return s >= order;  // std::string compares bytes as unsigned
}

struct Strictness {
  std::string_view name;
  bool (*holds)(const SignatureCase& asked, const std::string& blob, const SshsigParts& parts);
};
constexpr std::array kStrictnesses = {
    Strictness{"key type",
               [](const SignatureCase& asked, const std::string&, const SshsigParts&) {
                 return std::ranges::find(kReadTypes, TypeOf(asked.key_line)) == kReadTypes.end();
               }},
    Strictness{"armour", [](const SignatureCase& asked, const std::string& blob,
                            const SshsigParts&) { return ArmourText(blob) != asked.armoured; }},
    Strictness{"length", [](const SignatureCase& asked, const std::string&,
                            const SshsigParts&) { return asked.armoured.size() > 4096; }},
    Strictness{"version", [](const SignatureCase&, const std::string&,
                             const SshsigParts& parts) { return parts.version != 1; }},
    Strictness{"reserved field", [](const SignatureCase&, const std::string&,
                                    const SshsigParts& parts) { return !parts.reserved.empty(); }},
    Strictness{"numbers", [](const SignatureCase&, const std::string&,
                             const SshsigParts& parts) { return HasPaddedNumbers(parts); }},
    Strictness{"NUL", [](const SignatureCase&, const std::string&,
                         const SshsigParts& parts) { return HasNulBehindAName(parts); }},
    Strictness{"s of ed25519", [](const SignatureCase&, const std::string&,
                                  const SshsigParts& parts) { return HasLargeS(parts); }},
    Strictness{"application", [](const SignatureCase&, const std::string&,
                                 const SshsigParts& parts) { return HasLongApplication(parts); }},
    Strictness{"webauthn", [](const SignatureCase&, const std::string&,
                              const SshsigParts& parts) { return IsWebauthn(parts); }},
};

bool WeSay(const SignatureCase& asked) {
  const auto verified = VerifySignature(asked.armoured, asked.name_space, asked.message);
  return verified && verified->key.line == asked.key_line;
}

}  // namespace

std::optional<std::string> UnarmourLeniently(std::string_view armoured) {
  const size_t begin = armoured.find(kBegin);
  if (begin == armoured.npos) return std::nullopt;
  const size_t end = armoured.find(kEnd, begin);
  if (end == armoured.npos) return std::nullopt;
  std::string_view text = armoured.substr(begin + kBegin.size(), end - begin - kBegin.size());
  std::string bytes;
  uint32_t bits = 0;
  int held = 0;
  for (const char c : text) {
    constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t value = kAlphabet.find(c);
    if (value == kAlphabet.npos) continue;
    bits = bits << 6 | static_cast<uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    bytes += static_cast<char>(bits >> held & 0xff);
  }
  return bytes;
}

std::optional<SshsigParts> Dissect(std::string_view blob) {
  SshReader in(blob);
  SshsigParts parts;
  parts.magic = in.Raw(6);
  parts.version = in.Uint32();
  parts.key_blob = in.String();
  parts.name_space = in.String();
  parts.reserved = in.String();
  parts.hash_algorithm = in.String();
  parts.signature = in.String();
  return in.ok() ? std::optional(parts) : std::nullopt;
}

std::vector<std::string> StrictnessOf(const SignatureCase& asked) {
  const std::optional<std::string> blob = UnarmourLeniently(asked.armoured);
  if (!blob) return {};
  const std::optional<SshsigParts> parts = Dissect(*blob);
  if (!parts) return {};
  std::vector<std::string> names;
  for (const Strictness& strictness : kStrictnesses) {
    if (strictness.holds(asked, *blob, *parts)) names.emplace_back(strictness.name);
  }
  return names;
}

std::vector<std::string> Strictnesses() {
  std::vector<std::string> names;
  for (const Strictness& strictness : kStrictnesses) names.emplace_back(strictness.name);
  return names;
}

bool Oracle::SshKeygenSays(const SignatureCase& asked) {
  if (signers_of_ != asked.key_line) {
    WriteFile(dir_.path("signers"), "signer " + asked.key_line + "\n");
    signers_of_ = asked.key_line;
  }
  WriteFile(dir_.path("signature"), asked.armoured);
  platform::Program program{.argv = {"ssh-keygen", "-Y", "verify", "-I", "signer", "-f",
                                     dir_.path("signers"), "-n", asked.name_space, "-s",
                                     dir_.path("signature")}};
  program.input = asked.message;
  const auto end = platform::RunProgram(program);
  EXPECT_TRUE(end) << end.error().what;
  return end && end->exit_code == 0;
}

void Oracle::Ask(const SignatureCase& asked) {
  ++cases_;
  const bool theirs = SshKeygenSays(asked);
  const bool ours = WeSay(asked);
  EXPECT_FALSE(ours && !theirs) << "ours takes what ssh-keygen refuses: " << asked.what << "\n"
                                << asked.key_line << "\n"
                                << asked.armoured;
  if (ours && theirs) ++both_accept_;
  if (ours || !theirs) return;
  const std::vector<std::string> why = StrictnessOf(asked);
  EXPECT_FALSE(why.empty()) << "ours refuses what ssh-keygen takes, and no strictness says why: "
                            << asked.what << "\n"
                            << asked.key_line << "\n"
                            << asked.armoured;
  for (const std::string& name : why) ++stricter_[name];
}

}  // namespace daypass::wire
