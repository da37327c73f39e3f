#include "browser/csrf.hpp"

#include "base/bytes.hpp"
#include "crypto/key/master_key.hpp"

namespace browser {

std::string make_csrf(const flow::House& house, std::string_view binding, std::string_view purpose) {
  std::string input(binding);
  input.push_back('\n');
  input.append(purpose);
  return base::to_base64url(house.master.authenticate("csrf", input).substr(0, 24));
}

bool is_csrf_right(const flow::House& house, std::string_view binding, std::string_view purpose,
                   std::string_view token) {
  return base::equal_in_constant_time(make_csrf(house, binding, purpose), token);
}

std::string Csrf::describe() const {
  if (kind_ == Kind::session) return "session";
  if (kind_ == Kind::attempt) return "attempt";
  return "none: " + std::string(why_);
}

}  // namespace browser
