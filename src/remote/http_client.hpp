// The only client for HTTP calls to other servers (security rule 11). It speaks https only, follows no redirect, uses
// no proxy, and limits size and time. Plain http is allowed only to listed loopback hosts and ports. The address is
// checked when the connection is made, so that a name that resolves to an inner address, also at a second resolution
// (DNS rebinding), is refused.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

namespace remote {

struct HttpOptions {
  base::Duration connect_time{5'000};
  base::Duration total_time{10'000};
  std::size_t most_body = std::size_t{64} * 1024;  // octets of an answer's body
  std::vector<std::string> loopback_http;          // "localhost:8090": plain http to these is allowed
  std::vector<std::string> allowed_networks;       // "10.1.0.0/16": inner networks that may be called, by https
  /// Plain http to every allowed address: only for answers that are signed by themselves (lists of revoked
  /// certificates, OCSP), which are published so (RFC 5280 §8).
  bool takes_signed_over_http = false;
  std::string ca_file;  // PEM certificates trusted besides the system's
};

struct HttpRequest {
  enum class Method {
    get,
    post,
    connect,  // opens the connection, with TLS, asks nothing and ends it; the answer has the status 0
  };
  Method method = Method::get;
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;  // post only
};

struct HttpResponse {
  int status = 0;
  std::string content_type;
  std::string body;
};

class HttpClient {
 public:
  /// Errors: invalid_input (an entry of loopback_http or allowed_networks is malformed, or not loopback).
  static base::Result<HttpClient> make(HttpOptions options);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  /// The answer with any status; a redirect is an answer. Blocks for at most total_time. Thread-safe.
  /// Errors: invalid_input (not an absolute http(s) URL, user information in it, a broken header), denied (scheme or
  /// address not allowed), unavailable (no name, no connection, certificate, time, answer too large, stopped).
  [[nodiscard]] base::Result<HttpResponse> send(const HttpRequest& request) const;
  /// Ends all running calls within a second, and all later calls at once, with unavailable.
  void stop();

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace remote
