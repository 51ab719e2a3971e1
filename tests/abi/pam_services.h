// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// PAM services of the world's own, for pam_wrapper: in each phase the module, and below it
// pam_permit.so, so that a refusal which PAM ignores would show as a pass.
#pragma once

#include "world.h"

/// A service at each door, and chfn, which is at none; login, whose module has an option that it
/// does not know; and bare, which has no module of ours. To be called once, before anything else of
/// PAM: pam_wrapper reads the folder at its first use.
void services_make(const struct world* world, const char* module);
