// The audit events of a run on many accounts. The changes of its accounts have events of their own, whose number of the
// request is the id of the run.
#pragma once

#include <cstddef>

#include "audit/event.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/account/bulk_acts.hpp"

namespace flow {

struct BulkStep {
  audit::Code step;          // begun, done, stopped, refused
  std::size_t accounts = 0;  // of the run; at its end: of those that were changed
};
audit::Event bulk_event(const rights::Actor& actor, const store::BulkAct& act, const BulkStep& step,
                        const RequestFacts& facts);
/// The same without an actor, who may not act any more.
audit::Event bulk_event(const store::BulkAct& act, const BulkStep& step, const RequestFacts& facts);

}  // namespace flow
