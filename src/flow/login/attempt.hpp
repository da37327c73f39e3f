// A login in progress. It is kept in a sealed cookie of the browser that began it, and nowhere else. Its id in a URL is
// useless without the cookie (security rule 2), any node can continue it, and the database cannot be filled by starting
// logins. It holds no proofs; those are in the session.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"

namespace flow {

struct Attempt {
  base::Id id;
  base::Time begun;
  std::string request;    // "" = to the account pages; else the query of the authorization request, as validated
  std::string client_id;  // of that request; "" = none
  std::string return_to;  // local path that follows the login: "/account/data"; "" with `request`
  std::string ui_locales;
  std::string login_hint;
  bool force_login = false;     // a session from before `begun` is not enough (prompt=login, max_age)
  bool choose_account = false;  // prompt=select_account: the login page is shown even if there is a session
  std::int64_t level = 0;       // that the application asks for and the account can reach; 0 = any
  std::string consent;          // words: what the person is asked to agree to (flow/oauth/consent.hpp); "" = nothing
  bool is_refused = false;      // the person did not agree
};

/// A new attempt. `return_to` must be a local path; any other text becomes "/account".
Attempt begin_attempt(std::string return_to, base::Time now);

/// Value of the cookie (base64url, at most 3,500 characters). Errors: invalid_input (request too large).
base::Result<std::string> seal_attempt(const House& house, const Attempt& attempt);
/// Errors: expired (older than AttemptSettings::lasts), invalid_input (not sealed here, altered, or another id than
/// `id`).
base::Result<Attempt> open_attempt(const House& house, const base::Id& id, std::string_view cookie_value,
                                   base::Time now);

/// The first login page of this attempt: "/login?attempt=ID".
std::string login_url(const Attempt& attempt);
/// The page that asks for consent: "/login/consent?attempt=ID".
std::string consent_url(const Attempt& attempt);
/// The address that follows a login with a context: "/oauth2/authorize?attempt=ID", or `return_to`.
std::string resume_url(const Attempt& attempt);

/// Whether `path` is a local path with query ("/a?b=c"): begins with one slash, no "//", no backslash, no control
/// characters, no scheme.
bool is_local_path(std::string_view path);

}  // namespace flow
