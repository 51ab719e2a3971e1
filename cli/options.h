// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a verb takes on its command line, said once. The parser, `--help` and the test that holds
// the man pages to it all listen to the same Declare. CLI11 stays behind command_line.cc.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.h"

namespace daypass::cli {

enum class Need : uint8_t { kOptional, kRequired };

/// `name`: "--for" for an option, "ID" for a positional argument. `metavar`: what its value is
/// called in help, "DURATION". Values keep what they had if the option is not given.
class Options {
 public:
  virtual ~Options() = default;
  virtual void Text(std::string& value, std::string_view name, std::string_view metavar,
                    std::string_view help, Need need = Need::kOptional) = 0;
  /// May be given several times; each value may hold several, with commas between.
  virtual void List(std::vector<std::string>& values, std::string_view name,
                    std::string_view metavar, std::string_view help) = 0;
  /// Every word that is left, options of another command among them where "--" goes before.
  virtual void Rest(std::vector<std::string>& values, std::string_view name,
                    std::string_view help) = 0;
  virtual void Duration(std::optional<core::Seconds>& value, std::string_view name,
                        std::string_view help, Need need = Need::kOptional) = 0;
  virtual void Number(std::optional<uint64_t>& value, std::string_view name,
                      std::string_view metavar, std::string_view help) = 0;
  virtual void Flag(bool& value, std::string_view name, std::string_view help) = 0;
};

}  // namespace daypass::cli
