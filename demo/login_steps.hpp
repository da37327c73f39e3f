// The requests and tokens of one login, as text for developers who look at how an application is connected.
#pragma once

#include <boost/json/value.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "demo/fetch.hpp"

namespace demo {

struct LoginStep {
  std::string title;  // a key of words
  std::string text;
};

/// "GET https://…" and below it one line for each field.
std::string describe_request(std::string_view first_line, const Fields& fields);
/// The answer of a token endpoint; tokens are cut, because they are shown decoded.
std::string describe_token_answer(const boost::json::object& answer);
/// Header and claims of a JWT (RFC 7519); "" if `token` is not a JWT. Nothing is verified.
std::string decode_token(std::string_view token);
/// Indented by two blanks for each level; the members keep their order.
std::string to_pretty_json(const boost::json::value& value);

}  // namespace demo
