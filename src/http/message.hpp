// One request and one response as plain values (RFC 9110). Doors see nothing else of HTTP.
// Invariant: a Request has passed the limits; `path` is absolute, has no empty, "." or ".." segment and no
// escape that could hide one, so that a route cannot be reached by two spellings.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace http {

enum class Method : std::uint8_t {
  get,
  head,
  post,
  put,
  patch,
  del,
  options,
  other
};
std::string_view name_of(Method method);

/// What a listener is for: it decides which routes there are (Route::roles).
enum class Role : std::uint8_t {
  ordinary,
  connector,        // programs of practices and their administration, over TLS that asks for a certificate
  connector_plain,  // the same programs without TLS
  certificate,      // people who prove themselves by certificate: as ordinary, and TLS asks for one
};

struct Header {
  std::string name;
  std::string value;
};

/// Fields of a form or a query (application/x-www-form-urlencoded, UTF-8). Keeps the order and duplicates.
class Form {
 public:
  /// Errors: invalid_input on broken escapes, octets that are not UTF-8, NUL, or more than `most` fields.
  static base::Result<Form> parse(std::string_view encoded, std::size_t most = 100);

  /// The value of a field that occurs once; nullopt if absent. Errors: invalid_input if it occurs more than once.
  [[nodiscard]] base::Result<std::optional<std::string>> find(std::string_view name) const;
  /// The value of a field, or "" if it is absent or occurs more than once.
  [[nodiscard]] std::string get(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
  /// The first name that occurs twice, or "".
  [[nodiscard]] std::string_view find_doubled() const;
  [[nodiscard]] const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

class StoredBody;

struct Request {
  Method method = Method::get;
  std::string method_name;
  std::string path;   // without query, as received (escapes of unreserved characters are refused)
  std::string query;  // without '?', as received
  std::vector<Header> headers;
  std::string body;
  std::shared_ptr<const StoredBody> stored_body{};  // instead of `body`, which is "" then: see Route::stored_limit
  std::size_t body_limit = 0;  // octets that the body may have, once the route is known; for a refusal that names them
  std::string host;            // Host header
  std::string client_ip;       // canonical text; the peer, or what a listed proxy says (rightmost unlisted hop)
  bool tls = false;
  std::string listener;        // name of the listener ("http", "https", "control", …)
  Role role = Role::ordinary;  // of the listener
  std::string prefix{};        // below which the page stands: "/administration"; `path` is without it
  std::string request_id;
  std::string client_certificate;            // DER of the peer's TLS certificate, unjudged; "" if there is none
  std::string client_certificate_sha256{};   // its fingerprint, lower-case hexadecimal
  std::vector<std::string> path_parameters;  // what `{…}` of the route matched, decoded

  /// Case-insensitive; nullptr if absent. For repeated headers the first.
  [[nodiscard]] const std::string* find_header(std::string_view name) const;
  /// How often a header occurs: doors refuse more than one Authorization.
  [[nodiscard]] std::size_t count_header(std::string_view name) const;
  /// Value of a cookie; "" if it is absent, or if its name occurs twice, because another site could have set one of
  /// them (cookie tossing).
  [[nodiscard]] std::string cookie(std::string_view name) const;
  /// All cookies in order.
  [[nodiscard]] std::vector<std::pair<std::string_view, std::string_view>> cookies() const;
  [[nodiscard]] base::Result<Form> query_form() const { return Form::parse(query); }
  /// Errors: invalid_input if the content type is not application/x-www-form-urlencoded.
  [[nodiscard]] base::Result<Form> body_form() const;
};

/// Which security headers a response gets; set by the handler, filled in by the pipeline.
enum class Kind : std::uint8_t {
  page,    // HTML for a person: strict CSP, no-store
  data,    // JSON and the like: no-store, CSP "default-src 'none'"
  asset,   // fingerprinted static file: immutable cache
  shared,  // public document that may be cached by anyone for a short time (discovery, JWKS)
};

struct Response {
  int status = 200;
  Kind kind = Kind::data;
  std::string content_type;     // "" = no body
  std::vector<Header> headers;  // names and values are checked for CR, LF and NUL before they go out
  std::string body;
  std::shared_ptr<const std::string> ready_body;  // sent instead of `body` if set: ready-made bytes are not copied
  std::string form_action;  // page only: one further origin for the CSP's form-action (redirect after POST)

  static Response html(std::string body, int status = 200);
  static Response json(std::string body, int status = 200);
  static Response text(std::string body, int status = 200);
  /// 303 See Other. `location` is checked like every header.
  static Response redirect(std::string location);
  Response& add(std::string name, std::string value);
};

struct Cookie {
  std::string name;
  std::string value;
  std::string path = "/";
  std::optional<std::int64_t> max_age;  // seconds; nullopt = until the browser closes; 0 = delete
  bool secure = true;
  bool http_only = true;
  std::string same_site = "Lax";
};
/// The Set-Cookie value (RFC 6265bis §4.1).
std::string to_set_cookie(const Cookie& cookie);

}  // namespace http
