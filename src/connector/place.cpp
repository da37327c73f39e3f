#include "connector/place.hpp"

#include <algorithm>

namespace connector {
namespace {

bool is_of_host(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

/// Host and port of a Host header; false = something else.
bool split_host(std::string_view text, std::string_view& host, std::string_view& port) {
  std::size_t end = text.find(':');
  if (text.starts_with('[')) {
    end = text.find(']');
    if (end == std::string_view::npos) return false;
    const std::string_view inside = text.substr(1, end - 1);
    const bool is_address =
        !inside.empty() && inside.find_first_not_of("0123456789abcdefABCDEF:.") == std::string_view::npos;
    if (!is_address) return false;
    ++end;
  }
  host = text.substr(0, end);
  port = end < text.size() ? text.substr(end) : std::string_view();
  if (!port.empty()) {
    if (port.front() != ':') return false;
    port.remove_prefix(1);
    const bool is_number =
        !port.empty() && port.size() <= 5 && port.find_first_not_of("0123456789") == std::string_view::npos;
    if (!is_number) return false;
  }
  return host.starts_with('[') || (!host.empty() && std::all_of(host.begin(), host.end(), is_of_host));
}

}  // namespace

std::string find_tls_origin(const http::Request& request, const Options& options) {
  std::string_view host;
  std::string_view port;
  if (request.host.size() > 300 || !split_host(request.host, host, port)) return {};
  std::string bare(host.starts_with('[') ? host.substr(1, host.size() - 2) : host);
  std::transform(bare.begin(), bare.end(), bare.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  if (options.is_own_host && !options.is_own_host(bare)) return {};
  std::string origin = "https://" + std::string(host);
  if (request.role == http::Role::connector) {
    return port.empty() ? origin : origin.append(":").append(port);
  }
  const std::uint16_t tls_port = options.tls_port ? options.tls_port() : 0;
  if (tls_port == 0) return {};
  return tls_port == 443 ? origin : origin.append(":").append(std::to_string(tls_port));
}

std::string print_version(std::string_view version) {
  std::string printed;
  int parts = 0;
  while (parts < 3) {
    const std::size_t end = std::min(version.find('.'), version.size());
    std::string_view part = version.substr(0, end);
    part = part.substr(0, std::min<std::size_t>(part.find_first_not_of("0123456789"), 3));
    printed.append(parts == 0 ? "" : ".").append(part.empty() ? "0" : std::string(part));
    version.remove_prefix(std::min(end + 1, version.size()));
    ++parts;
  }
  return printed;
}

}  // namespace connector
