// Error pages for people. A program gets JSON with the same status and request id.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "http/message.hpp"
#include "text/text.hpp"

namespace web {

/// For http::Router::on_error: a page in the person's language, or JSON for programs. Must not block.
/// `what_key`: key of the sentence that says what happened; "" = the status' own.
http::Response error_response(const flow::House& house, const http::Request& request, int status,
                              std::string_view what_key = {});
/// The same in a language that is known already.
http::Response error_page(const flow::House& house, const http::Request& request, text::Language language, int status,
                          std::string_view what_key = {});

/// This door's table of errors: code → HTTP status.
int status_of(base::Code code);

}  // namespace web
