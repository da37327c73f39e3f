// authority create|list|show|unlock|rotate|issue-server|renew-servers|issue|certificates|revoke|crl|export,
// authority trust add|list|remove
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "base/bytes.hpp"
#include "base/ip_address.hpp"
#include "crypto/certificate/issue.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/authority_token.hpp"
#include "flow/certificate/publish_lists.hpp"
#include "flow/certificate/renew_server.hpp"
#include "flow/certificate/revoke_certificate.hpp"
#include "flow/certificate/trust_anchors.hpp"

namespace app {
namespace {

namespace json = boost::json;

const Positional authority_positional{"AUTHORITY", "id of an issuing authority, as `authority list` shows it"};

json::value time_or_null(const std::optional<base::Time>& time) {
  return time ? json::value(base::to_rfc3339(*time)) : json::value(nullptr);
}

json::object json_of(const store::AuthorityRow& row) {
  return {{"id", row.id.to_string()},
          {"kind", row.kind},
          {"state", row.state},
          {"key", row.key_kind},
          {"subject", row.subject},
          {"sha256", row.sha256},
          {"not_before", base::to_rfc3339(row.not_before)},
          {"not_after", base::to_rfc3339(row.not_after)},
          {"crl_number", row.number},
          {"tenant", row.tenant_id ? json::value(row.tenant_id->to_string()) : json::value(nullptr)},
          {"root", row.parent_id ? json::value(row.parent_id->to_string()) : json::value(nullptr)},
          {"revoked_at", time_or_null(row.revoked_at)}};
}

json::object json_of(const store::IssuedRow& row) {
  return {{"sha256", row.sha256},
          {"serial", row.serial},
          {"profile", row.profile},
          {"subject", row.subject},
          {"client_system", row.client_system},
          {"authority", row.authority_id.to_string()},
          {"issued_at", base::to_rfc3339(row.issued_at)},
          {"not_after", base::to_rfc3339(row.not_after)},
          {"revoked_at", time_or_null(row.revoked_at)},
          {"reason", row.reason}};
}

json::object json_of(const flow::ListedAnchor& listed) {
  const store::TrustAnchor& one = listed.anchor;
  return {{"id", one.id.to_string()},
          {"purpose", one.purpose},
          {"subject", one.subject},
          {"sha256", one.sha256},
          {"not_after", base::to_rfc3339(one.not_after)},
          {"asks", one.asks},
          {"url", one.url},
          {"unreachable", one.unreachable},
          {"amr", one.amr},
          {"matching", one.matching},
          {"tenant", one.tenant_id ? json::value(one.tenant_id->to_string()) : json::value(nullptr)},
          {"next_update", time_or_null(listed.next_update)},
          {"failure", listed.failure}};
}

struct CreateOptions {
  std::string tenant;
  std::string name;
  std::string key = "ec-p256";
  std::string token;
  bool has_input = false;
};

int create(const flow::House& house, Console& console, const CreateOptions& options) {
  const Operator by = make_command_operator();
  const auto key = crypto::parse_key_kind(options.key);
  if (!key) return refuse(console, key.error());
  flow::AuthorityWish wish{options.tenant, options.name, *key};
  wish.token = options.token;
  if (options.has_input) wish.token_pin = base::Secret(console.secret);
  const auto made = flow::create_authority(house, by.actor, wish, by.facts);
  if (!made) return refuse(console, made.error());
  // The server publishes by itself; without one the lists would be missing until it starts.
  if (const auto done = flow::publish_changed_lists(house, by.facts.now); !done) return refuse(console, done.error());
  return report_change(console, "authority " + made->id.to_string() + " was made: " + made->subject, json_of(*made));
}

int list(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto rows = flow::list_authorities_for(house, by.actor);
  if (!rows) return refuse(console, rows.error());
  ListPrinter printer(console, {"id", "kind", "state", "key", "not_after", "subject"});
  for (const store::AuthorityRow& row : *rows) printer.add(json_of(row));
  return printer.finish();
}

base::Result<base::Id> parse_id(const std::string& text) {
  auto id = base::Id::parse(text);
  if (id) return id;
  return base::fail(base::Code::not_found, "there is no authority " + text);
}

int show(const flow::House& house, Console& console, const std::string& which) {
  const Operator by = make_command_operator();
  const auto id = parse_id(which);
  if (!id) return refuse(console, id.error());
  const auto row = flow::find_authority_for(house, by.actor, *id);
  if (!row) return refuse(console, row.error());
  const auto token = flow::find_authority_token(house, by.actor, *id);
  if (!token) return refuse(console, token.error());
  json::object shown = json_of(*row);
  shown["token"] = token->empty() ? json::value(nullptr) : json::value(*token);
  return print_object(console, shown);
}

struct UnlockOptions {
  std::string token;
  bool ends = false;
  bool has_input = false;
};

int unlock(const flow::House& house, Console& console, const UnlockOptions& options) {
  const Operator by = make_command_operator();
  const base::Secret pin = options.ends ? base::Secret() : base::Secret(console.secret);
  if (!options.ends && pin.empty()) {
    return refuse(console, {base::Code::invalid_input, "give --pin-stdin, or --end"});
  }
  const auto unlocked = flow::unlock_authority_token(house, by.actor, options.token, pin, by.facts);
  if (!unlocked) return refuse(console, unlocked.error());
  if (options.ends) return report_change(console, "the PIN of the token " + options.token + " is forgotten");
  return report_change(console,
                       "the token " + options.token + " signs for the authorities on it until this server stops");
}

int rotate(const flow::House& house, Console& console, const std::string& which) {
  const Operator by = make_command_operator();
  const auto id = parse_id(which);
  if (!id) return refuse(console, id.error());
  const auto next = flow::rotate_authority(house, by.actor, *id, by.facts);
  if (!next) return refuse(console, next.error());
  if (const auto done = flow::publish_changed_lists(house, by.facts.now); !done) return refuse(console, done.error());
  return report_change(
      console, "authority " + next->id.to_string() + " issues from now on; what the one before has issued counts",
      json_of(*next));
}

struct IssueOptions {
  std::vector<std::string> names;
  std::string profile = "person_login";
  std::string name;
  std::string account;
  std::string tenant;
  std::string key = "ec-p256";
  std::string file;
  std::int64_t days = 0;
};

int print_issued(Console& console, const flow::CommandCertificate& made) {
  std::string chain;
  for (const base::Bytes& der : made.issued.chain) chain += crypto::to_pem(der);
  // The root is what others trust; a server does not send it.
  std::string sent = crypto::to_pem(made.issued.der) + crypto::to_pem(made.issued.chain.front());
  std::string key;
  if (made.key) {
    const auto pem = made.key->to_pem();
    if (!pem) return refuse(console, pem.error());
    key = pem->reveal();
  }
  if (console.form.json) {
    return print_object(console, {{"sha256", made.issued.sha256},
                                  {"serial", made.issued.serial},
                                  {"not_after", base::to_rfc3339(made.issued.not_after)},
                                  {"certificate", sent},
                                  {"key", key},
                                  {"chain", chain}});
  }
  console.out += key + sent;
  return done;
}

base::Result<flow::CommandWish> read_wish(const IssueOptions& options, const std::string& request) {
  flow::CommandWish wish;
  ASSIGN_OR_RETURN(wish.profile, authority::parse_profile(options.profile));
  ASSIGN_OR_RETURN(wish.key, crypto::parse_key_kind(options.key));
  wish.tenant = options.tenant;
  wish.account = options.account;
  wish.common_name = options.name;
  wish.request = request;
  wish.validity = std::chrono::hours(24) * options.days;
  return wish;
}

int issue(const flow::House& house, Console& console, const IssueOptions& options) {
  const Operator by = make_command_operator();
  const auto wish = read_wish(options, console.file);
  if (!wish) return refuse(console, wish.error());
  const auto made = flow::issue_by_command(house, by.actor, *wish, by.facts);
  return made ? print_issued(console, *made) : refuse(console, made.error());
}

int issue_server(const flow::House& house, Console& console, const IssueOptions& options) {
  const Operator by = make_command_operator();
  auto wish = read_wish(options, console.file);
  if (!wish) return refuse(console, wish.error());
  wish->profile = authority::Profile::tls_server;
  for (const std::string& name : options.names) {
    (base::IpAddress::parse(name) ? wish->ip_addresses : wish->dns_names).push_back(name);
  }
  wish->common_name = options.names.front().substr(0, 64);
  const auto made = flow::issue_by_command(house, by.actor, *wish, by.facts);
  return made ? print_issued(console, *made) : refuse(console, made.error());
}

int renew_servers(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto asked = flow::ask_server_renewal(house, by.actor, by.facts);
  if (!asked) return refuse(console, asked.error());
  return report_change(console,
                       "every running node renews the certificates of its listeners that were issued here, within "
                       "seconds; its log names each");
}

int list_issued(const flow::House& house, Console& console, const std::string& tenant) {
  const Operator by = make_command_operator();
  const auto rows = flow::list_issued_for(house, by.actor, tenant);
  if (!rows) return refuse(console, rows.error());
  ListPrinter printer(console, {"sha256", "profile", "not_after", "revoked_at", "subject"});
  for (const store::IssuedRow& row : *rows) printer.add(json_of(row));
  return printer.finish();
}

struct RevokeOptions {
  std::string which;
  std::string reason = "unspecified";
};

/// Of the certificate of a listener, whose file the server renews by itself (flow/certificate/renew_server.hpp).
std::string say_what_follows(const flow::House& house, const rights::Actor& by, const std::string& named,
                             crypto::RevocationReason reason) {
  const auto row = flow::find_issued_for(house, by, named);
  if (!row || row->profile != authority::name_of(authority::Profile::tls_server)) return {};
  if (reason == crypto::RevocationReason::key_compromise) {
    return "; a listener that uses it needs a new key and certificate: chancery authority issue-server";
  }
  return "; a listener that uses it gets a new certificate for the same key within seconds";
}

int revoke(const flow::House& house, Console& console, const RevokeOptions& options) {
  const Operator by = make_command_operator();
  const auto reason = crypto::parse_revocation_reason(options.reason);
  if (!reason) return refuse(console, reason.error());
  if (const auto id = base::Id::parse(options.which)) {
    const auto next = flow::revoke_authority(house, by.actor, *id, *reason, by.facts);
    if (!next) return refuse(console, next.error());
    if (const auto done = flow::publish_changed_lists(house, by.facts.now); !done) return refuse(console, done.error());
    return report_change(console, "authority " + options.which + " is revoked, and nothing that it has issued counts");
  }
  std::string named = options.which;
  std::erase(named, ':');
  for (char& c : named) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  const auto revoked = flow::revoke_named_certificate(house, by.actor, named, *reason, by.facts);
  if (!revoked) return refuse(console, revoked.error());
  if (const auto done = flow::publish_changed_lists(house, by.facts.now); !done) return refuse(console, done.error());
  return report_change(console,
                       "certificate " + named + (*revoked ? " is revoked" : " was revoked already") +
                           say_what_follows(house, by.actor, named, *reason),
                       *revoked);
}

struct ListOptions {
  std::string which;
  bool delta = false;
};

int print_list(const flow::House& house, Console& console, const ListOptions& options) {
  const auto id = parse_id(options.which);
  if (!id) return refuse(console, id.error());
  const auto found = flow::find_published_list(house, *id, options.delta ? "delta" : "complete");
  if (!found) return refuse(console, found.error());
  if (!*found) return refuse(console, {base::Code::not_found, "this authority has published no list"});
  const std::string list = base::to_base64((*found)->der);
  if (console.form.json) {
    return print_object(console, {{"this_update", base::to_rfc3339((*found)->this_update)},
                                  {"next_update", base::to_rfc3339((*found)->next_update)},
                                  {"der", list}});
  }
  console.out += list + "\n";
  return done;
}

int print_chain(const flow::House& house, Console& console) {
  const auto chain = flow::print_chain(house, base::now());
  if (!chain) return refuse(console, chain.error());
  if (console.form.json) return print_object(console, {{"chain", *chain}});
  console.out += *chain;
  return done;
}

struct TrustOptions {
  std::string file;
  std::string purpose = "person_login";
  std::string tenant;
  std::string asks = "crl";
  std::string url;
  std::string unreachable = "refuse";
  std::string amr = "swk";
  std::string matching = "fingerprint";
};

base::Result<flow::AnchorWish> read_anchor(const TrustOptions& options, const std::string& certificate) {
  flow::AnchorWish wish;
  wish.certificate = certificate;
  ASSIGN_OR_RETURN(wish.purpose, trust::parse_purpose(options.purpose));
  ASSIGN_OR_RETURN(wish.asks, trust::parse_asks(options.asks));
  ASSIGN_OR_RETURN(wish.unreachable, trust::parse_unreachable(options.unreachable));
  wish.tenant = options.tenant;
  wish.url = options.url;
  wish.amr = options.amr;
  wish.matching = options.matching;
  return wish;
}

int add_anchor(const flow::House& house, Console& console, const TrustOptions& options) {
  const Operator by = make_command_operator();
  const auto wish = read_anchor(options, console.file);
  if (!wish) return refuse(console, wish.error());
  const auto added = flow::add_trust_anchor(house, by.actor, *wish, by.facts);
  if (!added) return refuse(console, added.error());
  return report_change(console, "trusted from now on: " + added->subject,
                       {{"id", added->id.to_string()}, {"sha256", added->sha256}, {"created", true}});
}

int list_trusted(const flow::House& house, Console& console) {
  const Operator by = make_command_operator();
  const auto anchors = flow::list_anchors(house, by.actor);
  if (!anchors) return refuse(console, anchors.error());
  ListPrinter printer(console, {"id", "purpose", "asks", "next_update", "failure", "subject"});
  for (const flow::ListedAnchor& one : *anchors) printer.add(json_of(one));
  return printer.finish();
}

int remove_anchor(const flow::House& house, Console& console, const std::string& which) {
  const Operator by = make_command_operator();
  const auto removed = flow::remove_trust_anchor(house, by.actor, which, by.facts);
  if (!removed) return refuse(console, removed.error());
  return report_change(console, "trust anchor " + which + " is removed");
}

void add_making(CLI::App& group, Command& chosen) {
  auto& creating = add_house_command(group, "create", "make the certificate authority", chosen);
  auto options = std::make_shared<CreateOptions>();
  creating.add_option("--tenant", options->tenant, "key or id of a tenant that gets its own; without it for all");
  creating.add_option("--name", options->name, "name in its certificates; without it that of the tenant");
  creating.add_option("--key", options->key, "ec-p256, brainpool-p256r1, rsa-3072 or rsa-2048")->capture_default_str();
  creating.add_option("--token", options->token,
                      "name of the token of the configuration on which its keys are made and stay");
  creating.add_flag(
      "--pin-stdin", options->has_input,
      "read the PIN of the token from standard input; without it token.pin_file, or what was given before");
  refuse_secret_option(creating, "--pin", "--pin-stdin");
  give_examples(creating, {"authority create", "authority create --name \"Praxis Dr. Wolf\" --key brainpool-p256r1",
                           "authority create --token hsm --pin-stdin"});
  creating.callback([&chosen, options] {
    chosen.secret = options->has_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return create(house, console, *options);
    };
  });
  give_examples(add_list_command(group, "list the own authorities, roots and issuing ones", chosen, list),
                {"authority list"});
  auto& showing = add_house_command(group, "show", "show one authority", chosen);
  give_examples(complete_with_name(showing, authority_positional, chosen, show),
                {"authority show 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55"});
  auto& unlocking = add_house_command(
      group, "unlock",
      "give the server that runs on this machine the PIN of a token with keys of authorities, until it stops", chosen);
  auto given = std::make_shared<UnlockOptions>();
  unlocking.add_option("TOKEN,--token", given->token, "name of the token")->required();
  unlocking.add_flag("--end", given->ends, "forget the PIN now");
  unlocking.add_flag("--pin-stdin", given->has_input, "read the PIN from standard input");
  refuse_secret_option(unlocking, "--pin", "--pin-stdin");
  give_examples(unlocking, {"authority unlock hsm --pin-stdin", "authority unlock hsm --end"});
  unlocking.callback([&chosen, given] {
    chosen.secret = given->has_input ? SecretFrom::input : SecretFrom::nothing;
    chosen.needs_server = true;
    chosen.in_house = [given](const flow::House& house, Console& console) { return unlock(house, console, *given); };
  });
  auto& rotating =
      add_house_command(group, "rotate", "let a new issuing certificate follow; the old one counts", chosen);
  give_examples(complete_with_name(rotating, authority_positional, chosen, rotate),
                {"authority rotate 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55"});
}

void add_issue_options(CLI::App& command, IssueOptions& options) {
  command.add_option("--key", options.key, "key that is made here: ec-p256, rsa-2048, rsa-3072 or brainpool-p256r1")
      ->capture_default_str();
  command.add_option("--request", options.file, "file with a request (PKCS#10, PEM), instead of a key made here");
  command.add_option("--days", options.days, "validity; without it that of the kind")->check(CLI::Range(1, 1825));
  command.add_option("--tenant", options.tenant, "key or id of the tenant; without it the first one");
}

void add_issuing(CLI::App& group, Command& chosen) {
  auto& serving = add_house_command(
      group, "issue-server", "issue a certificate for a TLS listener: prints key, certificate and chain", chosen);
  auto server = std::make_shared<IssueOptions>();
  serving.add_option("NAME,--name", server->names, "host names and IP addresses, the first one is its name")
      ->required();
  add_issue_options(serving, *server);
  give_examples(serving, {"authority issue-server id.praxis.example 192.168.178.93"});
  serving.callback([&chosen, server] {
    chosen.file = server->file;
    chosen.in_house = [server](const flow::House& house, Console& console) {
      return issue_server(house, console, *server);
    };
  });
  auto& renewing = add_house_command(
      group, "renew-servers", "renew the certificates of TLS listeners now, on every node, with the same keys", chosen);
  give_examples(renewing, {"authority renew-servers"});
  renewing.callback([&chosen] { chosen.in_house = renew_servers; });
  auto& issuing =
      add_house_command(group, "issue", "issue another certificate: prints key, certificate and chain", chosen);
  auto options = std::make_shared<IssueOptions>();
  issuing.add_option("PROFILE,--profile", options->profile, "person_login, client_system, time_stamp or signature")
      ->required();
  issuing.add_option("--name", options->name, "common name; without it that of the request");
  issuing.add_option("--account", options->account, "login or id of the account whose certificate it is");
  add_issue_options(issuing, *options);
  give_examples(issuing, {"authority issue person_login --name \"Anna Kowalska\" --account anna.kowalska",
                          "authority issue person_login --account anna.kowalska --request anna.csr"});
  issuing.callback([&chosen, options] {
    chosen.file = options->file;
    chosen.in_house = [options](const flow::House& house, Console& console) { return issue(house, console, *options); };
  });
  auto& listing = add_house_command(group, "certificates", "list what was issued, the newest first", chosen);
  auto tenant = std::make_shared<std::string>();
  listing.add_option("--tenant", *tenant, "key or id of the tenant; without it the first one");
  add_header_option(listing, chosen);
  give_examples(listing, {"authority certificates", "authority certificates --tenant clinic"});
  listing.callback([&chosen, tenant] {
    chosen.in_house = [tenant](const flow::House& house, Console& console) {
      return list_issued(house, console, *tenant);
    };
  });
}

void add_revoking(CLI::App& group, Command& chosen) {
  auto& revoking =
      add_house_command(group, "revoke",
                        "revoke a certificate, or an issuing authority, for ever; that of a listener is renewed with "
                        "the same key at once, except for the reason key_compromise, which needs a new key",
                        chosen);
  auto options = std::make_shared<RevokeOptions>();
  revoking.add_option("CERTIFICATE,--certificate", options->which, "SHA-256, serial number, or id of an authority")
      ->required();
  revoking
      .add_option("--reason", options->reason,
                  "key_compromise, affiliation_changed, superseded, cessation_of_operation, privilege_withdrawn or "
                  "unspecified")
      ->capture_default_str();
  give_examples(revoking, {"authority revoke 5f2a… --reason key_compromise"});
  revoking.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return revoke(house, console, *options);
    };
  });
  auto& listing = add_house_command(group, "crl", "print the list of revoked certificates, base64 of the DER", chosen);
  auto which = std::make_shared<ListOptions>();
  listing.add_option("AUTHORITY,--authority", which->which, authority_positional.about)->required();
  listing.add_flag("--delta", which->delta, "the delta list instead of the complete one");
  give_examples(listing, {"authority crl 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55",
                          "authority crl 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55 --delta"});
  listing.callback([&chosen, which] {
    chosen.in_house = [which](const flow::House& house, Console& console) {
      return print_list(house, console, *which);
    };
  });
  auto& exporting = add_house_command(group, "export", "print the chain, PEM: what others need to trust", chosen);
  give_examples(exporting, {"authority export"});
  exporting.callback([&chosen] { chosen.in_house = print_chain; });
}

void add_trusting(CLI::App& group, Command& chosen) {
  CLI::App& trusting = add_command_group(group, "trust", "authorities of others");
  auto& adding = add_house_command(trusting, "add", "trust an authority for a purpose", chosen);
  auto options = std::make_shared<TrustOptions>();
  adding.add_option("--file", options->file, "its certificate, PEM")->required();
  adding.add_option("--purpose", options->purpose, "person_login, client_system, tls_server, time_stamp or signature")
      ->capture_default_str();
  adding.add_option("--tenant", options->tenant, "key or id of the tenant whose people it may name; without it all");
  adding.add_option("--asks", options->asks, "what is asked about revocation: crl, ocsp or none")
      ->capture_default_str();
  adding.add_option("--url", options->url, "address of its list or its responder");
  adding.add_option("--unreachable", options->unreachable, "without an answer in time: refuse or accept")
      ->capture_default_str();
  adding.add_option("--amr", options->amr, "where its keys are: swk (software), hwk (hardware) or sc (card)")
      ->capture_default_str();
  adding.add_option("--matching", options->matching, "how people are found: fingerprint, pesel or subject_serial")
      ->capture_default_str();
  give_examples(adding, {"authority trust add --file ca.pem --url http://ca.example/ca.crl",
                         "authority trust add --file ca.pem --asks ocsp --url http://ocsp.example --amr sc --matching "
                         "pesel"});
  adding.callback([&chosen, options] {
    chosen.file = options->file;
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return add_anchor(house, console, *options);
    };
  });
  give_examples(add_list_command(trusting, "list the authorities that are trusted", chosen, list_trusted),
                {"authority trust list"});
  auto& removing = add_house_command(trusting, "remove", "trust an authority no more", chosen);
  give_examples(complete_with_name(removing, {"ANCHOR", "id or SHA-256"}, chosen, remove_anchor),
                {"authority trust remove 0192f0c1-7d1a-7b3e-8f4a-2f6d1c9b7a55"});
}

}  // namespace

void add_authority_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "authority", "the own certificate authority, and those of others");
  add_making(group, chosen);
  add_issuing(group, chosen);
  add_revoking(group, chosen);
  add_trusting(group, chosen);
}

}  // namespace app
