// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Faults as HTTP tells them: {"error","field","message","hint"} and a status code. Source:
// docs/formats/http.md.
#pragma once

#include "core/result.h"
#include "server/http/message.h"

namespace daypass::server {

/// The status code that goes with a reason; 400 for whatever is wrong with the input itself.
int HttpStatusOf(core::Reason reason);

Response ErrorResponse(const core::Error& error);

}  // namespace daypass::server
