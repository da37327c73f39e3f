// Fills the lists of an installation whose server is not running: accounts with names and terms of the search, and for
// each of them an audit event, a device, the context "user", two groups and a message that was sent, failed or waits;
// sessions, devices, tokens and signing jobs of one account; groups, contexts, applications, resource servers, programs
// of practices, tokens for registrations and credentials. Several hundred accounts share a commit, so that the time
// goes into the rows.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/outbox/message_item.hpp"
#include "rights/may_issue.hpp"
#include "rights/resource.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/group/groups.hpp"
#include "store/message/outbox.hpp"
#include "store/oauth/api_tokens.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/resources.hpp"
#include "store/session/devices.hpp"
#include "store/session/sessions.hpp"
#include "store/signing/signing_credentials.hpp"
#include "store/signing/signing_jobs.hpp"
#include "store/system/client_systems.hpp"
#include "store/tenant/tenants.hpp"

namespace {

constexpr std::array given{"Anna", "Piotr", "Małgorzata", "Jan",   "Zofia",  "Tomasz", "Katarzyna",
                           "Adam", "Ewa",   "Łukasz",     "Maria", "Michał", "Agata",  "Paweł"};
constexpr std::array first{"Kowal", "Nowa",  "Wiśniew", "Brzęcz", "Zieliń",
                           "Wójci", "Kamiń", "Lewando", "Dąbrow", "Szymań"};
constexpr std::array second{"ski", "ska", "czyk", "kowa", "owicz", "ewska", "ak", "ek", "yn", "ik", "uk", "as", "or"};

struct Wish {
  std::string database;
  std::string key;
  std::size_t accounts = 100'000;
  std::size_t sessions = 99;
  std::size_t groups = 50;     // and one with everybody
  std::size_t contexts = 100;  // besides those of every tenant
  std::size_t clients = 500;
  std::size_t systems = 500;       // each with a certificate
  std::size_t credentials = 2000;  // seals; a page shows the newest ones
  std::size_t tokens = 1000;       // for registrations
  std::string owner;               // login of the account that gets the sessions
};

template <class T>
T must(base::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", base::describe(result.error()).c_str());
  std::exit(1);
}
void must(const base::Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", base::describe(result.error()).c_str());
  std::exit(1);
}

/// What the accounts belong to.
struct Places {
  base::Id tenant;
  base::Id everybody;            // the group
  std::vector<base::Id> groups;  // each account is in one of them
  base::Id user;                 // the context
};

base::Result<Places> add_places(store::Tx& tx, const Wish& wish, base::Time now) {
  Places places;
  ASSIGN_OR_RETURN(const auto tenant, store::find_first_tenant(tx));
  places.tenant = tenant.id;
  places.everybody = base::Id::make(now);
  RETURN_IF_ERROR(store::insert_group(tx, {places.everybody, tenant.id, "everybody"}));
  for (std::size_t i = 0; i < wish.groups; ++i) {
    places.groups.push_back(base::Id::make(now));
    RETURN_IF_ERROR(store::insert_group(tx, {places.groups.back(), tenant.id, "ward " + std::to_string(i)}));
  }
  ASSIGN_OR_RETURN(const auto user, store::find_context_by_key(tx, tenant.id, "user"));
  if (!user) return base::fail(base::Code::not_found, "no context \"user\"");
  places.user = user->id;
  for (std::size_t i = 0; i < wish.contexts; ++i) {
    rights::ActingContext context = *user;
    context.id = base::Id::make(now);
    context.key = "ward" + std::to_string(i);
    context.name = "Ward " + std::to_string(i);
    RETURN_IF_ERROR(store::insert_context(tx, context));
  }
  for (std::size_t i = 0; i < wish.clients; ++i) {
    rights::Client client = rights::draft_client(rights::ClientKind::spa);
    client.id = base::Id::make(now);
    client.tenant_id = tenant.id;
    client.client_id = "application" + std::to_string(i);
    client.name = "Application " + std::to_string(i);
    client.redirect_uris = {"https://application" + std::to_string(i) + ".example/callback"};
    RETURN_IF_ERROR(store::insert_client(tx, client, now));
  }
  return places;
}

/// Most were delivered; a few failed or wait for a day.
base::Result<void> add_message(store::Tx& tx, const identity::Account& account, std::size_t number, base::Time now) {
  flow::MessageItem content;
  content.message = "account_suspended";
  content.account = account.id;
  content.to = "person" + std::to_string(number) + "@clinic.example";
  store::OutboxItem item;
  item.id = base::Id::make(now);
  item.tenant_id = account.tenant_id;
  item.kind = "mail";
  item.payload = flow::to_payload(content);
  item.created_at = now;
  item.next_at = now + std::chrono::hours(24);
  RETURN_IF_ERROR(store::insert_outbox(tx, item));
  if (number % 100 == 1) return {};
  if (number % 50 == 0) return store::postpone_outbox(tx, item.id, std::nullopt, "no answer");
  return store::finish_outbox(tx, item.id, flow::to_kept_payload(content), now);
}

base::Result<void> add_device(store::Tx& tx, const base::Id& account, base::Time now) {
  store::Device device;
  device.id = base::Id::make(now);
  device.account_id = account;
  device.secret_hash = base::Bytes(std::string(32, 'd'));
  device.user_agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
  device.created_at = device.last_seen = now;
  return store::insert_device(tx, device);
}

base::Result<void> add_account(store::Tx& tx, const Places& places, std::size_t number, base::Time now) {
  const base::Id tenant = places.tenant;
  identity::Account account;
  account.id = base::Id::make(now);
  account.tenant_id = tenant;
  account.given_name = given.at(number % given.size());
  account.family_name = std::string(first.at(number / 7 % first.size())) + second.at(number / 3 % second.size());
  account.created_at = now;
  RETURN_IF_ERROR(store::insert_account(tx, account));
  const std::string login = "person" + std::to_string(number);
  RETURN_IF_ERROR(store::insert_identifier(tx, {account.id, "login", login, login, now, true}, now));
  RETURN_IF_ERROR(store::give_context(tx, account.id, places.user, now));
  RETURN_IF_ERROR(store::add_member(tx, places.everybody, account.id));
  RETURN_IF_ERROR(store::add_member(tx, places.groups.at(number % places.groups.size()), account.id));
  RETURN_IF_ERROR(add_message(tx, account, number, now));
  RETURN_IF_ERROR(add_device(tx, account.id, now));
  audit::Event event;
  event.at = now;
  event.tenant_id = tenant;
  event.type = number % 4 == 0 ? audit::type::account_create.view() : audit::type::login.view();
  event.subject = event.actor = account.id;
  event.data = R"({"method":"password"})";
  event.personal = R"({"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})";
  return store::append_event(tx, std::move(event));
}

/// A hexadecimal number of 64 digits, another one for each.
std::string fingerprint_of(std::size_t number) {
  std::string digits = std::to_string(number);
  return std::string(64 - digits.size(), '0') + digits;
}

base::Result<void> add_system(store::Tx& tx, const base::Id& tenant, std::size_t number, base::Time now) {
  identity::Account account;
  account.id = base::Id::make(now);
  account.tenant_id = tenant;
  account.kind = identity::AccountKind::client_system;
  account.organisation = "Practice " + std::to_string(number);
  account.created_at = now;
  RETURN_IF_ERROR(store::insert_account(tx, account));
  const std::string id = "Practice" + std::to_string(number);
  RETURN_IF_ERROR(store::insert_client_system(tx, {id, account.id, tenant, account.organisation, now}));
  store::SystemCertificate certificate;
  certificate.sha256 = fingerprint_of(number);
  certificate.system_id = id;
  certificate.tenant_id = tenant;
  certificate.der = base::Bytes(std::string(900, 'c'));
  certificate.subject = "CN=" + id;
  certificate.issuer = "CN=Practices";
  certificate.serial = std::to_string(number);
  certificate.algorithm = "ECC P-256";
  certificate.not_before = now;
  certificate.not_after = now + std::chrono::hours(24 * 365);
  certificate.created_at = now;
  return store::insert_system_certificate(tx, certificate);
}

base::Result<void> add_credential(store::Tx& tx, const base::Id& tenant, std::size_t number, base::Time now) {
  store::SigningCredential row;
  row.id = base::Id::make(now);
  row.tenant_id = tenant;
  row.label = "Seal " + std::to_string(number);
  row.status = "active";
  row.activation = "none";
  row.backend = "software";
  row.certificate = base::Bytes(std::string(900, 'c'));
  row.sha256 = fingerprint_of(number);
  row.subject = "CN=" + row.label;
  row.issuer = "CN=Clinic";
  row.not_before = now;
  row.not_after = now + std::chrono::hours(24 * 365);
  row.created_at = row.changed_at = now;
  return store::insert_signing_credential(tx, row, {base::Secret("no key")});
}

base::Result<void> add_token(store::Tx& tx, const base::Id& tenant, std::size_t number, base::Time now) {
  store::ApiToken token;
  token.id = base::Id::make(now);
  token.tenant_id = tenant;
  token.kind = "initial";
  token.secret_hash = base::Bytes(std::string(32, 't'));
  token.name = "Token " + std::to_string(number);
  token.created_at = now;
  return store::insert_api_token(tx, token);
}

base::Result<void> add_resource(store::Tx& tx, const base::Id& tenant, std::size_t number, base::Time now) {
  rights::ResourceServer server;
  server.id = base::Id::make(now);
  server.tenant_id = tenant;
  server.identifier = "https://resource" + std::to_string(number) + ".example/";
  server.name = "Resource " + std::to_string(number);
  server.created_at = server.changed_at = now;
  return store::insert_resource_server(tx, server, now);
}

base::Result<void> add_job(store::Tx& tx, const identity::Account& owner, std::size_t number, base::Time now) {
  store::SigningJob job;
  job.id = base::Id::make(now);
  job.number = "JOB-" + std::to_string(number);
  job.tenant_id = owner.tenant_id;
  job.account_id = owner.id;
  job.certificate = base::Bytes(std::string(900, 'c'));
  job.algorithm = "ecdsa_p256_sha256";
  job.format = "cades";
  job.level = "B";
  job.packaging = "detached";
  job.state = "done";
  job.signing_at = job.created_at = now;
  job.expires_at = now + std::chrono::hours(24);
  store::SigningItem item;
  item.name = "letter.txt";
  item.state = "done";
  return store::insert_signing_job(tx, job, {item});
}

base::Result<void> add_session(store::Tx& tx, const identity::Account& owner, std::size_t number, base::Time now) {
  rights::Session session;
  session.id = base::Id::make(now);
  session.secret_hash = std::string(32, 's');
  session.account_id = owner.id;
  session.proofs = rights::Proofs(rights::ProofMethod::password);
  session.auth_time = session.created_at = now;
  session.last_seen = now - std::chrono::seconds(number);
  session.idle_until = now + std::chrono::hours(1);
  session.absolute_until = now + std::chrono::hours(1);
  session.security_stamp = owner.security_stamp;
  session.ip = "192.0.2." + std::to_string(number % 250);
  session.user_agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
  rights::IssuanceFacts facts;
  facts.what = rights::Issued::session;
  facts.account = &owner;
  facts.session = &session;
  facts.now = now;
  const auto verdict = rights::judge_issuance(facts);
  const auto* clearance = std::get_if<rights::Clearance>(&verdict);
  if (clearance == nullptr) return base::fail(base::Code::denied, "no session");
  return store::insert_session(tx, session, *clearance);
}

void fill(const Wish& wish) {
  std::ifstream file(wish.key);
  std::stringstream text;
  text << file.rdbuf();
  store::Options options;
  options.url = "sqlite:" + wish.database;
  const auto db = must(store::Store::open(options, must(crypto::MasterKey::parse(text.str()))));
  const base::Time now = base::now();
  const Places places = must(db->write([&](store::Tx& tx) { return add_places(tx, wish, now); }));
  constexpr std::size_t batch = 500;
  for (std::size_t made = 0; made < wish.accounts; made += batch) {
    must(db->write([&](store::Tx& tx) -> base::Result<void> {
      for (std::size_t i = made; i < std::min(made + batch, wish.accounts); ++i) {
        RETURN_IF_ERROR(add_account(tx, places, i, now));
      }
      return {};
    }));
  }
  must(db->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto owner, store::find_account_by_login(tx, wish.owner, now));
    if (!owner) return base::fail(base::Code::not_found, "no such account");
    for (std::size_t i = 0; i < wish.sessions; ++i) RETURN_IF_ERROR(add_session(tx, *owner, i, now));
    for (std::size_t i = 0; i < wish.sessions; ++i) RETURN_IF_ERROR(add_device(tx, owner->id, now));
    for (std::size_t i = 0; i < wish.sessions; ++i) RETURN_IF_ERROR(add_job(tx, *owner, i, now));
    for (std::size_t i = 0; i < wish.systems; ++i) RETURN_IF_ERROR(add_system(tx, places.tenant, i, now));
    for (std::size_t i = 0; i < wish.credentials; ++i) RETURN_IF_ERROR(add_credential(tx, places.tenant, i, now));
    for (std::size_t i = 0; i < wish.tokens; ++i) RETURN_IF_ERROR(add_token(tx, places.tenant, i, now));
    for (std::size_t i = 0; i < wish.contexts; ++i) RETURN_IF_ERROR(add_resource(tx, places.tenant, i, now));
    return {};
  }));
}

}  // namespace

int main(int argc, char** argv) {
  Wish wish;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--database") wish.database = value;
    if (name == "--key") wish.key = value;
    if (name == "--accounts") wish.accounts = std::stoul(value);
    if (name == "--sessions") wish.sessions = std::stoul(value);
    if (name == "--owner") wish.owner = value;
  }
  fill(wish);
  return 0;
}
