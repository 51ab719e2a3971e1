// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/config.h"

#include <arpa/inet.h>
#include <toml++/toml.h>

#include <array>
#include <charconv>

#include "wire/string_rule.h"

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

Error At(const std::string& path, const toml::source_region& where, Reason reason,
         std::string_view what) {
  return {reason,
          path + ":" + std::to_string(where.begin.line) + ":" +
              std::to_string(where.begin.column) + ": " + std::string(what),
          path};
}

Result<void> CheckKeys(const toml::table& table, std::initializer_list<std::string_view> known,
                       const std::string& path) {
  for (const auto& [key, value] : table) {
    bool is_known = false;
    std::string list;
    for (std::string_view name : known) {
      is_known = is_known || key.str() == name;
      list += (list.empty() ? "" : ", ") + std::string(name);
    }
    if (!is_known) {
      return At(path, key.source(), Reason::kUnknownField,
                "\"" + std::string(key.str()) + "\" is not known here; known: " + list);
    }
  }
  return {};
}

Result<std::vector<std::string>> ReadNames(const toml::table& server, const std::string& path) {
  const toml::array* array = server["names"].as_array();
  if (array == nullptr || array->empty()) {
    return At(path, server.source(), Reason::kMalformed,
              "server.names: wanted, a list of at least one host name or IP address");
  }
  std::vector<std::string> names;
  for (const toml::node& node : *array) {
    const auto name = node.value_exact<std::string>();
    if (!name || !IsServerName(*name)) {
      return At(path, node.source(), Reason::kMalformed,
                "server.names: must be host names or IP addresses");
    }
    names.push_back(*name);
  }
  return names;
}

}  // namespace

bool IsServerName(const std::string& name) { return wire::IsHostName(name) || IsIpAddress(name); }

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
  toml::table root;
  try {  // toml++ has no other way to say it
    root = toml::parse(text, std::string_view(path));
  } catch (const toml::parse_error& fault) {
    return At(path, fault.source(), Reason::kMalformed, fault.description());
  }
  if (auto known = CheckKeys(root, {"server"}, path); !known) return std::move(known).error();
  const toml::table* server = root["server"].as_table();
  if (server == nullptr) {
    return At(path, root.source(), Reason::kMalformed, "the table [server] is wanted");
  }
  if (auto known = CheckKeys(*server, {"listen", "names"}, path); !known) {
    return std::move(known).error();
  }
  Config config;
  const auto listen = (*server)["listen"].value_exact<std::string>();
  auto parsed = ParseListen(listen.value_or(""), config);
  if (!parsed) {
    const toml::node* node = server->get("listen");
    return At(path, node == nullptr ? server->source() : node->source(), Reason::kMalformed,
              "server." + parsed.error().what);
  }
  auto names = ReadNames(*server, path);
  if (!names) return std::move(names).error();
  config.names = std::move(*names);
  return config;
}

std::string EncodeConfig(const Config& config) {
  const bool is_v6 = config.address.find(':') != std::string::npos;
  std::string text =
      "# Daypass server: see daypass-server.toml(5).\n"
      "[server]\n"
      "listen = \"" + (is_v6 ? "[" + config.address + "]" : config.address) + ":" +
      std::to_string(config.port) + "\"\n"
      "# What people and hosts call this server; its certificate is for these names.\n"
      "names = [";
  for (const std::string& name : config.names) {
    text += (&name == config.names.data() ? "\"" : ", \"") + name + "\"";
  }
  return text + "]\n";
}

}  // namespace daypass::server
