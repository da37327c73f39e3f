// Where a login goes on (factor.cpp).
#pragma once

#include <string>
#include <string_view>

#include "flow/login/finish_login.hpp"
#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

/// The page of the second step: of the login in progress, or for a context that asks for a stronger login (`context`,
/// and the page that follows, `next`).
std::string factor_url(const Visit& visit, std::string_view context = {}, std::string_view next = {});

/// The next step of a login whose session has just been written: second step, change of the password, context, or the
/// page that was wanted.
http::Response go_on_after(Visit& visit, const flow::LoginDone& done);

}  // namespace web
