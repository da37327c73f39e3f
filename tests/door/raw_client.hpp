// A small HTTP client over a raw socket for the door tests: raw bytes out, raw bytes in, and a cookie jar. It does
// nothing else that a browser would do by itself. Plain HTTP on 127.0.0.1 or on a Unix socket.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace door {

/// A form of a page: where it goes, and its hidden fields.
struct PageForm {
  std::string action;
  std::vector<std::pair<std::string, std::string>> fields;
  /// Value of a hidden field, or "".
  [[nodiscard]] std::string field(std::string_view name) const;
};

struct Reply {
  int status = 0;                                            // 0: the connection closed without an answer
  std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
  std::string body;
  std::string raw;
  /// Value of the first header of that name (lower case), or "".
  [[nodiscard]] std::string header(std::string_view name) const;
  [[nodiscard]] std::string location() const { return header("location"); }
  /// The first form of the page's main part that is posted to an address that begins with `action`; an empty one if
  /// there is none.
  [[nodiscard]] PageForm form(std::string_view action) const;
};

/// The number of a request as a page shows it, in groups of four.
std::string in_groups(const std::string& number);

/// name=value pairs, percent-encoded.
std::string to_form(const std::vector<std::pair<std::string, std::string>>& fields);

/// One connection. Everything waits for at most five minutes, so that a test that hangs ends.
class Connection {
 public:
  explicit Connection(std::uint16_t port);
  explicit Connection(const std::string& unix_socket);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  void send(std::string_view octets) const;
  /// One response with Content-Length or until the other side closes; `head_only` for HEAD.
  Reply read(bool head_only = false);

 private:
  int handle_ = -1;
  std::string rest_;
};

inline bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// A simple browser: it keeps and sends cookies, and follows redirects when it is told to.
class Browser {
 public:
  explicit Browser(std::uint16_t port);
  using Headers = std::vector<std::pair<std::string, std::string>>;

  Reply get(std::string_view path, const Headers& headers = {});
  /// Sends a form from the server's own origin, with the header Origin.
  Reply post(std::string_view path, const std::vector<std::pair<std::string, std::string>>& form,
             const Headers& headers = {});
  /// Sends a form of a page: its hidden fields and what was typed.
  Reply submit(const PageForm& form, const std::vector<std::pair<std::string, std::string>>& typed,
               const Headers& headers = {});
  Reply request(std::string_view method, std::string_view path, const Headers& headers, std::string_view body);
  /// Follows redirects as long as they stay on this server (path, or http://localhost:port/…). Gives the last reply. If
  /// a redirect leads elsewhere, it is the last reply, and its location() is that address.
  Reply follow(Reply reply);

  std::map<std::string, std::string> cookies;
  std::string host;  // "localhost:PORT"; what the Host and Origin headers say

 private:
  void keep_cookies(const Reply& reply);
  std::uint16_t port_;
  std::optional<Connection> connection_;
};

}  // namespace door
