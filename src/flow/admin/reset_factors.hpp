// An administrator takes away all second factors of an account, because the person has lost them: authenticator apps,
// passkeys, recovery codes and known devices. The person is told. Who may send a link for a new password may do this,
// too.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "identity/factor/factor.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

/// A factor as an administrator sees it: without its name, which is the person's own text.
struct SeenFactor {
  identity::FactorKind kind = identity::FactorKind::totp;
  base::Time since;
  std::optional<base::Time> last_used_at;
};
struct SeenFactors {
  std::vector<SeenFactor> held;     // apps and passkeys
  std::int64_t recovery_codes = 0;  // that are left
  bool always = false;              // the person's wish to be asked at every login
  [[nodiscard]] bool empty() const { return held.empty() && recovery_codes == 0; }
};
base::Result<SeenFactors> read_factors(store::Tx& tx, const base::Id& account_id);

/// `account`: login, e-mail or id. Errors: denied, not_found (as read_account_to_look).
base::Result<SeenFactors> look_at_factors(const House& house, const rights::Actor& actor, std::string_view account,
                                          const RequestFacts& facts);
/// Needs a fresh proof. Sessions stay; they have a button of their own. Errors: those of find_changeable; conflict
/// (there is nothing to take away).
base::Result<void> reset_factors(const House& house, const rights::Actor& actor, std::string_view account,
                                 const RequestFacts& facts);

}  // namespace flow
