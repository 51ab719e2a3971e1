// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The table of verbs, with what --help says of each besides its options.
#include "cli/verb.h"

namespace daypass::cli {

namespace {

constexpr VerbRow kVerbs[] = {
    {"request", "ask for a role",
     "On a Daypass host, for that host, through its agent, which knows who asks; with --host or\n"
     "--select through the server, as the person signed in. Prints the request's id.\n\n"
     "  daypass request --role web-operator --for 20m --reason \"nginx does not start\" --wait\n"
     "  daypass request --role web-operator --host web-1 --for 2h --reason T --at \"tomorrow "
     "02:00\"",
     MakeRequest},
    {"approve", "read a request, and approve it with your signature",
     "Shows who asks, what it allows, where, how long and why, from the very bytes that get\n"
     "signed and from a policy that this program verified itself. ssh-keygen signs, so keys in\n"
     "files, agents and FIDO2 tokens work.",
     MakeApprove},
    {"deny", "say no to a request", "An approver of its role, or an administrator, may.", MakeDeny},
    {"cancel", "take back a request of your own", "", MakeCancel},
    {"extend", "ask for more time on a grant of yours, without a gap",
     "A new request for the same role and hosts that follows the grant: once it is approved, what\n"
     "runs under the old one goes on at its end. Asked on the host of the grant, or from "
     "anywhere.\n\n"
     "  daypass extend g-k3v7q2mzr4x5aybc --for 30m --wait",
     MakeExtend},
    {"revoke", "end a grant, or all that a person holds, everywhere",
     "An approver of its role, whoever asked for it, or an administrator may. Hosts that hear\n"
     "the server end it within seconds; the others when they hear it, or at max_offline.",
     MakeRevoke},
    {"drop", "give up a grant of your own, on this host", "", MakeDrop},
    {"status", "how this host stands, and what you hold here until when",
     "Where no agent is: who you are, whether you are signed in, which policy you hold.",
     MakeStatus},
    {"requests", "list requests", "Without options: all that are pending.", MakeRequests},
    {"history", "what was asked for, by whom, and what became of it",
     "Your own, or with --person, --role, --host or --everybody others'. Nothing is ever removed.",
     MakeHistory},
    {"grants", "list what is approved and not over", "", MakeGrants},
    {"show", "everything about one request or grant",
     "On a host, without a login, the agent tells how it stands there.", MakeShow},
    {"explain", "what a command would be told, and which role would allow it",
     "On a host, its agent decides as for a sudo now. With --host, every role of a policy in "
     "turn,\n"
     "as if it had been asked for and approved. Nobody is asked, and nothing is recorded.\n\n"
     "  daypass explain -- systemctl restart nginx\n"
     "  daypass explain --user alice --host web-1 --policy prod -- systemctl restart nginx",
     MakeExplain},
    {"login", "sign in at the server with your SSH key",
     "The first time it needs --server, --ca, --person, --key and --policy-digest, and writes\n"
     "cli.toml; later it needs nothing. A session lasts twelve hours.\n\n"
     "  daypass login --server https://daypass.example --ca ca.pem --person bob \\\n"
     "    --key ~/.ssh/id_ed25519 --policy-digest HEX",
     MakeLogin},
    {"doc show", "any signed document: what it says, who signed it, whether that is good",
     "Exits 6 unless every signature is good. Whether the signers may sign such a document is\n"
     "for the policy to say, not for this.",
     MakeDocShow},
    {"doc extract", "write a document's signed bytes and signatures to files",
     "For ssh-keygen -Y verify; the commands are printed.", MakeDocExtract},
    {"policy init", "make the first files of a new policy", "", MakePolicyInit},
    {"policy suggest", "a first policy from what people do today",
     "From the records of permissive days, sudo's own log or a sudoers file: roles and standing\n"
     "rules with the evidence for each, to be read before they are used. What no rule says\n"
     "exactly is listed in by-hand.txt.\n\n"
     "  daypass policy suggest --sudo-log /var/log/auth.log --sudoers /etc/sudoers -o first",
     MakePolicySuggest},
    {"policy build", "make one document of a folder of TOML files",
     "The same tree and time of creation give the same bytes on every machine. Mistakes are\n"
     "named with file, line and column. See daypass-policy(5).",
     MakePolicyBuild},
    {"policy check", "what is wrong with a policy's folder, why, and what to do",
     "Mistakes, rules that give root or secrets, roles that nobody may approve, rules that are\n"
     "never reached, what is unused. Exits 3 on an error; with --strict on a warning, too.",
     MakePolicyCheck},
    {"policy show", "a policy in words", "", MakePolicyShow},
    {"policy test", "run the scenarios of a policy's folder",
     "Somebody asks, is approved, runs something, time passes: each step says what is expected.\n"
     "The same code decides as on hosts. Also tells which matchers no scenario has tried.",
     MakePolicyTest},
    {"policy diff", "what another policy makes possible, and what impossible",
     "Compares two policies' files, or folders of sources: for whom, where, and which live grants\n"
     "end by it.",
     MakePolicyDiff},
    {"policy replay", "what recorded commands would be answered under another policy",
     "Reads exported journals (journalctl -u daypassd -o export), and tells what would be newly\n"
     "denied or allowed, which commands no role lets through, and which rules nothing uses.\n\n"
     "  daypass policy replay --journal web-1.export --old v1.envelope prod",
     MakePolicyReplay},
    {"policy digest", "the digest that hosts and people pin", "", MakePolicyDigest},
    {"policy sign", "sign a policy, as one of its administrators",
     "Adds your signature to the file, and leaves the others there.", MakePolicySign},
    {"policy cosign", "sign after another administrator, having seen what changes",
     "Shows what becomes possible and what impossible against the policy that you hold, and asks.",
     MakePolicyCosign},
    {"policy push", "hand a signed policy to the server",
     "Lists the grants that end by it first, and asks. The very first policy is handed over on\n"
     "the server itself: daypass-server trust FILE.",
     MakePolicyPush},
    {"policy import", "take a policy from a file instead of from the server",
     "On a host its agent takes it, elsewhere you do: if enough administrators signed it.",
     MakePolicyImport},
    {"policy history", "who signed which version when, and what it changed",
     "Each version names the one before it, so the server can leave nothing out.",
     MakePolicyHistory},
    {"host token", "let one host join (administrators)",
     "Good once, for an hour. Prints the command for that host.", MakeHostToken},
    {"host enrol", "make this machine a Daypass host (root)",
     "Which policy the host begins with comes from the administrator, by digest, never from\n"
     "the server. Needs --server, which stands before the verb or after it.",
     MakeHostEnrol},
};

}  // namespace

std::span<const VerbRow> Verbs() {
  return kVerbs;
}

}  // namespace daypass::cli
