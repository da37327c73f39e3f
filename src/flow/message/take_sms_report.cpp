#include "flow/message/take_sms_report.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"
#include "flow/message/sms_route.hpp"
#include "store/engine/store.hpp"
#include "store/message/sms_gateways.hpp"

namespace flow {
namespace {

constexpr std::size_t sha1_block = 64;

// RFC 2104.
base::Bytes hmac_sha1(std::string_view key, std::string_view data) {
  base::Bytes block = key.size() > sha1_block ? crypto::sha1(key) : base::Bytes(key);
  block.resize(sha1_block, '\0');
  base::Bytes inner;
  base::Bytes outer;
  for (const char octet : block) {
    inner.push_back(static_cast<char>(octet ^ 0x36));
    outer.push_back(static_cast<char>(octet ^ 0x5C));
  }
  return crypto::sha1(outer.append(crypto::sha1(inner.append(data))));
}

bool is_signed(const courier::SmsGateway& gateway, const SmsReport& report) {
  if (gateway.form.signature.empty()) return true;
  return base::equal_in_constant_time(
      report.signature, sign_like_twilio(gateway.password.reveal(), gateway.report_url, report.form_only));
}

}  // namespace

std::string sign_like_twilio(std::string_view password, std::string_view address,
                             std::vector<std::pair<std::string, std::string>> fields) {
  std::sort(fields.begin(), fields.end());
  std::string text(address);
  for (const auto& [name, value] : fields) text.append(name).append(value);
  return base::to_base64(hmac_sha1(password, text));
}

base::Result<void> take_sms_report(const House& house, const SmsReport& report, base::Time now) {
  const auto refuse = [] { return base::fail(base::Code::not_found, "no report is taken at this address"); };
  if (house.sms == nullptr) return refuse();
  ASSIGN_OR_RETURN(const auto set, house.store.read([](store::Tx& tx) { return store::list_sms_gateways(tx); }));
  const auto gateway = house.sms->find(report.gateway, set);
  if (!gateway || gateway->report_key.empty()) return refuse();
  if (!base::equal_in_constant_time(report.key, gateway->report_key.reveal())) return refuse();
  if (!is_signed(*gateway, report)) return refuse();
  const auto read = courier::read_report(gateway->form, report.body, report.fields);
  if (!read) return base::fail(base::Code::invalid_input, "the report names no message");
  if (read->state == courier::Report::State::unknown) return {};
  const std::string_view state = read->state == courier::Report::State::arrived ? "arrived" : "lost";
  const base::Bytes key = key_of_report(house, gateway->name, read->message_id);
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const bool is_noted, store::note_sms_report(tx, key, state, now));
    // A gateway may report before its own answer has been written down here.
    return is_noted ? base::Result<void>() : store::keep_early_sms_report(tx, key, gateway->name, state, now);
  });
}

}  // namespace flow
