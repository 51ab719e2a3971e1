// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// The only file that knows CLI11.
#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>

#include "core/duration.h"
#include "core/escape.h"

namespace daypass::cli {
namespace {

constexpr std::string_view kIntroduction =
    "Temporary production access. Ask for a role on a host, approve what others ask,\n"
    "see what you hold.";
constexpr std::string_view kClosing =
    "Every verb has --help and a page: man daypass-VERB. Exit codes are in daypass(1).";

/// Declares a verb's options to CLI11.
class CliOptions : public Options {
 public:
  explicit CliOptions(CLI::App& app) : app_(app) {}

  void Text(std::string& value, std::string_view name, std::string_view metavar,
            std::string_view help, Need need) override {
    Finish(app_.add_option(std::string(name), value, std::string(help)), metavar, need);
  }
  void List(std::vector<std::string>& values, std::string_view name, std::string_view metavar,
            std::string_view help) override {
    CLI::Option* option = app_.add_option(std::string(name), values, std::string(help));
    option->delimiter(',')->allow_extra_args(false);
    Finish(option, metavar, Need::kOptional);
  }
  void Rest(std::vector<std::string>& values, std::string_view name,
            std::string_view help) override {
    CLI::Option* option = app_.add_option(std::string(name), values, std::string(help));
    option->expected(1, CLI::detail::expected_max_vector_size);
    Finish(option, name, Need::kRequired);
  }
  void Duration(std::optional<core::Seconds>& value, std::string_view name, std::string_view help,
                Need need) override {
    const auto read = [&value](const CLI::results_t& texts) {
      core::Result<core::Seconds> duration = core::ParseDuration(texts.at(0));
      if (!duration) throw CLI::ValidationError(duration.error().what);
      value = *duration;
      return true;
    };
    Finish(app_.add_option(std::string(name), read, std::string(help)), "DURATION", need);
  }
  void Number(std::optional<uint64_t>& value, std::string_view name, std::string_view metavar,
              std::string_view help) override {
    const auto read = [&value, name = std::string(name)](const CLI::results_t& texts) {
      uint64_t number = 0;
      if (!CLI::detail::integral_conversion(texts.at(0), number)) {
        throw CLI::ValidationError(name + ": \"" + texts.at(0) + "\" is no whole number");
      }
      value = number;
      return true;
    };
    Finish(app_.add_option(std::string(name), read, std::string(help)), metavar, Need::kOptional);
  }
  void Flag(bool& value, std::string_view name, std::string_view help) override {
    app_.add_flag(std::string(name), value, std::string(help));
  }

 private:
  static void Finish(CLI::Option* option, std::string_view metavar, Need need) {
    if (!metavar.empty()) option->option_text(std::string(metavar));
    option->required(need == Need::kRequired);
  }

  CLI::App& app_;
};

std::unique_ptr<CLI::App> MakeApp(Globals& globals) {
  auto app = std::make_unique<CLI::App>(std::string(kIntroduction), "daypass");
  app->footer(std::string(kClosing));
  app->require_subcommand(1);
  app->fallthrough(true);
  app->set_version_flag("--version", "daypass " DAYPASS_VERSION, "print the version");
  app->add_flag("--json", globals.json, "print one JSON object instead of text");
  app->add_option("--server", globals.server, "server to ask, instead of cli.toml's")
      ->option_text("URL");
  app->add_flag("--no-color", globals.no_color, "no colours (as does NO_COLOR in the environment)");
  app->add_option("--config", globals.config, "folder of cli.toml, instead of ~/.config/daypass")
      ->option_text("DIR");
  app->add_option("--root", globals.root, "prefix of this host's paths, for trials")
      ->option_text("DIR");
  return app;
}

CLI::App* FindGroup(CLI::App& app, const std::string& name) {
  const auto found =
      app.get_subcommands([&](const CLI::App* group) { return group->get_name() == name; });
  return found.empty() ? nullptr : found.front();
}

/// The subcommand for a row; "host token" becomes token below host.
CLI::App* AddVerb(CLI::App& app, const VerbRow& row) {
  const size_t space = row.name.find(' ');
  CLI::App* parent = &app;
  std::string name(row.name);
  if (space != std::string_view::npos) {
    const std::string group(row.name.substr(0, space));
    name = row.name.substr(space + 1);
    parent = FindGroup(app, group);
    if (parent == nullptr) {
      parent = app.add_subcommand(group, "see: daypass " + group + " --help");
      parent->require_subcommand(1);
    }
  }
  CLI::App* verb = parent->add_subcommand(name, std::string(row.summary));
  verb->footer(std::string(row.help));
  return verb;
}

/// The verb as far as it was understood: "daypass host".
std::string ParsedVerb(const CLI::App& app) {
  std::string verb = "daypass";
  for (const CLI::App* at = &app; !at->get_subcommands().empty();) {
    at = at->get_subcommands().front();
    verb += " " + at->get_name();
  }
  return verb;
}

std::string UsageFault(const CLI::App& app, std::string_view what) {
  return "daypass: " + core::ForTerminal(what) + "\nTry: " + ParsedVerb(app) + " --help\n";
}

/// What stands where a verb should: CLI11 only says that one is missing.
std::string MissingVerb(const CLI::App& app, const std::vector<std::string>& arguments) {
  const std::string parsed = ParsedVerb(app);
  auto understood = std::count(parsed.begin(), parsed.end(), ' ');
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--server" || word == "--config" || word == "--root") ++i;
    if (word.starts_with('-')) continue;
    if (understood-- == 0) return std::string("\"").append(word) + "\" is no verb of " + parsed;
  }
  return "a verb is missing";
}

}  // namespace

CommandLine ParseCommandLine(const std::vector<std::string>& arguments,
                             std::span<const VerbRow> verbs) {
  CommandLine line;
  const std::unique_ptr<CLI::App> app = MakeApp(line.globals);
  std::vector<std::pair<CLI::App*, std::unique_ptr<Verb>>> made;
  for (const VerbRow& row : verbs) {
    made.emplace_back(AddVerb(*app, row), row.make());
    CliOptions options(*made.back().first);
    made.back().second->Declare(options);
  }
  try {
    app->parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::CallForVersion& version) {
    line.text = std::string(version.what()) + "\n";
    return line;
  } catch (const CLI::Success&) {
    line.text = app->help();
    return line;
  } catch (const CLI::ParseError& fault) {
    line.exit = Exit::kUsage;
    const bool no_verb = std::string_view(fault.what()) == "A subcommand is required";
    line.text = UsageFault(*app, no_verb ? MissingVerb(*app, arguments) : fault.what());
    return line;
  }
  for (auto& [subcommand, verb] : made) {
    if (subcommand->parsed()) line.verb = std::move(verb);
  }
  return line;
}

}  // namespace daypass::cli
