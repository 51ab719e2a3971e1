// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass-server: options to verbs, outcomes to words and exit codes.
#include <sys/stat.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <string>

#include "server/verbs.h"
#include "wire/json.h"

namespace {

using daypass::core::Reason;
using daypass::core::Result;

struct Options {
  std::string root;
  std::string names;
  std::string listen = "127.0.0.1:8443";
  std::string file;
};

int ExitCodeOf(Reason reason) {
  switch (reason) {
    case Reason::kMalformed:
    case Reason::kTooLarge:
    case Reason::kUnknownField:
    case Reason::kUnknownFormat:
    case Reason::kPathUnsafe:
      return 3;
    case Reason::kKeyUnknown:
    case Reason::kKeyRefused:
    case Reason::kBadSignature:
    case Reason::kWrongNamespace:
    case Reason::kBelowThreshold:
    case Reason::kRollback:
    case Reason::kEquivocation:
      return 6;
    default:  // every other refusal is a plain no
      return 1;
  }
}

int Finish(const Result<void>& outcome) {
  if (outcome) return 0;
  (void)std::fprintf(stderr, "daypass-server: %s\n", outcome.error().what.c_str());
  return ExitCodeOf(outcome.error().code);
}

int Dispatch(int argc, char** argv) {
  Options options;
  CLI::App app{
      "Daypass server: carries requests, approvals, policies and records; grants nothing."};
  app.add_option("--root", options.root, "Prefix for every path, for tests and trials")
      ->type_name("DIR");
  app.require_subcommand(1);
  app.fallthrough();  // --root may stand after the verb too

  CLI::App* init = app.add_subcommand("init", "Make keys and server.toml");
  init->add_option("--name", options.names, "What people and hosts call this server")
      ->type_name("HOST[,HOST..]")
      ->required();
  init->add_option("--listen", options.listen, "Where to listen")
      ->type_name("ADDRESS:PORT")
      ->capture_default_str();
  CLI::App* trust = app.add_subcommand("trust", "Take the first policy");
  trust->add_option("file", options.file, "The signed policy, an envelope")
      ->type_name("FILE")
      ->required();
  CLI::App* run = app.add_subcommand("run", "Serve until told to stop");

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& fault) {
    constexpr int kUsage = 2;
    return app.exit(fault) == 0 ? 0 : kUsage;
  }
  if (init->parsed()) {
    return Finish(daypass::server::Init(options.root, options.names, options.listen));
  }
  if (trust->parsed()) return Finish(daypass::server::Trust(options.root, options.file));
  if (run->parsed()) return Finish(daypass::server::Run(options.root));
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  daypass::wire::EndWithoutMemory();
  umask(022);
  try {
    return Dispatch(argc, argv);
  } catch (const std::exception& fault) {
    (void)std::fprintf(stderr, "daypass-server: %s\n", fault.what());
    return 1;
  }
}
