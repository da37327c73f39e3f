#include "demo/ports.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace demo {

base::Result<void> check_ports(const Options& options) {
  for (const auto port : options.ports()) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const bool free =
        ::bind(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 && ::listen(socket, 1) == 0;
    const int problem = errno;
    ::close(socket);
    if (free) continue;
    const std::string number = std::to_string(port);
    if (problem == EADDRINUSE) {
      return base::fail(base::Code::unavailable,
                        "Port " + number + " is in use by another program; choose other ports with --port-base.");
    }
    return base::fail(base::Code::unavailable, "Port " + number + " cannot be used: " + std::strerror(problem) + ".");
  }
  return {};
}

}  // namespace demo
