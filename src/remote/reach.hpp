// Whether something listens at an address: a TCP connection, and nothing is sent.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "base/result.hpp"

namespace remote {

/// A connection, which ends with it. Each step on it waits for at most two seconds.
class Reached {
 public:
  explicit Reached(int socket) : socket_(socket) {}
  ~Reached();
  Reached(Reached&& other) noexcept : socket_(std::exchange(other.socket_, -1)) {}
  Reached& operator=(Reached&&) = delete;
  [[nodiscard]] int socket() const { return socket_; }

 private:
  int socket_;
};

/// `address`: IPv4 or IPv6 without brackets; "0.0.0.0" and "::" are this machine. Waits for at most two seconds.
/// Errors: unavailable (the system's reason), invalid_input (no IP address).
base::Result<Reached> reach(const std::string& address, std::uint16_t port);

}  // namespace remote
