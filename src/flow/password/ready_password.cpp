#include "flow/password/ready_password.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "base/time.hpp"
#include "crypto/key/master_key.hpp"
#include "crypto/password/password_hash.hpp"
#include "flow/password/breached_passwords.hpp"
#include "identity/identifier/login_name.hpp"
#include "store/password/passwords.hpp"

namespace flow {
namespace {

constexpr std::string_view cost_prefix = "argon2id m=";
constexpr std::string_view cost_passes = " t=";

std::string cost_of(const crypto::HashParameters& parameters) {
  return std::string(cost_prefix) + std::to_string(parameters.memory_kib) + std::string(cost_passes) +
         std::to_string(parameters.passes);
}

std::optional<crypto::HashParameters> parse_cost(std::string_view cost) {
  const std::size_t passes = cost.find(cost_passes);
  if (!cost.starts_with(cost_prefix) || passes == std::string_view::npos) return std::nullopt;
  crypto::HashParameters found;
  const char* end = cost.data() + cost.size();
  const char* middle = cost.data() + passes;
  const auto memory_read = std::from_chars(cost.data() + cost_prefix.size(), middle, found.memory_kib);
  const auto passes_read = std::from_chars(middle + cost_passes.size(), end, found.passes);
  if (memory_read.ptr != middle || passes_read.ptr != end) return std::nullopt;
  return found;
}

// As it is stored now if the password was set under the master key of that generation (crypto/key/master_key.hpp).
base::Result<base::Bytes> digest_of(const House& house, const base::Id& account_id, const base::Secret& normal,
                                    const crypto::HashParameters& parameters, std::size_t generation) {
  const crypto::MasterKey& master = house.master;
  const base::Bytes salt =
      master.authenticate_in(generation, "password-history-salt", account_id.bytes()).substr(0, 16);
  ASSIGN_OR_RETURN(const base::Bytes slow, crypto::derive_slowly(normal, salt, parameters));
  return master.stored_form(
      generation, master.authenticate_in(generation, "password-history", base::Bytes(account_id.bytes()) + slow));
}

// All digests that a password may have that was set with these parameters.
base::Result<std::vector<base::Bytes>> digests_of(const House& house, const base::Id& account_id,
                                                  const base::Secret& normal,
                                                  const crypto::HashParameters& parameters) {
  std::vector<base::Bytes> all;
  for (std::size_t generation = 0; generation < house.master.generations(); ++generation) {
    ASSIGN_OR_RETURN(base::Bytes digest, digest_of(house, account_id, normal, parameters, generation));
    all.push_back(std::move(digest));
  }
  return all;
}

struct Remembered {
  bool used_before = false;
  base::Bytes digest;  // with the parameters in force
};

base::Result<Remembered> compare_with_former(const House& house, const PasswordGround& ground,
                                             const base::Secret& normal) {
  Remembered result;
  const crypto::HashParameters& in_force = house.settings.password_hash;
  std::map<std::string, std::vector<base::Bytes>> digests;  // by cost
  ASSIGN_OR_RETURN(auto of_now, digests_of(house, ground.account.id, normal, in_force));
  result.digest = of_now.front();
  digests.emplace(cost_of(in_force), std::move(of_now));
  const std::int64_t history = ground.in_force.policy.history;
  const auto counted =
      static_cast<std::size_t>(std::min<std::int64_t>(history, static_cast<std::int64_t>(ground.former.size())));
  for (std::size_t i = 0; i < counted; ++i) {
    const store::FormerPassword& former = ground.former[i];
    auto found = digests.find(former.cost);
    if (found == digests.end()) {
      const auto parameters = parse_cost(former.cost);
      if (!parameters) return base::fail(base::Code::internal, "an earlier password has an unknown cost");
      ASSIGN_OR_RETURN(auto made, digests_of(house, ground.account.id, normal, *parameters));
      found = digests.emplace(former.cost, std::move(made)).first;
    }
    for (const base::Bytes& digest : found->second) {
      result.used_before = base::equal_in_constant_time(digest, former.digest) || result.used_before;
    }
  }
  // The password in force may have been set before the history began.
  if (history > 0 && !result.used_before && ground.former.empty() && ground.current) {
    result.used_before = crypto::matches(normal, ground.current->phc.reveal());
  }
  return result;
}

}  // namespace

base::Result<PasswordGround> find_ground(store::Tx& tx, identity::Account account, base::Time now) {
  PasswordGround ground;
  ASSIGN_OR_RETURN(ground.current, store::find_password(tx, account.id));
  ASSIGN_OR_RETURN(ground.in_force, find_policy(tx, account, now));
  ASSIGN_OR_RETURN(ground.former, store::list_former_passwords(tx, account.id));
  ASSIGN_OR_RETURN(ground.facts, find_password_facts(tx, account));
  ground.account = std::move(account);
  return ground;
}

base::Result<PasswordJudgement> judge_password(const House& house, const PasswordGround& ground,
                                               const base::Secret& typed, base::Time now) {
  PasswordJudgement judgement;
  identity::PasswordFacts facts = ground.facts;
  auto normal = identity::normal_password(typed.reveal());
  if (!normal) {
    judgement.flaws = identity::find_flaws(typed.reveal(), ground.in_force.policy, facts);
    if (judgement.flaws.empty()) judgement.flaws.push_back({identity::PasswordFlaw::Kind::not_text, 0, 0});
    return judgement;
  }
  const base::Secret password(std::move(*normal));
  ASSIGN_OR_RETURN(const Remembered remembered, compare_with_former(house, ground, password));
  facts.used_before = remembered.used_before;
  ASSIGN_OR_RETURN(facts.breached, is_breached(house, password.reveal()));
  judgement.flaws = identity::find_flaws(password.reveal(), ground.in_force.policy, facts);
  if (!judgement.flaws.empty()) return judgement;
  ReadyPassword ready;
  ASSIGN_OR_RETURN(std::string phc, crypto::hash_password(password, house.settings.password_hash));
  ready.phc = base::Secret(std::move(phc));
  ready.remembered = {remembered.digest, cost_of(house.settings.password_hash), now};
  ready.rules = ground.in_force.rules;
  judgement.ready = std::move(ready);
  return judgement;
}

base::Result<ReadyPassword> judge_given_password(const House& house, const PasswordGround& ground,
                                                 const base::Secret& given, base::Time now) {
  ASSIGN_OR_RETURN(PasswordJudgement judgement, judge_password(house, ground, given, now));
  if (judgement.ready) return std::move(*judgement.ready);
  std::string reason = "password: the policy " + ground.in_force.policy.name + " does not accept it: ";
  for (std::size_t i = 0; i < judgement.flaws.size(); ++i) {
    const identity::PasswordFlaw& flaw = judgement.flaws[i];
    reason.append(i == 0 ? "" : "; ").append(identity::name_of(flaw.kind));
    if (flaw.needed > 0) reason.append(" (asked for: ").append(std::to_string(flaw.needed)).append(")");
  }
  return base::fail(base::Code::invalid_input, std::move(reason));
}

PasswordTerms terms_of_given(bool must_change) {
  return {must_change ? identity::PasswordOrigin::initial : identity::PasswordOrigin::own};
}

base::Result<void> write_password(store::Tx& tx, const identity::Account& account, const ReadyPassword& ready,
                                  const PasswordTerms& terms, base::Time now) {
  ASSIGN_OR_RETURN(const PolicyInForce in_force, find_policy(tx, account, now));
  if (in_force.rules != ready.rules) {
    return base::fail(base::Code::conflict, "the password was judged under a policy that is no longer in force");
  }
  RETURN_IF_ERROR(store::set_password(tx, account.id, ready.phc, terms.origin, now, terms.not_after));
  RETURN_IF_ERROR(store::remember_password(tx, account.id, ready.remembered));
  return store::set_policy_ok(tx, account.id, ready.rules);
}

std::string names_of(const std::vector<identity::PasswordFlaw>& flaws) {
  std::string all;
  for (const identity::PasswordFlaw& flaw : flaws) {
    all.append(all.empty() ? "" : ", ").append(identity::name_of(flaw.kind));
  }
  return all;
}

}  // namespace flow
