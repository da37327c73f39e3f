#include "store/oauth/consents.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr SqlPart columns = "account_id, client_id, tenant_id, items, given_at, changed_at";

Consent read_consent(const Row& row) {
  Fields field(row);
  Consent consent;
  consent.account_id = field.id();
  consent.client_id = field.id();
  consent.tenant_id = field.id();
  consent.items = field.text();
  consent.given_at = field.time();
  consent.changed_at = field.time();
  return consent;
}

}  // namespace

base::Result<std::optional<Consent>> find_consent(Tx& tx, const base::Id& account_id, const base::Id& client_id) {
  return tx.find_one(sql<"SELECT ", columns, " FROM consent WHERE account_id = $1 AND client_id = $2">,
                     {account_id, client_id}, read_consent);
}

base::Result<std::vector<Consent>> list_consents(Tx& tx, const base::Id& account_id, std::int64_t most) {
  return tx.find_all(sql<"SELECT ", columns, " FROM consent WHERE account_id = $1 ORDER BY client_id LIMIT $2">,
                     {account_id, most}, read_consent);
}

base::Result<void> put_consent(Tx& tx, const Consent& consent) {
  return without_count(tx.run(
      "INSERT INTO consent(account_id, client_id, tenant_id, items, given_at, changed_at) "
      "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (account_id, client_id) DO UPDATE SET items = excluded.items, "
      "changed_at = excluded.changed_at",
      {consent.account_id, consent.client_id, consent.tenant_id, consent.items, consent.given_at, consent.changed_at}));
}

base::Result<void> delete_consent(Tx& tx, const base::Id& account_id, const base::Id& client_id) {
  return expect_changed(tx.run("DELETE FROM consent WHERE account_id = $1 AND client_id = $2", {account_id, client_id}),
                        "the consent");
}

base::Result<std::optional<std::string>> find_pairwise_subject(Tx& tx, std::string_view sector,
                                                               const base::Id& account_id) {
  return tx.find_one("SELECT subject FROM pairwise_subject WHERE sector = $1 AND account_id = $2", {sector, account_id},
                     read_text);
}

base::Result<void> insert_pairwise_subject(Tx& tx, std::string_view sector, const base::Id& account_id,
                                           std::string_view subject, base::Time now) {
  ASSIGN_OR_RETURN(const std::int64_t added,
                   tx.run("INSERT INTO pairwise_subject(sector, account_id, subject, created_at) "
                          "VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
                          {sector, account_id, subject, now}));
  if (added == 0) return base::fail(base::Code::already_exists, "the account has a subject in this sector");
  return {};
}

base::Result<std::optional<base::Id>> find_account_of_pairwise_subject(Tx& tx, std::string_view sector,
                                                                       std::string_view subject) {
  return tx.find_one("SELECT account_id FROM pairwise_subject WHERE subject = $1 AND sector = $2", {subject, sector},
                     [](const Row& row) { return Fields(row).id(); });
}

}  // namespace store
