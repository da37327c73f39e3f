// The one client for all HTTP calls to others. Every address is checked at the moment of connecting to it, so that a
// name that resolves to an inner address, or to another one the second time, gains nothing (security rule 11):
// https only, no redirects, no proxy, caps on size and time; plain http only to listed places on this machine.
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
  std::vector<std::string> loopback_http;          // "localhost:8090": plain http is allowed there
  std::vector<std::string> allowed_networks;       // "10.1.0.0/16": inner networks that may be called (https)
  std::string ca_file;                             // PEM certificates trusted besides the system's
};

struct HttpRequest {
  enum class Method {
    get,
    post
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
  /// Errors: invalid_input (a place or network of the options that cannot be read; a place that is not loopback).
  static base::Result<HttpClient> make(HttpOptions options);
  HttpClient(HttpClient&&) noexcept;
  HttpClient& operator=(HttpClient&&) noexcept;
  ~HttpClient();

  /// The answer, whatever its status; redirects are answers too. Blocks for at most total_time. Thread-safe.
  /// Errors: invalid_input (not an absolute http(s) URL, user information in it, a broken header), denied (scheme or
  /// address not allowed), unavailable (no name, no connection, certificate, time, answer too large, stopped).
  [[nodiscard]] base::Result<HttpResponse> send(const HttpRequest& request) const;
  /// Makes running and later calls end with unavailable, within a second.
  void stop();

 private:
  struct Impl;
  explicit HttpClient(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace remote
