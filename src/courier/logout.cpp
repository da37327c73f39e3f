#include "courier/logout.hpp"

#include "base/bytes.hpp"

namespace courier {

Delivery post_logout(const remote::HttpClient& client, std::string_view url, std::string_view logout_token) {
  remote::HttpRequest request;
  request.method = remote::HttpRequest::Method::post;
  request.url = std::string(url);
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Cache-Control", "no-store"}};
  request.body = "logout_token=" + base::percent_encode(logout_token);
  const auto response = client.send(request);
  if (!response) return judge_call(response.error());
  // §2.8: 200; "note that some Web frameworks will substitute an HTTP 204 No Content response for an HTTP 200 OK".
  if (response->status == 200 || response->status == 204) return delivered();
  std::string reason = "status " + std::to_string(response->status) + " " + quote(response->body);
  const Code code = Code::http(response->status);
  return response->status == 400 ? give_up(code, std::move(reason)) : retry(code, std::move(reason));
}

}  // namespace courier
