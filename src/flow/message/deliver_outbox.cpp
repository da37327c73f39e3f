#include "flow/message/deliver_outbox.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "audit/event.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "courier/backoff.hpp"
#include "courier/breaker.hpp"
#include "flow/house/read_claims.hpp"
#include "flow/house/record.hpp"
#include "flow/message/deliver_logout.hpp"
#include "flow/outbox/message_item.hpp"
#include "identity/identifier/login_name.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::size_t most_in_take = 64;
constexpr std::size_t most_in_queue = 64;   // of one destination
constexpr std::size_t most_at_once = 4;     // tries at one destination
constexpr std::size_t shared_threads = 16;  // of one kind: beyond them a destination has one thread
constexpr std::size_t most_threads = 128;   // of one kind
constexpr base::Duration longest_try = std::chrono::seconds(25);
constexpr base::Duration kept = std::chrono::hours(24);
constexpr base::Duration shortest_wait = std::chrono::seconds(1);
constexpr base::Duration slot = std::chrono::milliseconds(50);

// The id of the application that a logout is for. Each other kind goes to one server: "".
std::string find_destination_of(const store::OutboxItem& item) {
  const auto client_id = find_logout_client_id(item);
  return client_id ? client_id->to_string() : std::string();
}

courier::Delivery deliver(const Deliverers& deliverers, const store::OutboxItem& item, base::Time now) {
  const auto found = deliverers.find(item.kind);
  if (found == deliverers.end()) return courier::retry("no_deliverer");
  try {
    return found->second(item, now);
  } catch (const std::exception& error) {
    base::log(base::Level::error, "a delivery threw", {{"kind", item.kind}, {"reason", error.what()}});
    return courier::retry("threw");
  }
}

std::optional<base::Time> find_next_try(const store::OutboxItem& item, const courier::Delivery& tried, base::Time now) {
  if (tried.kind == courier::Delivery::Kind::give_up) return std::nullopt;
  const double random = static_cast<double>(static_cast<unsigned char>(base::random_bytes(1).front())) / 256.0;
  const auto delay = courier::find_delay({}, item.tries + 1, now - item.created_at, random);
  return delay ? std::optional(now + *delay) : std::nullopt;
}

/// What the list of messages still shows of an item that was delivered: which message, for whom, and whereto in part;
/// of a logout the application and the account, of a request for a reset the account, if it led to one.
base::Result<std::string> kept_of(store::Tx& tx, const store::OutboxItem& item, base::Time now) {
  if (item.kind != "mail" && item.kind != "sms") {
    const auto told = Claims::parse(item.payload);
    if (!told) return std::string();
    if (item.kind == "logout") {
      return to_json_object({{"client_id", told->text("client_id")}, {"sub", told->text("sub")}});
    }
    const auto login = identity::canonical_login(told->text("login"));
    if (!login) return std::string();
    ASSIGN_OR_RETURN(const auto account, store::find_account_by_login(tx, *login, now));
    return account ? to_json_object({{"account", account->id.to_string()}}) : std::string();
  }
  const auto content = parse_payload(item.payload);
  return content ? to_kept_payload(*content) : std::string();
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
      ASSIGN_OR_RETURN(const std::string kept_payload, kept_of(tx, item, now));
      auto finished = store::finish_outbox(tx, item.id, kept_payload, now);
      // What is not there any more needs no end: a deliverer has removed it, or it went with its account.
      if (!finished && finished.error().code != base::Code::not_found) return base::pass_on(std::move(finished));
      return Outcome{.delivered = true};
    }
    const std::string error = tried.code.text();
    RETURN_IF_ERROR(store::postpone_outbox(tx, item.id, next_try, error));
    if (next_try) return Outcome{};
    // The address is not needed any more.
    RETURN_IF_ERROR(store::erase_old_outbox(tx, now - kept));
    RequestFacts facts;
    facts.now = now;
    audit::Event event = make_event(audit::type::delivery_failure, item.tenant_id, facts,
                                    {{"kind", audit::Value::checked_code(item.kind)},
                                     {"item", item.id},
                                     {"reason", audit::Value::checked_code(error)}});
    event.outcome = "failure";
    ASSIGN_OR_RETURN(const auto client, find_logout_client(tx, item));
    if (client) event.client = client->client_id;
    RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
    return Outcome{.given_up = true};
  });
}

struct Queued {
  store::OutboxItem item;
  std::chrono::steady_clock::time_point taken_at;
};

/// The queue and state of one destination.
struct Lane {
  std::string kind;
  std::string destination;  // the id of a logout's application
  std::deque<Queued> queue{};
  std::size_t running = 0;  // threads
  courier::Breaker breaker{};
  courier::Delivery silence{};  // the last delivery that was not answered
  base::Time last_slot{};       // of the items that were put off
};

/// Messages to people have codes among them.
Lane make_lane(const std::string& kind, std::string destination) {
  Lane lane{.kind = kind, .destination = std::move(destination)};
  if (kind == "sms" || kind == "mail") lane.breaker = courier::Breaker(courier::for_codes);
  return lane;
}

struct PutOff {
  store::OutboxItem item;
  base::Time next_at;
  std::optional<courier::Code> error;  // none: the queue was full
};

}  // namespace

struct OutboxSender::Impl {
  Impl(const House& of, const Deliverers& by, Clock time) : house(of), deliverers(by), clock(std::move(time)) {}

  base::Result<std::size_t> take_due();
  base::Result<std::size_t> take_kind(const std::string& kind, base::Time now);
  void work(Lane& lane);
  void try_one(Lane& lane, std::unique_lock<std::mutex>& lock);
  void put_off_queue(Lane& lane, std::unique_lock<std::mutex>& lock);
  PutOff make_put_off(Lane& lane, store::OutboxItem item, base::Time now) const;
  void put_off(const std::vector<PutOff>& items, base::Time now);
  void note_answer(Lane& lane, const courier::Delivery& tried, base::Time now);
  void count(const base::Result<Outcome>& outcome);
  void start_threads(Lane& lane);
  std::vector<std::thread> take_ended();
  void wait();

  const House& house;
  const Deliverers& deliverers;
  Clock clock;
  std::mutex mutex;
  std::condition_variable thread_ended;
  std::map<std::pair<std::string, std::string>, Lane> lanes;  // by kind and destination
  std::map<std::string, std::size_t, std::less<>> threads_of_kind;
  std::map<std::thread::id, std::thread> threads;
  std::vector<std::thread> ended;  // to be joined
  std::size_t delivered = 0;
  std::size_t given_up = 0;
  bool ending = false;
};

base::Result<std::size_t> OutboxSender::Impl::take_due() {
  for (std::thread& thread : take_ended()) thread.join();
  const base::Time now = clock();
  // A read comes first, because an idle server must not write several times a second.
  const auto find_due = [&](store::Tx& tx) -> base::Result<std::vector<std::string>> {
    std::vector<std::string> due;
    for (const auto& [kind, deliver_one] : deliverers) {
      ASSIGN_OR_RETURN(const bool is_due, store::is_kind_due(tx, kind, now));
      if (is_due) due.push_back(kind);
    }
    return due;
  };
  ASSIGN_OR_RETURN(const auto kinds, house.store.read(find_due));
  std::size_t taken = 0;
  for (const std::string& kind : kinds) {
    ASSIGN_OR_RETURN(const std::size_t of_kind, take_kind(kind, now));
    taken += of_kind;
  }
  return taken;
}

base::Result<std::size_t> OutboxSender::Impl::take_kind(const std::string& kind, base::Time now) {
  const auto taken_at = std::chrono::steady_clock::now();
  ASSIGN_OR_RETURN(auto items, house.store.write([&](store::Tx& tx) {
    return store::take_due_outbox(tx, kind, now, now + outbox_lease, most_in_take);
  }));
  std::vector<PutOff> without_room;
  {
    const std::lock_guard lock(mutex);
    for (store::OutboxItem& item : items) {
      std::string destination = find_destination_of(item);
      const auto key = std::make_pair(kind, destination);
      Lane& lane = lanes.try_emplace(key, make_lane(kind, std::move(destination))).first->second;
      if (lane.queue.size() < most_in_queue) {
        lane.queue.push_back({std::move(item), taken_at});
      } else {
        without_room.push_back(make_put_off(lane, std::move(item), now));
      }
    }
    for (auto& [key, lane] : lanes) start_threads(lane);
  }
  put_off(without_room, now);
  return items.size();
}

// When many destinations do not answer at the same time, each of them uses one thread only.
void OutboxSender::Impl::start_threads(Lane& lane) {
  std::size_t& of_kind = threads_of_kind[lane.kind];
  while (!ending && lane.running < std::min(lane.queue.size(), most_at_once)) {
    if (of_kind >= (lane.running == 0 ? most_threads : shared_threads)) return;
    try {
      std::thread thread([this, &lane] { work(lane); });
      threads.emplace(thread.get_id(), std::move(thread));
    } catch (const std::exception& error) {
      // The items stay in the queue for the threads that run, or until their lease ends.
      base::log(base::Level::error, "a delivery has no thread", {{"reason", error.what()}});
      return;
    }
    ++lane.running;
    ++of_kind;
  }
}

void OutboxSender::Impl::work(Lane& lane) {
  std::unique_lock lock(mutex);
  while (!ending && !lane.queue.empty()) {
    if (lane.breaker.admit(clock())) {
      try_one(lane, lock);
    } else {
      put_off_queue(lane, lock);
    }
  }
  --lane.running;
  --threads_of_kind[lane.kind];
  const auto me = threads.find(std::this_thread::get_id());
  ended.push_back(std::move(me->second));
  threads.erase(me);
  thread_ended.notify_all();
}

void OutboxSender::Impl::try_one(Lane& lane, std::unique_lock<std::mutex>& lock) {
  const Queued next = std::move(lane.queue.front());
  lane.queue.pop_front();
  // A try that could outlast its lease is not begun, because another node could send the item as well.
  if (std::chrono::steady_clock::now() - next.taken_at > outbox_lease - longest_try) return lane.breaker.forgo();
  lock.unlock();
  const courier::Delivery tried = deliver(deliverers, next.item, clock());
  const base::Time now = clock();
  const auto outcome = settle(house, next.item, tried, now);
  lock.lock();
  note_answer(lane, tried, now);
  count(outcome);
}

void OutboxSender::Impl::note_answer(Lane& lane, const courier::Delivery& tried, base::Time now) {
  if (tried.unanswered) lane.silence = tried;
  if (!lane.breaker.note(!tried.unanswered, now)) return;
  if (lane.breaker.is_open()) {
    base::log(base::Level::warning, "a destination does not answer; its messages wait",
              {{"kind", lane.kind}, {"client", lane.destination}, {"reason", lane.silence.reason}});
  } else {
    base::log(base::Level::info, "a destination answers again", {{"kind", lane.kind}, {"client", lane.destination}});
  }
}

PutOff OutboxSender::Impl::make_put_off(Lane& lane, store::OutboxItem item, base::Time now) const {
  PutOff made{.item = std::move(item), .next_at = {}, .error = {}};
  if (lane.breaker.is_open()) {
    made.next_at = std::max(lane.breaker.next_probe(), now + shortest_wait);
    made.error = lane.silence.code.not_tried();
  } else {
    lane.last_slot = std::max(lane.last_slot + slot, now + shortest_wait);
    made.next_at = lane.last_slot;
  }
  return made;
}

void OutboxSender::Impl::put_off_queue(Lane& lane, std::unique_lock<std::mutex>& lock) {
  const base::Time now = clock();
  std::vector<PutOff> items;
  for (Queued& queued : lane.queue) items.push_back(make_put_off(lane, std::move(queued.item), now));
  lane.queue.clear();
  lock.unlock();
  put_off(items, now);
  lock.lock();
}

void OutboxSender::Impl::put_off(const std::vector<PutOff>& items, base::Time now) {
  if (items.empty()) return;
  const auto done = house.store.write([&](store::Tx& tx) -> base::Result<void> {
    for (const PutOff& one : items) {
      RETURN_IF_ERROR(store::put_off_outbox(tx, one.item.id, one.next_at, one.error ? one.error->text() : ""));
    }
    return {};
  });
  // Otherwise they are due again when their lease ends.
  if (!done) base::log(base::Level::error, "messages could not be put off", {{"reason", base::describe(done.error())}});
  for (const PutOff& one : items) {
    if (!one.error || now - one.item.created_at < kept) continue;
    const auto outcome = settle(house, one.item, courier::give_up(*one.error), now);
    const std::lock_guard lock(mutex);
    count(outcome);
  }
}

void OutboxSender::Impl::count(const base::Result<Outcome>& outcome) {
  if (!outcome) {
    // The lease ends, and the item is sent once more.
    base::log(base::Level::error, "a delivery could not be recorded", {{"reason", base::describe(outcome.error())}});
    return;
  }
  delivered += outcome->delivered ? 1U : 0U;
  given_up += outcome->given_up ? 1U : 0U;
}

std::vector<std::thread> OutboxSender::Impl::take_ended() {
  const std::lock_guard lock(mutex);
  return std::exchange(ended, {});
}

void OutboxSender::Impl::wait() {
  {
    std::unique_lock lock(mutex);
    thread_ended.wait(lock, [this] { return threads.empty(); });
  }
  for (std::thread& thread : take_ended()) thread.join();
}

OutboxSender::OutboxSender(const House& house, const Deliverers& deliverers, Clock clock)
    : impl_(std::make_unique<Impl>(house, deliverers, std::move(clock))) {}

OutboxSender::~OutboxSender() {
  {
    const std::lock_guard lock(impl_->mutex);
    impl_->ending = true;
  }
  impl_->wait();
}

base::Result<std::size_t> OutboxSender::take_due() {
  return impl_->take_due();
}

void OutboxSender::wait() {
  impl_->wait();
}

std::size_t OutboxSender::delivered() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->delivered;
}

std::size_t OutboxSender::given_up() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->given_up;
}

base::Result<DeliveryRound> deliver_outbox(const House& house, const Deliverers& deliverers, base::Time now) {
  OutboxSender sender(house, deliverers, [now] { return now; });
  DeliveryRound round;
  ASSIGN_OR_RETURN(round.taken, sender.take_due());
  sender.wait();
  round.delivered = sender.delivered();
  round.given_up = sender.given_up();
  ASSIGN_OR_RETURN(round.next_due, house.store.read([](store::Tx& tx) { return store::find_next_due(tx); }));
  return round;
}

}  // namespace flow
