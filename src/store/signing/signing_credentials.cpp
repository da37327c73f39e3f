#include "store/signing/signing_credentials.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view key_purpose = "signing-credential-key";
constexpr std::string_view pin_purpose = "signing-credential-pin";

base::Bytes place_of(const base::Id& id) {
  return base::Bytes("signing_credential").append(id.bytes());
}

base::Bytes seal(const crypto::MasterKey& master, std::string_view purpose, const base::Secret& secret,
                 const base::Id& id) {
  return secret.empty() ? base::Bytes() : master.seal(purpose, secret.reveal(), place_of(id));
}

constexpr SqlPart columns =
    "id, tenant_id, account_id, label, status, activation, backend, token, token_object, spki, "
    "CAST(length(sealed_pin) AS bigint), certificate, chain, sha256, subject, issuer, is_own_issue, "
    "not_before, not_after, uses, last_used_at, wrong_pins, pins_wait_until, warned_days, version, created_at, "
    "created_by, changed_at FROM signing_credential";

SigningCredential read_credential(const Row& row) {
  Fields field(row);
  SigningCredential read;
  read.id = field.id();
  read.tenant_id = field.id();
  read.account_id = field.optional_id();
  read.label = field.text();
  read.status = field.text();
  read.activation = field.text();
  read.backend = field.text();
  read.token = field.text();
  read.token_object = field.text();
  read.spki = field.text();
  read.has_pin = field.integer() != 0;
  read.certificate = field.text();
  read.chain = field.text();
  read.sha256 = field.text();
  read.subject = field.text();
  read.issuer = field.text();
  read.is_own_issue = field.flag();
  read.not_before = field.optional_time();
  read.not_after = field.optional_time();
  read.uses = field.integer();
  read.last_used_at = field.optional_time();
  read.wrong_pins = field.integer();
  read.pins_wait_until = field.optional_time();
  read.warned_days = field.optional_integer();
  read.version = field.integer();
  read.created_at = field.time();
  read.created_by = field.optional_id();
  read.changed_at = field.time();
  return read;
}

struct Sealed {
  base::Id id;
  base::Bytes key;
  base::Bytes pin;
};
Sealed read_sealed(const Row& row) {
  Fields field(row);
  Sealed sealed;
  sealed.id = field.id();
  sealed.key = field.text();
  sealed.pin = field.text();
  return sealed;
}

base::Result<base::Secret> open(const Tx& tx, std::string_view purpose, const base::Bytes& sealed, const base::Id& id) {
  if (sealed.empty()) return base::Secret();
  auto opened = tx.master().open(purpose, sealed, place_of(id));
  if (!opened) return base::fail(base::Code::internal, "a key that signs documents cannot be opened");
  return std::move(*opened);
}

base::Result<base::Bytes> reseal(const Tx& tx, const crypto::MasterKey& next, std::string_view purpose,
                                 const base::Bytes& sealed, const base::Id& id) {
  if (sealed.empty()) return base::Bytes();
  return seal_anew(tx, next, purpose, sealed, place_of(id));
}

}  // namespace

base::Result<void> insert_signing_credential(Tx& tx, const SigningCredential& row, const SigningSecrets& secrets) {
  const base::Bytes key = seal(tx.master(), key_purpose, secrets.pkcs8, row.id);
  const base::Bytes pin = seal(tx.master(), pin_purpose, secrets.pin_hash, row.id);
  return without_count(tx.run(
      "INSERT INTO signing_credential(id, tenant_id, account_id, label, status, activation, backend, token, "
      "token_object, spki, sealed_pkcs8, sealed_pin, certificate, chain, sha256, subject, issuer, is_own_issue, "
      "not_before, not_after, uses, wrong_pins, version, created_at, created_by, changed_at) "
      "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, 0, 0, 1, "
      "$21, $22, $21)",
      {row.id,
       row.tenant_id,
       row.account_id,
       row.label,
       row.status,
       row.activation,
       row.backend,
       row.token,
       Blob{row.token_object},
       Blob{row.spki},
       Blob{key},
       Blob{pin},
       Blob{row.certificate},
       Blob{row.chain},
       row.sha256,
       row.subject,
       row.issuer,
       row.is_own_issue,
       row.not_before,
       row.not_after,
       row.created_at,
       row.created_by}));
}

base::Result<std::optional<SigningCredential>> find_signing_credential(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " WHERE id = $1">, {id}, read_credential);
}

base::Result<std::optional<SigningCredential>> find_signing_credential_by(Tx& tx, std::string_view sha256) {
  return tx.find_one(sql<"SELECT ", columns, " WHERE sha256 = $1 AND sha256 <> ''">, {sha256}, read_credential);
}

base::Result<std::vector<SigningCredential>> list_signing_credentials_of(Tx& tx, const base::Id& account_id,
                                                                         std::int64_t most) {
  return tx.find_all(sql<"SELECT ", columns, " WHERE account_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2">,
                     {account_id, most}, read_credential);
}

base::Result<std::vector<SigningCredential>> list_seals_of(Tx& tx, const base::Id& tenant_id, std::int64_t most) {
  return tx.find_all(sql<"SELECT ", columns,
                         " WHERE tenant_id = $1 AND account_id IS NULL ORDER BY created_at DESC, id DESC LIMIT $2">,
                     {tenant_id, most}, read_credential);
}

base::Result<std::vector<SigningCredential>> list_signing_credentials(Tx& tx, const base::Id& tenant_id,
                                                                      std::int64_t most) {
  return tx.find_all(sql<"SELECT ", columns, " WHERE tenant_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2">,
                     {tenant_id, most}, read_credential);
}

base::Result<bool> has_credential_on_token(Tx& tx, std::string_view token) {
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one("SELECT id FROM signing_credential WHERE token = $1 AND token <> '' LIMIT 1", {token}, read_id));
  return found.has_value();
}

base::Result<SigningSecrets> find_signing_secrets(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one("SELECT id, sealed_pkcs8, sealed_pin FROM signing_credential WHERE id = $1", {id}, read_sealed));
  if (!found) return base::fail(base::Code::not_found, "there is no such credential");
  SigningSecrets secrets;
  ASSIGN_OR_RETURN(secrets.pkcs8, open(tx, key_purpose, found->key, id));
  ASSIGN_OR_RETURN(secrets.pin_hash, open(tx, pin_purpose, found->pin, id));
  return secrets;
}

base::Result<void> update_signing_credential(Tx& tx, const SigningCredential& row) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run("UPDATE signing_credential SET label = $3, status = $4, activation = $5, backend = $6, token = $7, "
             "token_object = $8, spki = $9, certificate = $10, chain = $11, sha256 = $12, subject = $13, issuer = $14, "
             "warned_days = CASE WHEN sha256 = $12 THEN warned_days ELSE NULL END, is_own_issue = $15, not_before = "
             "$16, not_after = $17, changed_at = $18, "
             "version = version + 1 WHERE id = $1 AND version = $2",
             {row.id, row.version, row.label, row.status, row.activation, row.backend, row.token,
              Blob{row.token_object}, Blob{row.spki}, Blob{row.certificate}, Blob{row.chain}, row.sha256, row.subject,
              row.issuer, row.is_own_issue, row.not_before, row.not_after, row.changed_at}));
  if (changed == 1) return {};
  return base::fail(base::Code::conflict, "the credential was changed meanwhile");
}

base::Result<void> set_signing_secrets(Tx& tx, const base::Id& id, const SigningSecrets& secrets) {
  const base::Bytes key = seal(tx.master(), key_purpose, secrets.pkcs8, id);
  const base::Bytes pin = seal(tx.master(), pin_purpose, secrets.pin_hash, id);
  return expect_changed(tx.run("UPDATE signing_credential SET sealed_pkcs8 = $2, sealed_pin = $3, wrong_pins = 0, "
                               "pins_wait_until = NULL WHERE id = $1",
                               {id, Blob{key}, Blob{pin}}),
                        "the credential");
}

base::Result<void> delete_signing_credential(Tx& tx, const base::Id& id) {
  return expect_changed(tx.run("DELETE FROM signing_credential WHERE id = $1", {id}), "the credential");
}

base::Result<bool> count_signing_uses(Tx& tx, const SigningCredential& row, std::int64_t uses, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t counted,
                   tx.run("UPDATE signing_credential SET uses = uses + $3, last_used_at = $4, wrong_pins = 0, "
                          "pins_wait_until = NULL WHERE id = $1 AND version = $2 AND status = 'active'",
                          {row.id, row.version, uses, now}));
  return counted == 1;
}

base::Result<void> count_wrong_pin(Tx& tx, const base::Id& id, const std::optional<base::Time>& wait_until) {
  return expect_changed(
      tx.run("UPDATE signing_credential SET wrong_pins = wrong_pins + 1, pins_wait_until = $2 WHERE id = $1",
             {id, wait_until}),
      "the credential");
}

base::Result<void> forgive_wrong_pins(Tx& tx, const base::Id& id) {
  return without_count(
      tx.run("UPDATE signing_credential SET wrong_pins = 0, pins_wait_until = NULL WHERE id = $1", {id}));
}

base::Result<std::vector<SigningCredential>> list_ending_credentials(Tx& tx, base::Time now, base::Time before,
                                                                     std::int64_t days, std::int64_t most) {
  return tx.find_all(sql<"SELECT ", columns,
                         " WHERE not_after > $1 AND not_after < $2 AND status = 'active' AND (warned_days IS NULL OR "
                         "warned_days > $3) ORDER BY not_after LIMIT $4">,
                     {now, before, days, most}, read_credential);
}

base::Result<bool> note_credential_warning(Tx& tx, const base::Id& id, std::int64_t days) {
  ASSIGN_OR_RETURN(const std::int64_t noted,
                   tx.run("UPDATE signing_credential SET warned_days = $2 WHERE id = $1 AND (warned_days IS NULL OR "
                          "warned_days > $2)",
                          {id, days}));
  return noted == 1;
}

base::Result<void> seal_signing_credentials_anew(Tx& tx, const crypto::MasterKey& next) {
  const auto read_after = [&](const base::Id& last, std::int64_t most) {
    return tx.find_all("SELECT id, sealed_pkcs8, sealed_pin FROM signing_credential WHERE id > $1 ORDER BY id LIMIT $2",
                       {last, most}, read_sealed);
  };
  return for_each_in_steps<base::Id>(
      read_after, [](const Sealed& row) { return row.id; },
      [&](const Sealed& row) -> base::Result<void> {
        ASSIGN_OR_RETURN(const base::Bytes key, reseal(tx, next, key_purpose, row.key, row.id));
        ASSIGN_OR_RETURN(const base::Bytes pin, reseal(tx, next, pin_purpose, row.pin, row.id));
        return without_count(tx.run("UPDATE signing_credential SET sealed_pkcs8 = $2, sealed_pin = $3 WHERE id = $1",
                                    {row.id, Blob{key}, Blob{pin}}));
      });
}

}  // namespace store
