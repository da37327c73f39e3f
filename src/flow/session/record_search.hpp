// Searches by number. An administrator sees the names of people and not the numbers of their documents, but finds an
// account by the beginning of such a number. Without a limit the search would tell the number digit by digit.
#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"

namespace flow {

/// Before a search for these words. One that can find accounts by a number counts, and is recorded without the number;
/// every other search, and the operator of the command line, passes. Errors: too_many (60 in an hour, on all nodes
/// together), denied.
base::Result<void> record_search(const House& house, const rights::Actor& actor, const std::vector<std::string>& words,
                                 const RequestFacts& facts);

}  // namespace flow
