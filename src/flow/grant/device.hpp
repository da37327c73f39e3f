// The device flow (RFC 8628): a device without browser or keyboard shows a code, a person types it elsewhere and allows
// or denies the access, and the device asks for its tokens meanwhile.
//
//   begin ─> waiting ──person allows (may_issue, grant)──> allowed ──device asks (may_issue)──> used
//               │  └──person denies──> denied                 └─ each state ends at expires_at
//               └─ device asks: authorization_pending, or slow_down (5 s more) if it asks too soon
//
// The device code holds 256 bits. The user code is short, so that its tries are counted for each network and each
// session (§5.1), it is looked up only for people who are logged in, and the database has its keyed hash.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/grant/redeem_code.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/consent.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "rights/actor.hpp"
#include "rights/client.hpp"

namespace flow {

struct DeviceRequest {
  ClientCredentials client;
  std::string scope;     // "" = openid
  std::string resource;  // words (RFC 8707); "" = none
};
struct DeviceBegun {
  std::optional<rights::Client> client{};  // after it was authenticated; for CORS
  std::optional<OAuthRefusal> refusal{};
  std::string device_code{};    // base64url of 16 octets id and 32 octets secret
  std::string user_code{};      // "BCDF-GHJK"
  std::int64_t expires_in = 0;  // seconds
  std::int64_t interval = 0;    // seconds between two questions
};
/// Errors: unavailable, internal.
base::Result<DeviceBegun> begin_device(const House& house, const DeviceRequest& wished, const RequestFacts& facts);

/// The eight letters of a user code, whatever was typed between them and in whichever case; "" = it cannot be one.
std::string canonical_user_code(std::string_view typed);
/// "BCDF-GHJK" of the eight letters.
std::string print_user_code(std::string_view canonical);

/// What a person is asked.
struct DeviceQuestion {
  rights::Client client;
  std::string scope;               // that the device would get
  std::vector<ConsentItem> items;  // the same in the language of the page
  /// The level that the login lacks and the account can reach by one more proof; 0 = it lacks none, or cannot.
  std::int64_t missing_level = 0;
};
/// For a typed code; counts the try. Errors: not_found (unknown, over, or decided), too_many (tries of this network or
/// session), denied (acts for another person), unavailable.
base::Result<DeviceQuestion> find_device_question(const House& house, const rights::Actor& actor,
                                                  std::string_view user_code, const RequestFacts& facts);

/// The refusal of may_issue; "" = done. A denial is never refused. Errors: as find_device_question.
base::Result<audit::Code> decide_device(const House& house, const rights::Actor& actor, std::string_view user_code,
                                        bool is_allowed, const RequestFacts& facts);

struct DeviceRedemption {
  ClientCredentials client;
  std::string device_code;
};
/// The device asks for its tokens (§3.4). Refusals: authorization_pending, slow_down, access_denied, expired_token,
/// invalid_grant, and those of the client. Errors: unavailable, internal.
base::Result<Redeemed> redeem_device_code(const House& house, const DeviceRedemption& wished,
                                          const RequestFacts& facts);

}  // namespace flow
