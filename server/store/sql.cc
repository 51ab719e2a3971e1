// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "server/store/sql.h"

#include <soci/soci.h>

#include <deque>
#include <vector>

namespace daypass::server {
namespace {

using Number = long long;  // NOLINT(google-runtime-int): the one integer that SOCI does not cut

}  // namespace

struct Sql::Exchange {
  explicit Exchange(soci::session& sql) : statement(sql) {}

  soci::statement statement;
  std::deque<std::string> texts;  // deques: SOCI keeps addresses
  std::deque<Number> numbers;
  std::vector<std::function<void()>> convert;  // columns that are not a Number or text themselves

  Number& Keep(Number value) { return numbers.emplace_back(value); }
};

Sql::Sql(Tx& tx, std::string text)
    : exchange_(std::make_unique<Exchange>(tx.sql)), text_(std::move(text)) {}

Sql::~Sql() = default;

Sql& Sql::Bind(const std::string& value) {
  exchange_->statement.exchange(soci::use(exchange_->texts.emplace_back(value)));
  return *this;
}

Sql& Sql::Bind(uint64_t value) {
  exchange_->statement.exchange(soci::use(exchange_->Keep(static_cast<Number>(value))));
  return *this;
}

Sql& Sql::Bind(core::Instant value) {
  exchange_->statement.exchange(soci::use(exchange_->Keep(core::ToMillis(value))));
  return *this;
}

Sql& Sql::Into(std::string& column) {
  exchange_->statement.exchange(soci::into(column));
  return *this;
}

Sql& Sql::Into(uint64_t& column) {
  Number& number = exchange_->Keep(0);
  exchange_->statement.exchange(soci::into(number));
  exchange_->convert.emplace_back([&] { column = static_cast<uint64_t>(number); });
  return *this;
}

Sql& Sql::Into(core::Instant& column) {
  Number& number = exchange_->Keep(0);
  exchange_->statement.exchange(soci::into(number));
  exchange_->convert.emplace_back([&] { column = core::FromMillis(number); });
  return *this;
}

void Sql::Execute() {
  exchange_->statement.alloc();
  exchange_->statement.prepare(text_);
  exchange_->statement.define_and_bind();
  exchange_->statement.execute(false);
  executed_ = true;
}

bool Sql::Fetch() {
  if (!executed_) Execute();
  if (!exchange_->statement.fetch()) return false;
  for (const auto& convert : exchange_->convert) convert();
  return true;
}

uint64_t Sql::Run() {
  // "true" makes SOCI step the statement at once; without columns there is nothing to exchange.
  exchange_->statement.alloc();
  exchange_->statement.prepare(text_);
  exchange_->statement.define_and_bind();
  exchange_->statement.execute(true);
  return static_cast<uint64_t>(exchange_->statement.get_affected_rows());
}

}  // namespace daypass::server
