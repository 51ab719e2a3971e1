// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// gate.conf: whatever is not understood exempts nobody.
#include "wire/gate.h"

#include "tests/fuzz/target.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxGateConfBytes,
                     .max_input = size_t{2} << 10,
                     .read = [](std::string_view input) { (void)wire::ParseGateConf(input); }};

namespace {

/// The file that says the same.
std::string Write(const wire::GateConf& gate) {
  std::string text = gate.permissive ? "mode permissive\n" : "mode enforce\n";
  for (const wire::Exemption& exemption : gate.exempt) {
    text += "exempt " + exemption.user + " " + std::string(core::DoorName(exemption.door)) + "\n";
  }
  return text;
}

}  // namespace

void Try(std::string_view input) {
  const auto gate = wire::ParseGateConf(input);
  if (!gate) return RequireFit(gate.error());
  if (gate->permissive) {
    Require(input.find("permissive") != input.npos, "a host is permissive only if it says so");
  }
  for (const wire::Exemption& exemption : gate->exempt) {
    Require(wire::IsAccount(exemption.user), "an account is exempt, and not a pattern");
    Require(input.find(exemption.user) != input.npos, "only who is named is exempt");
    Require(wire::IsExempt(*gate, exemption.user, exemption.door), "who is exempt is exempt");
  }
  Require(!wire::IsExempt(*gate, "", core::Door::kSudo), "nobody is not exempt");
  const std::string text = Write(*gate);
  const auto again = wire::ParseGateConf(text);
  Require(again && Write(*again) == text, "gate.conf means one thing");
}

}  // namespace daypass::fuzz
