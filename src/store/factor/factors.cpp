#include "store/factor/factors.hpp"

#include "store/driver/sql.hpp"
#include "store/password/sealed_credential.hpp"

namespace store {
namespace {

// An account has at most so many; a larger number is a bug, and no statement is without a limit.
constexpr std::int64_t most = 64;

constexpr SqlPart columns =
    "id, tenant_id, account_id, type, label, data, lookup, counter, created_at, last_used_at FROM credential";

struct SealedFactor {
  Factor factor;  // without kind and data
  std::string type;
  base::Bytes data;
};

SealedFactor read_sealed(const Row& row) {
  Fields field(row);
  SealedFactor sealed;
  sealed.factor.id = field.id();
  sealed.factor.tenant_id = field.id();
  sealed.factor.account_id = field.id();
  sealed.type = field.text();
  sealed.factor.label = field.text();
  sealed.data = field.text();
  sealed.factor.lookup = field.text();
  sealed.factor.counter = field.integer();
  sealed.factor.created_at = field.time();
  sealed.factor.last_used_at = field.optional_time();
  return sealed;
}

base::Result<Factor> open(Tx& tx, SealedFactor sealed) {
  ASSIGN_OR_RETURN(sealed.factor.kind, identity::parse_factor_kind(sealed.type));
  auto opened = tx.master().open(credential_purpose, sealed.data,
                                 place_of_credential(sealed.factor.account_id, sealed.factor.id));
  if (!opened) return base::fail(base::Code::internal, "a factor of an account cannot be opened");
  sealed.factor.data = std::move(*opened);
  return std::move(sealed.factor);
}

base::Result<std::vector<Factor>> open_all(Tx& tx, std::vector<SealedFactor> sealed) {
  std::vector<Factor> factors;
  for (SealedFactor& one : sealed) {
    ASSIGN_OR_RETURN(Factor factor, open(tx, std::move(one)));
    factors.push_back(std::move(factor));
  }
  return factors;
}

base::Result<std::optional<Factor>> open_one(Tx& tx, std::optional<SealedFactor> sealed) {
  if (!sealed) return std::optional<Factor>();
  ASSIGN_OR_RETURN(Factor factor, open(tx, std::move(*sealed)));
  return std::optional(std::move(factor));
}

base::Bytes seal(Tx& tx, const Factor& factor) {
  return tx.master().seal(credential_purpose, factor.data.reveal(), place_of_credential(factor.account_id, factor.id));
}

}  // namespace

base::Result<std::vector<Factor>> list_factors(Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(
      auto found,
      tx.find_all(
          sql<"SELECT ", columns, " WHERE account_id = $1 AND type <> 'password' ORDER BY created_at, id LIMIT $2">,
          {account_id, most}, read_sealed));
  return open_all(tx, std::move(found));
}

base::Result<std::vector<Factor>> list_factors(Tx& tx, const base::Id& account_id, identity::FactorKind kind) {
  ASSIGN_OR_RETURN(
      auto found,
      tx.find_all(sql<"SELECT ", columns, " WHERE account_id = $1 AND type = $2 ORDER BY created_at, id LIMIT $3">,
                  {account_id, identity::name_of(kind), most}, read_sealed));
  return open_all(tx, std::move(found));
}

base::Result<std::int64_t> count_factors(Tx& tx, const base::Id& account_id, identity::FactorKind kind) {
  ASSIGN_OR_RETURN(const auto count, tx.find_one("SELECT count(*) FROM credential WHERE account_id = $1 AND type = $2",
                                                 {account_id, identity::name_of(kind)}, read_integer));
  return count.value_or(0);
}

base::Result<std::optional<Factor>> find_factor(Tx& tx, const base::Id& account_id, const base::Id& id) {
  ASSIGN_OR_RETURN(auto found,
                   tx.find_one(sql<"SELECT ", columns, " WHERE id = $1 AND account_id = $2 AND type <> 'password'">,
                               {id, account_id}, read_sealed));
  return open_one(tx, std::move(found));
}

base::Result<std::optional<Factor>> find_passkey(Tx& tx, base::BytesView credential_id) {
  ASSIGN_OR_RETURN(auto found, tx.find_one(sql<"SELECT ", columns, " WHERE lookup = $1 AND type = 'webauthn'">,
                                           {Blob{credential_id}}, read_sealed));
  return open_one(tx, std::move(found));
}

base::Result<void> insert_factor(Tx& tx, const Factor& factor, base::Time now) {
  ASSIGN_OR_RETURN(const auto tenant,
                   tx.find_one("SELECT tenant_id FROM account WHERE id = $1", {factor.account_id}, read_id));
  if (!tenant) return base::fail(base::Code::not_found, "the account does not exist");
  const base::Bytes sealed = seal(tx, factor);
  if (factor.lookup.empty()) {
    return without_count(tx.run(
        "INSERT INTO credential(id, tenant_id, account_id, type, data, must_change, created_at, kind, set_at, label, "
        "counter) VALUES ($1, $2, $3, $4, $5, 0, $6, 'own', $6, $7, $8)",
        {factor.id, *tenant, factor.account_id, identity::name_of(factor.kind), Blob{sealed}, now, factor.label,
         factor.counter}));
  }
  return without_count(tx.run(
      "INSERT INTO credential(id, tenant_id, account_id, type, data, must_change, created_at, kind, set_at, label, "
      "counter, lookup) VALUES ($1, $2, $3, $4, $5, 0, $6, 'own', $6, $7, $8, $9)",
      {factor.id, *tenant, factor.account_id, identity::name_of(factor.kind), Blob{sealed}, now, factor.label,
       factor.counter, Blob{factor.lookup}}));
}

base::Result<bool> raise_counter(Tx& tx, const base::Id& id, std::int64_t counter, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE credential SET counter = $2, last_used_at = $3 WHERE id = $1 AND counter < $2",
                          {id, counter, now}));
  return changed > 0;
}

base::Result<void> note_use(Tx& tx, const Factor& factor, base::Time now) {
  const base::Bytes sealed = seal(tx, factor);
  return without_count(
      tx.run("UPDATE credential SET data = $2, last_used_at = $3 WHERE id = $1", {factor.id, Blob{sealed}, now}));
}

base::Result<bool> spend_factor(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("DELETE FROM credential WHERE id = $1 AND type = 'recovery'", {id}));
  return changed > 0;
}

base::Result<bool> rename_factor(Tx& tx, const base::Id& account_id, const base::Id& id, std::string_view label) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run("UPDATE credential SET label = $3 WHERE id = $1 AND account_id = $2 AND type IN ('totp', 'webauthn')",
             {id, account_id, label}));
  return changed > 0;
}

base::Result<bool> delete_factor(Tx& tx, const base::Id& account_id, const base::Id& id) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run("DELETE FROM credential WHERE id = $1 AND account_id = $2 AND type <> 'password'", {id, account_id}));
  return changed > 0;
}

base::Result<std::int64_t> delete_factors(Tx& tx, const base::Id& account_id, identity::FactorKind kind) {
  return tx.run("DELETE FROM credential WHERE account_id = $1 AND type = $2", {account_id, identity::name_of(kind)});
}

base::Result<bool> always_wants_factor(Tx& tx, const base::Id& account_id) {
  return tx.keep("always factor", account_id.bytes(), [&]() -> base::Result<bool> {
    ASSIGN_OR_RETURN(const auto found,
                     tx.find_one("SELECT always_second_factor FROM account WHERE id = $1", {account_id}, read_integer));
    return found.value_or(0) != 0;
  });
}

base::Result<void> set_always_factor(Tx& tx, const base::Id& account_id, bool always) {
  return expect_changed(tx.run("UPDATE account SET always_second_factor = $2 WHERE id = $1", {account_id, always}),
                        "the account");
}

}  // namespace store
