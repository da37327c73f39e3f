#include "http/loop.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <future>
#include <utility>

#include "base/ip_address.hpp"
#include "base/log.hpp"
#include "http/connection.hpp"
#include "http/readiness.hpp"

namespace http {
namespace {

thread_local const Loop* current = nullptr;  // the loop that this thread runs

constexpr std::size_t spare_workspaces = 64;
constexpr std::size_t accepted_at_once = 64;
constexpr std::chrono::milliseconds pause_when_exhausted{50};

/// The sweep runs four times within the shortest deadline and at least every 250 ms, so deadlines are at most that
/// late.
std::chrono::milliseconds sweep_period(const Limits& limits) {
  const auto shortest =
      std::min({limits.handshake, limits.header, limits.body, limits.write, limits.idle, limits.linger});
  return std::clamp(shortest / 4, std::chrono::milliseconds(5), std::chrono::milliseconds(250));
}

std::unique_ptr<Peer> make_peer(const sockaddr_storage& from, const Listener& listener) {
  auto peer = std::make_unique<Peer>();
  peer->listener = &listener;
  const void* const raw = &from;
  if (from.ss_family == AF_INET6) {
    base::IpAddress::V6Octets octets{};
    std::memcpy(octets.data(), &static_cast<const sockaddr_in6*>(raw)->sin6_addr, octets.size());
    peer->address = base::IpAddress(octets);
  } else if (from.ss_family == AF_INET) {
    base::IpAddress::V4Octets octets{};
    std::memcpy(octets.data(), &static_cast<const sockaddr_in*>(raw)->sin_addr, octets.size());
    peer->address = base::IpAddress(octets);
  } else {
    peer->text = "local";
    return peer;
  }
  peer->has_address = true;
  peer->text = peer->address.to_string();
  return peer;
}

}  // namespace

struct Loop::Acceptor {
  Acceptor(boost::asio::io_context& io, ListenerState& from, const std::vector<std::unique_ptr<Loop>>& to)
      : descriptor(io, from.socket->handle()), timer(io), listener(from), loops(to) {}
  Descriptor descriptor;
  Timer timer;
  ListenerState& listener;
  const std::vector<std::unique_ptr<Loop>>& loops;
  bool stopped = false;
  bool exhausted = false;  // the warning about it has been logged

  enum class Then : std::uint8_t {
    wait,
    pause
  };
  Then accept_some(Context& context);
  void stop() {
    if (stopped) return;
    stopped = true;
    descriptor.release();  // ends the wait; the listening socket belongs to the listener
    timer.cancel();
    listener.socket->close();
  }
};

struct Loop::Impl {
  boost::asio::io_context io{1};
  Timer sweep_timer{io};
  std::vector<std::unique_ptr<Acceptor>> acceptors;
  bool ending = false;
};

struct Loop::Accepting {
  static Task run(Acceptor& acceptor, Context& context) {
    while (!acceptor.stopped) {
      if (acceptor.accept_some(context) == Acceptor::Then::pause) {
        co_await Passed{acceptor.timer, pause_when_exhausted};
      } else {
        co_await Ready{acceptor.descriptor, Descriptor::wait_read};
      }
    }
  }
  static Task sweep(Loop& loop, Timer& timer, std::chrono::milliseconds period) {
    while (!loop.impl_->ending) {
      co_await Passed{timer, period};
      loop.sweep();
    }
  }
};

/// Accepts connections from the kernel's queue. Without a free descriptor or place it leaves them there and pauses.
Loop::Acceptor::Then Loop::Acceptor::accept_some(Context& context) {
  for (std::size_t i = 0; i < accepted_at_once; ++i) {
    if (context.admission.is_full(listener.listener.reserved)) return Then::pause;
    sockaddr_storage from{};
    socklen_t size = sizeof from;
    const int socket = ::accept4(listener.socket->handle(), static_cast<sockaddr*>(static_cast<void*>(&from)), &size,
                                 SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (socket < 0) {
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        if (!std::exchange(exhausted, true)) {
          base::log(base::Level::warning, "cannot accept connections for the moment",
                    {{"error", std::strerror(errno)}});
        }
        return Then::pause;
      }
      if (errno == EAGAIN || errno == EWOULDBLOCK) return Then::wait;
      continue;  // the client has closed already
    }
    exhausted = false;
    auto peer = make_peer(from, listener.listener);
    peer->is_proxy = context.pipeline.is_proxy(*peer);
    if (!context.admission.enter(entrance_of(*peer))) {
      ::close(socket);
      continue;
    }
    const auto emptiest = std::min_element(loops.begin(), loops.end(),
                                           [](const auto& a, const auto& b) { return a->load() < b->load(); });
    (*emptiest)->adopt(socket, listener, std::move(peer));
  }
  return Then::wait;  // epoll reports at once if more connections wait
}

Loop::Loop(Context& context) : context_(context), impl_(std::make_unique<Impl>()) {}
Loop::~Loop() {
  join();
}

boost::asio::io_context& Loop::io() {
  return impl_->io;
}

void Loop::accept_from(ListenerState& listener, const std::vector<std::unique_ptr<Loop>>& loops) {
  impl_->acceptors.push_back(std::make_unique<Acceptor>(impl_->io, listener, loops));
}

void Loop::start() {
  for (const auto& acceptor : impl_->acceptors) Accepting::run(*acceptor, context_);
  Accepting::sweep(*this, impl_->sweep_timer, sweep_period(context_.options.limits));
  thread_ = std::thread([this] {
    current = this;
    impl_->io.run();
  });
}

void Loop::stop_accepting() {
  std::promise<void> stopped;
  boost::asio::post(impl_->io, [this, &stopped] {
    for (const auto& acceptor : impl_->acceptors) acceptor->stop();
    stopped.set_value();
  });
  stopped.get_future().wait();
}

void Loop::drain() {
  boost::asio::post(impl_->io, [this] {
    for (Connection* connection : connections_) connection->drain();
  });
}

void Loop::abort() {
  boost::asio::post(impl_->io, [this] {
    for (Connection* connection : connections_) connection->abort();
  });
}

void Loop::join() {
  if (!thread_.joinable()) return;
  // The sweep is the last thing that run() waits for. Without it run() returns, and every coroutine has ended.
  boost::asio::post(impl_->io, [this] {
    impl_->ending = true;
    impl_->sweep_timer.cancel();
  });
  thread_.join();
}

void Loop::adopt(int socket, ListenerState& listener, std::unique_ptr<Peer> peer) {
  load_.fetch_add(1, std::memory_order_relaxed);
  if (current == this) return take(socket, listener, std::move(peer));
  boost::asio::post(impl_->io, [this, socket, &listener, peer = std::move(peer)]() mutable {
    take(socket, listener, std::move(peer));
  });
}

void Loop::take(int socket, ListenerState& listener, std::unique_ptr<Peer> peer) {
  const base::IpAddress address = peer->address;
  const Entrance entrance{peer->has_address ? &address : nullptr, peer->listener->reserved, peer->is_proxy};
  try {
    connections_.reserve(connections_.size() + 1);
    Connection* const connection = Connection::open(*this, socket, listener, std::move(peer));
    connection->place = connections_.size();
    connections_.push_back(connection);
    if (context_.pipeline.is_draining()) connection->drain();
    connection->begin();  // it may be over already
  } catch (const std::exception& error) {
    base::log(base::Level::error, "cannot serve a connection", {{"error", error.what()}});
    load_.fetch_sub(1, std::memory_order_relaxed);
    context_.admission.leave(entrance);
  }
}

void Loop::remove(Connection& connection) {
  connections_[connection.place] = connections_.back();
  connections_[connection.place]->place = connection.place;
  connections_.pop_back();
  load_.fetch_sub(1, std::memory_order_relaxed);
  delete &connection;
}

void Loop::complete(Connection& connection) {
  bool first = false;
  {
    const std::lock_guard lock(mutex_);
    first = completed_.empty();
    completed_.push_back(&connection);
  }
  // One wake-up is enough for all connections that complete before the loop handles it.
  if (first) boost::asio::post(impl_->io, [this] { run_completions(); });
}

void Loop::run_completions() {
  {
    const std::lock_guard lock(mutex_);
    completing_.swap(completed_);
  }
  for (Connection* connection : completing_) connection->resume();
  completing_.clear();
}

void Loop::sweep() {
  const auto now = std::chrono::steady_clock::now();
  const bool is_crowded = context_.admission.is_crowded();
  for (Connection* connection : connections_) {
    connection->check(now);
    if (is_crowded) connection->make_room();
  }
}

std::unique_ptr<Workspace> Loop::borrow() {
  if (spare_.empty()) return std::make_unique<Workspace>();
  auto workspace = std::move(spare_.back());
  spare_.pop_back();
  return workspace;
}

void Loop::give_back(std::unique_ptr<Workspace> workspace) {
  workspace->clear();
  if (spare_.size() < spare_workspaces && workspace->is_small()) spare_.push_back(std::move(workspace));
}

std::string_view Loop::date() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME_COARSE, &now);
  if (now.tv_sec != date_second_ || date_.empty()) {
    date_second_ = now.tv_sec;
    constexpr std::array<const char*, 7> days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    constexpr std::array<const char*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    std::tm utc{};
    ::gmtime_r(&now.tv_sec, &utc);
    std::array<char, 64> text{};
    const int size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                   days[static_cast<std::size_t>(utc.tm_wday)], utc.tm_mday,
                                   months[static_cast<std::size_t>(utc.tm_mon)], utc.tm_year + 1900, utc.tm_hour,
                                   utc.tm_min, utc.tm_sec);
    date_.assign(text.data(), static_cast<std::size_t>(size));
  }
  return date_;
}

}  // namespace http
