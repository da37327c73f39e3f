// Load driver of the benches: N virtual users go through the whole login (authorization request with PKCE, login page,
// password, code, token) over kept-alive connections, each walk with an empty cookie jar. Prints one JSON object.
// Loopback only; bounded by --seconds and --iterations.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"

namespace {

struct Options {
  std::uint16_t port = 8080;
  int users = 16;
  int iterations = 1'000'000;
  double seconds = 5;
  std::string login = "bench";  // account "bench0", "bench1", … one a virtual user
  std::string password = "Bench-Password-2026";
  std::string client = "bench";
  std::string secret = "bench-secret";
  std::string redirect = "http://127.0.0.1:9999/callback";
};

struct Reply {
  int status = 0;
  std::string location;
  std::string_view body;
};

// One kept-alive connection and one cookie jar.
class Browser {
 public:
  explicit Browser(std::uint16_t port) : port_(port) {}
  ~Browser() { disconnect(); }
  Browser(const Browser&) = delete;
  Browser& operator=(const Browser&) = delete;

  void forget() { cookies_.clear(); }

  bool get(std::string_view target, Reply& reply) {
    request_.assign("GET ").append(target).append(" HTTP/1.1\r\nHost: localhost:").append(std::to_string(port_));
    add_cookies();
    request_.append("\r\n\r\n");
    return exchange(reply);
  }
  bool post(std::string_view target, std::string_view body, std::string_view authorization, Reply& reply) {
    request_.assign("POST ").append(target).append(" HTTP/1.1\r\nHost: localhost:").append(std::to_string(port_));
    if (authorization.empty()) add_cookies();
    if (!authorization.empty()) request_.append("\r\nAuthorization: Basic ").append(authorization);
    request_.append("\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ")
        .append(std::to_string(body.size()))
        .append("\r\n\r\n")
        .append(body);
    return exchange(reply);
  }

 private:
  void add_cookies() {
    bool first = true;
    for (const auto& [name, value] : cookies_) {
      request_.append(first ? "\r\nCookie: " : "; ").append(name).append("=").append(value);
      first = false;
    }
  }
  bool connect_to_server() {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd_ < 0) return false;
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port_);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      disconnect();
      return false;
    }
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const timeval patience{30, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    return true;
  }
  void disconnect() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }
  bool exchange(Reply& reply) {
    for (int attempt = 0; attempt < 2; ++attempt) {
      const bool fresh = fd_ < 0;
      if (fresh && !connect_to_server()) return false;
      if (::send(fd_, request_.data(), request_.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(request_.size()) &&
          read_reply(reply)) {
        return true;
      }
      disconnect();
      // Only an idle connection that the server closed may be tried again, and only if nothing was answered.
      if (fresh || !in_.empty()) return false;
    }
    return false;
  }
  bool read_reply(Reply& reply) {
    in_.clear();
    std::size_t head_end = std::string::npos;
    std::size_t length = 0;
    for (;;) {
      if (head_end == std::string::npos) {
        head_end = in_.find("\r\n\r\n");
        if (head_end != std::string::npos && !read_head(head_end, reply, length)) return false;
      }
      if (head_end != std::string::npos && in_.size() >= head_end + 4 + length) break;
      const std::size_t before = in_.size();
      in_.resize(before + 16384);
      const ssize_t got = ::recv(fd_, in_.data() + before, 16384, 0);
      in_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
      if (got <= 0) return false;
    }
    reply.body = std::string_view(in_).substr(head_end + 4, length);
    if (close_) disconnect();
    return true;
  }
  bool read_head(std::size_t head_end, Reply& reply, std::size_t& length) {
    const std::string_view head = std::string_view(in_).substr(0, head_end);
    if (head.size() < 12) return false;
    reply.status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + (head[11] - '0');
    reply.location.clear();
    close_ = false;
    for (std::size_t at = head.find("\r\n"); at != std::string_view::npos;) {
      const std::size_t begin = at + 2;
      at = head.find("\r\n", begin);
      const std::string_view line = head.substr(begin, at == std::string_view::npos ? at : at - begin);
      const std::size_t colon = line.find(": ");
      if (colon == std::string_view::npos) continue;
      const std::string_view value = line.substr(colon + 2);
      if (is_named(line, "content-length:")) length = static_cast<std::size_t>(std::atoll(std::string(value).c_str()));
      if (is_named(line, "location:")) reply.location = value;
      if (is_named(line, "connection:") && value == "close") close_ = true;
      if (is_named(line, "set-cookie:")) keep_cookie(value);
    }
    return true;
  }
  static bool is_named(std::string_view line, std::string_view lower_name) {
    if (line.size() < lower_name.size()) return false;
    return std::equal(lower_name.begin(), lower_name.end(), line.begin(),
                      [](char a, char b) { return a == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
  }
  void keep_cookie(std::string_view line) {
    const std::size_t equals = line.find('=');
    const std::string_view value = line.substr(equals + 1, line.find(';') - equals - 1);
    if (value.empty() || line.find("Max-Age=0") != std::string_view::npos) {
      cookies_.erase(std::string(line.substr(0, equals)));
    } else {
      cookies_[std::string(line.substr(0, equals))] = value;
    }
  }

  std::uint16_t port_;
  int fd_ = -1;
  bool close_ = false;
  std::string request_;
  std::string in_;
  std::map<std::string, std::string> cookies_;
};

std::string between(std::string_view text, std::string_view before, std::string_view after) {
  const std::size_t at = text.find(before);
  if (at == std::string_view::npos) return {};
  const std::size_t begin = at + before.size();
  return std::string(text.substr(begin, text.find(after, begin) - begin));
}

std::string hidden(std::string_view page, std::string_view name) {
  const std::size_t at = page.find("name=\"" + std::string(name) + "\"");
  return at == std::string_view::npos ? std::string() : between(page.substr(at), "value=\"", "\"");
}

// "" = walked to the end; else the step that failed.
std::string walk(Browser& browser, const Options& options, const std::string& login, const std::string& basic) {
  browser.forget();
  const std::string verifier = base::to_base64url(base::random_bytes(32));
  Reply reply;
  if (!browser.get("/oauth2/authorize?response_type=code&client_id=" + options.client +
                       "&redirect_uri=" + base::percent_encode(options.redirect) +
                       "&scope=openid%20profile&state=" + verifier.substr(0, 20) + "&nonce=" + verifier.substr(20) +
                       "&code_challenge=" + base::to_base64url(crypto::sha256(verifier)) +
                       "&code_challenge_method=S256",
                   reply) ||
      reply.status != 303) {
    return "authorize " + std::to_string(reply.status);
  }
  if (!browser.get(std::string(reply.location), reply) || reply.status != 200) {
    return "login page " + std::to_string(reply.status);
  }
  const std::string form = "attempt=" + hidden(reply.body, "attempt") +
                           "&csrf=" + base::percent_encode(hidden(reply.body, "csrf")) + "&login=" + login +
                           "&password=" + base::percent_encode(options.password);
  if (!browser.post("/login/password", form, {}, reply) || reply.status != 303) {
    return "password " + std::to_string(reply.status);
  }
  if (!browser.get(std::string(reply.location), reply) || reply.status != 303) {
    return "resume " + std::to_string(reply.status);
  }
  const std::string code = between(reply.location + "&", "code=", "&");
  if (code.empty()) return "no code: " + reply.location;
  if (!browser.post("/oauth2/token",
                    "grant_type=authorization_code&code=" + code +
                        "&redirect_uri=" + base::percent_encode(options.redirect) + "&code_verifier=" + verifier,
                    basic, reply) ||
      reply.status != 200 || reply.body.find("\"id_token\"") == std::string_view::npos) {
    return "token " + std::to_string(reply.status);
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string_view name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--port")
      options.port = static_cast<std::uint16_t>(std::stoi(value));
    else if (name == "--users")
      options.users = std::stoi(value);
    else if (name == "--iterations")
      options.iterations = std::stoi(value);
    else if (name == "--seconds")
      options.seconds = std::stod(value);
    else if (name == "--login")
      options.login = value;
    else if (name == "--password")
      options.password = value;
    else {
      std::fprintf(stderr, "unknown option %s\n", argv[i]);
      return 2;
    }
  }
  std::atomic<int> left{options.iterations};
  std::mutex mutex;
  std::vector<double> times;
  std::map<std::string, int> errors;
  const auto start = std::chrono::steady_clock::now();
  const auto end = start + std::chrono::duration<double>(options.seconds);
  const std::string basic = base::to_base64(options.client + ":" + options.secret);
  std::vector<std::thread> threads;
  for (int user = 0; user < options.users; ++user) {
    threads.emplace_back([&, user] {
      Browser browser(options.port);
      std::vector<double> mine;
      std::map<std::string, int> failed;
      while (left.fetch_sub(1) > 0 && std::chrono::steady_clock::now() < end) {
        const auto begun = std::chrono::steady_clock::now();
        const std::string error = walk(browser, options, options.login + std::to_string(user), basic);
        if (error.empty()) {
          mine.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
        } else {
          ++failed[error];
        }
      }
      const std::lock_guard lock(mutex);
      times.insert(times.end(), mine.begin(), mine.end());
      for (const auto& [error, count] : failed) errors[error] += count;
    });
  }
  for (std::thread& thread : threads) thread.join();
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  std::sort(times.begin(), times.end());
  const auto quantile = [&](double q) {
    return times.empty() ? 0.0 : times[static_cast<std::size_t>(q * static_cast<double>(times.size() - 1))];
  };
  int failed = 0;
  std::string first;
  for (const auto& [error, count] : errors) {
    failed += count;
    if (first.empty()) first = error;
  }
  std::printf(R"({"logins":%zu,"failed":%d,"wall_s":%.3f,"per_s":%.1f,"p50_ms":%.2f,"p99_ms":%.2f,"first_error":"%s"})"
              "\n",
              times.size(), failed, wall, static_cast<double>(times.size()) / wall, quantile(0.5), quantile(0.99),
              first.c_str());
  return failed == 0 && !times.empty() ? 0 : 1;
}
