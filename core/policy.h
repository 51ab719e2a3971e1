// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Policy: every role, person, key and limit, as one numbered document that administrators sign.
// Plain values; wire/policy reads and checks them, core/decision uses them.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/door.h"
#include "core/hours.h"
#include "core/time.h"

namespace daypass::core {

/// Lower-case hexadecimal SHA-256 of exact bytes, 64 characters.
using Digest = std::string;

/// How strongly a key must have been used. Each level includes the one before it.
enum class KeyUse : uint8_t {
  kAny,     ///< any key type that we read
  kTouch,   ///< a FIDO2 key, presence proven
  kVerify,  ///< a FIDO2 key, presence and PIN proven
};

/// One public key of a person.
struct PersonKey {
  std::string line;         ///< "ssh-ed25519 AAAA...", without comment
  std::string fingerprint;  ///< "SHA256:..." as ssh-keygen -l prints it
  bool approve = false;
  bool administer = false;
  bool signin = false;
  KeyUse required = KeyUse::kAny;  ///< a weaker use of this key counts for nothing
};

/// Being in a group until then.
struct Membership {
  std::string group;
  Instant until;
};

struct Person {
  std::string name;
  std::vector<std::string> accounts;  ///< unix accounts that are this person's
  std::vector<std::string> groups;
  std::vector<PersonKey> keys;
  std::optional<Instant> valid_until;  ///< from then on this is nobody
  std::vector<Membership> memberships;
  bool is_service = false;  ///< a pipeline, an application: asks, and never approves or administers
};

/// Whether the person is in one of the groups at that instant.
bool IsInAny(const Person& person, const std::vector<std::string>& groups, Instant at);

/// k of n: who signs policies.
struct Administrators {
  uint32_t threshold = 0;
  std::vector<std::string> people;
};

// Matchers: one argument each, compared as bytes.
struct MatchIs {
  std::string value;
};
struct MatchOneOf {
  std::vector<std::string> values;
};
struct MatchInt {
  int64_t lo = 0, hi = 0;
};
/// Absolute. The argument is written as a path ("/", "./" or "../" first) and resolves to below it.
struct MatchUnder {
  std::string path;
};
struct MatchPattern {
  std::string re;
};  ///< RE2, matched against the whole argument
using Matcher = std::variant<MatchIs, MatchOneOf, MatchInt, MatchUnder, MatchPattern>;

/// One command that a role allows, or the files that it may edit with sudoedit.
struct CommandRule {
  std::string path;  ///< canonical and absolute
  std::vector<Matcher> args;
  bool rest_any = false;  ///< anything may follow the listed arguments
  std::optional<std::string> cwd;
  std::optional<Digest> sha256;
  bool equals_root = false;
  std::vector<std::string> may_run;  ///< what it may start under intercept: canonical and absolute
};
struct EditRule {
  std::vector<std::string> files;  ///< canonical and absolute
};
struct Rule {
  std::string id;
  std::variant<CommandRule, EditRule> kind;
};

/// Which hosts a role may be asked for: by name, or by labels. A missing label matches nothing,
/// under `none_of` too.
struct HostSelector {
  std::vector<std::string> names;
  std::map<std::string, std::string> all;
  std::vector<std::pair<std::string, std::string>> any;
  std::vector<std::pair<std::string, std::string>> none_of;  ///< "not" in documents
};

/// No grant is longer than this on the hosts that are selected.
struct HostLimit {
  HostSelector hosts;
  Seconds max_duration{0};
};

struct Limits {
  Seconds max_duration{0};
  Seconds max_pending{0};
  Seconds max_offline{0};
  std::vector<HostLimit> hosts;
};

struct RunAs {
  std::vector<std::string> users;
  std::vector<std::string> groups;
};

/// Whose accounts may use a role.
struct Subjects {
  bool any = false;
  std::vector<std::string> people;
  std::vector<std::string> groups;
};

/// One line of "who must say yes": `count` distinct persons of these groups.
struct ApprovalRule {
  uint32_t count = 0;
  std::vector<std::string> groups;
  KeyUse keys = KeyUse::kAny;
};

enum class StartRule : uint8_t { kApproval, kFirstUse, kScheduled };
enum class OnEnd : uint8_t { kNotify, kHangup, kTerminate };

/// What may be done, and where.
struct Powers {
  HostSelector hosts;
  std::vector<Door> doors;
  RunAs run_as;
  std::vector<Rule> rules;
  bool full = false;                      ///< any command; -s, -i and the rest of sudo's options
  std::vector<std::string> env;           ///< variables allowed besides sudo's own
  std::vector<Door> command_blind_doors;  ///< doors without a command that are opened nevertheless
  std::vector<Hours> windows;             ///< open only then; none: always
  bool intercept = false;  ///< only under sudo's intercept, which asks for what a command starts
};

/// Where the server's automatic key is enough, without any person. Checked by every host.
struct AutomaticApproval {
  Subjects subjects;
  HostSelector hosts;
  Seconds max_duration{0};
  uint32_t per_day = 0;  ///< of one account, on one host, in any 24 hours
};

/// What the server asks for besides before it lets a request pass; a broken one skips it.
struct ServerConditions {
  bool stages = false;               ///< the blocks of `approve` one after another
  std::vector<Hours> hours;          ///< approvals only then
  std::string on_call;               ///< the schedule whose person on call approves
  std::string ticket;                ///< RE2 that the whole ticket matches
  std::optional<uint32_t> max_risk;  ///< 0 to 100
  uint32_t per_day = 0;              ///< requests of one person; 0: any number
};

struct Role : Powers {
  std::string name;
  std::string description;
  Digest digest;  ///< of the role's canonical JSON: what approvers saw is what the host applies
  Seconds max_duration{0};
  Seconds max_offline{0};              ///< how long a grant works without a fresh status
  std::optional<Seconds> max_pending;  ///< between asking and the latest start, if not the policy's
  std::vector<StartRule> start;
  uint32_t uses = 0;  ///< most uses that may be asked for; 0: uncounted
  OnEnd on_end = OnEnd::kTerminate;
  Seconds grace{0};           ///< that running commands, not shells, get at the end
  std::vector<Seconds> warn;  ///< how long before the end their user is told
  Subjects subjects;
  std::vector<ApprovalRule> approve;
  bool unwatched = false;  ///< may run where nothing can end it
  std::optional<Instant> valid_until;
  std::optional<AutomaticApproval> automatic;
  std::optional<ServerConditions> server;
};

/// What accounts of machines may do without asking: exact commands, recorded like the rest.
struct Standing : Powers {
  std::string name;
  std::vector<std::string> accounts;
  bool personal = false;  ///< accounts of persons may be among them
  std::optional<Instant> valid_until;
};

/// What may be granted while the server is away. Loud, short, reviewed.
struct Breakglass {
  std::vector<std::string> roles;
  HostSelector hosts;
  Seconds max_duration{0};
  std::vector<ApprovalRule> approve;
};

/// Where roles, accounts and keys stand in a policy, so that a decision need not search a thousand
/// of each. Only a hint: who looks something up goes where it points, and searches if that is
/// something else.
struct PolicyIndex {
  using Places = std::map<std::string, size_t, std::less<>>;
  Places roles;     ///< by name
  Places accounts;  ///< the person's place
  Places keys;      ///< by fingerprint, the person's place
};

struct Policy {
  std::string realm;  ///< 32 lower-case hexadecimal digits, for good
  uint64_t version = 0;
  Digest previous;  ///< digest of the version before, empty for the first
  Digest digest;    ///< of this document's payload
  Instant created;
  Instant expires;
  Administrators administrators;
  std::vector<PersonKey> status_keys;     ///< the server's: sign statuses
  std::vector<PersonKey> automatic_keys;  ///< the server's: approve only where a role names it
  Limits limits;
  std::vector<Person> people;
  std::vector<Role> roles;
  std::vector<Standing> standing;
  std::optional<Breakglass> breakglass;
  Zones zones;  ///< every zone that a window names
  bool server_is_root = false;
  PolicyIndex index;  ///< empty: everything is searched for
};

/// Of the policy as it stands.
PolicyIndex IndexPolicy(const Policy& policy);

const Role* FindRole(const Policy& policy, std::string_view name);
const Person* FindPerson(const Policy& policy, std::string_view name);
/// The person whose unix account this is, if the policy names one.
const Person* FindAccountOwner(const Policy& policy, std::string_view account);
/// The person who holds the key, and the key.
struct KeyHolder {
  const Person* person = nullptr;
  const PersonKey* key = nullptr;
};
KeyHolder FindKeyHolder(const Policy& policy, std::string_view fingerprint);

}  // namespace daypass::core
