// What a request says about its sender. Every door takes the facts for its flows from here, so that no door leaves one
// out.
#pragma once

#include <string>
#include <string_view>

#include "flow/house/request_facts.hpp"
#include "http/message.hpp"
#include "text/text.hpp"

namespace browser {

/// `now` is the current time. The language is that of language_of; the door changes it when it knows the account.
flow::RequestFacts facts_of(const http::Request& request);
/// Of a program, which has no cookies: no device is known.
flow::RequestFacts facts_of_program(const http::Request& request);

/// The language of a request when neither the account nor an application is known: the language that was chosen in this
/// browser, else the best one of Accept-Language.
text::Language language_of(const http::Request& request);
/// The same for a known account or application. `ui_locales` of the authorization request counts first, then the
/// account's own choice.
text::Language choose_language(const http::Request& request, std::string_view ui_locales, std::string_view of_account);

}  // namespace browser
