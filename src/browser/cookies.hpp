// The cookies that this server keeps in a browser, each by its name without prefix. All of them are HttpOnly and
// SameSite=Lax, for the whole server and for this host alone.
//
//   chancery_session       who is logged in (flow/session/session_cookie.hpp); until the browser closes
//   chancery_device        to which accounts the browser is known (flow/session/known_device.hpp)
//   chancery_attempt_<id>  a login in progress (attempts.hpp)
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
inline constexpr std::string_view language_cookie = "chancery_lang";
inline constexpr std::string_view attempt_cookie = "chancery_attempt_";  // followed by the attempt's id

/// A cookie of ours as this request's browser knows it. On TLS it is Secure and its name has the prefix "__Host-", with
/// which a browser accepts it from this host and over TLS only (RFC 6265bis §4.1.3.2). The one place that decides this.
http::Cookie own_cookie(const http::Request& request, std::string_view name);

/// Value of a cookie; "" = none.
std::string read_cookie(const http::Request& request, std::string_view name);
/// Value of the session cookie; "" = none.
std::string session_of(const http::Request& request);

/// The cookies that the answer to one request sets. The last value that is set for a name counts.
class Cookies {
 public:
  /// `request` must outlive it.
  explicit Cookies(const http::Request& request) : request_(&request) {}

  /// Without `lasts` until the browser closes.
  void set(std::string_view name, std::string value, std::optional<base::Duration> lasts);
  void remove(std::string_view name);

  void set_session(const base::Secret& value);
  void remove_session();
  /// `lasts`: SessionSettings::device_lasts.
  void set_device(const base::Secret& value, base::Duration lasts);
  void set_language(text::Language language);

  /// Adds the Set-Cookie headers; nothing is left here.
  void move_to(http::Response& response);

  [[nodiscard]] const http::Request& request() const { return *request_; }

 private:
  const http::Request* request_;
  std::vector<http::Cookie> set_;
};

}  // namespace browser
