#include "flow/admin/give_app.hpp"

#include <algorithm>

#include "audit/event.hpp"
#include "base/base32.hpp"
#include "flow/account/find_changeable.hpp"
#include "flow/factor/change_factors.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/session/judge_actor.hpp"
#include "store/factor/factors.hpp"

namespace flow {
namespace {

// RFC 4226 §4 asks for 16; other systems have made shorter ones.
constexpr std::size_t least_octets = 10;
constexpr std::size_t most_octets = 64;

base::Result<base::Secret> read_secret(const base::Secret& typed) {
  std::string bare(typed.reveal());
  std::erase(bare, ' ');
  auto octets = base::parse_base32(bare);
  if (!octets || octets->size() < least_octets || octets->size() > most_octets) {
    return base::fail(base::Code::invalid_input, "the secret is not base32 of 10 to 64 octets");
  }
  return base::Secret(std::move(*octets));
}

}  // namespace

base::Result<bool> give_app(const House& house, const rights::Actor& actor, const GivenApp& given,
                            const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_proven(house, actor, rights::Permission::administer_all, facts.now));
  ASSIGN_OR_RETURN(const base::Secret secret, read_secret(given.secret));
  return write_for(house, actor, facts.now, [&](store::Tx& tx) -> base::Result<bool> {
    ASSIGN_OR_RETURN(const identity::Account account, find_changeable(tx, actor, given.account, facts.now));
    ASSIGN_OR_RETURN(const std::int64_t count, store::count_factors(tx, account.id, identity::FactorKind::totp));
    if (given.if_missing && count > 0) return false;
    if (count >= static_cast<std::int64_t>(identity::most_totp)) {
      return base::fail(base::Code::conflict, "the account has as many authenticator apps as it may have");
    }
    store::Factor app;
    app.id = base::Id::make(facts.now);
    app.account_id = account.id;
    app.kind = identity::FactorKind::totp;
    app.data = secret;
    RETURN_IF_ERROR(store::insert_factor(tx, app, facts.now));
    RETURN_IF_ERROR(record_factor_change(house, tx, actor, {account, "totp", "added", app.id}, facts));
    return true;
  });
}

}  // namespace flow
