#include "store/engine/database_url.hpp"

#include <libpq-fe.h>

#include <memory>
#include <string_view>

#include "base/ip_address.hpp"

namespace store {
namespace {

using Options = std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)>;

std::string find_option(const PQconninfoOption* options, std::string_view name) {
  for (; options != nullptr && options->keyword != nullptr; ++options) {
    if (options->keyword == name) return options->val == nullptr ? "" : options->val;
  }
  return {};
}

bool is_on_this_host(std::string_view host) {
  // An empty host, a path and an abstract name are Unix sockets.
  if (host.empty() || host.front() == '/' || host.front() == '@') return true;
  return base::is_loopback_host(host);
}

bool are_all_on_this_host(std::string_view hosts) {
  while (true) {
    const std::size_t comma = hosts.find(',');
    if (!is_on_this_host(hosts.substr(0, comma))) return false;
    if (comma == std::string_view::npos) return true;
    hosts.remove_prefix(comma + 1);
  }
}

}  // namespace

base::Result<bool> is_server_unverified(const std::string& url) {
  if (url.starts_with("sqlite:")) return false;
  char* message = nullptr;
  const Options given(PQconninfoParse(url.c_str(), &message), &PQconninfoFree);
  PQfreemem(message);  // it may quote the password
  if (!given) return base::fail(base::Code::invalid_input, "the address of the database cannot be read");
  const Options standard(PQconndefaults(), &PQconninfoFree);
  const auto value = [&](std::string_view name) {
    std::string own = find_option(given.get(), name);
    return own.empty() ? find_option(standard.get(), name) : own;
  };
  // hostaddr is where libpq connects to, if there is one. A service file may name any host.
  const std::string address = value("hostaddr");
  const bool here = value("service").empty() && are_all_on_this_host(address.empty() ? value("host") : address);
  // libpq asks for TLS 1.2 unless the address or the environment lowers it.
  const std::string oldest = value("ssl_min_protocol_version");
  const bool is_old = oldest == "TLSv1" || oldest == "TLSv1.1";
  return !here && (value("sslmode") != "verify-full" || is_old);
}

}  // namespace store
