#include "flow/grant/client_credentials.hpp"

#include <utility>
#include <variant>

#include "audit/event.hpp"
#include "base/words.hpp"
#include "flow/grant/token_facts.hpp"
#include "flow/house/record.hpp"
#include "flow/oauth/admit_client.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/kept_scope.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

struct Outcome {
  Redeemed done;
  std::optional<MachineFacts> facts;
};

rights::IssuanceFacts facts_of(const rights::Client& client, const MachineLook& look, std::string_view ip,
                               base::Time now) {
  rights::IssuanceFacts judged;
  judged.what = rights::Issued::machine;
  judged.client = &client;
  judged.account = look.account ? &*look.account : nullptr;
  judged.context = look.context ? &*look.context : nullptr;
  judged.now = now;
  judged.ip = ip;
  return judged;
}

// Scopes of people are none of a machine: it has no login that they could speak about.
std::optional<std::string> find_scope(const rights::Client& client, std::string_view asked) {
  std::string granted;
  bool is_known = true;
  const auto add = [&](std::string_view word) {
    if (!granted.empty()) granted.push_back(' ');
    granted.append(word);
  };
  if (asked.empty()) {
    for (const std::string& scope : client.scopes) {
      if (rights::is_resource_scope(scope)) add(scope);
    }
    return granted;
  }
  base::for_each_word(asked, [&](std::string_view word) {
    is_known = is_known && rights::is_resource_scope(word) && rights::is_registered(client.scopes, word);
    if (is_known && !base::has_word(granted, word)) add(word);
  });
  return is_known ? std::optional(granted) : std::nullopt;
}

base::Result<void> record_machine(store::Tx& tx, const MachineFacts& issued, const RequestFacts& facts) {
  const base::Id account = issued.account ? issued.account->id : base::Id();
  audit::Event event = make_event(audit::type::token_issue, {issued.client.tenant_id, account}, facts,
                                  {{"scope", audit::Value::registered(issued.access.scope)}});
  if (issued.account) event.actor = issued.account->id;
  event.client = issued.client.client_id;
  if (issued.context) event.context = issued.context->key;
  return store::append_event(tx, std::move(event));
}

base::Result<Outcome> decide(const House& house, store::Tx& tx, const MachineWish& wished, const RequestFacts& facts) {
  Outcome out;
  ASSIGN_OR_RETURN(AdmittedClient caller,
                   admit_client(house, tx, wished.client, rights::GrantType::client_credentials, facts));
  out.done.client = std::move(caller.client);
  out.done.refusal = caller.refusal;
  if (out.done.refusal) return out;
  const rights::Client& client = *out.done.client;
  const auto refuse = [&](OAuthError error, std::string_view why, audit::Code reason) -> base::Result<Outcome> {
    RETURN_IF_ERROR(record_foreign_refusal(house, tx, {&client, audit::type::token_refusal, reason}, facts));
    out.done.refusal = OAuthRefusal{error, why};
    return std::move(out);
  };
  ASSIGN_OR_RETURN(MachineLook look, look_at_machine(tx, client, wished.context, facts.ip, facts.now));
  if (look.refusal) {
    return refuse(OAuthError::unauthorized_client, "the client may not act now, or not in this context", *look.refusal);
  }
  const auto scope = find_scope(client, wished.scope);
  if (!scope) return refuse(OAuthError::invalid_scope, "a scope that this client may not have", "scope_not_registered");
  ASSIGN_OR_RETURN(const ResourceJudgement named, judge_resources(house, tx, client, {wished.resource, *scope}));
  if (!named.refused.empty()) return refuse(OAuthError::invalid_target, "no such resource", "unknown_resource");
  ASSIGN_OR_RETURN(Access access, find_access(house, tx,
                                              {client, look.account ? &*look.account : nullptr,
                                               look.context ? &*look.context : nullptr, named.resource, named.scope}));
  if (!access.refused.empty()) return refuse(OAuthError::invalid_target, "no such resource", "unknown_resource");
  if (!wished.scope.empty() && access.scope.empty()) {
    return refuse(OAuthError::invalid_scope, "the client has no right to these scopes", "scope_not_granted");
  }
  RETURN_IF_ERROR(note_use(tx, client, facts.now));
  // Moved, because a copy of a client costs as much as a read; issue_to_machine gives it back.
  MachineFacts issued{*look.clearance, std::move(*out.done.client), std::move(look.account), std::move(look.context),
                      make_access(house, std::move(access), !named.resource.empty())};
  RETURN_IF_ERROR(record_machine(tx, issued, facts));
  out.facts = std::move(issued);
  return out;
}

}  // namespace

base::Result<MachineLook> look_at_machine(store::Tx& tx, const rights::Client& client, std::string_view context,
                                          std::string_view ip, base::Time now) {
  MachineLook look;
  std::vector<rights::ActingContext> contexts;
  if (client.account_id) {
    ASSIGN_OR_RETURN(look.account, store::find_account(tx, *client.account_id));
    if (look.account) {
      ASSIGN_OR_RETURN(contexts, store::list_contexts(tx, look.account->id, now));
    }
  }
  for (rights::ActingContext& one : contexts) {
    if (!context.empty() && one.key != context) continue;
    look.context = std::move(one);
    if (!rights::find_refusal(facts_of(client, look, ip, now))) break;
  }
  if (!context.empty() && !look.context) {
    look.refusal = rights::Refusal::no_context;
    return look;
  }
  const auto verdict = rights::judge_issuance(facts_of(client, look, ip, now));
  if (const auto* refusal = std::get_if<rights::Refusal>(&verdict)) {
    look.refusal = *refusal;
  } else {
    look.clearance = std::get<rights::Clearance>(verdict);
  }
  return look;
}

base::Result<Redeemed> issue_to_machine(const House& house, const MachineWish& wished, const RequestFacts& facts) {
  const store::KeptScope kept;
  ASSIGN_OR_RETURN(Outcome out, house.store.write([&](store::Tx& tx) { return decide(house, tx, wished, facts); }));
  if (out.done.refusal) return std::move(out.done);
  ASSIGN_OR_RETURN(out.done.tokens, make_machine_token(house, *out.facts, facts.now));
  out.done.client = std::move(out.facts->client);
  return std::move(out.done);
}

}  // namespace flow
