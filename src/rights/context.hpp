// Acting contexts (kontekst, S4.8): the role in which an account acts after login, and the rights that it gives.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/id.hpp"
#include "base/ip_address.hpp"
#include "base/result.hpp"
#include "rights/permission.hpp"
#include "rights/proofs.hpp"
#include "rights/role.hpp"

namespace rights {

struct ActingContext {
  base::Id id;
  base::Id tenant_id;
  std::string key;                             // stable name for claims and forms: "user", "administrator"
  std::string name;                            // "ordinary user"; may be a text key of the interface ("context.user")
  std::string name_de;                         // "" = `name`
  std::string name_pl;                         // "" = `name`
  std::string role{role::user};                // key of a built-in role or of a role of the tenant
  Permissions of_role = personal_permissions;  // what the role gives
  std::vector<std::string> methods;            // login methods that open it ("password", …); empty = every one
  std::int64_t level = 1;                      // least level of the login
  std::vector<base::IpNetwork> networks;       // in which one logs in and acts; empty = everywhere
  Permissions lacks;                           // of lackable_permissions (S4.28)
  std::int64_t version = 1;                    // raised by each change
};
/// What the context gives: the permissions of its role without those that it lacks.
Permissions granted(const ActingContext& context);
bool allows(const ActingContext& context, Permission permission);

/// A permission that a context may lack, by its name. Errors: invalid_input.
base::Result<Permission> parse_lacking(std::string_view name);

/// Whether the address is in the networks of the context. What is no address is in none.
bool is_inside(const ActingContext& context, std::string_view ip);

/// Whether method and level of a login open the context.
bool is_proven(const ActingContext& context, const Proofs& proofs);

/// What a login has proven, and from where.
struct LoginFacts {
  const Proofs& proofs;
  std::string_view login_ip;
  std::string_view request_ip;  // now
};
/// The contexts of `all` that are open after a login.
std::vector<ActingContext> find_offered(const std::vector<ActingContext>& all, const LoginFacts& login);
bool is_offered(const ActingContext& context, const LoginFacts& login);

}  // namespace rights
