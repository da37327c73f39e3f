// Error pages for people. A program gets JSON with the same status and request id.
#pragma once

#include <string_view>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/oauth/oauth_error.hpp"
#include "http/message.hpp"
#include "text/text.hpp"

namespace web {

struct Mishap {
  int status = 500;
  std::string_view what_key{};                 // key of the sentence that says what happened; "" = the status' own
  std::string_view reason{};                   // for the log
  const flow::PageRefusal* refusal = nullptr;  // of a request of an application: what its developers are told
};

/// For http::Router::on_error: a page in the person's language, or JSON for programs. Writes one line to the log, under
/// the request id that the answer shows. Must not block.
http::Response error_response(const flow::House& house, const http::Request& request, const Mishap& mishap);
/// The same in a language that is known already.
http::Response error_page(const flow::House& house, const http::Request& request, text::Language language,
                          const Mishap& mishap);

/// This door's table of errors: code → HTTP status.
int status_of(base::Code code);

}  // namespace web
