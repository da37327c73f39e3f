#include "http/inherited_sockets.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.hpp"

namespace http {
namespace {

constexpr int first_handle = 3;
constexpr int most_sockets = 64;

struct Inherited {
  std::string name;
  int handle = -1;
};

std::string_view read_variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string_view() : std::string_view(value);
}

int read_number(const char* name) {
  const std::string_view text = read_variable(name);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

std::vector<Inherited> find_sockets() {
  std::vector<Inherited> found;
  // The variables may be inherited from a parent, for which they were meant.
  if (read_number("LISTEN_PID") != ::getpid()) return found;
  const int count = std::min(read_number("LISTEN_FDS"), most_sockets);
  std::string_view names = read_variable("LISTEN_FDNAMES");
  for (int i = 0; i < count; ++i) {
    const std::size_t end = names.find(':');
    found.push_back({std::string(names.substr(0, end)), first_handle + i});
    names.remove_prefix(end == std::string_view::npos ? names.size() : end + 1);
    // No program that this one starts shall have it.
    ::fcntl(found.back().handle, F_SETFD, FD_CLOEXEC);
  }
  return found;
}

class Sockets {
 public:
  base::Result<std::optional<int>> take(const Listener& listener);
  [[nodiscard]] std::string names_of_rest();

 private:
  std::mutex mutex_;
  std::vector<Inherited> rest_ = find_sockets();
};

Sockets& sockets() {
  static Sockets all;
  return all;
}

auto refuse(const std::string& name, const std::string& why) {
  return base::fail(base::Code::unavailable, "the service manager's socket \"" + name + "\" " + why);
}

bool has_option(int handle, int option, int wanted) {
  int value = 0;
  socklen_t size = sizeof value;
  return ::getsockopt(handle, SOL_SOCKET, option, &value, &size) == 0 && value == wanted;
}

struct Place {
  base::IpAddress address;
  std::uint16_t port = 0;
};

std::optional<Place> find_place(int handle) {
  sockaddr_in6 got{};
  socklen_t size = sizeof got;
  if (::getsockname(handle, static_cast<sockaddr*>(static_cast<void*>(&got)), &size) != 0) return std::nullopt;
  if (got.sin6_family == AF_INET6) {
    base::IpAddress::V6Octets octets{};
    std::memcpy(octets.data(), &got.sin6_addr, octets.size());
    return Place{base::IpAddress(octets), ntohs(got.sin6_port)};
  }
  if (got.sin6_family != AF_INET) return std::nullopt;
  sockaddr_in v4{};
  std::memcpy(&v4, &got, sizeof v4);
  base::IpAddress::V4Octets octets{};
  std::memcpy(octets.data(), &v4.sin_addr, octets.size());
  return Place{base::IpAddress(octets), ntohs(v4.sin_port)};
}

base::Result<std::optional<int>> Sockets::take(const Listener& listener) {
  const std::lock_guard lock(mutex_);
  std::optional<int> handle;
  for (auto one = rest_.begin(); one != rest_.end();) {
    if (one->name != listener.name) {
      ++one;
      continue;
    }
    if (handle) return refuse(listener.name, "exists twice; each listener has one address, and so one ListenStream=");
    handle = one->handle;
    one = rest_.erase(one);
  }
  if (!handle) return handle;
  const auto place = find_place(*handle);
  if (!place || !has_option(*handle, SO_TYPE, SOCK_STREAM) || !has_option(*handle, SO_ACCEPTCONN, 1)) {
    return refuse(listener.name, "does not listen for TCP connections");
  }
  const auto wanted = base::IpAddress::parse(listener.address);
  // Otherwise a listener that is configured for this machine alone could be open to everybody.
  if (!wanted || place->address != *wanted || (listener.port != 0 && place->port != listener.port)) {
    return refuse(listener.name, "is open on " + place->address.to_string() + " port " + std::to_string(place->port) +
                                     ", and its [[listener]] says " + listener.address + " port " +
                                     std::to_string(listener.port) + "; correct one of them");
  }
  const int on = 1;
  const int flags = ::fcntl(*handle, F_GETFL);
  if (flags < 0 || ::fcntl(*handle, F_SETFL, flags | O_NONBLOCK) != 0) return refuse(listener.name, "cannot be used");
  ::setsockopt(*handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return handle;
}

std::string Sockets::names_of_rest() {
  const std::lock_guard lock(mutex_);
  std::string names;
  for (const Inherited& one : rest_) names += (names.empty() ? "\"" : ", \"") + one.name + "\"";
  return names;
}

}  // namespace

base::Result<std::optional<int>> take_inherited_socket(const Listener& listener) {
  return sockets().take(listener);
}

base::Result<void> refuse_untaken_sockets() {
  const std::string names = sockets().names_of_rest();
  if (names.empty()) return {};
  return base::fail(base::Code::unavailable, "the service manager's socket " + names +
                                                 " belongs to no [[listener]]; its FileDescriptorName= must be the "
                                                 "name of one");
}

}  // namespace http
