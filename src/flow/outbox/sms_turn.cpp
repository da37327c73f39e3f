#include "flow/outbox/sms_turn.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/outbox/queue_message.hpp"
#include "identity/lockout/throttling.hpp"
#include "store/account/account_search.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/message/sms_counts.hpp"
#include "store/proof/throttling.hpp"
#include "text/text.hpp"

namespace flow {
namespace {

constexpr std::string_view refusal_prefix = "a limit of short messages is reached: ";
constexpr base::Duration alert_pause = std::chrono::hours(1);
constexpr std::int64_t most_alerted = 5;
constexpr std::array<std::string_view, 2> codes{"login_code", "verify_address"};
constexpr std::array<std::string_view, 3> resets{"reset_link", "reset_started", "invitation"};

template <std::size_t N>
bool has(const std::array<std::string_view, N>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

base::Bytes key_of(const House& house, SmsPurpose purpose, std::string_view what, std::string_view whose) {
  std::string text("sms|");
  text.append(name_of(purpose)).append("|").append(what).append("|").append(whose);
  return house.master.authenticate("throttle", text);
}

/// The window of a number or of a network. An empty key: the limit does not concern this message.
struct Window {
  base::Bytes key{};
  std::int64_t limit = 0;
  base::Duration length{};
  store::SmsCount count{};
};

base::Result<Window> find_window(store::Tx& tx, base::Bytes key, std::int64_t limit, base::Duration length) {
  Window window;
  if (limit <= 0) return window;
  window.limit = limit;
  window.length = length;
  ASSIGN_OR_RETURN(window.count, store::find_sms_count(tx, key));
  window.key = std::move(key);
  return window;
}

/// None for a message that comes from no address: the command line, a socket.
base::Result<std::vector<Window>> find_windows_of_networks(const House& house, store::Tx& tx, SmsPurpose purpose,
                                                           const identity::SmsLimits& limits,
                                                           const RequestFacts& facts) {
  std::vector<Window> windows;
  if (limits.per_network <= 0 || !base::IpAddress::parse(facts.ip)) return windows;
  for (const auto& [network, times] : identity::limited_networks(facts.ip)) {
    const std::int64_t limit = std::min(limits.per_network * times, identity::most_in_sms_window);
    ASSIGN_OR_RETURN(Window one, find_window(tx, key_of(house, purpose, "network", network), limit, limits.window));
    windows.push_back(std::move(one));
  }
  return windows;
}

/// A refusal, and for whom.
struct Refusal {
  const Subject& whose;
  SmsPurpose purpose;
  SmsTurn turn;
};

// By mail only, and once an hour, however many limits are reached.
base::Result<void> alert(const House& house, store::Tx& tx, base::Time now) {
  const base::Bytes bucket = house.master.authenticate("throttle", "sms-limit-alert");
  ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, alert_pause, now));
  if (count > 1) return {};
  ASSIGN_OR_RETURN(const auto administrators, store::list_super_administrators(tx, now, most_alerted));
  for (const base::Id& id : administrators) {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, id));
    if (!account) continue;
    ASSIGN_OR_RETURN(const auto to, find_destination(tx, *account));
    if (!to || to->channel != Channel::email) continue;
    Message message{"sms_limit"};
    message.time = now;
    message.link = house.settings.site.issuer + "/admin/sms";
    RETURN_IF_ERROR(queue_message(house, tx, {*account, *to}, message, now));
  }
  return {};
}

base::Result<void> tell(const House& house, store::Tx& tx, const Refusal& refusal, const RequestFacts& facts) {
  base::log(base::Level::warning, "a limit of short messages is reached",
            {{"limit", std::string(name_of(refusal.turn))}, {"purpose", std::string(name_of(refusal.purpose))}});
  audit::Event event =
      make_event(audit::type::sms_limit, refusal.whose, facts, {{"limit", refusal.turn}, {"purpose", refusal.purpose}});
  event.outcome = "failure";
  RETURN_IF_ERROR(store::append_event(tx, std::move(event)));
  return alert(house, tx, facts.now);
}

// One event for a window, however many messages it refuses.
base::Result<SmsTurn> refuse_by(const House& house, store::Tx& tx, Window& window, const Refusal& refusal,
                                const RequestFacts& facts) {
  if (window.count.told_at && *window.count.told_at > facts.now - window.length) return refusal.turn;
  window.count.told_at = facts.now;
  RETURN_IF_ERROR(store::set_sms_count(tx, window.key, window.count, facts.now));
  RETURN_IF_ERROR(tell(house, tx, refusal, facts));
  return refusal.turn;
}

base::Result<void> count_message(store::Tx& tx, Window& window, base::Time now) {
  if (window.key.empty()) return {};
  window.count.times = identity::after_message(window.count.times, now);
  return store::set_sms_count(tx, window.key, window.count, now);
}

}  // namespace

std::string_view name_of(SmsPurpose purpose) {
  switch (purpose) {
    case SmsPurpose::code: return "code";
    case SmsPurpose::reset: return "reset";
    case SmsPurpose::notice: return "notice";
  }
  return "";
}

std::string_view name_of(SmsTurn turn) {
  switch (turn) {
    case SmsTurn::granted: return "granted";
    case SmsTurn::number_limit: return "number";
    case SmsTurn::network_limit: return "network";
    case SmsTurn::day_limit: return "day";
  }
  return "";
}

SmsPurpose purpose_of_message(std::string_view message) {
  if (has(codes, message)) return SmsPurpose::code;
  return has(resets, message) ? SmsPurpose::reset : SmsPurpose::notice;
}

base::Result<SmsTurn> take_sms_turn(const House& house, store::Tx& tx, const Subject& whose, const SmsWish& wish,
                                    const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const store::SmsLimitRow set, store::find_sms_limits(tx));
  const bool is_limited = wish.purpose != SmsPurpose::notice;
  const identity::SmsLimits limits = is_limited ? set.limits : identity::SmsLimits();

  const std::string today = text::print_day(facts.now, house.settings.site.time_zone);
  ASSIGN_OR_RETURN(const identity::SmsDay stored, store::find_sms_day(tx, name_of(wish.purpose)));
  identity::SmsDay day = identity::day_in_force(stored, today);
  ASSIGN_OR_RETURN(Window number, find_window(tx, key_of(house, wish.purpose, "number", wish.number), limits.per_number,
                                              limits.window));
  ASSIGN_OR_RETURN(std::vector<Window> networks, find_windows_of_networks(house, tx, wish.purpose, limits, facts));

  const bool is_day_full = limits.per_day > 0 && day.sent >= limits.per_day;
  const bool is_number_full = !identity::has_room(number.count.times, number.limit, limits.window, facts.now);
  const auto full_network = std::find_if(networks.begin(), networks.end(), [&](const Window& one) {
    return !identity::has_room(one.count.times, one.limit, limits.window, facts.now);
  });
  if (is_day_full || is_number_full || full_network != networks.end()) {
    ++day.refused;
    RETURN_IF_ERROR(store::set_sms_day(tx, name_of(wish.purpose), day));
    if (is_number_full) return refuse_by(house, tx, number, {whose, wish.purpose, SmsTurn::number_limit}, facts);
    if (full_network != networks.end()) {
      return refuse_by(house, tx, *full_network, {whose, wish.purpose, SmsTurn::network_limit}, facts);
    }
    const std::string what = "sms-day|" + std::string(name_of(wish.purpose)) + "|" + day.day;
    const base::Bytes bucket = house.master.authenticate("throttle", what);
    ASSIGN_OR_RETURN(const std::int64_t count, store::count_in_window(tx, bucket, std::chrono::hours(48), facts.now));
    if (count == 1) RETURN_IF_ERROR(tell(house, tx, {whose, wish.purpose, SmsTurn::day_limit}, facts));
    return SmsTurn::day_limit;
  }
  RETURN_IF_ERROR(count_message(tx, number, facts.now));
  for (Window& network : networks) RETURN_IF_ERROR(count_message(tx, network, facts.now));
  ++day.sent;
  RETURN_IF_ERROR(store::set_sms_day(tx, name_of(wish.purpose), day));
  return SmsTurn::granted;
}

base::Error refuse_sms(SmsTurn turn) {
  return base::Error{base::Code::too_many, std::string(refusal_prefix) + std::string(name_of(turn))};
}

void note_sms_refusal(const House& house, const Subject& whose, const base::Error& error, const RequestFacts& facts) {
  if (error.code != base::Code::too_many) return;
  for (const SmsTurn turn : {SmsTurn::number_limit, SmsTurn::network_limit, SmsTurn::day_limit}) {
    if (error.reason != refuse_sms(turn).reason) continue;
    const auto noted = house.store.write([&](store::Tx& tx) -> base::Result<void> {
      const std::string today = text::print_day(facts.now, house.settings.site.time_zone);
      ASSIGN_OR_RETURN(const identity::SmsDay stored, store::find_sms_day(tx, name_of(SmsPurpose::code)));
      identity::SmsDay day = identity::day_in_force(stored, today);
      ++day.refused;
      RETURN_IF_ERROR(store::set_sms_day(tx, name_of(SmsPurpose::code), day));
      const base::Bytes bucket = house.master.authenticate("throttle", "sms-refusal|" + std::string(name_of(turn)));
      ASSIGN_OR_RETURN(const std::int64_t count,
                       store::count_in_window(tx, bucket, std::chrono::minutes(1), facts.now));
      if (count > 1) return {};
      return tell(house, tx, {whose, SmsPurpose::code, turn}, facts);
    });
    if (!noted)
      base::log(base::Level::warning, "a refused message was not recorded",
                {{"reason", base::describe(noted.error())}});
  }
}

}  // namespace flow
