// Who may use which credential, judged in the transaction of the use.
#pragma once

#include <optional>
#include <variant>

#include "audit/value.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/signing/use_credential.hpp"
#include "store/engine/store.hpp"
#include "store/signing/signing_credentials.hpp"

namespace flow {

/// Why a key is not used: a code for the caller, and a reason for the audit log.
struct KeyRefusal {
  base::Code code = base::Code::denied;
  audit::Code reason;
};

/// The credential if the user may know of it: an own one, or a seal of an organisation that the user reaches. nullopt:
/// there is none.
base::Result<std::optional<store::SigningCredential>> find_known_credential(store::Tx& tx, const KeyUser& user,
                                                                            const base::Id& id);
/// Whether the user may use it now: may_issue, its state, the time of its certificate, and a fresh proof if it asks for
/// one. A PIN is not judged here. nullopt = yes.
base::Result<std::optional<KeyRefusal>> find_key_refusal(const House& house, store::Tx& tx, const KeyUser& user,
                                                         const store::SigningCredential& credential,
                                                         const RequestFacts& facts);
/// The actor behind the user; nullptr: a program.
const rights::Actor* actor_of(const KeyUser& user);

}  // namespace flow
