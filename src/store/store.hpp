// The database: one set of SQL on two engines. Reads run in parallel; writes are strictly serial per process and,
// on PostgreSQL, under one advisory lock in the whole cluster, committed in groups: a `write` returns only after
// its commit is durable. A body that gives an error leaves no trace (SAVEPOINT per member).
// Invariant: a write body may run again (lost connection, serialisation failure); it must only set its captures.
// A body never opens another transaction of the store: inside a write it would wait for itself.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/master_key.hpp"

namespace store {

class Tx;  // sql.hpp; doors and flows only hand it on

struct Options {
  std::string url;                  // "sqlite:/path/file.db", "sqlite::memory:", or "postgresql://…"/"host=… dbname=…"
  std::size_t readers = 4;          // connections that read
  std::size_t group_limit = 256;    // members of one commit
  std::size_t queue_limit = 4096;   // waiting writes; more → unavailable
  bool migrate = true;              // bring an older schema up to date
  bool read_only = false;           // beside a running server (SQLite: without its lock); every write is unavailable
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
  template <class F>
  auto read(F&& body) -> std::invoke_result_t<F, Tx&> {
    std::optional<std::invoke_result_t<F, Tx&>> out;
    auto ran = run_read([&](Tx& tx) -> base::Result<void> {
      out.emplace(body(tx));
      if (!*out) return base::fail(out->error().code, out->error().reason);
      return {};
    });
    if (!out || (!ran && out->has_value())) return tl::unexpected<base::Error>(std::move(ran).error());
    return std::move(*out);
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

  [[nodiscard]] bool is_ready();            // a trivial read works
  [[nodiscard]] bool is_postgresql() const;
  [[nodiscard]] const crypto::MasterKey& master() const;

 private:
  struct Impl;
  explicit Store(std::unique_ptr<Impl> impl);
  base::Result<void> run_read(const std::function<base::Result<void>(Tx&)>& body);
  base::Result<void> run_write(const std::function<base::Result<void>(Tx&)>& body);
  std::unique_ptr<Impl> impl_;
};

}  // namespace store
