// What an acting context allows. A role is a set of permissions (rights/role.hpp), and a context names one role.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace rights {

enum class Permission : std::uint8_t {
  use_account,         // own account pages
  own_data,            // see and change the own data; a context may lack this and the next four (S4.28)
  own_password,        // change the own password
  own_suspension,      // suspend the own account
  own_deletion,        // delete the own account
  sign,                // sign documents with the own credentials, and administer them
  read_accounts,       // see accounts, their sessions, devices, groups and contexts
  support_accounts,    // unlock accounts, and start a reset of their passwords
  manage_accounts,     // create, change, suspend, restore and delete accounts; give them groups and contexts
  act_for_others,      // act in the context of another account (S3.9)
  read_audit,          // events of the audit log
  manage_messages,     // messages that wait: see, send again, drop
  manage_groups,       // create and delete groups
  manage_contexts,     // contexts and roles
  manage_policies,     // rules for passwords
  manage_clients,      // applications
  manage_systems,      // client systems, their certificates, and what the connector demands
  manage_credentials,  // credentials that sign: seals of the organisation, and those of other people
  manage_tenants,      // name and look of the own tenant, and the tenants below it
  read_settings,       // see all that the permissions manage_… change, and change nothing
  manage_keys,         // keys that sign tokens, and the master key
  manage_authorities,  // the own authority, its certificates, and authorities of others that are trusted
  administer_all,      // every tenant, and what belongs to the installation
};

/// A set of permissions.
class Permissions {
 public:
  constexpr Permissions() = default;
  constexpr Permissions(std::initializer_list<Permission> list) {
    for (const Permission one : list) add(one);
  }
  static Permissions all();

  constexpr void add(Permission one) { bits_ |= bit_of(one); }
  [[nodiscard]] constexpr bool has(Permission one) const { return (bits_ & bit_of(one)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr bool includes(Permissions others) const { return (others.bits_ & ~bits_) == 0; }
  [[nodiscard]] constexpr bool has_one_of(Permissions some) const { return (some.bits_ & bits_) != 0; }
  [[nodiscard]] constexpr Permissions with(Permissions others) const { return Permissions(bits_ | others.bits_); }
  [[nodiscard]] constexpr Permissions without(Permissions others) const { return Permissions(bits_ & ~others.bits_); }
  /// In the order of Permission.
  [[nodiscard]] std::vector<Permission> list() const;

  friend constexpr bool operator==(Permissions, Permissions) = default;

 private:
  constexpr explicit Permissions(std::uint32_t bits) : bits_(bits) {}
  static constexpr std::uint32_t bit_of(Permission one) { return std::uint32_t{1} << static_cast<unsigned>(one); }
  std::uint32_t bits_ = 0;
};

/// Of the own account: every role has them, and they make nobody an administrator.
inline constexpr Permissions personal_permissions{Permission::use_account,  Permission::own_data,
                                                  Permission::own_password, Permission::own_suspension,
                                                  Permission::own_deletion, Permission::sign};
/// Those that a context may lack (S4.28).
inline constexpr Permissions lackable_permissions{Permission::own_data, Permission::own_password,
                                                  Permission::own_suspension, Permission::own_deletion,
                                                  Permission::sign};
/// Those that need the person themselves: nobody has them who acts for another (S3.9).
inline constexpr Permissions permissions_in_person{Permission::own_password, Permission::own_suspension,
                                                   Permission::own_deletion, Permission::sign};
/// Those that belong to the installation: only the built-in role super_administrator has them.
inline constexpr Permissions installation_permissions{Permission::manage_keys, Permission::manage_authorities,
                                                      Permission::administer_all};

std::string_view name_of(Permission permission);
/// Errors: invalid_input.
base::Result<Permission> parse_permission(std::string_view name);
/// Names, separated by spaces, in the order of Permission: equal sets have equal words.
std::string to_words(Permissions permissions);
/// Errors: invalid_input, which names the first word that is no permission.
base::Result<Permissions> parse_permissions(std::string_view words);

}  // namespace rights
