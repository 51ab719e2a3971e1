// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// org.daypass.Check.Ask: somebody who was just denied asks for a role, from inside that very sudo,
// and is told how it stands until it is settled. Limits and faults as in ipc_check.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "core/time.h"
#include "wire/json.h"

namespace daypass::wire {

class ObjectReader;

inline constexpr std::string_view kAskMethod = "org.daypass.Check.Ask";

inline constexpr size_t kMaxOffers = 5;        ///< of one verdict
inline constexpr size_t kMaxGuardBytes = 200;  ///< of one offer's guarded_by

/// A role that would have allowed what was denied. Part of a verdict.
struct Offer {
  std::string role;
  core::Seconds longest{0};
  std::string guarded_by;  ///< who has to say yes, in words
  std::string ticket;      ///< the pattern that the server asks a ticket to match, or empty
  std::string pending;  ///< short id of a request of theirs for it that has no answer yet, or empty
};

/// Asks for a role, or waits for what was asked for before.
struct AskCall {
  uint64_t query = 0;   ///< the record of the denial that this process got
  std::string pending;  ///< an offer's: nothing else is read then
  std::string role;
  core::Seconds duration{0};
  std::string reason;
  std::string ticket;
};

/// How it stands; told each second and at each change.
struct AskState {
  std::string id;  ///< short
  std::string state;
  std::string text;
  std::optional<core::Millis> wait;  ///< while it is pending: until it runs out

  bool IsGranted() const { return state == "active"; }
};

Json EncodeOffers(const std::vector<Offer>& offers);
/// Of the member `offers`, which may be missing.
std::vector<Offer> ReadOffers(ObjectReader& in);

Json EncodeAsk(const AskCall& call);
core::Result<AskCall> ParseAsk(const json_t* parameters);
/// The agent writes it as agent/user_views.h's EncodeRequestView.
core::Result<AskState> ParseAskState(const json_t* parameters);

}  // namespace daypass::wire
