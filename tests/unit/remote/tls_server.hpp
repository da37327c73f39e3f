// A TLS server for tests of rooms that may not use OpenSSL. The program `openssl` ends the TLS with a certificate for
// "localhost" and passes the decrypted octets to a socket of the test. It serves one connection after another.
#pragma once

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "unit/remote/loopback_server.hpp"

namespace remote_test {

class TlsServer {
 public:
  /// With `web` the program answers every request with a page; without it, connection() has the decrypted octets.
  /// `more`: further arguments of `openssl s_server`.
  explicit TlsServer(bool web, const std::vector<std::string>& more = {}) {
    std::string name = (std::filesystem::temp_directory_path() / "chancery-tls-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = name;
    const std::string make = "cd " + name +
                             " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes "
                             "-keyout key.pem -out cert.pem -days 2 -subj /CN=localhost "
                             "-addext subjectAltName=DNS:localhost >/dev/null 2>&1";
    if (std::system(make.c_str()) != 0) throw std::runtime_error("openssl makes no certificate");
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) throw std::runtime_error("no socket pair");
    std::vector<std::string> words{"openssl", "s_server",    "-accept", "127.0.0.1:0",
                                   "-cert",   certificate(), "-key",    (folder_ / "key.pem").string()};
    if (web) words.emplace_back("-www");
    words.insert(words.end(), more.begin(), more.end());
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(ends[1], 0);
      ::dup2(ends[1], 1);
      ::dup2(ends[1], 2);
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // the program ends with the test
      ::execvp("openssl", arguments.data());
      ::_exit(127);
    }
    ::close(ends[1]);
    connection_ = std::make_unique<Connection>(ends[0]);
    connection_->read_until("ACCEPT 127.0.0.1:");
    port_ = static_cast<std::uint16_t>(std::stoi(connection_->read_until("\n")));
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  ~TlsServer() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::string certificate() const { return (folder_ / "cert.pem").string(); }
  /// The output of the program: what it says about each connection.
  [[nodiscard]] Connection& connection() { return *connection_; }

  /// Passes the rest of a plain connection through to the TLS port, as a server does after STARTTLS.
  void take_over(Connection& plain) const {
    Connection tls(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port_);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(tls.fd(), reinterpret_cast<sockaddr*>(&at), sizeof at) != 0) return;
    std::array<pollfd, 2> both{pollfd{plain.fd(), POLLIN, 0}, pollfd{tls.fd(), POLLIN, 0}};
    for (;;) {
      if (::poll(both.data(), both.size(), 300'000) <= 0) return;
      for (std::size_t i = 0; i < both.size(); ++i) {
        if (both.at(i).revents == 0) continue;
        std::array<char, 4096> block{};
        const ssize_t got = ::recv(both.at(i).fd, block.data(), block.size(), 0);
        if (got <= 0 || !(i == 0 ? tls : plain).write({block.data(), static_cast<std::size_t>(got)})) return;
      }
    }
  }

 private:
  std::filesystem::path folder_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::unique_ptr<Connection> connection_;
};

}  // namespace remote_test
