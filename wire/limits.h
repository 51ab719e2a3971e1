// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Hard limits of documents. A limit is part of the format: raising one is a new format number.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/time.h"

namespace daypass::wire {

constexpr size_t kMaxPolicyBytes = size_t{16} << 20;
constexpr size_t kMaxPolicyMemory = size_t{256} << 20;  ///< of its tree, while it is read
constexpr size_t kMaxStatusBytes = size_t{256} << 10;
constexpr size_t kMaxStatementBytes = size_t{32} << 10;
constexpr size_t kMaxSigninBytes = size_t{4} << 10;
constexpr size_t kMaxRecordBytes = size_t{256} << 10;
constexpr size_t kMaxRecordString = size_t{128} << 10;  ///< the arguments of a command may be long
constexpr size_t kMaxReasonBytes = 1024;
constexpr size_t kMaxTicketBytes = 256;
constexpr size_t kMaxHostsOfStatement = 500;
constexpr size_t kMaxWindows = 32;  ///< of a role
constexpr int64_t kMaxUses = 1000000;
constexpr int64_t kMaxApprovers = 16;  ///< of a role, and administrators: an envelope holds no more

constexpr core::Seconds kMaxDuration{30 * 86400};  ///< of a window, whatever a policy says
constexpr core::Seconds kMaxBreakglass{3600};      ///< of a break-glass window
constexpr core::Seconds kMaxGrace{3600};           ///< of running commands at the end
constexpr core::Seconds kMaxPending{30 * 86400};   ///< of the wait for a start
constexpr core::Seconds kMaxOffline{30 * 86400};   ///< of a grant without a fresh status

}  // namespace daypass::wire
