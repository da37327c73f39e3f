// The cookies of this server, by their names without prefix. All of them are HttpOnly and SameSite=Lax, with Path=/ and
// without Domain.
//
//   chancery_session       who is logged in (flow/session/session_cookie.hpp); until the browser closes
//   chancery_device        to which accounts the browser is known (flow/session/known_device.hpp)
//   chancery_attempt_<id>  a login in progress (attempts.hpp)
//   chancery_trial         a test login in progress (flow/grant/try_client.hpp)
//   chancery_acting        that the session acts for another person: for error pages, which read no database
//   chancery_lang          the language that was chosen on a page
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "base/time.hpp"
#include "http/message.hpp"
#include "text/text.hpp"

namespace browser {

inline constexpr std::string_view session_cookie = "chancery_session";
inline constexpr std::string_view device_cookie = "chancery_device";
inline constexpr std::string_view acting_cookie = "chancery_acting";
inline constexpr std::string_view language_cookie = "chancery_lang";
inline constexpr std::string_view attempt_cookie = "chancery_attempt_";  // followed by the attempt's id

/// A cookie with the name and the attributes that it has for this request. Over TLS it is Secure and its name has the
/// prefix "__Host-": browsers accept such a cookie only from this host and only over TLS (RFC 6265bis §4.1.3.2). With
/// an issuer of https:// that is every cookie, because no handler that sets one is called without TLS
/// (http::ServerOptions::tls_only). No other function decides on the prefix or on Secure.
http::Cookie own_cookie(const http::Request& request, std::string_view name);

/// Value of a cookie; "" = none.
std::string read_cookie(const http::Request& request, std::string_view name);
/// Value of the session cookie; "" = none.
std::string session_of(const http::Request& request);

/// The cookies that the answer to one request sets. If a name is set twice, the last value is sent.
class Cookies {
 public:
  /// `request` must outlive it.
  explicit Cookies(const http::Request& request) : request_(&request) {}

  /// Without `lasts` the cookie lasts until the browser closes.
  void set(std::string_view name, std::string value, std::optional<base::Duration> lasts);
  void remove(std::string_view name);

  void set_session(const base::Secret& value);
  /// The session has ended. The browser is told to forget the pages too, also those for its Back button
  /// (Clear-Site-Data).
  void remove_session();
  /// `lasts`: SessionSettings::device_lasts.
  void set_device(const base::Secret& value, base::Duration lasts);
  void set_language(text::Language language);

  /// Adds the Set-Cookie headers to the response and empties this object.
  void move_to(http::Response& response);

  [[nodiscard]] const http::Request& request() const { return *request_; }

 private:
  const http::Request* request_;
  std::vector<http::Cookie> set_;
};

}  // namespace browser
