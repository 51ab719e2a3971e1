// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "cli/select.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/escape.h"
#include "wire/json_reader.h"

namespace daypass::cli {
namespace {

constexpr wire::StringRule kLabelValue = wire::AtMost(wire::kLine, 256);

}  // namespace

core::Result<std::pair<std::string, std::string>> ReadLabel(const std::string& text,
                                                            const std::string& option) {
  const size_t equals = text.find('=');
  const std::string name = text.substr(0, equals);
  const std::string value = equals == std::string::npos ? "" : text.substr(equals + 1);
  if (!wire::IsName(name) || value.empty() || value.size() > kLabelValue.max_bytes ||
      !wire::IsPlainLine(value)) {
    return core::Error{core::Reason::kMalformed,
                       fmt::format("{}: \"{}\" is no label; write LABEL=VALUE, the label in {}",
                                   option, core::ForTerminal(text), wire::kName.allowed),
                       option};
  }
  return std::pair{name, value};
}

core::Result<std::vector<std::string>> SelectHosts(const ServerClient& server,
                                                   const std::vector<std::string>& labels) {
  std::vector<std::pair<std::string, std::string>> wanted;
  for (const std::string& text : labels) {
    core::Result<std::pair<std::string, std::string>> label = ReadLabel(text, "--select");
    if (!label) return std::move(label).error();
    wanted.push_back(*std::move(label));
  }
  core::Result<wire::Json> json = server.Get("/v1/hosts");
  if (!json) return std::move(json).error();
  std::vector<std::string> names;
  wire::ObjectReader in(json->get(), wire::UnknownKeys::kIgnore);
  in.Objects("hosts", {0, 1'000'000}, [&](wire::ObjectReader& host) {
    const std::string name = host.String("name", wire::kHostName);
    const auto has = host.StringMap("labels", wire::kName, wire::OrEmpty(kLabelValue), {0, 1000});
    const bool fits = std::all_of(wanted.begin(), wanted.end(), [&](const auto& label) {
      const auto found = has.find(label.first);
      return found != has.end() && found->second == label.second;
    });
    if (fits) names.push_back(name);
  });
  if (auto done = in.Finish(); !done) return std::move(done).error();
  if (names.empty()) {
    return core::Error{core::Reason::kNotFound, "--select: no enrolled host has all these labels",
                       "--select"};
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace daypass::cli
