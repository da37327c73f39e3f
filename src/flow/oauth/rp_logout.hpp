// A logout that a relying party requests (OpenID Connect RP-Initiated Logout 1.0). A link of another site must not log
// the person out, so the person is asked, unless the ID token hint belongs to the session of this browser. Without a
// valid hint nobody is sent to the relying party afterwards: "the OP MUST NOT perform post-logout redirection unless it
// has other means of confirming the legitimacy of the post-logout redirection target" (§2).
#pragma once

#include <string>
#include <variant>

#include "flow/house/request_facts.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "flow/session/find_visitor.hpp"

namespace flow {

/// The parameters as sent; "" = absent.
struct LogoutRequest {
  std::string id_token_hint{};
  std::string client_id{};
  std::string post_logout_redirect_uri{};
  std::string state{};
  std::string ui_locales{};
  bool doubled = false;  // a parameter came twice
};

/// The session has ended, or there was none. `location`: "" = our own page after the logout.
struct LogoutOver {
  std::string location;
};
/// The person decides. `sealed`: see post_logout; "" = no address follows.
struct LogoutQuestion {
  std::string sealed;
};
using RpLogout = std::variant<LogoutOver, LogoutQuestion, PageRefusal>;

/// Errors: unavailable, internal.
base::Result<RpLogout> rp_logout(const House& house, const LogoutRequest& request, std::string_view session_cookie,
                                 const RequestFacts& facts);

}  // namespace flow
