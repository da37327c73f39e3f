#include "identity/account/account.hpp"

#include <doctest/doctest.h>

using namespace identity;

TEST_CASE("kinds and statuses have names that read back") {
  for (const AccountKind kind :
       {AccountKind::employee, AccountKind::recipient, AccountKind::client_system, AccountKind::service}) {
    CHECK(parse_account_kind(name_of(kind)).value() == kind);
  }
  for (const AccountStatus status : {AccountStatus::invited, AccountStatus::active, AccountStatus::suspended_self,
                                     AccountStatus::suspended_admin, AccountStatus::deleted}) {
    CHECK(parse_account_status(name_of(status)).value() == status);
  }
  CHECK_FALSE(parse_account_kind("Employee"));
  CHECK_FALSE(parse_account_kind(""));
  CHECK_FALSE(parse_account_status("Active"));
}

TEST_CASE("only an active account may log in") {
  Account account;
  for (const AccountStatus status : {AccountStatus::invited, AccountStatus::suspended_self,
                                     AccountStatus::suspended_admin, AccountStatus::deleted}) {
    account.status = status;
    CHECK_FALSE(may_log_in(account));
  }
  account.status = AccountStatus::active;
  CHECK(may_log_in(account));
}

TEST_CASE("an account is shown by its person's names, else by its login") {
  Account account;
  account.login = "akowalska";
  CHECK(account.display_name() == "akowalska");
  account.family_name = "Kowalska";
  CHECK(account.display_name() == "Kowalska");
  account.given_name = "Anna";
  CHECK(account.display_name() == "Anna Kowalska");
}
