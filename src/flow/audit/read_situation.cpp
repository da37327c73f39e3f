#include "flow/audit/read_situation.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "audit/event.hpp"
#include "flow/house/find_tenant.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/report_for.hpp"
#include "store/account/identifiers.hpp"
#include "store/audit/audit_log.hpp"
#include "store/message/outbox.hpp"
#include "store/password/passwords.hpp"

namespace flow {
namespace {

using rights::Permission;
constexpr std::size_t most_in_look = 2000;
constexpr std::size_t most_looks = 10;
constexpr base::Duration hour = std::chrono::hours(1);
constexpr base::Duration day = std::chrono::hours(24);

void count(Trend& trend, base::Duration age) {
  const auto hours = static_cast<std::size_t>(age / hour);
  const auto days = static_cast<std::size_t>(age / day);
  if (hours < hours_shown) ++trend.hours[hours_shown - 1 - hours];
  if (days < days_shown) ++trend.days[days_shown - 1 - days];
}

/// Of the last days: the failures of a type, or all its events. Gives from when on they were counted, if not all were.
base::Result<std::optional<base::Time>> count_events(store::Tx& tx, const rights::Actor& actor, std::string_view type,
                                                     base::Time now, Trend& trend) {
  const bool only_failures = type == audit::type::login.view();
  const base::Time from = now - day * days_shown;
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  base::Time oldest = now;
  for (std::size_t look = 0; look < most_looks; ++look) {
    ASSIGN_OR_RETURN(const auto pulses, store::list_pulses(tx, type, before, most_in_look));
    for (const store::Pulse& pulse : pulses) {
      if (pulse.at <= from) return std::optional<base::Time>();
      before = pulse.seq;
      oldest = pulse.at;
      if (only_failures && !pulse.has_failed) continue;
      // The clock of another node may be ahead.
      if (actor.reaches(pulse.tenant_id)) count(trend, std::max(now - pulse.at, base::Duration(0)));
    }
    if (pulses.size() < most_in_look) return std::optional<base::Time>();
  }
  return std::optional(oldest);
}

base::Result<LoginSituation> read_logins(store::Tx& tx, const rights::Actor& actor, base::Time now) {
  LoginSituation logins;
  ASSIGN_OR_RETURN(logins.counted_from, count_events(tx, actor, audit::type::login.view(), now, logins.failures));
  ASSIGN_OR_RETURN(const auto lockouts_from,
                   count_events(tx, actor, audit::type::lockout.view(), now, logins.lockouts));
  if (lockouts_from) logins.counted_from = std::max(logins.counted_from.value_or(*lockouts_from), *lockouts_from);
  return logins;
}

base::Result<MessageSituation> read_messages(store::Tx& tx, const rights::Actor& actor) {
  std::vector<base::Id> tenants = actor.tenants();
  if (actor.may(Permission::administer_all)) tenants = {base::Id()};  // of every tenant at once
  MessageSituation messages;
  const auto count_in = [&](std::string_view state, std::int64_t& sum) -> base::Result<void> {
    for (const base::Id& tenant : tenants) {
      store::OutboxLook look;
      look.tenant_id = tenant;
      look.state = state;
      if (sum > counted_exactly) break;
      ASSIGN_OR_RETURN(const std::int64_t counted, store::count_outbox(tx, look, counted_exactly + 1));
      sum = std::min(sum + counted, counted_exactly + 1);
    }
    return {};
  };
  RETURN_IF_ERROR(count_in("pending", messages.waiting));
  RETURN_IF_ERROR(count_in("failed", messages.failed));
  return messages;
}

base::Result<EndsSituation> read_ends(store::Tx& tx, const rights::Actor& actor, base::Time now) {
  EndsSituation ends;
  ASSIGN_OR_RETURN(const auto tenants, list_reached(tx, actor));
  for (const base::Id& tenant : tenants) {
    if (ends.passwords > counted_exactly) break;
    ASSIGN_OR_RETURN(const std::int64_t counted, store::count_reminded(tx, tenant, counted_exactly + 1));
    ends.passwords = std::min(ends.passwords + counted, counted_exactly + 1);
  }
  ASSIGN_OR_RETURN(const auto ending,
                   store::list_ending_certificates(tx, now, now + certificate_warning, counted_exactly + 1));
  ends.certificates =
      std::count_if(ending.begin(), ending.end(), [&](const base::Id& tenant) { return actor.reaches(tenant); });
  return ends;
}

}  // namespace

std::int64_t Trend::last_week() const {
  return std::accumulate(days.begin(), days.end(), std::int64_t{0});
}

bool may_administer(const rights::Actor& actor) {
  return actor.may_one_of(rights::Permissions::all().without(rights::personal_permissions));
}

base::Result<Situation> read_situation(const House& house, const rights::Actor& actor, base::Time now) {
  if (!may_administer(actor)) return base::fail(base::Code::denied, "the context administers nothing");
  Situation situation;
  situation.at = now;
  situation.shows_installation = actor.may(Permission::administer_all);
  RETURN_IF_ERROR(report_for(house, actor, [&](store::Tx& tx) -> base::Result<void> {
    if (actor.may(Permission::read_audit)) {
      ASSIGN_OR_RETURN(situation.logins, read_logins(tx, actor, now));
    }
    if (actor.may(Permission::manage_messages)) {
      ASSIGN_OR_RETURN(situation.messages, read_messages(tx, actor));
    }
    if (actor.may(Permission::read_accounts)) {
      ASSIGN_OR_RETURN(situation.ends, read_ends(tx, actor, now));
    }
    return {};
  }));
  if (!actor.may(Permission::read_audit)) return situation;
  ASSIGN_OR_RETURN(auto last, find_check(house, actor, now));
  situation.chain = ChainSituation{std::move(last)};
  return situation;
}

}  // namespace flow
