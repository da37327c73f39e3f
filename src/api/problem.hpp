// The one table of this door: kind of refusal → type, title and status (RFC 9457 §3). A type is a URN.
// It never changes, because programs make decisions by it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "http/message.hpp"

namespace api {

struct Problem {
  std::string_view type;  // "wrong-password"; printed as "urn:chancery:problem:wrong-password"
  std::string_view title;
  int status = 400;
  std::string_view detail;  // for the people who run the client program
};

inline constexpr Problem wrong_password{"wrong-password", "The stored login or password is not valid", 401,
                                        "Ask the operator to enter the password that is valid now. It may have been "
                                        "changed on the server, have expired, or "
                                        "the account may be locked or suspended."};
inline constexpr Problem password_refused{"password-refused", "The new password is not accepted", 422,
                                          "Choose another one; `flaws` says everything that is wrong with it."};
inline constexpr Problem too_early{"too-early", "The password was changed too recently", 409,
                                   "The policy forbids another change before `not_before`."};
inline constexpr Problem malformed{"malformed-request", "The request cannot be read", 400, ""};

/// A member of the answer that RFC 9457 does not define: name and JSON value.
using Member = std::pair<std::string_view, std::string>;

/// Writes one line to the log, under the request id of the answer; `reason` = "": with the problem's title.
http::Response print(const Problem& problem, const http::Request& request, const std::vector<Member>& more = {},
                     std::string_view reason = {});
/// For errors that every call can give: invalid_input, conflict, unavailable … The reason goes to the log only.
http::Response print(const base::Error& error, const http::Request& request);

}  // namespace api
