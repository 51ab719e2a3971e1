// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "policy/zones.h"

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/file.h"

namespace daypass::policy {
namespace {

constexpr size_t kMaxFileBytes = size_t{1} << 16;
constexpr size_t kHeaderBytes = 44;

core::Error Bad(const std::string& what) {
  return {core::Reason::kMalformed, what, ""};
}

int64_t BigEndian(std::string_view bytes) {
  uint64_t value = (bytes[0] & 0x80) != 0 ? ~uint64_t{0} : 0;
  for (const char byte : bytes) value = value << 8 | static_cast<uint8_t>(byte);
  return static_cast<int64_t>(value);
}

/// How much there is of what, in one of the two blocks of a file.
struct Header {
  size_t utc_marks, standard_marks, leaps, times, types, name_bytes;

  size_t DataBytes(size_t time_bytes) const {
    return times * (time_bytes + 1) + types * 6 + name_bytes + leaps * (time_bytes + 4) +
           standard_marks + utc_marks;
  }
};

std::optional<Header> ReadHeader(std::string_view bytes) {
  if (bytes.size() < kHeaderBytes || bytes.substr(0, 4) != "TZif" || bytes[4] < '2') {
    return std::nullopt;
  }
  size_t counts[6];
  for (size_t i = 0; i < 6; ++i) {
    const int64_t count = BigEndian(bytes.substr(20 + 4 * i, 4));
    if (count < 0 || static_cast<size_t>(count) > kMaxFileBytes) return std::nullopt;
    counts[i] = static_cast<size_t>(count);
  }
  return Header{counts[0], counts[1], counts[2], counts[3], counts[4], counts[5]};
}

/// From `at` on the wall is this far ahead of UTC.
struct Change {
  core::Instant at;
  core::Seconds offset;
};

/// The changes that the table lists. `data`: a block of eight-byte times, as long as it says.
std::optional<std::vector<Change>> ReadChanges(const Header& header, std::string_view data) {
  const std::string_view types = data.substr(header.times * 8);
  std::vector<Change> changes;
  for (size_t i = 0; i < header.times; ++i) {
    const auto type = static_cast<uint8_t>(types[i]);
    if (type >= header.types) return std::nullopt;
    const core::Seconds at{BigEndian(data.substr(i * 8, 8))};
    if (std::chrono::abs(at) > std::chrono::years{10000}) continue;  // "since ever"
    const core::Seconds offset{BigEndian(types.substr(header.times + size_t{type} * 6, 4))};
    changes.push_back({core::Instant{at}, offset});
  }
  return changes;
}

/// Whether the rule says what the table does, from the last change before `from` on.
bool Agrees(const core::Zone& zone, const std::vector<Change>& changes, core::Instant from) {
  const auto is_offset = [&](core::Instant at, core::Seconds offset) {
    return core::ToLocal(zone, at).time_since_epoch() - offset ==
           std::chrono::floor<core::Seconds>(at).time_since_epoch();
  };
  for (size_t i = 0; i < changes.size(); ++i) {
    const bool is_last = i + 1 == changes.size();
    if (!is_last && changes[i + 1].at <= from) continue;
    if (!is_offset(std::max(changes[i].at, from), changes[i].offset)) return false;
    if (!is_last && !is_offset(changes[i + 1].at - core::Seconds{1}, changes[i].offset)) {
      return false;
    }
  }
  return true;
}

}  // namespace

core::Result<std::string> RuleOfZoneFile(std::string_view bytes, core::Instant from) {
  const core::Error no_table = Bad("is no table of a time zone that we can read");
  const std::optional<Header> old = ReadHeader(bytes);
  if (!old || old->DataBytes(4) > bytes.size() - kHeaderBytes) return no_table;
  bytes.remove_prefix(kHeaderBytes + old->DataBytes(4));
  const std::optional<Header> header = ReadHeader(bytes);
  if (!header || header->DataBytes(8) > bytes.size() - kHeaderBytes) return no_table;
  if (header->leaps > 0) return Bad("counts leap seconds; its time is not ours");
  const auto changes = ReadChanges(*header, bytes.substr(kHeaderBytes));
  bytes.remove_prefix(kHeaderBytes + header->DataBytes(8));
  if (!changes || bytes.size() < 2 || bytes.front() != '\n' || bytes.back() != '\n')
    return no_table;
  const std::string_view rule = bytes.substr(1, bytes.size() - 2);
  const core::Result<core::Zone> zone = core::ParseZone(rule);
  if (!zone) return Bad("has no rule for the time to come: " + zone.error().what);
  if (!Agrees(*zone, *changes, from)) {
    return Bad("will change in ways that no rule can say; name another zone, such as Etc/GMT-1");
  }
  return std::string(rule);
}

core::Result<std::string> ReadZoneRule(const std::string& folder, const std::string& name,
                                       core::Instant from) {
  const std::string path = folder + "/" + name;
  const core::Result<std::string> bytes = platform::ReadFile(path, kMaxFileBytes);
  if (!bytes) {
    return core::Error{core::Reason::kNotFound,
                       "there is no time zone \"" + name + "\" on this machine (" +
                           bytes.error().what + "); zones are named as in the package tzdata",
                       ""};
  }
  core::Result<std::string> rule = RuleOfZoneFile(*bytes, from);
  if (!rule) return Bad("the time zone \"" + name + "\" " + rule.error().what);
  return rule;
}

}  // namespace daypass::policy
