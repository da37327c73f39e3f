#include "flow/message/take_sms_report.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/digest/md5.hpp"
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

// As seven.io's own library allows. A report that is sent again in this time changes nothing, so no nonce is kept.
constexpr std::chrono::minutes longest_way{5};

bool is_of_now(std::string_view timestamp, base::Time now) {
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(timestamp.data(), timestamp.data() + timestamp.size(), seconds);
  if (error != std::errc() || end != timestamp.data() + timestamp.size()) return false;
  if (seconds < 0 || seconds > 100'000'000'000) return false;
  const base::Time at = base::from_seconds(seconds);
  return at <= now + longest_way && now <= at + longest_way;
}

/// The address is the one that the provider was given, with what it has put behind it.
std::string address_of(const courier::SmsGateway& gateway, std::string_view target) {
  const std::size_t at = gateway.report_url.find("/hooks/sms/");
  return at == std::string::npos ? std::string(target) : gateway.report_url.substr(0, at) + std::string(target);
}

bool is_signed_by_seven(const courier::SmsGateway& gateway, const SmsReport& report, base::Time now) {
  const auto& [timestamp, nonce, signature] = report.seven;
  if (gateway.signing_key.empty() || nonce.empty() || !is_of_now(timestamp, now)) return false;
  const std::string address = address_of(gateway, report.target);
  const auto expected = sign_like_seven(gateway.signing_key, {timestamp, nonce, report.method, address, report.body});
  return expected && base::equal_in_constant_time(signature, *expected);
}

bool is_signed(const courier::SmsGateway& gateway, const SmsReport& report, base::Time now) {
  if (gateway.form.signature.empty()) return true;
  if (gateway.form.signature == "seven") return is_signed_by_seven(gateway, report, now);
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

base::Result<std::string> sign_like_seven(const base::Secret& key, const SevenRequest& request) {
  ASSIGN_OR_RETURN(const base::Bytes digest, crypto::md5(request.body));
  std::string text;
  for (const std::string_view line : {request.timestamp, request.nonce, request.method, request.address}) {
    text.append(line).push_back('\n');
  }
  return base::to_hex(crypto::hmac_sha256(key, text + base::to_hex(digest)));
}

base::Result<void> take_sms_report(const House& house, const SmsReport& report, base::Time now) {
  const auto refuse = [] { return base::fail(base::Code::not_found, "no report is taken at this address"); };
  if (house.sms == nullptr) return refuse();
  ASSIGN_OR_RETURN(const auto set, house.store.read([](store::Tx& tx) { return store::list_sms_gateways(tx); }));
  const auto gateway = house.sms->find(report.gateway, set);
  if (!gateway || gateway->report_key.empty()) return refuse();
  if (!base::equal_in_constant_time(report.key, gateway->report_key.reveal())) return refuse();
  if (!is_signed(*gateway, report, now)) return refuse();
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
