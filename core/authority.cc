// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "core/authority.h"

#include <algorithm>
#include <array>
#include <map>

#include "core/hosts.h"

namespace daypass::core {
namespace {

bool Contains(const auto& list, const auto& value) {
  return std::ranges::find(list, value) != std::ranges::end(list);
}

bool Is(const Person& person, const std::string& name) {
  return person.name == name || Contains(person.accounts, name);
}

bool IsInvolved(const Person& person, const Statement& statement) {
  return Is(person, statement.subject) || Is(person, statement.requester);
}

bool Holds(const std::set<std::string>* set, const std::string& value) {
  return set != nullptr && set->contains(value);
}

KeyUse Strength(const Approval& approval) {
  if (approval.presence && approval.verified) return KeyUse::kVerify;
  return approval.presence ? KeyUse::kTouch : KeyUse::kAny;
}

/// Why one approval does not count, or the person for whom it does.
struct Weighed {
  const Person* person = nullptr;
  KeyUse strength = KeyUse::kAny;
  Reason reason = Reason::kGranted;
};

bool IsApprover(const Role& role, const Person& person, Instant at) {
  return std::ranges::any_of(
      role.approve, [&](const ApprovalRule& rule) { return IsInAny(person, rule.groups, at); });
}

Weighed Weigh(const Policy& policy, const Role& role, const Statement& statement,
              const Approval& approval, const Suspension& suspension, const Now& now) {
  const KeyHolder holder = FindKeyHolder(policy, approval.fingerprint);
  if (holder.person == nullptr) return {nullptr, KeyUse::kAny, Reason::kKeyUnknown};
  const Person& person = *holder.person;
  const bool is_member = !person.valid_until || now.hi < *person.valid_until;
  if (!holder.key->approve || !is_member || person.is_service ||
      !IsApprover(role, person, now.hi)) {
    return {nullptr, KeyUse::kAny, Reason::kApproverNotAllowed};
  }
  if (IsInvolved(person, statement)) return {nullptr, KeyUse::kAny, Reason::kSelfApproval};
  if (Holds(suspension.people, person.name) || Holds(suspension.keys, approval.fingerprint)) {
    return {nullptr, KeyUse::kAny, Reason::kSuspended};
  }
  const KeyUse strength = Strength(approval);
  if (strength < holder.key->required) return {nullptr, KeyUse::kAny, Reason::kTouchMissing};
  return {&person, strength, Reason::kGranted};
}

/// One "yes" that a role wants: from a person of these groups, this strong.
using Slot = const ApprovalRule*;
struct Counted {
  std::map<const Person*, KeyUse> people;  ///< each person once, at their strongest
  Instant at;                              ///< when membership counts
};

bool Fits(const Person& person, KeyUse strength, Slot slot, Instant at) {
  return strength >= slot->keys && IsInAny(person, slot->groups, at);
}

bool FitsAny(const Person& person, KeyUse strength, const Role& role, Instant at) {
  return std::ranges::any_of(
      role.approve, [&](const ApprovalRule& rule) { return Fits(person, strength, &rule, at); });
}

/// Gives every slot a person of its own, moving earlier choices where needed (augmenting paths).
class Assignment {
 public:
  explicit Assignment(const Counted& counted) : counted_(counted) {}

  bool Fill(Slot slot) {
    std::set<const Person*> tried;
    return Place(slot, tried);
  }

 private:
  bool Place(Slot slot, std::set<const Person*>& tried) {
    for (const auto& [person, strength] : counted_.people) {
      if (!Fits(*person, strength, slot, counted_.at) || !tried.insert(person).second) continue;
      auto taken = slot_of_.find(person);
      if (taken == slot_of_.end() || Place(taken->second, tried)) {
        slot_of_[person] = slot;
        return true;
      }
    }
    return false;
  }

  const Counted& counted_;
  std::map<const Person*, Slot> slot_of_;
};

/// Reasons for which an approval does not count, from far to near.
constexpr std::array kNearness = {Reason::kKeyUnknown, Reason::kApproverNotAllowed,
                                  Reason::kSelfApproval, Reason::kSuspended, Reason::kTouchMissing};

int Nearness(Reason reason) {
  return static_cast<int>(std::ranges::find(kNearness, reason) - kNearness.begin());
}

bool FillsEverySlot(const Role& role, const Counted& counted, uint32_t& wanted) {
  Assignment assignment{counted};
  bool all = !role.approve.empty();  // a role that names no approver is approved by nobody
  for (const ApprovalRule& rule : role.approve) {
    wanted += rule.count;
    for (uint32_t i = 0; i < rule.count; ++i) all = assignment.Fill(&rule) && all;
  }
  return all && wanted > 0;
}

bool NamesOwner(const Policy& policy, const Subjects& subjects, const std::string& account,
                Instant at) {
  if (subjects.any) return true;
  const Person* person = FindAccountOwner(policy, account);
  return person != nullptr &&
         (Contains(subjects.people, person->name) || IsInAny(*person, subjects.groups, at));
}

/// Whether the server's automatic key has said yes where the role lets it, leaving aside which host
/// this is and how often it has.
bool IsAutomatic(const Policy& policy, const Role& role, const Statement& statement,
                 std::span<const Approval> approvals, const Suspension& suspension,
                 const Now& now) {
  if (!role.automatic || statement.duration > role.automatic->max_duration) return false;
  if (!NamesOwner(policy, role.automatic->subjects, statement.subject, now.hi)) return false;
  return std::ranges::any_of(approvals, [&](const Approval& approval) {
    const auto& keys = policy.automatic_keys;
    return std::ranges::find(keys, approval.fingerprint, &PersonKey::fingerprint) != keys.end() &&
           !Holds(suspension.keys, approval.fingerprint);
  });
}

uint32_t CountAdministrators(const Policy& policy, std::span<const Approval> signers) {
  std::set<std::string> people;
  for (const Approval& signer : signers) {
    const KeyHolder holder = FindKeyHolder(policy, signer.fingerprint);
    if (holder.person == nullptr || !holder.key->administer) continue;
    if (holder.person->is_service) continue;
    if (Strength(signer) < holder.key->required) continue;
    if (Contains(policy.administrators.people, holder.person->name)) {
      people.insert(holder.person->name);
    }
  }
  return static_cast<uint32_t>(people.size());
}

Error Refuse(Reason reason, const std::string& field, const std::string& what) {
  return {reason, field + ": " + what, field};
}

Result<void> JudgeUses(const Role& role, const Statement& s) {
  if (s.hosts.empty()) return Refuse(Reason::kWrongHost, "hosts", "names no host");
  if (role.uses > 0 && (s.uses == 0 || s.uses > role.uses)) {
    return Refuse(Reason::kUsedUp, "uses", "the role allows 1 to " + std::to_string(role.uses));
  }
  if (s.uses > 0 && s.hosts.size() != 1) {
    return Refuse(Reason::kUsedUp, "hosts", "a counted grant names exactly one host");
  }
  return {};
}

Result<void> JudgeStart(const Policy& policy, const Role& role, const Statement& s) {
  if (!Contains(role.start, s.start)) {
    return Refuse(Reason::kStartOutOfRange, "start", "the role does not allow this start rule");
  }
  if (s.start_at.has_value() != (s.start == StartRule::kScheduled)) {
    return Refuse(Reason::kStartOutOfRange, "start",
                  "only a scheduled start has an instant, and always");
  }
  const Instant asked = s.start_at.value_or(s.created);
  if (s.start_by <= asked) {
    return Refuse(Reason::kStartOutOfRange, "start_by_ms",
                  "must lie after the asking and the start");
  }
  const Seconds longest = MaxPending(policy, role);
  if (s.start_by > asked + longest) {
    return Refuse(Reason::kStartOutOfRange, "start_by_ms",
                  "at most " + std::to_string(longest.count()) + " s ahead");
  }
  return {};
}

}  // namespace

ApprovalJudgement JudgeApprovals(const Policy& policy, const Role& role, const Statement& statement,
                                 std::span<const Approval> approvals, const Suspension& suspension,
                                 const Now& now) {
  Counted counted{{}, now.hi};
  auto& people = counted.people;
  ApprovalJudgement judgement;
  int nearest = -1;
  for (const Approval& approval : approvals) {
    const Weighed weighed = Weigh(policy, role, statement, approval, suspension, now);
    if (weighed.person != nullptr) {
      KeyUse& strength = people.try_emplace(weighed.person, KeyUse::kAny).first->second;
      strength = std::max(strength, weighed.strength);
    } else if (Nearness(weighed.reason) > nearest) {
      nearest = Nearness(weighed.reason);
      judgement.reason = weighed.reason;
      judgement.detail = approval.fingerprint;
    }
  }
  for (const auto& [person, strength] : people) {
    if (FitsAny(*person, strength, role, now.hi)) judgement.counted.push_back(person->name);
  }
  uint32_t wanted = 0;
  judgement.enough = FillsEverySlot(role, counted, wanted);
  if (!judgement.enough && IsAutomatic(policy, role, statement, approvals, suspension, now)) {
    judgement.enough = judgement.automatic = true;
  }
  if (judgement.enough || people.empty()) return judgement;
  const bool too_weak = judgement.counted.size() < people.size();
  judgement.reason = too_weak ? Reason::kTouchMissing : Reason::kApprovalsMissing;
  judgement.detail = std::to_string(people.size()) + " of " + std::to_string(wanted);
  return judgement;
}

bool MayApprove(const Role& role, const Statement& statement, const Person& person, Instant at) {
  return !IsInvolved(person, statement) && !person.is_service && IsApprover(role, person, at);
}

bool IsSubjectOf(const Policy& policy, const Role& role, const std::string& account, Instant at) {
  return NamesOwner(policy, role.subjects, account, at);
}

Seconds MaxPending(const Policy& policy, const Role& role) {
  return std::min(role.max_pending.value_or(policy.limits.max_pending), policy.limits.max_pending);
}

Seconds MaxDurationOn(const Policy& policy, const Role& role, const std::string& host,
                      const std::map<std::string, std::string>& labels) {
  Seconds longest = std::min(role.max_duration, policy.limits.max_duration);
  for (const HostLimit& limit : policy.limits.hosts) {
    if (Selects(limit.hosts, host, labels)) longest = std::min(longest, limit.max_duration);
  }
  return longest;
}

Result<void> JudgeStatement(const Policy& policy, const Statement& s) {
  if (s.realm != policy.realm) {
    return Refuse(Reason::kWrongRealm, "realm", "belongs to another realm");
  }
  const bool behind = s.policy_version > policy.version;
  const Role* role = FindRole(policy, s.role);
  if (role == nullptr) {
    return Refuse(
        behind ? Reason::kPolicyBehind : Reason::kRoleUnknown, "role",
        "policy version " + std::to_string(policy.version) + " has no role \"" + s.role + "\"");
  }
  if (s.role_digest != role->digest) {
    return Refuse(behind ? Reason::kPolicyBehind : Reason::kRoleChanged, "role_digest",
                  "is not that of role \"" + s.role + "\" in policy version " +
                      std::to_string(policy.version));
  }
  if (!IsSubjectOf(policy, *role, s.subject, s.created)) {
    return Refuse(Reason::kWrongSubject, "subject",
                  "the role \"" + s.role + "\" is not for the account \"" + s.subject + "\"");
  }
  const Seconds longest = std::min(role->max_duration, policy.limits.max_duration);
  if (s.duration <= Seconds{0} || s.duration > longest) {
    return Refuse(Reason::kStartOutOfRange, "duration_s",
                  std::to_string(s.duration.count()) + " is out of range; the role allows 1 to " +
                      std::to_string(longest.count()));
  }
  if (auto fits = JudgeUses(*role, s); !fits) return fits;
  return JudgeStart(policy, *role, s);
}

Result<void> CheckThreshold(const Policy& judge, std::span<const Approval> signers) {
  const uint32_t signed_by = CountAdministrators(judge, signers);
  if (judge.administrators.threshold > 0 && signed_by >= judge.administrators.threshold) return {};
  return Error{Reason::kBelowThreshold,
               "policy: " + std::to_string(signed_by) + " of the " +
                   std::to_string(judge.administrators.threshold) +
                   " administrators that version " + std::to_string(judge.version) +
                   " asks for have signed it",
               "administrators"};
}

Result<void> JudgePolicyUpdate(const Policy* held, const Policy& offered,
                               std::span<const Approval> signers) {
  if (held != nullptr) {
    if (offered.realm != held->realm) {
      return Error{Reason::kWrongRealm, "policy: belongs to another realm", "realm"};
    }
    if (offered.version < held->version) {
      return Error{Reason::kRollback,
                   "policy: version " + std::to_string(offered.version) +
                       " is older than version " + std::to_string(held->version) +
                       ", which is held",
                   "version"};
    }
    if (offered.version == held->version) {
      if (offered.digest == held->digest) return {};
      return Error{
          Reason::kEquivocation,
          "policy: another document of version " + std::to_string(held->version) + " is held",
          "version"};
    }
    if (auto enough = CheckThreshold(*held, signers); !enough) return enough;
  }
  return CheckThreshold(offered, signers);
}

}  // namespace daypass::core
