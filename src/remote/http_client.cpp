#include "remote/http_client.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cctype>
#include <cstring>
#include <mutex>

#include "base/ip_address.hpp"
#include "remote/curl.hpp"

namespace remote {
namespace {

constexpr std::size_t most_url = 4096;
constexpr std::size_t most_headers = std::size_t{32} * 1024;
constexpr std::size_t most_kept_handles = 8;

// The state of one call, which the callbacks of libcurl read and write.
struct Call {
  const std::vector<base::IpNetwork>* allowed_networks = nullptr;
  const std::atomic<bool>* stopped = nullptr;
  std::size_t most_body = 0;
  bool is_plain = false;
  bool is_listed = false;  // as plain http to this machine
  bool is_denied = false;
  bool is_too_large = false;
  std::size_t header_size = 0;
  HttpResponse response;

  [[nodiscard]] bool may_connect(const base::IpAddress& address) const {
    if (is_plain && is_listed) return address.is_loopback();
    return address.is_public() || std::any_of(allowed_networks->begin(), allowed_networks->end(),
                                              [&](const base::IpNetwork& n) { return n.contains(address); });
  }
};

base::Result<base::IpAddress> address_of(const curl_sockaddr& peer) {
  // Copied, because libcurl's structure promises no alignment for the kind that is inside.
  if (peer.family == AF_INET && peer.addrlen >= sizeof(sockaddr_in)) {
    sockaddr_in in{};
    base::IpAddress::V4Octets octets{};
    std::memcpy(&in, &peer.addr, sizeof in);
    std::memcpy(octets.data(), &in.sin_addr, octets.size());
    return base::IpAddress(octets);
  }
  if (peer.family == AF_INET6 && peer.addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 in{};
    base::IpAddress::V6Octets octets{};
    std::memcpy(&in, &peer.addr, sizeof in);
    std::memcpy(octets.data(), &in.sin6_addr, octets.size());
    return base::IpAddress(octets);
  }
  return base::fail(base::Code::denied, "not an internet address");
}

// libcurl calls this with the address to which it is about to connect.
curl_socket_t open_socket(void* data, curlsocktype, curl_sockaddr* peer) {
  auto& call = *static_cast<Call*>(data);
  const auto address = address_of(*peer);
  // One forbidden address ends the call, because a name with both inner and public addresses is an attack or a mistake.
  if (!address || !call.may_connect(*address)) call.is_denied = true;
  if (call.is_denied) return CURL_SOCKET_BAD;
  return ::socket(peer->family, peer->socktype | SOCK_CLOEXEC, peer->protocol);
}

std::size_t take_header(const char* data, std::size_t, std::size_t size, void* to) {
  auto& call = *static_cast<Call*>(to);
  (void)data;
  call.header_size += size;
  if (call.header_size <= most_headers) return size;
  call.is_too_large = true;
  return 0;
}

std::size_t take_body(const char* data, std::size_t, std::size_t size, void* to) {
  auto& call = *static_cast<Call*>(to);
  if (size > call.most_body - call.response.body.size()) {
    call.is_too_large = true;
    return 0;
  }
  call.response.body.append(data, size);
  return size;
}

int watch(void* data, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<const Call*>(data)->stopped->load() ? 1 : 0;
}

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK || text == nullptr) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || std::strchr("!#$%&'*+-.^_`|~", c) != nullptr;
  }) && name.find('\0') == std::string_view::npos;
}

bool is_field_value(std::string_view value) {
  return std::all_of(value.begin(), value.end(), [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); });
}

bool is_url_text(std::string_view url) {
  // ":///" is refused, because libcurl would read "https:///x" as "https://x".
  return !url.empty() && url.size() <= most_url && url.find(":///") == std::string_view::npos &&
         std::all_of(url.begin(), url.end(), [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '\\'; });
}

base::Result<curl::List> list_headers(const HttpRequest& request) {
  curl::List list;
  // Otherwise libcurl would wait one second for "100 Continue".
  curl::append(list, "Expect:");
  for (const auto& [name, value] : request.headers) {
    if (!is_token(name) || !is_field_value(value)) return base::fail(base::Code::invalid_input, "not a header field");
    curl::append(list, name + ": " + value);
  }
  return list;
}

}  // namespace

struct HttpClient::Impl {
  HttpOptions options;
  std::vector<base::IpNetwork> allowed_networks;
  std::atomic<bool> stopped{false};
  std::mutex mutex;
  std::vector<curl::Handle> idle;  // reused, because a handle keeps the parsed certificates of the system

  curl::Handle take() {
    const std::lock_guard lock(mutex);
    if (idle.empty()) return curl::new_handle();
    curl::Handle handle = std::move(idle.back());
    idle.pop_back();
    return handle;
  }
  void give_back(curl::Handle handle) {
    curl_easy_reset(handle.get());
    const std::lock_guard lock(mutex);
    if (idle.size() < most_kept_handles) idle.push_back(std::move(handle));
  }

  base::Result<HttpResponse> perform(CURL* handle, const HttpRequest& request);
};

HttpClient::HttpClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;
HttpClient::~HttpClient() = default;

base::Result<HttpClient> HttpClient::make(HttpOptions options) {
  auto impl = std::make_unique<Impl>();
  for (const auto& text : options.allowed_networks) {
    const auto network = base::IpNetwork::parse(text);
    if (!network) return base::fail(base::Code::invalid_input, text + ": " + network.error().reason);
    impl->allowed_networks.push_back(*network);
  }
  for (auto& place : options.loopback_http) {
    place = lower(place);
    const std::size_t colon = place.rfind(':');
    const bool is_here = base::is_loopback_host(std::string_view(place).substr(0, colon));
    const bool has_port = colon != std::string::npos && colon + 1 < place.size() &&
                          place.find_first_not_of("0123456789", colon + 1) == std::string::npos;
    if (!is_here || !has_port) {
      return base::fail(base::Code::invalid_input, "not a loopback host with a port: " + place);
    }
  }
  impl->options = std::move(options);
  return HttpClient(std::move(impl));
}

base::Result<HttpResponse> HttpClient::Impl::perform(CURL* handle, const HttpRequest& request) {
  if (!is_url_text(request.url)) return base::fail(base::Code::invalid_input, "not a URL");
  const curl::Url url(curl_url());
  if (!url) throw std::bad_alloc();
  if (curl_url_set(url.get(), CURLUPART_URL, request.url.c_str(), CURLU_DISALLOW_USER) != CURLUE_OK) {
    return base::fail(base::Code::invalid_input, "not an absolute URL without user information");
  }
  const std::string host = lower(part_of(url.get(), CURLUPART_HOST));
  const std::string place = host + ":" + part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  if (host.empty()) return base::fail(base::Code::invalid_input, "a URL without host");

  Call call;
  call.allowed_networks = &allowed_networks;
  call.stopped = &stopped;
  call.most_body = options.most_body;
  call.is_plain = scheme == "http";
  const auto& places = options.loopback_http;
  call.is_listed = std::find(places.begin(), places.end(), place) != places.end();
  const bool may_be_plain = call.is_plain && (call.is_listed || options.takes_signed_over_http);
  if (scheme != "https" && !may_be_plain) {
    return base::fail(base::Code::denied, scheme + " to " + place + " is not allowed");
  }
  ASSIGN_OR_RETURN(const curl::List headers, list_headers(request));

  curl::set_common(handle, options.connect_time, options.total_time, options.ca_file);
  curl::set(handle, CURLOPT_CURLU, url.get());
  curl::set(handle, CURLOPT_PROTOCOLS_STR, call.is_plain ? "http" : "https");
  curl::set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  curl::set(handle, CURLOPT_USERAGENT, "Chancery");
  curl::set(handle, CURLOPT_HTTPHEADER, headers.get());
  curl::set(handle, CURLOPT_OPENSOCKETFUNCTION, &open_socket);
  curl::set(handle, CURLOPT_OPENSOCKETDATA, &call);
  curl::set(handle, CURLOPT_HEADERFUNCTION, &take_header);
  curl::set(handle, CURLOPT_HEADERDATA, &call);
  curl::set(handle, CURLOPT_WRITEFUNCTION, &take_body);
  curl::set(handle, CURLOPT_WRITEDATA, &call);
  curl::set(handle, CURLOPT_NOPROGRESS, 0L);
  curl::set(handle, CURLOPT_XFERINFOFUNCTION, &watch);
  curl::set(handle, CURLOPT_XFERINFODATA, &call);
  if (request.method == HttpRequest::Method::post) {
    curl::set(handle, CURLOPT_POST, 1L);
    curl::set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
    curl::set(handle, CURLOPT_POSTFIELDS, request.body.data());
  }

  if (request.method == HttpRequest::Method::connect) curl::set(handle, CURLOPT_CONNECT_ONLY, 1L);

  curl::Detail detail{};
  curl::set(handle, CURLOPT_ERRORBUFFER, detail.data());
  const CURLcode code = curl_easy_perform(handle);
  curl::set(handle, CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
  curl::log_tls_failure(code, place);
  if (call.is_denied) return base::fail(base::Code::denied, "the address of " + place + " is not allowed");
  if (call.is_too_large) return base::fail(base::Code::unavailable, "the answer of " + place + " is too large");
  if (code != CURLE_OK)
    return base::fail(base::Code::unavailable, place + ": " + curl::describe_failure(code, detail.data()));
  long status = 0;
  const char* type = nullptr;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle, CURLINFO_CONTENT_TYPE, &type);
  call.response.status = static_cast<int>(status);
  if (type != nullptr) call.response.content_type = type;
  return std::move(call.response);
}

base::Result<HttpResponse> HttpClient::send(const HttpRequest& request) const {
  if (impl_->stopped) return base::fail(base::Code::unavailable, "outgoing calls have stopped");
  curl::Handle handle = impl_->take();
  auto result = impl_->perform(handle.get(), request);
  impl_->give_back(std::move(handle));
  return result;
}

void HttpClient::stop() {
  impl_->stopped = true;
}

}  // namespace remote
