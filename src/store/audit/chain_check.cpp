#include "store/audit/chain_check.hpp"

#include "store/driver/sql.hpp"

namespace store {
namespace {

ChainCheck read_check(const Row& row) {
  Fields field(row);
  ChainCheck check;
  check.state = field.text();
  check.run_id = field.optional_id();
  check.asked_by = field.optional_id();
  check.tenant_id = field.id();
  check.asked_at = field.time();
  check.moved_at = field.time();
  check.checked = field.integer();
  check.total = field.integer();
  check.erased = field.integer();
  check.flaws = field.integer();
  check.flaw = field.text();
  check.first_event = field.integer();
  check.last_event = field.integer();
  return check;
}

}  // namespace

base::Result<std::optional<ChainCheck>> find_chain_check(Tx& tx) {
  return tx.find_one(
      "SELECT state, run_id, asked_by, tenant_id, asked_at, moved_at, checked, total, erased, flaws, flaw, "
      "first_event, "
      "last_event FROM audit_check WHERE id = 1",
      {}, read_check);
}

base::Result<void> set_chain_check(Tx& tx, const ChainCheck& check) {
  return without_count(
      tx.run("INSERT INTO audit_check(id, state, run_id, asked_by, tenant_id, asked_at, moved_at, checked, total, "
             "erased, flaws, flaw, first_event, last_event) "
             "VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (id) DO UPDATE SET "
             "state = $1, run_id = $2, asked_by = $3, tenant_id = $4, asked_at = $5, moved_at = $6, checked = $7, "
             "total = $8, erased = $9, flaws = $10, flaw = $11, first_event = $12, last_event = $13",
             {check.state, check.run_id, check.asked_by, check.tenant_id, check.asked_at, check.moved_at, check.checked,
              check.total, check.erased, check.flaws, check.flaw, check.first_event, check.last_event}));
}

}  // namespace store
