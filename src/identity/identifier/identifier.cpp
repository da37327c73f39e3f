#include "identity/identifier/identifier.hpp"

#include <array>

#include "identity/identifier/certificate_fingerprint.hpp"
#include "identity/identifier/email_address.hpp"
#include "identity/identifier/epuap.hpp"
#include "identity/identifier/id_card.hpp"
#include "identity/identifier/nip.hpp"
#include "identity/identifier/passport.hpp"
#include "identity/identifier/pesel.hpp"
#include "identity/identifier/phone_number.hpp"
#include "identity/identifier/pwz.hpp"
#include "identity/identifier/regon.hpp"
#include "identity/spelling/comparison_form.hpp"

namespace identity {
namespace {

using Parsed = base::Result<Identifier>;

/// An identifier that is displayed in its canonical form.
Parsed plain(std::string_view type, base::Result<std::string> canonical) {
  if (!canonical) return base::pass_on(std::move(canonical));
  return Identifier{std::string(type), *canonical, *canonical};
}

Parsed shown_as(std::string_view type, base::Result<std::string> canonical, std::string_view display) {
  if (!canonical) return base::pass_on(std::move(canonical));
  return Identifier{std::string(type), std::move(*canonical), std::string(display)};
}

struct Entry {
  std::string_view type;
  Parsed (*parse)(std::string_view type, std::string_view typed, std::string_view country);
};

Parsed login(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  return shown_as(type, check_login(typed), typed);
}
Parsed email(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  ASSIGN_OR_RETURN(EmailAddress address, parse_email_address(typed));
  return Identifier{std::string(type), std::move(address.canonical), std::move(address.display)};
}
Parsed phone(std::string_view type, std::string_view typed, std::string_view country) {
  ASSIGN_OR_RETURN(std::string number, parse_phone_number(typed, country));
  std::string display = format_international(number);
  return Identifier{std::string(type), std::move(number), std::move(display)};
}
Parsed pesel(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  ASSIGN_OR_RETURN(Pesel number, parse_pesel(typed));
  return plain(type, std::move(number.canonical));
}
Parsed passport(std::string_view type, std::string_view typed, std::string_view country) {
  return plain(type, parse_passport(typed, country));
}
Parsed id_card(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  return plain(type, parse_id_card(typed));
}
Parsed nip(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  ASSIGN_OR_RETURN(std::string number, parse_nip(typed));
  std::string display = format_nip(number);
  return Identifier{std::string(type), std::move(number), std::move(display)};
}
Parsed regon(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  return plain(type, parse_regon(typed));
}
Parsed pwz(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  return plain(type, parse_pwz(typed));
}
Parsed epuap_account(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  return shown_as(type, parse_epuap_account(typed), trimmed(typed));
}
Parsed epuap_profile(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  return shown_as(type, parse_epuap_profile(typed), trimmed(typed));
}
Parsed certificate(std::string_view type, std::string_view typed, std::string_view /*country*/) {
  return plain(type, parse_certificate_fingerprint(typed));
}

constexpr std::array<Entry, 12> entries{{{identifier_type::login, login},
                                         {identifier_type::email, email},
                                         {identifier_type::phone, phone},
                                         {identifier_type::pesel, pesel},
                                         {identifier_type::passport, passport},
                                         {identifier_type::id_card, id_card},
                                         {identifier_type::nip, nip},
                                         {identifier_type::regon, regon},
                                         {identifier_type::pwz, pwz},
                                         {identifier_type::epuap_account, epuap_account},
                                         {identifier_type::epuap_profile, epuap_profile},
                                         {identifier_type::certificate, certificate}}};

std::string key(std::string_view type, std::string_view of) {
  return "identifier." + std::string(type) + "." + std::string(of);
}

}  // namespace

std::span<const std::string_view> identifier_types() {
  static const std::array<std::string_view, entries.size()> types = [] {
    std::array<std::string_view, entries.size()> names;
    for (std::size_t i = 0; i < entries.size(); ++i) names.at(i) = entries.at(i).type;
    return names;
  }();
  return types;
}

Parsed parse_identifier(std::string_view type, std::string_view typed, std::string_view country) {
  for (const Entry& entry : entries) {
    if (entry.type == type) return entry.parse(type, typed, country);
  }
  return base::fail(base::Code::invalid_input, "no such type of identifier: " + std::string(type));
}

std::string key_of_name(std::string_view type) {
  return key(type, "name");
}
std::string key_of_invalid(std::string_view type) {
  return key(type, "invalid");
}
std::string key_of_taken(std::string_view type) {
  return key(type, "taken");
}

std::vector<Identifier> find_readings(std::string_view typed, std::string_view default_country) {
  std::vector<Identifier> readings;
  // By canonical_login, not check_login: older logins may break newer rules and must still be found.
  if (base::Result<std::string> name = canonical_login(typed); name && !name->empty()) {
    readings.push_back({std::string(identifier_type::login), std::move(*name), std::string(trimmed(typed))});
  }
  for (const std::string_view type : {identifier_type::email, identifier_type::phone}) {
    if (Parsed reading = parse_identifier(type, typed, default_country)) readings.push_back(std::move(*reading));
  }
  return readings;
}

}  // namespace identity
