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
  /// The holder of a session acts for another person: `parts` are the other's account, context and tenants; its session
  /// does not count.
  static rights::Actor make_acting(const rights::Actor& holder, Parts parts) {
    rights::Actor actor = holder;
    actor.behind_ = rights::Actor::Behind{holder.account_, holder.context_};
    actor.account_ = std::move(parts.account);
    actor.context_ = std::move(parts.context);
    actor.context_.lacks = actor.context_.lacks.with(rights::permissions_in_person);
    actor.tenants_ = std::move(parts.tenants);
    return actor;
  }
  static rights::Actor with_session(rights::Actor actor, rights::Session session) {
    actor.session_ = std::move(session);
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
