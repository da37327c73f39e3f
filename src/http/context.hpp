// What the parts of one running server share.
#pragma once

#include <memory>
#include <mutex>
#include <optional>

#include "http/access_log.hpp"
#include "http/admission.hpp"
#include "http/body_budget.hpp"
#include "http/lanes.hpp"
#include "http/listen_socket.hpp"
#include "http/pipeline.hpp"
#include "http/server.hpp"
#include "http/tls.hpp"

namespace http {

struct ListenerState {
  explicit ListenerState(const Listener& from) : listener(from) {}

  const Listener listener;
  std::optional<ListenSocket> socket;
  std::uint16_t port = 0;

  /// Null on plain listeners.
  [[nodiscard]] std::shared_ptr<const TlsContext> tls() const {
    const std::lock_guard lock(mutex_);
    return tls_;
  }
  void set_tls(std::shared_ptr<const TlsContext> tls) {
    const std::lock_guard lock(mutex_);
    tls_ = std::move(tls);
  }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<const TlsContext> tls_;
};

struct Context {
  Context(const ServerOptions& from, std::shared_ptr<const Router> router, TrustedProxies proxies)
      : options(from),
        admission(from.limits.connections, from.limits.connections_per_ip),
        large_bodies(from.limits.large_bodies),
        work(from.work.threads, from.work.queue, flush_of(from)),
        password(from.password.threads, from.password.queue, flush_of(from), LaneThreads::Jobs::compute),
        report(from.report.threads, from.report.queue, flush_of(from), LaneThreads::Jobs::yield),
        pipeline(from, std::move(router), std::move(proxies), access_log) {}

  static std::function<void()> flush_of(const ServerOptions& from) {
    return [sharing = from.sharing] { sharing->flush(); };
  }

  /// Nullptr: the request needs no thread.
  [[nodiscard]] LaneThreads* threads_of(Lane lane) {
    switch (lane) {
      case Lane::instant: return nullptr;
      case Lane::work: return &work;
      case Lane::password: return &password;
      case Lane::report: return &report;
    }
    return nullptr;
  }

  const ServerOptions options;
  Admission admission;
  BodyBudget large_bodies;
  AccessLog access_log;
  LaneThreads work;
  LaneThreads password;
  LaneThreads report;
  Pipeline pipeline;
};

}  // namespace http
