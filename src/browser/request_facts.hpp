// What a request says about the one who sends it. Every door takes the facts for its flows from here, so that none
// leaves one out.
#pragma once

#include <string>
#include <string_view>

#include "flow/house/request_facts.hpp"
#include "http/message.hpp"
#include "text/text.hpp"

namespace browser {

/// `now` is the current time; the language is that of language_of, until the door knows more.
flow::RequestFacts facts_of(const http::Request& request);

/// The language of a request about which nothing else is known: the one that was chosen in this browser, else one that
/// Accept-Language names.
text::Language language_of(const http::Request& request);
/// The same, with what counts before it: `ui_locales` of the request to log in, then the account's own choice.
text::Language choose_language(const http::Request& request, std::string_view ui_locales, std::string_view of_account);

}  // namespace browser
