#include "base/result.hpp"

namespace base {

std::string_view name_of(Code code) {
  switch (code) {
    case Code::invalid_input: return "invalid_input";
    case Code::not_found: return "not_found";
    case Code::already_exists: return "already_exists";
    case Code::denied: return "denied";
    case Code::login_failed: return "login_failed";
    case Code::expired: return "expired";
    case Code::too_many: return "too_many";
    case Code::conflict: return "conflict";
    case Code::unavailable: return "unavailable";
    case Code::internal: return "internal";
  }
  return "internal";
}

std::string describe(const Error& error) {
  std::string text(name_of(error.code));
  text.append(": ").append(error.reason).append(" (").append(error.file).append(":");
  return text.append(std::to_string(error.line)).append(")");
}

}  // namespace base
