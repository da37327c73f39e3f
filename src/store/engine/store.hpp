// The database: one set of SQL on two engines. Reads run in parallel; writes are strictly serial per process and,
// on PostgreSQL, under one advisory lock in the whole cluster, committed in groups: a `write` returns only after
// its commit is durable. A body that gives an error leaves no trace (SAVEPOINT per member).
// Inside a Deferral a thread's writes return earlier, and an answer waits for Pending::finish() instead.
// Invariant: a write body may run again (lost connection, serialisation failure); it must only set its captures.
// A body never opens another transaction of the store: inside a write it would wait for itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "base/id.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/key/master_key.hpp"

namespace store {

class Tx;  // sql.hpp; flows only pass it on

/// Statements that transactions of this process have run since its start: for metrics, and for tests that compare the
/// work of all refusals.
std::uint64_t statements_run();

/// Reads that were refused because every connection for them stayed in use, since the start of this process.
std::uint64_t reads_refused();

struct Options {
  std::string url;          // "sqlite:/path/file.db", "sqlite::memory:", or "postgresql://…"/"host=… dbname=…"
  std::size_t readers = 4;  // connections that read
  std::size_t report_readers = 2;            // connections for read_report
  std::size_t report_queue = 8;              // reports that wait for one of them; further ones → unavailable
  std::size_t background_readers = 2;        // connections for read_background
  std::chrono::milliseconds patience{5000};  // how long a read waits for a connection; then → unavailable
  std::size_t group_limit = 256;             // members of one commit
  std::size_t queue_limit = 4096;            // waiting writes; more → unavailable
  bool migrate = true;                       // bring an older schema up to date
  bool read_only = false;  // beside a running server (SQLite: without its lock); every write is unavailable
};

/// Writes that have run and are not durable yet. No response may depend on them before finish() has succeeded.
class Pending {
 public:
  virtual ~Pending() = default;
  /// Waits. Error unavailable: they are not durable, and nothing of them has happened.
  virtual base::Result<void> finish() = 0;
  /// Instead of waiting: `told` is called once with the result of finish(), on any thread, perhaps before this returns.
  virtual void when_over(std::function<void(const base::Result<void>&)> told) = 0;
};

class Store {
 public:
  /// Opens and migrates. Errors: unavailable (cannot be opened, disk full, another process holds it),
  /// conflict (the database needs a newer program; says which versions), invalid_input (bad URL, not our database).
  static base::Result<std::unique_ptr<Store>> open(Options options, crypto::MasterKey master);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// Runs `body(Tx&)` → Result<T> in a read transaction (a consistent snapshot) on one of the reading connections.
  /// Errors besides the body's: unavailable (no connection in time, database gone).
  template <class F>
  auto read(F&& body) -> std::invoke_result_t<F, Tx&> {
    return read_on(Readers::quick, std::forward<F>(body));
  }
  /// The same for bodies that may read much for a person: lists, searches, exports. They have their own connections, so
  /// that no login waits for them. `whose`: the account of whom one report runs and one waits at a time, further ones
  /// are unavailable; none = no such limit (flow/house/report_for.hpp).
  template <class F>
  auto read_report(F&& body, const base::Id& whose = {}) -> std::invoke_result_t<F, Tx&> {
    return read_on(Readers::reports, std::forward<F>(body), whose);
  }
  /// The same for what the server does by itself and for commands that read everything: no list of a person delays
  /// them.
  template <class F>
  auto read_background(F&& body) -> std::invoke_result_t<F, Tx&> {
    return read_on(Readers::background, std::forward<F>(body));
  }
  /// Runs `body(Tx&)` → Result<T> in the writing transaction; an error rolls this body back, and only it.
  /// Errors besides the body's: unavailable (queue full, disk full, database gone), internal.
  template <class F>
  auto write(F&& body) -> std::invoke_result_t<F, Tx&> {
    std::optional<std::invoke_result_t<F, Tx&>> out;
    auto ran = run_write([&](Tx& tx) -> base::Result<void> {
      out.emplace(body(tx));
      if (!*out) return base::fail(out->error().code, out->error().reason);
      return {};
    });
    if (!out || (!ran && out->has_value())) return tl::unexpected<base::Error>(std::move(ran).error());
    return std::move(*out);
  }

  /// While it lives, this thread's writes to this store return before they are durable, so that one thread can run the
  /// writes of many requests and commit once (SQLite; on PostgreSQL they return when they are durable, because there a
  /// write whose connection was lost can still be run again). A read waits for them first.
  class Deferral {
   public:
    explicit Deferral(Store& store);
    ~Deferral();  // waits for the writes that take() has not given
    Deferral(const Deferral&) = delete;
    Deferral& operator=(const Deferral&) = delete;
    /// The writes that are not durable yet; nullptr = all are.
    std::unique_ptr<Pending> take();

   private:
    friend Store;
    Store& store_;
    std::unique_ptr<Pending> pending_;
    Deferral* outer_;
  };

  /// Starts to make the pending writes durable; does not wait. Needed after Pending::when_over, which does not start
  /// it.
  void flush();

  /// Waits until all commits so far are durable. Call it before something that was read leaves the process.
  /// Errors: unavailable.
  base::Result<void> wait_durable();

  /// What was erased is overwritten in SQLite's file, but its log keeps how the pages were before. This moves the log
  /// into the file and cuts it to nothing. False: somebody reads the log at the moment; to be tried again. PostgreSQL
  /// has no such log: true. Errors: unavailable.
  base::Result<bool> empty_log();

  [[nodiscard]] bool is_ready();  // a trivial read works, and the last write did or a probe does (see store.cpp)
  [[nodiscard]] bool is_postgresql() const;
  /// Rights of the role that we are in the whole database server, which this program never needs: the operator should
  /// take them away. Asks on a connection of its own. Errors: unavailable.
  base::Result<std::vector<std::string>> find_excess_rights();
  [[nodiscard]] const crypto::MasterKey& master() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  enum class Readers : std::uint8_t {
    quick,
    reports,
    background
  };
  template <class F>
  auto read_on(Readers readers, F&& body, const base::Id& whose = {}) -> std::invoke_result_t<F, Tx&> {
    std::optional<std::invoke_result_t<F, Tx&>> out;
    const auto run = [&](Tx& tx) -> base::Result<void> {
      out.emplace(body(tx));
      if (!*out) return base::fail(out->error().code, out->error().reason);
      return {};
    };
    auto ran = run_read(readers, whose, run);
    if (!out || (!ran && out->has_value())) return tl::unexpected<base::Error>(std::move(ran).error());
    return std::move(*out);
  }
  base::Result<void> run_read(Readers readers, const base::Id& whose,
                              const std::function<base::Result<void>(Tx&)>& body);
  base::Result<void> run_write(const std::function<base::Result<void>(Tx&)>& body);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
