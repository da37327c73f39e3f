// A client exchanges a refresh token for new tokens (RFC 6749 §6). Each use gives the next one (RFC 9700 §4.14.2):
//
//   the one that counts ─ may_issue ─ rotated exactly once ─> its successor
//   the one before it, within the grace, from the same client ─ may_issue ─> the same successor again: an answer was
//                                                                            lost, or two requests were made at once
//   an older one, or the one before it later ─> somebody has a copy: all that was issued is revoked, and audited
#pragma once

#include <optional>
#include <string>

#include "flow/client/authenticate_client.hpp"
#include "flow/grant/redeem_code.hpp"
#include "flow/house/request_facts.hpp"

namespace flow {

struct RefreshWish {
  ClientCredentials client;
  std::string refresh_token;
  std::string scope;     // words, at most what was granted; "" = all
  std::string resource;  // words (RFC 8707 §2.2); "" = all
};

/// Errors: unavailable, internal.
base::Result<Redeemed> refresh_tokens(const House& house, const RefreshWish& wished, const RequestFacts& facts);

}  // namespace flow
