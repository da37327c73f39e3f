#include "store/certificate/trust_anchors.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::int64_t most_anchors = 200;
constexpr std::int64_t sweep_most = 500;

constexpr SqlPart columns =
    "id, tenant_id, purpose, sha256, subject, der, not_after, asks, url, unreachable, amr, matching, created_at, "
    "created_by FROM trust_anchor";
constexpr SqlPart answer_columns =
    "anchor_id, kind, lookup, answer, certificate, this_update, next_update, due_at, asked_at, failure FROM "
    "foreign_revocation";

TrustAnchor read_anchor(const Row& row) {
  Fields field(row);
  TrustAnchor read;
  read.id = field.id();
  read.tenant_id = field.optional_id();
  read.purpose = field.text();
  read.sha256 = field.text();
  read.subject = field.text();
  read.der = field.text();
  read.not_after = field.time();
  read.asks = field.text();
  read.url = field.text();
  read.unreachable = field.text();
  read.amr = field.text();
  read.matching = field.text();
  read.created_at = field.time();
  read.created_by = field.optional_id();
  return read;
}

ForeignRevocation read_answer(const Row& row) {
  Fields field(row);
  ForeignRevocation read;
  read.anchor_id = field.id();
  read.kind = field.text();
  read.lookup = field.text();
  read.answer = field.text();
  read.certificate = field.text();
  read.this_update = field.optional_time();
  read.next_update = field.optional_time();
  read.due_at = field.time();
  read.asked_at = field.time();
  read.failure = field.text();
  return read;
}

}  // namespace

base::Result<void> insert_trust_anchor(Tx& tx, const TrustAnchor& anchor) {
  return without_count(tx.run(
      "INSERT INTO trust_anchor(id, tenant_id, purpose, sha256, subject, der, not_after, asks, url, unreachable, amr, "
      "matching, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
      {anchor.id, anchor.tenant_id, anchor.purpose, anchor.sha256, anchor.subject, Blob{anchor.der}, anchor.not_after,
       anchor.asks, anchor.url, anchor.unreachable, anchor.amr, anchor.matching, anchor.created_at,
       anchor.created_by}));
}

base::Result<void> delete_trust_anchor(Tx& tx, const base::Id& id) {
  RETURN_IF_ERROR(tx.run("DELETE FROM foreign_revocation WHERE anchor_id = $1", {id}));
  return expect_changed(tx.run("DELETE FROM trust_anchor WHERE id = $1", {id}), "the trust anchor");
}

base::Result<std::optional<TrustAnchor>> find_trust_anchor(Tx& tx, const base::Id& id) {
  return tx.find_one(sql<"SELECT ", columns, " WHERE id = $1">, {id}, read_anchor);
}

base::Result<std::vector<TrustAnchor>> list_trust_anchors(Tx& tx, std::string_view purpose) {
  if (purpose.empty()) {
    return tx.find_all(sql<"SELECT ", columns, " ORDER BY created_at, id LIMIT $1">, {most_anchors}, read_anchor);
  }
  return tx.find_all(sql<"SELECT ", columns, " WHERE purpose = $1 ORDER BY created_at, id LIMIT $2">,
                     {purpose, most_anchors}, read_anchor);
}

base::Result<std::optional<ForeignRevocation>> find_foreign_revocation(Tx& tx, const base::Id& anchor_id,
                                                                       std::string_view kind, std::string_view lookup) {
  return tx.find_one(sql<"SELECT ", answer_columns, " WHERE anchor_id = $1 AND kind = $2 AND lookup = $3">,
                     {anchor_id, kind, lookup}, read_answer);
}

base::Result<void> put_foreign_revocation(Tx& tx, const ForeignRevocation& answer) {
  return without_count(tx.run(
      "INSERT INTO foreign_revocation(anchor_id, kind, lookup, answer, certificate, this_update, next_update, due_at, "
      "asked_at, failure) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT(anchor_id, kind, lookup) DO "
      "UPDATE SET answer = excluded.answer, certificate = excluded.certificate, this_update = excluded.this_update, "
      "next_update = excluded.next_update, due_at = excluded.due_at, asked_at = excluded.asked_at, failure = "
      "excluded.failure",
      {answer.anchor_id, answer.kind, answer.lookup, Blob{answer.answer}, Blob{answer.certificate}, answer.this_update,
       answer.next_update, answer.due_at, answer.asked_at, answer.failure}));
}

base::Result<std::vector<ForeignRevocation>> list_due_revocations(Tx& tx, base::Time now, std::int64_t most) {
  return tx.find_all(sql<"SELECT ", answer_columns, " WHERE due_at <= $1 ORDER BY due_at LIMIT $2">, {now, most},
                     read_answer);
}

base::Result<std::int64_t> count_foreign_revocations(Tx& tx, const base::Id& anchor_id) {
  ASSIGN_OR_RETURN(const auto count, tx.find_one("SELECT count(*) FROM foreign_revocation WHERE anchor_id = $1",
                                                 {anchor_id}, read_integer));
  return count.value_or(0);
}

base::Result<bool> delete_old_revocations(Tx& tx, base::Time before) {
  ASSIGN_OR_RETURN(
      const std::int64_t deleted,
      tx.run("DELETE FROM foreign_revocation WHERE kind = 'ocsp' AND due_at <= $1 AND asked_at < $1", {before}));
  return deleted >= sweep_most;
}

}  // namespace store
