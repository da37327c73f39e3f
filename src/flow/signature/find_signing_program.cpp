#include "flow/signature/find_signing_program.hpp"

namespace flow {
namespace {

base::Result<SigningProgram> judge(const House& house, store::Tx& tx, const CallerProof& proof, const ReadProof& read,
                                   const RequestFacts& facts) {
  ASSIGN_OR_RETURN(const Program program, find_program(house, tx, {proof, read}, call_to_sign, facts));
  SigningProgram found{program.refusal, AccountByToken{}};
  if (program.refusal) return found;
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
