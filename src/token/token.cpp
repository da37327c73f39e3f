#include "token/token.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "base/log.hpp"
#include "crypto/digest/hmac.hpp"
#include "token/session.hpp"

namespace token {
namespace {

using Clock = std::chrono::steady_clock;

/// The right PIN of the last login, as a digest under a key of this process.
class KnownPin {
 public:
  void learn(const base::Secret& pin, Clock::time_point until) {
    digest_ = base::Secret(key_.authenticate(pin.reveal()));
    until_ = until;
  }
  void forget() { digest_ = base::Secret(); }
  [[nodiscard]] bool is(const base::Secret& pin, Clock::time_point now) const {
    return !digest_.empty() && now < until_ && base::Secret(key_.authenticate(pin.reveal())) == digest_;
  }
  [[nodiscard]] bool is_over(Clock::time_point now) const { return !digest_.empty() && now >= until_; }
  [[nodiscard]] Clock::time_point until() const { return until_; }
  [[nodiscard]] bool empty() const { return digest_.empty(); }

 private:
  crypto::HmacKey key_{base::Secret(base::random_bytes(32))};
  base::Secret digest_;
  Clock::time_point until_;
};

/// One order with its answer; shared by the caller, who may give up, and the thread.
template <class T>
struct Answer {
  std::mutex mutex;
  std::condition_variable is_there;
  std::optional<base::Result<T>> value;
  bool is_abandoned = false;
};

}  // namespace

class Token::Worker {
 public:
  explicit Worker(Settings settings) : settings_(std::move(settings)), thread_([this] { run(); }) {}
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    {
      const std::lock_guard lock(mutex_);
      is_ending_ = true;
    }
    is_wanted_.notify_all();
    thread_.join();
  }

  [[nodiscard]] const Settings& settings() const { return settings_; }

  /// Runs `work(Session&)` on the token's thread, logged in by the PIN unless it is "".
  template <class T>
  base::Result<T> order(const base::Secret& pin, std::function<base::Result<T>(Session&)> work,
                        base::Duration most_wait = {}) {
    const auto answer = std::make_shared<Answer<T>>();
    const bool is_shorter = most_wait > base::Duration(0) && most_wait < settings_.deadline;
    const Clock::time_point end = Clock::now() + (is_shorter ? most_wait : settings_.deadline);
    {
      const std::lock_guard lock(mutex_);
      if (is_ending_) return base::fail(base::Code::unavailable, "the server stops");
      if (orders_.size() >= settings_.queue) {
        return base::fail(base::Code::too_many, "the queue of the token is full: " + settings_.name);
      }
      orders_.emplace_back([this, answer, pin, end, work = std::move(work)] {
        {
          const std::lock_guard held(answer->mutex);
          if (answer->is_abandoned) return;
        }
        auto made = Clock::now() < end && !is_ending_
                        ? do_order<T>(pin, work)
                        : base::Result<T>(base::fail(base::Code::unavailable, "too late for the token"));
        const std::lock_guard held(answer->mutex);
        answer->value.emplace(std::move(made));
        answer->is_there.notify_all();
      });
    }
    is_wanted_.notify_one();
    std::unique_lock lock(answer->mutex);
    if (!answer->is_there.wait_until(lock, end, [&] { return answer->value.has_value(); })) {
      answer->is_abandoned = true;
      return base::fail(base::Code::unavailable, "the token does not answer in time: " + settings_.name);
    }
    return std::move(*answer->value);
  }

  [[nodiscard]] bool is_unlocked_by(const base::Secret& pin) {
    const std::lock_guard lock(mutex_);
    return known_pin_.is(pin, Clock::now());
  }
  [[nodiscard]] std::int64_t times_lost() const { return times_lost_; }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    for (;;) {
      const auto is_due = [&] { return is_ending_ || !orders_.empty(); };
      if (known_pin_.empty()) {
        is_wanted_.wait(lock, is_due);
      } else if (!is_wanted_.wait_until(lock, known_pin_.until(), is_due)) {
        // Nobody has signed for a while.
        known_pin_.forget();
        lock.unlock();
        if (session_) session_->logout();
        lock.lock();
        continue;
      }
      // Those that still wait at the end are answered, and not begun.
      if (orders_.empty()) break;
      auto next = std::move(orders_.front());
      orders_.pop_front();
      lock.unlock();
      next();
      next = nullptr;  // with its PIN
      lock.lock();
    }
    lock.unlock();
    session_.reset();
  }

  base::Result<void> log_in(const base::Secret& pin) {
    if (pin.empty()) return {};
    {
      const std::lock_guard lock(mutex_);
      if (session_->is_logged_in() && known_pin_.is(pin, Clock::now())) {
        known_pin_.learn(pin, Clock::now() + settings_.login_lasts);
        return {};
      }
      known_pin_.forget();
    }
    RETURN_IF_ERROR(session_->login(pin));
    const std::lock_guard lock(mutex_);
    known_pin_.learn(pin, Clock::now() + settings_.login_lasts);
    return {};
  }

  void close() {
    session_.reset();
    const std::lock_guard lock(mutex_);
    known_pin_.forget();
  }

  template <class T>
  base::Result<T> try_order(const base::Secret& pin, const std::function<base::Result<T>(Session&)>& work) {
    if (!session_) {
      ASSIGN_OR_RETURN(session_, Session::open(settings_));
      if (times_lost_ > 0) base::log(base::Level::info, "a token is open again", {{"token", settings_.name}});
    }
    RETURN_IF_ERROR(log_in(pin));
    return work(*session_);
  }

  template <class T>
  base::Result<T> do_order(const base::Secret& pin, const std::function<base::Result<T>(Session&)>& work) {
    auto made = try_order<T>(pin, work);
    if (made || !session_) return made;
    if (session_->is_lost()) {
      ++times_lost_;
      base::log(base::Level::warning, "a token was lost", {{"token", settings_.name}, {"reason", made.error().reason}});
      close();
      return try_order<T>(pin, work);
    }
    if (!session_->is_stale()) return made;
    // Objects were made anew by another program, or it has logged out.
    session_->forget_handles();
    session_->logout();
    return try_order<T>(pin, work);
  }

  const Settings settings_;
  std::mutex mutex_;
  std::condition_variable is_wanted_;
  std::deque<std::function<void()>> orders_;
  KnownPin known_pin_;
  std::atomic<bool> is_ending_{false};
  std::unique_ptr<Session> session_;  // of the thread alone
  std::atomic<std::int64_t> times_lost_{0};
  std::thread thread_;
};

std::string_view name_of(PinState state) {
  constexpr std::array<std::string_view, 6> names{"fine", "low", "final_try", "locked", "not_set", "to_be_changed"};
  return names.at(static_cast<std::size_t>(state));
}

namespace {

/// A session that somebody else's PIN has opened would do without.
base::Result<void> demand_pin(const base::Secret& pin) {
  if (!pin.empty()) return {};
  return base::fail(base::Code::login_failed, "the token needs its PIN");
}

}  // namespace

Token::Token(Settings settings) : kept_pin_(settings.pin), worker_(std::make_unique<Worker>(std::move(settings))) {}
Token::~Token() = default;

const Settings& Token::settings() const {
  return worker_->settings();
}

base::Result<State> Token::look() {
  auto seen = worker_->order<State>(base::Secret(), [](Session& session) { return session.look(); });
  if (!seen && seen.error().code == base::Code::unavailable) {
    State absent;
    absent.failure = seen.error().reason;
    seen = std::move(absent);
  }
  if (seen) seen->times_lost = worker_->times_lost();
  return seen;
}

base::Result<std::vector<Key>> Token::list_keys(const base::Secret& pin) {
  return worker_->order<std::vector<Key>>(pin, [](Session& session) { return session.list_keys(); });
}

base::Result<std::vector<base::Bytes>> Token::sign(const base::Secret& pin, Order order) {
  RETURN_IF_ERROR(demand_pin(pin));
  const base::Duration most_wait = order.most_wait;
  const auto work = [pin, order = std::move(order)](Session& session) -> base::Result<std::vector<base::Bytes>> {
    std::vector<base::Bytes> values;
    for (const base::Bytes& octets : order.octets) {
      ASSIGN_OR_RETURN(base::Bytes value, session.sign(pin, order.key_id, order.algorithm, octets));
      values.push_back(std::move(value));
    }
    return values;
  };
  return worker_->order<std::vector<base::Bytes>>(pin, work, most_wait);
}

base::Result<Key> Token::generate(const base::Secret& pin, crypto::SoftKeyKind kind, const std::string& label) {
  RETURN_IF_ERROR(demand_pin(pin));
  return worker_->order<Key>(pin, [kind, label](Session& session) { return session.generate(kind, label); });
}

base::Result<void> Token::import_certificate(const base::Secret& pin, const base::Bytes& key_id,
                                             const base::Bytes& der) {
  RETURN_IF_ERROR(demand_pin(pin));
  return worker_->order<void>(pin, [key_id, der](Session& session) { return session.import_certificate(key_id, der); });
}

void Token::keep_pin(base::Secret pin) {
  const std::lock_guard lock(pin_mutex_);
  kept_pin_ = std::move(pin);
}

base::Secret Token::kept_pin() const {
  const std::lock_guard lock(pin_mutex_);
  return kept_pin_;
}

bool Token::is_unlocked_by(const base::Secret& pin) const {
  return worker_->is_unlocked_by(pin);
}

Tokens::Tokens(const std::vector<Settings>& settings) {
  for (const Settings& one : settings) tokens_.push_back(std::make_unique<Token>(one));
}

Token* Tokens::find(std::string_view name) const {
  const auto found = std::find_if(tokens_.begin(), tokens_.end(),
                                  [&](const std::unique_ptr<Token>& one) { return one->settings().name == name; });
  return found == tokens_.end() ? nullptr : found->get();
}

}  // namespace token
