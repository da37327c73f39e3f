#include "flow/setup/transfer.hpp"

#include <unistd.h>

#include <filesystem>
#include <optional>

#include "base/json.hpp"
#include "flow/house/demand_permission.hpp"
#include "flow/session/judge_actor.hpp"
#include "flow/setup/copies_folder.hpp"
#include "flow/setup/copy_parts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/copies.hpp"

namespace flow {
namespace {

namespace json = boost::json;

std::string_view name_of(store::Param::Type type) {
  switch (type) {
    case store::Param::Type::integer: return "bigint";
    case store::Param::Type::text: return "text";
    case store::Param::Type::blob: return "bytea";
  }
  return "";
}

// {"octets of rows":…,"tables":[{"name":"tenant","columns":[["id","bytea"],…]},…]}
std::string manifest_of(const std::vector<store::BulkTable>& tables) {
  base::JsonArray list;
  for (const store::BulkTable& table : tables) {
    base::JsonArray columns;
    for (const store::BulkColumn& column : table.columns) {
      columns.raw(base::JsonArray().text(column.name).text(name_of(column.type)).finish());
    }
    list.raw(base::JsonObject().text("name", table.name).raw("columns", columns.finish()).finish());
  }
  return base::JsonObject().raw("tables", list.finish()).finish();
}

std::string end_of(const MadeCopy& made) {
  return base::JsonObject().number("rows", made.rows).number("events", made.chain.events).finish();
}

// All tables from one snapshot.
base::Result<std::string> write_rows(store::Tx& tx, SealedFileWriter& writer, MadeCopy& made) {
  ASSIGN_OR_RETURN(const auto tables, store::list_dumped_tables(tx));
  ASSIGN_OR_RETURN(const auto head, store::find_head(tx));
  if (head) {
    made.chain.head_seq = made.chain.events = head->seq;
    made.chain.head_hash = base::to_hex(head->hash);
  }
  RETURN_IF_ERROR(writer.add('M', manifest_of(tables)));
  for (const store::BulkTable& table : tables) {
    RETURN_IF_ERROR(writer.add('T', table.name));
    RETURN_IF_ERROR(store::read_table(tx, table, [&](base::BytesView tuple) {
      ++made.rows;
      return writer.add('R', tuple);
    }));
  }
  return writer.finish(end_of(made));
}

base::Result<std::int64_t> count_rows(const std::string& file, const base::Secret& stream_key) {
  ASSIGN_OR_RETURN(auto reader, SealedFileReader::open(file, stream_key));
  std::int64_t rows = 0;
  while (true) {
    ASSIGN_OR_RETURN(const auto item, reader.next());
    if (item.kind == 'R') ++rows;
    if (item.kind == 'E') return rows;
  }
}

base::Result<MadeCopy> write_dump(const House& house, const CopyOrder& order, const std::string& file, base::Time now) {
  const std::string engine = house.store.is_postgresql() ? "postgresql" : "sqlite";
  MadeCopy made;
  made.file = file;
  made.database = engine;
  made.made_at = now;
  std::optional<base::Secret> key;
  const auto written = house.store.read_background([&](store::Tx& tx) -> base::Result<std::string> {
    ASSIGN_OR_RETURN(const std::int64_t schema, store::find_step(tx));
    ASSIGN_OR_RETURN(auto writer,
                     SealedFileWriter::make(file, {"dump", order.program, engine, schema, now, {}}, order.public_key));
    key = writer.stream_key();
    made.rows = 0;
    return write_rows(tx, writer, made);
  });
  if (!written) return tl::unexpected<base::Error>(written.error());
  Removal removal({file});
  made.digest = *written;
  std::error_code error;
  made.octets = static_cast<std::int64_t>(std::filesystem::file_size(file, error));
  if (order.is_verified) {
    ASSIGN_OR_RETURN(const std::int64_t rows, count_rows(file, *key));
    if (rows != made.rows) return base::fail(base::Code::internal, "the file on the disk has other rows");
  }
  removal.cancel();
  return made;
}

/// The rows of a dump for the tables of a database, one after another.
class DumpReader {
 public:
  explicit DumpReader(SealedFileReader reader) : reader_(std::move(reader)) {}

  base::Result<void> begin(const std::vector<store::BulkTable>& tables) {
    ASSIGN_OR_RETURN(const auto manifest, reader_.next());
    // Of one schema both engines have the same tables with the same columns in the same order.
    if (manifest.kind != 'M' || manifest.octets != manifest_of(tables)) {
      return base::fail(base::Code::invalid_input, "the dump has other tables than the database");
    }
    return advance();
  }
  base::Result<void> begin_table(const std::string& name) {
    if (item_.kind == 'T' && item_.octets == name) return advance();
    return base::fail(base::Code::invalid_input, "the table " + name + " stands in another place of the dump");
  }
  base::Result<bool> give(base::Bytes& tuple) {
    if (item_.kind != 'R') return false;
    tuple = std::move(item_.octets);
    ++rows_;
    RETURN_IF_ERROR(advance());
    return true;
  }
  base::Result<void> end() {
    if (item_.kind != 'E') return base::fail(base::Code::invalid_input, "the dump has rows of no table");
    ASSIGN_OR_RETURN(const json::object object, parse_object(item_.octets));
    const auto* rows = object.if_contains("rows");
    if (rows != nullptr && rows->is_int64() && rows->get_int64() == rows_) return {};
    return base::fail(base::Code::invalid_input, "the dump has another number of rows than it says");
  }
  [[nodiscard]] std::int64_t rows() const { return rows_; }
  [[nodiscard]] const SealedFileReader& reader() const { return reader_; }

 private:
  base::Result<void> advance() {
    ASSIGN_OR_RETURN(item_, reader_.next());
    return {};
  }
  SealedFileReader reader_;
  SealedFileReader::Item item_;
  std::int64_t rows_ = 0;
};

base::Result<SealedFileReader> open_dump(const LoadOrder& order, std::int64_t schema) {
  ASSIGN_OR_RETURN(auto reader, SealedFileReader::open(order.file, order.keys));
  const SealedHead& head = reader.head();
  if (head.kind != "dump") {
    return base::fail(base::Code::invalid_input, "it is a " + head.kind + " and no dump; see `chancery restore`");
  }
  if (head.schema != schema) {
    return base::fail(base::Code::invalid_input, "the dump has schema " + std::to_string(head.schema) +
                                                     " and the database " + std::to_string(schema) +
                                                     "; dump and load with programs of one version");
  }
  return reader;
}

// The body of a transaction, which may run again: it reads the file from its beginning.
base::Result<Loaded> load_rows(store::Tx& tx, const LoadOrder& order) {
  RETURN_IF_ERROR(store::begin_load(tx));
  ASSIGN_OR_RETURN(const std::int64_t schema, store::find_step(tx));
  ASSIGN_OR_RETURN(auto opened, open_dump(order, schema));
  ASSIGN_OR_RETURN(const auto tables, store::list_dumped_tables(tx));
  DumpReader dump(std::move(opened));
  RETURN_IF_ERROR(dump.begin(tables));
  for (const store::BulkTable& table : tables) {
    RETURN_IF_ERROR(dump.begin_table(table.name));
    RETURN_IF_ERROR(store::write_table(tx, table, [&](base::Bytes& tuple) { return dump.give(tuple); }));
  }
  RETURN_IF_ERROR(dump.end());
  RETURN_IF_ERROR(store::end_load(tx));
  Loaded loaded;
  loaded.head = dump.reader().head();
  loaded.digest = dump.reader().digest();
  loaded.rows = dump.rows();
  MadeCopy copy;
  copy.digest = loaded.digest;
  copy.database = loaded.head.database;
  ASSIGN_OR_RETURN(const auto head, store::find_head(tx));
  copy.chain.events = head ? head->seq : 0;
  RETURN_IF_ERROR(record_copy(tx, audit::type::installation_load, copy, nullptr, order.facts));
  return loaded;
}

}  // namespace

base::Result<MadeCopy> dump_installation(const House& house, const rights::Actor& actor, const CopyOrder& order,
                                         const RequestFacts& facts) {
  RETURN_IF_ERROR(demand_permission(actor, rights::Permission::administer_all));
  ASSIGN_OR_RETURN(const std::string database, database_of(house));
  std::optional<CopiesFolder> folder;
  if (!database.empty()) {
    ASSIGN_OR_RETURN(auto opened, CopiesFolder::open(database));
    folder.emplace(std::move(opened));
  }
  if (order.into.empty() && !folder) {
    return base::fail(base::Code::invalid_input, "a dump of PostgreSQL needs a place for its file");
  }
  const std::string file = order.into.empty() ? folder->new_name("sealed") : order.into;
  ASSIGN_OR_RETURN(MadeCopy made, beside_others([&] { return write_dump(house, order, file, facts.now); }));
  // What was read may not have been durable yet; all of it is when this is.
  auto recorded = write_for(house, actor, facts.now, [&](store::Tx& tx) {
    return record_copy(tx, audit::type::installation_dump, made, &actor, facts);
  });
  if (recorded) return made;
  ::unlink(made.file.c_str());
  return base::pass_on(std::move(recorded));
}

base::Result<Loaded> load_installation(store::Store& database, const LoadOrder& order) {
  ASSIGN_OR_RETURN(Loaded loaded,
                   database.write([&](store::Tx& tx) -> base::Result<Loaded> { return load_rows(tx, order); }));
  ASSIGN_OR_RETURN(loaded.chain, database.read_background([](store::Tx& tx) { return walk_chain(tx); }));
  return loaded;
}

}  // namespace flow
