// What the room shares of libcurl. Every transfer has its time, no signal, and no proxy from the environment.
// Inside the room only.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <stdexcept>
#include <string>

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

/// A handle, after the library's global start (once). Throws without memory.
Handle new_handle();
/// An option that this libcurl cannot refuse; if it does, the program must not go on with less safety.
template <class T>
void set(CURL* handle, CURLoption option, T value) {
  if (curl_easy_setopt(handle, option, value) != CURLE_OK) throw std::runtime_error("libcurl lacks an option");
}
/// What holds for every call to others: times, TLS 1.2 at least with certificate check, no proxy, no signals.
/// `ca_file`: PEM certificates trusted besides the system's; empty = none.
void set_common(CURL* handle, base::Duration connect_time, base::Duration total_time, const std::string& ca_file);
void append(List& list, const std::string& line);

}  // namespace remote::curl
