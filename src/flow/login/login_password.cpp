#include "flow/login/login_password.hpp"

#include <optional>

#include "audit/event.hpp"
#include "crypto/password/password_hash.hpp"
#include "flow/login/judge_login.hpp"
#include "flow/login/list_factors.hpp"
#include "flow/proof/password_proof.hpp"
#include "rights/proofs.hpp"
#include "store/engine/store.hpp"
#include "store/password/passwords.hpp"

namespace flow {
namespace {

struct Opened {
  bool refused = false;
  bool rehash = false;
  base::Id account_id;
  Finished finished;
};

// One login by password, from the comparison to the session.
class Login {
 public:
  Login(Proving& proving, const PasswordLogin& wished, PasswordProof& proof)
      : proving_(proving), house_(proving.house), facts_(proving.facts), wished_(wished), proof_(proof) {}

  // May run again, because it sets only members of this object, and sets all of them.
  base::Result<Opened> decide(store::Tx& tx) {
    verdict_ = {};
    const auto further = [this](store::Tx& inside, const identity::Account& account, bool is_proven) {
      return find_further_reason(inside, account, is_proven);
    };
    ASSIGN_OR_RETURN(const Settled settled, settle_proof(proving_, tx, proof_, further));
    Opened opened;
    opened.refused = !settled.refusal.empty();
    if (opened.refused) return opened;
    RETURN_IF_ERROR(note_rules(tx, settled.account.id, verdict_));
    StepOfLogin step{proving_, settled, rights::Proofs(proof_.method())};
    step.must_change = verdict_.must_change;
    step.replaced_cookie = wished_.replaced_cookie;
    step.client_id = wished_.client_id;
    step.typed = wished_.typed_login;
    ASSIGN_OR_RETURN(opened.finished, finish_step(house_, tx, step, facts_));
    opened.rehash = crypto::needs_rehash(proof_.phc().reveal(), house_.settings.password_hash);
    opened.account_id = settled.account.id;
    return opened;
  }

 private:
  base::Result<audit::Code> find_further_reason(store::Tx& tx, const identity::Account& account, bool is_proven) {
    const PasswordToJudge password{proof_.stored() ? &*proof_.stored() : nullptr, proof_.policy(), proof_.password(),
                                   is_proven};
    ASSIGN_OR_RETURN(verdict_, find_verdict(tx, account, password, facts_.now));
    const rights::Proofs proofs(proof_.method());
    ASSIGN_OR_RETURN(const bool has_way, has_way_in(house_, tx, account, {proofs, facts_.ip, facts_.ip}, facts_.now));
    return has_way ? audit::Code() : audit::Code("no_context");
  }

  Proving& proving_;
  const House& house_;
  const RequestFacts& facts_;
  const PasswordLogin& wished_;
  PasswordProof& proof_;
  LoginVerdict verdict_;
};

}  // namespace

base::Result<LoginDone> login_password(const House& house, const PasswordLogin& wished, const RequestFacts& facts) {
  const Claim claim = claim_login(wished.typed_login);
  ASSIGN_OR_RETURN(Proving proving,
                   begin_proof(house, facts, {.event = audit::type::login, .client_id = wished.client_id}, claim));
  ASSIGN_OR_RETURN(PasswordProof proof, compare_password(proving, claim, wished.password));
  Login login(proving, wished, proof);
  ASSIGN_OR_RETURN(Opened opened, house.store.write([&](store::Tx& tx) { return login.decide(tx); }));
  if (opened.refused) return refuse_login();
  if (opened.rehash) {
    // Done after the login, so that only the owner waits for it; after a failure the old hash stays.
    if (const auto phc = crypto::hash_password(proof.password(), house.settings.password_hash)) {
      (void)house.store.write(
          [&](store::Tx& tx) { return store::replace_hash(tx, opened.account_id, proof.phc(), base::Secret(*phc)); });
    }
  }
  return tell_finished(std::move(opened.finished));
}

}  // namespace flow
