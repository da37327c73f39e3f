#include "flow/message/deliver_outbox.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include "audit/event.hpp"
#include "base/log.hpp"
#include "courier/backoff.hpp"
#include "flow/house/record.hpp"
#include "store/audit/audit_log.hpp"

namespace flow {
namespace {

constexpr std::size_t most_in_round = 16;
constexpr std::size_t most_threads = 4;  // one relying party that does not answer must not hold up the others
constexpr base::Duration lease = std::chrono::seconds(60);
constexpr base::Duration longest_try = std::chrono::seconds(25);
constexpr base::Duration kept = std::chrono::hours(24);
constexpr std::size_t longest_error = 300;

courier::Delivery deliver(const Deliverers& deliverers, const store::OutboxItem& item, base::Time now) {
  const auto found = deliverers.find(item.kind);
  if (found == deliverers.end()) return courier::retry("nobody here delivers the kind " + item.kind);
  return found->second(item, now);
}

std::optional<base::Time> find_next_try(const store::OutboxItem& item, const courier::Delivery& tried, base::Time now) {
  if (tried.kind == courier::Delivery::Kind::give_up) return std::nullopt;
  const double random = static_cast<double>(static_cast<unsigned char>(base::random_bytes(1).front())) / 256.0;
  const auto delay = courier::find_delay({}, item.tries + 1, now - item.created_at, random);
  return delay ? std::optional(now + *delay) : std::nullopt;
}

struct Outcome {
  bool delivered = false;
  bool given_up = false;
};

base::Result<Outcome> settle(const House& house, const store::OutboxItem& item, const courier::Delivery& tried,
                             base::Time now) {
  const std::optional<base::Time> next_try = find_next_try(item, tried, now);
  return house.store.write([&](store::Tx& tx) -> base::Result<Outcome> {
    if (tried.kind == courier::Delivery::Kind::delivered) {
      RETURN_IF_ERROR(store::finish_outbox(tx, item.id, now));
      return Outcome{.delivered = true};
    }
    const std::string error = tried.reason.substr(0, longest_error);
    RETURN_IF_ERROR(store::postpone_outbox(tx, item.id, next_try, error));
    if (next_try) return Outcome{};
    // Whom it would have reached is nobody's business any more.
    RETURN_IF_ERROR(store::erase_old_outbox(tx, now - kept));
    RequestFacts facts;
    facts.now = now;
    audit::Event event = make_event(audit::type::delivery_failure, item.tenant_id, base::Id(), facts,
                                    {{"kind", item.kind}, {"item", item.id.to_string()}, {"reason", error}});
    event.outcome = "failure";
    RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    return Outcome{.given_up = true};
  });
}

}  // namespace

base::Result<DeliveryRound> deliver_outbox(const House& house, const Deliverers& deliverers, base::Time now) {
  DeliveryRound round;
  // A look first: an idle server must not write several times a second.
  ASSIGN_OR_RETURN(round.next_due, house.store.read([](store::Tx& tx) { return store::find_next_due(tx); }));
  if (!round.next_due || *round.next_due > now) return round;
  ASSIGN_OR_RETURN(const auto items, house.store.write([&](store::Tx& tx) {
    return store::take_due_outbox(tx, now, now + lease, most_in_round);
  }));
  round.taken = items.size();

  std::atomic<std::size_t> next{0};
  std::atomic<std::size_t> delivered{0};
  std::atomic<std::size_t> given_up{0};
  const auto begun = std::chrono::steady_clock::now();
  const auto work = [&] {
    for (std::size_t i = next++; i < items.size(); i = next++) {
      // Peers were slow: what could outlast its lease waits for the next one, lest another node sends it as well.
      if (std::chrono::steady_clock::now() - begun > lease - longest_try) continue;
      const courier::Delivery tried = deliver(deliverers, items[i], now);
      const auto outcome = settle(house, items[i], tried, now);
      if (!outcome) {
        // The lease runs out and the item is sent once more.
        base::log(base::Level::error, "a delivery could not be recorded",
                  {{"reason", base::describe(outcome.error())}});
        continue;
      }
      delivered += outcome->delivered ? 1U : 0U;
      given_up += outcome->given_up ? 1U : 0U;
    }
  };
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(items.size(), most_threads); ++i) threads.emplace_back(work);
    work();
  }
  round.delivered = delivered;
  round.given_up = given_up;
  ASSIGN_OR_RETURN(round.next_due, house.store.read([](store::Tx& tx) { return store::find_next_due(tx); }));
  return round;
}

}  // namespace flow
