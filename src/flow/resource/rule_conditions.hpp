// A rule of a resource server (rights::AccessRule) as people write and read it, one condition each: "all",
// "kind:employee", "context:administrator", "group:physicians", "client:demo-lab". Conditions of one sort are
// alternatives; each sort that is named must fit.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "rights/actor.hpp"
#include "rights/resource.hpp"
#include "store/engine/store.hpp"

namespace flow {

using Conditions = std::vector<std::string>;

/// Names of what rules refer to. What was deleted has none, and its id is printed.
struct RuleNames {
  std::map<base::Id, std::string> groups{};
  std::map<base::Id, std::string> clients{};  // client_id
};

/// Groups and contexts are those of the server's tenant; of a server that serves the tenants below too a context may be
/// one that only they have. Clients are those that the actor reaches. What is named by its id stays, also if it was
/// deleted. Errors: invalid_input, which names the first condition that is not understood or names nothing.
base::Result<rights::AccessRule> read_conditions(store::Tx& tx, const rights::Actor& actor,
                                                 const rights::ResourceServer& server, const Conditions& conditions);

/// In the order all, kind, context, group, client.
Conditions print_conditions(const rights::AccessRule& rule, const RuleNames& names);

/// Of all items. Errors: unavailable.
base::Result<RuleNames> find_rule_names(store::Tx& tx, const rights::ResourceServer& server);

}  // namespace flow
