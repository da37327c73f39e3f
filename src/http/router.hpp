// Which handler answers which method and path, and on which lane it runs.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace http {

/// Where a handler runs. Each lane has its own threads and its own bounded queue (full → 503 + Retry-After),
/// so that password hashing never starves token traffic.
enum class Lane : std::uint8_t {
  instant,   // on the I/O thread: only for handlers that neither block nor compute (ready-made bytes)
  work,      // worker threads: database, signatures
  password,  // hash workers: everything that may compute a password hash
};

using Handler = std::function<Response(const Request&)>;

struct Route {
  Method method = Method::get;
  std::string pattern;  // "/account/data", "/admin/accounts/{id}"; "/assets/{*}" takes the rest of the path
  Lane lane = Lane::work;
  Handler handler;
  std::size_t body_limit = 64 * 1024;  // octets; more → 413
  bool cross_site =
      false;              // unsafe methods: other origins may call it (token endpoint, userinfo, logout POST of an RP)
  bool deferred = false;  // not for instant ones: its thread may do other requests before this one's end (Sharing)
  std::string only_listener = {};  // name of the one listener that has it, for others there is no such path; "" = all
};

class Router {
 public:
  /// Throws std::logic_error if method and pattern are there already. GET answers HEAD as well.
  void add(Route route);
  void get(std::string pattern, Handler handler, Lane lane = Lane::work);
  void post(std::string pattern, Handler handler, Lane lane = Lane::work);

  struct Match {
    const Route* route = nullptr;  // nullptr: 404 or 405
    std::vector<std::string> parameters;
    std::vector<std::string_view> allowed;  // methods that the path has; not empty → 405
  };
  /// `listener`: where the request came in.
  [[nodiscard]] Match match(Method method, std::string_view path, std::string_view listener = {}) const;
  /// Pages for 400, 404, 405, 413, 500, 503 and the like; default is a plain text. `request` may be incomplete.
  /// Runs on the I/O thread: it must not block (no database).
  void on_error(std::function<Response(const Request&, int status)> make) { error_page_ = std::move(make); }
  [[nodiscard]] Response error(const Request& request, int status) const;

 private:
  struct Node;
  std::shared_ptr<Node> root_;
  std::function<Response(const Request&, int)> error_page_;
};

}  // namespace http
