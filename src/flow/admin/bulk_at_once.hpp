// An act on many accounts for the command line, whose operator has no session that a run could keep: everything is done
// before the answer. Each account has a transaction of its own with its audit event, and those of the whole name the
// same run, so that the audit log finds them as it finds those of a run (bulk_act.hpp). A command that was killed can
// be given again: what was done is judged as done already. Only a reset sends its link again.
#pragma once

#include <vector>

#include "base/result.hpp"
#include "flow/admin/judge_bulk.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Each account once, with its outcome. `facts` has the reason. Errors: denied (not the operator), those of
/// preview_bulk.
base::Result<std::vector<BulkRow>> do_bulk_at_once(const House& house, const rights::Actor& actor, const BulkWish& wish,
                                                   const RequestFacts& facts);

}  // namespace flow
