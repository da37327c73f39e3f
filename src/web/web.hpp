// Every page that a person sees. One page a file; templates in src/web/page/templates, sentences in room text.
// A page parses and prints: what may be done and is done is decided in room flow.
#pragma once

#include <string>
#include <string_view>

#include "flow/house/house.hpp"
#include "http/router.hpp"

namespace web {

struct Options {
  std::string administrator;  // whom people may ask: "helpdesk@clinic.example, +48 22 123 45 67"; "" = not said
  std::string mail_sender;    // the announced address of all mails; "" = not said
};

/// Adds all pages and static files. What `house` refers to must outlive the router. Throws std::logic_error on a broken
/// template.
void mount(http::Router& router, const flow::House& house, Options options);

/// For http::Router::on_error: a page in the person's language, or JSON for programs. Does not block.
/// `what_key`: key of the sentence that says what happened; "" = the status' own.
http::Response error_response(const flow::House& house, const http::Request& request, int status,
                              std::string_view what_key = {});

}  // namespace web
