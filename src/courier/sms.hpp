// Short messages through an HTTP gateway (S3.7, S3.10); the wire format is docs/operators/sms-gateway.md.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "courier/deliver.hpp"
#include "remote/http_client.hpp"

namespace courier {

struct SmsGateway {
  std::string url;
  std::string id;
  base::Secret password;
  std::string sender;  // default sender; empty = the gateway's own
};

struct Sms {
  std::string to;    // E.164 with plus: "+4917234567890"
  std::string from;  // empty = the gateway's default
  std::string text;  // UTF-8, 1 to 1530 code points (ten joined messages of GSM 03.38)
  std::string
      reference;  // our identifier of the message, the same in every try; letters, digits and hyphens; may be empty
};

struct SmsReceipt {
  Delivery delivery;
  std::string gateway_id;  // the gateway's identifier of the message; empty = the gateway gave none
};

/// S3.7. Alphanumeric: 3 to 11 of a-z A-Z 0-9 . - _, begins and ends with a letter. Numeric: 00 and E.164.
bool is_sms_sender(std::string_view text);
/// E.164 with plus: 7 to 15 digits, the first not 0.
bool is_phone_number(std::string_view text);
/// Errors: invalid_input (a URL, id or sender with which no message can be sent).
base::Result<void> check_gateway(const SmsGateway& gateway);

/// One try to deliver. 2xx: delivered. 400, 413, 422: given up, because the gateway refuses this message. Everything
/// else is tried again, because it concerns the gateway, our account there or the network.
SmsReceipt send_sms(const remote::HttpClient& client, const SmsGateway& gateway, const Sms& sms);

}  // namespace courier
