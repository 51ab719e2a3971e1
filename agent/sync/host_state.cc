// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/sync/host_state.h"

#include "wire/json_reader.h"

namespace daypass::agent {
namespace {

uint64_t Number(wire::ObjectReader& in, const char* key) {
  return static_cast<uint64_t>(in.Int(key, 0, wire::kMaxJsonInt));
}

}  // namespace

core::Result<HostState> ParseHostState(const json_t* parameters) {
  wire::ObjectReader in(parameters, wire::UnknownKeys::kIgnore);
  HostState state;
  state.realm = in.String("realm", wire::kHex128);
  state.host = in.String("host", wire::kHostName);
  state.policy_version = Number(in, "policy_version");
  state.policy_wanted =
      static_cast<uint64_t>(in.OptInt("policy_wanted", 0, wire::kMaxJsonInt).value_or(0));
  state.records_seq = Number(in, "records_seq");
  state.records_acked = Number(in, "records_acked");
  state.requests_pending = Number(in, "requests_pending");
  state.status_wanted = in.OptBool("status_wanted");
  const core::Result<void> done = in.Finish();
  if (done) return state;
  return core::Error{core::Reason::kProtocol, "the decider's state: " + done.error().what, {}};
}

}  // namespace daypass::agent
