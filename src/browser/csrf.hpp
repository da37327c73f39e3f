// Tokens against requests that another site makes a browser send (CSRF): an HMAC over what only this browser holds and
// over the form that it is for, so that nothing is stored. Form field `csrf`.
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

/// What protects a form, or anything else that is posted, against being sent by another site. Each door's table of
/// routes names one for each route.
class Csrf {
 public:
  enum class Kind : std::uint8_t {
    session,
    attempt,
    none
  };
  static const Csrf session;  // a token bound to the session and to the form's path
  static const Csrf attempt;  // a token bound to the login in progress (form field `attempt`) and to the form's path
  /// No token. `why` says in words why another site gains nothing by sending it; a literal.
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
