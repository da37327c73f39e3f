#include "store/schema/migrations.hpp"

#include "base/log.hpp"
#include "store/schema/marks.hpp"
#include "store/schema/steps.hpp"

namespace store {
namespace {

struct Schema {
  std::int64_t step = 0;  // 0 = empty database
  std::int64_t oldest_compatible = 0;
};

base::Result<Schema> find_schema(Engine& engine, Connection& connection, Tx& tx) {
  ASSIGN_OR_RETURN(const bool ours, engine.has_table_of_migrations(connection));
  if (!ours) {
    ASSIGN_OR_RETURN(const bool foreign, engine.holds_foreign_tables(connection));
    if (foreign) return base::fail(base::Code::invalid_input, "the database holds tables of another program");
    return Schema();
  }
  ASSIGN_OR_RETURN(
      const auto found,
      tx.find_one("SELECT coalesce(max(step), 0), coalesce(max(oldest_compatible), 0) FROM schema_migration", {},
                  [](const Row& row) {
                    Fields field(row);
                    return Schema{field.integer(), field.integer()};
                  }));
  return found.value_or(Schema());
}

// Writes the first rows of an empty database: the first tenant, the mark of the master key, the sealed head of an empty
// log.
base::Result<void> furnish(Tx& tx, const crypto::MasterKey& master, base::Time now) {
  RETURN_IF_ERROR(tx.run("INSERT INTO tenant(id, name, settings) VALUES ($1, $2, $3)",
                         {base::Id::make(now), std::string_view("Chancery"), std::string_view("{}")}));
  RETURN_IF_ERROR(write_master_key_check(tx, master));
  RETURN_IF_ERROR(set_mark(tx, "installation_id", base::Id::make(now).to_string()));
  ChainEnd* end = tx.chain();
  *end = ChainEnd{.known = true, .moved = true};
  return write_head(tx);
}

base::Result<void> apply(Engine& engine, Connection& connection, Tx& tx, const Step& step,
                         const crypto::MasterKey& master) {
  RETURN_IF_ERROR(connection.run_script(engine.translate(std::string(step.sql))));
  const base::Time now = base::now();  // for the record only; no rule depends on it
  RETURN_IF_ERROR(
      tx.run("INSERT INTO schema_migration(step, applied_at, program, oldest_compatible) VALUES ($1, $2, $3, $4)",
             {step.number, now, all_steps().back().number, step.oldest_compatible}));
  return step.number == 1 ? furnish(tx, master, now) : base::Result<void>();
}

// Reads the schema inside the transaction and applies the next step, if there is one. Gives whether it applied one.
base::Result<bool> go_forward(Engine& engine, Connection& connection, const crypto::MasterKey& master,
                              const base::Secret& seal_key, bool may_change) {
  ChainEnd chain;
  Tx tx(connection, master, seal_key, chain);
  ASSIGN_OR_RETURN(const Schema schema, find_schema(engine, connection, tx));
  const std::int64_t ours = all_steps().back().number;
  if (schema.oldest_compatible > ours) {
    return base::fail(base::Code::conflict, "the database needs a program of schema " +
                                                std::to_string(schema.oldest_compatible) +
                                                " or newer; this program has schema " + std::to_string(ours));
  }
  if (schema.step > 0) RETURN_IF_ERROR(check_master_key(tx));
  for (const Step& step : all_steps()) {
    if (step.number <= schema.step) continue;
    if (!may_change) {
      return base::fail(base::Code::conflict, "the database has schema " + std::to_string(schema.step) +
                                                  ", this program needs schema " + std::to_string(ours));
    }
    ASSIGN_OR_RETURN(const bool allowed, engine.may_change_schema(connection));
    if (!allowed) {
      return base::fail(base::Code::conflict,
                        "the database has schema " + std::to_string(schema.step) + ", this program needs schema " +
                            std::to_string(ours) +
                            ", and the role of database.url may not change it; run `chancery migrate` with the role "
                            "that owns the tables");
    }
    RETURN_IF_ERROR(apply(engine, connection, tx, step, master));
    return true;
  }
  RETURN_IF_ERROR(load_former_keys(tx));
  return false;
}

}  // namespace

base::Result<void> migrate(Engine& engine, Connection& connection, const crypto::MasterKey& master,
                           const base::Secret& seal_key, bool may_change) {
  for (;;) {
    RETURN_IF_ERROR(may_change ? connection.begin_write() : connection.begin_read());
    auto applied = go_forward(engine, connection, master, seal_key, may_change);
    if (!applied || !*applied) {
      connection.rollback();
      if (!applied) return base::pass_on(std::move(applied));
      return {};
    }
    RETURN_IF_ERROR(connection.commit());
  }
}

}  // namespace store
