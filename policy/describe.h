// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Roles in words, from the policy's own values: what somebody may do who holds one. Everything is
// fit for a terminal.
#pragma once

#include <string>
#include <vector>

#include "core/policy.h"
#include "core/statement.h"

namespace daypass::policy {

/// "/usr/bin/systemctl restart <one of: nginx, haproxy>", "sudoedit /etc/nginx/nginx.conf". A
/// literal argument that could be mistaken for one of the words in <> is quoted.
std::vector<std::string> DescribeRule(const core::Rule& rule);

/// "nginx", "<one of: nginx, haproxy>", "<path below /srv>".
std::string DescribeMatcher(const core::Matcher& matcher);

/// "root", "postgres, group backup".
std::string DescribeRunAs(const core::RunAs& run_as);
std::string DescribeDoors(const std::vector<core::Door>& doors);
/// "web-1, web-2", "env is production and not tier is database".
std::string DescribeHosts(const core::HostSelector& hosts);
/// "mon, tue 22:00 to 06:00 Europe/Berlin".
std::string DescribeHours(const core::Hours& hours);
std::string DescribeSubjects(const core::Subjects& subjects);
/// "2 of approvers, with a touch; 1 of sre".
std::string DescribeApprovers(const std::vector<core::ApprovalRule>& approve);
/// "1 time", "any number of times".
std::string DescribeUses(uint32_t uses);
std::string DescribeStart(core::StartRule start);

/// "running commands are ended, after 5m; warned before: 10m".
std::string DescribeEnd(const core::Role& role);
/// What the server asks for besides.
std::string DescribeServerConditions(const core::ServerConditions& server);
std::string DescribeAutomatic(const core::AutomaticApproval& automatic);
/// Everything about it, in one line.
std::string DescribeStanding(const core::Standing& standing);
std::string DescribeBreakglass(const core::Breakglass& breakglass);
/// "30m on web-1".
std::string DescribeHostLimit(const core::HostLimit& limit);
/// "mon 08:00 to 18:00 UTC; ...", or "at any time".
std::string DescribeWindows(const std::vector<core::Hours>& windows);

/// What an approver must not overlook, a sentence each: full, rules that equal root, unwatched,
/// doors that show no command, a server that policy lets be root.
std::vector<std::string> Warnings(const core::Policy& policy, const core::Role& role);

/// Names with commas between, fit for a terminal.
std::string Join(const std::vector<std::string>& names, std::string_view between = ", ");

}  // namespace daypass::policy
