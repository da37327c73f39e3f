#include "identity/identifier/epuap.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/spelling/comparison_form.hpp"

namespace identity {
namespace {

base::Result<std::string> parse(std::string_view typed, std::size_t longest) {
  ASSIGN_OR_RETURN(std::string canonical, folded(typed));
  const std::size_t length = base::count_code_points(canonical);
  // A compatible form may hold a space that was not typed: "´" is a space with an accent.
  if (length < 3 || length > longest || has_space_or_invisible(trimmed(typed)) || has_space_or_invisible(canonical) ||
      canonical.find_first_of("<>\"'&\\") != std::string::npos) {
    return base::fail(base::Code::invalid_input, "not an identifier of ePUAP");
  }
  return canonical;
}

}  // namespace

base::Result<std::string> parse_epuap_account(std::string_view typed) {
  return parse(typed, 64);
}
base::Result<std::string> parse_epuap_profile(std::string_view typed) {
  return parse(typed, 128);
}

}  // namespace identity
