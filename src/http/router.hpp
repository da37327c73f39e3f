// The table of routes: method and path, with the handler and its lane.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
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
  report,    // threads that every other one goes before: lists, searches, exports; never what somebody waits for to log
             // in
};

/// The roles of listeners on which a route exists.
class Roles {
 public:
  constexpr Roles(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= bit_of(role);
  }
  [[nodiscard]] constexpr bool has(Role role) const { return (bits_ & bit_of(role)) != 0; }
  [[nodiscard]] constexpr bool overlaps(Roles other) const { return (bits_ & other.bits_) != 0; }

 private:
  static constexpr unsigned bit_of(Role role) { return 1U << static_cast<unsigned>(role); }
  unsigned bits_ = 0;
};
inline constexpr Roles ordinary_roles{Role::ordinary, Role::certificate};

using Handler = std::function<Response(const Request&)>;

struct Route {
  Method method = Method::get;
  std::string pattern;  // "/account/data", "/admin/accounts/{id}"; "/assets/{*}" takes the rest of the path
  Lane lane = Lane::work;
  Handler handler;
  std::size_t body_limit = 64 * 1024;  // octets, in memory; more → 413
  /// Of multipart/form-data instead of `body_limit`; what is larger than Limits::piece_of_body comes as
  /// Request::stored_body. 0, or a server without ServerOptions::body_store: `body_limit` counts. Only for handlers
  /// that read the body by parse_multipart(), and never on Lane::instant.
  std::size_t stored_limit = 0;
  /// Other origins may call it with an unsafe method (token endpoint, userinfo, logout POST of a relying party).
  bool cross_site = false;
  /// Its thread may handle other requests before this one has ended (Sharing in server.hpp). Never on Lane::instant.
  bool deferred = false;
  /// Who calls, judged by the header before a body above Limits::small_body is taken: nullopt, or the answer to refuse
  /// with. On Lane::work, where it may ask the database. The handler judges again, and smaller bodies by itself alone.
  std::function<std::optional<Response>(const Request&)> admit = {};
  /// The answer to a body that is refused before the handler has it: too large (413), no space (507). nullopt, or not
  /// set: Router::error(). On the I/O thread: it does not block.
  std::function<std::optional<Response>(const Request&, int status)> refuse_body = {};
  /// Answered without TLS too, although ServerOptions::tls_only is set: for public data, and where a protocol demands
  /// plain HTTP, such as lists of revoked certificates. Such a handler neither reads nor sets cookies.
  bool plain = false;
  std::string only_listener = {};  // the only listener on which this path exists; "" = all
  /// For methods that are not safe: the protection against cross-site request forgery, in words (browser/csrf.hpp); ""
  /// = not stated.
  std::string guard = {};
  /// The account that a request names, if the request alone shows it: the login that was typed, in its canonical form;
  /// "" = none. All requests for one account together have one share of the lane. Does not block.
  std::function<std::string(const Request&)> account_of = {};
  /// The lane of one request, if it shows by itself that it needs another one than `lane`; not set: `lane`. Never
  /// Lane::instant, and does not block.
  std::function<Lane(const Request&)> lane_of = {};
  Roles roles = ordinary_roles;  // of the listeners on which this path exists
};

class Router {
 public:
  /// Throws std::logic_error if method and pattern are there already for one of the roles. GET answers HEAD as well.
  void add(Route route);
  void get(std::string pattern, Handler handler, Lane lane = Lane::work);
  void post(std::string pattern, Handler handler, Lane lane = Lane::work);

  struct Match {
    const Route* route = nullptr;  // nullptr: 404 or 405
    std::vector<std::string> parameters;
    std::vector<std::string_view> allowed;  // methods that the path has; not empty → 405
  };
  /// `listener`, `role`: where the request came in.
  [[nodiscard]] Match match(Method method, std::string_view path, std::string_view listener = {},
                            Role role = Role::ordinary) const;
  /// The routes of listeners of a role, in the order in which they were added.
  [[nodiscard]] std::vector<const Route*> routes(Role role = Role::ordinary) const;
  /// Pages for 400, 404, 405, 413, 500, 503 and the like; default is a plain text. `request` may be incomplete.
  /// Runs on the I/O thread: it must not block (no database).
  void on_error(std::function<Response(const Request&, int status)> make) { error_page_ = std::move(make); }
  [[nodiscard]] Response error(const Request& request, int status) const;
  /// For addresses that no route has: if `wants` says so, `handler` makes the page on the lane `work` (with the
  /// database), else error(). Only for methods that are safe. `wants` runs on the I/O thread and must not block.
  void on_unknown(std::function<bool(const Request&)> wants, Handler handler);
  /// nullptr: error() answers.
  [[nodiscard]] const Route* find_unknown(const Request& request) const;

 private:
  struct Node;
  std::shared_ptr<Node> root_;
  std::vector<const Route*> routes_;  // those of all nodes
  std::function<Response(const Request&, int)> error_page_;
  std::function<bool(const Request&)> wants_unknown_;
  Route unknown_;
};

}  // namespace http
