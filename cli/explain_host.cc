// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/explain_host.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "cli/agent_client.h"
#include "cli/when.h"
#include "core/escape.h"
#include "core/reason.h"
#include "platform/clock.h"
#include "platform/fault.h"
#include "wire/ipc_check.h"
#include "wire/json_reader.h"

namespace daypass::cli {
namespace {

constexpr wire::StringRule kText{0, 4096, nullptr, "text"};
constexpr wire::Count kMany{0, 10000};

struct Account {
  std::string name;
  uid_t uid;
  gid_t gid;
};

/// An empty name: our own.
core::Result<Account> FindAccount(const std::string& name) {
  std::array<char, 65536> buffer{};
  passwd entry{};
  passwd* found = nullptr;
  if (name.empty()) {
    getpwuid_r(getuid(), &entry, buffer.data(), buffer.size(), &found);
  } else {
    getpwnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
  }
  if (found != nullptr) return Account{found->pw_name, found->pw_uid, found->pw_gid};
  return core::Error{core::Reason::kNotFound,
                     fmt::format("there is no account {} on this host",
                                 name.empty() ? std::to_string(getuid()) : core::ForTerminal(name)),
                     "--user"};
}

core::Result<platform::Fd> OpenFolder(const std::string& path) {
  platform::Fd fd(open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (fd) return fd;
  return platform::SystemFault("open " + core::ForTerminal(path), errno);
}

/// Where sudo looks, as Debian sets it up.
core::Result<std::string> FindCommand(const std::string& name) {
  if (name.find('/') != std::string::npos || name == "sudoedit") return name;
  for (const char* folder : {"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"}) {
    std::string path = std::string(folder) + "/" + name;
    if (access(path.c_str(), X_OK) == 0) return path;
  }
  return core::Error{core::Reason::kNotFound,
                     core::ForTerminal(name) +
                         ": there is no such command on this host; give its "
                         "whole path",
                     "COMMAND"};
}

core::Result<wire::CommandCall> MakeCall(const core::Query& query) {
  core::Result<std::string> command = FindCommand(query.command);
  if (!command) return std::move(command).error();
  core::Result<Account> asker = FindAccount(query.user);
  if (!asker) return std::move(asker).error();
  core::Result<Account> target = FindAccount(query.runas_user);
  if (!target) return std::move(target).error();
  wire::CommandCall call;
  call.user = asker->name;
  call.uid = asker->uid;
  call.mode = query.mode;
  call.command = *command;
  call.argv = query.args;
  call.argv.insert(call.argv.begin(), *command);
  call.files = query.files;
  call.intercepts = query.intercepts;
  call.cwd = query.cwd;
  call.intercepts = query.intercepts;
  call.runas_user = target->name;
  call.runas_uid = target->uid;
  call.runas_gid = target->gid;
  call.api = "explain";  // no sudo asks
  call.pid = static_cast<uint32_t>(getpid());
  return call;
}

struct Judgement {
  bool allowed = false;
  std::string reason, detail, role, rule, text, hint;
  std::string grant;  ///< short id, of one that was asked alone
  std::optional<core::Instant> until;
};

Judgement ReadJudgement(wire::ObjectReader& in) {
  Judgement one;
  one.allowed = in.Bool("allowed");
  one.reason = in.String("reason", kText);
  one.detail = in.String("detail", kText);
  one.role = in.String("role", kText);
  one.rule = in.String("rule", kText);
  one.until = in.OptInstant("until_ms");
  one.text = in.OptString("text", kText).value_or("");
  one.hint = in.OptString("hint", kText).value_or("");
  return one;
}

struct Answer {
  std::string host;
  Judgement whole;
  std::vector<Judgement> grants;
};

core::Result<Answer> ReadAnswer(const wire::Json& json) {
  wire::ObjectReader in(json.get(), wire::UnknownKeys::kIgnore);
  Answer answer;
  answer.host = in.String("host", kText);
  answer.whole = ReadJudgement(in);
  in.Objects("grants", kMany, [&](wire::ObjectReader& item) {
    Judgement one = ReadJudgement(item);
    one.grant = item.String("short", kText);
    one.role = item.String("of", kText);
    answer.grants.push_back(std::move(one));
  });
  if (auto done = in.Finish(); !done) return std::move(done).error();
  return answer;
}

std::string WhyNot(const Judgement& one) {
  const std::optional<core::Reason> reason = core::ParseReason(one.reason);
  return core::ForTerminal(reason ? std::string(core::ReasonText(*reason)) : one.reason) +
         (one.detail.empty() ? "" : " (" + core::ForTerminal(one.detail) + ")");
}

std::string Render(const Answer& answer, const std::string& user, const Style& style) {
  const core::Instant now = platform::WallTime();
  std::string text =
      fmt::format("{} on {}: {}\n", core::ForTerminal(user), core::ForTerminal(answer.host),
                  answer.whole.allowed ? style.Good("allowed") : style.Bad("not allowed"));
  Fields fields;
  if (answer.whole.allowed) {
    fields.Add("role", core::ForTerminal(answer.whole.role));
    fields.Add("rule", core::ForTerminal(answer.whole.rule));
    if (answer.whole.until) fields.Add("until", TimeAndDistance(*answer.whole.until, now));
  } else {
    fields.Add("said", core::LinesForTerminal(answer.whole.text));
    fields.Add("next", core::ForTerminal(answer.whole.hint));
  }
  for (const Judgement& one : answer.grants) {
    fields.Add(core::ForTerminal(one.grant),
               fmt::format("{}: {}", core::ForTerminal(one.role),
                           one.allowed ? "yes, rule " + core::ForTerminal(one.rule) : WhyNot(one)));
  }
  if (answer.grants.empty()) fields.Add("grants", "none here");
  return text + fields.Text(style);
}

}  // namespace

core::Result<Exit> ExplainByHost(Context& context, core::Query query) {
  core::Result<wire::CommandCall> call = MakeCall(query);
  if (!call) return std::move(call).error();
  core::Result<platform::Fd> root = OpenFolder("/");
  if (!root) return std::move(root).error();
  core::Result<platform::Fd> cwd = OpenFolder(query.cwd);
  if (!cwd) return std::move(cwd).error();
  core::Result<AgentClient> agent = AgentClient::Connect(context.paths.user_socket);
  if (!agent) return std::move(agent).error();
  core::Result<wire::Json> json = agent->Explain(*call, root->get(), cwd->get());
  if (!json) return std::move(json).error();
  core::Result<Answer> answer = ReadAnswer(*json);
  if (!answer) return std::move(answer).error();
  context.out.Text(Render(*answer, call->user, context.out.style()));
  const bool allowed = answer->whole.allowed;
  context.out.Json(wire::ObjectBuilder().Value("explanation", *std::move(json)));
  return allowed ? Exit::kDone : Exit::kRefused;
}

}  // namespace daypass::cli
