// Tokens against cross-site requests: HMAC over what the browser holds (attempt or session) and a purpose, so that
// nothing is stored. Form field `csrf`.
#pragma once

#include <string>
#include <string_view>

#include "flow/house/house.hpp"

namespace flow {

/// `binding`: id of the attempt or of the session, from the cookie. `purpose`: path of the form.
std::string make_csrf(const House& house, std::string_view binding, std::string_view purpose);
bool is_csrf_right(const House& house, std::string_view binding, std::string_view purpose, std::string_view token);

}  // namespace flow
