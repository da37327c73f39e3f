// The fields that describe an account (S0.2, S4.13, S4.14, S4.27), as an administrator types them, and what is wrong
// with them. A form, a command and an import have the same names of fields and the same rules.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "identity/account/account.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// One flaw: the field of the form and the key of the sentence.
struct FieldFlaw {
  std::string field;
  std::string key;
};

/// All names, in the order of the pages. From "login" on each but the channel and the language is an
/// identity::identifier_type.
inline constexpr std::array<std::string_view, 17> account_fields{
    "given_name",        "family_name",   "organisation", "locale",  "login", "email", "phone",
    "preferred_channel", "pesel",         "passport",     "id_card", "nip",   "regon", "pwz",
    "epuap_account",     "epuap_profile", "external"};

/// The values of a whole account. A name that is missing is "".
class AccountFields {
 public:
  void set(std::string_view name, std::string value);
  [[nodiscard]] const std::string& get(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

/// S4.27: whether only people have an identifier of this type (PESEL, passport, identity card, PWZ).
bool is_only_of_people(std::string_view type);
/// S4.27: an organisation is known by a NIP or a REGON, one at least.
bool lacks_number(identity::AccountKind kind, bool has_nip, bool has_regon);

/// All flaws of `fields` for the account, whose id, tenant, person and kind are set; it need not be stored. Only fields
/// of `asked` get a flaw, so that a change of one field is never refused because of another one.
base::Result<std::vector<FieldFlaw>> find_field_flaws(store::Tx& tx, const identity::Account& account,
                                                      const AccountFields& fields,
                                                      const std::vector<std::string>& asked, base::Time now);

}  // namespace flow
