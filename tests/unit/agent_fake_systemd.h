// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// A process that answers on a unix socket as systemd's manager does on the bus, as far as scopes
// go, with real control groups below a mount of cgroup v2. It can also misbehave.
#pragma once

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-id128.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <fstream>
#include <string>

namespace daypass::agent {

enum class Manners {
  kHonest,   ///< moves the process, then says so
  kLying,    ///< says so, and moves nothing
  kSilent,   ///< never answers
  kRefusing  ///< says no
};

class FakeSystemd {
 public:
  /// `top`: the group that stands for the root of all.
  FakeSystemd(const std::string& top, Manners manners)
      : top_(top), manners_(manners), path_("/tmp/daypass-bus-" + std::to_string(getpid())) {
    unlink(path_.c_str());
    const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path_.c_str(), sizeof address.sun_path - 1);
    if (bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        listen(listener, 1) != 0) {
      std::abort();
    }
    pid_ = fork();
    if (pid_ == 0) Serve(listener);
    close(listener);
  }
  FakeSystemd(const FakeSystemd&) = delete;
  FakeSystemd& operator=(const FakeSystemd&) = delete;
  ~FakeSystemd() {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    unlink(path_.c_str());
  }

  std::string address() const { return "unix:path=" + path_; }

 private:
  [[noreturn]] void Serve(int listener) {
    const int peer = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    sd_id128_t id{};
    const bool ready =
        sd_id128_randomize(&id) >= 0 && sd_bus_new(&bus_) >= 0 &&
        sd_bus_set_fd(bus_, peer, peer) >= 0 && sd_bus_set_server(bus_, 1, id) >= 0 &&
        sd_bus_add_filter(bus_, nullptr, OnMessage, this) >= 0 && sd_bus_start(bus_) >= 0;
    while (ready) {
      const int done = sd_bus_process(bus_, nullptr);
      if (done < 0) break;
      if (done == 0 && sd_bus_wait(bus_, UINT64_MAX) < 0) break;
    }
    _exit(1);
  }

  static int OnMessage(sd_bus_message* call, void* self, sd_bus_error*) {
    const char* method = sd_bus_message_get_member(call);
    if (method == nullptr || !sd_bus_message_get_expect_reply(call)) return 0;
    return static_cast<FakeSystemd*>(self)->Answer(call, method);
  }

  int Answer(sd_bus_message* call, const std::string& method) {
    if (method == "Hello") return sd_bus_reply_method_return(call, "s", ":1.1");
    if (method == "StartTransientUnit") return StartScope(call);
    if (method == "StopUnit") return FinishJob(call, "stopped");
    return sd_bus_reply_method_return(call, nullptr);  // AddMatch, KillUnit
  }

  int StartScope(sd_bus_message* call) {
    if (manners_ == Manners::kSilent) return 1;
    if (manners_ == Manners::kRefusing) {
      return sd_bus_reply_method_errorf(call, "org.freedesktop.systemd1.UnitExists", "no");
    }
    const char* name = nullptr;
    if (sd_bus_message_read(call, "ss", &name, nullptr) < 0) return -EINVAL;
    std::string slice;
    uint32_t pid = 0;
    if (ReadProperties(call, slice, pid) < 0) return -EINVAL;
    if (manners_ == Manners::kHonest) Move(slice, name, pid);
    return FinishJob(call, name);
  }

  static int ReadProperties(sd_bus_message* call, std::string& slice, uint32_t& pid) {
    int r = sd_bus_message_enter_container(call, 'a', "(sv)");
    while (r >= 0 && (r = sd_bus_message_enter_container(call, 'r', "sv")) > 0) {
      const char* key = nullptr;
      const char* text = nullptr;
      r = sd_bus_message_read(call, "s", &key);
      if (r >= 0 && std::strcmp(key, "Slice") == 0) {
        r = sd_bus_message_read(call, "v", "s", &text);
        if (r >= 0) slice = text;
      } else if (r >= 0 && std::strcmp(key, "PIDs") == 0) {
        r = sd_bus_message_read(call, "v", "au", 1, &pid);
      } else if (r >= 0) {
        r = sd_bus_message_skip(call, "v");
      }
      if (r >= 0) r = sd_bus_message_exit_container(call);
    }
    return r;
  }

  void Move(const std::string& slice, const std::string& name, uint32_t pid) const {
    const std::string folder = top_ + "/user.slice/" + slice;
    mkdir((top_ + "/user.slice").c_str(), 0755);
    mkdir(folder.c_str(), 0755);
    mkdir((folder + "/" + name).c_str(), 0755);
    std::ofstream(folder + "/" + name + "/cgroup.procs") << pid;
  }

  int FinishJob(sd_bus_message* call, const char* unit) {
    constexpr char kJob[] = "/org/freedesktop/systemd1/job/1";
    int r = sd_bus_reply_method_return(call, "o", kJob);
    sd_bus_message* signal = nullptr;
    if (r >= 0) {
      r = sd_bus_message_new_signal(bus_, &signal, "/org/freedesktop/systemd1",
                                    "org.freedesktop.systemd1.Manager", "JobRemoved");
    }
    if (r >= 0) r = sd_bus_message_set_sender(signal, "org.freedesktop.systemd1");
    if (r >= 0) r = sd_bus_message_append(signal, "uoss", 1, kJob, unit, "done");
    if (r >= 0) r = sd_bus_send(bus_, signal, nullptr);
    sd_bus_message_unref(signal);
    return r < 0 ? r : 1;
  }

  std::string top_;
  Manners manners_;
  std::string path_;
  pid_t pid_ = 0;
  sd_bus* bus_ = nullptr;
};

}  // namespace daypass::agent
