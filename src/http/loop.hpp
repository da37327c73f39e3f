// One I/O thread: its event loop, its connections, and the sweep that enforces their deadlines.
// Invariant: everything but the functions marked "any thread" runs on the loop's own thread; connections never move.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "http/context.hpp"
#include "http/workspace.hpp"

namespace boost::asio {
class io_context;
}

namespace http {

class Connection;

class Loop {
 public:
  explicit Loop(Context& context);
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Before start(): this loop accepts for `listener` and hands each connection to the one of `loops` with the fewest
  /// connections.
  void accept_from(ListenerState& listener, const std::vector<std::unique_ptr<Loop>>& loops);
  void start();
  /// Any other thread. When it returns, the listening sockets are closed and no connection is accepted any more.
  void stop_accepting();
  /// Any thread. Idle connections are closed at once, the others after their current response.
  void drain();
  /// Any thread. Closes all connections, but waits for handlers that run.
  void abort();
  /// Ends the loop's thread. To be called after the last connection has ended.
  void join();

  /// Any thread. Takes a socket that has been admitted.
  void adopt(int socket, ListenerState& listener, std::unique_ptr<Peer> peer);
  /// Any thread. The job of the connection on a lane has ended; the connection continues on the loop's thread.
  void complete(Connection& connection);
  [[nodiscard]] std::size_t load() const { return load_.load(std::memory_order_relaxed); }

  // For connections on this loop.
  [[nodiscard]] boost::asio::io_context& io();
  [[nodiscard]] Context& context() { return context_; }
  std::unique_ptr<Workspace> borrow();
  void give_back(std::unique_ptr<Workspace> workspace);
  void remove(Connection& connection);
  /// The current second as IMF-fixdate (RFC 9110 §5.6.7).
  std::string_view date();

 private:
  struct Impl;
  struct Acceptor;
  struct Accepting;
  void sweep();
  void run_completions();
  void take(int socket, ListenerState& listener, std::unique_ptr<Peer> peer);

  Context& context_;
  std::unique_ptr<Impl> impl_;
  std::thread thread_;
  std::atomic<std::size_t> load_{0};
  std::vector<Connection*> connections_;
  std::vector<std::unique_ptr<Workspace>> spare_;
  std::mutex mutex_;
  std::vector<Connection*> completed_;   // guarded by mutex_
  std::vector<Connection*> completing_;  // those of them that are being resumed
  std::string date_;
  std::int64_t date_second_ = 0;
};

}  // namespace http
