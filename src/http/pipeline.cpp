#include "http/pipeline.hpp"

#include <time.h>

#include <array>
#include <charconv>
#include <exception>

#include "base/bytes.hpp"
#include "base/json.hpp"
#include "base/log.hpp"
#include "base/time.hpp"
#include "http/compression.hpp"
#include "http/field_text.hpp"
#include "http/multipart.hpp"

namespace http {
namespace {

constexpr std::size_t refused_body_limit = 64 * 1024;
constexpr std::size_t no_lane = 4;
constexpr std::array<const char*, 5> lane_names{"instant", "work", "password", "report", "none"};

/// RFC 9110 §9.2.1.
bool is_safe(Method method) {
  return method == Method::get || method == Method::head || method == Method::options;
}

Response plain_error(int status) {
  return Response::text(std::to_string(status) + "\n", status);
}

std::size_t lane_index(const Exchange& exchange) {
  return exchange.match.route == nullptr ? no_lane : static_cast<std::size_t>(exchange.match.route->lane);
}

/// RFC 3339 with milliseconds; the text is made once for each second. Valid until the thread's next call.
std::string_view time_text() {
  static thread_local std::string text;
  static thread_local std::int64_t second = -1;
  const base::Time now = base::now();
  const auto since = static_cast<std::uint64_t>(base::to_ms(now) % 1000);
  if (base::to_seconds(now) != second) {
    second = base::to_seconds(now);
    text = base::to_rfc3339(now).substr(0, 20) + "000Z";
  }
  text[20] = static_cast<char>('0' + since / 100);
  text[21] = static_cast<char>('0' + since / 10 % 10);
  text[22] = static_cast<char>('0' + since % 10);
  return text;
}

/// "12.345"
std::string milliseconds_text(std::chrono::nanoseconds duration) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
  std::array<char, 32> text{};
  char* end = std::to_chars(text.data(), text.data() + text.size(), micros / 1000).ptr;
  for (const char c : {'.', static_cast<char>('0' + micros / 100 % 10), static_cast<char>('0' + micros / 10 % 10),
                       static_cast<char>('0' + micros % 10)}) {
    *end++ = c;
  }
  return {text.data(), end};
}

}  // namespace

const Pipeline::Step Pipeline::steps[] = {
    {"request id", "first: whatever is refused later can be found by it", &Pipeline::give_id},
    {"client address", "before anything that judges, counts or logs by it", &Pipeline::find_client},
    {"route", "says which lane, how much body, and whether other origins may call", &Pipeline::find_route},
    {"TLS", "after the route, which may be one that needs none; before anything else is said", &Pipeline::check_tls},
    {"path and method", "after TLS: without it nobody learns which paths there are", &Pipeline::check_route},
    {"cross-site check", "before the body is read: a forged request costs nothing more", &Pipeline::check_origin},
};

Pipeline::Pipeline(const ServerOptions& options, std::shared_ptr<const Router> router, TrustedProxies proxies,
                   AccessLog& log)
    : router_(std::move(router)),
      proxies_(std::move(proxies)),
      sharing_(options.sharing),
      log_(log),
      hsts_(options.hsts),
      has_store_(options.body_store != nullptr),
      tls_only_(options.tls_only),
      metrics_listener_(options.metrics_listener) {
  add_own_routes(options);
  for (std::size_t lane = 0; lane < lane_names.size(); ++lane) {
    const std::string label = std::string("lane=\"") + lane_names[lane] + "\"";
    for (std::size_t status = 2; status < 6; ++status) {
      counts_[lane][status] = &counter("chancery_http_requests_total",
                                       label + ",status=\"" + std::to_string(status) + "xx\"", "Requests answered.");
    }
    durations_[lane] = &histogram("chancery_http_request_duration_seconds", label,
                                  "From the first octet of a request to its response.",
                                  {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10});
  }
}

void Pipeline::add_own_routes(const ServerOptions& options) {
  const auto say_ready = [draining = draining_, ask = options.is_ready](const Request&) {
    const bool ready = !draining->load() && (!ask || ask());
    return ready ? Response::text("ready\n") : Response::text("not ready\n", 503);
  };
  const auto say_alive = [](const Request&) { return Response::text("ok\n"); };
  own_.add({.pattern = "/healthz", .lane = Lane::instant, .handler = say_alive, .plain = true});
  own_.add({.pattern = "/readyz", .handler = say_ready, .plain = true});
  if (options.metrics_listener.empty()) return;
  const auto answer = [](const Request&) {
    Response response = Response::text(expose_metrics());
    response.content_type = "text/plain; version=0.0.4; charset=utf-8";
    return response;
  };
  own_.add({.pattern = "/metrics", .handler = answer, .plain = true, .only_listener = options.metrics_listener});
}

void Pipeline::arrive(Exchange& exchange) const {
  for (const Step& step : steps) {
    exchange.refusal = (this->*step.take)(exchange);
    if (exchange.refusal != 0) return;
  }
}

int Pipeline::give_id(Exchange& exchange) const {
  // A random prefix of the thread and a counter; not a secret. All ids have one length, so that the size of an
  // encrypted response does not depend on them.
  static thread_local const std::string prefix = base::to_hex(base::random_bytes(6));
  static thread_local std::uint64_t count = 0;
  constexpr std::string_view digits = "0123456789abcdef";
  std::array<char, 10> text{};
  std::uint64_t rest = count++;
  for (std::size_t i = text.size(); i-- > 0; rest >>= 4) text[i] = digits[rest & 15];
  exchange.request.request_id.assign(prefix).append(text.data(), text.size());
  return 0;
}

int Pipeline::find_client(Exchange& exchange) const {
  Request& request = exchange.request;
  const Peer& peer = *exchange.peer;
  request.listener = peer.listener->name;
  request.tls = peer.listener->tls;
  request.role = peer.listener->role;
  request.prefix.clear();
  request.client_certificate = peer.certificate;
  request.client_certificate_sha256 = peer.certificate_sha256;
  request.client_ip = peer.text;
  if (!peer.is_proxy) return 0;
  request.client_ip = proxies_.find_client(peer.address, request).to_string();
  // A second one could be what the client sent through the proxy.
  const std::string* scheme = request.find_header("X-Forwarded-Proto");
  if (request.count_header("X-Forwarded-Proto") == 1 && equal_ignoring_case(*scheme, "https")) request.tls = true;
  return 0;
}

int Pipeline::find_route(Exchange& exchange) const {
  const Request& request = exchange.request;
  // The metrics listener serves no pages, so that a client that may read metrics cannot reach them.
  exchange.match = request.listener == metrics_listener_
                       ? Router::Match()
                       : router_->match(request.method, request.path, request.listener, request.role);
  if (exchange.match.route == nullptr && exchange.match.allowed.empty() && ordinary_roles.has(request.role)) {
    exchange.match = own_.match(request.method, request.path, request.listener);
  }
  if (exchange.match.route == nullptr && exchange.match.allowed.empty() && request.listener != metrics_listener_) {
    exchange.match.route = router_->find_unknown(request);
  }
  exchange.request.path_parameters.swap(exchange.match.parameters);
  return 0;
}

/// RFC 9110 §7.4: "a request for an "https" resource MUST be rejected unless it has been received over a connection
/// that has been secured". There is no redirect: it would hide from a program that its secrets have already been sent
/// in clear text.
bool Pipeline::lacks_tls(const Exchange& exchange) const {
  const Route* const route = exchange.match.route;
  return tls_only_ && exchange.peer->has_address && !exchange.request.tls && (route == nullptr || !route->plain);
}

int Pipeline::check_tls(Exchange& exchange) const {
  return lacks_tls(exchange) ? 421 : 0;
}

int Pipeline::check_route(Exchange& exchange) const {
  if (exchange.match.route != nullptr) return 0;
  return exchange.match.allowed.empty() ? 404 : 405;
}

/// The first defence against cross-site request forgery; forms have a token as well. A browser sends Sec-Fetch-Site or
/// Origin. A client that sends neither is not a browser, so that no foreign page can use its cookies.
int Pipeline::check_origin(Exchange& exchange) const {
  const Request& request = exchange.request;
  if (is_safe(request.method) || exchange.match.route->cross_site) return 0;
  const std::string* site = request.find_header("Sec-Fetch-Site");
  const bool vouched = site != nullptr && (*site == "same-origin" || *site == "none");
  if (site != nullptr && !vouched) return 403;
  const std::string* origin = request.find_header("Origin");
  if (origin == nullptr || (vouched && *origin == "null")) return 0;
  const std::size_t scheme = origin->find("://");
  if (scheme == std::string::npos) return 403;
  return equal_ignoring_case(std::string_view(*origin).substr(scheme + 3), request.host) ? 0 : 403;
}

Pipeline::BodyRule Pipeline::body_rule(const Exchange& exchange) const {
  if (exchange.refusal != 0) return {refused_body_limit};
  const Route& route = *exchange.match.route;
  if (has_store_ && route.stored_limit > 0 && is_multipart(exchange.request)) return {route.stored_limit, true};
  return {route.body_limit};
}

bool Pipeline::admit(Exchange& exchange) const noexcept {
  try {
    auto refused = exchange.match.route->admit(exchange.request);
    if (!refused) return true;
    exchange.response = std::move(*refused);
  } catch (const std::exception& error) {
    base::log(base::Level::error, "a caller was not judged",
              {{"request_id", exchange.request.request_id}, {"path", exchange.request.path}, {"error", error.what()}});
    refuse(exchange, 500);
  }
  return false;
}

Lane Pipeline::lane_of(const Exchange& exchange) {
  if (exchange.refusal != 0) return Lane::instant;
  const Route& route = *exchange.match.route;
  return route.lane_of ? route.lane_of(exchange.request) : route.lane;
}

std::unique_ptr<Sharing::Pending> Pipeline::handle(Exchange& exchange) const noexcept {
  if (exchange.refusal != 0) {
    refuse(exchange, exchange.refusal);
  } else if (sharing_ && exchange.match.route->deferred) {
    try {
      return sharing_->call([&] { call_handler(exchange); });
    } catch (const std::exception& error) {
      base::log(base::Level::error, "a handler was not called",
                {{"request_id", exchange.request.request_id}, {"error", error.what()}});
      refuse(exchange, 500);
    }
  } else {
    call_handler(exchange);
  }
  return nullptr;
}

void Pipeline::call_handler(Exchange& exchange) const noexcept {
  try {
    exchange.response = exchange.match.route->handler(exchange.request);
    compress_page(exchange.request, exchange.response);
    return;
  } catch (const std::exception& error) {
    base::log(base::Level::error, "a handler threw",
              {{"request_id", exchange.request.request_id}, {"path", exchange.request.path}, {"error", error.what()}});
  } catch (...) {
    base::log(base::Level::error, "a handler threw something odd", {{"request_id", exchange.request.request_id}});
  }
  refuse(exchange, 500);
}

Response Pipeline::error_of(const Exchange& exchange, int status) const {
  const Route* const route = exchange.match.route;
  auto own = route != nullptr && route->refuse_body ? route->refuse_body(exchange.request, status) : std::nullopt;
  return own ? std::move(*own) : router_->error(exchange.request, status);
}

void Pipeline::refuse(Exchange& exchange, int status) const noexcept {
  if (exchange.request.request_id.empty()) {
    give_id(exchange);
    find_client(exchange);
  }
  try {
    // Without TLS an error is not a page either, because a page reads cookies, and its forms would send passwords.
    exchange.response = !lacks_tls(exchange) ? error_of(exchange, status)
                        : status == 421      ? Response::text("421 This server answers over TLS only.\n", status)
                                             : plain_error(status);
  } catch (const std::exception& error) {
    base::log(base::Level::error, "the error page failed",
              {{"request_id", exchange.request.request_id}, {"error", error.what()}});
    exchange.response = plain_error(status);
  }
  if (status == 405) {
    std::string allow;
    for (const std::string_view method : exchange.match.allowed) allow.append(allow.empty() ? "" : ", ").append(method);
    exchange.response.add("Allow", std::move(allow));
  } else if (status == 503) {
    exchange.response.add("Retry-After", "1");
  }
}

std::string_view Pipeline::leave(Exchange& exchange, std::string& out, Framing framing) const {
  if (!is_sendable(exchange.response)) {
    base::log(base::Level::error, "a response had headers that may not go out",
              {{"request_id", exchange.request.request_id}, {"path", exchange.request.path}});
    refuse(exchange, 500);
    if (!is_sendable(exchange.response)) exchange.response = plain_error(500);
  }
  framing.request_id = exchange.request.request_id;
  framing.head = exchange.request.method == Method::head;
  framing.hsts = hsts_ && exchange.request.tls;
  const std::string_view rest = append_response(out, exchange.response, framing);

  const auto duration = std::chrono::steady_clock::now() - exchange.began;
  const std::size_t lane = lane_index(exchange);
  counts_[lane][static_cast<std::size_t>(exchange.response.status) / 100]->add();
  durations_[lane]->observe(std::chrono::duration<double>(duration).count());
  if (log_.is_open()) write_log(exchange, duration);
  return rest;
}

void Pipeline::write_log(const Exchange& exchange, std::chrono::nanoseconds duration) const {
  static thread_local std::string line;
  const Request& request = exchange.request;
  const std::string* agent = request.find_header("User-Agent");
  base::JsonObject object(std::move(line));
  object.text("at", time_text()).text("request_id", request.request_id).text("client", request.client_ip);
  object.text("listener", request.listener).text("method", std::string_view(request.method_name).substr(0, 32));
  object.text("path", std::string_view(request.path).substr(0, 1024)).number("status", exchange.response.status);
  object.number("bytes", static_cast<std::int64_t>(body_size(exchange.response)));
  object.raw("duration_ms", milliseconds_text(duration));
  object.text("user_agent", std::string_view(agent == nullptr ? "" : *agent).substr(0, 200));
  line = object.finish();
  line.push_back('\n');
  log_.append(line);
}

}  // namespace http
