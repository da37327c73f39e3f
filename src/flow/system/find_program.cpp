#include "flow/system/find_program.hpp"

#include "base/words.hpp"
#include "flow/oauth/find_issuance.hpp"
#include "flow/registration/api_token.hpp"
#include "rights/account_flaw.hpp"
#include "rights/resource.hpp"
#include "store/account/accounts.hpp"
#include "store/oauth/api_tokens.hpp"

namespace flow {
namespace {

constexpr std::string_view personal_prefix = "chy_pat_";
// A program may call a thousand times a second; its owner wants to know whether it still does.
constexpr base::Duration use_noted_every = std::chrono::minutes(1);

base::Result<Program> find_person(store::Tx& tx, std::string_view token, std::string_view scope, base::Time now) {
  Program program;
  ASSIGN_OR_RETURN(const PresentedToken presented, find_token(tx, TokenKind::personal, token, now));
  if (!presented.token || !presented.reason.empty() || !presented.token->account_id) {
    program.refusal = ProgramRefusal::unauthenticated;
    program.reason = "bad_token";
    return program;
  }
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, *presented.token->account_id));
  // Between two calls the account may have been suspended, locked or deleted.
  if (const auto flaw = rights::find_flaw_of_account(account ? &*account : nullptr, now)) {
    program.refusal = ProgramRefusal::unauthenticated;
    program.reason = *flaw;
    return program;
  }
  if (!base::has_word(presented.token->scopes, scope)) {
    program.refusal = ProgramRefusal::lacks_scope;
    program.reason = "scope_missing";
  }
  program.tenant_id = account->tenant_id;
  program.account = account->id;
  if (!program.refusal) RETURN_IF_ERROR(store::note_api_token_use(tx, presented.token->id, now - use_noted_every, now));
  return program;
}

base::Result<Program> find_application(const House& house, store::Tx& tx, const ReadProof& read, std::string_view scope,
                                       const RequestFacts& facts) {
  Program program;
  ASSIGN_OR_RETURN(Caller caller, find_caller(house, tx, read, scope, facts));
  program.reason = caller.reason;
  if (caller.lacks_scope) program.refusal = ProgramRefusal::lacks_scope;
  if (!caller.lacks_scope && !caller.reason.empty()) program.refusal = ProgramRefusal::unauthenticated;
  program.client = std::move(caller.client);
  program.on_behalf = caller.account;
  if (program.client) program.tenant_id = program.client->tenant_id;
  const bool is_registered = program.client && base::has_word(rights::list_api_scopes(*program.client), scope);
  if (!program.refusal && !is_registered) {
    program.refusal = ProgramRefusal::lacks_scope;
    program.reason = "scope_missing";
  }
  return program;
}

}  // namespace

base::Result<Program> find_program(const House& house, store::Tx& tx, const ProgramProof& given,
                                   const ProgramCall& call, const RequestFacts& facts) {
  const auto* bearer = std::get_if<BearerToken>(&given.proof);
  const bool is_person = bearer != nullptr && bearer->value.starts_with(personal_prefix);
  ASSIGN_OR_RETURN(Program program, is_person ? find_person(tx, bearer->value, call.scope, facts.now)
                                              : find_application(house, tx, given.read, call.scope, facts));
  if (program.refusal) {
    const auto* client = program.client ? &*program.client : nullptr;
    RETURN_IF_ERROR(record_foreign_refusal(house, tx, {client, call.refusal, program.reason}, facts));
  }
  return program;
}

base::Result<std::optional<ProgramRefusal>> find_program_refusal(const House& house, const CallerProof& proof,
                                                                 const ProgramCall& call, const RequestFacts& facts) {
  const ReadProof read = read_proof(house, proof, facts.now);
  ASSIGN_OR_RETURN(const Program program, house.store.write([&](store::Tx& tx) {
    return find_program(house, tx, {proof, read}, call, facts);
  }));
  return program.refusal;
}

}  // namespace flow
