// Sends what transactions have left in the outbox. An item is leased, so that no other worker or node takes it, handed
// to the deliverer of its kind outside of any transaction, and then finished or postponed. Delivery is at least once.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "courier/deliver.hpp"
#include "flow/house/house.hpp"
#include "store/message/outbox.hpp"

namespace flow {

/// One try. Blocks for at most ten seconds or so; called from several threads at once.
using Deliver = std::function<courier::Delivery(const store::OutboxItem&, base::Time now)>;
/// By OutboxItem::kind: "logout", later "mail" and "sms".
using Deliverers = std::map<std::string, Deliver, std::less<>>;

struct DeliveryRound {
  std::size_t taken = 0;
  std::size_t delivered = 0;
  std::size_t given_up = 0;            // each has its audit event
  std::optional<base::Time> next_due;  // when to come again; nullopt = nothing waits
};

/// One round. An item is given up when its deliverer says so, or after a day (courier::Backoff).
base::Result<DeliveryRound> deliver_outbox(const House& house, const Deliverers& deliverers, base::Time now);

}  // namespace flow
