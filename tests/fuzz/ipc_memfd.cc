// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The parameters of a Command that are too large for a message: the content of a sealed memfd.
#include "wire/ipc_check.h"

#include "tests/fuzz/target.h"
#include "wire/ipc.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxMemfdParametersBytes,
                     .max_input = size_t{8} << 10,
                     .read = [](std::string_view input) { (void)wire::ParseCommandBytes(input); }};

void Try(std::string_view input) {
  const auto call = wire::ParseCommandBytes(input);
  if (!call) {
    Require(call.error().code == core::Reason::kProtocol, "a bad message is no protocol");
    return RequireFit(call.error());
  }
  const std::string text = wire::Dump(wire::EncodeCommand(*call));
  const auto again = wire::ParseCommandBytes(text);
  Require(again && *again == *call, "nothing of a message is lost on the way");
}

}  // namespace daypass::fuzz
