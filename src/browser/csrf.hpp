// Tokens against requests that another site makes a browser send (CSRF): an HMAC over what only this browser holds and
// over the form that it is for, so that nothing is stored. Form field `csrf`.
#pragma once

#include <string>
#include <string_view>

#include "flow/house/house.hpp"

namespace browser {

/// `binding`: id of the attempt or of the session, both known from cookies. `purpose`: path of the form.
std::string make_csrf(const flow::House& house, std::string_view binding, std::string_view purpose);
bool is_csrf_right(const flow::House& house, std::string_view binding, std::string_view purpose,
                   std::string_view token);

}  // namespace browser
