// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// gate.conf, line by line.
#include "wire/gate.h"

#include <algorithm>
#include <optional>

#include "wire/string_rule.h"

namespace daypass::wire {
namespace {

using core::Error;
using core::Reason;
using core::Result;

std::vector<std::string_view> Words(std::string_view line) {
  line = line.substr(0, line.find('#'));
  std::vector<std::string_view> words;
  for (size_t begin = 0; begin < line.size();) {
    const size_t end = std::min(line.find_first_of(" \t", begin), line.size());
    if (end > begin) words.push_back(line.substr(begin, end - begin));
    begin = end + 1;
  }
  return words;
}

// Reads one line into `gate`; says what is wrong with it, if anything.
std::optional<std::string> TakeLine(std::string_view line, GateConf& gate, bool& mode_seen) {
  const std::vector<std::string_view> words = Words(line);
  if (words.empty()) return std::nullopt;
  if (words[0] == "mode" && words.size() == 2) {
    if (mode_seen) return "mode is said twice";
    if (words[1] != "permissive" && words[1] != "enforce") {
      return "mode " + Printable(words[1]) + " is not known; allowed: permissive, enforce";
    }
    mode_seen = true;
    gate.permissive = words[1] == "permissive";
    return std::nullopt;
  }
  if (words[0] == "exempt" && words.size() == 3) {
    const std::optional<core::Door> door = core::ParseDoor(words[2]);
    if (!IsAccount(words[1])) return Printable(words[1]) + " is not an account name";
    if (!door) return Printable(words[2]) + " is not a door; allowed: sudo, ssh, su, login...";
    gate.exempt.push_back({std::string(words[1]), *door});
    return std::nullopt;
  }
  return "\"" + Printable(line) + "\" is not known; allowed: mode MODE, exempt USER DOOR";
}

}  // namespace

Result<GateConf> ParseGateConf(std::string_view text) {
  GateConf gate;
  bool mode_seen = false;
  size_t number = 0;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    ++number;
    if (std::optional<std::string> wrong = TakeLine(text.substr(0, end), gate, mode_seen)) {
      return Error{Reason::kMalformed, "gate.conf:" + std::to_string(number) + ": " + *wrong, {}};
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return gate;
}

bool IsExempt(const GateConf& gate, std::string_view user, core::Door door) {
  return std::ranges::any_of(gate.exempt, [&](const Exemption& exemption) {
    return exemption.user == user && exemption.door == door;
  });
}

}  // namespace daypass::wire
