// An application sends one short message (S3.10): text, flash, binary or service, by the rules of `chancery sms send`
// (flow/message/send_by_hand). The application is who authenticates itself
// (flow/system/find_caller); it needs the permission to send messages,
// which only the operator of the installation gives, because each message costs money.
//
// A repeated request with the same Idempotency-Key sends no second message: the key is written down before the message
// leaves, and taken back only if no gateway took it.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/system/find_caller.hpp"

namespace flow {

/// As it was sent.
struct MessageWish {
  std::string to;             // telephone number in international form
  std::string kind = "text";  // text, flash, binary, service
  std::string text{};         // of a service message its title
  std::string from{};         // "" = the gateway's sender
  std::string data{};         // of a binary message: octets in hexadecimal digits
  std::string udh{};          // its user data header
  std::string link{};         // of a service message
  std::string gateway{};      // name; "" = as every message
  std::string repeat_key{};   // header Idempotency-Key; "" = none
};
struct MessageFlaw {
  std::string_view field;  // "to", "kind"; "message": the members do not fit together
  std::string_view code;   // "bad_form", "not_a_choice"
  std::string message;     // for the people who run the program
};
std::vector<MessageFlaw> find_message_flaws(const MessageWish& wish);
struct MessageSent {
  std::string id;         // of the first request with this key
  std::string gateway{};  // that took it; "" = by an earlier request
  std::int64_t parts = 0;
};
enum class MessageRefusal : std::uint8_t {
  unauthenticated,
  lacks_scope,  // the access token has not the scope messages:send
  not_permitted,
  too_many,
  key_reused,  // the Idempotency-Key came with another message before
  no_gateway,  // there is none, or none of this name
  not_taken,   // no gateway answers as it should: later perhaps
  refused      // a gateway refuses this message for good, or does not have its kind
};
using Sending = std::variant<MessageSent, MessageRefusal>;

/// Most messages of one application in a minute.
inline constexpr std::int64_t most_messages_each_minute = 60;

/// Blocks for as long as the gateways need, seconds. Each message has its audit event, also one that was refused.
/// Errors: invalid_input (find_message_flaws), unavailable.
base::Result<Sending> send_message(const House& house, const CallerProof& proof, const MessageWish& wish,
                                   const RequestFacts& facts);

}  // namespace flow
