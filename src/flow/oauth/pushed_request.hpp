// Pushed authorization requests (RFC 9126). The client authenticates and leaves its request here; the browser brings a
// reference alone.
//
//   push ─> request_uri ─> open (once it arrives; expired and foreign ones are refused) ─> login, context, consent
//                            └─ open again when it is resumed ─> code: use, exactly once
//
// "The authorization server SHOULD treat request_uri values as one-time use" (§4): it counts as used when a code is
// issued, because a person may load the page again before that.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "flow/oauth/validate_request.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// "urn:ietf:params:oauth:request_uri:": what precedes the reference (RFC 9126 §2.2).
inline constexpr std::string_view pushed_prefix = "urn:ietf:params:oauth:request_uri:";

struct PushWish {
  ClientCredentials client;
  AuthorizationRequest request;
  std::string query;  // `request` as text, which open_pushed_request gives back
};
struct Pushed {
  std::optional<rights::Client> client{};  // after it was authenticated; for CORS
  std::optional<OAuthRefusal> refusal{};
  std::string request_uri{};    // if there is no refusal
  std::int64_t expires_in = 0;  // seconds
};
/// Authenticates the client and validates the request as the authorization endpoint does. Errors: unavailable,
/// internal.
base::Result<Pushed> push_request(const House& house, const PushWish& wished, const RequestFacts& facts);

/// Whether a request_uri has the form of those that this server gives.
bool is_pushed_uri(std::string_view request_uri);

enum class PushedTurn : std::uint8_t {
  arrival,  // the browser brings it: within its time
  resumed   // after the login, whose attempt is sealed and has a time of its own
};
/// The query that `client_id` pushed; nullopt: unknown, over, used, or of another client. Errors: unavailable,
/// internal.
base::Result<std::optional<std::string>> open_pushed_request(const House& house, std::string_view client_id,
                                                             std::string_view request_uri, PushedTurn turn,
                                                             base::Time now);

/// Inside the transaction in which the code is issued: true exactly once. False: another code was issued for it.
/// Errors: unavailable.
base::Result<bool> use_pushed_request(store::Tx& tx, std::string_view request_uri, base::Time now);

}  // namespace flow
