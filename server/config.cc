// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/config.h"

#include <arpa/inet.h>
#include <array>
#include <charconv>

#include "wire/string_rule.h"
#include "wire/toml_table.h"

namespace daypass::server {
namespace {

using core::Error;
using core::Reason;
using core::Result;

bool IsIpAddress(const std::string& text) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, text.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, text.c_str(), bytes.data()) == 1;
}

bool IsNameOfServer(std::string_view text) {
  return IsServerName(std::string(text));
}

constexpr wire::StringRule kServerName{1, 63, IsNameOfServer, "a host name or an IP address"};
constexpr wire::StringRule kListen = wire::AtMost(wire::kLine, 64);

}  // namespace

bool IsServerName(const std::string& name) {
  return wire::IsHostName(name) || IsIpAddress(name);
}

Result<void> ParseListen(std::string_view text, Config& config) {
  const size_t colon = text.rfind(':');
  std::string address{text.substr(0, colon)};
  if (address.starts_with('[') && address.ends_with(']')) {
    address = address.substr(1, address.size() - 2);
  }
  const std::string_view port = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  uint16_t number = 0;
  const auto [rest, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || rest != port.data() + port.size() || !IsIpAddress(address)) {
    return Error{Reason::kMalformed,
                 "listen: must be an IP address and a port, as 127.0.0.1:8443 or [::]:8443",
                 "listen"};
  }
  config.address = address;
  config.port = number;
  return {};
}

Result<Config> ParseConfig(std::string_view text, const std::string& path) {
  auto file = wire::TomlFile::Parse(text, path);
  if (!file) return std::move(file).error();
  wire::Fault fault;
  wire::TomlTable root(*file, fault);
  wire::TomlTable server = root.Table("server");
  const wire::PlacedText listen = server.Text("listen", kListen);
  const std::vector<wire::PlacedText> names = server.Texts("names", kServerName);
  server.Finish();
  root.Finish();

  Config config;
  if (auto parsed = ParseListen(listen.value, config); !parsed) {
    server.Fail(listen.place, parsed.error().what);
  }
  if (names.empty()) server.Fail(server.PlaceOf("names"), "names: at least one");
  if (fault) return fault.error();
  for (const wire::PlacedText& name : names) config.names.push_back(name.value);
  return config;
}

std::string EncodeConfig(const Config& config) {
  const bool is_v6 = config.address.find(':') != std::string::npos;
  std::string text =
      "# Daypass server: see daypass-server.toml(5).\n"
      "[server]\n"
      "listen = \"" +
      (is_v6 ? "[" + config.address + "]" : config.address) + ":" + std::to_string(config.port) +
      "\"\n"
      "# What people and hosts call this server; its certificate is for these names.\n"
      "names = [";
  for (const std::string& name : config.names) {
    text += (&name == config.names.data() ? "\"" : ", \"") + name + "\"";
  }
  return text + "]\n";
}

}  // namespace daypass::server
