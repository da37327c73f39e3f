#include "store/driver/engine.hpp"
#include "store/driver/postgres_connection.hpp"

namespace store {
namespace {

class PostgresEngine final : public Engine {
 public:
  explicit PostgresEngine(std::string conninfo) : conninfo_(std::move(conninfo)) {}

  base::Result<std::unique_ptr<Connection>> connect_writer() override {
    return postgres::connect(conninfo_, postgres::Role::writer);
  }
  base::Result<std::unique_ptr<Connection>> connect_reader() override {
    return postgres::connect(conninfo_, postgres::Role::reader);
  }
  [[nodiscard]] bool is_postgresql() const override { return true; }
  [[nodiscard]] std::string translate(std::string ddl) const override {
    // An index over many millions of rows takes longer than a statement may.
    return "SET LOCAL statement_timeout = 0;\n" + ddl;
  }
  base::Result<bool> holds_foreign_tables(Connection& connection) override {
    return is_any(connection, "SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = current_schema()");
  }
  base::Result<bool> has_table_of_migrations(Connection& connection) override {
    return is_any(connection,
                  "SELECT count(*) FROM pg_catalog.pg_tables "
                  "WHERE schemaname = current_schema() AND tablename = 'schema_migration'");
  }
  base::Result<bool> takes_writes(Connection& connection) override {
    // The readers set default_transaction_read_only for themselves; reset_val is what new sessions get.
    ASSIGN_OR_RETURN(const bool refuses,
                     is_any(connection,
                            "SELECT count(*) FROM pg_catalog.pg_settings WHERE name = 'default_transaction_read_only' "
                            "AND (reset_val = 'on' OR pg_is_in_recovery())"));
    return !refuses;
  }
  base::Result<bool> may_change_schema(Connection& connection) override {
    return is_any(connection,
                  "SELECT count(*) FROM pg_catalog.pg_namespace "
                  "WHERE nspname = current_schema() AND has_schema_privilege(oid, 'CREATE')");
  }
  base::Result<std::vector<std::string>> find_excess_rights(Connection& connection) override {
    std::vector<std::string> words;
    auto visit = [&](const Row& row) { words.emplace_back(row.view(0)); };
    const RowVisitor visitor(visit);
    // A superuser has every other right as well, so that naming them would say nothing.
    RETURN_IF_ERROR(connection.run(
        "SELECT word FROM pg_catalog.pg_roles, LATERAL (VALUES (1, 'SUPERUSER', rolsuper), "
        "(2, 'CREATEROLE', rolcreaterole AND NOT rolsuper), (3, 'CREATEDB', rolcreatedb AND NOT rolsuper), "
        "(4, 'REPLICATION', rolreplication AND NOT rolsuper), (5, 'BYPASSRLS', rolbypassrls AND NOT rolsuper)) "
        "AS rights(place, word, is_given) WHERE rolname = current_user AND is_given ORDER BY place",
        {}, &visitor));
    if (!words.empty() && words.front() == "SUPERUSER") return words;
    RETURN_IF_ERROR(connection.run(
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN ('pg_execute_server_program', 'pg_read_all_data', "
        "'pg_read_server_files', 'pg_write_all_data', 'pg_write_server_files') AND pg_has_role(oid, 'MEMBER') "
        "ORDER BY rolname",
        {}, &visitor));
    return words;
  }

 private:
  std::string conninfo_;
};

}  // namespace

base::Result<std::unique_ptr<Engine>> make_postgres_engine(const std::string& conninfo) {
  return std::make_unique<PostgresEngine>(conninfo);
}

}  // namespace store
