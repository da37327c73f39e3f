// Rows that tests of the store need: an account with a login, a context, a client, a session, a grant.
#pragma once

#include <string>

#include "audit/chain.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"
#include "store/oauth/grants.hpp"
#include "store/session/sessions.hpp"
#include "store/tenant/tenants.hpp"

namespace sample {

inline const base::Time noon = base::from_seconds(1'800'000'000);

inline identity::Account account_of(const base::Id& tenant) {
  identity::Account account;
  account.id = base::Id::make(noon);
  account.tenant_id = tenant;
  account.given_name = "Anna";
  account.family_name = "Kowalska";
  account.created_at = noon;
  return account;
}

/// An account with the login `login`.
inline base::Result<identity::Account> add_account(store::Store& db, const std::string& login) {
  return db.write([&](store::Tx& tx) -> base::Result<identity::Account> {
    ASSIGN_OR_RETURN(const auto tenant, store::find_first_tenant(tx));
    identity::Account account = account_of(tenant.id);
    RETURN_IF_ERROR(store::insert_account(tx, account));
    RETURN_IF_ERROR(store::insert_identifier(tx, {account.id, "login", login, login, noon, true}, noon));
    account.login = login;
    return account;
  });
}

inline rights::Session session_of(const identity::Account& account) {
  rights::Session session;
  session.id = base::Id::make(noon);
  session.secret_hash = std::string(32, 's');
  session.account_id = account.id;
  session.proofs = rights::Proofs(rights::ProofMethod::password);
  session.auth_time = session.created_at = session.last_seen = noon;
  session.idle_until = noon + std::chrono::minutes(15);
  session.absolute_until = noon + std::chrono::hours(12);
  session.ip = "192.0.2.7";
  return session;
}

/// The clearance of may_issue for rows that a test writes by itself: judged as if there were no context to judge.
inline rights::Clearance clearance_for(rights::Session session, rights::Issued what = rights::Issued::session) {
  identity::Account account;
  account.id = session.account_id;
  account.security_stamp = session.security_stamp;
  const rights::Client client;
  rights::ActingContext context;
  if (!session.context_id) session.context_id = base::Id::make(noon);
  context.id = *session.context_id;
  session.must_change = identity::MustChange::no;
  session.proofs = rights::Proofs(rights::ProofMethod::password);
  session.idle_until = session.absolute_until = session.auth_time + std::chrono::hours(1);
  return std::get<rights::Clearance>(
      rights::judge_issuance({what, &account, &client, &session, &context, session.auth_time, false, true}));
}

inline rights::Client client_of(const base::Id& tenant, const std::string& client_id) {
  rights::Client client;
  client.id = base::Id::make(noon);
  client.tenant_id = tenant;
  client.client_id = client_id;
  client.name = "Portal";
  client.redirect_uris = {"https://portal.example/callback"};
  client.scopes = {"openid", "profile"};
  client.secrets = {{std::string("\x01\xff hash", 7), std::nullopt}, {"second", noon}};
  return client;
}

inline store::Grant grant_of(const rights::Session& session, const rights::Client& client) {
  store::Grant grant;
  grant.id = base::Id::make(noon);
  grant.session_id = session.id;
  grant.account_id = session.account_id;
  grant.client_id = client.id;
  grant.context_id = base::Id::make(noon);
  grant.scope = "openid";
  grant.sid = "sid";
  grant.redirect_uri = client.redirect_uris.front();
  grant.code_challenge = "challenge";
  grant.code_hash = std::string(32, 'c');
  grant.created_at = noon;
  grant.code_until = noon + std::chrono::minutes(1);
  grant.expires_at = noon + std::chrono::hours(1);
  grant.amr = "pwd";
  grant.auth_time = noon;
  return grant;
}

inline audit::Event event_of(const identity::Account& account, std::string personal = R"({"ip":"192.0.2.7"})") {
  audit::Event event;
  event.at = noon;
  event.tenant_id = account.tenant_id;
  event.type = audit::type::login;
  event.actor = account.id;
  event.subject = account.id;
  event.request_id = "r-1";
  event.data = R"({"method":"password"})";
  event.personal = std::move(personal);
  return event;
}

/// How many events the audit log holds; nullopt: its chain is broken.
inline std::optional<std::int64_t> count_chained(store::Store& db) {
  audit::ChainVerifier verifier;
  const auto broken = db.read([&](store::Tx& tx) -> base::Result<std::optional<audit::ChainFlaw>> {
    std::optional<audit::ChainFlaw> said;
    RETURN_IF_ERROR(store::for_each_event(tx, 1, [&](const audit::Event& event) -> base::Result<void> {
      if (!said) said = verifier.check(event);
      return {};
    }));
    ASSIGN_OR_RETURN(const auto head, store::find_head(tx));
    return said ? said : verifier.finish(head, store::is_seal_right(tx, *head));
  });
  if (!broken || *broken) return std::nullopt;
  return static_cast<std::int64_t>(verifier.count());
}

}  // namespace sample
