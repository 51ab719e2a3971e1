// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Result<T>: a value, or the fault that kept it from being made. Faults travel up unchanged to a
// boundary (main, an IPC answer, an HTTP answer), which words them once. An expected outcome, such
// as a denial, is not a fault: see core/decision.h.
#pragma once

#include <cassert>
#include <string>
#include <utility>
#include <variant>

#include "core/reason.h"

namespace daypass::core {

/// A fault. `code`: what kind, for machines. `what`: one sentence for people that names the thing,
/// what was wrong and what is allowed. `field`: JSON pointer or file the fault is in, may be empty.
struct Error {
  Reason code = Reason::kInternal;
  std::string what;
  std::string field;
};

/// Holds a T or an Error. Reading the wrong one is a bug, caught by assert.
template <typename T>
class [[nodiscard]] Result {
 public:
  // Implicit on purpose: `return value;` and `return error;` are how every function ends.
  Result(T value) : state_(std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::move(error)) {}  // NOLINT(google-explicit-constructor)

  explicit operator bool() const noexcept { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  const Error& error() const& { return std::get<1>(state_); }
  Error&& error() && { return std::get<1>(std::move(state_)); }

 private:
  std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error)  // NOLINT(google-explicit-constructor)
      : error_(std::move(error)), ok_(false) {}

  explicit operator bool() const noexcept { return ok_; }
  const Error& error() const& { return error_; }
  Error&& error() && { return std::move(error_); }

 private:
  Error error_;
  bool ok_ = true;
};

}  // namespace daypass::core
