// credential create|import|take|request|certify|renew|activate|suspend|restore|revoke|delete|list|show|tokens|keys
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "base/bytes.hpp"
#include "crypto/certificate/issue.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/certify_credential.hpp"
#include "flow/signing/chain_text.hpp"
#include "flow/signing/make_credential.hpp"
#include "flow/signing/use_credential.hpp"

namespace app {
namespace {

namespace json = boost::json;

const Positional credential_positional{"CREDENTIAL", "id of a credential, as `credential list` shows it"};
constexpr const char* pin_help = "read the PIN from the first line of standard input";

json::value time_or_null(const std::optional<base::Time>& time) {
  return time ? json::value(base::to_rfc3339(*time)) : json::value(nullptr);
}

json::object json_of(const store::SigningCredential& row) {
  json::array algorithms;
  for (const auto algorithm : crypto::list_algorithms_of(row.spki)) algorithms.emplace_back(name_of(algorithm));
  return {{"id", row.id.to_string()},
          {"label", row.label},
          {"state", flow::state_of(row, base::now())},
          {"kind", row.account_id ? "personal" : "seal"},
          {"account", row.account_id ? json::value(row.account_id->to_string()) : json::value(nullptr)},
          {"tenant", row.tenant_id.to_string()},
          {"backend", row.backend},
          {"token", row.token},
          {"activation", row.activation},
          {"algorithms", std::move(algorithms)},
          {"subject", row.subject},
          {"issuer", row.issuer},
          {"sha256", row.sha256},
          {"not_before", time_or_null(row.not_before)},
          {"not_after", time_or_null(row.not_after)},
          {"uses", row.uses},
          {"last_used_at", time_or_null(row.last_used_at)},
          {"wrong_pins", row.wrong_pins},
          {"pins_wait_until", time_or_null(row.pins_wait_until)},
          {"created_at", base::to_rfc3339(row.created_at)}};
}

base::Result<base::Id> parse_id(const std::string& text) {
  auto id = base::Id::parse(text);
  if (id) return id;
  return base::fail(base::Code::not_found, "there is no credential " + text);
}

struct MakeOptions {
  std::string which;  // file, or token
  std::string account;
  bool is_seal = false;
  std::string tenant;
  std::string label;
  std::string activation = "pin";
  std::string key = "ec-p256";
  std::string token;
  std::string key_id;
  bool is_issued = false;
  bool has_input = false;
};

base::Result<flow::CredentialWish> read_wish(const MakeOptions& options, const base::Secret& secret) {
  flow::CredentialWish wish;
  wish.owner = {options.account, options.is_seal, options.tenant};
  wish.label = options.label;
  ASSIGN_OR_RETURN(wish.activation, flow::parse_activation(options.activation));
  ASSIGN_OR_RETURN(wish.kind, crypto::parse_soft_key_kind(options.key));
  wish.token = options.token;
  (wish.token.empty() ? wish.pin : wish.token_pin) = secret;
  wish.is_issued = options.is_issued;
  return wish;
}

int report_made(Console& console, const base::Result<store::SigningCredential>& made) {
  if (!made) return refuse(console, made.error());
  const std::string what = made->status == "requested"
                               ? " waits for its certificate: `chancery credential request` prints a request for it"
                               : " is ready: " + made->subject;
  return report_change(console, "credential " + made->id.to_string() + what, json_of(*made));
}

int create(const flow::House& house, Console& console, const MakeOptions& options) {
  const Operator by = make_command_operator();
  const auto wish = read_wish(options, console.secret);
  if (!wish) return refuse(console, wish.error());
  return report_made(console, flow::create_credential(house, by.actor, *wish, by.facts));
}

int import_file(const flow::House& house, Console& console, const MakeOptions& options) {
  const Operator by = make_command_operator();
  const auto wish = read_wish(options, console.secret);
  if (!wish) return refuse(console, wish.error());
  const auto turn = flow::ImportTurn::take(by.actor, by.facts.now);
  if (!turn) {
    return refuse(console,
                  {base::Code::unavailable, "another file with a key is being opened now; try again in a moment"});
  }
  return report_made(console,
                     flow::import_pkcs12(house, by.actor, *wish, {console.file, console.secret, *turn}, by.facts));
}

int take(const flow::House& house, Console& console, const MakeOptions& options) {
  const Operator by = make_command_operator();
  const auto wish = read_wish(options, console.secret);
  if (!wish) return refuse(console, wish.error());
  const auto key_id = base::parse_hex(options.key_id);
  if (!key_id) return refuse(console, {base::Code::invalid_input, "the id of a key is hexadecimal"});
  return report_made(console, flow::take_from_token(house, by.actor, *wish, *key_id, by.facts));
}

struct RequestOptions {
  std::string which;
  crypto::RequestSubject subject;
  bool has_input = false;
};

std::string pem_of_request(base::BytesView der) {
  constexpr std::size_t width = 64;
  const std::string text = base::to_base64(der);
  std::string pem = "-----BEGIN CERTIFICATE REQUEST-----\n";
  for (std::size_t i = 0; i < text.size(); i += width) pem.append(text, i, width).push_back('\n');
  return pem + "-----END CERTIFICATE REQUEST-----\n";
}

int request(const flow::House& house, Console& console, const RequestOptions& options) {
  const Operator by = make_command_operator();
  const auto id = parse_id(options.which);
  if (!id) return refuse(console, id.error());
  const auto made = flow::request_certificate(house, by.actor, *id, {options.subject, console.secret}, by.facts);
  if (!made) return refuse(console, made.error());
  const std::string pem = pem_of_request(*made);
  if (console.form.json) return print_object(console, {{"request", pem}});
  console.out += pem;
  return done;
}

struct NamedOptions {
  std::string which;
  std::string file;
  std::string reason = "unspecified";
  bool has_input = false;
};

int certify(const flow::House& house, Console& console, const NamedOptions& options) {
  const Operator by = make_command_operator();
  const auto id = parse_id(options.which);
  if (!id) return refuse(console, id.error());
  return report_made(console, flow::import_certificate(house, by.actor, *id, console.file, by.facts));
}

int renew(const flow::House& house, Console& console, const NamedOptions& options) {
  const Operator by = make_command_operator();
  const auto id = parse_id(options.which);
  if (!id) return refuse(console, id.error());
  return report_made(console, flow::renew_credential(house, by.actor, *id, console.secret, by.facts));
}

int revoke(const flow::House& house, Console& console, const NamedOptions& options) {
  const Operator by = make_command_operator();
  const auto id = parse_id(options.which);
  if (!id) return refuse(console, id.error());
  const auto reason = crypto::parse_revocation_reason(options.reason);
  if (!reason) return refuse(console, reason.error());
  const auto revoked = flow::revoke_credential(house, by.actor, *id, *reason, by.facts);
  if (!revoked) return refuse(console, revoked.error());
  return report_change(console, "credential " + options.which + " is revoked, and its key is destroyed");
}

using Change = base::Result<void> (*)(const flow::House&, const rights::Actor&, const base::Id&,
                                      const flow::RequestFacts&);
template <Change change>
int change_credential(const flow::House& house, Console& console, const std::string& which) {
  const Operator by = make_command_operator();
  const auto id = parse_id(which);
  if (!id) return refuse(console, id.error());
  const auto changed = change(house, by.actor, *id, by.facts);
  if (!changed) return refuse(console, changed.error());
  constexpr std::string_view what = change == flow::suspend_credential   ? " is suspended"
                                    : change == flow::restore_credential ? " counts again"
                                                                         : " is deleted; what was signed stays valid";
  return report_change(console, "credential " + which + std::string(what));
}

struct ListOptions {
  std::string tenant;
  std::string account;
};

struct ActivateOptions {
  std::string which;
  std::int64_t hours = 12;
  bool has_input = false;
};

int activate(const flow::House& house, Console& console, const ActivateOptions& options) {
  const Operator by = make_command_operator();
  const auto id = parse_id(options.which);
  if (!id) return refuse(console, id.error());
  const auto lasts = std::chrono::hours(options.hours);
  const auto activated = flow::activate_credential(house, by.actor, {*id, console.secret, lasts}, by.facts);
  if (!activated) return refuse(console, activated.error());
  return report_change(
      console, "credential " + options.which +
                   (options.hours == 0 ? " is not activated any more"
                                       : " signs without its PIN until " + base::to_rfc3339(by.facts.now + lasts)));
}

int list(const flow::House& house, Console& console, const ListOptions& options) {
  const Operator by = make_command_operator();
  const auto rows = flow::list_credentials(house, by.actor, options.tenant, options.account, by.facts.now);
  if (!rows) return refuse(console, rows.error());
  ListPrinter printer(console, {"id", "kind", "state", "backend", "not_after", "uses", "label"});
  for (const store::SigningCredential& row : *rows) printer.add(json_of(row));
  return printer.finish();
}

int show(const flow::House& house, Console& console, const std::string& which) {
  const Operator by = make_command_operator();
  const auto id = parse_id(which);
  if (!id) return refuse(console, id.error());
  const auto row = flow::find_credential(house, by.actor, *id, by.facts.now);
  if (!row) return refuse(console, row.error());
  json::object shown = json_of(*row);
  std::string chain = row->certificate.empty() ? "" : crypto::to_pem(row->certificate);
  for (const base::Bytes& der : flow::split_chain(row->chain)) chain += crypto::to_pem(der);
  shown["certificates"] = chain;
  return print_object(console, shown);
}

int list_tokens(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto tokens = flow::look_at_tokens(house, by.actor);
  if (!tokens) return refuse(console, tokens.error());
  ListPrinter printer(console, {"name", "present", "pin", "label", "serial", "failure"});
  for (const flow::TokenShown& one : *tokens) {
    printer.add({{"name", one.name},
                 {"present", one.state.is_present},
                 {"pin", one.state.is_present ? name_of(one.state.pin) : std::string_view()},
                 {"needs_pin", one.state.needs_pin},
                 {"label", one.state.label},
                 {"serial", one.state.serial},
                 {"model", one.state.model},
                 {"manufacturer", one.state.manufacturer},
                 {"times_lost", one.state.times_lost},
                 {"failure", one.state.failure}});
  }
  return printer.finish();
}

int list_keys(const flow::House& house, Console& console, const std::string& which) {
  const Operator by = make_command_operator();
  const auto keys = flow::list_token_keys(house, by.actor, which, console.secret);
  if (!keys) return refuse(console, keys.error());
  ListPrinter printer(console, {"id", "label", "private", "algorithm", "sha256"});
  for (const token::Key& key : *keys) {
    const auto algorithms = crypto::list_algorithms_of(key.public_key);
    printer.add(
        {{"id", base::to_hex(key.id)},
         {"label", key.label},
         {"private", key.is_private_seen},
         {"algorithm", algorithms.empty() ? std::string_view() : name_of(algorithms.front())},
         {"asks_each_time", key.asks_each_time},
         {"sha256",
          key.certificate.empty() ? "" : base::to_hex(crypto::digest(crypto::DigestKind::sha256, key.certificate))},
         {"certificate", key.certificate.empty() ? "" : crypto::to_pem(key.certificate)}});
  }
  return printer.finish();
}

void add_owner_options(CLI::App& command, MakeOptions& options) {
  command.add_option("--account", options.account, "login or id of the person or system whose it is");
  command.add_flag("--seal", options.is_seal, "a seal of the organisation instead");
  command.add_option("--tenant", options.tenant, "key or id of the organisation of a seal; without it the first one");
  command.add_option("--label", options.label, "how people recognise it")->required();
  command
      .add_option("--activation", options.activation,
                  "what unlocks the key: pin, password, second_factor, or none for seals of services")
      ->capture_default_str();
}

void add_making(CLI::App& group, Command& chosen) {
  auto& creating = add_house_command(group, "create", "make a key that signs documents, here or on a token", chosen);
  auto made = std::make_shared<MakeOptions>();
  add_owner_options(creating, *made);
  creating
      .add_option("--key", made->key,
                  "ec-p256, ec-p384, ec-p521, brainpool-p256r1, brainpool-p384r1, rsa-2048, rsa-3072 or rsa-4096")
      ->capture_default_str();
  creating.add_option("--token", made->token, "name of the token on which the key is made; without it in software");
  creating.add_flag("--issue", made->is_issued, "let the own authority certify it at once");
  creating.add_flag("--pin-stdin", made->has_input, "read its PIN, or that of the token, from standard input");
  refuse_secret_option(creating, "--pin", "--pin-stdin");
  give_examples(creating, {"credential create --account anna.kowalska --label \"Anna, signature\" --issue --pin-stdin",
                           "credential create --seal --label \"Seal of the clinic\" --activation none --issue"});
  creating.callback([&chosen, made] {
    chosen.secret = made->has_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [made](const flow::House& house, Console& console) { return create(house, console, *made); };
  });
  auto& importing = add_house_command(group, "import", "take a key with its certificate from a PKCS#12 file", chosen);
  auto file = std::make_shared<MakeOptions>();
  importing.add_option("FILE,--file", file->which, "the file (.p12, .pfx)")->required();
  add_owner_options(importing, *file);
  importing.add_flag("--password-stdin", file->has_input,
                     "read the password of the file from standard input; with the activation pin it is the PIN too");
  refuse_secret_option(importing, "--password", "--password-stdin");
  give_examples(importing, {"credential import anna.p12 --account anna.kowalska --label \"Anna, card of 2026\" "
                            "--password-stdin"});
  importing.callback([&chosen, file] {
    chosen.file = file->which;
    chosen.secret = file->has_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [file](const flow::House& house, Console& console) { return import_file(house, console, *file); };
  });
  auto& taking = add_house_command(group, "take", "use a key that is on a token with its certificate", chosen);
  auto from = std::make_shared<MakeOptions>();
  taking.add_option("TOKEN,--token", from->token, "name of the token, as `credential tokens` shows it")->required();
  add_owner_options(taking, *from);
  taking.add_option("--key-id", from->key_id, "id of the key, hexadecimal; without it the only one with a certificate");
  taking.add_flag("--pin-stdin", from->has_input, pin_help);
  refuse_secret_option(taking, "--pin", "--pin-stdin");
  give_examples(taking, {"credential take hba-anna --account anna.kowalska --label \"Anna, HBA\" --pin-stdin"});
  taking.callback([&chosen, from] {
    chosen.secret = from->has_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [from](const flow::House& house, Console& console) { return take(house, console, *from); };
  });
}

void add_certifying(CLI::App& group, Command& chosen) {
  auto& requesting = add_house_command(group, "request", "print a request for a certificate (PKCS#10, PEM)", chosen);
  auto wanted = std::make_shared<RequestOptions>();
  requesting.add_option("CREDENTIAL,--credential", wanted->which, credential_positional.about)->required();
  requesting.add_option("--name", wanted->subject.common_name, "common name; without it the names of the owner");
  requesting.add_option("--given-name", wanted->subject.given_name, "given names of a person");
  requesting.add_option("--family-name", wanted->subject.family_name, "family name of a person");
  requesting.add_option("--organization", wanted->subject.organization, "organisation");
  requesting.add_option("--serial-number", wanted->subject.serial_number, "serial number of the subject: PNOPL-…");
  requesting.add_option("--country", wanted->subject.country, "two letters: PL");
  requesting.add_flag("--pin-stdin", wanted->has_input, pin_help);
  give_examples(requesting, {"credential request 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55 --country PL"});
  requesting.callback([&chosen, wanted] {
    chosen.secret = wanted->has_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [wanted](const flow::House& house, Console& console) { return request(house, console, *wanted); };
  });
  auto& certifying = add_house_command(group, "certify", "import the certificate that answers a request", chosen);
  auto answer = std::make_shared<NamedOptions>();
  certifying.add_option("CREDENTIAL,--credential", answer->which, credential_positional.about)->required();
  certifying.add_option("--file", answer->file, "certificate and chain, PEM or DER")->required();
  give_examples(certifying, {"credential certify 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55 --file anna.pem"});
  certifying.callback([&chosen, answer] {
    chosen.file = answer->file;
    chosen.in_house = [answer](const flow::House& house, Console& console) { return certify(house, console, *answer); };
  });
  auto& renewing =
      add_house_command(group, "renew", "a new certificate by the own authority; the old one counts on", chosen);
  auto which = std::make_shared<NamedOptions>();
  renewing.add_option("CREDENTIAL,--credential", which->which, credential_positional.about)->required();
  renewing.add_flag("--pin-stdin", which->has_input, pin_help);
  give_examples(renewing, {"credential renew 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55"});
  renewing.callback([&chosen, which] {
    chosen.secret = which->has_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [which](const flow::House& house, Console& console) { return renew(house, console, *which); };
  });
}

void add_changing(CLI::App& group, Command& chosen) {
  auto& suspending = add_house_command(group, "suspend", "sign nothing with it until it is restored", chosen);
  give_examples(
      complete_with_name(suspending, credential_positional, chosen, change_credential<flow::suspend_credential>),
      {"credential suspend 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55"});
  auto& restoring = add_house_command(group, "restore", "let a suspended credential count again", chosen);
  give_examples(
      complete_with_name(restoring, credential_positional, chosen, change_credential<flow::restore_credential>),
      {"credential restore 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55"});
  auto& activating =
      add_house_command(group, "activate",
                        "give the running server the PIN of a seal for a time, for programs that sign with it", chosen);
  auto given = std::make_shared<ActivateOptions>();
  activating.add_option("CREDENTIAL,--credential", given->which, credential_positional.about)->required();
  activating.add_option("--hours", given->hours, "how long, at most 744; 0 ends it now")
      ->check(CLI::Range(0, 744))
      ->capture_default_str();
  activating.add_flag("--pin-stdin", given->has_input, pin_help);
  refuse_secret_option(activating, "--pin", "--pin-stdin");
  give_examples(activating, {"credential activate 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55 --hours 10 --pin-stdin"});
  activating.callback([&chosen, given] {
    chosen.secret = given->has_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.needs_server = true;
    chosen.in_house = [given](const flow::House& house, Console& console) { return activate(house, console, *given); };
  });
  auto& revoking =
      add_house_command(group, "revoke", "end it for ever, with its certificate of the own authority", chosen);
  auto options = std::make_shared<NamedOptions>();
  revoking.add_option("CREDENTIAL,--credential", options->which, credential_positional.about)->required();
  revoking
      .add_option("--reason", options->reason,
                  "key_compromise, affiliation_changed, superseded, cessation_of_operation, privilege_withdrawn or "
                  "unspecified")
      ->capture_default_str();
  give_examples(revoking, {"credential revoke 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55 --reason key_compromise"});
  revoking.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return revoke(house, console, *options);
    };
  });
  auto& deleting = add_house_command(group, "delete", "delete a credential with its key", chosen);
  give_examples(complete_with_name(deleting, credential_positional, chosen, change_credential<flow::delete_credential>),
                {"credential delete 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55"});
}

void add_looking(CLI::App& group, Command& chosen) {
  auto& listing = add_house_command(group, "list", "list credentials, the newest first", chosen);
  auto options = std::make_shared<ListOptions>();
  listing.add_option("--tenant", options->tenant, "key or id of the organisation; without it the first one");
  listing.add_option("--account", options->account, "login or id; only those of this account");
  add_header_option(listing, chosen);
  give_examples(listing, {"credential list", "credential list --account anna.kowalska --json"});
  listing.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) { return list(house, console, *options); };
  });
  auto& showing = add_house_command(group, "show", "show one credential with its certificates", chosen);
  give_examples(complete_with_name(showing, credential_positional, chosen, show),
                {"credential show 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55"});
  auto& tokens = add_house_command(group, "tokens", "list the tokens of the configuration and what they say", chosen);
  add_header_option(tokens, chosen);
  give_examples(tokens, {"credential tokens"});
  tokens.callback([&chosen] { chosen.in_house = list_tokens; });
  auto& keys = add_house_command(group, "keys", "list the keys and certificates on a token", chosen);
  auto which = std::make_shared<NamedOptions>();
  keys.add_option("TOKEN,--token", which->which, "name of the token")->required();
  keys.add_flag("--pin-stdin", which->has_input, "read the PIN from standard input: private keys are shown too");
  refuse_secret_option(keys, "--pin", "--pin-stdin");
  add_header_option(keys, chosen);
  give_examples(keys, {"credential keys hba-anna", "credential keys hba-anna --pin-stdin"});
  keys.callback([&chosen, which] {
    chosen.secret = which->has_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [which](const flow::House& house, Console& console) {
      return list_keys(house, console, which->which);
    };
  });
}

}  // namespace

void add_credential_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "credential", "keys and certificates that sign documents");
  add_making(group, chosen);
  add_certifying(group, chosen);
  add_changing(group, chosen);
  add_looking(group, chosen);
}

}  // namespace app
