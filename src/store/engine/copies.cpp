#include "store/engine/copies.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "store/driver/sql.hpp"
#include "store/driver/sqlite_connection.hpp"
#include "store/schema/marks.hpp"
#include "store/schema/steps.hpp"

namespace store {
namespace {

// In the order of src/store/schema/tables.txt: a table stands behind those that it refers to.
constexpr std::array rules{
    DumpRule{"schema_migration", false},
    DumpRule{"installation_mark"},
    DumpRule{"tenant"},
    DumpRule{"tenant_feature"},
    DumpRule{"person"},
    DumpRule{"person_identifier"},
    DumpRule{"account"},
    DumpRule{"identifier"},
    DumpRule{"account_certificate"},
    DumpRule{"address_verification"},
    DumpRule{"account_term"},
    DumpRule{"acting_context"},
    DumpRule{"account_context"},
    DumpRule{"own_role"},
    DumpRule{"login_statistics"},
    DumpRule{"bulk_act"},
    DumpRule{"bulk_item"},
    DumpRule{"credential"},
    DumpRule{"password_history"},
    DumpRule{"policy"},
    DumpRule{"policy_binding"},
    DumpRule{"group_"},
    DumpRule{"group_member"},
    DumpRule{"one_time_token"},
    DumpRule{"failure_count"},
    DumpRule{"network_bucket"},
    DumpRule{"throttle"},
    DumpRule{"client"},
    DumpRule{"signing_key"},
    DumpRule{"grant_family"},
    DumpRule{"device_authorization"},
    DumpRule{"pushed_request"},
    DumpRule{"consent"},
    DumpRule{"pairwise_subject"},
    DumpRule{"resource_server"},
    DumpRule{"api_token"},
    DumpRule{"revoked_token"},
    DumpRule{"session"},
    DumpRule{"session_client"},
    DumpRule{"device"},
    DumpRule{"login_code"},
    DumpRule{"factor_grace"},
    DumpRule{"certificate_authority"},
    DumpRule{"issued_certificate"},
    DumpRule{"certificate_list"},
    DumpRule{"ocsp_responder"},
    DumpRule{"trust_anchor"},
    DumpRule{"foreign_revocation"},
    DumpRule{"timestamp_authority"},
    DumpRule{"timestamp_clock"},
    DumpRule{"signing_credential"},
    DumpRule{"signing_job"},
    DumpRule{"signing_item"},
    DumpRule{"revocation_cache"},
    DumpRule{"validation_report"},
    DumpRule{"client_system"},
    DumpRule{"client_system_certificate"},
    DumpRule{"connector_setting"},
    DumpRule{"outbox"},
    DumpRule{"sms_limit"},
    DumpRule{"sms_count"},
    DumpRule{"sms_day"},
    DumpRule{"sms_gateway"},
    DumpRule{"sms_report"},
    DumpRule{"audit_event"},
    DumpRule{"event_receipt"},
    DumpRule{"audit_head"},
    DumpRule{"erasure_due"},
    DumpRule{"audit_check"},
    DumpRule{"audit_retention"},
};

BulkConnection& bulk_of(Tx& tx) {
  return dynamic_cast<BulkConnection&>(tx.connection());
}

base::Result<std::string> ask_pragma(Connection& connection, Sql sql) {
  std::string answer;
  auto visit = [&](const Row& row) {
    if (answer.empty()) answer = row.view(0);
  };
  const RowVisitor visitor(visit);
  RETURN_IF_ERROR(connection.run(sql, {}, &visitor));
  return answer;
}

// The schema must be one that this program reads, and the master key that of the copy.
base::Result<void> judge_copy(Connection& connection, Tx& tx) {
  // The number of the application is "CHCY".
  static_assert(sqlite::application_id == 1128809305);
  const auto mark = ask_pragma(connection, "PRAGMA application_id");
  if (!mark || *mark != "1128809305") return base::fail(base::Code::invalid_input, "it is no database of this program");
  ASSIGN_OR_RETURN(const std::string whole, ask_pragma(connection, "PRAGMA integrity_check(1)"));
  if (whole != "ok") return base::fail(base::Code::invalid_input, "the database is damaged: " + whole);
  ASSIGN_OR_RETURN(const std::string loose, ask_pragma(connection, "PRAGMA foreign_key_check"));
  if (!loose.empty()) {
    return base::fail(base::Code::invalid_input, "a row of " + loose + " refers to one that is not there");
  }
  ASSIGN_OR_RETURN(const auto oldest,
                   tx.find_one("SELECT coalesce(max(oldest_compatible), 0) FROM schema_migration", {}, read_integer));
  if (oldest.value_or(0) > newest_step()) {
    return base::fail(base::Code::invalid_input, "it needs a program of schema " + std::to_string(*oldest));
  }
  return check_master_key(tx);
}

base::Result<bool> is_used(Tx& tx) {
  const auto is_there = [](const Row&) { return true; };
  ASSIGN_OR_RETURN(const auto account, tx.find_one("SELECT id FROM account ORDER BY id LIMIT 1", {}, is_there));
  ASSIGN_OR_RETURN(const auto event, tx.find_one("SELECT seq FROM audit_event ORDER BY seq LIMIT 1", {}, is_there));
  ASSIGN_OR_RETURN(const auto others,
                   tx.find_one("SELECT (SELECT count(*) FROM tenant) - 1 + (SELECT count(*) FROM policy) + "
                               "(SELECT count(*) FROM acting_context) + (SELECT count(*) FROM signing_key) + "
                               "(SELECT count(*) FROM client)",
                               {}, read_integer));
  return account.has_value() || event.has_value() || others.value_or(0) > 0;
}

}  // namespace

std::int64_t newest_step() {
  return all_steps().back().number;
}

base::Result<std::int64_t> find_step(Tx& tx) {
  ASSIGN_OR_RETURN(const auto step,
                   tx.find_one("SELECT coalesce(max(step), 0) FROM schema_migration", {}, read_integer));
  return step.value_or(0);
}

std::string file_of(Tx& tx) {
  return bulk_of(tx).file();
}

base::Result<int> copy_pages(Tx& tx, const std::string& folder) {
  return bulk_of(tx).copy_pages(folder);
}

base::Result<void> read_copy(const std::string& path, bool is_passing, const crypto::MasterKey& master,
                             const std::function<base::Result<void>(Tx&)>& body) {
  auto connection = sqlite::connect_copy(path);
  if (is_passing) ::unlink(path.c_str());
  if (!connection) return base::pass_on(std::move(connection));
  const base::Secret seal_key = master.derive(head_purpose);
  RETURN_IF_ERROR((*connection)->begin_read());
  Tx tx(**connection, master, seal_key);
  RETURN_IF_ERROR(judge_copy(**connection, tx));
  return body(tx);
}

std::span<const DumpRule> dump_rules() {
  return rules;
}

base::Result<std::vector<BulkTable>> list_dumped_tables(Tx& tx) {
  ASSIGN_OR_RETURN(auto found, bulk_of(tx).list_bulk_tables());
  std::vector<BulkTable> tables;
  for (const DumpRule& rule : rules) {
    const auto table =
        std::find_if(found.begin(), found.end(), [&](const auto& one) { return one.name == rule.table; });
    if (table == found.end()) {
      return base::fail(base::Code::internal, "the database has no table " + std::string(rule.table));
    }
    if (rule.has_rows) tables.push_back(std::move(*table));
    found.erase(table);
  }
  if (found.empty()) return tables;
  return base::fail(base::Code::internal, "nobody has said how the table " + found.front().name + " is dumped");
}

base::Result<void> read_table(Tx& tx, const BulkTable& table, const TakeRow& take) {
  RETURN_IF_ERROR(bulk_of(tx).prepare_for_bulk());
  return bulk_of(tx).read_all(table, take);
}

base::Result<void> begin_load(Tx& tx) {
  ASSIGN_OR_RETURN(const bool used, is_used(tx));
  if (used) {
    return base::fail(base::Code::conflict, "the database was used already; only one that nobody has used is filled");
  }
  RETURN_IF_ERROR(bulk_of(tx).prepare_for_bulk());
  // The steps of the schema and the first opening have written some; those that refer to others go first.
  for (auto rule = rules.rbegin(); rule != rules.rend(); ++rule) {
    if (!rule->has_rows) continue;
    RETURN_IF_ERROR(tx.connection().run_script("/* unused */ DELETE FROM " + std::string(rule->table)));
  }
  return {};
}

base::Result<void> write_table(Tx& tx, const BulkTable& table, const GiveRow& give) {
  return bulk_of(tx).write_all(table, give);
}

base::Result<void> end_load(Tx& tx) {
  RETURN_IF_ERROR(check_master_key(tx));
  if (ChainEnd* end = tx.chain(); end != nullptr) *end = ChainEnd();
  return {};
}

}  // namespace store
