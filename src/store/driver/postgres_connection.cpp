#include "store/driver/postgres_connection.hpp"

#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <unordered_map>

#include "store/driver/engine.hpp"
#include "store/driver/postgres_copy.hpp"

namespace store::postgres {
namespace {

using Answer = std::unique_ptr<PGresult, decltype(&PQclear)>;

constexpr std::size_t most_params = 32;
constexpr int binary = 1;

// Big-endian, as PostgreSQL sends and takes whole numbers.
void write_number(std::int64_t value, char* out) {
  const auto bits = static_cast<std::uint64_t>(value);
  for (int i = 0; i < 8; ++i) out[i] = static_cast<char>(bits >> (56 - 8 * i) & 0xff);
}

std::int64_t read_number(const char* octets, int size) {
  std::uint64_t bits = 0;
  for (int i = 0; i < size; ++i) bits = bits << 8 | static_cast<unsigned char>(octets[i]);
  if (size == 4) return static_cast<std::int32_t>(static_cast<std::uint32_t>(bits));
  return static_cast<std::int64_t>(bits);
}

class PostgresRow final : public Row {
 public:
  PostgresRow(const PGresult* answer, int row) : answer_(answer), row_(row) {}
  [[nodiscard]] bool is_null(int column) const override { return PQgetisnull(answer_, row_, column) != 0; }
  [[nodiscard]] std::int64_t integer(int column) const override {
    return read_number(PQgetvalue(answer_, row_, column), PQgetlength(answer_, row_, column));
  }
  [[nodiscard]] std::string_view view(int column) const override {
    return {PQgetvalue(answer_, row_, column), static_cast<std::size_t>(PQgetlength(answer_, row_, column))};
  }

 private:
  const PGresult* answer_;
  int row_;
};

Oid oid_of(Param::Type type) {
  constexpr Oid bytea = 17;
  constexpr Oid int8 = 20;
  constexpr Oid text = 25;
  switch (type) {
    case Param::Type::integer: return int8;
    case Param::Type::text: return text;
    case Param::Type::blob: return bytea;
  }
  return 0;
}

// Parameters in the arrays that libpq takes; they refer to the caller's values.
struct Arrays {
  explicit Arrays(std::span<const Param> params) {
    for (std::size_t i = 0; i < params.size(); ++i) {
      const Param& param = params[i];
      types.at(i) = oid_of(param.type());
      formats.at(i) = binary;
      if (param.is_null()) continue;
      if (param.type() == Param::Type::integer) {
        write_number(param.number(), numbers.at(i).data());
        values.at(i) = numbers.at(i).data();
        lengths.at(i) = 8;
      } else {
        values.at(i) = param.octets().data() == nullptr ? "" : param.octets().data();
        lengths.at(i) = static_cast<int>(param.octets().size());
      }
    }
  }
  std::array<Oid, most_params> types{};
  std::array<const char*, most_params> values{};
  std::array<int, most_params> lengths{};
  std::array<int, most_params> formats{};
  std::array<std::array<char, 8>, most_params> numbers{};
};

/// The words of libpq, which have lines and tabs.
std::string in_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool is_space = c == '\n' || c == '\t' || c == ' ';
    if (!is_space) {
      line.push_back(c);
    } else if (!line.empty() && line.back() != ' ') {
      line.push_back(' ');
    }
  }
  if (line.ends_with(' ')) line.pop_back();
  return line;
}

class PostgresConnection final : public Connection, public BulkConnection {
 public:
  explicit PostgresConnection(PGconn* conn) : conn_(conn) {}
  PostgresConnection(const PostgresConnection&) = delete;
  PostgresConnection& operator=(const PostgresConnection&) = delete;
  ~PostgresConnection() override { PQfinish(conn_); }

  base::Result<std::int64_t> run(Sql sql, std::span<const Param> params, const RowVisitor* visitor) override {
    if (params.size() > most_params) return base::fail(base::Code::internal, "too many parameters");
    const Arrays arrays(params);
    const auto count = static_cast<int>(params.size());
    const auto [known, is_new] = names_.try_emplace(sql.text());
    if (is_new) {
      known->second = "s" + std::to_string(++named_);
      if (PQsendPrepare(conn_, known->second.c_str(), sql.text(), count, arrays.types.data()) != 1) return fail_lost();
      queued_.push_back(Queued::counted);
    }
    if (PQsendQueryPrepared(conn_, known->second.c_str(), count, arrays.values.data(), arrays.lengths.data(),
                            arrays.formats.data(), binary) != 1) {
      return fail_lost();
    }
    queued_.push_back(Queued::counted);
    auto answer = exchange();
    if (!answer) {
      if (is_new) names_.erase(sql.text());
      return base::pass_on(std::move(answer));
    }
    has_answered_ = true;
    const int rows = PQntuples(answer->get());
    if (PQresultStatus(answer->get()) != PGRES_TUPLES_OK) return changed_by(answer->get());
    for (int row = 0; visitor != nullptr && row < rows; ++row) (*visitor)(PostgresRow(answer->get(), row));
    return rows;
  }

  base::Result<void> run_script(const std::string& text) override {
    return outside_pipeline([&]() -> base::Result<void> {
      const Answer answer(PQexec(conn_, text.c_str()), &PQclear);
      return check(answer.get());
    });
  }

  base::Result<std::vector<BulkTable>> list_bulk_tables() override {
    std::vector<BulkTable> tables;
    auto visit = [&](const Row& row) {
      Fields field(row);
      const std::string table = field.text();
      if (tables.empty() || tables.back().name != table) tables.push_back({table, {}});
      std::string name = field.text();
      tables.back().columns.push_back({std::move(name), static_cast<Param::Type>(field.integer())});
    };
    const RowVisitor visitor(visit);
    // A column of another type would be read as octets, and refused where it is written.
    RETURN_IF_ERROR(
        run("SELECT c.relname::text, a.attname::text, CASE a.atttypid WHEN 20 THEN 0 WHEN 25 THEN 1 ELSE 2 END::bigint "
            "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
            "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
            "WHERE n.nspname = current_schema() AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped "
            "ORDER BY c.relname::text COLLATE \"C\", a.attnum",
            {}, &visitor));
    return tables;
  }
  base::Result<void> read_all(const BulkTable& table, const TakeRow& take) override {
    return outside_pipeline([&] { return end_of_copy(copy_out(conn_, table, take)); });
  }
  base::Result<void> write_all(const BulkTable& table, const GiveRow& give) override {
    return outside_pipeline([&] { return end_of_copy(copy_in(conn_, table, give)); });
  }
  base::Result<void> prepare_for_bulk() override {
    return run_script("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0");
  }
  [[nodiscard]] std::string file() const override { return {}; }
  base::Result<int> copy_pages(const std::string& /*folder*/) override {
    return base::fail(base::Code::invalid_input, "the database is PostgreSQL");
  }

  base::Result<void> begin_read() override { return begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); }
  void end_read() override { rollback(); }
  base::Result<void> begin_write() override {
    RETURN_IF_ERROR(begin("BEGIN ISOLATION LEVEL READ COMMITTED"));
    return queue("SELECT pg_advisory_xact_lock(4857244312786031737)");  // "Chancery", the same for every node
  }
  base::Result<void> commit() override {
    RETURN_IF_ERROR(queue("COMMIT"));
    ASSIGN_OR_RETURN(const Answer answer, exchange());
    // COMMIT of a failed transaction "succeeds" by rolling back.
    if (std::strcmp(PQcmdStatus(answer.get()), "COMMIT") != 0) {
      last_failure_ = Failure::transaction;
      return base::fail(base::Code::internal, "the transaction had failed before its commit");
    }
    return {};
  }
  void rollback() override {
    // An error in what was queued before would make the server skip everything up to the next sync.
    if (!queued_.empty() && queued_.back() != Queued::sync && !sync()) return;
    // Sent at once, so that nothing stays locked. The answers are read before the next statement and ignored.
    if (!queue("ROLLBACK") || !sync()) return;
    for (Queued& kind : queued_) {
      if (kind != Queued::sync) kind = Queued::ignored;
    }
  }
  base::Result<void> set_savepoint() override { return queue("SAVEPOINT member"); }
  base::Result<void> release_savepoint() override { return queue("RELEASE SAVEPOINT member"); }
  base::Result<void> roll_back_to_savepoint() override {
    RETURN_IF_ERROR(queue("ROLLBACK TO SAVEPOINT member"));
    return queue("RELEASE SAVEPOINT member");
  }
  [[nodiscard]] bool is_shared() const override { return true; }
  base::Result<bool> sees_other_processes() override {
    return is_any(*this,
                  "SELECT count(*) FROM pg_catalog.pg_stat_activity AS other, pg_catalog.pg_stat_activity AS own "
                  "WHERE own.pid = pg_backend_pid() AND other.datname = own.datname AND other.usename = own.usename "
                  "AND other.application_name = own.application_name AND other.backend_start < own.backend_start");
  }
  [[nodiscard]] bool has_answered() const override { return has_answered_; }

 private:
  enum class Queued : std::uint8_t {
    counted,
    ignored,
    sync
  };

  /// COPY and texts of several statements have no place in a pipeline.
  template <class F>
  base::Result<void> outside_pipeline(F act) {
    RETURN_IF_ERROR(exchange());
    if (PQexitPipelineMode(conn_) != 1) return base::pass_on(fail_lost());
    base::Result<void> done = act();
    if (last_failure_ != Failure::lost && PQenterPipelineMode(conn_) != 1) return base::pass_on(fail_lost());
    return done;
  }

  base::Result<void> end_of_copy(CopyEnd end) {
    has_answered_ = true;
    if (end.is_open) {
      // Half of a copy is on its way, and only the end of the connection ends it.
      last_failure_ = Failure::lost;
      return std::move(end.stopped);
    }
    const Answer answer(end.answer, &PQclear);
    base::Result<void> done = check(answer.get());
    if (end.stopped) return done;
    // What the server says of a copy that was given up tells nobody more.
    if (last_failure_ != Failure::lost) last_failure_ = Failure::statement;
    return std::move(end.stopped);
  }

  base::Result<void> begin(const char* text) {
    has_answered_ = false;
    return queue(text);
  }

  base::Result<void> queue(const char* text) {
    if (PQsendQueryParams(conn_, text, 0, nullptr, nullptr, nullptr, nullptr, binary) != 1) {
      return base::pass_on(fail_lost());
    }
    queued_.push_back(Queued::counted);
    return {};
  }

  bool sync() {
    if (PQpipelineSync(conn_) != 1) return false;
    queued_.push_back(Queued::sync);
    return true;
  }

  // Sends what is queued and reads every answer that is due. Gives the last one, or the first error.
  base::Result<Answer> exchange() {
    Answer last(nullptr, &PQclear);
    if (!sync()) return base::pass_on(fail_lost());
    base::Result<void> outcome;
    for (const Queued kind : queued_) {
      Answer answer(PQgetResult(conn_), &PQclear);
      if (!answer) return base::pass_on(fail_lost());
      if (kind == Queued::sync) {
        if (PQresultStatus(answer.get()) != PGRES_PIPELINE_SYNC) return base::pass_on(fail_lost());
        continue;
      }
      auto checked = check(answer.get());
      if (!checked && (kind == Queued::counted || last_failure_ == Failure::lost) && outcome)
        outcome = std::move(checked);
      last = std::move(answer);
      // The answers to a query end with a null; a lost connection may give no more of them.
      while (PGresult* more = PQgetResult(conn_)) {
        PQclear(more);
        if (PQstatus(conn_) == CONNECTION_BAD) return base::pass_on(fail_lost());
      }
    }
    queued_.clear();
    if (outcome) last_failure_ = Failure::none;
    if (!outcome) return base::pass_on(std::move(outcome));
    return last;
  }

  base::Result<void> check(const PGresult* answer) {
    const ExecStatusType status = PQresultStatus(answer);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) return {};
    if (PQstatus(conn_) == CONNECTION_BAD) return base::pass_on(fail_lost());
    const char* field = PQresultErrorField(answer, PG_DIAG_SQLSTATE);
    const std::string_view state = field == nullptr ? "" : field;
    const std::string reason = describe(state, answer);
    last_failure_ = Failure::statement;
    if (state == "40001" || state == "40P01") {  // serialization_failure, deadlock_detected
      last_failure_ = Failure::retry;
      return base::fail(base::Code::unavailable, reason);
    }
    // 57P01–57P05: the server shuts down or ended us; 25P03: it ended us in an idle transaction; 25006: it takes no
    // writes, being a standby by now for example, and a new connection may lead to the server that does.
    if (state.starts_with("57P") || state == "25P03" || state == "25006" || state.starts_with("08")) {
      last_failure_ = Failure::lost;
      return base::fail(base::Code::unavailable, reason);
    }
    // 53…: disk full, out of memory, too many connections; 55P03: lock_timeout; 57014: statement_timeout; 58…: I/O.
    if (state.starts_with("53") || state == "55P03" || state == "57014" || state.starts_with("58")) {
      last_failure_ = Failure::transaction;
      return base::fail(base::Code::unavailable, reason);
    }
    if (state == "23505") return base::fail(base::Code::already_exists, reason);  // unique_violation
    return base::fail(base::Code::internal, reason);
  }

  base::Result<std::int64_t> fail_lost() {
    last_failure_ = Failure::lost;
    return base::fail(base::Code::unavailable,
                      "database: the connection is lost: " + in_one_line(PQerrorMessage(conn_)));
  }

  // Without the detail, which quotes values of the row: a reason goes to the log, where no personal data may be.
  static std::string describe(std::string_view state, const PGresult* answer) {
    std::string reason = "database: " + std::string(state);
    for (const int part : {PG_DIAG_MESSAGE_PRIMARY, PG_DIAG_TABLE_NAME, PG_DIAG_CONSTRAINT_NAME}) {
      const char* text = PQresultErrorField(answer, part);
      if (text != nullptr) reason += std::string(part == PG_DIAG_MESSAGE_PRIMARY ? " " : ", ") + text;
    }
    return reason;
  }

  static std::int64_t changed_by(PGresult* answer) {
    const std::string_view count = PQcmdTuples(answer);
    std::int64_t changed = 0;
    std::from_chars(count.data(), count.data() + count.size(), changed);
    return changed;
  }

  PGconn* conn_;
  std::unordered_map<const char*, std::string> names_;  // of prepared statements, by the address of their text
  std::vector<Queued> queued_;                          // sent or to be sent, answers not read
  std::uint64_t named_ = 0;
  bool has_answered_ = false;
};

}  // namespace

base::Result<std::unique_ptr<Connection>> connect(const std::string& conninfo, Role role) {
  // libpq lets the connection string override the keys before dbname, but not those after it.
  const std::array<const char*, 7> keys{"connect_timeout",
                                        "tcp_user_timeout",
                                        "application_name",
                                        "keepalives_idle",
                                        "dbname",
                                        "client_encoding",
                                        nullptr};
  const std::array<const char*, 7> values{"5", "30000", "chancery", "30", conninfo.c_str(), "UTF8", nullptr};
  PGconn* conn = PQconnectdbParams(keys.data(), values.data(), 1);
  auto connection = std::make_unique<PostgresConnection>(conn);
  if (PQstatus(conn) != CONNECTION_OK) {
    return base::fail(base::Code::unavailable, "the database does not answer: " + in_one_line(PQerrorMessage(conn)));
  }
  PQsetNoticeProcessor(
      conn, [](void*, const char*) {}, nullptr);
  if (PQserverVersion(conn) < 130000) {
    return base::fail(base::Code::invalid_input, "the database is older than PostgreSQL 13");
  }
  if (PQenterPipelineMode(conn) != 1) return base::fail(base::Code::unavailable, "the database has no pipeline");
  // A node that hangs inside a transaction must not keep the lock from the other nodes. A database with
  // synchronous_commit=off would acknowledge commits that are not durable yet.
  RETURN_IF_ERROR(connection->run_script(
      role == Role::writer ? "SET lock_timeout = '15s'; SET statement_timeout = '60s'; "
                             "SET idle_in_transaction_session_timeout = '60s'; "
                             "SELECT set_config('synchronous_commit', 'on', false) "
                             "WHERE current_setting('synchronous_commit') = 'off'"
                           : "SET default_transaction_read_only = on; SET statement_timeout = '60s'"));
  return connection;
}

}  // namespace store::postgres
