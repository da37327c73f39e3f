// The thin layer over both engines: connections, and transactions as the functions of this room see them.
// Invariant: after a failed statement its transaction cannot succeed any more (PostgreSQL's rule, kept on both).
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "crypto/key/master_key.hpp"
#include "store/driver/kept_rows.hpp"
#include "store/driver/param.hpp"
#include "store/driver/row.hpp"
#include "store/driver/sealed_head.hpp"
#include "store/driver/statement.hpp"

namespace store {

/// How far a failure reaches.
enum class Failure : std::uint8_t {
  none,
  statement,    // this statement; a transaction may be rolled back to a savepoint
  transaction,  // the engine has given up the whole transaction (disk full, input/output)
  retry,        // serialisation failure or deadlock: the same again may succeed
  lost,         // the connection is gone
};

/// One connection to one engine. Used by one thread at a time.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Runs one prepared statement. Gives the number of rows read, or changed if it reads none.
  /// Errors: already_exists (unique key), unavailable (disk full, lost, locked), internal.
  virtual base::Result<std::int64_t> run(Sql sql, std::span<const Param> params, const RowVisitor* visitor) = 0;
  /// Runs a text of several statements without parameters, unprepared: schema changes.
  virtual base::Result<void> run_script(const std::string& text) = 0;

  virtual base::Result<void> begin_read() = 0;
  virtual void end_read() = 0;
  /// Begins the transaction that writes; on PostgreSQL with the advisory lock of the cluster.
  virtual base::Result<void> begin_write() = 0;
  virtual base::Result<void> commit() = 0;
  virtual void rollback() = 0;
  virtual base::Result<void> set_savepoint() = 0;
  virtual base::Result<void> release_savepoint() = 0;
  virtual base::Result<void> roll_back_to_savepoint() = 0;
  /// Outside of a transaction of the connection that writes: moves the database's log into its file and cuts the log to
  /// nothing, so that what was erased is not on the disk any more. Waits for those who read the log at most `patience`;
  /// false: one still does. Errors: unavailable.
  virtual base::Result<bool> empty_log(std::chrono::milliseconds /*patience*/) { return true; }

  /// Whether another process may write to this database as well (then nothing read may be kept between
  /// transactions).
  [[nodiscard]] virtual bool is_shared() const = 0;
  /// Whether another process of this program has the database open (of those that came before this connection).
  virtual base::Result<bool> sees_other_processes() { return false; }
  /// Whether a statement of this transaction has succeeded. If none has, the body can run again after a lost
  /// connection, because it has seen nothing of the database.
  [[nodiscard]] virtual bool has_answered() const = 0;
  /// The tables that statements have read since the last call.
  Tables take_read_tables() { return std::exchange(read_tables_, {}); }
  void add_read_tables(const Tables& tables) { read_tables_ |= tables; }
  /// The tables that statements may have changed since the last call, also those that were rolled back.
  Tables take_changed_tables() { return std::exchange(changed_tables_, {}); }
  [[nodiscard]] const Tables& changed_tables() const { return changed_tables_; }
  [[nodiscard]] Failure last_failure() const { return last_failure_; }
  void forget_failure() { last_failure_ = Failure::none; }

 protected:
  Failure last_failure_ = Failure::none;
  Tables read_tables_;
  Tables changed_tables_;
};

/// Statements run by this process since its start (store.hpp, statements_run).
inline std::atomic<std::uint64_t> statement_count{0};

/// A transaction as the functions of this room see it.
class Tx {
 public:
  /// A reading transaction.
  Tx(Connection& connection, const crypto::MasterKey& master, const base::Secret& seal_key)
      : connection_(connection), master_(master), seal_key_(seal_key) {}
  /// A writing transaction; `chain` is the end of the audit log, kept by the writer.
  Tx(Connection& connection, const crypto::MasterKey& master, const base::Secret& seal_key, ChainEnd& chain)
      : connection_(connection), master_(master), seal_key_(seal_key), chain_(&chain) {}

  /// What this transaction reads may be kept for others (see kept_rows.hpp); `seen` was taken before it began. One that
  /// writes sees its own changes and those of the others of its commit: it uses nothing of the tables that they
  /// changed.
  void use(KeptRows& kept, const KeptRows::Generations& seen) {
    kept_ = &kept;
    seen_ = &seen;
  }
  /// What `load` gives, a Result<T> that depends on nothing but the key and what it reads here: no time, no other
  /// parameter. Another transaction may have loaded it. Errors: those of `load`, which are not kept.
  template <class Load>
  auto keep(std::string_view kind, std::string_view id, Load load) -> std::invoke_result_t<Load> {
    using T = typename std::invoke_result_t<Load>::value_type;
    if (kept_ == nullptr) return load();
    std::string key;
    key.reserve(kind.size() + 1 + id.size());
    key.append(kind).append(1, ' ').append(id);
    const Tables changed = connection_.changed_tables();
    if (const auto known = kept_->find(key, *seen_, changed)) return *static_cast<const T*>(known.get());
    const Tables before = connection_.take_read_tables();
    ASSIGN_OR_RETURN(T loaded, load());
    const Tables read = connection_.take_read_tables();
    connection_.add_read_tables(before | read);  // for one that is being loaded around this one
    if ((read & changed).none()) kept_->keep(key, read, *seen_, std::make_shared<const T>(loaded));
    return loaded;
  }

  base::Result<std::int64_t> run(Sql sql, std::initializer_list<Param> params) {
    return run_counted(sql, params, nullptr);
  }
  /// Runs and calls `visit(const Row&)` for each row. Gives their number.
  template <class F>
  base::Result<std::int64_t> query(Sql sql, std::initializer_list<Param> params, F&& visit) {
    const RowVisitor visitor(visit);
    return run_counted(sql, params, &visitor);
  }
  /// The first row as `read(const Row&)` gives it, or nullopt.
  template <class F>
  auto find_one(Sql sql, std::initializer_list<Param> params, F read)
      -> base::Result<std::optional<std::invoke_result_t<F, const Row&>>> {
    std::optional<std::invoke_result_t<F, const Row&>> found;
    RETURN_IF_ERROR(query(sql, params, [&](const Row& row) {
      if (!found) found.emplace(read(row));
    }));
    return found;
  }
  template <class F>
  auto find_all(Sql sql, std::initializer_list<Param> params, F read)
      -> base::Result<std::vector<std::invoke_result_t<F, const Row&>>> {
    std::vector<std::invoke_result_t<F, const Row&>> found;
    RETURN_IF_ERROR(query(sql, params, [&](const Row& row) { found.push_back(read(row)); }));
    return found;
  }

  [[nodiscard]] Connection& connection() { return connection_; }
  [[nodiscard]] const crypto::MasterKey& master() const { return master_; }
  [[nodiscard]] const base::Secret& seal_key() const { return seal_key_; }
  /// The end of the audit log; nullptr in a reading transaction.
  [[nodiscard]] ChainEnd* chain() { return chain_; }
  /// The first error of a statement, also if the body continued after it.
  [[nodiscard]] const std::optional<base::Error>& failure() const { return failure_; }
  /// Whether a statement has changed a row.
  [[nodiscard]] bool has_changed() const { return has_changed_; }

 private:
  static bool is_plain_text(std::string_view text) {
    return text.find('\0') == std::string_view::npos && base::is_utf8(text);
  }
  static bool reads(std::string_view sql) { return sql.starts_with("SELECT") || sql.starts_with("WITH"); }
  base::Result<std::int64_t> run_counted(Sql sql, std::initializer_list<Param> params, const RowVisitor* visitor) {
    if (failure_) return tl::unexpected<base::Error>(*failure_);
    for (const Param& param : params) {
      // Only PostgreSQL refuses other text; it is refused here, so that both engines behave the same.
      if (param.type() == Param::Type::text && !is_plain_text(param.octets())) {
        failure_ = base::Error{base::Code::invalid_input, "text that is not UTF-8, or with a NUL inside"};
        return tl::unexpected<base::Error>(*failure_);
      }
    }
    statement_count.fetch_add(1, std::memory_order_relaxed);
    auto ran = connection_.run(sql, {params.begin(), params.size()}, visitor);
    if (!ran) failure_ = ran.error();
    if (ran && *ran > 0 && !reads(sql.view())) has_changed_ = true;
    return ran;
  }

  Connection& connection_;
  const crypto::MasterKey& master_;
  const base::Secret& seal_key_;
  ChainEnd* chain_ = nullptr;
  std::optional<base::Error> failure_;
  bool has_changed_ = false;
  KeptRows* kept_ = nullptr;
  const KeptRows::Generations* seen_ = nullptr;
};

/// A value that was sealed under the master key of the transaction, sealed under another one. Errors: internal.
inline base::Result<base::Bytes> seal_anew(const Tx& tx, const crypto::MasterKey& next, std::string_view purpose,
                                           base::BytesView sealed, base::BytesView bound_to) {
  const auto opened = tx.master().open(purpose, sealed, bound_to);
  if (!opened) {
    return base::fail(base::Code::internal, "a sealed value does not open, purpose " + std::string(purpose));
  }
  return next.seal(purpose, opened->reveal(), bound_to);
}
/// Calls `use` for every row of a table, in steps so that it needs little memory. `read_after(last, most)` gives at
/// most so many rows behind the key `last`, in the order of their keys; `key_of` gives a row's key.
template <class Key, class ReadAfter, class KeyOf, class Use>
base::Result<void> for_each_in_steps(const ReadAfter& read_after, const KeyOf& key_of, const Use& use) {
  constexpr std::int64_t rows_of_step = 500;
  Key last{};
  while (true) {
    ASSIGN_OR_RETURN(const auto rows, read_after(last, rows_of_step));
    if (rows.empty()) return {};
    last = key_of(rows.back());
    for (const auto& row : rows) RETURN_IF_ERROR(use(row));
  }
}

/// Error not_found unless a row was changed.
inline base::Result<void> expect_changed(base::Result<std::int64_t> changed, std::string_view what) {
  if (!changed) return base::pass_on(std::move(changed));
  if (*changed == 0) return base::fail(base::Code::not_found, std::string(what) + " does not exist");
  return {};
}
inline base::Result<void> without_count(base::Result<std::int64_t> ran) {
  if (!ran) return base::pass_on(std::move(ran));
  return {};
}

}  // namespace store
