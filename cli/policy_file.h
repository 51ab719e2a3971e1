// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A policy as administrators hand it round: one envelope file, unsigned when it is built, signed by
// one after the other, pushed at the end.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"
#include "core/policy.h"
#include "core/result.h"
#include "wire/envelope.h"
#include "wire/sshsig.h"

namespace daypass::cli {

struct PolicyDocument {
  wire::Envelope envelope;
  core::Policy policy;
  std::vector<wire::VerifiedSignature> signatures;  ///< all good
};

/// `name`: of the file, or wherever else it came from. Fails: as wire::ParsePolicy; kBadSignature
/// and the like, if any signature is not good.
core::Result<PolicyDocument> OpenPolicyDocument(std::string_view bytes, const std::string& name);
core::Result<PolicyDocument> ReadPolicyFile(const std::string& path);

/// A policy's file, or a folder of its sources. `created`: of a folder that does not say it itself.
/// Fails: as above; as policy::LoadTree and policy::BuildPolicy.
core::Result<core::Policy> ReadPolicyOrTree(const std::string& path, core::Instant created);

/// Names of administrators (by the policy itself) whose signatures it has.
std::vector<std::string> SignedBy(const PolicyDocument& document);

/// "by alice (1 of 2 wanted)".
std::string DescribeSignatures(const PolicyDocument& document);

/// The whole policy in words.
std::string RenderPolicy(const PolicyDocument& document, core::Instant now, const Style& style);

}  // namespace daypass::cli
