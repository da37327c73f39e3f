// What the files of this room share of libcurl. Every transfer has a time limit, uses no signal, and takes no proxy
// from the environment. No other room includes this file.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/time.hpp"

namespace remote::curl {

struct FreeHandle {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Handle = std::unique_ptr<CURL, FreeHandle>;
using List = std::unique_ptr<curl_slist, FreeList>;
using Url = std::unique_ptr<CURLU, FreeUrl>;

/// A new handle. The first call initialises the library. Throws if libcurl does not start or there is no memory.
Handle new_handle();
/// Sets an option. Throws if libcurl refuses it, because without it the call would be less safe.
template <class T>
void set(CURL* handle, CURLoption option, T value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK) throw std::runtime_error("libcurl lacks an option");
}
/// Sets what every call has in common: time limits, TLS 1.2 or newer with a check of the certificate, no proxy, no
/// signals. `ca_file`: PEM certificates trusted besides the system's; empty = none.
void set_common(CURL* handle, base::Duration connect_time, base::Duration total_time, const std::string& ca_file);
/// Logs a failure of TLS towards `place` (host and port) in words of our own, never with what the other side sent.
/// Other codes are no failure of TLS and log nothing.
void log_tls_failure(CURLcode code, std::string_view place);
/// What went wrong, for people, with the reason why a certificate does not count ("certificate has expired"), and with
/// nothing that the other side sent. `detail`: what CURLOPT_ERRORBUFFER has received.
using Detail = std::array<char, CURL_ERROR_SIZE>;
std::string describe_failure(CURLcode code, std::string_view detail);
void append(List& list, const std::string& line);

}  // namespace remote::curl
