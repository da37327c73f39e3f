// client set|enable|disable|delete|rotate-secret
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/help/object_names.hpp"
#include "flow/oauth/administer_clients.hpp"

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

/// An option that is left out leaves the value as it is.
template <class T>
void add_wish(CLI::App& command, const std::string& name, std::optional<T>& wish, const std::string& about) {
  command.add_option_function<T>(
      name, [&wish](const T& given) { wish = given; }, about);
}

void add_list_wish(CLI::App& command, const std::string& name, std::optional<std::vector<std::string>>& wish,
                   const std::string& about) {
  command.add_option_function<std::vector<std::string>>(
      name,
      [&wish](const std::vector<std::string>& given) {
        wish = given;
        std::erase(*wish, "");
      },
      about + ", repeatable; takes the place of all, \"\" for none");
}

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
      "--for-tenants-below,!--not-for-tenants-below",
      [wish](std::int64_t count) { wish->for_tenants_below = count > 0; },
      "whether people of the tenants below may log in to it too");
  command.add_flag_function(
      "--pkce,!--no-pkce", [wish](std::int64_t count) { wish->require_pkce = count > 0; },
      "whether PKCE is demanded; it is left out for confidential clients only");
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
