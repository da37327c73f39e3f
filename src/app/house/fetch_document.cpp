#include "app/house/fetch_document.hpp"

#include <memory>

namespace app {
namespace {

constexpr base::Duration connect_time = std::chrono::seconds(3);
constexpr base::Duration total_time = std::chrono::seconds(5);

base::Result<std::string> fetch(const remote::HttpClient& client, const std::string& url) {
  ASSIGN_OR_RETURN(remote::HttpResponse response,
                   client.send({remote::HttpRequest::Method::get, url, {{"Accept", "application/json"}}, {}}));
  if (response.status != 200) {
    return base::fail(base::Code::unavailable, "status " + std::to_string(response.status));
  }
  return std::move(response.body);
}

}  // namespace

flow::FetchDocument make_document_fetcher(const Config& config) {
  remote::HttpOptions options;
  options.connect_time = connect_time;
  options.total_time = total_time;
  options.loopback_http = config.loopback_http;
  options.allowed_networks = config.remote_networks;
  options.ca_file = config.remote_ca_file;
  auto made = remote::HttpClient::make(std::move(options));
  if (!made) {
    return [error = made.error()](const std::string&) -> base::Result<std::string> {
      return tl::unexpected<base::Error>(error);
    };
  }
  return [client = std::make_shared<const remote::HttpClient>(std::move(*made))](const std::string& url) {
    return fetch(*client, url);
  };
}

flow::FetchDocument make_document_fetcher(const remote::HttpClient& client) {
  return [&client](const std::string& url) { return fetch(client, url); };
}

}  // namespace app
