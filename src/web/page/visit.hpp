// One request for a page: the visitor, the language, the fields, and the cookies that the answer sets.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "browser/cookies.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/login/attempt.hpp"
#include "flow/session/find_visitor.hpp"
#include "http/message.hpp"
#include "http/multipart.hpp"
#include "text/text.hpp"
#include "web/page/options.hpp"

namespace web {

struct Visit {
  const flow::House& house;
  const Options& options;
  const http::Request& request;
  flow::RequestFacts facts;
  flow::Visitor visitor;
  http::Form query;
  http::Form form;                        // of a POST
  std::vector<http::UploadedFile> files;  // of a POST of multipart/form-data
  std::optional<text::Language> asked;    // the language that this request chooses (?lang=…)
  text::Language language = text::Language::en;
  std::optional<flow::Attempt> attempt;  // see take_attempt
  browser::Cookies cookies;              // the cookies that the answer sets
  /// What the link to this page in another language needs besides the address and the attempt.
  std::vector<std::pair<std::string_view, std::string>> kept{};
  /// The answer to a form shows what no address shows again, such as recovery codes: it has no switch of the language,
  /// which would lose it.
  bool is_shown_once = false;
  std::string_view route{};  // the pattern that the path matched: "/admin/accounts/{id}"
  std::string page{};        // of a form: the path of its page

  [[nodiscard]] std::string say(std::string_view key, const text::Arguments& arguments = {}) const {
    return text::say(language, key, arguments);
  }
};

/// With `touch` the session's idle time starts again. Errors: invalid_input (malformed or duplicate fields),
/// unavailable.
base::Result<Visit> begin_visit(const flow::House& house, const Options& options, const http::Request& request,
                                bool touch);

// Login attempts are kept in sealed cookies (flow/login/attempt.hpp).

/// Opens the attempt that `id` names, if this browser began it. From now on its ui_locales decide the language. A
/// language that this request chooses (?lang=…) is kept in the attempt.
bool take_attempt(Visit& visit, std::string_view id);
/// Begins an attempt that leads to `return_to` and keeps it.
void begin_attempt(Visit& visit, std::string return_to);
/// Sets the cookie of visit.attempt.
void keep_attempt(Visit& visit);
void forget_attempt(Visit& visit);
/// The origin to which the redirects after a form may lead (CSP form-action): that of the relying party's redirect URI;
/// "" = only this server.
std::string find_form_origin(const flow::Attempt& attempt);
/// The same for an address; "" if it is a path of this server.
std::string find_form_origin(const std::string& uri);

/// Whether the visitor need not log in for the attempt: there is a session, and the attempt does not need a newer
/// login.
bool is_session_enough(const Visit& visit);

}  // namespace web
