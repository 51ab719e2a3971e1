// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a string in a document may be: length and letters. One rule per kind of name, so that a host
// name is the same thing in a statement, a policy, a configuration file and a token.
#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>

namespace daypass::wire {

/// A kind of string. `accepts`: judges the letters; null: any valid UTF-8. `allowed`: ends the
/// sentence "... is not allowed here; allowed: ".
struct StringRule {
  size_t min_bytes = 1;
  size_t max_bytes = 4096;
  bool (*accepts)(std::string_view) = nullptr;
  std::string_view allowed = "UTF-8";
};

/// One line that a person can read as it is: no control characters, no line ends, nothing that
/// turns the direction of writing or is invisible.
bool IsPlainLine(std::string_view text);
/// The same, but lines may end and tabs may stand.
bool IsPlainText(std::string_view text);
bool IsHostName(std::string_view text);  ///< [a-z0-9][a-z0-9.-]{0,62}
bool IsName(std::string_view text);      ///< roles, people, groups: [a-z0-9][a-z0-9._-]{0,62}
bool IsAccount(std::string_view text);   ///< unix users and groups:
                                         ///< [A-Za-z0-9_][A-Za-z0-9_.@+-]{0,63}, may end in $
bool IsDigest(std::string_view text);    ///< 64 lower-case hexadecimal digits
bool IsHex128(
    std::string_view text);  ///< 32 lower-case hexadecimal digits: realms, numbers, nonces
/// Absolute; no empty, "." or ".." component, no slash at the end except for "/" itself.
bool IsCanonicalPath(std::string_view text);
bool IsZoneName(std::string_view text);   ///< "Europe/Berlin", "Etc/GMT+5", "UTC"
bool IsClockTime(std::string_view text);  ///< "00:00" to "24:00"
bool IsWeekday(std::string_view text);
bool IsFingerprint(std::string_view text);  ///< "SHA256:" and 43 characters of base64

constexpr StringRule kLine{1, 4096, IsPlainLine, "one line of UTF-8 without control characters"};
constexpr StringRule kOptionalLine{0, 4096, IsPlainLine, kLine.allowed};
constexpr StringRule kText{0, 4096, IsPlainText, "UTF-8 without control characters"};
constexpr StringRule kHostName{1, 63, IsHostName, "a-z 0-9 . - beginning with a letter or digit"};
constexpr StringRule kName{1, 63, IsName, "a-z 0-9 . _ - beginning with a letter or digit"};
constexpr StringRule kAccount{1, 64, IsAccount, "a unix account: letters, digits and _ . @ + -"};
constexpr StringRule kDigest{64, 64, IsDigest, "64 lower-case hexadecimal digits"};
constexpr StringRule kHex128{32, 32, IsHex128, "32 lower-case hexadecimal digits"};
constexpr StringRule kPath{1, 4095, IsCanonicalPath, "an absolute path without . or .. or //"};
constexpr StringRule kZoneName{1, 63, IsZoneName, "a time zone, such as Europe/Berlin or UTC"};
constexpr StringRule kClockTime{1, 8, IsClockTime, "a time of day, 00:00 to 24:00"};
constexpr StringRule kWeekday{1, 16, IsWeekday, "sun mon tue wed thu fri sat"};
constexpr StringRule kFingerprint{50, 50, IsFingerprint, "SHA256: and 43 characters of base64"};

inline constexpr std::array<std::string_view, 7> kWeekdays = {"sun", "mon", "tue", "wed",
                                                              "thu", "fri", "sat"};
/// Minutes since midnight of a text that IsClockTime; zero of any other.
std::chrono::minutes ReadClockTime(std::string_view text);

/// `rule` with another upper limit: AtMost(kLine, 1024) for a reason.
constexpr StringRule AtMost(StringRule rule, size_t max_bytes) {
  rule.max_bytes = max_bytes;
  return rule;
}
/// `rule`, but the string may be empty.
constexpr StringRule OrEmpty(StringRule rule) {
  rule.min_bytes = 0;
  return rule;
}

/// The text as valid UTF-8 without NUL: each byte that is neither becomes U+FFFD.
std::string ReplaceBadBytes(std::string_view text);

/// The text with each byte of what is not plain as \xNN: for records and terminals. Backslashes
/// stay as they are, so it cannot be turned back.
std::string Visible(std::string_view text);

/// Text of others made fit for a message: what is not plain becomes '?', and it is cut at 64 bytes.
std::string Printable(std::string_view text);

}  // namespace daypass::wire
