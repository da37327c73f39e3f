// Tokens against cross-site request forgery (CSRF). A token is an HMAC over a value that only this browser has and over
// the path of the form, so that the server stores nothing. Form field `csrf`.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "flow/house/house.hpp"

namespace browser {

/// `binding`: id of the attempt or of the session, both known from cookies. `purpose`: path of the form.
std::string make_csrf(const flow::House& house, std::string_view binding, std::string_view purpose);
bool is_csrf_right(const flow::House& house, std::string_view binding, std::string_view purpose,
                   std::string_view token);

/// What protects a route with an unsafe method (a form, an endpoint) from requests that another site makes a browser
/// send. Each door names it in its table of routes.
class Csrf {
 public:
  enum class Kind : std::uint8_t {
    session,
    attempt,
    none
  };
  static const Csrf session;  // a token bound to the session and to the form's path
  static const Csrf attempt;  // a token bound to the login in progress (form field `attempt`) and to the form's path
  /// No token. `why` is a literal: the reason why another site gains nothing if it sends the request.
  static constexpr Csrf none(std::string_view why) { return {Kind::none, why}; }

  [[nodiscard]] constexpr Kind kind() const { return kind_; }
  /// For http::Route::guard: "session", "attempt", "none: …".
  [[nodiscard]] std::string describe() const;

 private:
  constexpr Csrf(Kind kind, std::string_view why) : kind_(kind), why_(why) {}
  Kind kind_;
  std::string_view why_;
};
inline constexpr Csrf Csrf::session{Kind::session, {}};
inline constexpr Csrf Csrf::attempt{Kind::attempt, {}};

}  // namespace browser
