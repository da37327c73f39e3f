// The only functions that make actors. Only find_visitor (after it has checked the session) and make_operator (for the
// command line) include this header.
#pragma once

#include <string>
#include <utility>

#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/session.hpp"

namespace flow {

class ActorMaker {
 public:
  static rights::Actor make(identity::Account account, rights::Session session, rights::ActingContext context,
                            const RequestFacts& facts) {
    rights::Actor actor;
    actor.account_ = std::move(account);
    actor.session_ = std::move(session);
    actor.context_ = std::move(context);
    actor.ip_ = facts.ip;
    actor.request_id_ = facts.request_id;
    return actor;
  }
  static rights::Actor make_operator(std::string request_id) {
    rights::Actor actor;
    actor.operator_ = true;
    actor.context_.role = rights::Role::super_administrator;
    actor.context_.key = "operator";
    actor.request_id_ = std::move(request_id);
    return actor;
  }
};

}  // namespace flow
