// account
// create|list|set-password|suspend|restore|invite|reset|unlock|factors|add-app|reset-factors|set-main|unset-main|free
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/free_identifier.hpp"
#include "flow/account/main_account.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/unlock_account.hpp"
#include "flow/admin/give_app.hpp"
#include "flow/admin/reset_factors.hpp"

namespace app {
namespace {

namespace json = boost::json;

struct CreateOptions {
  flow::NewAccount account;
  std::string kind = "employee";
  bool password_input = false;
  bool no_password = false;
  bool if_missing = false;
  std::string pesel, passport, id_card, nip, regon, pwz, epuap_account, epuap_profile, tenant;
};

json::value text_or_null(const std::optional<base::Time>& at) {
  return at ? json::value(base::to_rfc3339(*at)) : json::value(nullptr);
}

json::object json_of(const identity::Account& account) {
  json::object object;
  object["id"] = account.id.to_string();
  object["login"] = account.login;
  object["given_name"] = account.given_name;
  object["family_name"] = account.family_name;
  object["name"] = account.display_name();
  object["kind"] = identity::name_of(account.kind);
  object["status"] = identity::name_of(account.status);
  object["email"] = account.email;
  object["phone"] = account.phone;
  object["locale"] = account.locale;
  object["failures"] = account.failures;
  object["locked_until"] = text_or_null(account.locked_until);
  object["created_at"] = base::to_rfc3339(account.created_at);
  return object;
}

int report_account(Console& console, const base::Id& id, const std::string& login, bool created) {
  return report_change(console, "account " + login + (created ? " was created" : " is there already"),
                       {{"id", id.to_string()}, {"login", login}, {"created", created}});
}

int create(const flow::House& house, Console& console, const CreateOptions& options) {
  const Operator by = make_command_operator();
  flow::NewAccount wished = options.account;
  const auto kind = identity::parse_account_kind(options.kind);
  if (!kind)
    return refuse(console, {base::Code::invalid_input,
                            "--kind must be employee, recipient, legal_person, client_system or service"});
  wished.kind = *kind;
  wished.password = console.secret;
  wished.given_addresses = true;
  wished.identifiers = {{"pesel", options.pesel},
                        {"passport", options.passport},
                        {"id_card", options.id_card},
                        {"nip", options.nip},
                        {"regon", options.regon},
                        {"pwz", options.pwz},
                        {"epuap_account", options.epuap_account},
                        {"epuap_profile", options.epuap_profile}};
  wished.tenant = options.tenant;
  if (options.if_missing) {
    const auto there = flow::find_named_account(house, by.actor, wished.login, by.facts.now);
    if (there) return report_account(console, there->id, wished.login, false);
    if (there.error().code != base::Code::not_found) return refuse(console, there.error());
  }
  const auto id = flow::create_account(house, by.actor, wished, by.facts);
  if (!id) return refuse(console, id.error());
  return report_account(console, *id, wished.login, true);
}

ListPrinter make_account_printer(Console& console) {
  return {console, {"login", "kind", "status", "name"}};
}

struct ListFilter {
  std::string search;
  std::string kind;
  std::string state;
};

int find(const flow::House& house, Console& console, const ListFilter& filter) {
  const Operator by = make_command_operator();
  ListPrinter printer = make_account_printer(console);
  flow::AccountQuery query;
  query.text = filter.search;
  query.kind = filter.kind;
  query.state = filter.state;
  query.page.most = 100;
  for (;;) {
    const auto page = flow::search_accounts(house, by.actor, query, by.facts);
    if (!page) return refuse(console, page.error());
    for (const auto& row : page->rows) printer.add(json_of(row.account));
    if (!page->ends.next) break;
    query.page.turn = flow::Turn::next;
    query.page.row = *page->ends.next;
  }
  return printer.finish();
}

int list(const flow::House& house, Console& console, const ListFilter& filter) {
  constexpr std::size_t page = 500;
  if (!filter.search.empty() || !filter.kind.empty() || !filter.state.empty()) return find(house, console, filter);
  const Operator by = make_command_operator();
  ListPrinter printer = make_account_printer(console);
  base::Id after;
  for (;;) {
    const auto accounts = flow::list_accounts(house, by.actor, after, page);
    if (!accounts) return refuse(console, accounts.error());
    for (const auto& account : *accounts) printer.add(json_of(account));
    if (accounts->size() < page) break;
    after = accounts->back().id;
  }
  return printer.finish();
}

void add_list(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "list", "list accounts: login, kind, status, name", chosen);
  auto filter = std::make_shared<ListFilter>();
  command.add_option("--kind", filter->kind, "only employee, recipient, legal_person, client_system or service");
  command.add_option("--state", filter->state, "only active, locked, suspended or deleted");
  command.add_option("--search", filter->search,
                     "beginnings of words, or of numbers like telephone, PESEL and NIP, in any order: \"nowak jan\"");
  add_header_option(command, chosen);
  give_examples(command,
                {"account list", "account list --search \"nowak jan\"", "account list --kind client_system --json"});
  command.callback([&chosen, filter] {
    chosen.in_house = [filter](const flow::House& house, Console& console) { return list(house, console, *filter); };
  });
}

void add_create(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "create", "create an account", chosen);
  auto options = std::make_shared<CreateOptions>();
  auto& account = options->account;
  command.add_option("LOGIN,--login", account.login, "login name, 3 to 50 characters")->required();
  command.add_option("--given,--given-name", account.given_name, "given name");
  command.add_option("--family,--family-name", account.family_name, "family name");
  command.add_option("--organisation", account.organisation,
                     "name of a legal person or a system; of a person: employer");
  command.add_option("--kind", options->kind, "employee, recipient, legal_person, client_system or service")
      ->capture_default_str();
  command.add_flag("--external", account.external, "a person who is not one of our own people");
  command.add_option("--email", account.email, "e-mail address");
  command.add_option("--phone", account.phone, "telephone number in international form, +48600123456");
  command.add_flag("--verified", account.trusted_addresses,
                   "e-mail and telephone are known to be the person's own, and applications are told so");
  command.add_option("--preferred-channel", account.preferred_channel, "email or sms; of two the default is email");
  command.add_option("--pesel", options->pesel,
                     "PESEL of the person; an employee and a recipient account may share it");
  command.add_option("--passport", options->passport, "passport number of the person");
  command.add_option("--id-card", options->id_card, "number of the Polish identity card of the person");
  command.add_option("--nip", options->nip, "NIP");
  command.add_option("--regon", options->regon, "REGON, 9 or 14 digits");
  command.add_option("--pwz", options->pwz, "licence number of a medical profession");
  command.add_option("--epuap-account", options->epuap_account, "ePUAP account id");
  command.add_option("--epuap-profile", options->epuap_profile, "trusted-profile id");
  command.add_option("--tenant", options->tenant, "key or id of its tenant; without it the first tenant");
  command.add_option("--main", account.main_account, "main account of this sub account: login, e-mail address or id");
  command.add_flag("--as-main", account.is_main, "a main account, which may have sub accounts");
  command.add_flag("--redirect-to-main", account.redirect_to_main,
                   "the e-mail is a pseudo address (info+sales@…); its mails go to the main account");
  command
      .add_option("--context", account.contexts, "acting context, repeatable: user, administrator, super_administrator")
      ->capture_default_str();
  command.add_option("--group", account.groups, "group, repeatable");
  command.add_option("--locale", account.locale, "language: en, de or pl");
  command.add_flag("--must-change,!--no-must-change", account.must_change,
                   "whether the password must be changed at the first login (the default is yes)");
  command.add_flag("--password-stdin", options->password_input,
                   "read the password from the first line of standard input");
  command.add_flag("--invite", account.invite,
                   "without a password: its person chooses one with a link, which is sent by e-mail or SMS");
  command.add_flag("--no-password", options->no_password,
                   "without a password: its person gets the first one by 'I forgot my password'");
  command.add_flag("--if-missing", options->if_missing, "do nothing if the login is there already");
  refuse_secret_option(command, "--password", "--password-stdin");
  give_examples(
      command,
      {"account create admin --given Ada --family Minster --email ada@clinic.example --context super_administrator",
       "account create jan.nowak --kind recipient --email jan.nowak@mail.example --no-password",
       "account create ola.chief --family Chief --tenant clinic --context administrator --invite "
       "--email ola@clinic.example"});
  command.callback([&chosen, options] {
    if (options->password_input && options->no_password)
      throw CLI::ValidationError("--no-password", "does not go with --password-stdin");
    if (options->password_input && options->account.invite)
      throw CLI::ValidationError("--invite", "does not go with --password-stdin");
    const bool has_none = options->no_password || options->account.invite;
    chosen.secret = options->password_input ? SecretFrom::input : has_none ? SecretFrom::nothing : SecretFrom::prompt;
    chosen.prompt = "password for " + options->account.login;
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return create(house, console, *options);
    };
  });
}

void add_set_password(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "set-password", "give an account a new password; its sessions end", chosen);
  auto account = std::make_shared<std::string>();
  auto input = std::make_shared<bool>(false);
  auto must_change = std::make_shared<bool>(true);
  command.add_option("ACCOUNT", *account, "login, e-mail address or id")->required();
  command.add_flag("--password-stdin", *input, "read the password from the first line of standard input");
  command.add_flag("--must-change,!--no-must-change", *must_change,
                   "whether the password must be changed at the next login (the default is yes)");
  refuse_secret_option(command, "--password", "--password-stdin");
  give_examples(command, {"account set-password jan.nowak", "account set-password jan.nowak --password-stdin"});
  command.callback([&chosen, account, input, must_change] {
    chosen.secret = *input ? SecretFrom::input : SecretFrom::prompt;
    chosen.prompt = "new password for " + *account;
    chosen.in_house = [account, must_change](const flow::House& house, Console& console) -> int {
      const Operator by = make_command_operator();
      const auto set = flow::set_password(house, by.actor, *account, {console.secret, *must_change}, by.facts);
      if (!set) return refuse(console, set.error());
      return report_change(console, "the password of " + *account + " was set");
    };
  });
}

using Change = base::Result<void> (*)(const flow::House&, const rights::Actor&, std::string_view,
                                      const flow::RequestFacts&);

void add_change(CLI::App& group, Command& chosen, const std::string& name, const std::string& about, Change change,
                const std::string& outcome) {
  auto& command = add_house_command(group, name, about, chosen);
  auto account = std::make_shared<std::string>();
  command.add_option("ACCOUNT", *account, "login, e-mail address or id")->required();
  give_examples(command, {"account " + name + " jan.nowak"});
  command.callback([&chosen, account, change, outcome] {
    chosen.in_house = [account, change, outcome](const flow::House& house, Console& console) -> int {
      const Operator by = make_command_operator();
      const auto changed = change(house, by.actor, *account, by.facts);
      if (!changed) return refuse(console, changed.error());
      return report_change(console, "account " + *account + " " + outcome);
    };
  });
}

int list_factors(const flow::House& house, Console& console, const std::string& account) {
  const Operator by = make_command_operator();
  const auto seen = flow::look_at_factors(house, by.actor, account, by.facts);
  if (!seen) return refuse(console, seen.error());
  ListPrinter printer(console, {"factor", "added", "last_used", "left"});
  for (const flow::SeenFactor& one : seen->held) {
    printer.add({{"factor", identity::name_of(one.kind)},
                 {"added", base::to_rfc3339(one.since)},
                 {"last_used", text_or_null(one.last_used_at)},
                 {"left", nullptr}});
  }
  if (seen->recovery_codes > 0) {
    printer.add({{"factor", identity::name_of(identity::FactorKind::recovery)},
                 {"added", nullptr},
                 {"last_used", nullptr},
                 {"left", seen->recovery_codes}});
  }
  return printer.finish();
}

void add_factors(CLI::App& group, Command& chosen) {
  auto& command =
      add_house_command(group, "factors", "list the second factors of an account, without their secrets", chosen);
  auto account = std::make_shared<std::string>();
  command.add_option("ACCOUNT", *account, "login, e-mail address or id")->required();
  add_header_option(command, chosen);
  give_examples(command, {"account factors jan.nowak", "account factors jan.nowak --json"});
  command.callback([&chosen, account] {
    chosen.in_house = [account](const flow::House& house, Console& console) {
      return list_factors(house, console, *account);
    };
  });
}

void add_app(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(
      group, "add-app", "give an account an authenticator app whose secret another system has made", chosen);
  auto account = std::make_shared<std::string>();
  auto input = std::make_shared<bool>(false);
  auto if_missing = std::make_shared<bool>(false);
  command.add_option("ACCOUNT", *account, "login, e-mail address or id")->required();
  command.add_flag("--secret-stdin", *input, "read the secret (base32) from the first line of standard input");
  command.add_flag("--if-missing", *if_missing, "do nothing if the account has an authenticator app already");
  refuse_secret_option(command, "--secret", "--secret-stdin");
  give_examples(command, {"account add-app jan.nowak", "account add-app jan.nowak --secret-stdin --if-missing"});
  command.callback([&chosen, account, input, if_missing] {
    chosen.secret = *input ? SecretFrom::input : SecretFrom::prompt;
    chosen.prompt = "secret of the app of " + *account;
    chosen.in_house = [account, if_missing](const flow::House& house, Console& console) -> int {
      const Operator by = make_command_operator();
      const auto added = flow::give_app(house, by.actor, {*account, console.secret, *if_missing}, by.facts);
      if (!added) return refuse(console, added.error());
      return report_change(
          console,
          "account " + *account + (*added ? " has a new authenticator app" : " has an authenticator app already"),
          *added);
    };
  });
}

void add_free(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(
      group, "free", "take an identifier from an account that has it wrongly, so that its owner can be registered",
      chosen);
  auto account = std::make_shared<std::string>();
  auto wish = std::make_shared<flow::FreeWish>();
  command.add_option("ACCOUNT", *account, "login, e-mail address or id")->required();
  command.add_option("TYPE", wish->type, "login, email, phone, epuap_account or epuap_profile")->required();
  command.add_option("--new-login", wish->new_login, "login in place of the one that is taken away");
  give_examples(command, {"account free jan.nowak email", "account free jan.nowak login --new-login jan.nowak2"});
  command.callback([&chosen, account, wish] {
    chosen.in_house = [account, wish](const flow::House& house, Console& console) -> int {
      const Operator by = make_command_operator();
      const auto freed = flow::free_identifier(house, by.actor, *account, *wish, by.facts);
      if (!freed) return refuse(console, freed.error());
      return report_change(console, "the " + wish->type + " of account " + *account + " is free");
    };
  });
}

}  // namespace

void add_account_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "account", "accounts");
  add_create(group, chosen);
  add_list(group, chosen);
  add_set_password(group, chosen);
  add_change(group, chosen, "suspend", "suspend an account; its sessions and tokens end at once", flow::suspend_account,
             "is suspended");
  add_change(group, chosen, "restore", "restore a suspended account", flow::restore_account, "is active");
  add_change(group, chosen, "invite", "send the invitation of an account again, with a new link", flow::start_reset_for,
             "gets a link");
  add_change(group, chosen, "reset", "send a link for a new password to the person of an account",
             flow::start_reset_for, "gets a link");
  add_change(group, chosen, "unlock", "end a lockout after failed logins", flow::unlock_account, "is unlocked");
  add_factors(group, chosen);
  add_app(group, chosen);
  add_change(group, chosen, "reset-factors",
             "remove all second factors and known devices of an account whose person has lost them",
             flow::reset_factors, "has no second factor any more");
  add_account_changes(group, chosen);
  add_account_contexts(group, chosen);
  add_change(group, chosen, "set-main", "make an account a main account, which may have sub accounts",
             flow::appoint_main_account, "is a main account");
  add_change(group, chosen, "unset-main", "an account is no main account any more; it must have no sub accounts",
             flow::dismiss_main_account, "is no main account");
  add_free(group, chosen);
  add_account_sessions(group, chosen);
  add_account_bulk(group, chosen);
}

}  // namespace app
