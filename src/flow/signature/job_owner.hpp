// Whose job it is, and whether its owner may have it signed now: judged in the transaction of each step. For this
// corridor only.
#pragma once

#include <optional>
#include <string>

#include "audit/event.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/signing/key_user.hpp"
#include "store/signing/signing_jobs.hpp"

namespace flow {

struct JobOwner {
  base::Id tenant_id;
  std::optional<base::Id> account_id{};  // neither: the operator
  std::optional<base::Id> client_id{};
  std::string client_name{};  // client_id of an application, for events

  /// Differs between owners; for Idempotency-Keys.
  [[nodiscard]] std::string mark() const;
};
/// nullopt: the account or the client does not exist any more, or an actor acts for somebody else.
base::Result<std::optional<JobOwner>> find_job_owner(store::Tx& tx, const KeyUser& user);

/// Whether the user acts at all now: the session is alive and the account neither suspended nor locked, or the program
/// is good. What was signed is told to nobody else, as nothing is signed for them.
base::Result<bool> acts_now(store::Tx& tx, const KeyUser& user, base::Time now);

struct OwnedJob {
  store::SigningJob row;
  std::vector<store::SigningItem> items;
};
/// nullopt: there is none of the user, or its time is over.
base::Result<std::optional<OwnedJob>> find_owned_job(store::Tx& tx, const KeyUser& user, const base::Id& id,
                                                     base::Time now);

/// Why the user may not have the job signed now, apart from a PIN; nullopt = may. A key that is not held here is judged
/// by its certificate, and needs no proof: its holder has it.
base::Result<std::optional<SignRefusal>> find_job_refusal(const House& house, store::Tx& tx, const KeyUser& user,
                                                          const store::SigningJob& job, const RequestFacts& facts);

/// A transaction of the user: an actor is judged in it, a program by find_job_refusal.
template <class F>
auto write_job(const House& house, const KeyUser& user, base::Time now, F&& body)
    -> std::invoke_result_t<F, store::Tx&> {
  if (const auto* actor = actor_of(user)) return write_for(house, *actor, now, std::forward<F>(body));
  return house.store.write(std::forward<F>(body));
}

/// One document was signed, or was not.
base::Result<void> record_item(store::Tx& tx, const KeyUser& user, const OwnedJob& job, const store::SigningItem& item,
                               const RequestFacts& facts);

Job show_job(const OwnedJob& owned, base::Time now);

}  // namespace flow
