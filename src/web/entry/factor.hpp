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
/// The same as an address, for a page that comes between. Sets the cookies of the visit.
std::string next_url_after(Visit& visit, const flow::LoginDone& done);
/// What comes next for a session that owes nothing on this page: the login, the change of the password, the context, or
/// the page that was wanted.
http::Response go_on_with_login(Visit& visit);

/// Whether the text can be the number of a refused request, which a page in another language names again (login.cpp).
bool is_request_number(std::string_view text);

}  // namespace web
