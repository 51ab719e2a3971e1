// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the CLI reads from a server that may be anybody's: requests, refusals, policies. Nothing
// that it shows does anything to a terminal, and only the approvals of approvers count.
//
// Input: a status of HTTP as three digits, then a body.
#include "cli/policy_store.h"
#include "cli/remote.h"
#include "cli/statement_view.h"
#include "core/escape.h"
#include "tests/fuzz/target.h"
#include "tests/unit/cli_fixture.h"

namespace daypass::fuzz {

constexpr size_t kMaxBody = size_t{1} << 20;

namespace {

core::Result<wire::Json> ReadBody(std::string_view input) {
  return wire::ParseJson(input, {.max_bytes = kMaxBody, .max_string = kMaxBody});
}

}  // namespace

const Reader kReader{
    .limit = kMaxBody, .max_input = size_t{8} << 10, .read = [](std::string_view input) {
      const auto body = ReadBody(input);
      if (body) (void)cli::ReadRemoteRequest(body->get());
    }};

namespace {

struct World {
  policy::Built built = cli::MakePolicy();
  core::Policy held = built.policy;
};

const World& TheWorld() {
  static const World world;
  return world;
}

void RequireShowable(const std::string& text) {
  Require(core::LinesForTerminal(text) == text, "what is shown does nothing to a terminal");
}

void TryRequest(const json_t* object) {
  const auto request = cli::ReadRemoteRequest(object);
  if (!request) {
    Require(request.error().code == core::Reason::kProtocol, "a bad request is no protocol");
    return;
  }
  Require(cli::CheckId(request->ShortId()) && cli::CheckId(request->statement.id),
          "a request has an id");
  const core::Policy& held = TheWorld().held;
  for (const core::Approval& approval : cli::VerifiedApprovals(*request)) {
    Require(wire::IsFingerprint(approval.fingerprint), "an approval is a key's");
  }
  RequireShowable(
      cli::RenderForApproval(held, held.roles.front(), *request, cli::kNow, cli::Style(false)));
  RequireShowable(cli::DescribeApprovals(held, *request, cli::kNow));
  Require(!cli::ToJson(*request).Dump().empty(), "a request can be printed");
}

/// The server says that this is the newest policy, and the one that was asked for.
void TryPolicy(std::string_view envelope) {
  const core::Policy& held = TheWorld().held;
  const auto taken = cli::TakePolicy(held, envelope);
  Require(!taken || taken->policy.digest == held.digest,
          "a policy that nobody's administrator signed is not taken");
  const cli::PolicySource source = [&](std::optional<uint64_t>) {
    return core::Result<std::string>(std::string(envelope));
  };
  const auto found = cli::FindPinned(source, held.digest, std::nullopt);
  Require(!found || found->policy.digest == held.digest, "a pin is of one policy");
}

}  // namespace

void Try(std::string_view input) {
  int status = 0;
  for (int i = 0; i < 3; ++i) status = status * 10 + (TakeByte(input) - '0') % 10;
  const core::Error error = cli::ReadServerError(status, input);
  Require(!error.what.empty(), "a refusal has words");
  RequireShowable(error.what);
  TryPolicy(input);
  const auto json = ReadBody(input);
  if (!json) return RequireFit(json.error());
  TryRequest(json->get());
}

}  // namespace daypass::fuzz
