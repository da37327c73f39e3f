#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "store/driver/engine.hpp"
#include "store/driver/file_lock.hpp"
#include "store/driver/sqlite_connection.hpp"

namespace store {
namespace {

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

class SqliteEngine final : public Engine {
 public:
  SqliteEngine(std::string path, FileLock lock, std::string private_folder, bool read_only)
      : path_(std::move(path)),
        lock_(std::move(lock)),
        private_folder_(std::move(private_folder)),
        read_only_(read_only) {}
  SqliteEngine(const SqliteEngine&) = delete;
  SqliteEngine& operator=(const SqliteEngine&) = delete;
  ~SqliteEngine() override {
    if (log_ >= 0) ::close(log_);
    std::error_code ignored;
    if (!private_folder_.empty()) std::filesystem::remove_all(private_folder_, ignored);
  }

  base::Result<std::unique_ptr<Connection>> connect_writer() override {
    if (read_only_) return base::fail(base::Code::unavailable, "the database was opened for reading only");
    return sqlite::connect(path_, sqlite::Role::writer, private_folder_.empty());
  }
  base::Result<std::unique_ptr<Connection>> connect_reader() override {
    return sqlite::connect(path_, sqlite::Role::reader, private_folder_.empty());
  }
  [[nodiscard]] bool is_postgresql() const override { return false; }
  base::Result<void> sync_log() override {
    if (!private_folder_.empty()) return {};
    if (!hold_log() || ::fdatasync(log_) != 0) {
      return base::fail(base::Code::unavailable, path_ + "-wal: " + std::strerror(errno));
    }
    return {};
  }
  [[nodiscard]] std::string translate(std::string ddl) const override {
    ddl = replace_all(std::move(ddl), "/* SQLite: WITHOUT ROWID */", "WITHOUT ROWID");
    // Only this type makes the key the number of the row.
    return replace_all(std::move(ddl), "bigint PRIMARY KEY", "INTEGER PRIMARY KEY");
  }
  base::Result<bool> holds_foreign_tables(Connection& connection) override {
    return is_any(connection, "SELECT count(*) FROM sqlite_master");
  }
  base::Result<bool> has_table_of_migrations(Connection& connection) override {
    return is_any(connection, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'");
  }
  base::Result<bool> takes_writes(Connection& /*connection*/) override {
    // A file system that was mounted read-only, a file that is gone or was given to somebody else.
    const std::string folder = std::filesystem::path(path_).parent_path().string();
    return ::faccessat(AT_FDCWD, path_.c_str(), W_OK, AT_EACCESS) == 0 &&
           ::faccessat(AT_FDCWD, folder.empty() ? "." : folder.c_str(), W_OK, AT_EACCESS) == 0;
  }

 private:
  // The descriptor is kept open, because Linux reports a failed write to each descriptor once: a descriptor that was
  // opened after the failure would never report it. It is opened again only if the log has become another file.
  bool hold_log() {
    const std::string path = path_ + "-wal";
    struct stat now {};
    struct stat held {};
    if (::stat(path.c_str(), &now) != 0) return false;
    if (log_ >= 0 && ::fstat(log_, &held) == 0 && held.st_ino == now.st_ino && held.st_dev == now.st_dev) return true;
    if (log_ >= 0) ::close(log_);
    log_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    return log_ >= 0;
  }

  int log_ = -1;  // the descriptor of the log, used by the thread that syncs
  std::string path_;
  FileLock lock_;
  std::string private_folder_;  // of a database in memory, removed with this object; "" = none
  bool read_only_;
};

}  // namespace

base::Result<std::unique_ptr<Engine>> make_sqlite_engine(const std::string& path, bool read_only) {
  if (path == ":memory:") {
    // Readers in parallel need a file. A private one in memory is faster than the shared cache of SQLite.
    for (const char* where : {"/dev/shm", "/tmp"}) {
      std::string folder = std::string(where) + "/chancery-XXXXXX";
      if (::mkdtemp(folder.data()) == nullptr) continue;
      return std::make_unique<SqliteEngine>(folder + "/db", FileLock(), folder, false);
    }
    return base::fail(base::Code::unavailable, "no folder for a database in memory");
  }
  if (read_only) {
    if (::access(path.c_str(), R_OK) != 0) return base::fail(base::Code::unavailable, path + " cannot be read");
    return std::make_unique<SqliteEngine>(path, FileLock(), std::string(), true);
  }
  ASSIGN_OR_RETURN(FileLock lock, FileLock::take(path + ".lock"));
  return std::make_unique<SqliteEngine>(path, std::move(lock), std::string(), false);
}

}  // namespace store
