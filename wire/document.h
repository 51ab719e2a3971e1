// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The common head of every payload: realm, format, type. Whose realm it is, is the caller's to
// judge.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "wire/json_builder.h"
#include "wire/json_reader.h"

namespace daypass::wire {

constexpr int64_t kFormat = 1;

/// Reads the head, and returns the realm. A format other than kFormat is reported (kUnknownFormat)
/// before any field of it is looked at; another type is kWrongNamespace.
std::string ReadHead(ObjectReader& in, std::string_view type);

/// Begins a payload.
ObjectBuilder MakeHead(std::string_view realm, std::string_view type);

}  // namespace daypass::wire
