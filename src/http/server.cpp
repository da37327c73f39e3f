#include "http/server.hpp"

#include <signal.h>

#include <algorithm>
#include <chrono>

#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "http/context.hpp"
#include "http/inherited_sockets.hpp"
#include "http/loop.hpp"
#include "http/metrics.hpp"

namespace http {

struct Server::Impl {
  ServerOptions options;
  std::shared_ptr<const Router> router;
  std::unique_ptr<Context> context;
  std::vector<std::unique_ptr<ListenerState>> listeners;
  std::vector<std::unique_ptr<Loop>> loops;
  bool running = false;

  base::Result<void> open_listeners();
  void add_gauges();
  static void remove_gauges();
};

base::Result<void> Server::Impl::open_listeners() {
  for (const Listener& listener : options.listeners) {
    auto state = std::make_unique<ListenerState>(listener);
    if (listener.tls) {
      ASSIGN_OR_RETURN(auto tls, TlsContext::make(listener));
      state->set_tls(std::move(tls));
    }
    ASSIGN_OR_RETURN(ListenSocket socket, ListenSocket::open(listener));
    state->socket.emplace(std::move(socket));
    state->port = state->socket->port();
    listeners.push_back(std::move(state));
  }
  return refuse_untaken_sockets();
}

void Server::Impl::add_gauges() {
  Context* const shared = context.get();
  add_gauge("chancery_http_connections", "", "Open connections.",
            [shared] { return static_cast<double>(shared->admission.count()); });
  add_gauge("chancery_http_stored_body_bytes", "", "What large bodies of requests take of the disk, or may take.",
            [shared] { return static_cast<double>(shared->stored_bodies->taken()); });
  add_gauge("chancery_http_queue_depth", "lane=\"work\"", "Requests that wait for a thread of the lane.",
            [shared] { return static_cast<double>(shared->work.depth()); });
  add_gauge("chancery_http_queue_depth", "lane=\"password\"", "Requests that wait for a thread of the lane.",
            [shared] { return static_cast<double>(shared->password.depth()); });
  add_gauge("chancery_http_queue_depth", "lane=\"report\"", "Requests that wait for a thread of the lane.",
            [shared] { return static_cast<double>(shared->report.depth()); });
}

void Server::Impl::remove_gauges() {
  remove_gauge("chancery_http_connections", "");
  remove_gauge("chancery_http_stored_body_bytes", "");
  remove_gauge("chancery_http_queue_depth", "lane=\"work\"");
  remove_gauge("chancery_http_queue_depth", "lane=\"password\"");
  remove_gauge("chancery_http_queue_depth", "lane=\"report\"");
}

Server::Server(ServerOptions options, std::shared_ptr<const Router> router) : impl_(std::make_unique<Impl>()) {
  impl_->options = std::move(options);
  impl_->router = std::move(router);
}

Server::~Server() {
  stop();
}

base::Result<void> Server::start() {
  // OpenSSL writes with write(2), which raises SIGPIPE when the client has closed. A handler of the program is kept.
  struct sigaction old {};
  if (::sigaction(SIGPIPE, nullptr, &old) == 0 && old.sa_handler == SIG_DFL) ::signal(SIGPIPE, SIG_IGN);

  ASSIGN_OR_RETURN(auto proxies, TrustedProxies::parse(impl_->options.trusted_proxies));
  impl_->context = std::make_unique<Context>(impl_->options, impl_->router, std::move(proxies));
  Context& context = *impl_->context;
  if (auto opened = impl_->open_listeners(); !opened) {
    impl_->listeners.clear();
    return base::pass_on(std::move(opened));
  }
  if (auto opened = context.access_log.open(impl_->options.access_log); !opened) {
    impl_->listeners.clear();
    return base::pass_on(std::move(opened));
  }
  for (std::size_t i = 0; i < std::max<std::size_t>(1, impl_->options.io_threads); ++i) {
    impl_->loops.push_back(std::make_unique<Loop>(context));
  }
  for (const auto& listener : impl_->listeners) impl_->loops.front()->accept_from(*listener, impl_->loops);
  context.work.start();
  context.password.start();
  context.report.start();
  context.disk.start();
  impl_->add_gauges();
  // The accepting loop starts last, because the others must be able to take its connections.
  for (auto loop = impl_->loops.rbegin(); loop != impl_->loops.rend(); ++loop) (*loop)->start();
  impl_->running = true;
  return {};
}

std::uint16_t Server::port(const std::string& listener) const {
  for (const auto& state : impl_->listeners) {
    if (state->listener.name == listener) return state->port;
  }
  return 0;
}

bool Server::is_host_of(const std::string& listener, const std::string& host) const {
  if (base::is_loopback_host(host)) return true;
  const auto address = base::IpAddress::parse(host);
  for (const auto& state : impl_->listeners) {
    if (state->listener.name != listener) continue;
    const auto bound = base::IpAddress::parse(state->listener.address);
    if (address && bound && *address == *bound) return true;
    const auto tls = state->tls();
    return tls && tls->names(host);
  }
  return false;
}

base::Result<void> Server::reload_certificates() {
  std::vector<std::pair<ListenerState*, std::shared_ptr<const TlsContext>>> fresh;
  for (const auto& state : impl_->listeners) {
    if (!state->listener.tls) continue;
    ASSIGN_OR_RETURN(auto tls, TlsContext::make(state->listener));
    fresh.emplace_back(state.get(), std::move(tls));
  }
  for (auto& [state, tls] : fresh) state->set_tls(std::move(tls));
  return {};
}

void Server::reopen_access_log() {
  if (impl_->context) impl_->context->access_log.reopen();
}

void Server::stop() {
  if (!impl_->running) return;
  impl_->running = false;
  Context& context = *impl_->context;
  const auto deadline = std::chrono::steady_clock::now() + impl_->options.limits.drain;
  context.pipeline.drain();
  impl_->loops.front()->stop_accepting();
  for (const auto& loop : impl_->loops) loop->drain();
  if (!context.admission.wait_empty(deadline)) {
    base::log(base::Level::warning, "requests were cut off by the stop",
              {{"connections", std::to_string(context.admission.count())}});
    for (const auto& loop : impl_->loops) loop->abort();
  }
  // Requests in a queue are answered with 503. Running handlers are waited for, because they cannot be interrupted.
  context.work.close();
  context.password.close();
  context.report.close();
  context.disk.close();
  for (const auto& loop : impl_->loops) loop->abort();
  context.admission.wait_empty(std::chrono::steady_clock::time_point::max());
  Impl::remove_gauges();
  for (const auto& loop : impl_->loops) loop->join();
  impl_->loops.clear();
  impl_->listeners.clear();
  context.access_log.close();
}

}  // namespace http
