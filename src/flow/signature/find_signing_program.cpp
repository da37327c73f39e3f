#include "flow/signature/find_signing_program.hpp"

#include "audit/event.hpp"
#include "flow/oauth/find_issuance.hpp"

namespace flow {
namespace {

constexpr std::string_view scope = "sign";

base::Result<SigningProgram> judge(const House& house, store::Tx& tx, const CallerProof& proof, const ReadProof& read,
                                   const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const Program program, find_program(house, tx, {proof, read}, scope, facts));
  SigningProgram found{program.refusal, AccountByToken{}};
  if (program.refusal) {
    const auto* client = program.client ? &*program.client : nullptr;
    RETURN_IF_ERROR(record_foreign_refusal(house, tx, {client, audit::type::key_refusal, program.reason}, facts));
    return found;
  }
  if (program.account) {
    found.user = AccountByToken{*program.account};
  } else if (program.on_behalf) {
    found.user = AccountByToken{*program.on_behalf};
  } else {
    found.user = ClientByToken{program.client->id};
  }
  return found;
}

}  // namespace

base::Result<SigningProgram> find_signing_program(const House& house, const CallerProof& proof,
                                                  const RequestFacts& facts) {
  const ReadProof read = read_proof(house, proof, facts.now);
  return house.store.write([&](store::Tx& tx) { return judge(house, tx, proof, read, facts); });
}

}  // namespace flow
