// Acting contexts (kontekst, S4.8): the role in which an account acts after login, and the rights that it gives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "rights/proofs.hpp"

namespace rights {

enum class Permission : std::uint8_t {
  use_account,      // own account pages
  own_data,         // see and change the own data; a context may lack this and the next three (S4.28)
  own_password,     // change the own password
  own_suspension,   // suspend the own account
  own_deletion,     // delete the own account
  manage_accounts,  // create, suspend, restore, unlock accounts of the own tenant
  read_audit,       // audit events of the own tenant
  manage_clients,   // relying parties
  administer_all,   // everything, every tenant
};

/// Roles are fixed in code; a context names one.
enum class Role : std::uint8_t {
  user,
  account_administrator,
  super_administrator
};
std::string_view name_of(Permission permission);
std::string_view name_of(Role role);
base::Result<Role> parse_role(std::string_view name);
bool has(Role role, Permission permission);
/// A permission that a context may lack, by its name: "own_data", "own_password", "own_suspension", "own_deletion".
base::Result<Permission> parse_lacking(std::string_view name);
std::string_view name_of_lacking(Permission permission);

struct ActingContext {
  base::Id id;
  base::Id tenant_id;
  std::string key;   // stable name for claims and forms: "user", "administrator"
  std::string name;  // "ordinary user"; may be a text key of the interface ("context.user")
  Role role = Role::user;
  std::vector<std::string> methods;  // login methods that open it ("password", …); empty = every one
  std::int64_t level = 1;            // least level of the login
  std::vector<Permission> lacks{};   // of its role's permissions, in the order of Permission (S4.28)
};
/// Whether the context gives the permission: its role has it, and the context does not lack it.
bool allows(const ActingContext& context, Permission permission);

/// The contexts of `all` that may be chosen after a login with these proofs.
std::vector<ActingContext> find_offered(const std::vector<ActingContext>& all, const Proofs& proofs);
bool is_offered(const ActingContext& context, const Proofs& proofs);

}  // namespace rights
