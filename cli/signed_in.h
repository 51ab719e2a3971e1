// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// How verbs that ask the server begin: who am I, which server, which policy.
#pragma once

#include "cli/config.h"
#include "cli/server_client.h"
#include "cli/verb.h"
#include "core/policy.h"
#include "core/result.h"

namespace daypass::cli {

struct SignedIn {
  Config config;
  ServerClient server;
};

/// Fails kNotSignedIn, with what to type.
core::Result<SignedIn> OpenSession(const Context& context);

/// The reader of the terminal as the policy knows them. Fails kNotYours.
core::Result<const core::Person*> FindSelf(const core::Policy& policy, const Config& config);

}  // namespace daypass::cli
