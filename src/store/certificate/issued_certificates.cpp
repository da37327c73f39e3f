#include "store/certificate/issued_certificates.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

// The largest list that can be published (crypto::largest_list) holds about so many.
constexpr std::int64_t most_revoked = 100'000;
constexpr std::int64_t sweep_most = 500;

constexpr SqlPart columns =
    "sha256, authority_id, serial, profile, tenant_id, account_id, client_system, subject, der, issued_at, issued_by, "
    "not_before, not_after, revoked_at, revoked_by, reason FROM issued_certificate";

IssuedRow read_issued(const Row& row) {
  Fields field(row);
  IssuedRow read;
  read.sha256 = field.text();
  read.authority_id = field.id();
  read.serial = field.text();
  read.profile = field.text();
  read.tenant_id = field.id();
  read.account_id = field.optional_id();
  read.client_system = field.text();
  read.subject = field.text();
  read.der = field.text();
  read.issued_at = field.time();
  read.issued_by = field.optional_id();
  read.not_before = field.time();
  read.not_after = field.time();
  read.revoked_at = field.optional_time();
  read.revoked_by = field.optional_id();
  read.reason = field.text();
  return read;
}

}  // namespace

base::Result<void> insert_issued(Tx& tx, const IssuedRow& row) {
  return without_count(tx.run(
      "INSERT INTO issued_certificate(sha256, authority_id, serial, profile, tenant_id, account_id, client_system, "
      "subject, der, issued_at, issued_by, not_before, not_after, reason) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "
      "$10, $11, $12, $13, '')",
      {row.sha256, row.authority_id, row.serial, row.profile, row.tenant_id, row.account_id, row.client_system,
       row.subject, Blob{row.der}, row.issued_at, row.issued_by, row.not_before, row.not_after}));
}

base::Result<std::optional<IssuedRow>> find_issued(Tx& tx, std::string_view sha256) {
  return tx.find_one(sql<"SELECT ", columns, " WHERE sha256 = $1">, {sha256}, read_issued);
}

base::Result<std::optional<IssuedRow>> find_issued_by_serial(Tx& tx, std::string_view serial) {
  return tx.find_one(sql<"SELECT ", columns, " WHERE serial = $1">, {serial}, read_issued);
}

base::Result<bool> set_issued_revoked(Tx& tx, std::string_view sha256, const std::optional<base::Id>& by,
                                      std::string_view reason, base::Time now) {
  ASSIGN_OR_RETURN(const auto found, find_issued(tx, sha256));
  if (!found) return base::fail(base::Code::not_found, "the certificate is not one of this authority");
  if (found->revoked_at) return false;
  RETURN_IF_ERROR(
      tx.run("UPDATE issued_certificate SET revoked_at = $2, revoked_by = $3, reason = $4 WHERE sha256 = $1 AND "
             "revoked_at IS NULL",
             {sha256, now, by, reason}));
  return true;
}

base::Result<std::vector<std::string>> list_good_of_account(Tx& tx, const base::Id& account_id, std::int64_t most) {
  return tx.find_all(
      "SELECT sha256 FROM issued_certificate WHERE account_id = $1 AND revoked_at IS NULL ORDER BY issued_at LIMIT $2",
      {account_id, most}, read_text);
}

base::Result<std::int64_t> count_issued_since(Tx& tx, const base::Id& account_id, std::string_view profile,
                                              base::Time since, std::int64_t most) {
  ASSIGN_OR_RETURN(const auto found,
                   tx.find_all("SELECT sha256 FROM issued_certificate WHERE account_id = $1 AND issued_at >= $2 AND "
                               "profile = $3 LIMIT $4",
                               {account_id, since, profile, most}, read_text));
  return static_cast<std::int64_t>(found.size());
}

base::Result<std::vector<RevokedRow>> list_revoked(Tx& tx, const base::Id& authority_id, base::Time since,
                                                   base::Time until) {
  return tx.find_all(
      "SELECT serial, revoked_at, reason FROM issued_certificate WHERE authority_id = $1 AND revoked_at IS NOT NULL "
      "AND "
      "revoked_at >= $2 AND not_after >= $3 ORDER BY revoked_at LIMIT $4",
      {authority_id, since, until, most_revoked}, [](const Row& row) {
        Fields field(row);
        RevokedRow read;
        read.serial = field.text();
        read.at = field.time();
        read.reason = field.text();
        return read;
      });
}

base::Result<std::vector<IssuedRow>> list_issued(Tx& tx, const base::Id& tenant_id, std::int64_t most) {
  return tx.find_all(sql<"SELECT ", columns, " WHERE tenant_id = $1 ORDER BY issued_at DESC LIMIT $2">,
                     {tenant_id, most}, read_issued);
}

base::Result<bool> delete_old_issued(Tx& tx, base::Time before) {
  ASSIGN_OR_RETURN(
      const std::int64_t deleted,
      tx.run("DELETE FROM issued_certificate WHERE sha256 IN (SELECT sha256 FROM issued_certificate WHERE not_after < "
             "$1 ORDER BY not_after LIMIT $2)",
             {before, sweep_most}));
  return deleted == sweep_most;
}

}  // namespace store
