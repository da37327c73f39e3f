#include "web/admin/account_fields.hpp"

#include <algorithm>
#include <array>

#include "identity/identifier/identifier.hpp"
#include "text/language.hpp"

namespace web {
namespace {

void add_option(View& choice, std::string value, std::string label, const std::string& chosen) {
  const bool is_chosen = value == chosen;
  choice.add("options")
      .text("value", std::move(value))
      .text("option_label", std::move(label))
      .flag("chosen", is_chosen);
}

void add_options(View& choice, const Visit& visit, std::string_view field, const std::string& chosen) {
  if (field == "kind") {
    for (const std::string kind : {"employee", "recipient"}) {
      add_option(choice, kind, visit.say("accounts.kind." + kind), chosen);
    }
    return;
  }
  add_option(choice, "", visit.say(field == "locale" ? "accounts.language.none" : "accounts.channel.none"), chosen);
  if (field == "locale") {
    for (const text::Language language : {text::Language::en, text::Language::de, text::Language::pl}) {
      add_option(choice, std::string(text::code_of(language)), std::string(text::name_of(language)), chosen);
    }
    return;
  }
  for (const std::string channel : {"email", "sms"}) {
    add_option(choice, channel, visit.say("own.channel." + channel), chosen);
  }
}

std::string_view type_of(std::string_view field) {
  if (field == "phone") return "tel";
  return field == "email" ? "email" : "text";
}

std::string say_hint(const Visit& visit, std::string_view field) {
  if (field == "login") return visit.say("own.hint.login");
  if (field == "phone") return visit.say("accounts.hint.phone");
  if (field == "main_account") return visit.say("accounts.hint.main_account");
  return field == "organisation" ? visit.say("accounts.hint.organisation") : std::string();
}

}  // namespace

std::vector<FieldSentence> say_flaws(const Visit& visit, const std::vector<flow::FieldFlaw>& flaws) {
  std::vector<FieldSentence> said;
  for (const flow::FieldFlaw& flaw : flaws) {
    // The sentence of the own data speaks to the person who has the address or number.
    const bool is_of_person = flaw.field != identity::identifier_type::login;
    const bool is_taken = is_of_person && flaw.key == identity::key_of_taken(flaw.field);
    said.push_back({flaw.field, is_taken ? visit.say("accounts.flaw.taken", {{"field", say_field(visit, flaw.field)}})
                                         : visit.say(flaw.key)});
  }
  return said;
}

std::vector<std::string_view> list_fields(identity::AccountKind kind, std::string_view group) {
  const bool is_human = identity::is_human(kind);
  if (group == "name") {
    if (is_human) return {"given_name", "family_name", "organisation", "kind", "locale"};
    return {"organisation", "locale"};
  }
  if (group == "reach") return {"login", "email", "phone", "preferred_channel"};
  if (is_human) return {"pesel", "passport", "id_card", "nip", "regon", "pwz", "epuap_account", "epuap_profile"};
  if (kind == identity::AccountKind::legal_person) return {"nip", "regon", "epuap_account", "epuap_profile"};
  return {};
}

bool is_mandatory(identity::AccountKind kind, std::string_view field) {
  if (field == "login") return true;
  return field == (identity::is_human(kind) ? "family_name" : "organisation");
}

std::string say_field(const Visit& visit, std::string_view field) {
  if (field == "given_name") return visit.say("own.given");
  if (field == "family_name") return visit.say("own.family");
  if (field == "locale") return visit.say("own.language");
  if (field == "preferred_channel") return visit.say("own.channel");
  if (field == "kind") return visit.say("accounts.kind");
  if (field == "main_account") return visit.say("own.main_account");
  if (field == "organisation" || field == "external") return visit.say("accounts." + std::string(field));
  return visit.say(identity::key_of_name(field));
}

void add_account_fields(View& view, std::string_view list, const AccountForm& form,
                        const std::vector<std::string_view>& fields) {
  const Visit& visit = form.visit;
  for (const std::string_view field : fields) {
    const bool is_choice = field == "kind" || field == "locale" || field == "preferred_channel";
    View& item = view.add(list).add(is_choice ? "choice" : "input");
    const std::string value = form.value(field);
    item.text("field", std::string(field)).text("field_label", say_field(visit, field)).text("field_value", value);
    item.flag("mandatory", is_mandatory(form.kind, field)).text("hint", say_hint(visit, field));
    item.text("type", std::string(type_of(field)));
    if (is_choice) add_options(item, visit, field, value);
    const auto flaw =
        std::find_if(form.flaws.begin(), form.flaws.end(), [&](const auto& one) { return one.field == field; });
    if (flaw != form.flaws.end()) item.flag("wrong").text("sentence", flaw->sentence);
  }
}

void add_flaw_list(View& view, const std::vector<FieldSentence>& flaws) {
  view.flag("flawed", !flaws.empty());
  for (const FieldSentence& one : flaws) view.add("flaws").text("href", "#" + one.field).text("sentence", one.sentence);
}

}  // namespace web
