// Makes the actor of the command line: the operator, who has every permission and no account.
#pragma once

#include <string>

#include "rights/actor.hpp"

namespace flow {

/// `request_id`: names the command in the audit log.
rights::Actor make_operator(std::string request_id);

}  // namespace flow
