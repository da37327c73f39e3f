// HTTP calls of the relying applications to the server: JSON objects to get, forms to post.
#pragma once

#include <boost/json/object.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "remote/http_client.hpp"

namespace demo {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// Errors: unavailable (no answer, or not 200 with a JSON object).
base::Result<boost::json::object> fetch_object(const remote::HttpClient& client, const std::string& url);
/// `user` and `password` as HTTP Basic, form-encoded first (RFC 6749 §2.3.1). Errors: as fetch_object().
base::Result<boost::json::object> post_form(const remote::HttpClient& client, const std::string& url,
                                            const Fields& fields, std::string_view user, std::string_view password);
/// A string member; "" if there is none.
std::string text_of(const boost::json::object& object, std::string_view name);

/// "a=1&b=2", percent-encoded.
std::string to_query(const Fields& fields);

}  // namespace demo
