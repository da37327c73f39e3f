// Credentials that sign documents, as their owners and administrators see and end them. An own one needs the permission
// sign, another one and a seal manage_credentials; each change needs a fresh proof.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/signing/credential_act.hpp"
#include "rights/actor.hpp"
#include "store/signing/signing_credentials.hpp"
#include "token/token.hpp"

namespace flow {

using crypto::all_revocation_reasons;
using crypto::parse_revocation_reason;

/// "requested", "active", "early", "expired", "suspended", "revoked": what it is now.
std::string_view state_of(const store::SigningCredential& row, base::Time now);

/// The own ones, the newest first. Errors: denied.
base::Result<std::vector<store::SigningCredential>> list_own_credentials(const House& house,
                                                                         const rights::Actor& actor);
/// The same for one. Errors: denied, not_found (also one of somebody else).
base::Result<store::SigningCredential> find_own_credential(const House& house, const rights::Actor& actor,
                                                           const base::Id& id);
/// What the tokens say on which these keys are, by their names. A token that is not there, or not in the configuration,
/// is a state. At most one look at each.
std::map<std::string, token::State> look_at_tokens_of(const House& house,
                                                      const std::vector<store::SigningCredential>& rows);
/// Of one organisation, or of one account in it, the newest first, at most 200; manage_credentials. `tenant`,
/// `account`:
/// "" = the actor's own, all. Errors: denied, not_found.
base::Result<std::vector<store::SigningCredential>> list_credentials(const House& house, const rights::Actor& actor,
                                                                     std::string_view tenant, std::string_view account,
                                                                     base::Time now);
/// Errors: denied, not_found.
base::Result<store::SigningCredential> find_credential(const House& house, const rights::Actor& actor,
                                                       const base::Id& id, base::Time now);

/// Names of the people whose keys these are, by account; an account without a name is named by its login. For who
/// manages credentials. Errors: denied.
using OwnerNames = std::map<base::Id, std::string>;
base::Result<OwnerNames> name_owners_of(const House& house, const rights::Actor& actor,
                                        const std::vector<store::SigningCredential>& rows);

/// Nothing is signed with it until it is restored. Errors: denied, not_found, conflict (revoked, or it is so already).
base::Result<void> suspend_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                      const RequestFacts& facts);
base::Result<void> restore_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                      const RequestFacts& facts);
/// For ever. The own authority revokes its certificate too; of another one its authority must be told. The key of a
/// software credential is destroyed. Errors: denied, not_found, conflict (revoked already).
base::Result<void> revoke_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                     crypto::RevocationReason reason, const RequestFacts& facts);
/// The row with its key; what was signed stays valid. A key on a token stays there. Errors: denied, not_found.
base::Result<void> delete_credential(const House& house, const rights::Actor& actor, const base::Id& id,
                                     const RequestFacts& facts);

}  // namespace flow
