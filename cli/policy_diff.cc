// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy diff OLD NEW: what becomes possible by the new policy and what impossible. Each of
// the two is a policy's file, or a folder of sources.
#include "cli/difference_view.h"
#include "cli/policy_file.h"
#include "cli/verb.h"
#include "platform/clock.h"
#include "policy/diff.h"

namespace daypass::cli {
namespace {

class PolicyDiff : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(before_, "OLD", "", "a policy's file or folder", Need::kRequired);
    options.Text(after_, "NEW", "", "another one", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<core::Policy> before = ReadPolicyOrTree(before_, platform::WallTime());
    if (!before) return std::move(before).error();
    core::Result<core::Policy> after = ReadPolicyOrTree(after_, platform::WallTime());
    if (!after) return std::move(after).error();
    const policy::Difference difference = policy::Compare(*before, *after);
    context.out.Text(RenderDifference(difference, context.out.style()));
    wire::ObjectBuilder json;
    wire::ArrayBuilder changes;
    for (const policy::Change& change : difference.changes) changes.Object(Encode(change));
    json.Array("changes", std::move(changes)).Strings("ended_roles", difference.ended_roles);
    context.out.Json(json);
    return Exit::kDone;
  }

 private:
  static wire::ObjectBuilder Encode(const policy::Change& change) {
    wire::ObjectBuilder json;
    json.String("effect", policy::EffectName(change.effect)).String("what", change.what);
    json.String("before", change.before).String("after", change.after);
    if (!change.role.empty()) json.String("role", change.role);
    if (!change.person.empty()) json.String("person", change.person);
    return json;
  }

  std::string before_, after_;
};

}  // namespace

std::unique_ptr<Verb> MakePolicyDiff() {
  return std::make_unique<PolicyDiff>();
}

}  // namespace daypass::cli
