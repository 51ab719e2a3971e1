// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Resolver: facts about paths and accounts, found by helper processes, so that a hung mount or
// directory service costs one question and not the host. The helpers see nothing of the decider but
// the questions and the descriptors that come with them; how they walk is resolver_walk.h's.
//
//   1. MUST start the helpers' parent before anything is opened: it keeps nothing but its socket.
//   2. MUST answer each question exactly once, within its patience, with facts or a fault; a helper
//      that stayed silent is killed and never believed again.
//   3. MUST NOT wait for a helper anywhere: the decider's loop goes on.
//   4. MUST NOT let questions about accounts, which any user can cause, hold up those about paths.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/query.h"
#include "core/result.h"
#include "core/time.h"
#include "platform/event_loop.h"
#include "platform/fd.h"

namespace daypass::agent {

/// One path to resolve.
struct PathQuestion {
  std::string path;          ///< as given: absolute, or from the folder of the asker
  bool want_sha256 = false;  ///< a rule names the content; at most kMaxHashedBytes of it
  bool is_command = false;   ///< must exist, be a regular executable, and so must its interpreter
};

inline constexpr size_t kMaxPathQuestions = 256;              ///< of one query
inline constexpr size_t kMaxQuestionBytes = 64 * 1024;        ///< all their paths together
inline constexpr size_t kMaxHashedBytes = size_t{256} << 20;  ///< a larger file gets no sha256

/// Forks the process that makes the helpers, and returns our end of its socket; it ends when that
/// is closed, and when we end. Call first in main: before anything else is opened, in the network
/// namespace that the helpers shall have. Fails: kInternal.
core::Result<platform::Fd> ForkResolverHelpers();

class Resolver {
 public:
  using PathsCallback = std::function<void(core::Result<std::vector<core::PathFact>>)>;
  using NameCallback = std::function<void(core::Result<std::optional<std::string>>)>;
  using UidCallback = std::function<void(core::Result<std::optional<uint32_t>>)>;

  /// `helpers`: from ForkResolverHelpers. `on_lost`: their parent is gone and no question can be
  /// answered any more; whoever supervises us should start us anew. `loop` must outlive it.
  static core::Result<std::unique_ptr<Resolver>> Make(platform::EventLoop& loop,
                                                      platform::Fd helpers,
                                                      std::function<void()> on_lost,
                                                      core::Millis patience = core::Millis{1000});
  Resolver(const Resolver&) = delete;
  Resolver& operator=(const Resolver&) = delete;
  Resolver(Resolver&&) = delete;
  Resolver& operator=(Resolver&&) = delete;
  ~Resolver();

  // Each calls back exactly once, from the loop, never before the call returns; not at all after
  // the object is gone. Faults: kTooLate (no answer in time), kTooMany (too many questions wait),
  // kInternal (a helper ended, or there is none).

  /// Facts for each question, in order. `root` and `cwd`: O_PATH descriptors of the asker's "/" and
  /// of the folder that relative paths start from, which carry the asker's mounts; borrowed for the
  /// call. A path that is missing or unsafe is a fact, not a fault: PathFact.unsafe names the
  /// component and why. Fails also: kArgumentsTooLong (a limit above).
  void Resolve(int root, int cwd, const std::vector<PathQuestion>& questions,
               PathsCallback callback);

  /// The account name of a uid as NSS knows it; none if there is no such account.
  void FindAccount(uid_t uid, NameCallback callback);

  /// The uid of an account name; none if there is no such account.
  void FindUid(const std::string& name, UidCallback callback);

 private:
  struct Task;
  struct Helper;

  Resolver(platform::EventLoop& loop, platform::Fd parent, core::Millis patience);

  static bool IsName(const std::unique_ptr<Task>& task);
  void Ask(std::unique_ptr<Task> task);
  void HandOut();
  Helper* IdleHelper();
  void Read(Helper& helper);
  bool TakeMessage(Helper& helper, std::string message);
  void RunOut(const Task* task);
  void Retire(Helper& helper, core::Error why);
  void WatchDying(std::unique_ptr<Helper> helper);

  platform::EventLoop& loop_;
  platform::Fd parent_;
  core::Millis patience_;
  platform::EventLoop::Source parent_watch_;
  platform::EventLoop::Source hand_out_;  // deferred, so that no callback comes from inside a call
  std::deque<std::unique_ptr<Task>> waiting_;
  std::vector<std::unique_ptr<Helper>> helpers_;
  std::vector<std::unique_ptr<Helper>> dying_;  // killed, but the kernel has not let go of them yet
};

}  // namespace daypass::agent
