// One connection, from the handshake to the last octet. Every phase has an absolute deadline, so that a slow client
// occupies a socket for a limited time and never a worker.
//
//   handshake ─▶ idle ─▶ header ─▶ body ─▶ handling ─▶ answered ─▶ writing ─▶ idle | header | body (after 100)
//                  │        └─refused─┴───────────────────▲            └─────▶ lingering ─▶ closed
//                  └──▶ closed (deadline, end, drain)
//
// Invariant: at most one request is being handled; pipelined ones wait in the input buffer and are answered in order.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>

#include "http/loop.hpp"

namespace http {

class Connection {
 public:
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  virtual ~Connection() = default;

  /// Starts serving an admitted socket, which it owns from then on. Throws if it cannot; then the socket is closed.
  static Connection* open(Loop& loop, int socket, ListenerState& listener, std::unique_ptr<Peer> peer);

  virtual void begin() = 0;
  /// Called when the job on a lane has ended.
  virtual void resume() = 0;
  /// Called by the sweep: interrupts the connection if its deadline has passed.
  virtual void check(std::chrono::steady_clock::time_point now) = 0;
  /// Called by the sweep while there are many connections: ends one that waits for a request if its address, or the
  /// network around it, has more than its share.
  virtual void make_room() = 0;
  virtual void drain() = 0;
  virtual void abort() = 0;

  std::size_t place = 0;  // in the loop's list
};

}  // namespace http
