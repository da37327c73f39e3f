// Which member writes next. Members wait in order of arrival. A member that finds no leader leads: it takes a group
// from the queue, itself first, runs it, and answers it. Then it passes the turn to the first member that came
// meanwhile. So a single write costs no thread switch, and many writes share one commit.
//
//             no leader
//   enter ───────────────> leading ── take_group ── its group runs ── end_turn ──> answered
//     │                       ^
//     │ there is a leader     │ end_turn of the leader, for the first that waits
//     v                       │
//   waiting ──────────────────┘
//     │     end_turn of the leader, for the members of its group
//     └──────────────────────────────────────────────────────────────────────────> answered
//
// Every function is called with the lock of the writer held; `enter` releases it while it waits.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>

#include "store/engine/group_transaction.hpp"

namespace store {

class Turns {
 public:
  Turns(std::size_t group_limit, std::size_t queue_limit) : group_limit_(group_limit), queue_limit_(queue_limit) {}

  /// False: the queue is full.
  [[nodiscard]] bool has_room() const { return waiting_.size() < queue_limit_; }
  /// A member's place in the queue. It lives until the member was answered or has ended its turn.
  class Place {
   public:
    explicit Place(QueuedWrite& member);
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    friend Turns;
    QueuedWrite& member_;
    // One for each thread. It is shared, because it is notified after the lock was released, when its thread may have
    // ended.
    std::shared_ptr<std::condition_variable> called_;
    bool leads_ = false;
    bool answered_ = false;
  };

  /// Waits until the member leads (true) or another leader has answered it (false).
  bool enter(Place& place, std::unique_lock<std::mutex>& lock);
  /// For the leader: the members that it runs, itself first. Valid until end_turn.
  const Group& take_group();
  /// For the leader: answers its group, and calls the next leader.
  void end_turn(std::unique_lock<std::mutex>& lock);

 private:
  void gather(std::unique_lock<std::mutex>& lock);

  std::size_t group_limit_;
  std::size_t queue_limit_;
  std::deque<Place*> waiting_;
  bool busy_ = false;  // there is a leader
  // Only the leader uses these.
  std::vector<Place*> places_;
  Group group_;
};

}  // namespace store
