#include "store/proxy.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cstring>
#include <list>
#include <stdexcept>
#include <thread>
#include <vector>

namespace postgres {
namespace {

/// Splits what a client sends into messages. The first has no type, the others begin with one; four octets of length
/// follow, which count themselves.
class Messages {
 public:
  /// The types of the messages that begin in these octets; '\0' for the first message of the connection.
  std::string begin_in(std::string_view octets) {
    std::string types;
    for (const char octet : octets) {
      if (left_ > 0) {
        --left_;
        continue;
      }
      head_ += octet;
      const std::size_t size = is_first_ ? 4 : 5;
      if (head_.size() < size) continue;
      types += is_first_ ? '\0' : head_[0];
      std::uint32_t length = 0;
      for (std::size_t i = size - 4; i < size; ++i) length = length << 8 | static_cast<unsigned char>(head_[i]);
      left_ = length - 4;
      is_first_ = false;
      head_.clear();
    }
    return types;
  }

 private:
  bool is_first_ = true;
  std::string head_;
  std::uint32_t left_ = 0;
};

struct Link {
  int client = -1;
  int server = -1;
  Messages messages;
};

void must(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string(what) + ": " + std::strerror(errno));
}

bool send_all(int socket, std::string_view octets) {
  while (!octets.empty()) {
    const ssize_t sent = ::send(socket, octets.data(), octets.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    octets.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

/// "host=/folder …" → the socket in that folder.
std::string socket_of(const std::string& place) {
  const std::size_t begin = place.find("host=") + 5;
  return place.substr(begin, place.find(' ', begin) - begin) + "/.s.PGSQL.5432";
}

}  // namespace

struct Proxy::Impl {
  std::string place;
  std::string server_path;
  int listener = -1;
  int port = 0;
  std::array<int, 2> wake{-1, -1};  // written to once, when the proxy ends
  std::atomic<Ends> ends{Ends::never};
  std::atomic<int> count{0};
  std::list<Link> links;
  std::thread thread;

  void accept_one() {
    Link link;
    link.client = ::accept(listener, nullptr, nullptr);
    if (link.client < 0) return;
    ++count;
    link.server = ::socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    server_path.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    if (::connect(link.server, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      close(link);
      return;
    }
    links.push_back(std::move(link));
  }

  static void close(const Link& link) {
    ::close(link.client);
    ::close(link.server);
  }

  [[nodiscard]] bool ends_at(char type) const {
    switch (ends) {
      case Ends::never: return false;
      case Ends::at_first_query: return type == 'Q' || type == 'P' || type == 'B';
      case Ends::at_first_prepared: return type == 'B';
    }
    return false;
  }

  /// False: the link is over.
  bool pass(Link& link, int from) const {
    std::array<char, 16384> buffer{};
    const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
    if (got <= 0) return false;
    const std::string_view octets(buffer.data(), static_cast<std::size_t>(got));
    if (from == link.server) return send_all(link.client, octets);
    for (const char type : link.messages.begin_in(octets)) {
      if (ends_at(type)) return false;
    }
    return send_all(link.server, octets);
  }

  void run() {
    while (true) {
      std::vector<pollfd> polled{{wake[0], POLLIN, 0}, {listener, POLLIN, 0}};
      for (const Link& link : links) {
        polled.push_back({link.client, POLLIN, 0});
        polled.push_back({link.server, POLLIN, 0});
      }
      ::poll(polled.data(), polled.size(), -1);
      if (polled[0].revents != 0) return;
      std::size_t at = 2;
      for (auto link = links.begin(); link != links.end(); at += 2) {
        const bool alive = (polled[at].revents == 0 || pass(*link, link->client)) &&
                           (polled[at + 1].revents == 0 || pass(*link, link->server));
        if (!alive) close(*link);
        link = alive ? std::next(link) : links.erase(link);
      }
      if (polled[1].revents != 0) accept_one();
    }
  }
};

Proxy::Proxy(const std::string& place) : impl_(std::make_unique<Impl>()) {
  impl_->place = place;
  impl_->server_path = socket_of(place);
  impl_->listener = ::socket(AF_INET, SOCK_STREAM, 0);
  must(impl_->listener >= 0, "socket");
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  must(::bind(impl_->listener, reinterpret_cast<const sockaddr*>(&address), size) == 0, "bind");
  must(::listen(impl_->listener, 64) == 0, "listen");
  must(::getsockname(impl_->listener, reinterpret_cast<sockaddr*>(&address), &size) == 0, "getsockname");
  impl_->port = ntohs(address.sin_port);
  must(::pipe(impl_->wake.data()) == 0, "pipe");
  impl_->thread = std::thread([this] { impl_->run(); });
}

Proxy::~Proxy() {
  must(::write(impl_->wake[1], "", 1) == 1, "write");
  impl_->thread.join();
  for (const Link& link : impl_->links) Impl::close(link);
  for (const int file : {impl_->listener, impl_->wake[0], impl_->wake[1]}) ::close(file);
}

std::string Proxy::url() const {
  return "host=127.0.0.1 port=" + std::to_string(impl_->port) + " sslmode=disable gssencmode=disable" +
         impl_->place.substr(impl_->place.find(' '));
}

void Proxy::set(Ends ends) {
  impl_->ends = ends;
}

int Proxy::take_count() {
  return impl_->count.exchange(0);
}

}  // namespace postgres
