// Refusals of rights and attempts to get around a control are events (OWASP ASVS 5.0, 16.3.2 and 16.3.3). A refused
// actor cannot fill the log: of the refusals of one actor and one action in a minute only number 1, 2, 4, 8, … are
// written, with the count.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/session.hpp"

namespace flow {

struct Denial {
  std::string_view page;                           // the route's pattern: "/admin/accounts/{id}/suspend"
  std::optional<rights::Permission> permission{};  // that was lacking; nullopt: it was refused for another reason
  std::optional<base::Id> subject{};               // the account that it was about
};
base::Result<void> record_denial(const House& house, const rights::Actor& actor, const Denial& denial,
                                 const RequestFacts& facts);

/// A cookie named this session and had a wrong secret.
base::Result<void> record_tampered_cookie(const House& house, const rights::Session& session,
                                          const RequestFacts& facts);

}  // namespace flow
