// client set|enable|disable|delete|rotate-secret
#include <CLI/CLI.hpp>
#include <array>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/command/wish_options.hpp"
#include "app/help/object_names.hpp"
#include "flow/client/administer_clients.hpp"

namespace app {
namespace {

namespace json = boost::json;
constexpr std::int64_t most_hours_of_old_secret = 24 * 90;

int change(const flow::House& house, Console& console, const std::string& client_id, const flow::ClientWish& wish) {
  const Operator by = make_command_operator();
  const auto changed = flow::change_client(house, by.actor, client_id, wish, by.facts);
  if (!changed) return refuse_unknown(console, changed.error(), client_id, client_ids(house, by.actor));
  const auto now = flow::find_named_client(house, by.actor, client_id);
  if (now) warn(console, *now);
  return report_change(console, "client " + client_id + (*changed ? " was changed" : " is so already"), *changed);
}

struct TextOption {
  std::string_view name;
  std::string rights::Client::*value;
  std::string_view about;
};
constexpr std::array<TextOption, 6> text_options{{
    {"--jwks-uri", &rights::Client::jwks_uri, "where it publishes its public keys"},
    {"--sector-identifier-uri", &rights::Client::sector_identifier_uri, "where the sector of its identifiers is named"},
    {"--client-uri", &rights::Client::client_uri, "its home page, for the question of consent"},
    {"--policy-uri", &rights::Client::policy_uri, "its privacy policy"},
    {"--tos-uri", &rights::Client::tos_uri, "its terms of use"},
    {"--userinfo-alg", &rights::Client::userinfo_alg, "ES256 or RS256: its userinfo is a signed JWT, \"\" for JSON"},
}};
struct SwitchOption {
  std::string_view name;
  bool rights::Client::*value;
  std::string_view about;
};
constexpr std::array<SwitchOption, 5> switch_options{{
    {"--par,!--no-par", &rights::Client::require_par, "whether its requests must be pushed first (PAR)"},
    {"--opaque-tokens,!--jwt-tokens", &rights::Client::opaque_tokens,
     "whether nobody but this server can read its access tokens"},
    {"--pairwise,!--public-subjects", &rights::Client::is_pairwise,
     "whether people have an identifier of their own in its sector"},
    {"--id-token-context,!--no-id-token-context", &rights::Client::context_in_id_token,
     "whether ID tokens name the acting context and the kind of account"},
    {"--first-party,!--third-party", &rights::Client::is_first_party,
     "whether people are not asked for consent; public clients always ask"},
}};

void add_set(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "set", "change a client; what is not named stays", chosen);
  auto client_id = std::make_shared<std::string>();
  auto wish = std::make_shared<flow::ClientWish>();
  command.add_option("CLIENT_ID", *client_id, "client_id")->required();
  add_wish(command, "--name", wish->name, "name for people");
  add_wish(command, "--name-de", wish->name_de, "its German name, \"\" for none");
  add_wish(command, "--name-pl", wish->name_pl, "its Polish name, \"\" for none");
  add_wish(command, "--description", wish->description, "one sentence for the list of applications");
  add_list_wish(command, "--redirect-uri", wish->redirect_uris, "where answers may go");
  add_list_wish(command, "--post-logout-redirect-uri", wish->post_logout_redirect_uris, "where a logout may lead");
  add_wish(command, "--backchannel-logout-uri", wish->backchannel_logout_uri,
           "where the end of a session is told, \"\" for none");
  add_wish(command, "--launch-uri", wish->launch_uri, "address for the list of applications, \"\" for none");
  add_list_wish(command, "--scope", wish->scopes, "allowed scope");
  add_list_wish(command, "--resource", wish->resources,
                "identifier of a resource server that it may name; none: those whose scopes it has");
  add_list_wish(command, "--grant", wish->grants, "grant type");
  add_wish(command, "--level", wish->level, "least level of a login, 1 to 3");
  add_wish(command, "--id-token-alg", wish->id_token_alg, "ES256 or RS256");
  add_list_wish(command, "--id-token-claim", wish->id_token_claims, "personal claim of ID tokens besides name");
  add_wish(command, "--account", wish->account,
           "login or id of the account of kind client_system whose credentials these are, \"\" for none");
  command.add_flag_function(
      "--may-write-events,!--may-not-write-events", [wish](std::int64_t count) { wish->writes_events = count > 0; },
      "whether it may write its own events into the audit log");
  command.add_flag_function(
      "--may-send-messages,!--may-not-send-messages", [wish](std::int64_t count) { wish->sends_messages = count > 0; },
      "whether it may send short messages through the gateways of the installation");
  command.add_flag_function(
      "--for-tenants-below,!--not-for-tenants-below",
      [wish](std::int64_t count) { wish->for_tenants_below = count > 0; },
      "whether people of the tenants below may log in to it too");
  command.add_flag_function(
      "--pkce,!--no-pkce", [wish](std::int64_t count) { wish->require_pkce = count > 0; },
      "whether PKCE is demanded; it is left out for confidential clients only");
  add_wish(command, "--auth", wish->auth,
           "how it proves itself: client_secret, client_secret_basic, client_secret_post or private_key_jwt");
  add_wish(command, "--jwks", wish->jwks, "its public keys as a JWK set, \"\" for none");
  for (const TextOption& one : text_options) {
    command.add_option_function<std::string>(
        std::string(one.name),
        [wish, member = one.value](const std::string& given) { wish->texts.emplace_back(member, given); },
        std::string(one.about) + ", \"\" for none");
  }
  for (const SwitchOption& one : switch_options) {
    command.add_flag_function(
        std::string(one.name),
        [wish, member = one.value](std::int64_t count) { wish->switches.emplace_back(member, count > 0); },
        std::string(one.about));
  }
  command.add_flag_function(
      "--no-registration", [wish](std::int64_t) { wish->ends_registration = true; },
      "end the token with which it changes its own registration");
  give_examples(command, {"client set my-app --name \"My application\" --scope openid --scope profile",
                          "client set my-app --launch-uri \"\""});
  command.callback([&chosen, client_id, wish] {
    chosen.in_house = [client_id, wish](const flow::House& house, Console& console) {
      return change(house, console, *client_id, *wish);
    };
  });
}

void add_switch(CLI::App& group, Command& chosen, const std::string& name, const std::string& about, bool enabled) {
  auto& command = add_house_command(group, name, about, chosen);
  auto client_id = std::make_shared<std::string>();
  command.add_option("CLIENT_ID", *client_id, "client_id")->required();
  give_examples(command, {"client " + name + " my-app"});
  command.callback([&chosen, client_id, enabled] {
    chosen.in_house = [client_id, enabled](const flow::House& house, Console& console) {
      flow::ClientWish wish;
      wish.enabled = enabled;
      return change(house, console, *client_id, wish);
    };
  });
}

void add_delete(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "delete", "delete a client; nothing is issued for it any more", chosen);
  auto client_id = std::make_shared<std::string>();
  command.add_option("CLIENT_ID", *client_id, "client_id")->required();
  give_examples(command, {"client delete my-app"});
  command.callback([&chosen, client_id] {
    chosen.in_house = [client_id](const flow::House& house, Console& console) -> int {
      const Operator by = make_command_operator();
      const auto deleted = flow::delete_client(house, by.actor, *client_id, by.facts);
      if (!deleted) return refuse_unknown(console, deleted.error(), *client_id, client_ids(house, by.actor));
      return report_change(console, "client " + *client_id + " was deleted");
    };
  });
}

int rotate(const flow::House& house, Console& console, const std::string& client_id, std::int64_t hours) {
  const Operator by = make_command_operator();
  const bool is_given = !console.secret.empty();
  const auto secret =
      flow::rotate_client_secret(house, by.actor, client_id, {console.secret, std::chrono::hours(hours)}, by.facts);
  if (!secret) return refuse_unknown(console, secret.error(), client_id, client_ids(house, by.actor));
  std::string sentence = "client " + client_id + " has a new secret; the old one may be used ";
  sentence += hours == 0 ? "no longer" : "for " + std::to_string(hours) + " more hours";
  json::object object{{"client_id", client_id}, {"changed", true}, {"old_hours", hours}};
  if (!is_given) {
    object["client_secret"] = secret->reveal();
    sentence.append("\nsecret, shown this once: ").append(secret->reveal());
  }
  return report_change(console, sentence, object);
}

void add_rotate(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "rotate-secret", "give a client a new secret", chosen);
  auto client_id = std::make_shared<std::string>();
  auto hours = std::make_shared<std::int64_t>(24);
  auto is_input = std::make_shared<bool>(false);
  command.add_option("CLIENT_ID", *client_id, "client_id")->required();
  command.add_option("--old-hours", *hours, "for how many hours the old secret may still be used; 0: it ends at once")
      ->check(CLI::Range(std::int64_t{0}, most_hours_of_old_secret))
      ->capture_default_str();
  command.add_flag("--secret-stdin", *is_input,
                   "read the secret from the first line of standard input instead of making one");
  refuse_secret_option(command, "--secret", "--secret-stdin");
  give_examples(command, {"client rotate-secret my-app", "client rotate-secret my-app --old-hours 0"});
  command.callback([&chosen, client_id, hours, is_input] {
    chosen.secret = *is_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [client_id, hours](const flow::House& house, Console& console) {
      return rotate(house, console, *client_id, *hours);
    };
  });
}

void add_end_secret(CLI::App& group, Command& chosen) {
  auto& command = add_house_command(group, "end-secret", "end the secret before the newest one at once", chosen);
  auto client_id = std::make_shared<std::string>();
  command.add_option("CLIENT_ID", *client_id, "client_id")->required();
  give_examples(command, {"client end-secret my-app"});
  command.callback([&chosen, client_id] {
    chosen.in_house = [client_id](const flow::House& house, Console& console) -> int {
      const Operator by = make_command_operator();
      const auto ended = flow::end_old_secret(house, by.actor, *client_id, by.facts);
      if (!ended) return refuse_unknown(console, ended.error(), *client_id, client_ids(house, by.actor));
      return report_change(console, "client " + *client_id + " has one secret");
    };
  });
}

}  // namespace

void add_client_changes(CLI::App& group, Command& chosen) {
  add_set(group, chosen);
  add_switch(group, chosen, "enable", "let a client be used again", true);
  add_switch(group, chosen, "disable", "issue nothing for a client any more, until it is enabled", false);
  add_delete(group, chosen);
  add_rotate(group, chosen);
  add_end_secret(group, chosen);
}

}  // namespace app
