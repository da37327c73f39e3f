#include "demo/fetch.hpp"

#include <boost/json.hpp>

#include "base/bytes.hpp"

namespace demo {

namespace {

base::Result<boost::json::object> call(const remote::HttpClient& client, const remote::HttpRequest& request) {
  ASSIGN_OR_RETURN(const remote::HttpResponse answer, client.send(request));
  boost::system::error_code wrong;
  const auto value = boost::json::parse(answer.body, wrong);
  if (answer.status != 200 || wrong.failed() || !value.is_object()) {
    return base::fail(base::Code::unavailable, request.url + " answered " + std::to_string(answer.status));
  }
  return value.get_object();
}

}  // namespace

std::string text_of(const boost::json::object& object, std::string_view name) {
  const auto* const value = object.if_contains(boost::json::string_view(name.data(), name.size()));
  const auto* const text = value == nullptr ? nullptr : value->if_string();
  return text == nullptr ? std::string() : std::string(text->data(), text->size());
}

std::string to_query(const Fields& fields) {
  std::string query;
  for (const auto& [name, value] : fields) {
    if (!query.empty()) query += '&';
    query += base::percent_encode(name) + "=" + base::percent_encode(value);
  }
  return query;
}

base::Result<boost::json::object> fetch_object(const remote::HttpClient& client, const std::string& url) {
  return call(client, {remote::HttpRequest::Method::get, url, {{"Accept", "application/json"}}, ""});
}

base::Result<boost::json::object> post_form(const remote::HttpClient& client, const std::string& url,
                                            const Fields& fields, std::string_view user, std::string_view password) {
  const std::string credentials = base::percent_encode(user) + ":" + base::percent_encode(password);
  return call(client, {remote::HttpRequest::Method::post,
                       url,
                       {{"Accept", "application/json"},
                        {"Content-Type", "application/x-www-form-urlencoded"},
                        {"Authorization", "Basic " + base::to_base64(credentials)}},
                       to_query(fields)});
}

}  // namespace demo
