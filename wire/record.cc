// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/record.h"

#include <array>
#include <variant>

#include "wire/document.h"
#include "wire/limits.h"

namespace daypass::wire {
namespace {

constexpr std::string_view kType = "record";

using Text = std::string Record::*;
using Number = std::optional<int64_t> Record::*;
using List = std::vector<std::string> Record::*;

struct Field {
  const char* key;
  std::variant<Text, Number, List> member;
};

// Every field that an event may have: the one list behind writing, reading and showing a record.
constexpr std::array kFields = {
    Field{"mode", &Record::mode},
    Field{"policy", &Record::policy},
    Field{"freshness", &Record::freshness},
    Field{"user", &Record::user},
    Field{"uid", &Record::uid},
    Field{"loginuid", &Record::loginuid},
    Field{"requester", &Record::requester},
    Field{"approvers", &Record::approvers},
    Field{"pid", &Record::pid},
    Field{"session", &Record::session},
    Field{"tty", &Record::tty},
    Field{"rhost", &Record::rhost},
    Field{"door", &Record::door},
    Field{"service", &Record::service},
    Field{"command", &Record::command},
    Field{"argv", &Record::argv},
    Field{"argv_b64", &Record::argv_b64},
    Field{"cwd", &Record::cwd},
    Field{"runas", &Record::runas},
    Field{"runas_uid", &Record::runas_uid},
    Field{"role", &Record::role},
    Field{"rule", &Record::rule},
    Field{"grant", &Record::grant},
    Field{"ticket", &Record::ticket},
    Field{"why", &Record::why},
    Field{"verdict", &Record::verdict},
    Field{"effect", &Record::effect},
    Field{"reason", &Record::reason},
    Field{"detail", &Record::detail},
    Field{"until_ms", &Record::until_ms},
    Field{"query", &Record::query},
    Field{"parent", &Record::parent},
    Field{"exit", &Record::exit},
    Field{"ended_by", &Record::ended_by},
    Field{"scope", &Record::scope},
    Field{"digest", &Record::digest},
};

constexpr StringRule kFieldText = AtMost(kLine, kMaxRecordString);

template <typename... F>
struct Overload : F... {
  using F::operator()...;
};

void ReadField(ObjectReader& in, const Field& field, Record& record) {
  if (!in.Has(field.key)) return;
  std::visit(
      Overload{
          [&](Text text) { record.*text = in.String(field.key, kFieldText); },
          [&](Number number) { record.*number = in.Int(field.key, -kMaxJsonInt, kMaxJsonInt); },
          [&](List list) {
            record.*list = in.Strings(field.key, OrEmpty(kFieldText), {1, kMaxRecordBytes});
          }},
      field.member);
}

void WriteField(const Record& record, const Field& field, ObjectBuilder& out) {
  std::visit(Overload{[&](Text text) { out.OptString(field.key, Visible(record.*text)); },
                      [&](Number number) {
                        if (record.*number) out.Int(field.key, *(record.*number));
                      },
                      [&](List list) {
                        if (!(record.*list).empty()) out.Strings(field.key, record.*list);
                      }},
             field.member);
}

}  // namespace

const core::Digest kNoPrev(64, '0');

std::string EncodeRecord(const Record& record) {
  ObjectBuilder out = MakeHead(record.realm, kType);
  out.Int("seq", static_cast<int64_t>(record.seq))
      .String("prev", record.prev)
      .String("host", record.host)
      .String("boot_id", record.boot_id)
      .Instant("time_ms", record.time)
      .Int("boot_ms", record.boot_ms)
      .String("clock", record.clock)
      .String("event", record.event);
  for (const Field& field : kFields) WriteField(record, field, out);
  return out.Dump();
}

core::Result<Record> ParseRecord(std::string_view bytes) {
  const core::Result<Json> json =
      ParseJson(bytes, {.max_bytes = kMaxRecordBytes, .max_string = kMaxRecordString});
  if (!json) return json.error();
  ObjectReader in(json->get());
  Record record;
  record.realm = ReadHead(in, kType);
  record.seq = static_cast<uint64_t>(in.Int("seq", 1, kMaxJsonInt));
  record.prev = in.String("prev", kDigest);
  record.host = in.String("host", kHostName);
  record.boot_id = in.String("boot_id", kHex128);
  record.time = in.Instant("time_ms");
  record.boot_ms = in.Int("boot_ms", 0, kMaxJsonInt);
  record.clock = in.String("clock", AtMost(kName, 16));
  record.event = in.String("event", kName);
  for (const Field& field : kFields) ReadField(in, field, record);
  if (core::Result<void> done = in.Finish(); !done) return std::move(done).error();
  return record;
}

void ForEachField(const Record& record,
                  const std::function<void(std::string_view key, std::string_view text)>& visit) {
  visit("realm", record.realm);
  visit("seq", std::to_string(record.seq));
  visit("prev", record.prev);
  visit("host", record.host);
  visit("boot_id", record.boot_id);
  visit("time_ms", std::to_string(core::ToMillis(record.time)));
  visit("boot_ms", std::to_string(record.boot_ms));
  visit("clock", record.clock);
  visit("event", record.event);
  for (const Field& field : kFields) {
    std::visit(Overload{[&](Text text) {
                          if (!(record.*text).empty()) visit(field.key, record.*text);
                        },
                        [&](Number number) {
                          if (record.*number) visit(field.key, std::to_string(*(record.*number)));
                        },
                        [&](List list) {
                          for (const std::string& item : record.*list) visit(field.key, item);
                        }},
               field.member);
  }
}

}  // namespace daypass::wire
