#include "store/account/identifiers.hpp"

#include "identity/identifier/login_name.hpp"
#include "store/account/search_terms.hpp"
#include "store/driver/sql.hpp"

namespace store {

base::Result<void> leave_person(Tx& tx, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto found, tx.find_one("SELECT person_id FROM account WHERE id = $1", {account_id},
                                                 [](const Row& row) { return Fields(row).optional_id(); }));
  if (!found || !*found) return {};
  const base::Id person = **found;
  RETURN_IF_ERROR(tx.run("UPDATE account SET person_id = NULL WHERE id = $1", {account_id}));
  ASSIGN_OR_RETURN(const auto other, tx.find_one("SELECT id FROM account WHERE person_id = $1", {person}, read_id));
  if (other) return {};
  RETURN_IF_ERROR(tx.run("DELETE FROM person_identifier WHERE person_id = $1", {person}));
  return without_count(tx.run("DELETE FROM person WHERE id = $1", {person}));
}

base::Result<std::vector<Identifier>> list_identifiers(Tx& tx, const base::Id& account_id) {
  return tx.find_all(
      "SELECT account_id, type, canonical, display, verified_at, may_login, redirect_to_main, given_at FROM identifier "
      "WHERE account_id = $1 AND valid_until IS NULL ORDER BY created_at, canonical",
      {account_id}, [](const Row& row) {
        Fields field(row);
        return Identifier{field.id(),   field.text(), field.text(),         field.text(), field.optional_time(),
                          field.flag(), field.flag(), field.optional_time()};
      });
}

base::Result<void> delete_identifier(Tx& tx, const base::Id& account_id, std::string_view type,
                                     std::string_view canonical) {
  RETURN_IF_ERROR(tx.run("DELETE FROM identifier WHERE account_id = $1 AND type = $2 AND canonical = $3",
                         {account_id, type, canonical}));
  return refresh_terms(tx, account_id);
}

base::Result<bool> is_login_of_another(Tx& tx, std::string_view canonical, const base::Id& account_id) {
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one(
          "SELECT 1 FROM identifier WHERE canonical = $1 AND account_id <> $2 AND type IN ('login', 'email', 'phone')",
          {canonical, account_id}, read_integer));
  return found.has_value();
}

base::Result<bool> is_taken(Tx& tx, std::string_view type, std::string_view canonical, const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto found,
                   tx.find_one("SELECT 1 FROM identifier WHERE canonical = $1 AND type = $2 AND account_id <> $3",
                               {canonical, type, account_id}, read_integer));
  return found.has_value();
}

base::Result<void> mark_verified(Tx& tx, const base::Id& account_id, std::string_view type, base::Time now) {
  return without_count(
      tx.run("UPDATE identifier SET verified_at = $3, may_login = CASE WHEN type = 'email' THEN 1 ELSE "
             "may_login END WHERE account_id = $1 AND type = $2 AND verified_at IS NULL",
             {account_id, type, now}));
}

base::Result<void> set_redirect(Tx& tx, const base::Id& account_id, bool to_main) {
  return without_count(tx.run("UPDATE identifier SET redirect_to_main = $2 WHERE account_id = $1 AND type = 'email'",
                              {account_id, to_main}));
}

base::Result<void> insert_person(Tx& tx, const Person& person) {
  return without_count(tx.run("INSERT INTO person(id, tenant_id, given, family) VALUES ($1, $2, $3, $4)",
                              {person.id, person.tenant_id, person.given_name, person.family_name}));
}

base::Result<std::optional<Person>> find_person_by(Tx& tx, std::string_view type, std::string_view canonical) {
  return tx.find_one(
      "SELECT p.id, p.tenant_id, p.given, p.family FROM person_identifier i JOIN person p ON p.id = i.person_id "
      "WHERE i.canonical = $2 AND i.type = $1",
      {type, canonical}, [](const Row& row) {
        Fields field(row);
        return Person{field.id(), field.id(), field.text(), field.text()};
      });
}

base::Result<std::optional<base::Id>> find_account_of_person(Tx& tx, const base::Id& person_id, std::string_view kind) {
  return tx.find_one("SELECT id FROM account WHERE person_id = $1 AND kind = $2", {person_id, kind}, read_id);
}

base::Result<void> insert_person_identifier(Tx& tx, const Person& person, std::string_view type,
                                            std::string_view canonical, std::string_view display, base::Time now) {
  RETURN_IF_ERROR(
      tx.run("INSERT INTO person_identifier(canonical, type, tenant_id, person_id, display, created_at) "
             "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
             {canonical, type, person.tenant_id, person.id, display, now}));
  ASSIGN_OR_RETURN(const auto owner,
                   tx.find_one("SELECT person_id FROM person_identifier WHERE canonical = $1 AND type = $2",
                               {canonical, type}, read_id));
  if (!owner || *owner != person.id) return base::fail(base::Code::already_exists, std::string(type) + ": taken");
  return refresh_terms_of_person(tx, person.id);
}

base::Result<std::vector<PersonIdentifier>> list_person_identifiers(Tx& tx, const base::Id& person_id) {
  return tx.find_all("SELECT type, display FROM person_identifier WHERE person_id = $1 ORDER BY type", {person_id},
                     [](const Row& row) {
                       Fields field(row);
                       return PersonIdentifier{field.text(), field.text()};
                     });
}

base::Result<void> delete_person_identifier(Tx& tx, const base::Id& person_id, std::string_view type) {
  RETURN_IF_ERROR(tx.run("DELETE FROM person_identifier WHERE person_id = $1 AND type = $2", {person_id, type}));
  return refresh_terms_of_person(tx, person_id);
}

base::Result<void> set_names(Tx& tx, const base::Id& person_id, std::string_view given, std::string_view family) {
  RETURN_IF_ERROR(expect_changed(
      tx.run("UPDATE person SET given = $2, family = $3 WHERE id = $1", {person_id, given, family}), "the person"));
  return refresh_terms_of_person(tx, person_id);
}

base::Result<void> set_person(Tx& tx, const base::Id& account_id, const base::Id& person_id) {
  RETURN_IF_ERROR(leave_person(tx, account_id));
  RETURN_IF_ERROR(expect_changed(tx.run("UPDATE account SET person_id = $2 WHERE id = $1", {account_id, person_id}),
                                 "the account"));
  return refresh_terms(tx, account_id);
}

base::Result<std::int64_t> count_accounts_of_person(Tx& tx, const base::Id& person_id) {
  ASSIGN_OR_RETURN(const auto count,
                   tx.find_one("SELECT count(*) FROM account WHERE person_id = $1", {person_id}, read_integer));
  return count.value_or(0);
}

base::Result<void> set_account_facts(Tx& tx, const identity::Account& account) {
  RETURN_IF_ERROR(expect_changed(
      tx.run("UPDATE account SET kind = $2, external = $3, organisation = $4, locale = $5, preferred_channel = $6 "
             "WHERE id = $1",
             {account.id, identity::name_of(account.kind), account.external, account.organisation, account.locale,
              account.preferred_channel}),
      "the account"));
  return refresh_terms(tx, account.id);
}

base::Result<void> set_preferred_channel(Tx& tx, const base::Id& account_id, std::string_view channel) {
  return expect_changed(tx.run("UPDATE account SET preferred_channel = $2 WHERE id = $1", {account_id, channel}),
                        "the account");
}

base::Result<void> set_main_mark(Tx& tx, const base::Id& account_id, bool is_main) {
  return expect_changed(
      tx.run("UPDATE account SET is_main = $2, version = version + 1 WHERE id = $1", {account_id, is_main}),
      "the account");
}

base::Result<std::int64_t> count_sub_accounts(Tx& tx, const base::Id& main_account_id) {
  ASSIGN_OR_RETURN(const auto count,
                   tx.find_one("SELECT count(*) FROM account WHERE main_account_id = $1 AND status <> 'deleted'",
                               {main_account_id}, read_integer));
  return count.value_or(0);
}

base::Result<std::vector<identity::Account>> list_sub_accounts(Tx& tx, const base::Id& main_account_id) {
  ASSIGN_OR_RETURN(const auto ids, tx.find_all("SELECT id FROM account WHERE main_account_id = $1 ORDER BY id",
                                               {main_account_id}, read_id));
  std::vector<identity::Account> accounts;
  for (const base::Id& id : ids) {
    ASSIGN_OR_RETURN(auto account, find_account(tx, id));
    if (account) accounts.push_back(std::move(*account));
  }
  return accounts;
}

base::Result<void> raise_version(Tx& tx, const base::Id& account_id, std::int64_t expected, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t changed,
                   tx.run("UPDATE account SET version = version + 1, changed_at = $3 WHERE id = $1 AND version = $2",
                          {account_id, expected, now}));
  if (changed == 0) return base::fail(base::Code::conflict, "the account was changed meanwhile");
  return {};
}

base::Result<void> insert_certificate(Tx& tx, const base::Id& account_id, const Certificate& certificate,
                                      base::Time now) {
  RETURN_IF_ERROR(
      insert_identifier(tx,
                        {account_id, std::string(identity::identifier_type::certificate), certificate.fingerprint,
                         certificate.fingerprint, certificate.is_proven ? std::optional(now) : std::nullopt, false},
                        now));
  return without_count(tx.run(
      "INSERT INTO account_certificate(fingerprint, tenant_id, account_id, der, subject, issuer, serial, not_before, "
      "not_after, created_at) SELECT $1, a.tenant_id, a.id, $3, $4, $5, $6, $7, $8, $9 FROM account a WHERE a.id = $2",
      {certificate.fingerprint, account_id, Blob{certificate.der}, certificate.subject, certificate.issuer,
       certificate.serial, certificate.not_before, certificate.not_after, now}));
}

base::Result<void> mark_certificate_verified(Tx& tx, const base::Id& account_id, std::string_view fingerprint,
                                             base::Time now) {
  return without_count(
      tx.run("UPDATE identifier SET verified_at = $3 WHERE canonical = $2 AND type = 'certificate' AND account_id = $1 "
             "AND verified_at IS NULL",
             {account_id, fingerprint, now}));
}

base::Result<std::optional<base::Id>> find_certificate_holder(Tx& tx, std::string_view fingerprint) {
  return tx.find_one(
      "SELECT account_id FROM identifier WHERE canonical = $1 AND type = 'certificate' AND verified_at IS NOT NULL",
      {fingerprint}, read_id);
}

base::Result<std::optional<CertificatePlace>> find_certificate_place(Tx& tx, std::string_view fingerprint) {
  return tx.find_one("SELECT account_id, verified_at FROM identifier WHERE canonical = $1 AND type = 'certificate'",
                     {fingerprint}, [](const Row& row) {
                       Fields field(row);
                       CertificatePlace place;
                       place.account_id = field.id();
                       place.is_proven = field.optional_time().has_value();
                       return place;
                     });
}

base::Result<std::vector<Certificate>> list_certificates(Tx& tx, const base::Id& account_id) {
  return tx.find_all(
      "SELECT c.fingerprint, c.der, c.subject, c.issuer, c.serial, c.not_before, c.not_after, i.verified_at "
      "FROM account_certificate c JOIN identifier i ON i.canonical = c.fingerprint AND i.type = 'certificate' "
      "WHERE c.account_id = $1 ORDER BY c.created_at, c.fingerprint",
      {account_id}, [](const Row& row) {
        Fields field(row);
        return Certificate{field.text(), field.text(), field.text(), field.text(),
                           field.text(), field.time(), field.time(), field.optional_time().has_value()};
      });
}

base::Result<void> delete_certificate(Tx& tx, const base::Id& account_id, std::string_view fingerprint) {
  RETURN_IF_ERROR(delete_identifier(tx, account_id, identity::identifier_type::certificate, fingerprint));
  return expect_changed(
      tx.run("DELETE FROM account_certificate WHERE account_id = $1 AND fingerprint = $2", {account_id, fingerprint}),
      "the certificate");
}

base::Result<void> put_pending(Tx& tx, const PendingAddress& pending, base::Time now) {
  RETURN_IF_ERROR(expect_changed(
      tx.run(
          "INSERT INTO address_verification(account_id, type, tenant_id, canonical, display, redirect_to_main, "
          "code_hash, "
          "tries, sent, sent_at, expires_at) SELECT a.id, $2, a.tenant_id, $3, $4, $5, $6, 0, 1, $7, $8 FROM account a "
          "WHERE a.id = $1 ON CONFLICT (account_id, type) DO UPDATE SET canonical = excluded.canonical, "
          "display = excluded.display, redirect_to_main = excluded.redirect_to_main, code_hash = excluded.code_hash, "
          "tries = 0, sent = address_verification.sent + 1, sent_at = excluded.sent_at, expires_at = "
          "excluded.expires_at",
          {pending.account_id, pending.type, pending.canonical, pending.display, pending.redirect_to_main,
           Blob{pending.code_hash}, now, pending.expires_at}),
      "the account"));
  return refresh_terms(tx, pending.account_id);
}

base::Result<std::vector<PendingAddress>> list_pending(Tx& tx, const base::Id& account_id) {
  return tx.find_all(
      "SELECT account_id, type, canonical, display, redirect_to_main, code_hash, tries, expires_at, sent_at "
      "FROM address_verification WHERE account_id = $1 ORDER BY type",
      {account_id}, [](const Row& row) {
        Fields field(row);
        return PendingAddress{field.id(),   field.text(),    field.text(), field.text(), field.flag(),
                              field.text(), field.integer(), field.time(), field.time()};
      });
}

base::Result<bool> use_try(Tx& tx, const base::Id& account_id, std::string_view type, std::int64_t most) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run("UPDATE address_verification SET tries = tries + 1 WHERE account_id = $1 AND type = $2 AND tries < $3",
             {account_id, type, most}));
  return changed > 0;
}

base::Result<bool> take_pending(Tx& tx, const base::Id& account_id, std::string_view type, std::string_view code_hash,
                                base::Time now) {
  ASSIGN_OR_RETURN(
      const std::int64_t changed,
      tx.run(
          "DELETE FROM address_verification WHERE account_id = $1 AND type = $2 AND code_hash = $3 AND expires_at > $4",
          {account_id, type, Blob{code_hash}, now}));
  if (changed > 0) RETURN_IF_ERROR(refresh_terms(tx, account_id));
  return changed > 0;
}

base::Result<void> drop_pending(Tx& tx, const base::Id& account_id, std::string_view type) {
  RETURN_IF_ERROR(tx.run("DELETE FROM address_verification WHERE account_id = $1 AND type = $2", {account_id, type}));
  return refresh_terms(tx, account_id);
}

base::Result<std::vector<base::Id>> list_ending_certificates(Tx& tx, base::Time after, base::Time until,
                                                             std::size_t most) {
  return tx.find_all(
      "SELECT tenant_id FROM account_certificate WHERE not_after > $1 AND not_after <= $2 "
      "ORDER BY not_after LIMIT $3",
      {after, until, most}, read_id);
}

}  // namespace store
