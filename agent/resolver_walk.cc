// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "agent/resolver_walk.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/fault.h"
#include "platform/fd.h"
#include "wire/digest.h"

namespace daypass::agent {
namespace {

using platform::Fd;

constexpr size_t kMaxLinks = 40;                    // as the kernel
constexpr size_t kMaxInterpreters = 5;              // scripts that interpret scripts; as the kernel
constexpr size_t kMaxFolders = 256;                 // below one another; each costs a descriptor
constexpr size_t kHeadBytes = 256;                  // what the kernel reads of a script
constexpr mode_t kOthersWrite = S_IWGRP | S_IWOTH;  // the mask of an ACL shows in the group's bits
constexpr mode_t kAnyExecute = S_IXUSR | S_IXGRP | S_IXOTH;

/// One component that was found and is safe.
struct Place {
  Fd fd;  // O_PATH
  std::string name;
  mode_t mode = 0;
};

/// Pushes the components of `path` onto `ahead`, the first on top. A slash at the end asks for a
/// folder, as "." does.
void PushComponents(std::string_view path, std::vector<std::string>& ahead) {
  std::vector<std::string> components;
  const bool wants_folder = path.ends_with('/');
  while (!path.empty()) {
    const size_t end = std::min(path.find('/'), path.size());
    if (end > 0) components.emplace_back(path.substr(0, end));
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  if (wants_folder) components.emplace_back(".");
  std::move(components.rbegin(), components.rend(), std::back_inserter(ahead));
}

/// O_DIRECTORY first, since it makes an automount happen; a file or a link is opened without.
Fd OpenComponent(int folder, const std::string& name) {
  constexpr int kFlags = O_PATH | O_NOFOLLOW | O_CLOEXEC;
  Fd fd(openat(folder, name.c_str(), kFlags | O_DIRECTORY));
  if (!fd && (errno == ENOTDIR || errno == ELOOP)) fd = Fd(openat(folder, name.c_str(), kFlags));
  return fd;
}

std::string DescriptorPath(int fd) {
  return "/proc/self/fd/" + std::to_string(fd);
}

std::optional<std::string> ReadLink(int fd, const char* name) {
  std::array<char, PATH_MAX> text{};
  const ssize_t size = readlinkat(fd, name, text.data(), text.size());
  if (size <= 0 || static_cast<size_t>(size) == text.size()) return std::nullopt;
  return std::string(text.data(), static_cast<size_t>(size));
}

/// Links of /proc lead each process somewhere else, and some are no paths at all.
bool IsOnProc(int fd) {
  struct statfs facts{};
  return fstatfs(fd, &facts) != 0 || facts.f_type == PROC_SUPER_MAGIC;
}

class Walk {
 public:
  explicit Walk(const AskerFolders& folders) : folders_(folders) {}

  /// Walks to the end of `path`. False: stopped; see unsafe().
  bool Go(const std::string& path) {
    if (!Begin()) return false;
    if (!path.starts_with('/') && !EnterCwd()) return false;
    return Follow(path);
  }

  const std::string& unsafe() const { return unsafe_; }
  bool Exists() const { return missing_.empty(); }
  const Place& here() const { return places_.back(); }

  /// The path walked so far, without symlinks, as seen from the asker's root.
  std::string Canonical() const {
    std::string path;
    for (size_t i = 1; i < places_.size(); ++i) path += "/" + places_[i].name;
    for (const std::string& name : missing_) path += "/" + name;
    return path.empty() ? "/" : path;
  }

 private:
  bool Stop(std::string why) {
    unsafe_ = std::move(why);
    return false;
  }

  bool Begin() {
    Fd root(fcntl(folders_.root, F_DUPFD_CLOEXEC, 0));
    return Judge(std::move(root), "");
  }

  /// Finds where the cwd is by the name that the kernel has for it, walks there from the root, and
  /// sees whether it is there: so every folder above it has been judged.
  bool EnterCwd() {
    const auto root = ReadLink(AT_FDCWD, DescriptorPath(folders_.root).c_str());
    auto cwd = ReadLink(AT_FDCWD, DescriptorPath(folders_.cwd).c_str());
    const std::string lost = "the current folder cannot be found from the root";
    if (!root || !cwd) return Stop(lost);
    if (*root != "/") {
      if (*cwd != *root && !cwd->starts_with(*root + "/")) return Stop(lost);
      cwd->erase(0, root->size());
    }
    if (!Follow(*cwd)) return false;
    struct stat walked{};
    struct stat passed{};
    const bool is_known =
        Exists() && fstat(here().fd.get(), &walked) == 0 && fstat(folders_.cwd, &passed) == 0;
    const bool is_same = walked.st_dev == passed.st_dev && walked.st_ino == passed.st_ino;
    return (is_known && is_same && S_ISDIR(walked.st_mode)) || Stop(lost);
  }

  bool Follow(std::string_view path) {
    std::vector<std::string> ahead;
    PushComponents(path, ahead);
    if (path.starts_with('/')) GoToRoot();
    while (!ahead.empty()) {
      const std::string name = std::move(ahead.back());
      ahead.pop_back();
      if (!Step(name, ahead)) return false;
    }
    return true;
  }

  void GoToRoot() {
    places_.resize(1);
    missing_.clear();
  }

  bool Step(const std::string& name, std::vector<std::string>& ahead) {
    if (places_.size() + missing_.size() > kMaxFolders ||
        Canonical().size() + name.size() + 1 >= PATH_MAX) {
      return Stop("the path is too long; at most " + std::to_string(kMaxFolders) + " folders and " +
                  std::to_string(PATH_MAX - 1) + " bytes");
    }
    if (!Exists()) {
      if (name == "..") return Stop(Canonical() + " does not exist");
      if (name != ".") missing_.push_back(name);
      return true;
    }
    if (!S_ISDIR(here().mode)) return Stop(Canonical() + " is not a folder");
    if (name == ".") return true;
    if (name == "..") {
      if (places_.size() > 1) places_.pop_back();
      return true;
    }
    return Enter(name, ahead);
  }

  bool Enter(const std::string& name, std::vector<std::string>& ahead) {
    const int folder = here().fd.get();
    Fd found = OpenComponent(folder, name);
    const int error = errno;
    if (!found && error == ENOENT) {
      missing_.push_back(name);
      return true;
    }
    if (!found) return Stop(PathOf(name) + " cannot be opened: " + platform::ErrnoText(error));
    if (!Judge(std::move(found), name)) return false;
    return !S_ISLNK(here().mode) || FollowLink(ahead);
  }

  /// Takes a component as the place where we are, if it is root's alone.
  bool Judge(Fd found, const std::string& name) {
    struct stat facts{};
    if (!found || fstat(found.get(), &facts) != 0) {
      return Stop(PathOf(name) + " cannot be read: " + platform::ErrnoText(errno));
    }
    if (facts.st_uid != 0) {
      return Stop(PathOf(name) + " belongs to uid " + std::to_string(facts.st_uid) +
                  ", not to root");
    }
    // The mode of a symlink says nothing. Sticky folders are no exception: files come and go there.
    if (!S_ISLNK(facts.st_mode) && (facts.st_mode & kOthersWrite) != 0) {
      return Stop(PathOf(name) + " can be written by others than root");
    }
    places_.push_back({std::move(found), name, facts.st_mode});
    return true;
  }

  /// The place where we are is a link: what it says comes next, from the folder that holds it.
  bool FollowLink(std::vector<std::string>& ahead) {
    const std::string path = Canonical();
    const Fd link = std::move(places_.back().fd);
    places_.pop_back();
    if (++links_ > kMaxLinks) {
      return Stop(path + " is one symbolic link too many; at most " + std::to_string(kMaxLinks));
    }
    if (IsOnProc(link.get())) return Stop(path + " is a link of /proc");
    const auto target = ReadLink(link.get(), "");
    if (!target) return Stop(path + " cannot be read: " + platform::ErrnoText(errno));
    if (target->starts_with('/')) GoToRoot();
    PushComponents(*target, ahead);
    return true;
  }

  std::string PathOf(const std::string& name) const {
    if (places_.empty()) return "/";
    return (places_.size() == 1 ? "" : Canonical()) + "/" + name;
  }

  AskerFolders folders_;
  std::vector<Place> places_;         // from the root down to where we are
  std::vector<std::string> missing_;  // behind it, not there yet
  size_t links_ = 0;
  std::string unsafe_;
};

/// Opens for reading what was only looked at: the same file, whatever its name means by now.
Fd Reopen(const Place& place) {
  return Fd(
      open(DescriptorPath(place.fd.get()).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
}

/// Mapped, not read: a large file costs no memory. If root cuts it off meanwhile, this helper dies
/// of it and the question is answered with a fault.
std::string HashContent(const Place& place) {
  const Fd file = Reopen(place);
  struct stat facts{};
  if (!file || fstat(file.get(), &facts) != 0 || !S_ISREG(facts.st_mode)) return "";
  const auto size = static_cast<size_t>(facts.st_size);
  if (size > kMaxHashedBytes) return "";
  if (size == 0) return wire::Sha256Hex("");
  void* const bytes = mmap(nullptr, size, PROT_READ, MAP_PRIVATE, file.get(), 0);
  if (bytes == MAP_FAILED) return "";
  std::string digest = wire::Sha256Hex({static_cast<const char*>(bytes), size});
  munmap(bytes, size);
  return digest;
}

std::string CheckCommand(const AskerFolders& folders, const Walk& walk, size_t depth);

/// Why a script's interpreter may not be trusted, or nothing.
std::string CheckInterpreter(const AskerFolders& folders, const Walk& script, size_t depth) {
  const Fd file = Reopen(script.here());
  std::array<char, kHeadBytes> head{};
  const ssize_t got = file ? pread(file.get(), head.data(), head.size(), 0) : -1;
  if (got < 0) return script.Canonical() + " cannot be read: " + platform::ErrnoText(errno);
  const std::string interpreter(InterpreterOf({head.data(), static_cast<size_t>(got)}));
  if (interpreter.empty()) return "";
  if (depth >= kMaxInterpreters) return script.Canonical() + " has too many interpreters";
  Walk walk(folders);
  if (!walk.Go(interpreter)) return walk.unsafe();
  return CheckCommand(folders, walk, depth + 1);
}

/// Why this place may not be run, or nothing.
std::string CheckCommand(const AskerFolders& folders, const Walk& walk, size_t depth) {
  if (!walk.Exists()) return walk.Canonical() + " does not exist";
  if (!S_ISREG(walk.here().mode)) return walk.Canonical() + " is not a regular file";
  if ((walk.here().mode & kAnyExecute) == 0) return walk.Canonical() + " is not executable";
  return CheckInterpreter(folders, walk, depth);
}

core::PathFact Unsafe(std::string why) {
  return {.canonical = {}, .safe = false, .unsafe = std::move(why), .sha256 = {}};
}

}  // namespace

std::string_view InterpreterOf(std::string_view head) {
  constexpr std::string_view kMark = "#!";
  constexpr std::string_view kBlanks = " \t";
  constexpr std::string_view kEnds{" \t\n\0", 4};
  if (!head.starts_with(kMark)) return {};
  head.remove_prefix(kMark.size());
  head.remove_prefix(std::min(head.find_first_not_of(kBlanks), head.size()));
  return head.substr(0, head.find_first_of(kEnds));
}

core::PathFact ResolvePath(const AskerFolders& folders, const PathQuestion& question) {
  const std::string& path = question.path;
  if (path.empty()) return Unsafe("an empty path does not exist");
  if (path.size() >= PATH_MAX || path.find('\0') != std::string::npos) {
    return Unsafe("the path is too long; at most " + std::to_string(PATH_MAX - 1) + " bytes");
  }
  Walk walk(folders);
  if (!walk.Go(path)) return Unsafe(walk.unsafe());
  if (question.is_command) {
    std::string why = CheckCommand(folders, walk, 0);
    if (!why.empty()) return Unsafe(std::move(why));
  }
  core::PathFact fact{.canonical = walk.Canonical(), .safe = true, .unsafe = {}, .sha256 = {}};
  const bool is_file = walk.Exists() && S_ISREG(walk.here().mode);
  if (question.want_sha256 && is_file) fact.sha256 = HashContent(walk.here());
  return fact;
}

}  // namespace daypass::agent
