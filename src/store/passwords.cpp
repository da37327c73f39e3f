// Passwords as credentials: the PHC string is sealed, bound to its account and row.
#include "store/accounts.hpp"
#include "store/sql.hpp"

namespace store {
namespace {

constexpr std::string_view purpose = "credential";

base::Bytes place_of(const base::Id& account_id, const base::Id& id) {
  return base::Bytes("credential").append(account_id.bytes()).append(id.bytes());
}

}  // namespace

base::Result<std::optional<PasswordCredential>> find_password(Tx& tx, const base::Id& account_id) {
  base::Bytes sealed;
  ASSIGN_OR_RETURN(auto found, tx.find_one(
      "SELECT id, data, must_change, created_at FROM credential WHERE account_id = $1 AND type = 'password'",
      {account_id}, [&](const Row& row) {
        sealed = row.text(1);
        return PasswordCredential{row.id(0), {}, row.flag(2), row.time(3)};
      }));
  if (!found) return found;
  auto opened = tx.master().open(purpose, sealed, place_of(account_id, found->id));
  if (!opened) return base::fail(base::Code::internal, "the password of an account cannot be opened");
  found->phc = std::move(*opened);
  return found;
}

base::Result<void> set_password(Tx& tx, const base::Id& account_id, const base::Secret& phc, bool must_change,
                                base::Time now) {
  ASSIGN_OR_RETURN(const auto tenant, tx.find_one("SELECT tenant_id FROM account WHERE id = $1", {account_id},
                                                  [](const Row& row) { return row.id(0); }));
  if (!tenant) return base::fail(base::Code::not_found, "the account does not exist");
  const base::Id id = base::Id::make(now);
  const base::Bytes sealed = tx.master().seal(purpose, phc.reveal(), place_of(account_id, id));
  RETURN_IF_ERROR(tx.run("DELETE FROM credential WHERE account_id = $1 AND type = 'password'", {account_id}));
  return without_count(tx.run("INSERT INTO credential(id, tenant_id, account_id, type, data, must_change, created_at) "
                              "VALUES ($1, $2, $3, 'password', $4, $5, $6)",
                              {id, *tenant, account_id, Blob{sealed}, must_change, now}));
}

base::Result<void> replace_hash(Tx& tx, const base::Id& account_id, const base::Secret& old_phc,
                                const base::Secret& new_phc) {
  ASSIGN_OR_RETURN(const auto stored, find_password(tx, account_id));
  if (!stored || stored->phc != old_phc) return {};
  const base::Bytes sealed = tx.master().seal(purpose, new_phc.reveal(), place_of(account_id, stored->id));
  return without_count(tx.run("UPDATE credential SET data = $2 WHERE id = $1", {stored->id, Blob{sealed}}));
}

}  // namespace store
