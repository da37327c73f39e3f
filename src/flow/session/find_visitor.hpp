// Who has sent a session cookie. The database decides at every request: account status, security stamp, times.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "rights/session.hpp"

namespace flow {

/// A login without an acting context: it may only choose one or log out. If it owes a second factor, it may only give
/// one or log out; then, if session.must_change is set, only change the password or log out.
struct PendingLogin {
  identity::Account account;
  rights::Session session;
  bool owes_factor = true;
};

/// Nobody, a pending login, or an actor.
struct Visitor {
  std::optional<PendingLogin> pending;
  std::optional<rights::Actor> actor;
  audit::Code acting_ended{};  // of audit::why: the session acted for another person until this request
  [[nodiscard]] const rights::Session* session() const {
    return actor ? &actor->session() : pending ? &pending->session : nullptr;
  }
  /// Whether the login owes a second factor before anything else.
  [[nodiscard]] bool must_prove() const { return pending && pending->owes_factor; }
  [[nodiscard]] bool must_change() const { return pending && pending->session.must_change != identity::MustChange::no; }
  [[nodiscard]] const identity::Account* account() const {
    return actor ? &actor->account() : pending ? &pending->account : nullptr;
  }
  /// Whose session it is: the account that has logged in, also while it acts for another person.
  [[nodiscard]] const identity::Account* holder() const {
    return actor ? &actor->holder() : pending ? &pending->account : nullptr;
  }
};

/// A cookie that is malformed, unknown or expired gives an empty visitor. With `touch` the idle time begins again; it
/// is written at most once in a twentieth of that time. Errors: unavailable (database).
base::Result<Visitor> find_visitor(const House& house, std::string_view cookie, const RequestFacts& facts,
                                   bool touch = true);

/// The same inside a transaction that writes, always with `touch`, so that the visitor and the effect belong to one
/// moment.
base::Result<Visitor> find_visitor(const House& house, store::Tx& tx, std::string_view cookie,
                                   const RequestFacts& facts);

}  // namespace flow
