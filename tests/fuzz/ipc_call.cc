// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What the agent reads from shims and people: a call, and the parameters of each message.
#include "wire/ipc_check.h"

#include "tests/fuzz/target.h"
#include "wire/ipc.h"

namespace daypass::fuzz {

const Reader kReader{.limit = wire::kMaxMessageBytes,
                     .max_input = size_t{8} << 10,
                     .read = [](std::string_view input) { (void)wire::ParseCall(input); }};

namespace {

/// What was read, written and read again is the same.
template <typename T>
void TryMessage(const json_t* parameters, core::Result<T> (*parse)(const json_t*),
                wire::Json (*encode)(const T&)) {
  const core::Result<T> call = parse(parameters);
  if (!call) {
    Require(call.error().code == core::Reason::kProtocol, "a bad message is no protocol");
    return RequireFit(call.error());
  }
  const wire::Json written = encode(*call);
  const core::Result<T> again = parse(written.get());
  Require(again && wire::Dump(encode(*again)) == wire::Dump(written),
          "nothing of a message is lost on the way");
}

void RequireLimits(const wire::CommandCall& call) {
  Require(!call.argv.empty() && call.argv.size() <= wire::kMaxItems, "arguments are counted");
  Require(call.env.size() <= wire::kMaxItems && call.files.size() <= wire::kMaxItems,
          "variables and files are counted");
  Require(call.command.size() <= wire::kMaxPathBytes && call.cwd.size() <= wire::kMaxPathBytes,
          "a path keeps to its limit");
  Require(call.options.size() <= wire::kMaxOptions, "options are counted");
  Require((call.mode == core::Mode::kEdit) == !call.files.empty(), "files go with sudoedit");
  Require(call.mode != core::Mode::kAccount, "a command is never an account's question");
  Require(call.uid != UINT32_MAX && call.runas_uid != UINT32_MAX && call.pid > 0,
          "ids are ids of somebody");
}

void TryParameters(const json_t* parameters) {
  TryMessage(parameters, wire::ParseCommand, wire::EncodeCommand);
  TryMessage(parameters, wire::ParseAccount, wire::EncodeAccount);
  TryMessage(parameters, wire::ParseWatch, wire::EncodeWatch);
  TryMessage(parameters, wire::ParseStarted, wire::EncodeStarted);
  TryMessage(parameters, wire::ParseEnded, wire::EncodeEnded);
  TryMessage(parameters, wire::ParseAsk, wire::EncodeAsk);
  if (const auto command = wire::ParseCommand(parameters)) RequireLimits(*command);
  if (const auto index = wire::MemfdIndex(parameters)) {
    Require(*index <= 7, "a descriptor is one of those that may come");
  }
}

}  // namespace

void Try(std::string_view input) {
  const auto call = wire::ParseCall(input);
  if (!call) {
    Require(call.error().code == core::Reason::kProtocol, "a bad call is no protocol");
    return RequireFit(call.error());
  }
  Require(call->parameters != nullptr, "a call has parameters");
  Require(!(call->more && call->oneway), "nobody wants several replies and none");
  const wire::Wants wants = call->more     ? wire::Wants::kMore
                            : call->oneway ? wire::Wants::kNothing
                                           : wire::Wants::kOneReply;
  std::string frame = wire::EncodeCall(call->method, call->parameters.get(), wants);
  Require(frame.back() == '\0', "a frame ends in NUL");
  frame.pop_back();
  const auto again = wire::ParseCall(frame);
  Require(again && again->method == call->method && again->more == call->more &&
              again->oneway == call->oneway,
          "nothing of a call is lost on the way");
  TryParameters(call->parameters.get());
}

}  // namespace daypass::fuzz
