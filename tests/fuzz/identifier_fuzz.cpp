// Fuzz target of everything that reads an identifier or a password from a form. The first octet chooses the country.
// Besides crashes it looks for broken invariants: a canonical form must be its own canonical form, in UTF-8, without
// control characters. Build: clang++-14 -std=c++20 -fsanitize=fuzzer,address -Isrc <this file> src/identity/*.cpp …
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/bytes.hpp"
#include "identity/identifier/identifier.hpp"
#include "identity/password/password_flaws.hpp"
#include "identity/spelling/comparison_form.hpp"

namespace {

void demand(bool promise) {
  if (!promise) std::abort();
}

void read_identifiers(std::string_view country, std::string_view typed) {
  for (const std::string_view type : identity::identifier_types()) {
    const auto once = identity::parse_identifier(type, typed, country);
    if (!once) continue;
    demand(base::is_utf8(once->canonical));
    demand(!identity::has_space_or_invisible(once->canonical));
    const auto twice = identity::parse_identifier(type, once->canonical, country);
    demand(twice && twice->canonical == once->canonical);
    const auto shown = identity::parse_identifier(type, once->display, country);
    demand(shown && shown->canonical == once->canonical);
  }
  (void)identity::find_readings(typed, country);
}

// One text has one form in which it is looked up, be it read as a login or as an address.
void read_login(std::string_view typed) {
  const auto folded = identity::folded(typed);
  const auto login = identity::canonical_login(typed);
  if (login) demand(identity::canonical_login(*login) == *login);
  const auto email = identity::parse_identifier(identity::identifier_type::email, typed);
  if (folded && email) demand(login && *login == email->canonical);
}

void judge_password(std::string_view typed) {
  const std::string_view login = typed.substr(0, typed.size() / 3);
  const identity::PasswordFacts facts{std::string(login), std::string(typed), {std::string(login)}, {}, false, false};
  for (const auto& flaw : identity::find_flaws(typed, identity::nist_800_63b(), facts)) {
    demand(!identity::describe(flaw).key.empty());
  }
  const std::string form = identity::comparison_form(typed);
  demand(identity::comparison_form(form) == form);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view countries[] = {"", "PL", "DE", "IT", "LT", "GB", "XX"};
  if (size == 0) return 0;
  const std::string_view typed(reinterpret_cast<const char*>(data + 1), size - 1);
  read_identifiers(countries[data[0] % std::size(countries)], typed);
  read_login(typed);
  judge_password(typed);
  return 0;
}
