// system list|add|show|set-password, system certificate add|import|revoke|list, system settings show|set|confirm
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "base/bytes.hpp"
#include "flow/system/administer_systems.hpp"
#include "flow/system/connector_settings.hpp"
#include "flow/system/make_certificate.hpp"

namespace app {
namespace {

namespace json = boost::json;

const Positional system_positional{"SYSTEM", "id of the client system, in the case in which it was added"};

json::object json_of(const flow::SystemLook& look) {
  return {{"id", look.system.id},
          {"name", look.system.name},
          {"tenant", look.tenant},
          {"account", look.system.account_id.to_string()},
          {"status", look.is_active ? "active" : "suspended"},
          {"has_password", look.has_password},
          {"certificates", look.good_certificates},
          {"created_at", base::to_rfc3339(look.system.created_at)}};
}

template <class Certificate>
json::object json_of_certificate(const Certificate& one) {
  json::object object{{"sha256", one.sha256},
                      {"client_system", one.system_id},
                      {"subject", one.subject},
                      {"issuer", one.issuer},
                      {"serial", one.serial},
                      {"algorithm", one.algorithm},
                      {"not_before", base::to_rfc3339(one.not_before)},
                      {"not_after", base::to_rfc3339(one.not_after)},
                      {"origin", one.is_own ? "own" : "foreign"},
                      {"created_at", base::to_rfc3339(one.created_at)}};
  object["revoked_at"] = one.revoked_at ? json::value(base::to_rfc3339(*one.revoked_at)) : json::value(nullptr);
  object["reason"] = one.reason;
  return object;
}

int list(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto look = flow::look_at_systems(house, by.actor, by.facts.now);
  if (!look) return refuse(console, look.error());
  ListPrinter printer(console, {"id", "status", "certificates", "has_password", "tenant", "name"});
  for (const flow::SystemLook& one : look->systems) printer.add(json_of(one));
  return printer.finish();
}

int show(const flow::House& house, Console& console, const std::string& id) {
  const Operator by = make_command_operator();
  const auto look = flow::look_at_system(house, by.actor, id, by.facts.now);
  if (!look) return refuse(console, look.error());
  return print_object(console, json_of(*look));
}

int add(const flow::House& house, Console& console, const flow::NewSystem& wish) {
  const Operator by = make_command_operator();
  const auto added = flow::add_system(house, by.actor, wish, by.facts);
  if (!added && added.error().code == base::Code::invalid_input && added.error().reason == "id") {
    return refuse(console, {base::Code::invalid_input,
                            "the id has 1 to 64 characters, without quotes, slashes, colons and angle brackets"});
  }
  if (!added) return refuse(console, added.error());
  return report_change(console, "client system " + wish.id + " was added", {{"id", wish.id}, {"created", true}});
}

int set_password(const flow::House& house, Console& console, const std::string& id) {
  const Operator by = make_command_operator();
  const auto set = flow::set_system_password(house, by.actor, id, console.secret, by.facts);
  if (!set) return refuse(console, set.error());
  return report_change(console, "the password of client system " + id + " is set");
}

int list_certificates(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto look = flow::look_at_systems(house, by.actor, by.facts.now);
  if (!look) return refuse(console, look.error());
  ListPrinter printer(console, {"client_system", "sha256", "algorithm", "not_after", "revoked_at", "subject"});
  for (const auto& one : look->certificates) printer.add(json_of_certificate(one));
  return printer.finish();
}

struct IssueOptions {
  std::string id;
  std::string key = "rsa2048";
  bool old_software = false;
};

int issue(const flow::House& house, Console& console, const IssueOptions& options) {
  const Operator by = make_command_operator();
  const auto key = flow::find_system_key(options.key);
  if (!key) return refuse(console, {base::Code::invalid_input, "--key is rsa2048, ecc256 or rsa3072"});
  const auto made = flow::issue_system_certificate(house, by.actor, {options.id, *key, options.old_software}, by.facts);
  if (!made) return refuse(console, made.error());
  const std::string zip = base::to_base64(made->octets.reveal());
  if (console.form.json) {
    return print_object(console, {{"file", made->name}, {"sha256", made->sha256}, {"zip", zip}});
  }
  // Only the file, so that a pipe gets nothing else.
  console.out += zip + "\n";
  return done;
}

struct ImportOptions {
  std::string id;
  std::string file;
};

int import(const flow::House& house, Console& console, const std::string& id) {
  const Operator by = make_command_operator();
  const auto flaw = flow::import_system_certificate(house, by.actor, id, console.file, by.facts);
  if (!flaw) return refuse(console, flaw.error());
  if (*flaw != flow::CertificateFlaw::none) {
    return refuse(console,
                  {base::Code::invalid_input, "the certificate is not taken: " + std::string(flow::name_of(*flaw))});
  }
  return report_change(console, "the certificate was imported for client system " + id);
}

struct RevokeOptions {
  std::string sha256;
  std::string reason = "other";
};

int revoke(const flow::House& house, Console& console, const RevokeOptions& options) {
  const Operator by = make_command_operator();
  std::string sha256;
  for (const char c : options.sha256) {
    if (c != ':') sha256.push_back(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
  }
  const auto revoked = flow::revoke_system_certificate(house, by.actor, sha256, options.reason, by.facts);
  if (!revoked && revoked.error().code == base::Code::invalid_input) {
    return refuse(console, {base::Code::invalid_input, "--reason is lost, replaced, left, mistake or other"});
  }
  if (!revoked) return refuse(console, revoked.error());
  return report_change(console, "the certificate is revoked; the next request with it is refused");
}

json::object json_of(const flow::ConnectorDemands& demands) {
  return {{"tls_only", demands.tls_only},
          {"authentication_mandatory", demands.is_mandatory},
          {"mode", demands.mode},
          {"plain_directory", demands.plain_directory}};
}

int show_settings(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto look = flow::look_at_connector(house, by.actor, by.facts.now);
  if (!look) return refuse(console, look.error());
  json::object object = json_of(look->in_force);
  object["version"] = look->version;
  object["back_at"] = look->back_at ? json::value(base::to_rfc3339(*look->back_at)) : json::value(nullptr);
  return print_object(console, object, {{"back_at", "nothing waits for a confirmation"}});
}

struct SettingsOptions {
  std::string tls_only;
  std::string mandatory;
  std::string mode;
  std::string plain_directory;
  bool sure = false;
};

bool read_switch(const std::string& typed, bool& value) {
  if (typed.empty()) return true;
  value = typed == "on";
  return typed == "on" || typed == "off";
}

int set_settings(const flow::House& house, Console& console, const SettingsOptions& options) {
  const Operator by = make_command_operator();
  const auto look = flow::look_at_connector(house, by.actor, by.facts.now);
  if (!look) return refuse(console, look.error());
  flow::ConnectorWish wish{look->in_force, look->version, options.sure};
  const bool is_read = read_switch(options.tls_only, wish.demands.tls_only) &&
                       read_switch(options.mandatory, wish.demands.is_mandatory) &&
                       read_switch(options.plain_directory, wish.demands.plain_directory);
  if (!is_read) return refuse(console, {base::Code::invalid_input, "a switch is on or off"});
  if (!options.mode.empty()) wish.demands.mode = options.mode;
  const auto done_so = flow::apply_connector_settings(house, by.actor, wish, by.facts);
  if (!done_so && done_so.error().code == base::Code::invalid_input)
    return refuse(console, {base::Code::invalid_input, "--mode is certificate or password"});
  if (!done_so) return refuse(console, done_so.error());
  switch (done_so->applied) {
    case flow::Applied::nothing: return report_change(console, "nothing is different", false);
    case flow::Applied::locked_out: {
      std::string sentence = done_so->locked_out.is_everybody ? "nobody could connect any more" : "";
      for (const std::string& id : done_so->locked_out.systems)
        sentence.append(sentence.empty() ? "these client systems could not connect any more: " : ", ").append(id);
      return refuse(console, {base::Code::conflict, sentence + "; say --sure to set it all the same"});
    }
    case flow::Applied::opens:
      return refuse(console, {base::Code::conflict,
                              "programs could connect without TLS, and whoever listens could read everything; "
                              "say --sure to set it all the same"});
    case flow::Applied::provisional:
      return report_change(console, "the settings count for ten minutes; confirm them with `system settings confirm`");
    case flow::Applied::in_force: break;
  }
  return report_change(console, "the settings count from the next request on");
}

int confirm_settings(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto confirmed = flow::confirm_connector_settings(house, by.actor, {}, by.facts);
  if (!confirmed) return refuse(console, confirmed.error());
  return report_change(console, "the settings are confirmed");
}

void add_systems(CLI::App& group, Command& chosen) {
  give_examples(add_list_command(group, "list the client systems", chosen, list), {"system list"});
  auto& adding = add_house_command(group, "add", "add a client system", chosen);
  auto wish = std::make_shared<flow::NewSystem>();
  adding.add_option("SYSTEM,--id", wish->id, "its id, as the program will send it; the case counts")->required();
  adding.add_option("--name", wish->name, "name for people; without it the id");
  adding.add_option("--tenant", wish->tenant, "key or id of the tenant; without it the first one");
  give_examples(adding, {"system add Z1 --name \"Praxis Dr. Wolf\"", "system add Z1 --tenant clinic"});
  adding.callback([&chosen, wish] {
    chosen.in_house = [wish](const flow::House& house, Console& console) { return add(house, console, *wish); };
  });
  auto& showing = add_house_command(group, "show", "show a client system", chosen);
  give_examples(complete_with_name(showing, system_positional, chosen, show), {"system show Z1"});
  auto& setting = add_house_command(
      group, "set-password", "set the password for the mode user name and password; read from standard input", chosen);
  auto id = std::make_shared<std::string>();
  setting.add_option("SYSTEM,--id", *id, system_positional.about)->required();
  give_examples(setting, {"system set-password Z1"});
  setting.callback([&chosen, id] {
    chosen.secret = SecretFrom::input;
    chosen.in_house = [id](const flow::House& house, Console& console) { return set_password(house, console, *id); };
  });
}

void add_certificates(CLI::App& group, Command& chosen) {
  CLI::App& certificates = add_command_group(group, "certificate", "access certificates of client systems");
  give_examples(add_list_command(certificates, "list the certificates, the newest first", chosen, list_certificates),
                {"system certificate list"});
  auto& issuing =
      add_house_command(certificates, "add",
                        "make key and certificate: prints the ZIP file in base64, once: pipe it to base64 -d", chosen);
  auto options = std::make_shared<IssueOptions>();
  issuing.add_option("SYSTEM,--id", options->id, system_positional.about)->required();
  issuing.add_option("--key", options->key, "rsa2048, ecc256 or rsa3072")->capture_default_str();
  issuing.add_flag("--old-software", options->old_software, "PKCS#12 with 3DES, which protects less");
  give_examples(issuing, {"system certificate add Z1", "system certificate add Z1 --key ecc256"});
  issuing.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) { return issue(house, console, *options); };
  });
  auto& importing = add_house_command(certificates, "import", "register a certificate that others have made", chosen);
  auto from = std::make_shared<ImportOptions>();
  importing.add_option("SYSTEM,--id", from->id, system_positional.about)->required();
  importing.add_option("--file", from->file, "the certificate in PEM, without its private key")->required();
  give_examples(importing, {"system certificate import Z1 --file z1.pem"});
  importing.callback([&chosen, from] {
    chosen.file = from->file;
    chosen.in_house = [from](const flow::House& house, Console& console) { return import(house, console, from->id); };
  });
  auto& revoking = add_house_command(certificates, "revoke", "revoke a certificate for ever", chosen);
  auto which = std::make_shared<RevokeOptions>();
  revoking.add_option("SHA256,--sha256", which->sha256, "its fingerprint, with or without colons")->required();
  revoking.add_option("--reason", which->reason, "lost, replaced, left, mistake or other")->capture_default_str();
  give_examples(revoking, {"system certificate revoke 5f2a… --reason lost"});
  revoking.callback([&chosen, which] {
    chosen.in_house = [which](const flow::House& house, Console& console) { return revoke(house, console, *which); };
  });
}

void add_settings(CLI::App& group, Command& chosen) {
  CLI::App& settings = add_command_group(group, "settings", "what the connector demands of client systems");
  auto& showing = add_house_command(settings, "show", "show what counts now", chosen);
  give_examples(showing, {"system settings show"});
  showing.callback([&chosen] { chosen.in_house = show_settings; });
  auto& setting = add_house_command(settings, "set", "change what is named; the rest stays", chosen);
  auto options = std::make_shared<SettingsOptions>();
  setting.add_option("--tls-only", options->tls_only, "connections only over TLS: on or off");
  setting.add_option("--mandatory", options->mandatory, "authentication is mandatory: on or off");
  setting.add_option("--mode", options->mode, "certificate or password");
  setting.add_option("--plain-directory", options->plain_directory, "service directory also over HTTP: on or off");
  setting.add_flag("--sure", options->sure,
                   "also if it locks somebody out, then for ten minutes until it is confirmed; also without TLS");
  give_examples(setting,
                {"system settings set --mandatory on --mode certificate", "system settings set --plain-directory on"});
  setting.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return set_settings(house, console, *options);
    };
  });
  auto& confirming = add_house_command(settings, "confirm", "keep a change that counts for ten minutes", chosen);
  give_examples(confirming, {"system settings confirm"});
  confirming.callback([&chosen] { chosen.in_house = confirm_settings; });
}

}  // namespace

void add_system_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "system", "client systems of the connector");
  add_systems(group, chosen);
  add_certificates(group, chosen);
  add_settings(group, chosen);
}

}  // namespace app
