// Names of objects, for suggestions after a typing error (refuse_unknown). Empty if they cannot be read. `tenant`: as
// in flow::find_managed_tenant.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "flow/house/house.hpp"
#include "rights/actor.hpp"

namespace app {

std::vector<std::string> context_keys(const flow::House& house, const rights::Actor& actor, std::string_view tenant);
std::vector<std::string> group_names(const flow::House& house, const rights::Actor& actor, std::string_view tenant);
std::vector<std::string> policy_names(const flow::House& house, const rights::Actor& actor, std::string_view tenant);
std::vector<std::string> client_ids(const flow::House& house, const rights::Actor& actor);

}  // namespace app
