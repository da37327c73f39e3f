// Permissions, roles and what a context gives of them.
#include "rights/permission.hpp"

#include <doctest/doctest.h>

#include "rights/context.hpp"
#include "rights/role.hpp"

using rights::Permission;
using rights::Permissions;

TEST_CASE("each permission has a name of its own that is read back") {
  for (const Permission one : Permissions::all().list()) {
    CHECK(rights::parse_permission(rights::name_of(one)).value() == one);
  }
  for (const char* odd : {"", "manage_everything", "Read_audit", "read_audit "}) {
    CHECK(rights::parse_permission(odd).error().code == base::Code::invalid_input);
  }
}

TEST_CASE("equal sets of permissions have equal words, in whatever order they were written") {
  const Permissions some = rights::parse_permissions("read_audit  use_account read_audit").value();
  CHECK(some == Permissions{Permission::use_account, Permission::read_audit});
  CHECK(rights::to_words(some) == "use_account read_audit");
  CHECK(rights::parse_permissions("").value().empty());
  CHECK_FALSE(rights::parse_permissions("read_audit everything"));
}

TEST_CASE("one set includes another only with all of its permissions") {
  const Permissions reader{Permission::read_accounts, Permission::read_audit};
  CHECK(Permissions::all().includes(reader));
  CHECK(reader.includes({}));
  CHECK(reader.includes({Permission::read_audit}));
  CHECK_FALSE(reader.includes({Permission::read_audit, Permission::manage_accounts}));
  CHECK(reader.has_one_of({Permission::manage_accounts, Permission::read_audit}));
  CHECK_FALSE(reader.has_one_of({Permission::manage_accounts}));
}

TEST_CASE("an auditor reads everything and changes nothing, and support unlocks and resets only") {
  const Permissions auditor = rights::find_built_in("auditor").value().without(rights::personal_permissions);
  CHECK(auditor == Permissions{Permission::read_accounts, Permission::read_audit, Permission::read_settings});
  const Permissions support = rights::find_built_in("support").value().without(rights::personal_permissions);
  CHECK(support == Permissions{Permission::read_accounts, Permission::support_accounts});
}

TEST_CASE("only the super administrator has what belongs to the installation") {
  for (const rights::BuiltInRole& role : rights::built_in_roles()) {
    CAPTURE(role.key);
    CHECK(role.permissions.includes(rights::personal_permissions));
    CHECK(role.permissions.has_one_of(rights::installation_permissions) ==
          (role.key == rights::role::super_administrator));
  }
  CHECK(rights::check_own_role(rights::personal_permissions));
  CHECK_FALSE(rights::check_own_role(rights::personal_permissions.with({Permission::administer_all})));
  CHECK_FALSE(rights::check_own_role(rights::personal_permissions.with({Permission::manage_keys})));
  CHECK_FALSE(rights::check_own_role({Permission::use_account, Permission::read_audit}));
}

TEST_CASE("a context is open only with its method, its level, and from its networks") {
  rights::ActingContext ward;
  const rights::Proofs password(rights::ProofMethod::password);
  const auto is_open = [&](std::string_view login_ip, std::string_view request_ip) {
    return rights::is_offered(ward, {password, login_ip, request_ip});
  };
  CHECK(is_open("", ""));
  ward.networks = {base::IpNetwork::parse("10.1.0.0/16").value(), base::IpNetwork::parse("fd00::/8").value()};
  CHECK(is_open("10.1.255.255", "::ffff:10.1.0.0"));
  CHECK(is_open("fd12::1", "10.1.2.3"));
  CHECK_FALSE(is_open("10.2.0.0", "10.1.0.1"));  // logged in elsewhere
  CHECK_FALSE(is_open("10.1.0.1", "10.2.0.0"));  // carried elsewhere
  CHECK_FALSE(is_open("", ""));
  CHECK_FALSE(is_open("10.1.0.1, 10.1.0.2", "10.1.0.1"));
  ward.networks.clear();
  ward.level = 2;
  CHECK_FALSE(is_open("", ""));
  ward.level = 1;
  ward.methods = {"certificate"};
  CHECK_FALSE(is_open("", ""));
}

TEST_CASE("a key begins with a small letter and has nothing that a form or a command could misread") {
  for (const char* fine : {"a", "ward-2", "night_shift"}) CHECK(rights::check_key("key", fine));
  const std::string long_one(51, 'a');
  for (const std::string& odd : {std::string(), std::string("2a"), std::string("A"), std::string("a b"),
                                 std::string("\xc4\x85"), std::string("a/b"), long_one}) {
    CHECK(rights::check_key("key", odd).error().code == base::Code::invalid_input);
  }
}
