// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// journald's native protocol, which its authors keep stable (systemd.io, JOURNAL_NATIVE_PROTOCOL).
// libsystemd's sender waits as long as journald does not read: a journald that hangs would hang who
// decides.
#include "platform/journal.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>

#include "platform/fault.h"
#include "platform/fd.h"
#include "platform/memfd.h"

namespace daypass::platform {
namespace {

constexpr char kJournalSocket[] = "/run/systemd/journal/socket";
constexpr size_t kMaxNameBytes = 64;

bool IsFieldName(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !name.empty() && name.size() <= kMaxNameBytes && name[0] >= 'A' && name[0] <= 'Z' &&
         std::all_of(name.begin(), name.end(), allowed);
}

/// A line, or, if the value has lines of its own, its length in front: 64 bits, the lowest first.
void AddField(const JournalField& field, std::string& entry) {
  entry += field.name;
  if (field.value.find('\n') == std::string_view::npos) {
    entry += '=';
  } else {
    entry += '\n';
    for (int shift = 0; shift < 64; shift += 8) {
      entry += static_cast<char>(static_cast<uint64_t>(field.value.size()) >> shift & 0xff);
    }
  }
  entry += field.value;
  entry += '\n';
}

/// Sends bytes, or a descriptor instead (-1: none), without waiting. Returns an errno value.
int SendNow(std::string_view bytes, int descriptor) {
  static const Fd socket_fd(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, kJournalSocket, sizeof kJournalSocket);
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof(int))] = {};
  msghdr message{};
  message.msg_name = &address;
  message.msg_namelen = sizeof address;
  message.msg_iov = &part;
  message.msg_iovlen = bytes.empty() ? 0 : 1;
  if (descriptor >= 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(sizeof(int));
    std::memcpy(CMSG_DATA(head), &descriptor, sizeof descriptor);
  }
  while (sendmsg(socket_fd.get(), &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    if (errno != EINTR) return errno;
  }
  return 0;
}

}  // namespace

core::Result<void> SendToJournal(std::span<const JournalField> fields) {
  std::string entry;
  for (const JournalField& field : fields) {
    if (!IsFieldName(field.name)) {
      // journald would drop the field without a word.
      return core::Error{core::Reason::kInternal,
                         "\"" + std::string(field.name) + "\" cannot name a journal field",
                         {}};
    }
    AddField(field, entry);
  }
  if (entry.empty()) return {};
  int error = SendNow(entry, -1);
  if (error == EMSGSIZE || error == ENOBUFS) {  // too large for a datagram
    core::Result<Fd> memory = MakeSealedMemfd(entry);
    if (!memory) return std::move(memory).error();
    error = SendNow({}, memory->get());
  }
  const core::Reason code = error == EAGAIN ? core::Reason::kTooMany : core::Reason::kInternal;
  if (error != 0) return SystemFault("send to the journal", error, code);
  return {};
}

}  // namespace daypass::platform
