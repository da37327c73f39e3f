#include "store/system/client_systems.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart system_columns = "id, account_id, tenant_id, name, created_at, created_by, version";
constexpr SqlPart certificate_columns =
    "c.sha256, c.system_id, c.tenant_id, c.subject, c.issuer, c.serial, c.algorithm, c.not_before, c.not_after, "
    "c.origin, c.created_at, c.created_by, c.revoked_at, c.revoked_by, c.reason, i.revoked_at, i.revoked_by, i.reason, "
    "a.revoked_at, a.reason";
// What the own authority has revoked is revoked at the client system as well, whoever did it where.
constexpr SqlPart certificate_tables =
    " FROM client_system_certificate c LEFT JOIN issued_certificate i ON i.sha256 = c.sha256 "
    "LEFT JOIN certificate_authority a ON a.id = i.authority_id";

ClientSystem read_system(const Row& row) {
  Fields field(row);
  ClientSystem read;
  read.id = field.text();
  read.account_id = field.id();
  read.tenant_id = field.id();
  read.name = field.text();
  read.created_at = field.time();
  read.created_by = field.optional_id();
  read.version = field.integer();
  return read;
}

SystemCertificate read_certificate(const Row& row) {
  Fields field(row);
  SystemCertificate read;
  read.sha256 = field.text();
  read.system_id = field.text();
  read.tenant_id = field.id();
  read.subject = field.text();
  read.issuer = field.text();
  read.serial = field.text();
  read.algorithm = field.text();
  read.not_before = field.time();
  read.not_after = field.time();
  read.is_own = field.text() == "own";
  read.created_at = field.time();
  read.created_by = field.optional_id();
  read.revoked_at = field.optional_time();
  read.revoked_by = field.optional_id();
  read.reason = field.text();
  const auto issued_revoked_at = field.optional_time();
  const auto issued_revoked_by = field.optional_id();
  const std::string issued_reason = field.text();
  const auto authority_revoked_at = field.optional_time();
  const std::string authority_reason = field.text();
  if (!read.revoked_at && issued_revoked_at) {
    read.revoked_at = issued_revoked_at;
    read.revoked_by = issued_revoked_by;
    read.reason = issued_reason;
  } else if (!read.revoked_at && authority_revoked_at) {
    read.revoked_at = authority_revoked_at;
    read.reason = authority_reason;
  }
  return read;
}

}  // namespace

base::Result<std::optional<ClientSystem>> find_client_system(Tx& tx, std::string_view id) {
  return tx.find_one(sql<"SELECT ", system_columns, " FROM client_system WHERE id = $1">, {id}, read_system);
}

base::Result<std::optional<ClientSystem>> find_client_system_of(Tx& tx, const base::Id& account_id) {
  return tx.find_one(sql<"SELECT ", system_columns, " FROM client_system WHERE account_id = $1">, {account_id},
                     read_system);
}

base::Result<std::vector<ClientSystem>> list_client_systems(Tx& tx, const base::Id& tenant_id, std::size_t most) {
  return tx.find_all(sql<"SELECT ", system_columns, " FROM client_system WHERE tenant_id = $1 ORDER BY id LIMIT $2">,
                     {tenant_id, std::int64_t(most)}, read_system);
}

base::Result<void> insert_client_system(Tx& tx, const ClientSystem& system) {
  return without_count(
      tx.run("INSERT INTO client_system(id, account_id, tenant_id, name, created_at, created_by, version) "
             "VALUES ($1, $2, $3, $4, $5, $6, 1)",
             {system.id, system.account_id, system.tenant_id, system.name, system.created_at, system.created_by}));
}

base::Result<bool> rename_client_system(Tx& tx, const ClientSystem& system) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE client_system SET name = $2, version = version + 1 WHERE id = $1 AND version = $3",
                          {system.id, system.name, system.version}));
  return changed == 1;
}

base::Result<void> insert_system_certificate(Tx& tx, const SystemCertificate& one) {
  return without_count(tx.run(
      "INSERT INTO client_system_certificate(sha256, system_id, tenant_id, der, subject, issuer, serial, algorithm, "
      "not_before, not_after, origin, created_at, created_by, revoked_at, revoked_by, reason) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, NULL, NULL, '')",
      {one.sha256, one.system_id, one.tenant_id, Blob{one.der}, one.subject, one.issuer, one.serial, one.algorithm,
       one.not_before, one.not_after, std::string_view(one.is_own ? "own" : "foreign"), one.created_at,
       one.created_by}));
}

base::Result<std::optional<SystemCertificate>> find_system_certificate(Tx& tx, std::string_view sha256) {
  return tx.find_one(sql<"SELECT ", certificate_columns, ", c.der", certificate_tables, " WHERE c.sha256 = $1">,
                     {sha256}, [](const Row& row) {
                       SystemCertificate read = read_certificate(row);
                       read.der = std::string(row.view(20));
                       return read;
                     });
}

base::Result<std::vector<SystemCertificate>> list_system_certificates(Tx& tx, std::string_view system_id,
                                                                      std::size_t most) {
  return tx.find_all(sql<"SELECT ", certificate_columns, certificate_tables,
                         " WHERE c.system_id = $1 ORDER BY c.created_at DESC LIMIT $2">,
                     {system_id, std::int64_t(most)}, read_certificate);
}

base::Result<std::vector<SystemCertificate>> list_certificates_of_tenant(Tx& tx, const base::Id& tenant_id,
                                                                         std::size_t most) {
  return tx.find_all(sql<"SELECT ", certificate_columns, certificate_tables,
                         " WHERE c.tenant_id = $1 ORDER BY c.created_at DESC LIMIT $2">,
                     {tenant_id, std::int64_t(most)}, read_certificate);
}

base::Result<bool> revoke_system_certificate(Tx& tx, std::string_view sha256, const SystemRevocation& revocation) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE client_system_certificate SET revoked_at = $2, revoked_by = $3, reason = $4 "
                          "WHERE sha256 = $1 AND revoked_at IS NULL",
                          {sha256, revocation.at, revocation.by, revocation.reason}));
  return changed == 1;
}

}  // namespace store
