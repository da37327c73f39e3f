#include "flow/proof/spend_once.hpp"

#include "crypto/digest/digest.hpp"
#include "store/proof/one_time_tokens.hpp"

namespace flow {

base::Result<bool> spend_once(store::Tx& tx, const identity::Account& account, const SealedOnce& what, base::Time now) {
  store::OneTimeToken token;
  token.hash = crypto::sha256(what.secret);
  token.tenant_id = account.tenant_id;
  token.purpose = what.purpose;
  token.account_id = account.id;
  token.created_at = now;
  // It was sealed before now, so that it has ended by then.
  token.expires_at = now + what.lasts;
  return store::note_used_token(tx, token, now);
}

}  // namespace flow
