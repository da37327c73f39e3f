#include "flow/identifier/judge_fields.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "flow/identifier/make_identifiers.hpp"
#include "identity/identifier/identifier.hpp"
#include "store/account/identifiers.hpp"
#include "text/language.hpp"

namespace flow {
namespace {

namespace type = identity::identifier_type;

constexpr std::array<std::string_view, 11> identifier_fields{
    type::login, type::email, type::phone, type::pesel,         type::passport,     type::id_card,
    type::nip,   type::regon, type::pwz,   type::epuap_account, type::epuap_profile};

class Judge {
 public:
  Judge(store::Tx& tx, const identity::Account& account, const AccountFields& fields,
        const std::vector<std::string>& asked)
      : tx_(tx), account_(account), fields_(fields), asked_(asked), is_human_(identity::is_human(account.kind)) {}

  base::Result<std::vector<FieldFlaw>> find(base::Time now) {
    find_flaws_of_names();
    for (const std::string_view name : identifier_fields) RETURN_IF_ERROR(find_flaws_of_identifier(name, now));
    find_flaws_of_channels();
    text::Language language = text::Language::en;
    if (is_there("locale") && !text::find_language(fields_.get("locale"), language)) {
      flaw("locale", "accounts.flaw.language");
    }
    return std::move(flaws_);
  }

 private:
  [[nodiscard]] bool is_there(std::string_view name) const { return !fields_.get(name).empty(); }
  [[nodiscard]] bool is_asked(std::string_view name) const {
    return std::find(asked_.begin(), asked_.end(), name) != asked_.end();
  }
  void flaw(std::string_view field, std::string key) {
    if (!is_asked(field)) return;
    const bool has_one = std::any_of(flaws_.begin(), flaws_.end(), [&](const auto& one) { return one.field == field; });
    if (!has_one) flaws_.push_back({std::string(field), std::move(key)});
  }
  /// A flaw of several fields together stands at the first that is asked.
  void flaw_of_one(std::initializer_list<std::string_view> names, const std::string& key) {
    const auto found = std::find_if(names.begin(), names.end(), [&](std::string_view one) { return is_asked(one); });
    if (found != names.end()) flaw(*found, key);
  }

  void find_flaws_of_names() {
    for (const std::string_view name : {"given_name", "family_name", "organisation"}) {
      if (!check_names(fields_.get(name), {})) flaw(name, "accounts.flaw.name");
    }
    if (is_human_ && !is_there("given_name") && !is_there("family_name")) {
      flaw_of_one({"family_name", "given_name"}, "accounts.flaw.name_missing");
    }
    if (!is_human_ && !is_there("organisation")) flaw("organisation", "accounts.flaw.organisation_missing");
    if (!is_there(type::login)) flaw(type::login, "accounts.flaw.login_missing");
    if (lacks_number(account_.kind, is_there(type::nip), is_there(type::regon))) {
      flaw_of_one({type::nip, type::regon}, "accounts.flaw.nip_or_regon");
    }
  }

  base::Result<void> find_flaws_of_identifier(std::string_view name, base::Time now) {
    if (!is_there(name) || !is_asked(name)) return {};
    if (!is_human_ && is_only_of_people(name)) {
      flaw(name, "accounts.flaw.only_people");
      return {};
    }
    const auto parsed = identity::parse_identifier(name, fields_.get(name));
    if (!parsed || is_of_nobody(name, parsed->canonical, now)) {
      flaw(name, name == type::phone ? "accounts.flaw.phone" : identity::key_of_invalid(name));
      return {};
    }
    ASSIGN_OR_RETURN(const bool taken, is_taken(*parsed));
    if (taken) flaw(name, identity::key_of_taken(name));
    return {};
  }

  /// The sentence never says whose it is.
  base::Result<bool> is_taken(const identity::Identifier& wished) {
    if (is_of_person(wished.type)) {
      ASSIGN_OR_RETURN(const auto person, store::find_person_by(tx_, wished.type, wished.canonical));
      if (!person || (account_.person_id && person->id == *account_.person_id)) return false;
      const auto joined = find_person_to_join(tx_, account_, {wished});
      if (!joined && joined.error().code != base::Code::already_exists) return tl::unexpected(joined.error());
      return !joined;
    }
    ASSIGN_OR_RETURN(const bool taken, store::is_taken(tx_, wished.type, wished.canonical, account_.id));
    if (taken) return true;
    return reads_like_another(tx_, account_.id, wished);
  }

  // S4.13
  void find_flaws_of_channels() {
    constexpr std::string_view field = "preferred_channel";
    const bool has_email = is_there(type::email);
    const bool has_phone = is_there(type::phone);
    const std::string& preferred = fields_.get(field);
    if (is_human_ && !has_email && !has_phone) flaw_of_one({type::email, type::phone}, "accounts.flaw.no_channel");
    if (account_.main_account_id && !has_email) flaw(type::email, "own.flaw.email_missing");
    const auto flaw_of_channel = [&](const std::string& key) {
      flaw_of_one({field, has_email ? type::phone : type::email, has_email ? type::email : type::phone}, key);
    };
    if (preferred.empty()) {
      if (has_email && has_phone) flaw_of_channel("accounts.flaw.preferred_missing");
    } else if (preferred != "email" && preferred != "sms") {
      flaw_of_channel("own.flaw.preferred_unknown");
    } else if (!(preferred == "email" ? has_email : has_phone) && (has_email || has_phone)) {
      flaw_of_channel("own.flaw.preferred_absent");
    }
  }

  store::Tx& tx_;
  const identity::Account& account_;
  const AccountFields& fields_;
  const std::vector<std::string>& asked_;
  bool is_human_;
  std::vector<FieldFlaw> flaws_;
};

}  // namespace

bool is_only_of_people(std::string_view name) {
  return is_of_person(name) || name == type::pwz;
}

bool lacks_number(identity::AccountKind kind, bool has_nip, bool has_regon) {
  return kind == identity::AccountKind::legal_person && !has_nip && !has_regon;
}

void AccountFields::set(std::string_view name, std::string value) {
  const auto found = std::find_if(values_.begin(), values_.end(), [&](const auto& one) { return one.first == name; });
  if (found == values_.end()) {
    values_.emplace_back(name, std::move(value));
  } else {
    found->second = std::move(value);
  }
}

const std::string& AccountFields::get(std::string_view name) const {
  static const std::string none;
  const auto found = std::find_if(values_.begin(), values_.end(), [&](const auto& one) { return one.first == name; });
  return found == values_.end() ? none : found->second;
}

base::Result<std::vector<FieldFlaw>> find_field_flaws(store::Tx& tx, const identity::Account& account,
                                                      const AccountFields& fields,
                                                      const std::vector<std::string>& asked, base::Time now) {
  return Judge(tx, account, fields, asked).find(now);
}

}  // namespace flow
