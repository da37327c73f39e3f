#include "flow/message/sms_route.hpp"

#include <algorithm>
#include <utility>

#include "base/log.hpp"
#include "courier/sms_text.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/outbox/message_item.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

const store::SmsGatewayRow* find_row(const std::vector<store::SmsGatewayRow>& set, std::string_view name) {
  const auto found = std::find_if(set.begin(), set.end(), [&](const auto& row) { return row.name == name; });
  return found == set.end() ? nullptr : &*found;
}

courier::SmsGateway merge(courier::SmsGateway gateway, const store::SmsGatewayRow* row) {
  if (row == nullptr) return gateway;
  if (!row->login.empty()) gateway.id = row->login;
  if (!row->password.empty()) gateway.password = row->password;
  gateway.sender = row->sender;
  gateway.has_own_sender = row->has_own_sender;
  if (!gateway.has_own_sender) gateway.sender.clear();
  return gateway;
}

bool is_allowed(const std::vector<std::string>& countries, std::string_view number) {
  return countries.empty() || std::any_of(countries.begin(), countries.end(),
                                          [&](const std::string& one) { return number.starts_with(one); });
}

base::Result<void> note_sent(const House& house, const store::OutboxItem& item, const SmsOutcome& sent,
                             base::Time now) {
  // Without an identifier no report can come, but the page shows gateway and parts all the same.
  const std::string known_as = sent.gateway_id.empty() ? item.id.to_string() : sent.gateway_id;
  return house.store.write([&](store::Tx& tx) {
    store::SmsReportRow row;
    row.item_id = item.id;
    row.gateway = sent.gateway;
    row.parts = static_cast<std::int64_t>(sent.parts);
    row.sent_at = now;
    return store::put_sms_report(tx, key_of_report(house, sent.gateway, known_as), row);
  });
}

}  // namespace

SmsRoute::SmsRoute(remote::HttpClient client, SmsSettings settings)
    : client_(std::move(client)), settings_(std::move(settings)), lanes_(settings_.gateways.size()) {}

std::optional<courier::SmsGateway> SmsRoute::find(std::string_view name,
                                                  const std::vector<store::SmsGatewayRow>& set) const {
  for (const courier::SmsGateway& gateway : settings_.gateways) {
    if (gateway.name == name) return merge(gateway, find_row(set, name));
  }
  return std::nullopt;
}

SmsOutcome SmsRoute::send(const courier::Sms& sms, const std::vector<store::SmsGatewayRow>& set, base::Time now,
                          std::string_view only, SmsTry how) {
  SmsOutcome outcome{courier::retry("no_gateway", "no gateway can be asked at the moment")};
  if (!is_allowed(settings_.countries, sms.to)) {
    outcome.delivery = courier::give_up("country", "sms.countries does not have the country of the number");
    return outcome;
  }
  courier::Sms message = sms;
  if (settings_.spares_parts) message.text = courier::spare_parts(std::move(message.text));
  outcome.parts = courier::measure_sms(message.text).parts;
  bool all_silent = true;
  bool any_asked = false;
  for (std::size_t i = 0; i < settings_.gateways.size(); ++i) {
    const courier::SmsGateway& configured = settings_.gateways[i];
    const store::SmsGatewayRow* const row = find_row(set, configured.name);
    const bool is_chosen = only.empty() ? row == nullptr || row->is_on : configured.name == only;
    if (!is_chosen) continue;
    if (!admit(i, now) && how == SmsTry::message) {
      // What the ones before are unable to send waits for this one.
      if (any_asked && outcome.delivery.kind == courier::Delivery::Kind::retry) continue;
      outcome.delivery = courier::retry("no_gateway", "the gateway did not answer lately; a probe follows");
      outcome.delivery.unanswered = true;
      continue;
    }
    const courier::SmsReceipt receipt = courier::send_sms(client_, merge(configured, row), message);
    note(i, receipt.delivery, now);
    any_asked = true;
    all_silent = all_silent && receipt.delivery.unanswered;
    outcome.delivery = receipt.delivery;
    outcome.gateway = configured.name;
    outcome.gateway_id = receipt.gateway_id;
    // The gateway lacks the kind, or its character set a character; the next one may have it.
    const std::string why = receipt.delivery.code.text();
    const bool is_unable = why == "unsupported" || why == "bad_text";
    if (receipt.delivery.kind != courier::Delivery::Kind::retry && !is_unable) return outcome;
  }
  // Only a route without any answer is a silent destination: then the outbox holds the other messages back.
  if (any_asked) outcome.delivery.unanswered = outcome.delivery.kind == courier::Delivery::Kind::retry && all_silent;
  return outcome;
}

bool SmsRoute::admit(std::size_t index, base::Time now) {
  const std::lock_guard lock(mutex_);
  return lanes_[index].breaker.admit(now);
}

void SmsRoute::note(std::size_t index, const courier::Delivery& tried, base::Time now) {
  const std::lock_guard lock(mutex_);
  Lane& lane = lanes_[index];
  const bool has_changed = lane.breaker.note(!tried.unanswered, now);
  if (tried.kind == courier::Delivery::Kind::delivered) ++lane.state.taken;
  if (tried.kind == courier::Delivery::Kind::give_up) ++lane.state.refused;
  if (tried.kind == courier::Delivery::Kind::retry) ++lane.state.failed;
  if (tried.kind != courier::Delivery::Kind::delivered) {
    lane.state.last_error = tried.code.text();
    lane.state.last_error_at = now;
  }
  if (!has_changed) return;
  const bool is_open = lane.breaker.is_open();
  base::log(is_open ? base::Level::warning : base::Level::info,
            is_open ? "an SMS gateway does not answer" : "an SMS gateway answers again",
            {{"gateway", settings_.gateways[index].name}, {"reason", lane.state.last_error}});
}

std::vector<SmsGatewayState> SmsRoute::look() const {
  const std::lock_guard lock(mutex_);
  std::vector<SmsGatewayState> states;
  for (const Lane& lane : lanes_) {
    SmsGatewayState& state = states.emplace_back(lane.state);
    state.is_open = lane.breaker.is_open();
    state.next_probe = lane.breaker.next_probe();
  }
  return states;
}

base::Result<SmsOutcome> send_short_message(const House& house, const courier::Sms& sms, base::Time now,
                                            std::string_view only) {
  if (house.sms == nullptr || house.sms->settings().gateways.empty())
    return base::fail(base::Code::conflict, "no SMS gateway is configured");
  ASSIGN_OR_RETURN(const auto set,
                   house.store.read_background([](store::Tx& tx) { return store::list_sms_gateways(tx); }));
  return house.sms->send(sms, set, now, only);
}

base::Bytes key_of_report(const House& house, std::string_view gateway, std::string_view message_id) {
  return house.master.authenticate("throttle", "sms-report|" + std::string(gateway) + "|" + std::string(message_id));
}

Deliver make_sms_deliverer(const House& house) {
  return [house](const store::OutboxItem& item, base::Time now) -> courier::Delivery {
    const auto content = parse_payload(item.payload);
    if (!content) return courier::give_up("unreadable");
    if (is_too_late(*content, now)) return courier::give_up("too_late");
    courier::Sms sms;
    sms.to = content->to;
    sms.text = content->text;
    sms.reference = item.id.to_string();
    const auto sent = send_short_message(house, sms, now);
    if (!sent) return courier::judge(sent.error());
    if (sent->delivery.kind == courier::Delivery::Kind::delivered) {
      const auto noted = note_sent(house, item, *sent, now);
      // The message has left; only its report will find nothing.
      if (!noted)
        base::log(base::Level::warning, "what a gateway took could not be noted",
                  {{"reason", base::describe(noted.error())}});
    }
    return sent->delivery;
  };
}

}  // namespace flow
