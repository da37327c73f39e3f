// What happens to every request besides its handler, in one order (the list in pipeline.cpp, with a reason at each
// place): request id, client address, route, TLS, path and method, cross-site check → caller → body → handler on its
// lane, with the catch-all around it → header check, security headers, metrics, access log. Invariant: every request
// that arrives leaves with exactly one response, one count and one line in the access log.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include "base/ip_address.hpp"
#include "http/access_log.hpp"
#include "http/admission.hpp"
#include "http/metrics.hpp"
#include "http/real_ip.hpp"
#include "http/response_writer.hpp"
#include "http/router.hpp"
#include "http/server.hpp"

namespace http {

/// The facts about a connection that are known before its first request.
struct Peer {
  const Listener* listener = nullptr;
  bool has_address = false;  // false: a Unix socket
  bool is_proxy = false;     // trusted
  base::IpAddress address;
  std::string text;
  std::string certificate;  // DER
  std::string certificate_sha256;
};

inline Entrance entrance_of(const Peer& peer) {
  return {peer.has_address ? &peer.address : nullptr, peer.listener->reserved, peer.is_proxy};
}

/// One request and its response. The connection uses the same object for its next request.
struct Exchange {
  Request request;
  Response response;
  Router::Match match;
  std::chrono::steady_clock::time_point began;
  int refusal = 0;  // status to answer instead of calling the handler
  const Peer* peer = nullptr;
};

class Pipeline {
 public:
  Pipeline(const ServerOptions& options, std::shared_ptr<const Router> router, TrustedProxies proxies, AccessLog& log);

  /// On the I/O thread, when the header is complete.
  void arrive(Exchange& exchange) const;
  /// How much body may follow, less for refused requests; and whether it may be stored.
  struct BodyRule {
    std::size_t limit = 0;
    bool is_stored = false;
  };
  [[nodiscard]] BodyRule body_rule(const Exchange& exchange) const;
  /// Calls Route::admit, on any thread; never throws. False: the response is the refusal.
  [[nodiscard]] bool admit(Exchange& exchange) const noexcept;
  [[nodiscard]] static Lane lane_of(const Exchange& exchange);
  /// Calls the handler, on any thread; never throws. Gives the commit that the response must wait for; nullptr: none.
  std::unique_ptr<Sharing::Pending> handle(Exchange& exchange) const noexcept;
  /// Makes the response an error page. Also for requests whose header never became complete.
  void refuse(Exchange& exchange, int status) const noexcept;
  /// On the I/O thread: appends the response to `out`, counts, logs. Gives what has to follow (append_response).
  [[nodiscard]] std::string_view leave(Exchange& exchange, std::string& out, Framing framing) const;

  [[nodiscard]] bool is_draining() const { return draining_->load(std::memory_order_relaxed); }
  void drain() { draining_->store(true); }
  /// Whether the peer is a trusted proxy.
  [[nodiscard]] bool is_proxy(const Peer& peer) const {
    return !proxies_.empty() && peer.has_address && proxies_.contains(peer.address);
  }

 private:
  struct Step {
    const char* name;
    const char* reason;
    int (Pipeline::*take)(Exchange&) const;  // 0, or the status to refuse with
  };
  static const Step steps[];

  int give_id(Exchange& exchange) const;
  int find_client(Exchange& exchange) const;
  int find_route(Exchange& exchange) const;
  /// Whether the request needs TLS and has come without it.
  [[nodiscard]] bool lacks_tls(const Exchange& exchange) const;
  int check_tls(Exchange& exchange) const;
  int check_route(Exchange& exchange) const;
  int check_origin(Exchange& exchange) const;
  void call_handler(Exchange& exchange) const noexcept;
  [[nodiscard]] Response error_of(const Exchange& exchange, int status) const;
  void add_own_routes(const ServerOptions& options);
  void write_log(const Exchange& exchange, std::chrono::nanoseconds duration) const;

  std::shared_ptr<const Router> router_;
  Router own_;
  TrustedProxies proxies_;
  std::shared_ptr<Sharing> sharing_;
  AccessLog& log_;
  std::shared_ptr<std::atomic<bool>> draining_ = std::make_shared<std::atomic<bool>>(false);
  bool hsts_;
  bool has_store_;
  bool tls_only_;
  std::string metrics_listener_;
  Counter* counts_[5][6]{};    // by lane (4 = none), by status class
  Histogram* durations_[5]{};  // by lane
};

}  // namespace http
