// Who is behind a session cookie, decided from the database at every request (account status, stamp, times).
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

/// Logged in, but no acting context chosen yet: may only choose one or log out; or, if session.must_change says so,
/// only change the password or log out.
struct PendingLogin {
  identity::Account account;
  rights::Session session;
};

/// Nobody, a pending login, or an actor.
struct Visitor {
  std::optional<PendingLogin> pending;
  std::optional<rights::Actor> actor;
  [[nodiscard]] const rights::Session* session() const {
    return actor ? &actor->session() : pending ? &pending->session : nullptr;
  }
  [[nodiscard]] bool must_change() const { return pending && pending->session.must_change != identity::MustChange::no; }
  [[nodiscard]] const identity::Account* account() const {
    return actor ? &actor->account() : pending ? &pending->account : nullptr;
  }
};

/// Anything malformed, unknown or over gives an empty visitor. With `touch` the idle time begins anew (written at
/// most once in a twentieth of it). Errors: unavailable (database).
base::Result<Visitor> find_visitor(const House& house, std::string_view cookie, const RequestFacts& facts,
                                   bool touch = true);

/// The same inside of a transaction that writes, always with `touch`: what is decided for the visitor is decided of one
/// moment.
base::Result<Visitor> find_visitor(const House& house, store::Tx& tx, std::string_view cookie,
                                   const RequestFacts& facts);

}  // namespace flow
