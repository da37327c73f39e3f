#include "flow/message/administer_sms.hpp"

#include <algorithm>
#include <array>

#include "flow/house/demand_permission.hpp"
#include "flow/house/record.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/message/sms_counts.hpp"
#include "store/message/sms_gateways.hpp"
#include "store/tenant/tenants.hpp"
#include "text/text.hpp"

namespace flow {
namespace {

constexpr std::size_t longest_login = 200;  // of our id and of the password
constexpr std::array purposes{SmsPurpose::code, SmsPurpose::reset, SmsPurpose::notice};

base::Result<std::map<SmsPurpose, identity::SmsDay>> read_today(store::Tx& tx, const std::string& today) {
  std::map<SmsPurpose, identity::SmsDay> all;
  for (const SmsPurpose one : purposes) {
    ASSIGN_OR_RETURN(const identity::SmsDay stored, store::find_sms_day(tx, name_of(one)));
    all.emplace(one, identity::day_in_force(stored, today));
  }
  return all;
}

std::string print(const identity::SmsLimits& limits) {
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(limits.window).count();
  return "per_number=" + std::to_string(limits.per_number) + ", per_network=" + std::to_string(limits.per_network) +
         ", window=" + std::to_string(minutes) + ", per_day=" + std::to_string(limits.per_day);
}

std::string host_of(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme != std::string_view::npos) url.remove_prefix(scheme + 3);
  return std::string(url.substr(0, url.find('/')));
}

const store::SmsGatewayRow* find_row(const std::vector<store::SmsGatewayRow>& set, std::string_view name) {
  const auto found = std::find_if(set.begin(), set.end(), [&](const auto& row) { return row.name == name; });
  return found == set.end() ? nullptr : &*found;
}

SmsGatewayLook look_at(const courier::SmsGateway& gateway, const store::SmsGatewayRow* row) {
  SmsGatewayLook look;
  look.name = gateway.name;
  if (const auto* const preset = courier::find_gateway_preset(gateway.preset)) {
    look.title = preset->title;
    look.is_verified = preset->is_verified;
  }
  look.host = host_of(gateway.url);
  look.login = gateway.id;
  look.needs_login = courier::needs_login(gateway);
  look.has_password = !gateway.password.empty();
  look.sender = gateway.sender;
  look.has_own_sender = gateway.has_own_sender;
  look.is_on = row == nullptr || row->is_on;
  look.version = row == nullptr ? 0 : row->version;
  return look;
}

// Names of fields, separated by blanks.
std::string find_flaws(const SmsGatewayWish& wish, const courier::SmsGateway& present) {
  std::string flaws;
  const auto note = [&](std::string_view field) { flaws.append(flaws.empty() ? "" : " ").append(field); };
  if (wish.login.size() > longest_login || (wish.login.empty() && courier::needs_login(present))) note("login");
  if (wish.password.size() > longest_login || (wish.password.empty() && present.password.empty())) note("password");
  const bool is_sender = wish.has_own_sender ? courier::is_sms_sender(wish.sender) : false;
  if (!wish.sender.empty() && !is_sender) note("sender");
  return flaws;
}

audit::Codes find_changes(const SmsGatewayWish& wish, const SmsGatewayLook& before) {
  audit::Codes fields;
  if (wish.is_on != before.is_on) fields.add("use");
  if (wish.login != before.login) fields.add("login");
  if (!wish.password.empty()) fields.add("password");
  if (wish.sender != before.sender || wish.has_own_sender != before.has_own_sender) fields.add("sender");
  return fields;
}

}  // namespace

base::Result<std::map<SmsPurpose, identity::SmsDay>> count_sms_today(const House& house, base::Time now) {
  const std::string today = text::print_day(now, house.settings.site.time_zone);
  return house.store.read_background([&](store::Tx& tx) { return read_today(tx, today); });
}

base::Result<SmsLook> look_at_sms(const House& house, const rights::Actor& actor, base::Time now) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  const std::string today = text::print_day(now, house.settings.site.time_zone);
  return house.store.read([&](store::Tx& tx) -> base::Result<SmsLook> {
    SmsLook look;
    ASSIGN_OR_RETURN(const store::SmsLimitRow row, store::find_sms_limits(tx));
    look.limits = row.limits;
    look.version = row.version;
    ASSIGN_OR_RETURN(look.today, read_today(tx, today));
    if (house.sms == nullptr) return look;
    ASSIGN_OR_RETURN(const auto set, store::list_sms_gateways(tx));
    const std::vector<SmsGatewayState> states = house.sms->look();
    const SmsSettings& settings = house.sms->settings();
    look.countries = settings.countries;
    for (std::size_t i = 0; i < settings.gateways.size(); ++i) {
      const std::string& name = settings.gateways[i].name;
      look.gateways.push_back(look_at(*house.sms->find(name, set), find_row(set, name)));
      look.gateways.back().state = states[i];
    }
    return look;
  });
}

base::Result<void> set_sms_limits(const House& house, const rights::Actor& actor, const identity::SmsLimits& limits,
                                  const std::optional<std::int64_t>& version, const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::administer_all, facts.now));
  std::string flaws;
  for (const std::string_view flaw : identity::find_flaws(limits)) flaws.append(flaws.empty() ? "" : " ").append(flaw);
  if (!flaws.empty()) return base::fail(base::Code::invalid_input, flaws);
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::SmsLimitRow old, store::find_sms_limits(tx));
    if (version && *version != old.version) return base::fail(base::Code::conflict, "another change came first");
    if (old.limits == limits) return {};
    RETURN_IF_ERROR(store::set_sms_limits(tx, limits));
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    return store::append_event(tx, make_event(audit::type::sms_change, actor, tenant.id, facts,
                                              {{"fields", "limits"},
                                               {"old", audit::Value::registered(print(old.limits))},
                                               {"new", audit::Value::registered(print(limits))}}));
  });
}

base::Result<void> set_sms_gateway(const House& house, const rights::Actor& actor, const SmsGatewayWish& wish,
                                   const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::administer_all, facts.now));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto set, store::list_sms_gateways(tx));
    const auto present = house.sms == nullptr ? std::nullopt : house.sms->find(wish.name, set);
    if (!present) return base::fail(base::Code::not_found, "there is no SMS gateway " + wish.name);
    const store::SmsGatewayRow* const stored = find_row(set, wish.name);
    const SmsGatewayLook before = look_at(*present, stored);
    if (wish.version != before.version) return base::fail(base::Code::conflict, "another change came first");
    if (std::string flaws = find_flaws(wish, *present); !flaws.empty())
      return base::fail(base::Code::invalid_input, std::move(flaws));
    const audit::Codes changes = find_changes(wish, before);
    if (changes.empty()) return {};
    store::SmsGatewayRow row;
    row.name = wish.name;
    row.is_on = wish.is_on;
    row.login = wish.login;
    row.password = !wish.password.empty() ? wish.password : stored != nullptr ? stored->password : base::Secret();
    row.sender = wish.has_own_sender ? wish.sender : std::string();
    row.has_own_sender = wish.has_own_sender;
    RETURN_IF_ERROR(store::put_sms_gateway(tx, row));
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    return store::append_event(tx, make_event(audit::type::sms_change, actor, tenant.id, facts,
                                              {{"fields", changes}, {"gateway", audit::Value::registered(wish.name)}}));
  });
}

}  // namespace flow
