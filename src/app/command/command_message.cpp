// mail test, sms test: one message to one address, directly to the configured server, without the outbox, because the
// operator wants to see the answer of the server.
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/config/config_rules.hpp"
#include "app/config/load_config.hpp"
#include "app/house/master_key_file.hpp"
#include "base/time.hpp"
#include "flow/house/brand.hpp"
#include "flow/message/deliver_message.hpp"
#include "identity/identifier/email_address.hpp"
#include "identity/identifier/phone_number.hpp"
#include "store/engine/store.hpp"
#include "store/tenant/tenants.hpp"

namespace app {
namespace {

int report(const courier::Delivery& delivery, const std::string& to) {
  if (delivery.kind == courier::Delivery::Kind::delivered) {
    std::fprintf(stdout, "the message to %s was taken\n", to.c_str());
    return done;
  }
  std::fprintf(stderr, "chancery: the message to %s was not taken: %s\n", to.c_str(), delivery.reason.c_str());
  return refused;
}

int complain(const std::string& sentence) {
  std::fprintf(stderr, "chancery: %s\n", sentence.c_str());
  return refused;
}

base::Result<std::string> read_name(const Config& config) {
  ASSIGN_OR_RETURN(auto master, find_master_key(config, false));
  store::Options options = config.store;
  options.read_only = true;  // beside a running server
  ASSIGN_OR_RETURN(const auto database, store::Store::open(std::move(options), std::move(master)));
  ASSIGN_OR_RETURN(const store::Tenant tenant,
                   database->read([](store::Tx& tx) { return store::find_first_tenant(tx); }));
  return flow::name_for_people(tenant);
}

/// The name is that of every other message. The test works without the database as well, and then says so.
flow::Site site_of(const Config& config) {
  auto name = read_name(config);
  if (!name) {
    std::fprintf(stderr, "chancery: the name of the installation cannot be read, so that the message names %s: %s\n",
                 flow::product_name.data(), name.error().reason.c_str());
  }
  return {name ? std::move(*name) : std::string(flow::product_name), config.settings.site.issuer};
}

int test_mail(const std::string& config_file, const std::string& typed) {
  const auto config = load_config(config_file);
  if (!config) return refused;
  const auto address = identity::parse_email_address(typed);
  if (!address) return complain("--to is not an e-mail address");
  if (config->mail.server.host.empty()) return complain("mail.host is not configured");
  const auto client = remote::SmtpClient::make(smtp_options(*config));
  if (!client) return complain(client.error().reason);
  const flow::MessageItem item =
      flow::make_test_message(address->for_delivery(), true, site_of(*config), config->settings.site.language);
  const base::Time now = base::now();
  return report(flow::send_message_by_mail(*client, config->mail.sender, item, base::Id::make(now).to_string(), now),
                item.to);
}

int test_sms(const std::string& config_file, const std::string& typed) {
  const auto config = load_config(config_file);
  if (!config) return refused;
  const auto number = identity::parse_phone_number(typed);
  if (!number) return complain("--to is not a telephone number in international form");
  if (config->sms.url.empty()) return complain("sms.url is not configured");
  remote::HttpOptions options;
  options.loopback_http = config->loopback_http;
  options.allowed_networks = config->sms_networks;
  options.ca_file = config->remote_ca_file;
  const auto client = remote::HttpClient::make(std::move(options));
  if (!client) return complain(client.error().reason);
  courier::Sms sms;
  sms.to = *number;
  sms.text = flow::make_test_message(*number, false, site_of(*config), config->settings.site.language).text;
  sms.reference = base::Id::make(base::now()).to_string();
  return report(courier::send_sms(*client, config->sms, sms).delivery, *number);
}

void add_test(CLI::App& root, Command& chosen, const std::string& group_name, const std::string& about,
              const std::string& to, int (*test)(const std::string& config_file, const std::string& to)) {
  auto& command = add_lone_command(add_command_group(root, group_name, about), "test",
                                   "send one test message and say what the server answers", chosen);
  auto typed = std::make_shared<std::string>();
  command.add_option("--to", *typed, to)->required();
  give_examples(command, {group_name + " test --to " + (group_name == "mail" ? "ada@clinic.example" : "+48600123456")});
  command.callback([&chosen, typed, test] {
    chosen.alone = [typed, test](const std::string& config_file) { return test(config_file, *typed); };
  });
}

}  // namespace

void add_message_commands(CLI::App& root, Command& chosen) {
  add_test(root, chosen, "mail", "mails", "e-mail address", test_mail);
  add_test(root, chosen, "sms", "short messages", "telephone number in international form, +48600123456", test_sms);
}

}  // namespace app
