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

 private:
  std::string conninfo_;
};

}  // namespace

base::Result<std::unique_ptr<Engine>> make_postgres_engine(const std::string& conninfo) {
  return std::make_unique<PostgresEngine>(conninfo);
}

}  // namespace store
