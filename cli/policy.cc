// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass policy init, build, show, digest: from a folder of TOML files to one document, and what
// it says. Signing and pushing it: policy_sign.cc.
#include <fmt/format.h>

#include "cli/config.h"
#include "cli/policy_file.h"
#include "cli/verb.h"
#include "cli/when.h"
#include "core/escape.h"
#include "platform/clock.h"
#include "platform/file.h"
#include "policy/builder.h"
#include "policy/skeleton.h"
#include "wire/digest.h"
#include "wire/string_rule.h"

namespace daypass::cli {
namespace {

constexpr mode_t kPublic = 0644;  // a policy is no secret

class PolicyInit : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(folder_, "DIR", "", "folder to make", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    const std::vector<policy::SourceFile> files = policy::MakeSkeleton(wire::RandomHex(16));
    for (const policy::SourceFile& file : files) {
      const std::string path = folder_ + "/" + file.name;
      if (!platform::FileExists(path)) continue;
      return core::Error{core::Reason::kConflict, core::ForTerminal(path) + ": is there already",
                         path};
    }
    std::string made;
    for (const policy::SourceFile& file : files) {
      const std::string path = folder_ + "/" + file.name;
      const std::string parent = path.substr(0, path.rfind('/'));
      if (!platform::FileExists(parent)) {
        auto folder = platform::MakeDirectory(parent, {.mode = 0755});
        if (!folder) return std::move(folder).error();
      }
      auto written = platform::WriteFileDurably(path, file.text, {.mode = kPublic});
      if (!written) return std::move(written).error();
      made += "  " + core::ForTerminal(path) + "\n";
    }
    context.out.Text("Made:\n" + made +
                     "Put your people, their keys and the server's status key into it, then:\n"
                     "  daypass policy build " +
                     core::ForTerminal(folder_) + " -o policy.envelope\n");
    wire::ObjectBuilder json;
    json.String("folder", folder_);
    context.out.Json(json);
    return Exit::kDone;
  }

 private:
  std::string folder_;
};

class PolicyBuild : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(folder_, "DIR", "", "folder of policy.toml, people/, roles/ and tests/",
                 Need::kRequired);
    options.Text(output_, "-o,--output", "FILE", "where to write it", Need::kRequired);
    options.Number(options_.version, "--version", "N", "instead of policy.toml's");
    options.Text(previous_, "--previous", "HEX", "digest of the version before");
    options.Text(created_, "--created", "TIME",
                 "time of creation, for the same bytes on every machine");
  }

  core::Result<Exit> Run(Context& context) override {
    options_.now = platform::WallTime();
    if (!created_.empty()) {
      core::Result<core::Instant> created = ParseWhen(created_, options_.now);
      if (!created) return std::move(created).error();
      options_.created = *created;
    }
    if (!previous_.empty()) {
      if (!wire::IsDigest(previous_)) {
        return core::Error{core::Reason::kMalformed,
                           fmt::format("--previous must be {}", wire::kDigest.allowed),
                           "--previous"};
      }
      options_.previous = previous_;
    }
    core::Result<policy::Tree> tree = policy::LoadTree(folder_);
    if (!tree) return std::move(tree).error();
    core::Result<policy::Built> built = policy::BuildPolicy(*tree, options_);
    if (!built) return std::move(built).error();
    auto written = platform::WriteFileDurably(
        output_, wire::EncodeEnvelope({"policy", built->payload, {}}), {.mode = kPublic});
    if (!written) return std::move(written).error();
    Tell(context, built->policy);
    return Exit::kDone;
  }

 private:
  void Tell(Context& context, const core::Policy& policy) const {
    context.out.Text(
        fmt::format("{}: policy version {}; people: {}, roles: {}\ndigest {}\nNext, each "
                    "administrator: daypass "
                    "policy sign {} --key FILE\n",
                    core::ForTerminal(output_), policy.version, policy.people.size(),
                    policy.roles.size(), policy.digest, core::ForTerminal(output_)));
    wire::ObjectBuilder json;
    json.String("file", output_).Int("version", static_cast<int64_t>(policy.version));
    json.String("digest", policy.digest).String("realm", policy.realm);
    context.out.Json(json);
  }

  std::string folder_, output_, previous_, created_;
  policy::BuildOptions options_;
};

class PolicyShow : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(file_, "FILE", "", "a policy's file; without it, the one you hold");
  }

  core::Result<Exit> Run(Context& context) override {
    if (file_.empty()) {
      core::Result<std::string> folder = ConfigFolder(context.globals);
      if (!folder) return std::move(folder).error();
      file_ = PolicyFile(*folder);
    }
    core::Result<PolicyDocument> document = ReadPolicyFile(file_);
    if (!document) return std::move(document).error();
    context.out.Text(RenderPolicy(*document, platform::WallTime(), context.out.style()));
    wire::ObjectBuilder json;
    json.Int("version", static_cast<int64_t>(document->policy.version));
    json.String("digest", document->policy.digest).String("realm", document->policy.realm);
    json.Strings("signed_by", SignedBy(*document));
    json.String("payload", document->envelope.payload);
    context.out.Json(json);
    return Exit::kDone;
  }

 private:
  std::string file_;
};

class PolicyDigest : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(file_, "FILE", "", "a policy's file", Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<PolicyDocument> document = ReadPolicyFile(file_);
    if (!document) return std::move(document).error();
    context.out.Text(document->policy.digest + "\n");
    wire::ObjectBuilder json;
    json.String("digest", document->policy.digest);
    json.Int("version", static_cast<int64_t>(document->policy.version));
    context.out.Json(json);
    return Exit::kDone;
  }

 private:
  std::string file_;
};

}  // namespace

std::unique_ptr<Verb> MakePolicyInit() {
  return std::make_unique<PolicyInit>();
}
std::unique_ptr<Verb> MakePolicyBuild() {
  return std::make_unique<PolicyBuild>();
}
std::unique_ptr<Verb> MakePolicyShow() {
  return std::make_unique<PolicyShow>();
}
std::unique_ptr<Verb> MakePolicyDigest() {
  return std::make_unique<PolicyDigest>();
}

}  // namespace daypass::cli
