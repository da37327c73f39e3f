// Sends the items that transactions have put into the outbox. An item is leased, so that no other worker or node takes
// it. The deliverer of its kind sends it outside any transaction; then it is finished or postponed. Delivery is at
// least once.
//
// Each kind is a destination with its own queue, threads and circuit breaker (courier::Breaker); for logouts each
// application is one. A destination that does not answer does not delay the others. Items that a breaker holds back
// wait in the outbox with the reason, and no try is counted.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "base/time.hpp"
#include "courier/deliver.hpp"
#include "flow/house/house.hpp"
#include "store/message/outbox.hpp"

namespace flow {

/// How long an item belongs to the worker that took it.
inline constexpr base::Duration outbox_lease = std::chrono::seconds(60);

/// One try. Blocks for at most 25 seconds; called from several threads at once.
using Deliver = std::function<courier::Delivery(const store::OutboxItem&, base::Time now)>;
/// By OutboxItem::kind: "logout", "mail", "sms", "reset", "lockout".
using Deliverers = std::map<std::string, Deliver, std::less<>>;

struct DeliveryRound {
  std::size_t taken = 0;
  std::size_t delivered = 0;
  std::size_t given_up = 0;            // each has its audit event
  std::optional<base::Time> next_due;  // of the next round; nullopt = nothing waits
};

/// Keeps the queues, threads and breakers of all destinations.
class OutboxSender {
 public:
  using Clock = std::function<base::Time()>;
  /// `house` and the objects that the deliverers use must outlive it.
  OutboxSender(const House& house, const Deliverers& deliverers, Clock clock = base::now);
  /// Starts no further try, and waits for those that run.
  ~OutboxSender();
  OutboxSender(const OutboxSender&) = delete;
  OutboxSender& operator=(const OutboxSender&) = delete;

  /// Puts the items that are due into the queues and does not wait for deliveries. Gives their number; if it is not 0,
  /// more may be due.
  base::Result<std::size_t> take_due();
  /// Waits until the queues are empty and no try runs.
  void wait();
  /// Numbers since the start.
  [[nodiscard]] std::size_t delivered() const;
  [[nodiscard]] std::size_t given_up() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// One round at the moment `now`, until every try is over. An item is given up when its deliverer says so, or after a
/// day (courier::Backoff).
base::Result<DeliveryRound> deliver_outbox(const House& house, const Deliverers& deliverers, base::Time now);

}  // namespace flow
