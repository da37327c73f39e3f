// account show|set|delete, account certificate add|remove
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "base/time.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/admin/change_account.hpp"
#include "flow/admin/look_at_account.hpp"
#include "text/text.hpp"

namespace app {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 8> number_fields{"pesel", "passport", "id_card",       "nip",
                                                        "regon", "pwz",      "epuap_account", "epuap_profile"};

json::object time_range(std::string_view type, base::Time since, const std::optional<base::Time>& until) {
  return {{"type", type},
          {"since", base::to_rfc3339(since)},
          {"until", until ? json::value(base::to_rfc3339(*until)) : json::value(nullptr)}};
}

/// The fields of the REST account, and what else is known without secrets.
json::object json_of(const flow::AccountView& seen) {
  const identity::Account& account = seen.data.account;
  json::object object;
  object["id"] = account.id.to_string();
  object["kind"] = identity::name_of(account.kind);
  object["status"] = identity::name_of(account.status);
  for (const std::string_view field : {"given_name", "family_name", "organisation", "login", "email"}) {
    object[field] = seen.data.fields.get(field);
  }
  object["email_verified"] = account.email_verified;
  object["phone"] = account.phone;
  object["phone_verified"] = account.phone_verified;
  object["preferred_channel"] = account.preferred_channel;
  object["locale"] = account.locale;
  object["external"] = account.external;
  object["main_account"] = seen.data.main_account;
  json::array identifiers;
  for (const std::string_view field : number_fields) {
    const std::string& value = seen.data.fields.get(field);
    if (!value.empty()) identifiers.push_back(json::object{{"type", field}, {"value", value}});
  }
  json::array credentials;
  if (seen.password) credentials.push_back(time_range("password", seen.password->set_at, seen.password->ends_at));
  for (const store::Certificate& one : seen.data.certificates) {
    identifiers.push_back(json::object{{"type", "certificate"}, {"value", one.fingerprint}});
    credentials.push_back(time_range("certificate", one.not_before, one.not_after));
  }
  object["identifiers"] = std::move(identifiers);
  object["credentials"] = std::move(credentials);
  object["groups"] = json::value_from(seen.groups);
  json::array contexts;
  for (const rights::ActingContext& context : seen.details.contexts) contexts.emplace_back(context.key);
  object["contexts"] = std::move(contexts);
  object["sessions"] = seen.details.sessions;
  object["version"] = account.version;
  object["created_at"] = base::to_rfc3339(account.created_at);
  return object;
}

int show(const flow::House& house, Console& console, const std::string& account) {
  const Operator by = make_command_operator();
  const auto seen = flow::look_at_account(house, by.actor, account, by.facts);
  if (!seen) return refuse(console, seen.error());
  return print_object(console, json_of(*seen));
}

int set(const flow::House& house, Console& console, const std::string& account, const flow::AccountWish& wished) {
  const Operator by = make_command_operator();
  flow::AccountWish wish = wished;
  if (wish.version < 0) {
    const auto data = flow::read_account_data(house, by.actor, account, by.facts.now);
    if (!data) return refuse(console, data.error());
    wish.version = data->account.version;
  }
  const auto done = flow::change_account(house, by.actor, account, wish, by.facts);
  if (!done) return refuse(console, done.error());
  if (!done->flaws.empty()) {
    std::string all;
    for (const flow::FieldFlaw& flaw : done->flaws) {
      all.append(all.empty() ? "" : " ").append(flaw.field).append(": ");
      all.append(text::say(text::Language::en, flaw.key));
    }
    return refuse(console, {base::Code::invalid_input, all});
  }
  return report_change(console, "account " + account + (done->changed ? " was changed" : " is so already"),
                       done->changed);
}

int remove(const flow::House& house, Console& console, const std::string& account) {
  const Operator by = make_command_operator();
  const auto deleted = flow::delete_account(house, by.actor, account, by.facts);
  if (!deleted) return refuse(console, deleted.error());
  return report_change(console, "account " + account + " is deleted");
}

void add_set(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "set", "change fields of an account; what is not named stays", chosen);
  auto account = std::make_shared<std::string>();
  auto wish = std::make_shared<flow::AccountWish>();
  wish->version = -1;
  command.add_option(account_positional.name, *account, account_positional.about)->required();
  const auto add = [&](const std::string& option, const std::string& field, const std::string& about) {
    command.add_option_function<std::string>(
        option, [wish, field](const std::string& value) { wish->fields.emplace_back(field, value); },
        about + ", \"\" for none");
  };
  add("--given,--given-name", "given_name", "given name");
  add("--family,--family-name", "family_name", "family name");
  add("--organisation", "organisation", "organisation");
  add("--login", "login", "login name");
  add("--email", "email", "e-mail address; in force at once, told to applications as not verified");
  add("--phone", "phone", "telephone number in international form; as the address");
  add("--preferred-channel", "preferred_channel", "email or sms");
  add("--locale", "locale", "language: en, de or pl");
  add("--kind", "kind", "employee or recipient");
  add("--main", "main_account", "main account of this sub account: login, e-mail address or id");
  add("--pesel", "pesel", "PESEL");
  add("--passport", "passport", "passport number");
  add("--id-card", "id_card", "number of the Polish identity card");
  add("--nip", "nip", "NIP");
  add("--regon", "regon", "REGON");
  add("--pwz", "pwz", "licence number of a medical profession");
  add("--epuap-account", "epuap_account", "ePUAP account id");
  add("--epuap-profile", "epuap_profile", "trusted-profile id");
  command.add_flag_function(
      "--external,!--not-external",
      [wish](std::int64_t count) { wish->fields.emplace_back("external", count > 0 ? "yes" : ""); },
      "whether the person is not one of our own people");
  command.add_option("--if-version", wish->version, "change nothing if the account has another version than this");
  give_examples(command, {"account set jan.nowak --phone '+49 172 34567890'",
                          "account set jan.nowak --family Wrona --email jan.wrona@clinic.example"});
  command.callback([&chosen, account, wish] {
    chosen.in_house = [account, wish](const flow::House& house, Console& console) {
      return set(house, console, *account, *wish);
    };
  });
}

int add_certificate(const flow::House& house, Console& console, const std::string& account) {
  const Operator by = make_command_operator();
  const auto flaw = flow::add_certificate_for(house, by.actor, account, console.file, by.facts);
  if (!flaw) return refuse(console, flaw.error());
  if (!flaw->empty()) {
    return refuse(console, {base::Code::invalid_input, text::say(text::Language::en, *flaw)});
  }
  return report_change(console, "account " + account + " has the certificate");
}

struct CertificateOptions {
  std::string account, file, sha256;
};

void add_certificates(CLI::App& accounts, Command& chosen) {
  CLI::App& group =
      add_command_group(accounts, "certificate", "certificates with which the person of an account logs in");
  auto options = std::make_shared<CertificateOptions>();
  auto& adding = add_house_command(group, "add", "register a certificate, PEM or DER", chosen);
  adding.add_option(account_positional.name, options->account, account_positional.about)->required();
  adding.add_option("FILE", options->file, "file with the certificate")->required();
  give_examples(adding, {"account certificate add jan.nowak jan.pem"});
  adding.callback([&chosen, options] {
    chosen.file = options->file;
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return add_certificate(house, console, options->account);
    };
  });
  auto& removing = add_house_command(group, "remove", "a certificate is the account's no more", chosen);
  removing.add_option(account_positional.name, options->account, account_positional.about)->required();
  removing.add_option("SHA256", options->sha256, "its fingerprint, as `account show` has it")->required();
  give_examples(removing, {"account certificate remove jan.nowak "
                           "5f8d0c1b2a3948576655443322110f0e0d0c0b0a09080706050403020100ffee"});
  removing.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      const Operator by = make_command_operator();
      const auto gone = flow::remove_certificate_for(house, by.actor, options->account, options->sha256, by.facts);
      if (!gone) return refuse(console, gone.error());
      return report_change(console, "account " + options->account + " has the certificate no more");
    };
  });
}

}  // namespace

void add_account_changes(CLI::App& group, Command& chosen) {
  give_examples(complete_with_name(add_house_command(group, "show", "show an account without its secrets", chosen),
                                   account_positional, chosen, show),
                {"account show jan.nowak", "account show jan.nowak --json"});
  add_set(group, chosen);
  give_examples(complete_with_name(add_house_command(group, "delete",
                                                     "delete an account for good, with all its personal data", chosen),
                                   account_positional, chosen, remove),
                {"account delete jan.nowak"});
  add_certificates(group, chosen);
}

}  // namespace app
