#include "remote/reach.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace remote {
namespace {

constexpr timeval patience{2, 0};

base::Result<Reached> connect_to(const sockaddr& address, socklen_t size) {
  Reached reached(::socket(address.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (reached.socket() < 0) return base::fail(base::Code::unavailable, std::strerror(errno));
  (void)::setsockopt(reached.socket(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
  (void)::setsockopt(reached.socket(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
  if (::connect(reached.socket(), &address, size) == 0) return reached;
  return base::fail(base::Code::unavailable, std::strerror(errno == EINPROGRESS ? ETIMEDOUT : errno));
}

}  // namespace

Reached::~Reached() {
  if (socket_ >= 0) ::close(socket_);
}

base::Result<Reached> reach(const std::string& address, std::uint16_t port) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(port);
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1) {
    return connect_to(reinterpret_cast<const sockaddr&>(v4), sizeof(v4));
  }
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(port);
  if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1) {
    return connect_to(reinterpret_cast<const sockaddr&>(v6), sizeof(v6));
  }
  return base::fail(base::Code::invalid_input, address + " is no IP address");
}

}  // namespace remote
