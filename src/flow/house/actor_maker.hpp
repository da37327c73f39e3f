// The only functions that make actors. Only find_visitor (after it has checked the session) and make_operator (for the
// command line) include this header.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/role.hpp"
#include "rights/session.hpp"

namespace flow {

class ActorMaker {
 public:
  struct Parts {
    identity::Account account;
    rights::Session session;
    rights::ActingContext context;
    std::vector<base::Id> tenants;  // see rights::Actor::tenants
  };
  static rights::Actor make(Parts parts, const RequestFacts& facts) {
    rights::Actor actor;
    actor.account_ = std::move(parts.account);
    actor.session_ = std::move(parts.session);
    actor.context_ = std::move(parts.context);
    actor.tenants_ = std::move(parts.tenants);
    actor.ip_ = facts.ip;
    actor.request_id_ = facts.request_id;
    return actor;
  }
  static rights::Actor make_operator(std::string request_id) {
    rights::Actor actor;
    actor.operator_ = true;
    actor.context_.role = rights::role::super_administrator;
    actor.context_.of_role = rights::Permissions::all();
    actor.context_.key = "operator";
    actor.request_id_ = std::move(request_id);
    return actor;
  }
};

}  // namespace flow
