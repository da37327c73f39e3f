#include "store/engine/store.hpp"

#include <chrono>
#include <limits>
#include <mutex>

#include "base/id.hpp"
#include "store/driver/engine.hpp"
#include "store/driver/sql.hpp"
#include "store/engine/attempts.hpp"
#include "store/engine/kept_scope.hpp"
#include "store/engine/reader_pool.hpp"
#include "store/engine/writer.hpp"
#include "store/schema/marks.hpp"
#include "store/schema/migrations.hpp"

namespace store {

std::uint64_t statements_run() {
  return statement_count.load(std::memory_order_relaxed);
}

namespace {

constexpr std::chrono::seconds probe_pause(1);
constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

}  // namespace

struct Store::Impl {
  Impl(std::unique_ptr<Engine> made, const Options& options, crypto::MasterKey key)
      : master(std::move(key)),
        seal_key(master.derive(head_purpose)),
        engine(std::move(made)),
        writer(*engine, master, seal_key, kept, {options.group_limit, options.queue_limit}),
        // Few reports wait, so that they cannot take every worker of the server.
        report_readers(*engine, options.report_readers, options.patience, options.report_queue),
        background_readers(*engine, options.background_readers, options.patience, no_limit),
        readers(*engine, options.readers, options.patience, no_limit) {}

  ReaderPool& pool_of(Readers kind) {
    switch (kind) {
      case Readers::reports: return report_readers;
      case Readers::background: return background_readers;
      case Readers::quick: break;
    }
    return readers;
  }

  /// `may_run_again`: the connection was lost, and the body has seen nothing of the database yet.
  base::Result<void> try_read(Readers kind, const base::Id& whose, const std::function<base::Result<void>(Tx&)>& body,
                              bool& may_run_again) {
    ASSIGN_OR_RETURN(const auto loan, pool_of(kind).take(whose));
    Tx tx(*loan, master, seal_key);
    KeptRows::Generations seen;
    if (keeps && KeptScope::is_open()) {
      seen = kept.generations();
      tx.use(kept, seen);
    }
    base::Result<void> done = loan->begin_read();
    try {
      if (done) done = body(tx);
    } catch (const std::exception& thrown) {
      return base::fail(base::Code::internal, std::string("a read threw: ") + thrown.what());
    }
    may_run_again = loan->last_failure() == Failure::lost && !loan->has_answered();
    return done;
  }

  /// A small write, at most once a second, while the last commit has failed. A server that is not ready gets no
  /// requests, so that no other write could show that writes succeed again. An idle database is not written to.
  bool probe_write() {
    {
      const std::lock_guard lock(probe_mutex);
      const auto now = std::chrono::steady_clock::now();
      if (now < next_probe) return false;
      next_probe = now + probe_pause;
    }
    const auto probe = [](Tx& tx) { return set_mark(tx, "write probe", base::Id::make(base::now()).to_string()); };
    return writer.run(probe).has_value();
  }

  /// Asks the database at most once a second; between two questions the last answer counts.
  bool takes_writes() {
    const std::lock_guard lock(probe_mutex);
    const auto now = std::chrono::steady_clock::now();
    if (now < next_look) return took_writes;
    next_look = now + probe_pause;
    took_writes = look_for_writes();
    return took_writes;
  }

  bool look_for_writes() {
    const auto loan = readers.take();
    if (!loan || !(*loan)->begin_read()) return false;
    const auto takes = engine->takes_writes(**loan);
    (*loan)->end_read();
    return takes && *takes;
  }

  crypto::MasterKey master;
  base::Secret seal_key;
  std::unique_ptr<Engine> engine;
  KeptRows kept;
  bool keeps = false;  // this process alone writes
  Writer writer;
  ReaderPool report_readers;
  ReaderPool background_readers;
  ReaderPool readers;  // all closed before the writer, which then closes the file of SQLite as the last one
  bool read_only = false;
  std::mutex probe_mutex;
  std::chrono::steady_clock::time_point next_probe;
  std::chrono::steady_clock::time_point next_look;
  bool took_writes = true;
};

namespace {

thread_local Store::Deferral* deferral = nullptr;

class PendingCommits final : public Pending {
 public:
  explicit PendingCommits(Writer& writer) : writer_(writer) {}
  void add(std::shared_ptr<Commit> commit) {
    if (commits_.empty() || commits_.back() != commit) commits_.push_back(std::move(commit));
  }
  base::Result<void> finish() override {
    base::Result<void> done;
    for (const auto& commit : commits_) {
      if (auto finished = writer_.finish(commit); !finished && done) done = std::move(finished);
    }
    return done;
  }
  void when_over(std::function<void(const base::Result<void>&)> told) override {
    if (commits_.size() == 1) return writer_.when_over(commits_.front(), std::move(told));
    told(finish());  // rare: a second write of the same request, in another transaction
  }

 private:
  Writer& writer_;
  std::vector<std::shared_ptr<Commit>> commits_;
};

base::Result<std::unique_ptr<Engine>> make_engine(const Options& options) {
  constexpr std::string_view sqlite = "sqlite:";
  if (options.url.starts_with(sqlite)) {
    if (options.url.size() == sqlite.size()) return base::fail(base::Code::invalid_input, "sqlite: without a path");
    return make_sqlite_engine(options.url.substr(sqlite.size()), options.read_only);
  }
  const bool is_url = options.url.starts_with("postgresql://") || options.url.starts_with("postgres://");
  if (is_url || (options.url.find('=') != std::string::npos && options.url.find("://") == std::string::npos)) {
    return make_postgres_engine(options.url);
  }
  return base::fail(base::Code::invalid_input, "the database is neither sqlite:<path> nor postgresql://…");
}

}  // namespace

Store::Store(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Store::~Store() {
  if (impl_) impl_->writer.end();  // a callback that is called now may still read
}

base::Result<std::unique_ptr<Store>> Store::open(Options options, crypto::MasterKey master) {
  ASSIGN_OR_RETURN(auto engine, make_engine(options));
  auto impl = std::make_unique<Impl>(std::move(engine), options, std::move(master));
  ASSIGN_OR_RETURN(auto connection,
                   options.read_only ? impl->engine->connect_reader() : impl->engine->connect_writer());
  RETURN_IF_ERROR(
      migrate(*impl->engine, *connection, impl->master, impl->seal_key, options.migrate && !options.read_only));
  if (!options.read_only) impl->writer.use(std::move(connection));
  impl->read_only = options.read_only;
  impl->keeps = !options.read_only && !impl->engine->is_postgresql();
  return std::unique_ptr<Store>(new Store(std::move(impl)));
}

base::Result<void> Store::wait_durable() {
  if (impl_->read_only) return {};
  return impl_->writer.run([](Tx&) { return base::Result<void>(); });
}

base::Result<bool> Store::empty_log() {
  if (impl_->read_only) return true;
  return impl_->writer.empty_log();
}

void Store::flush() {
  impl_->writer.flush();
}

bool Store::is_ready() {
  if (!impl_->writer.is_sound()) return false;
  if (!run_read(Readers::quick, {}, [](Tx& tx) { return without_count(tx.run("SELECT 1 FROM audit_head", {})); }))
    return false;
  if (impl_->writer.fails()) return impl_->probe_write();
  return impl_->takes_writes();
}

bool Store::is_postgresql() const {
  return impl_->engine->is_postgresql();
}

base::Result<std::vector<std::string>> Store::find_excess_rights() {
  if (!is_postgresql()) return std::vector<std::string>();
  ASSIGN_OR_RETURN(const auto connection, impl_->engine->connect_reader());
  return impl_->engine->find_excess_rights(*connection);
}

const crypto::MasterKey& Store::master() const {
  return impl_->master;
}

Store::Deferral::Deferral(Store& store) : store_(store), outer_(std::exchange(deferral, this)) {}

Store::Deferral::~Deferral() {
  deferral = outer_;
  if (pending_) (void)pending_->finish();
}

std::unique_ptr<Pending> Store::Deferral::take() {
  return std::move(pending_);
}

base::Result<void> Store::run_read(Readers readers, const base::Id& whose,
                                   const std::function<base::Result<void>(Tx&)>& body) {
  // The thread must find what it has written itself.
  if (deferral != nullptr && deferral->pending_) RETURN_IF_ERROR(deferral->pending_->finish());
  for (int attempt = 1;; ++attempt) {
    bool may_run_again = false;
    auto done = impl_->try_read(readers, whose, body, may_run_again);
    if (done || !may_run_again || attempt == most_attempts) return done;
    wait_after_attempt(attempt);
  }
}

base::Result<void> Store::run_write(const std::function<base::Result<void>(Tx&)>& body) {
  if (impl_->read_only) return base::fail(base::Code::unavailable, "the database was opened for reading only");
  if (deferral == nullptr || &deferral->store_ != this || impl_->engine->is_postgresql())
    return impl_->writer.run(body);
  std::shared_ptr<Commit> commit;
  RETURN_IF_ERROR(impl_->writer.begin(body, commit));
  if (!deferral->pending_) deferral->pending_ = std::make_unique<PendingCommits>(impl_->writer);
  static_cast<PendingCommits&>(*deferral->pending_).add(std::move(commit));
  return {};
}

}  // namespace store
