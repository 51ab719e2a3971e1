// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The real `ssh-keygen -Y verify` as the judge of our verifier, case by case, and the list of what
// we refuse on purpose though it takes it. Each of these is found in the bytes themselves, never in
// what our verifier says.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/unit/wire_fixture.h"

namespace daypass::wire {

/// One question: is this a signature of this key, over this message, in this namespace?
struct SignatureCase {
  std::string what;      ///< for whoever reads a failure
  std::string key_line;  ///< "TYPE BASE64", whose signature it should be
  std::string name_space;
  std::string message;
  std::string armoured;
};

/// What an armoured text holds, read as leniently as can be; none if that is nothing.
std::optional<std::string> UnarmourLeniently(std::string_view armoured);
std::optional<SshsigParts> Dissect(std::string_view blob);

/// What Daypass refuses on purpose, by name (docs/formats/sshsig.md, "Stricter than ssh-keygen"),
/// of all that is true of the case.
std::vector<std::string> StrictnessOf(const SignatureCase& asked);
/// All names that StrictnessOf knows.
std::vector<std::string> Strictnesses();

/// Asks both, and counts. Fails the test where they differ and no strictness says why, and wherever
/// ours says yes and ssh-keygen no.
class Oracle {
 public:
  void Ask(const SignatureCase& asked);

  size_t cases() const { return cases_; }
  size_t both_accept() const { return both_accept_; }
  /// How often each strictness was the reason of a difference.
  const std::map<std::string, size_t>& stricter() const { return stricter_; }

 private:
  bool SshKeygenSays(const SignatureCase& asked);

  TempDir dir_;
  std::string signers_of_;  // whose line stands in the file of signers
  size_t cases_ = 0;
  size_t both_accept_ = 0;
  std::map<std::string, size_t> stricter_;
};

}  // namespace daypass::wire
