// Delivery reports of SMS gateways. A report is believed because of the secret in its address, and for gateways that
// sign reports also because of the signature. Taken twice or out of order it changes nothing more: a message that has
// arrived stays arrived.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

struct SmsReport {
  std::string_view gateway;
  std::string_view key;            // the secret of the address, as it came
  std::string_view signature;      // header X-Twilio-Signature; "" = none
  std::string_view method{};       // "POST"
  std::string_view target{};       // "/hooks/sms/main?key=…", as it came
  struct Seven {                   // headers, "" = none
    std::string_view timestamp{};  // X-Timestamp: Unix seconds
    std::string_view nonce{};      // X-Nonce
    std::string_view signature{};  // X-Signature
  } seven{};
  std::string_view body;                                         // as it came
  std::vector<std::pair<std::string, std::string>> fields{};     // of query and form, without the key
  std::vector<std::pair<std::string, std::string>> form_only{};  // of the form, for the signature
};
/// A report about a message that nobody knows is no error: gateways do not agree on whether a refused report is sent
/// again. It is kept, and settles the message if its row comes within minutes. Errors: not_found
/// (no such gateway, no reports are taken, wrong key or signature: one answer for all), invalid_input (it names no
/// message), unavailable.
base::Result<void> take_sms_report(const House& house, const SmsReport& report, base::Time now);

/// Base64 of HMAC-SHA1 with the password over the address and the sorted form fields (Twilio, "Validating requests").
std::string sign_like_twilio(std::string_view password, std::string_view address,
                             std::vector<std::pair<std::string, std::string>> fields);

/// What seven.io signs (its documentation, "Signing of requests").
struct SevenRequest {
  std::string_view timestamp;
  std::string_view nonce;
  std::string_view method;   // "POST"
  std::string_view address;  // complete
  std::string_view body;
};
/// Hexadecimal HMAC-SHA256 with the signing key over these lines, instead of the body its MD5. Errors: unavailable
/// (there is no MD5).
base::Result<std::string> sign_like_seven(const base::Secret& key, const SevenRequest& request);

}  // namespace flow
