// The account or operator for whom a flow works. Only find_visitor, for a session that it has checked, and the command
// line make one (friend ActorMaker, defined in flow).
// An actor may act for another person (S3.9): account and context are that person's then, the session is the holder's,
// and behind() names the holder. Such a context lacks everything that needs the person themselves.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "base/id.hpp"
#include "identity/account/account.hpp"
#include "rights/context.hpp"
#include "rights/session.hpp"

namespace flow {
class ActorMaker;
}

namespace rights {

class Actor {
 public:
  [[nodiscard]] const identity::Account& account() const { return account_; }
  [[nodiscard]] const Session& session() const { return session_; }
  [[nodiscard]] const ActingContext& context() const { return context_; }
  /// Who really acts, in the context in which they logged in.
  struct Behind {
    identity::Account account;
    ActingContext context;
  };
  /// nullptr: the actor acts for nobody else.
  [[nodiscard]] const Behind* behind() const { return behind_ ? &*behind_ : nullptr; }
  [[nodiscard]] bool is_acting() const { return behind_.has_value(); }
  /// The account whose session it is.
  [[nodiscard]] const identity::Account& holder() const { return behind_ ? behind_->account : account_; }
  /// The context that the session has chosen.
  [[nodiscard]] const ActingContext& chosen_context() const { return behind_ ? behind_->context : context_; }
  [[nodiscard]] bool may(Permission permission) const { return allows(context_, permission); }
  [[nodiscard]] bool may_one_of(Permissions some) const { return granted(context_).has_one_of(some); }
  /// Whether the actor sees what belongs to the tenant. A change also needs its permission.
  [[nodiscard]] bool reaches(const base::Id& tenant_id) const {
    return may(Permission::administer_all) || std::find(tenants_.begin(), tenants_.end(), tenant_id) != tenants_.end();
  }
  /// The own tenant and, for an administrator, those below it. Whoever administers all reaches more.
  [[nodiscard]] const std::vector<base::Id>& tenants() const { return tenants_; }
  /// The operator at the command line: every permission, no account.
  [[nodiscard]] bool is_operator() const { return operator_; }
  [[nodiscard]] const std::string& ip() const { return ip_; }
  [[nodiscard]] const std::string& request_id() const { return request_id_; }

 private:
  friend class flow::ActorMaker;
  Actor() = default;
  identity::Account account_;
  Session session_;
  ActingContext context_;
  std::optional<Behind> behind_;
  std::vector<base::Id> tenants_;
  bool operator_ = false;
  std::string ip_;
  std::string request_id_;
};

}  // namespace rights
