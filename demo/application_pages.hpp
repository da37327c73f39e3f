// The pages of the two relying applications and the inbox.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "demo/inbox.hpp"
#include "demo/local_sessions.hpp"
#include "demo/relying_party.hpp"
#include "http/message.hpp"
#include "text/text.hpp"

namespace demo {

/// The supported language that the browser prefers.
text::Language language_of(const http::Request& request);

/// `session` null: nobody is logged in.
std::string make_start_page(text::Language language, const Application& application, const LocalSession* session);
/// `title` and `sentence` are keys of words.
std::string make_failure_page(text::Language language, const Application& application, std::string_view title,
                              std::string_view sentence);
std::string make_inbox_page(text::Language language, const Application& application,
                            const std::vector<Message>& messages);

}  // namespace demo
