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
#include "http/stored_body.hpp"
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
        large_bodies(std::make_shared<BodyBudget>(from.limits.large_bodies)),
        stored_bodies(std::make_shared<BodyBudget>(from.limits.stored_bodies)),
        work(from.work.threads, from.work.queue, flush_of(from)),
        password(from.password.threads, from.password.queue, flush_of(from), LaneThreads::Jobs::compute),
        report(from.report.threads, from.report.queue, flush_of(from), LaneThreads::Jobs::yield),
        disk(disk_threads, disk_queue),
        pipeline(from, std::move(router), std::move(proxies), access_log) {}

  static constexpr std::size_t disk_threads = 2;
  static constexpr std::size_t disk_queue = 4096;  // one of each body, of which memory allows fewer

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
  std::shared_ptr<BodyBudget> large_bodies;   // of memory
  std::shared_ptr<BodyBudget> stored_bodies;  // of the disk
  AccessLog access_log;
  LaneThreads work;
  LaneThreads password;
  LaneThreads report;
  LaneThreads disk;  // writes pieces of bodies, and closes their files
  Pipeline pipeline;
};

}  // namespace http
