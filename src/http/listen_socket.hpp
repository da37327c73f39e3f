// The sockets that the server listens on. Closing a Unix socket removes its file too.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "http/server.hpp"

namespace http {

class ListenSocket {
 public:
  /// Non-blocking, listening. Errors: unavailable (says which address and port, and why).
  static base::Result<ListenSocket> open(const Listener& listener);
  ListenSocket(ListenSocket&& other) noexcept;
  ListenSocket& operator=(ListenSocket&&) = delete;
  /// Closes, and removes the name of a Unix socket.
  ~ListenSocket();

  [[nodiscard]] int handle() const { return handle_; }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  /// Further connections are refused; those that wait in the kernel's queue are reset.
  void close();

 private:
  ListenSocket() = default;
  base::Result<void> bind_unix(const std::string& path);
  base::Result<void> bind_ip(const Listener& listener);

  int handle_ = -1;
  std::uint16_t port_ = 0;
  std::string path_;
};

}  // namespace http
