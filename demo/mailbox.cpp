#include "demo/mailbox.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <list>
#include <vector>

#include "demo/mail_text.hpp"
#include "demo/smtp_conversation.hpp"

namespace demo {

namespace {

constexpr std::size_t connection_limit = 16;
constexpr auto patience = std::chrono::seconds(30);

struct Connection {
  int socket;
  SmtpConversation conversation;
  std::chrono::steady_clock::time_point deadline;
};

/// Gives false if not all was sent. An answer of a few hundred octets fits into the buffer of the socket, unless the
/// peer reads nothing; then the connection is closed.
bool send_all(int socket, const std::string& text) {
  return ::send(socket, text.data(), text.size(), MSG_NOSIGNAL | MSG_DONTWAIT) == static_cast<ssize_t>(text.size());
}

bool serve(Connection& connection) {
  char chunk[16384];
  const ssize_t got = ::recv(connection.socket, chunk, sizeof chunk, MSG_DONTWAIT);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  const std::string answers = connection.conversation.take({chunk, static_cast<std::size_t>(got)});
  return send_all(connection.socket, answers) && !connection.conversation.is_over();
}

void deliver(Inbox& inbox, const SmtpConversation::Mail& mail) {
  const MailText seen = read_mail(mail.content);
  const std::string& from = seen.from.empty() ? mail.from : seen.from;
  for (const auto& to : mail.to) {
    Message message;
    message.channel = "email";
    message.to = to;
    message.from = from;
    message.subject = seen.subject;
    message.text = seen.text;
    message.html = seen.html;
    message.at = base::now();
    inbox.add(std::move(message));
  }
}

}  // namespace

base::Result<void> Mailbox::start(std::uint16_t port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 || ::listen(listener_, 16) != 0) {
    return base::fail(base::Code::unavailable,
                      "The mailbox cannot listen on port " + std::to_string(port) + ": " + std::strerror(errno) + ".");
  }
  thread_ = std::thread([this] { work(); });
  return {};
}

void Mailbox::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  if (listener_ >= 0) ::close(listener_);
  listener_ = -1;
}

void Mailbox::work() {
  std::list<Connection> connections;
  while (!stopping_) {
    std::vector<pollfd> waiting;
    waiting.push_back({listener_, static_cast<short>(connections.size() < connection_limit ? POLLIN : 0), 0});
    for (const auto& connection : connections) waiting.push_back({connection.socket, POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), 100) < 0 && errno != EINTR) return;

    const auto now = std::chrono::steady_clock::now();
    std::size_t at = 1;
    for (auto it = connections.begin(); it != connections.end(); ++at) {
      const bool ready = waiting[at].revents != 0;
      const bool goes_on = ready ? serve(*it) : now < it->deadline;
      if (ready) it->deadline = now + patience;
      if (!goes_on) ::close(it->socket);
      it = goes_on ? std::next(it) : connections.erase(it);
    }
    if ((waiting[0].revents & POLLIN) == 0) continue;
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket < 0) continue;
    auto deliver_here = [this](const SmtpConversation::Mail& mail) { deliver(inbox_, mail); };
    connections.push_back({socket, SmtpConversation(deliver_here), now + patience});
    send_all(socket, SmtpConversation::greeting());
  }
  for (const auto& connection : connections) ::close(connection.socket);
}

}  // namespace demo
