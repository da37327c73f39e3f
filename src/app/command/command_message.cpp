// mail test, sms test, sms send: one message to one address, directly to the configured server, without the outbox,
// because the operator wants to see the answer of the server.
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/config/config_rules.hpp"
#include "app/config/load_config.hpp"
#include "app/house/master_key_file.hpp"
#include "base/terminal.hpp"
#include "base/time.hpp"
#include "base/words.hpp"
#include "flow/house/brand.hpp"
#include "flow/message/administer_sms.hpp"
#include "flow/message/deliver_message.hpp"
#include "flow/message/send_by_hand.hpp"
#include "flow/message/sms_route.hpp"
#include "identity/identifier/email_address.hpp"
#include "identity/identifier/phone_number.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace app {
namespace {

int report(const courier::Delivery& delivery, const std::string& to) {
  if (delivery.kind == courier::Delivery::Kind::delivered) {
    base::print("the message to " + to + " was taken\n", stdout);
    return done;
  }
  base::print("chancery: the message to " + to + " was not taken: " + delivery.reason + "\n", stderr);
  return refused;
}

int complain(const std::string& sentence) {
  base::print("chancery: " + sentence + "\n", stderr);
  return refused;
}

/// What the test takes from the database, beside a running server.
struct Stored {
  std::string name;  // of the installation, as in every other message
  std::vector<store::SmsGatewayRow> gateways;
};
base::Result<Stored> read_stored(const Config& config) {
  ASSIGN_OR_RETURN(auto master, find_master_key(config, false));
  store::Options options = config.store;
  options.read_only = true;
  ASSIGN_OR_RETURN(const auto database, store::Store::open(std::move(options), std::move(master)));
  return database->read([](store::Tx& tx) -> base::Result<Stored> {
    Stored stored;
    ASSIGN_OR_RETURN(const store::Tenant tenant, store::find_first_tenant(tx));
    stored.name = flow::name_for_people(tenant);
    ASSIGN_OR_RETURN(stored.gateways, store::list_sms_gateways(tx));
    return stored;
  });
}

/// The test works without the database as well, and then says so.
Stored read_or_complain(const Config& config) {
  auto stored = read_stored(config);
  if (stored) return std::move(*stored);
  (void)complain("the database cannot be read, so that the message names " + std::string(flow::product_name) +
                 ", and what the page has set at the gateways is not used: " + stored.error().reason);
  return {std::string(flow::product_name), {}};
}

int test_mail(const std::string& config_file, const std::string& typed) {
  const auto config = load_config(config_file);
  if (!config) return refused;
  const auto address = identity::parse_email_address(typed);
  if (!address) return complain("--to is not an e-mail address");
  if (config->mail.server.host.empty()) return complain("mail.host is not configured");
  const auto client = remote::SmtpClient::make(smtp_options(*config));
  if (!client) return complain(client.error().reason);
  const flow::Site site{read_or_complain(*config).name, config->settings.site.issuer};
  const flow::MessageItem item =
      flow::make_test_message(address->for_delivery(), true, site, config->settings.site.language);
  const base::Time now = base::now();
  return report(flow::send_message_by_mail(*client, config->mail.sender, item, base::Id::make(now).to_string(), now),
                item.to);
}

int test_sms(const std::string& config_file, const std::string& typed) {
  const auto config = load_config(config_file);
  if (!config) return refused;
  const auto number = identity::parse_phone_number(typed);
  if (!number) return complain("--to is not a telephone number in international form");
  flow::SmsSettings settings = config->sms_route;
  settings.gateways = list_gateways(*config);
  if (settings.gateways.empty()) return complain("no gateway is configured: neither sms.url nor a [[gateway]]");
  auto client = remote::HttpClient::make(sms_options(*config));
  if (!client) return complain(client.error().reason);
  flow::SmsRoute route(std::move(*client), std::move(settings));
  const Stored stored = read_or_complain(*config);
  const base::Time now = base::now();
  const flow::Site site{stored.name, config->settings.site.issuer};
  courier::Sms sms;
  sms.to = *number;
  sms.text = flow::make_test_message(*number, false, site, config->settings.site.language).text;
  sms.reference = base::Id::make(now).to_string();
  const flow::SmsOutcome sent = route.send(sms, stored.gateways, now);
  if (!sent.gateway.empty()) base::print("gateway " + sent.gateway + ": ", stdout);
  return report(sent.delivery, *number);
}

void add_test(CLI::App& group, Command& chosen, const std::string& group_name, const std::string& to,
              int (*test)(const std::string& config_file, const std::string& to)) {
  auto& command = add_lone_command(group, "test", "send one test message and say what the server answers", chosen);
  auto typed = std::make_shared<std::string>();
  command.add_option("TO,--to", *typed, to)->required();
  give_examples(command, {group_name + " test --to " + (group_name == "mail" ? "ada@clinic.example" : "+48600123456")});
  command.callback([&chosen, typed, test] {
    chosen.alone = [typed, test](const std::string& config_file) { return test(config_file, *typed); };
  });
}

struct SmsOptions {
  std::string to;
  std::string text;
  std::string from;
  std::string gateway;
  bool flash = false;
  std::string binary;
  std::string udh;
  std::string service;
};

int send_sms(const flow::House& house, Console& console, const SmsOptions& options) {
  const Operator by = make_command_operator();
  courier::Sms sms;
  const auto number = identity::parse_phone_number(options.to);
  if (!number) return refuse(console, number.error());
  sms.to = *number;
  sms.from = options.from;
  sms.text = options.text;
  sms.data = options.binary;
  sms.udh = options.udh;
  sms.link = options.service;
  sms.kind = !options.binary.empty()    ? courier::SmsKind::binary
             : !options.service.empty() ? courier::SmsKind::service
             : options.flash            ? courier::SmsKind::flash
                                        : courier::SmsKind::text;
  const auto sent = flow::send_sms_by_hand(house, by.actor, {sms, options.gateway}, by.facts);
  if (!sent) return refuse(console, sent.error());
  if (!sent->is_taken()) return refuse(console, base::Error{base::Code::conflict, flow::explain(*sent)});
  return report_change(console, "the message to " + *number + " was taken by " + sent->gateway,
                       {{"gateway", sent->gateway}, {"id", sent->gateway_id}, {"parts", sent->parts}});
}

void add_send(CLI::App& group, Command& chosen) {
  auto& command =
      add_house_command(group, "send", "send one short message, without the outbox and without limits", chosen);
  auto options = std::make_shared<SmsOptions>();
  command.add_option("TO", options->to, "telephone number in international form, +48600123456")->required();
  auto* text = command.add_option("--text", options->text, "the text; of a service message its title");
  command.add_flag("--flash", options->flash, "shown at once and not kept by the phone")->needs(text);
  auto* binary = command.add_option("--binary", options->binary, "octets of a binary message, in hexadecimal digits");
  command.add_option("--udh", options->udh, "its user data header, in hexadecimal digits")->needs(binary);
  command.add_option("--service", options->service, "the link of a service message (WAP push)")->excludes(binary);
  command.add_option("--from", options->from, "the sender; without it that of the gateway");
  command.add_option("--gateway", options->gateway, "name of the gateway; without it they are tried in their order");
  give_examples(command, {"sms send +48600123456 --text \"The clinic is closed today.\"",
                          "sms send +48600123456 --text 482913 --flash",
                          "sms send +48600123456 --binary 480065 --udh 050003010201",
                          "sms send +48600123456 --service https://clinic.example/app --text \"The app\""});
  command.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return send_sms(house, console, *options);
    };
  });
}

struct TypedLimits {
  std::optional<std::int64_t> per_number;
  std::optional<std::int64_t> per_network;
  std::optional<std::int64_t> minutes;
  std::optional<std::int64_t> per_day;
};

int show_limits(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto look = flow::look_at_sms(house, by.actor, by.facts.now);
  if (!look) return refuse(console, look.error());
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(look->limits.window).count();
  boost::json::object object{{"per_number", look->limits.per_number},
                             {"per_network", look->limits.per_network},
                             {"window", minutes},
                             {"per_day", look->limits.per_day},
                             {"version", look->version}};
  for (const auto& [purpose, day] : look->today) {
    object["sent_today_" + std::string(flow::name_of(purpose))] = day.sent;
    object["refused_today_" + std::string(flow::name_of(purpose))] = day.refused;
  }
  return print_object(console, object);
}

/// The flow names the limits that are wrong.
base::Error explain(const base::Error& error) {
  if (error.code != base::Code::invalid_input) return error;
  std::string sentence;
  for (const std::string& limit : base::split_words(error.reason)) {
    sentence.append(sentence.empty() ? "" : ", ");
    if (limit == "window") sentence.append("--window is 1 to 60 minutes");
    if (limit == "per_day") sentence.append("--per-day is 0 (no limit) to " + std::to_string(identity::most_sms_a_day));
    if (limit != "per_number" && limit != "per_network") continue;
    sentence.append(limit == "per_number" ? "--per-number" : "--per-network")
        .append(" is 0 (no limit) to " + std::to_string(identity::most_in_sms_window));
  }
  return base::Error{error.code, std::move(sentence)};
}

int set_limits(const flow::House& house, Console& console, const TypedLimits& typed) {
  const Operator by = make_command_operator();
  const auto look = flow::look_at_sms(house, by.actor, by.facts.now);
  if (!look) return refuse(console, look.error());
  identity::SmsLimits limits = look->limits;
  if (typed.per_number) limits.per_number = *typed.per_number;
  if (typed.per_network) limits.per_network = *typed.per_network;
  if (typed.minutes) limits.window = std::chrono::minutes(*typed.minutes);
  if (typed.per_day) limits.per_day = *typed.per_day;
  const auto changed = flow::set_sms_limits(house, by.actor, limits, look->version, by.facts);
  if (!changed) return refuse(console, explain(changed.error()));
  return report_change(console, "the limits count from the next message on", !(limits == look->limits));
}

void add_limits(CLI::App& sms, Command& chosen) {
  CLI::App& group = add_command_group(sms, "limits", "how many short messages may leave; 0: no limit");
  auto& showing = add_house_command(group, "show", "the limits, and what was sent and refused today", chosen);
  give_examples(showing, {"sms limits show"});
  showing.callback([&chosen] { chosen.in_house = show_limits; });
  auto& setting = add_house_command(group, "set", "change limits; what is not named stays", chosen);
  auto typed = std::make_shared<TypedLimits>();
  setting.add_option("--per-number", typed->per_number, "messages to one number in the window");
  setting.add_option("--per-network", typed->per_network, "messages that one network causes in the window");
  setting.add_option("--window", typed->minutes, "minutes of the window, 1 to 60");
  setting.add_option("--per-day", typed->per_day, "messages of one purpose in a calendar day");
  give_examples(setting, {"sms limits set --per-number 5 --window 10", "sms limits set --per-day 0"});
  setting.callback([&chosen, typed] {
    chosen.in_house = [typed](const flow::House& house, Console& console) {
      return set_limits(house, console, *typed);
    };
  });
}

}  // namespace

void add_message_commands(CLI::App& root, Command& chosen) {
  add_test(add_command_group(root, "mail", "mails"), chosen, "mail", "e-mail address", test_mail);
  CLI::App& sms = add_command_group(root, "sms", "short messages");
  add_test(sms, chosen, "sms", "telephone number in international form, +48600123456", test_sms);
  add_send(sms, chosen);
  add_limits(sms, chosen);
}

}  // namespace app
