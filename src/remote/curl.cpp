#include "remote/curl.hpp"

#include <algorithm>

#include "base/log.hpp"

namespace remote::curl {
namespace {

// RFC 9325 §4.2, as our own listeners (http/tls.cpp): only forward secrecy and AEAD, the strongest first.
constexpr const char* ciphers_1_3 = "TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256";
constexpr const char* ciphers_1_2 =
    "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256";

// The words are in docs/operators/logs.md.
std::string_view name_tls_failure(CURLcode code) {
  switch (code) {
    case CURLE_PEER_FAILED_VERIFICATION: return "certificate_not_trusted";
    case CURLE_SSL_CONNECT_ERROR: return "handshake_failed";
    case CURLE_USE_SSL_FAILED: return "tls_not_offered";
    case CURLE_SSL_CACERT_BADFILE: return "authorities_unreadable";
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return "tls_failed";
    default: return "";
  }
}

long milliseconds(base::Duration d) {
  // Zero would mean "no limit" to libcurl.
  return static_cast<long>(std::max<base::Duration::rep>(1, d.count()));
}

}  // namespace

Handle new_handle() {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  Handle handle(started ? curl_easy_init() : nullptr);
  if (!handle) throw std::runtime_error("libcurl does not start");
  return handle;
}

void set_common(CURL* handle, base::Duration connect_time, base::Duration total_time, const std::string& ca_file) {
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(std::min(connect_time, total_time)));
  set(handle, CURLOPT_TIMEOUT_MS, milliseconds(total_time));
  // With the empty string libcurl does not read http_proxy and similar variables; with no string it would.
  set(handle, CURLOPT_PROXY, "");
  set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_TLS13_CIPHERS, ciphers_1_3);
  set(handle, CURLOPT_SSL_CIPHER_LIST, ciphers_1_2);
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  // The certificates of the system stay trusted, because libcurl keeps its default for their directory (CAPATH).
  if (!ca_file.empty()) set(handle, CURLOPT_CAINFO, ca_file.c_str());
  // libcurl repeats a request on a kept connection that was lost, so that a message could be sent twice.
  set(handle, CURLOPT_FORBID_REUSE, 1L);
  set(handle, CURLOPT_FRESH_CONNECT, 1L);
  set(handle, CURLOPT_DNS_CACHE_TIMEOUT, 0L);
}

void log_tls_failure(CURLcode code, std::string_view place) {
  const std::string_view name = name_tls_failure(code);
  if (name.empty()) return;
  base::log(base::Level::error, "TLS towards another system failed",
            {{"place", std::string(place)}, {"code", std::string(name)}});
}

std::string describe_failure(CURLcode code, std::string_view detail) {
  if (code == CURLE_USE_SSL_FAILED) return "the other side offers no TLS";
  if (code != CURLE_PEER_FAILED_VERIFICATION) return curl_easy_strerror(code);
  const std::string judged = "the certificate of the other side does not count";
  constexpr std::string_view problem = "SSL certificate problem: ";  // then a constant of OpenSSL
  if (detail.starts_with(problem)) return judged + ": " + std::string(detail.substr(problem.size()));
  // The other words of libcurl may quote the certificate.
  return detail.starts_with("SSL: ") ? judged + ": it names another host" : judged;
}

void append(List& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  // curl_slist_append gives the first element of the list, which must be kept.
  if (!list) list.reset(longer);
}

}  // namespace remote::curl
