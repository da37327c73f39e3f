// One short message through one HTTP gateway (S3.7, S3.10). courier/gateway.hpp describes gateways.
#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "courier/deliver.hpp"
#include "courier/gateway.hpp"
#include "remote/http_client.hpp"

namespace courier {

struct Sms {
  std::string to;    // E.164 with plus: "+4917234567890"
  std::string from;  // empty = the gateway's sender
  std::string text;  // UTF-8, 1 to 1530 code points (ten joined messages of GSM 03.38); of a service message its title
  std::string
      reference;  // our identifier of the message, the same in every try; letters, digits and hyphens; may be empty
  SmsKind kind = SmsKind::text;
  std::string data{};  // of a binary message: 1 to 140 octets in hexadecimal digits, with its header
  std::string udh{};   // its user data header in hexadecimal digits; may be empty
  std::string link{};  // of a service message: http(s)://…
};

struct SmsReceipt {
  Delivery delivery;
  std::string gateway_id;  // the gateway's identifier of the message; empty = the gateway gave none
};

/// Whether the message can be sent at all, by any gateway. Errors: invalid_input (a number, sender, text, data or link
/// that is not allowed).
base::Result<void> check_sms(const Sms& sms);

/// One try to deliver. Given up: the gateway refuses this message for good, or does not have its kind ("unsupported").
/// Everything else that is not accepted is tried again, because it concerns the gateway, our account there or the
/// network. The reason has the status and never the body, because a gateway may repeat the message in it.
SmsReceipt send_sms(const remote::HttpClient& client, const SmsGateway& gateway, const Sms& sms);

}  // namespace courier
