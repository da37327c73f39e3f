#include "flow/proof/settle_proof.hpp"

#include "audit/event.hpp"
#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "flow/house/audit_settings.hpp"
#include "flow/house/event_turn.hpp"
#include "flow/house/record.hpp"
#include "flow/proof/lockout_settings.hpp"
#include "flow/session/known_device.hpp"
#include "identity/identifier/login_name.hpp"
#include "store/account/accounts.hpp"
#include "store/account/contexts.hpp"
#include "store/account/statistics.hpp"
#include "store/audit/audit_log.hpp"
#include "store/proof/throttling.hpp"
#include "store/tenant/tenants.hpp"

namespace flow {
namespace {

struct Judged {
  audit::Code reason;  // "" = proven so far
  std::optional<identity::Account> account;
  Standing standing;
  bool is_counted = true;    // as a failure, if it is one
  bool is_repeated = false;  // what was handed over came before
};

Claimed claimed_by(const Judged& judged, const Claim& claim) {
  return {judged.account ? &*judged.account : nullptr, claim.canonical};
}

// The order matters only for the audit log.
audit::Code find_reason(const Judged& judged, const ComparedProof& compared, Held held) {
  if (!judged.account) return compared.flaw().empty() ? audit::Code("unknown_login") : compared.flaw();
  if (judged.account->status == identity::AccountStatus::deleted) return "deleted";
  if (!identity::may_log_in(*judged.account)) return "suspended";
  if (!judged.standing.bar.empty()) return judged.standing.bar;
  const bool is_password = compared.method() == rights::ProofMethod::password;
  if (held == Held::none) return is_password ? audit::Code("no_password") : audit::Code("no_credential");
  if (!compared.matches && !compared.flaw().empty()) return compared.flaw();
  if (!compared.matches) return is_password ? audit::Code("wrong_password") : audit::Code("wrong_proof");
  if (held == Held::changed) return is_password ? audit::Code("password_changed") : audit::Code("credential_changed");
  return {};
}

base::Result<Judged> judge(const Proving& proving, store::Tx& tx, ComparedProof& compared,
                           const FurtherReason& further) {
  Judged judged;
  // The account whose credential was compared is read again by its id, because the typed name may belong to another
  // account by now.
  const base::Id id = compared.claim.account_id.value_or(base::Id());
  ASSIGN_OR_RETURN(judged.account, store::find_account(tx, id));
  ASSIGN_OR_RETURN(const Held held, compared.read_again(tx, id));
  ASSIGN_OR_RETURN(judged.standing, find_standing(proving.house, tx, claimed_by(judged, compared.claim),
                                                  rights::lockout_kind_of(compared.method()), proving.facts));
  judged.reason = find_reason(judged, compared, held);
  const identity::Account nobody;
  const identity::Account& account = judged.account ? *judged.account : nobody;
  ASSIGN_OR_RETURN(const audit::Code end, compared.find_end(tx, account, proving.facts.now));
  if (judged.reason.empty()) judged.reason = end;
  if (further) {
    ASSIGN_OR_RETURN(const audit::Code more, further(tx, account, judged.reason.empty()));
    if (judged.reason.empty()) judged.reason = more;
  }
  judged.is_counted = compared.is_judged();
  if (judged.account) {
    ASSIGN_OR_RETURN(const bool is_new, compared.take(tx, *judged.account, proving.facts.now));
    if (!is_new) {
      judged.reason = "used_before";
      judged.is_counted = false;
      judged.is_repeated = true;
    }
  }
  if (judged.reason.empty()) {
    ASSIGN_OR_RETURN(const bool is_first, compared.use_up(tx, *judged.account, proving.facts.now));
    if (!is_first) judged.reason = "used_before";
  }
  return judged;
}

// A login that a relying party began counts as one there.
std::string_view realm_of(const ProofUse& use) {
  return use.client_id.empty() ? "own" : "other";
}

// An unknown name causes as many rows as an account does.
base::Result<base::Id> count_attempt(const Proving& proving, store::Tx& tx, const Judged& judged, const Claim& claim) {
  const RequestFacts& facts = proving.facts;
  ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
  if (judged.account && !judged.is_counted) return judged.account->tenant_id;
  if (judged.account) {
    RETURN_IF_ERROR(store::record_login(tx, judged.account->id, realm_of(proving.use), false, facts.ip, facts.now));
    return judged.account->tenant_id;
  }
  const base::Bytes name = proving.house.master.authenticate("throttle", "name|" + claim.canonical);
  RETURN_IF_ERROR(store::count_in_window(tx, name, std::chrono::minutes(1), facts.now));
  return first.id;
}

audit::Event make_failure(const Proving& proving, const base::Id& tenant_id, const Judged& judged,
                          const ComparedProof& compared, std::optional<std::int64_t> total) {
  const ProofUse& use = proving.use;
  const base::Id subject = judged.account ? judged.account->id : base::Id();
  audit::Event event = make_event(use.event, {tenant_id, subject}, proving.facts,
                                  {{"method", compared.method()},
                                   {"for", use.purpose},
                                   {"reason", judged.reason},
                                   {"in_this_minute", audit::Value::count(total)}},
                                  compared.claim.typed);
  event.outcome = "failure";
  event.client = use.client_id;
  return event;
}

void name_actor(audit::Event& event, const rights::Actor* actor) {
  if (actor == nullptr) return;
  event.actor = actor->holder().id;
  event.session = actor->session().id;
  event.context = actor->context().key;
}

base::Result<void> refuse(Proving& proving, store::Tx& tx, const ComparedProof& compared, const Judged& judged) {
  const House& house = proving.house;
  const RequestFacts& facts = proving.facts;
  // Only the failures of strangers count for their network, because the people of a hospital ward, who share one
  // address, must not lock each other out.
  proving.pass.settle(!judged.standing.known_device && !judged.is_repeated);
  // One bucket for each address, whichever account is named, so that the events that are written do not show which
  // accounts exist.
  ASSIGN_OR_RETURN(const EventTurn turn,
                   take_network_turn(house, tx, "failure", house.settings.audit.failures_each_minute, facts));
  // Counted whatever the reason, so that the rows that are written do not show that an account is suspended.
  if (judged.is_counted) {
    RETURN_IF_ERROR(count_failure(house, tx, claimed_by(judged, compared.claim), judged.standing, facts));
  }
  ASSIGN_OR_RETURN(const base::Id tenant_id, count_attempt(proving, tx, judged, compared.claim));
  if (!turn.is_written) return {};
  audit::Event event = make_failure(proving, tenant_id, judged, compared, turn.in_this_minute);
  name_actor(event, proving.use.actor);
  return store::append_event(tx, std::move(event));
}

base::Result<void> record_success(const Proving& proving, store::Tx& tx, const ComparedProof& compared,
                                  const identity::Account& account) {
  audit::Event event = make_event(audit::type::proof, account, proving.facts,
                                  {{"method", compared.method()}, {"for", proving.use.purpose}}, compared.claim.typed);
  name_actor(event, proving.use.actor);
  return store::append_event(tx, std::move(event));
}

// Whether this browser is a known device of the named account and has its allowance. It only reads, equally often for
// every account at which the browser is not known.
base::Result<bool> is_known_here(const Proving& proving, const Claim& claim) {
  const House& house = proving.house;
  const RequestFacts& facts = proving.facts;
  if (facts.devices.empty()) return false;
  return house.store.read([&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const auto account, find_claimed(tx, claim, facts.now));
    const Claimed claimed{account ? &*account : nullptr, claim.canonical};
    ASSIGN_OR_RETURN(const Standing standing,
                     find_standing(house, tx, claimed, rights::lockout_kind_of(proving.use.method), facts));
    return standing.known_device;
  });
}

base::Result<void> record_bar(const House& house, const RequestFacts& facts, const ProofUse& use, std::int64_t before) {
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const store::Tenant first, store::find_first_tenant(tx));
    audit::Event event = make_event(
        use.event, first.id, facts,
        {{"reason", "network"}, {"before", audit::Value::count(before > 0 ? std::optional(before) : std::nullopt)}});
    event.outcome = "failure";
    event.client = use.client_id;
    return store::append_event(tx, std::move(event));
  });
}

}  // namespace

base::Result<Proving> begin_proof(const House& house, const RequestFacts& facts, const ProofUse& use,
                                  const Claim& claim) {
  Proving proving{house, facts, use, {}};
  NetworkGate::Answer answer = house.gate.enter(facts.ip, house.settings.lockout.network, facts.now);
  if (answer.pass) {
    proving.pass = std::move(*answer.pass);
    return proving;
  }
  ASSIGN_OR_RETURN(const bool known, is_known_here(proving, claim));
  if (known) return proving;
  if (answer.is_to_record) RETURN_IF_ERROR(record_bar(house, facts, use, answer.refused_before));
  return base::fail(base::Code::too_many, "the network has failed too often");
}

Claim claim_login(std::string_view typed) {
  Claim claim;
  claim.typed = typed;
  if (auto canonical = identity::canonical_login(typed)) claim.canonical = std::move(*canonical);
  return claim;
}

base::Result<std::optional<identity::Account>> find_claimed(store::Tx& tx, const Claim& claim, base::Time now) {
  if (claim.account_id) return store::find_account(tx, *claim.account_id);
  ASSIGN_OR_RETURN(auto account, store::find_account_by_login(tx, claim.canonical, now));
  if (!account) RETURN_IF_ERROR(store::find_account(tx, base::Id()));
  return account;
}

base::Result<Settled> settle_proof(Proving& proving, store::Tx& tx, ComparedProof& compared,
                                   const FurtherReason& further) {
  ASSIGN_OR_RETURN(Judged judged, judge(proving, tx, compared, further));
  proving.pass.settle(false);
  Settled settled;
  settled.refusal = judged.reason;
  if (!judged.reason.empty()) {
    RETURN_IF_ERROR(refuse(proving, tx, compared, judged));
    return settled;
  }
  if (proving.use.event == audit::type::proof) {
    RETURN_IF_ERROR(record_success(proving, tx, compared, *judged.account));
  }
  settled.account = std::move(*judged.account);
  settled.standing = std::move(judged.standing);
  return settled;
}

base::Result<void> forget_when_complete(const Proving& proving, store::Tx& tx, const Settled& settled,
                                        const rights::Proofs& proofs) {
  if (!has_failures(proving.house, settled.account, settled.standing)) return {};
  ASSIGN_OR_RETURN(const auto contexts, store::list_contexts(tx, settled.account.id, proving.facts.now));
  if (rights::find_offered(contexts, {proofs, proving.facts.ip, proving.facts.ip}).empty()) return {};
  return forget_failures(proving.house, tx, settled.account, settled.standing);
}

tl::unexpected<base::Error> refuse_login() {
  return base::fail(base::Code::login_failed, "see the audit log");
}

}  // namespace flow
