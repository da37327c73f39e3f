#include "http/listen_socket.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/ip_address.hpp"
#include "http/inherited_sockets.hpp"

namespace http {
namespace {

tl::unexpected<base::Error> refuse(const std::string& where, int error) {
  std::string why = error == EADDRINUSE ? "the port is in use by another program" : std::strerror(error);
  if (error == EACCES && !where.starts_with('/'))
    why += "; a port below 1024 is opened by the service manager (chancery.socket) or by root";
  return base::fail(base::Code::unavailable, "cannot listen on " + where + ": " + why);
}

const sockaddr* generic(const void* address) {
  return static_cast<const sockaddr*>(address);
}

/// Whether a process answers on a Unix socket. A socket file without a process is left over from a crash.
bool is_answered(const sockaddr_un& address) {
  const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (probe < 0) return true;
  const bool answered = ::connect(probe, generic(&address), sizeof address) == 0 || errno != ECONNREFUSED;
  ::close(probe);
  return answered;
}

std::uint16_t find_port(int handle) {
  sockaddr_in6 got{};
  socklen_t size = sizeof got;
  ::getsockname(handle, static_cast<sockaddr*>(static_cast<void*>(&got)), &size);
  return ntohs(got.sin6_port);  // sin_port is at the same place
}

}  // namespace

ListenSocket::ListenSocket(ListenSocket&& other) noexcept
    : handle_(std::exchange(other.handle_, -1)), port_(other.port_), path_(std::exchange(other.path_, {})) {}

ListenSocket::~ListenSocket() {
  close();
}

void ListenSocket::close() {
  if (handle_ >= 0) ::close(std::exchange(handle_, -1));
  if (!path_.empty()) ::unlink(std::exchange(path_, {}).c_str());
}

base::Result<ListenSocket> ListenSocket::open(const Listener& listener) {
  ListenSocket socket;
  const bool is_unix = !listener.address.empty() && listener.address.front() == '/';
  if (!is_unix) {
    ASSIGN_OR_RETURN(const auto inherited, take_inherited_socket(listener));
    if (inherited) {
      socket.handle_ = *inherited;
      socket.port_ = find_port(*inherited);
      return socket;
    }
  }
  RETURN_IF_ERROR(is_unix ? socket.bind_unix(listener.address) : socket.bind_ip(listener));
  if (::listen(socket.handle_, 1024) != 0) {
    return refuse(is_unix ? listener.address : listener.address + " port " + std::to_string(listener.port), errno);
  }
  return socket;
}

base::Result<void> ListenSocket::bind_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return refuse(path, ENAMETOOLONG);
  path.copy(address.sun_path, path.size());
  struct stat status {};
  if (::lstat(path.c_str(), &status) == 0) {
    if (!S_ISSOCK(status.st_mode)) return refuse(path, EEXIST);
    if (is_answered(address)) {
      return base::fail(base::Code::unavailable, "cannot listen on " + path + ": another program answers there");
    }
    ::unlink(path.c_str());
  }
  handle_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (handle_ < 0 || ::bind(handle_, generic(&address), sizeof address) != 0) return refuse(path, errno);
  path_ = path;
  // Clients can connect only after listen(), so the mode is set before anyone can use the socket.
  if (::chmod(path.c_str(), S_IRUSR | S_IWUSR) != 0) return refuse(path, errno);
  return {};
}

base::Result<void> ListenSocket::bind_ip(const Listener& listener) {
  const std::string where = listener.address + " port " + std::to_string(listener.port);
  const auto address = base::IpAddress::parse(listener.address);
  if (!address) return base::fail(base::Code::unavailable, "cannot listen on " + where + ": this is not an IP address");
  const bool is_v4 = address->is_v4();
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  v4.sin_family = AF_INET;
  v4.sin_port = htons(listener.port);
  v6.sin6_family = AF_INET6;
  v6.sin6_port = htons(listener.port);
  std::memcpy(&v4.sin_addr, address->octets().data() + 12, sizeof v4.sin_addr);
  std::memcpy(&v6.sin6_addr, address->octets().data(), sizeof v6.sin6_addr);
  handle_ = ::socket(is_v4 ? AF_INET : AF_INET6, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (handle_ < 0) return refuse(where, errno);
  const int on = 1;
  ::setsockopt(handle_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  // "::" serves IPv4 as well, whatever the system's default is. Accepted sockets inherit TCP_NODELAY.
  const int off = 0;
  if (!is_v4) ::setsockopt(handle_, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
  ::setsockopt(handle_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  const int bound = is_v4 ? ::bind(handle_, generic(&v4), sizeof v4) : ::bind(handle_, generic(&v6), sizeof v6);
  if (bound != 0) return refuse(where, errno);
  port_ = find_port(handle_);
  return {};
}

}  // namespace http
