#include "http/path.hpp"

#include <array>

#include "base/bytes.hpp"

namespace http {
namespace {

// RFC 3986 §3.3 pchar without ';' and '%'. The semicolon is left out because some servers take it for the
// beginning of parameters and others for a part of the name.
constexpr std::array<bool, 256> make_plain() {
  std::array<bool, 256> plain{};
  for (const char c :
       std::string_view("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@")) {
    plain[static_cast<unsigned char>(c)] = true;
  }
  return plain;
}
constexpr std::array<bool, 256> plain = make_plain();

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

bool is_unreserved(int octet) {
  return (octet >= '0' && octet <= '9') || (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z') ||
         octet == '-' || octet == '.' || octet == '_' || octet == '~';
}

bool is_good_escape(std::string_view rest) {
  if (rest.size() < 3) return false;
  const int high = hex_value(rest[1]);
  const int low = hex_value(rest[2]);
  if (high < 0 || low < 0) return false;
  const int octet = high * 16 + low;
  return octet >= 0x20 && octet != 0x7f && octet != '/' && octet != '\\' && octet != ';' && !is_unreserved(octet);
}

}  // namespace

void fold_base64(std::string& path) {
  if (!path.starts_with(base64_below)) return;
  auto rest = base::percent_decode(std::string_view(path).substr(base64_below.size()), false);
  if (!rest) return;
  while (rest->ends_with('=')) rest->pop_back();
  for (char& c : *rest) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  const bool is_base64 =
      rest->find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos;
  if (is_base64) path.replace(base64_below.size(), std::string::npos, *rest);
}

bool is_normal_path(std::string_view path) {
  if (path.empty() || path.front() != '/') return false;
  if (path.size() == 1) return true;
  bool escaped = false;
  std::size_t segment = 1;
  for (std::size_t i = 1; i <= path.size(); ++i) {
    if (i == path.size() || path[i] == '/') {
      const std::string_view name = path.substr(segment, i - segment);
      if (name.empty() || name == "." || name == "..") return false;
      segment = i + 1;
    } else if (path[i] == '%') {
      if (!is_good_escape(path.substr(i))) return false;
      escaped = true;
      i += 2;
    } else if (!plain[static_cast<unsigned char>(path[i])]) {
      return false;
    }
  }
  if (!escaped) return true;
  const auto decoded = base::percent_decode(path, false);
  return decoded && base::is_utf8(*decoded);
}

}  // namespace http
