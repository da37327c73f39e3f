#include "store/account/account_erasure.hpp"

#include "store/account/identifiers.hpp"
#include "store/account/search_terms.hpp"
#include "store/driver/sql.hpp"

namespace store {
base::Result<void> revoke_grants_of_account(Tx& tx, const base::Id& account_id, base::Time now) {
  return without_count(tx.run("UPDATE grant_family SET revoked_at = $2 WHERE account_id = $1 AND revoked_at IS NULL",
                              {account_id, now}));
}

base::Result<void> void_all_tokens(Tx& tx, const base::Id& account_id, base::Time now) {
  // The code is void. The address stays: the account may have no other.
  RETURN_IF_ERROR(tx.run("UPDATE address_verification SET expires_at = 0 WHERE account_id = $1", {account_id}));
  return without_count(tx.run(
      "UPDATE one_time_token SET consumed_at = $2 WHERE account_id = $1 AND consumed_at IS NULL", {account_id, now}));
}

base::Result<void> erase_account(Tx& tx, const base::Id& account_id) {
  RETURN_IF_ERROR(tx.run("DELETE FROM address_verification WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM account_certificate WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM identifier WHERE account_id = $1", {account_id}));
  // Serial number and revocation stay, because the published lists need them.
  RETURN_IF_ERROR(
      tx.run("UPDATE issued_certificate SET account_id = NULL, subject = '', der = $2 WHERE account_id = $1",
             {account_id, Blob{{}}}));
  RETURN_IF_ERROR(tx.run("DELETE FROM credential WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM password_history WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM one_time_token WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM device WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM login_code WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM factor_grace WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM failure_count WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM login_statistics WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM account_context WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM group_member WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM consent WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM api_token WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM signing_credential WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM signing_item WHERE job_id IN (SELECT id FROM signing_job WHERE account_id = $1)",
                         {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM signing_job WHERE account_id = $1", {account_id}));
  RETURN_IF_ERROR(tx.run("DELETE FROM device_authorization WHERE account_id = $1", {account_id}));
  // The subject stays with its sector, so that it is never given to somebody else, and names nobody any more.
  // A sub account stays, without a main account (S2.4).
  RETURN_IF_ERROR(tx.run("UPDATE account SET main_account_id = NULL WHERE main_account_id = $1", {account_id}));
  RETURN_IF_ERROR(leave_person(tx, account_id));
  RETURN_IF_ERROR(expect_changed(
      tx.run("UPDATE account SET locale = '', preferred_channel = '', main_account_id = NULL, policy_version_ok = '', "
             "organisation = '', first_language = '', external = 0, is_main = 0, failures = 0, locked_until = NULL, "
             "always_second_factor = 0, "
             "version = version + 1 "
             "WHERE id = $1",
             {account_id}),
      "the account"));
  return refresh_terms(tx, account_id);
}

}  // namespace store
