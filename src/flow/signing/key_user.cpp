#include "flow/signing/key_user.hpp"

#include <algorithm>

#include "flow/proof/prove_again.hpp"
#include "flow/session/factor_demand.hpp"
#include "rights/may_issue.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/oauth/clients.hpp"
#include "store/session/sessions.hpp"

namespace flow {
namespace {

using rights::Permission;

Permission needed_for(const store::SigningCredential& credential) {
  return credential.account_id ? Permission::sign : Permission::manage_credentials;
}

/// What may_issue judges, as it is in this transaction.
struct SignerFacts {
  std::optional<identity::Account> account;
  std::optional<rights::Client> client;
  std::optional<rights::Session> session;
  std::optional<rights::ActingContext> context;
  bool owes_no_factor = false;
};

template <class T>
const T* pointer_to(const std::optional<T>& value) {
  return value ? &*value : nullptr;
}

base::Result<SignerFacts> read_session(store::Tx& tx, const rights::Actor& actor, base::Time now) {
  SignerFacts facts;
  ASSIGN_OR_RETURN(facts.session, store::find_session(tx, actor.session().id));
  if (!facts.session) return facts;
  ASSIGN_OR_RETURN(facts.account, store::find_account(tx, facts.session->account_id));
  if (!facts.account || !facts.session->context_id) return facts;
  ASSIGN_OR_RETURN(facts.context, store::find_context_of(tx, facts.account->id, *facts.session->context_id, now));
  ASSIGN_OR_RETURN(facts.owes_no_factor, owes_nothing(tx, *facts.session, facts.session->ip, now));
  return facts;
}

/// The context of the account that gives the permission and is open to a token; else any, for the reason.
base::Result<SignerFacts> read_account(store::Tx& tx, const AccountByToken& user, Permission permission,
                                       const RequestFacts& request) {
  SignerFacts facts;
  ASSIGN_OR_RETURN(facts.account, store::find_account(tx, user.account_id));
  if (!facts.account) return facts;
  ASSIGN_OR_RETURN(const auto contexts, store::list_contexts(tx, user.account_id, request.now));
  const auto is_open = [&](const rights::ActingContext& one) {
    return rights::allows(one, permission) && one.level <= 1 && one.methods.empty() &&
           rights::is_inside(one, request.ip);
  };
  const auto found = std::find_if(contexts.begin(), contexts.end(), is_open);
  if (found != contexts.end()) {
    facts.context = *found;
  } else if (!contexts.empty()) {
    facts.context = contexts.front();
  }
  return facts;
}

base::Result<SignerFacts> read_client(store::Tx& tx, const ClientByToken& user, base::Time now) {
  SignerFacts facts;
  ASSIGN_OR_RETURN(facts.client, store::find_client(tx, user.client_id));
  if (!facts.client || !facts.client->account_id) return facts;
  ASSIGN_OR_RETURN(facts.account, store::find_account(tx, *facts.client->account_id));
  if (!facts.account) return facts;
  ASSIGN_OR_RETURN(const auto contexts, store::list_contexts(tx, facts.account->id, now));
  if (!contexts.empty()) facts.context = contexts.front();
  return facts;
}

base::Result<SignerFacts> read_facts(store::Tx& tx, const KeyUser& user, Permission permission,
                                     const RequestFacts& request) {
  if (const auto* actor = actor_of(user)) return read_session(tx, *actor, request.now);
  if (const auto* token = std::get_if<AccountByToken>(&user)) return read_account(tx, *token, permission, request);
  return read_client(tx, std::get<ClientByToken>(user), request.now);
}

std::optional<KeyRefusal> judge_state(const store::SigningCredential& credential, base::Time now) {
  if (credential.status == "requested") return KeyRefusal{base::Code::denied, "credential_requested"};
  if (credential.status == "suspended") return KeyRefusal{base::Code::denied, "credential_suspended"};
  if (credential.status != "active") return KeyRefusal{base::Code::denied, "credential_revoked"};
  if (!credential.not_before || now < *credential.not_before) {
    return KeyRefusal{base::Code::expired, "certificate_early"};
  }
  if (!credential.not_after || now > *credential.not_after) {
    return KeyRefusal{base::Code::expired, "certificate_expired"};
  }
  return std::nullopt;
}

/// A proof that comes with the session and not with the order.
std::optional<KeyRefusal> judge_proof(const House& house, const KeyUser& user, const SignerFacts& facts,
                                      const store::SigningCredential& credential, base::Time now) {
  if (credential.activation == "none" || credential.activation == "pin") return std::nullopt;
  const KeyRefusal needed{base::Code::conflict, "proof_needed"};
  const rights::Actor* const actor = actor_of(user);
  // The operator has proven nothing here; a program proves by a PIN, or needs no proof.
  if (actor == nullptr || actor->is_operator() || !facts.session) return needed;
  if (!is_proof_fresh(house, *facts.session, now)) return needed;
  const bool is_enough = credential.activation == "password" || facts.session->proofs.level() >= 2;
  return is_enough ? std::nullopt : std::optional(needed);
}

}  // namespace

const rights::Actor* actor_of(const KeyUser& user) {
  const auto* const actor = std::get_if<const rights::Actor*>(&user);
  return actor == nullptr ? nullptr : *actor;
}

base::Result<std::optional<store::SigningCredential>> find_known_credential(store::Tx& tx, const KeyUser& user,
                                                                            const base::Id& id) {
  ASSIGN_OR_RETURN(auto credential, store::find_signing_credential(tx, id));
  if (!credential) return credential;
  bool is_known = false;
  if (const auto* actor = actor_of(user)) {
    is_known = credential->account_id
                   ? !actor->is_operator() && !actor->is_acting() && *credential->account_id == actor->account().id
                   : actor->may(Permission::manage_credentials) && actor->reaches(credential->tenant_id);
  } else if (const auto* token = std::get_if<AccountByToken>(&user)) {
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx, token->account_id));
    is_known = account && (credential->account_id ? *credential->account_id == account->id
                                                  : credential->tenant_id == account->tenant_id);
  } else {
    ASSIGN_OR_RETURN(const auto client, store::find_client(tx, std::get<ClientByToken>(user).client_id));
    is_known = client && !credential->account_id && credential->tenant_id == client->tenant_id &&
               (credential->activation == "none" || credential->activation == "pin");
  }
  if (!is_known) credential.reset();
  return credential;
}

base::Result<std::optional<KeyRefusal>> find_key_refusal(const House& house, store::Tx& tx, const KeyUser& user,
                                                         const store::SigningCredential& credential,
                                                         const RequestFacts& facts) {
  const rights::Actor* const actor = actor_of(user);
  SignerFacts signer;
  // The operator has no account; find_known_credential gives it seals alone.
  if (actor == nullptr || !actor->is_operator()) {
    ASSIGN_OR_RETURN(signer, read_facts(tx, user, needed_for(credential), facts));
    rights::IssuanceFacts judged;
    judged.what = rights::Issued::signature;
    judged.account = pointer_to(signer.account);
    judged.client = pointer_to(signer.client);
    judged.session = pointer_to(signer.session);
    judged.context = pointer_to(signer.context);
    judged.owes_no_factor = signer.owes_no_factor;
    judged.permission = needed_for(credential);
    judged.ip = facts.ip;
    judged.now = facts.now;
    const auto verdict = rights::judge_issuance(judged);
    if (const auto* refusal = std::get_if<rights::Refusal>(&verdict)) {
      return std::optional(KeyRefusal{base::Code::denied, *refusal});
    }
  }
  if (const auto refusal = judge_state(credential, facts.now)) return refusal;
  return judge_proof(house, user, signer, credential, facts.now);
}

}  // namespace flow
