// The operator of the command line: the one other maker of actors beside the login flows.
#pragma once

#include <string>

#include "rights/actor.hpp"

namespace flow {

/// `request_id`: names the command in the audit log.
rights::Actor make_operator(std::string request_id);

}  // namespace flow
