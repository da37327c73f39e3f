#include "store/validation/validation_reports.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

constexpr std::string_view sealed_for = "validation-report";
constexpr std::int64_t sweep_most = 500;

KeptReport read_kept(const Row& row) {
  Fields field(row);
  KeptReport kept;
  kept.id = field.id();
  kept.secret_hash = field.text();
  kept.report = field.text();  // still sealed
  kept.created_at = field.time();
  kept.expires_at = field.time();
  return kept;
}

}  // namespace

base::Result<void> insert_validation_report(Tx& tx, const KeptReport& report, std::int64_t most) {
  const base::Bytes sealed = tx.master().seal(sealed_for, report.report, report.id.bytes());
  RETURN_IF_ERROR(tx.run(
      "INSERT INTO validation_report(id, secret_hash, sealed_report, created_at, expires_at) VALUES ($1, $2, $3, $4, "
      "$5)",
      {report.id, Blob{report.secret_hash}, Blob{sealed}, report.created_at, report.expires_at}));
  ASSIGN_OR_RETURN(const auto count, tx.find_one("SELECT count(*) FROM validation_report", {}, read_integer));
  const std::int64_t over = count.value_or(0) - most;
  if (over <= 0) return {};
  return without_count(tx.run(
      "DELETE FROM validation_report WHERE id IN (SELECT id FROM validation_report ORDER BY expires_at LIMIT $1)",
      {over}));
}

base::Result<std::optional<KeptReport>> find_validation_report(Tx& tx, const base::Id& id) {
  ASSIGN_OR_RETURN(
      auto found,
      tx.find_one("SELECT id, secret_hash, sealed_report, created_at, expires_at FROM validation_report WHERE id = $1",
                  {id}, read_kept));
  if (!found) return std::nullopt;
  const auto opened = tx.master().open(sealed_for, found->report, id.bytes());
  if (!opened) return std::nullopt;
  found->report = std::string(opened->reveal());
  return found;
}

base::Result<bool> delete_old_validation_reports(Tx& tx, base::Time before) {
  ASSIGN_OR_RETURN(const std::int64_t deleted,
                   tx.run("DELETE FROM validation_report WHERE id IN (SELECT id FROM validation_report WHERE "
                          "expires_at < $1 ORDER BY expires_at LIMIT $2)",
                          {before, sweep_most}));
  return deleted >= sweep_most;
}

}  // namespace store
