#include "flow/identifier/make_identifiers.hpp"

#include <algorithm>
#include <set>

#include "base/bytes.hpp"
#include "base/time.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/identifier/pesel.hpp"

namespace flow {
namespace {

namespace type = identity::identifier_type;

bool is_for_login(std::string_view name) {
  return name == type::login || name == type::email || name == type::phone;
}

bool is_same_name(const std::string& a, const std::string& b) {
  const auto left = identity::folded(a);
  const auto right = identity::folded(b);
  return left && right && *left == *right;
}

bool is_address(std::string_view name) {
  return name == type::email || name == type::phone;
}

base::Result<void> insert_claim(store::Tx& tx, const store::Identifier& address, base::Time now) {
  store::PendingAddress claim;
  claim.account_id = address.account_id;
  claim.type = address.type;
  claim.canonical = address.canonical;
  claim.display = address.display;
  claim.redirect_to_main = address.redirect_to_main;
  claim.expires_at = now;  // no code was sent
  return store::put_pending(tx, claim, now);
}

base::Error taken(std::string_view name) {
  return {base::Code::already_exists, std::string(name) + ": taken"};
}

// All stored forms of a login, an e-mail or a phone that could be confused with the wished text.
std::set<std::string> find_texts(const identity::Identifier& wished) {
  std::set<std::string> texts{wished.canonical};
  for (identity::Identifier& reading : identity::find_readings(wished.display, {}))
    texts.insert(std::move(reading.canonical));
  return texts;
}

}  // namespace

bool is_address_like(std::string_view canonical_login) {
  return canonical_login.find('@') != std::string_view::npos;
}

bool is_of_nobody(std::string_view name, std::string_view canonical, base::Time now) {
  if (name != type::pesel) return false;
  const auto pesel = identity::parse_pesel(canonical);
  return !pesel || !identity::is_plausible(*pesel, std::chrono::floor<std::chrono::days>(now));
}

bool is_of_person(std::string_view name) {
  return name == type::pesel || name == type::passport || name == type::id_card;
}

base::Result<void> check_names(std::string_view given, std::string_view family) {
  for (const std::string_view name : {given, family}) {
    const bool has_control =
        std::any_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (!base::is_utf8(name) || base::count_code_points(name) > 100 || has_control)
      return base::fail(base::Code::invalid_input,
                        "name: not UTF-8, longer than 100 characters or with control characters");
  }
  return {};
}

base::Result<NewIdentifiers> parse_identifiers(const base::Id& account_id,
                                               const std::vector<std::pair<std::string, std::string>>& typed,
                                               AddressTrust trust, base::Time now) {
  NewIdentifiers made;
  for (const auto& [name, value] : typed) {
    if (value.empty()) continue;
    auto parsed = identity::parse_identifier(name, value);
    if (!parsed) return base::fail(base::Code::invalid_input, name + ": " + parsed.error().reason);
    if (is_of_nobody(name, parsed->canonical, now))
      return base::fail(base::Code::invalid_input, name + ": nobody of that date of birth can live now");
    if (is_of_person(name)) {
      made.of_person.push_back(std::move(*parsed));
      continue;
    }
    if (name == type::login && is_address_like(parsed->canonical) && trust == AddressTrust::claimed)
      return base::fail(base::Code::invalid_input, "login: an address that is not verified");
    const bool verified = !is_address(name) || trust == AddressTrust::proven;
    const bool given = !verified && trust == AddressTrust::given;
    store::Identifier one;
    one.account_id = account_id;
    one.type = name;
    one.canonical = std::move(parsed->canonical);
    one.display = std::move(parsed->display);
    if (verified) one.verified_at = now;
    if (given) one.given_at = now;
    one.may_login = name == type::login || (name == type::email && (verified || given));
    made.of_account.push_back(std::move(one));
  }
  return made;
}

base::Result<std::optional<store::Person>> find_person_to_join(store::Tx& tx, const identity::Account& account,
                                                               const std::vector<identity::Identifier>& of_person) {
  if (!of_person.empty() && !identity::is_human(account.kind)) {
    return base::fail(base::Code::invalid_input, of_person.front().type + ": only people have one");
  }
  std::optional<store::Person> found;
  for (const identity::Identifier& one : of_person) {
    ASSIGN_OR_RETURN(const auto person, store::find_person_by(tx, one.type, one.canonical));
    if (!person) continue;
    const bool is_his = person->tenant_id == account.tenant_id &&
                        is_same_name(person->given_name, account.given_name) &&
                        is_same_name(person->family_name, account.family_name) && (!found || found->id == person->id);
    if (!is_his) return tl::unexpected<base::Error>(taken(one.type));
    ASSIGN_OR_RETURN(const auto one_of_kind,
                     store::find_account_of_person(tx, person->id, identity::name_of(account.kind)));
    if (one_of_kind) return tl::unexpected<base::Error>(taken(one.type));
    found = person;
  }
  return found;
}

base::Result<bool> reads_like_another(store::Tx& tx, const base::Id& account_id, const identity::Identifier& wished) {
  if (!is_for_login(wished.type)) return false;
  for (const std::string& text : find_texts(wished)) {
    ASSIGN_OR_RETURN(const bool of_another, store::is_login_of_another(tx, text, account_id));
    if (of_another) return true;
  }
  return false;
}

base::Result<void> demand_free(store::Tx& tx, const base::Id& account_id, const identity::Identifier& wished) {
  ASSIGN_OR_RETURN(const bool of_another, reads_like_another(tx, account_id, wished));
  if (of_another) return tl::unexpected<base::Error>(taken(wished.type));
  return {};
}

base::Result<void> insert_identifiers(store::Tx& tx, const identity::Account& account, const NewIdentifiers& made,
                                      base::Time now) {
  for (const store::Identifier& one : made.of_account) {
    RETURN_IF_ERROR(demand_free(tx, account.id, {one.type, one.canonical, one.display}));
    if (is_address(one.type) && !one.verified_at && !one.given_at)
      RETURN_IF_ERROR(insert_claim(tx, one, now));
    else
      RETURN_IF_ERROR(store::insert_identifier(tx, one, now));
  }
  if (!account.person_id) return {};
  const store::Person person{*account.person_id, account.tenant_id, account.given_name, account.family_name};
  for (const identity::Identifier& one : made.of_person) {
    RETURN_IF_ERROR(store::insert_person_identifier(tx, person, one.type, one.canonical, one.display, now));
  }
  return {};
}

}  // namespace flow
