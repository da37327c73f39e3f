// A client program changes the password of the account that it uses, in one call (S0.4).
#pragma once

#include <string>

#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace api {

http::Response change_account_password(const flow::House& house, const http::Request& request);

/// The login whose password is to be changed, in its canonical form; "" = the body names none.
std::string account_to_change(const http::Request& request);

}  // namespace api
