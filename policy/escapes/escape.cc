// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/escapes/escape.h"

#include <array>

namespace daypass::policy {
namespace {

const Escape* FindByName(std::string_view name) {
  for (const std::span<const Escape> kind : EscapeKinds()) {
    for (const Escape& row : kind) {
      if (row.program == name) return &row;
    }
  }
  return nullptr;
}

}  // namespace

std::span<const std::span<const Escape>> EscapeKinds() {
  static const std::array kKinds = {ShellEscapes(),   InterpreterEscapes(), EditorEscapes(),
                                    RunnerEscapes(),  FileEscapes(),        NetworkEscapes(),
                                    PackageEscapes(), SystemEscapes(),      ContainerEscapes()};
  return kKinds;
}

const Escape* FindEscape(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  if (const Escape* row = FindByName(name)) return row;
  // Versions, python3.11; and Debian's builds of one program, vim.tiny, nc.openbsd.
  const size_t end = name.find_last_not_of("0123456789.-");
  if (end == std::string_view::npos) return nullptr;
  if (const Escape* row = FindByName(name.substr(0, end + 1))) return row;
  const size_t dot = name.find('.');
  return dot == std::string_view::npos || dot == 0 ? nullptr : FindByName(name.substr(0, dot));
}

}  // namespace daypass::policy
