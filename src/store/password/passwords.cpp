#include "store/password/passwords.hpp"

#include "identity/factor/factor.hpp"
#include "store/driver/sql.hpp"
#include "store/password/sealed_credential.hpp"

namespace store {
namespace {

constexpr std::string_view purpose = credential_purpose;

constexpr SqlPart columns = "account_id, data, kind, id, set_at, not_after";

struct SealedPassword {
  base::Id account_id;
  base::Bytes data;
  std::string kind;
  PasswordCredential password;  // without PHC string and origin
};

SealedPassword read_sealed(const Row& row) {
  Fields field(row);
  SealedPassword sealed;
  sealed.account_id = field.id();
  sealed.data = field.text();
  sealed.kind = field.text();
  sealed.password = PasswordCredential{field.id(), {}, {}, field.time(), field.optional_time()};
  return sealed;
}

base::Result<HeldPassword> open(Tx& tx, const SealedPassword& sealed) {
  HeldPassword held{sealed.account_id, {sealed.password.id, {}, {}, sealed.password.set_at, sealed.password.not_after}};
  const auto origin = identity::parse_password_origin(sealed.kind);
  if (!origin) return base::fail(base::Code::internal, "a password has an unknown kind");
  held.password.origin = *origin;
  auto opened = tx.master().open(purpose, sealed.data, place_of_credential(sealed.account_id, held.password.id));
  if (!opened) return base::fail(base::Code::internal, "the password of an account cannot be opened");
  held.password.phc = std::move(*opened);
  return held;
}

base::Result<void> rewrap_former_passwords(Tx& tx, const crypto::MasterKey& next) {
  const auto read_after = [&](const base::Id& last, std::int64_t most) {
    return tx.find_all("SELECT id FROM account WHERE id > $1 ORDER BY id LIMIT $2", {last, most}, read_id);
  };
  return for_each_in_steps<base::Id>(
      read_after, [](const base::Id& account) { return account; },
      [&](const base::Id& account) -> base::Result<void> {
        ASSIGN_OR_RETURN(const auto former, list_former_passwords(tx, account));
        for (const FormerPassword& password : former) {
          const base::Bytes rewrapped = next.rewrap(password.digest);
          RETURN_IF_ERROR(tx.run("UPDATE password_history SET digest = $3 WHERE account_id = $1 AND digest = $2",
                                 {account, Blob{password.digest}, Blob{rewrapped}}));
        }
        return {};
      });
}

}  // namespace

base::Result<std::optional<PasswordCredential>> find_password(Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto found,
                   tx.find_one(sql<"SELECT ", columns, " FROM credential WHERE account_id = $1 AND type = 'password'">,
                               {account_id}, read_sealed));
  if (!found) return std::optional<PasswordCredential>();
  ASSIGN_OR_RETURN(HeldPassword held, open(tx, *found));
  return std::optional(std::move(held.password));
}

base::Result<std::optional<HeldPassword>> find_password_from(Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto found, tx.find_one(sql<"SELECT ", columns,
                                                     " FROM credential WHERE account_id >= $1 AND type = 'password' "
                                                     "ORDER BY account_id LIMIT 1">,
                                                 {account_id}, read_sealed));
  if (!found) return std::optional<HeldPassword>();
  ASSIGN_OR_RETURN(HeldPassword held, open(tx, *found));
  return std::optional(std::move(held));
}

base::Result<void> set_password(Tx& tx, const base::Id& account_id, const base::Secret& phc,
                                identity::PasswordOrigin origin, base::Time now,
                                const std::optional<base::Time>& not_after) {
  ASSIGN_OR_RETURN(const auto tenant,
                   tx.find_one("SELECT tenant_id FROM account WHERE id = $1", {account_id}, read_id));
  if (!tenant) return base::fail(base::Code::not_found, "the account does not exist");
  const base::Id id = base::Id::make(now);
  const base::Bytes sealed = tx.master().seal(purpose, phc.reveal(), place_of_credential(account_id, id));
  RETURN_IF_ERROR(tx.run("DELETE FROM credential WHERE account_id = $1 AND type = 'password'", {account_id}));
  return without_count(tx.run(
      "INSERT INTO credential(id, tenant_id, account_id, type, data, must_change, created_at, kind, set_at, not_after) "
      "VALUES ($1, $2, $3, 'password', $4, $5, $6, $7, $6, $8)",
      {id, *tenant, account_id, Blob{sealed}, origin != identity::PasswordOrigin::own, now, identity::name_of(origin),
       not_after}));
}

base::Result<void> replace_hash(Tx& tx, const base::Id& account_id, const base::Secret& old_phc,
                                const base::Secret& new_phc) {
  ASSIGN_OR_RETURN(const auto stored, find_password(tx, account_id));
  if (!stored || stored->phc != old_phc) return {};
  const base::Bytes sealed = tx.master().seal(purpose, new_phc.reveal(), place_of_credential(account_id, stored->id));
  return without_count(tx.run("UPDATE credential SET data = $2 WHERE id = $1", {stored->id, Blob{sealed}}));
}

base::Result<std::string> find_policy_ok(Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(auto found,
                   tx.find_one("SELECT policy_version_ok FROM account WHERE id = $1", {account_id}, read_text));
  return std::move(found).value_or(std::string());
}

base::Result<void> set_policy_ok(Tx& tx, const base::Id& account_id, std::string_view rules) {
  return expect_changed(tx.run("UPDATE account SET policy_version_ok = $2 WHERE id = $1", {account_id, rules}),
                        "the account");
}

base::Result<std::vector<FormerPassword>> list_former_passwords(Tx& tx, const base::Id& account_id) {
  return tx.find_all(
      "SELECT digest, cost, created_at FROM password_history WHERE account_id = $1 ORDER BY created_at DESC, digest",
      {account_id}, [](const Row& row) {
        Fields field(row);
        return FormerPassword{field.text(), field.text(), field.time()};
      });
}

base::Result<void> remember_password(Tx& tx, const base::Id& account_id, const FormerPassword& password) {
  return expect_changed(tx.run("INSERT INTO password_history(account_id, digest, tenant_id, cost, created_at) "
                               "SELECT a.id, $2, a.tenant_id, $3, $4 FROM account a WHERE a.id = $1 "
                               "ON CONFLICT (account_id, digest) DO UPDATE SET created_at = excluded.created_at",
                               {account_id, Blob{password.digest}, password.cost, password.at}),
                        "the account");
}

base::Result<AgingPasswords> list_aging_passwords(Tx& tx, base::Time set_until, const base::Id& after,
                                                  std::size_t most) {
  AgingPasswords aging;
  ASSIGN_OR_RETURN(
      aging.next_after,
      tx.find_one("SELECT id FROM credential WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2", {after, most - 1}, read_id));
  const base::Id last = aging.next_after.value_or(last_id());
  ASSIGN_OR_RETURN(
      aging.passwords,
      tx.find_all("SELECT c.id, c.account_id, c.set_at, c.reminded_days FROM credential c JOIN account a ON a.id = "
                  "c.account_id "
                  "WHERE c.id > $1 AND c.id <= $2 AND c.type = 'password' AND c.kind = 'own' AND c.set_at <= $3 "
                  "AND a.status = 'active' ORDER BY c.id",
                  {after, last, set_until}, [](const Row& row) {
                    Fields field(row);
                    return AgingPassword{field.id(), field.id(), field.time(), field.optional_integer()};
                  }));
  return aging;
}

base::Result<bool> note_reminder(Tx& tx, const base::Id& credential_id, std::int64_t days) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run("UPDATE credential SET reminded_days = $2 WHERE id = $1 AND (reminded_days IS NULL OR reminded_days > $2)",
             {credential_id, days}));
  return changed > 0;
}

base::Result<void> seal_passwords_anew(Tx& tx, const crypto::MasterKey& next) {
  struct Sealed {
    base::Id id;
    base::Id account_id;
    base::Bytes data;
    std::string type;
  };
  const auto read_after = [&](const base::Id& last, std::int64_t most) {
    return tx.find_all("SELECT id, account_id, data, type FROM credential WHERE id > $1 ORDER BY id LIMIT $2",
                       {last, most}, [](const Row& row) {
                         Fields field(row);
                         return Sealed{field.id(), field.id(), field.text(), field.text()};
                       });
  };
  RETURN_IF_ERROR(for_each_in_steps<base::Id>(
      read_after, [](const Sealed& row) { return row.id; },
      [&](const Sealed& row) -> base::Result<void> {
        if (row.type != "password" && !identity::parse_factor_kind(row.type)) {
          return base::fail(base::Code::internal, "a credential of the type " + row.type + " cannot be sealed anew");
        }
        ASSIGN_OR_RETURN(const base::Bytes sealed,
                         seal_anew(tx, next, purpose, row.data, place_of_credential(row.account_id, row.id)));
        return without_count(tx.run("UPDATE credential SET data = $2 WHERE id = $1", {row.id, Blob{sealed}}));
      }));
  return rewrap_former_passwords(tx, next);
}

base::Result<std::int64_t> count_reminded(Tx& tx, const base::Id& tenant_id, std::int64_t most) {
  ASSIGN_OR_RETURN(const auto count, tx.find_one("SELECT count(*) FROM (SELECT id FROM credential WHERE tenant_id = $1 "
                                                 "AND reminded_days IS NOT NULL LIMIT $2) s",
                                                 {tenant_id, most}, read_integer));
  return count.value_or(0);
}

}  // namespace store
