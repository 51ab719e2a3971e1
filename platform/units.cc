// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "platform/units.h"

#include <systemd/sd-bus.h>

#include <map>
#include <utility>

#include "platform/fault.h"

namespace daypass::platform {
namespace {

constexpr char kService[] = "org.freedesktop.systemd1";
constexpr char kManagerPath[] = "/org/freedesktop/systemd1";
constexpr char kManager[] = "org.freedesktop.systemd1.Manager";
constexpr char kNoSuchUnit[] = "org.freedesktop.systemd1.NoSuchUnit";
constexpr uint64_t kUsPerMs = 1'000;

struct Unref {
  void operator()(sd_bus* bus) const noexcept { sd_bus_close_unref(bus); }
  void operator()(sd_bus_message* message) const noexcept { sd_bus_message_unref(message); }
  void operator()(sd_bus_slot* slot) const noexcept { sd_bus_slot_unref(slot); }
};
using Message = std::unique_ptr<sd_bus_message, Unref>;
using Slot = std::unique_ptr<sd_bus_slot, Unref>;

core::Error Uncontained(const std::string& what) {
  return {core::Reason::kContainmentFailed, what, {}};
}

uint64_t ToMicros(core::Millis time) {
  return time.count() <= 0 ? 0 : static_cast<uint64_t>(time.count()) * kUsPerMs;
}

/// The properties of StartTransientUnit, as a(sv). Negative errno on failure.
int AppendProperties(sd_bus_message* message, const ScopeRequest& scope) {
  std::vector<uint32_t> pids(scope.pids.begin(), scope.pids.end());
  int r = sd_bus_message_open_container(message, 'a', "(sv)");
  if (r < 0) return r;
  r = sd_bus_message_append(message, "(sv)(sv)(sv)(sv)(sv)",                         //
                            "Description", "s", scope.description.c_str(),           //
                            "Slice", "s", scope.slice.c_str(),                       //
                            "SendSIGHUP", "b", static_cast<int>(scope.send_hangup),  //
                            "TimeoutStopUSec", "t", ToMicros(scope.stop_timeout),    //
                            "CollectMode", "s", "inactive-or-failed");
  if (r >= 0 && scope.longest) {
    r = sd_bus_message_append(message, "(sv)", "RuntimeMaxUSec", "t", ToMicros(*scope.longest));
  }
  if (r >= 0) r = sd_bus_message_open_container(message, 'r', "sv");
  if (r >= 0) r = sd_bus_message_append(message, "s", "PIDs");
  if (r >= 0) r = sd_bus_message_open_container(message, 'v', "au");
  if (r >= 0) {
    r = sd_bus_message_append_array(message, 'u', pids.data(), pids.size() * sizeof(uint32_t));
  }
  if (r >= 0) r = sd_bus_message_close_container(message);  // v
  if (r >= 0) r = sd_bus_message_close_container(message);  // r
  if (r >= 0) r = sd_bus_message_close_container(message);  // a
  return r;
}

}  // namespace

/// One connection and the calls under way on it. A call ends once: by a fault in the reply, by the
/// reply (KillUnit), by the end of the job that the reply names, by the deadline, or by the bus.
class Units::Bus {
 public:
  Bus(EventLoop& loop, std::string address) : loop_(loop), address_(std::move(address)) {}
  Bus(const Bus&) = delete;
  Bus& operator=(const Bus&) = delete;
  Bus(Bus&&) = delete;
  Bus& operator=(Bus&&) = delete;
  ~Bus() = default;

  using Fill = std::function<int(sd_bus_message*)>;
  enum class Until : uint8_t {
    kReply,
    kJobDone,
    kGone,  ///< the job is done, or there is no such unit
  };

  /// `verb`: for texts, "start daypass-x.scope".
  void Call(const char* method, std::string verb, const Fill& fill, Until until,
            core::Millis patience, Callback callback);

 private:
  struct Pending {
    Bus* owner = nullptr;
    uint64_t id = 0;
    std::string verb;
    Until until = Until::kReply;
    Callback callback;
    std::string job;  // object path, once the reply has named it
    Slot reply;
    EventLoop::Source deadline;
    EventLoop::Source failure;
  };

  int Connect();
  int Send(const char* method, const Fill& fill, Pending& call);
  void Finish(uint64_t id, core::Result<void> result);
  void HandleReply(Pending& call, sd_bus_message* reply);
  void HandleJobRemoved(sd_bus_message* signal);
  void FailAll();

  static int OnReply(sd_bus_message* reply, void* call, sd_bus_error*) noexcept;
  static int OnJobRemoved(sd_bus_message* signal, void* self, sd_bus_error*) noexcept;
  static int OnDisconnected(sd_bus_message* signal, void* self, sd_bus_error*) noexcept;

  EventLoop& loop_;
  std::string address_;
  std::unique_ptr<sd_bus, Unref> bus_;
  uint64_t next_id_ = 1;
  std::map<uint64_t, std::unique_ptr<Pending>> calls_;
};

int Units::Bus::Connect() {
  if (bus_ && sd_bus_is_open(bus_.get()) > 0) return 0;
  bus_.reset();
  sd_bus* made = nullptr;
  int r = sd_bus_new(&made);
  if (r < 0) return r;
  std::unique_ptr<sd_bus, Unref> bus(made);
  constexpr char kSystemBus[] = "unix:path=/run/dbus/system_bus_socket";  // not the environment's
  r = sd_bus_set_address(made, address_.empty() ? kSystemBus : address_.c_str());
  if (r >= 0) r = sd_bus_set_bus_client(made, 1);
  if (r >= 0) r = sd_bus_start(made);
  if (r >= 0) r = sd_bus_attach_event(made, loop_.get(), SD_EVENT_PRIORITY_NORMAL);
  // The matches go out before any call does: no job can end unseen.
  if (r >= 0) {
    r = sd_bus_match_signal_async(made, nullptr, kService, kManagerPath, kManager, "JobRemoved",
                                  OnJobRemoved, nullptr, this);
  }
  if (r >= 0) {
    r = sd_bus_match_signal_async(made, nullptr, "org.freedesktop.DBus.Local",
                                  "/org/freedesktop/DBus/Local", "org.freedesktop.DBus.Local",
                                  "Disconnected", OnDisconnected, nullptr, this);
  }
  if (r >= 0) bus_ = std::move(bus);
  return r;
}

int Units::Bus::Send(const char* method, const Fill& fill, Pending& call) {
  int r = Connect();
  if (r < 0) return r;
  sd_bus_message* made = nullptr;
  r = sd_bus_message_new_method_call(bus_.get(), &made, kService, kManagerPath, kManager, method);
  const Message message(made);
  if (r >= 0) r = fill(made);
  sd_bus_slot* slot = nullptr;
  // Our own timer is the deadline; sd-bus's is off (0 would be its default of 25 s).
  if (r >= 0) r = sd_bus_call_async(bus_.get(), &slot, made, OnReply, &call, UINT64_MAX);
  if (r >= 0) call.reply.reset(slot);
  return r;
}

void Units::Bus::Call(const char* method, std::string verb, const Fill& fill, Until until,
                      core::Millis patience, Callback callback) {
  const uint64_t id = next_id_++;
  auto& call = *calls_.emplace(id, std::make_unique<Pending>()).first->second;
  call.owner = this;
  call.id = id;
  call.verb = std::move(verb);
  call.until = until;
  call.callback = std::move(callback);

  const int sent = Send(method, fill, call);
  if (sent < 0) {
    auto later = loop_.Defer(
        [this, id, sent] {
          const std::string text = "ask systemd to " + calls_.at(id)->verb;
          Finish(id, SystemFault(text, -sent, core::Reason::kContainmentFailed));
        },
        Priority::kNormal);
    if (later) call.failure = *std::move(later);
  }
  auto deadline = loop_.AfterMonotonic(patience, [this, id] {
    Finish(id,
           core::Error{
               core::Reason::kTooLate, "systemd did not " + calls_.at(id)->verb + " in time", {}});
  });
  if (deadline) call.deadline = *std::move(deadline);
}

void Units::Bus::Finish(uint64_t id, core::Result<void> result) {
  const auto found = calls_.find(id);
  if (found == calls_.end()) return;
  // Out of the table first: the callback may call again.
  const std::unique_ptr<Pending> call = std::move(found->second);
  calls_.erase(found);
  call->callback(std::move(result));
}

void Units::Bus::HandleReply(Pending& call, sd_bus_message* reply) {
  if (const sd_bus_error* error = sd_bus_message_get_error(reply); error != nullptr) {
    const bool gone = call.until == Until::kGone && sd_bus_error_has_name(error, kNoSuchUnit) > 0;
    if (gone)
      Finish(call.id, {});
    else
      Finish(call.id, Uncontained("systemd would not " + call.verb + ": " + error->message));
    return;
  }
  if (call.until == Until::kReply) {
    Finish(call.id, {});
    return;
  }
  const char* job = nullptr;
  if (sd_bus_message_read(reply, "o", &job) < 0) {
    Finish(call.id, Uncontained("systemd's answer cannot be read"));
    return;
  }
  call.job = job;  // HandleJobRemoved ends the call: the signal comes after this reply
}

void Units::Bus::HandleJobRemoved(sd_bus_message* signal) {
  uint32_t number = 0;
  const char *job = nullptr, *unit = nullptr, *result = nullptr;
  if (sd_bus_message_read(signal, "uoss", &number, &job, &unit, &result) < 0) return;
  for (const auto& [id, call] : calls_) {
    if (call->job != job) continue;
    const std::string outcome = result;
    if (outcome == "done") {
      Finish(id, {});
    } else {
      Finish(id, Uncontained("systemd could not " + call->verb + ": " + outcome));
    }
    return;
  }
}

void Units::Bus::FailAll() {
  const auto failing = std::move(calls_);
  calls_.clear();
  for (const auto& [id, call] : failing) {
    call->callback(Uncontained("the bus was lost while systemd was to " + call->verb));
  }
}

int Units::Bus::OnReply(sd_bus_message* reply, void* call, sd_bus_error*) noexcept {
  auto& pending = *static_cast<Pending*>(call);
  pending.owner->HandleReply(pending, reply);
  return 0;
}

int Units::Bus::OnJobRemoved(sd_bus_message* signal, void* self, sd_bus_error*) noexcept {
  static_cast<Bus*>(self)->HandleJobRemoved(signal);
  return 0;
}

int Units::Bus::OnDisconnected(sd_bus_message*, void* self, sd_bus_error*) noexcept {
  static_cast<Bus*>(self)->FailAll();
  return 0;
}

Units::Units(EventLoop& loop, std::string bus_address)
    : bus_(std::make_unique<Bus>(loop, std::move(bus_address))) {}

Units::~Units() = default;

void Units::StartScope(const ScopeRequest& scope, core::Millis patience, Callback callback) {
  const auto fill = [&scope](sd_bus_message* message) {
    int r = sd_bus_message_append(message, "ss", scope.name.c_str(), "fail");
    if (r >= 0) r = AppendProperties(message, scope);
    if (r >= 0) r = sd_bus_message_append(message, "a(sa(sv))", 0);  // no auxiliary units
    return r;
  };
  bus_->Call("StartTransientUnit", "start " + scope.name, fill, Bus::Until::kJobDone, patience,
             std::move(callback));
}

void Units::StopUnit(const std::string& name, core::Millis patience, Callback callback) {
  const auto fill = [&name](sd_bus_message* message) {
    return sd_bus_message_append(message, "ss", name.c_str(), "replace");
  };
  bus_->Call("StopUnit", "stop " + name, fill, Bus::Until::kGone, patience, std::move(callback));
}

void Units::KillUnit(const std::string& name, int signal, core::Millis patience,
                     Callback callback) {
  const auto fill = [&](sd_bus_message* message) {
    return sd_bus_message_append(message, "ssi", name.c_str(), "all", signal);
  };
  bus_->Call("KillUnit", "kill " + name, fill, Bus::Until::kReply, patience, std::move(callback));
}

}  // namespace daypass::platform
