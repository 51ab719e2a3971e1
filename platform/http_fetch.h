// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// One HTTPS request for programs that have nothing else to do meanwhile.
#pragma once

#include "platform/http.h"

namespace daypass::platform {

/// Sends and waits for the answer. Signals with their default action end the program as usual.
core::Result<HttpResponse> FetchBlocking(const HttpRequest& request);

}  // namespace daypass::platform
