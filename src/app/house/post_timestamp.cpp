#include "app/house/post_timestamp.hpp"

#include <memory>

#include "crypto/cms/timestamp_token.hpp"
#include "remote/http_client.hpp"

namespace app {
namespace {

constexpr base::Duration connect_time = std::chrono::seconds(3);
constexpr base::Duration total_time = std::chrono::seconds(10);

base::Result<base::Bytes> post(const remote::HttpClient& client, const std::string& url, base::BytesView request) {
  ASSIGN_OR_RETURN(
      remote::HttpResponse response,
      client.send({remote::HttpRequest::Method::post,
                   url,
                   {{"Content-Type", "application/timestamp-query"}, {"Accept", "application/timestamp-reply"}},
                   std::string(request)}));
  if (response.status != 200) {
    return base::fail(base::Code::unavailable, "status " + std::to_string(response.status));
  }
  if (!response.content_type.starts_with("application/timestamp-reply")) {
    return base::fail(base::Code::invalid_input, "an answer of another type than application/timestamp-reply");
  }
  return std::move(response.body);
}

}  // namespace

flow::PostTimestamp make_timestamp_poster(const Config& config) {
  remote::HttpOptions options;
  options.connect_time = connect_time;
  options.total_time = total_time;
  options.most_body = crypto::largest_timestamp_token;
  options.loopback_http = config.loopback_http;
  options.allowed_networks = config.remote_networks;
  options.ca_file = config.remote_ca_file;
  options.takes_signed_over_http = true;
  auto made = remote::HttpClient::make(std::move(options));
  if (!made) {
    return [error = made.error()](const std::string&, base::BytesView) -> base::Result<base::Bytes> {
      return tl::unexpected<base::Error>(error);
    };
  }
  return [client = std::make_shared<const remote::HttpClient>(std::move(*made))](
             const std::string& url, base::BytesView request) { return post(*client, url, request); };
}

}  // namespace app
