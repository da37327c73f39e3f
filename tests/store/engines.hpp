// The engines on which every case of the store's suite runs:
//   TEST_CASE_TEMPLATE("…", E, ON_BOTH_ENGINES) { const auto db = E::open(); … }
// A Place is an empty database that outlives the stores opened in it, for cases about opening and closing.
#pragma once

#include <doctest/doctest.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>

#include "crypto/key/master_key.hpp"
#include "store/engine/store.hpp"
#include "store/postgres.hpp"

namespace engines {

/// The master key of every test.
inline crypto::MasterKey master_key() {
  return crypto::MasterKey::parse(std::string(64, '7')).value();
}

inline std::unique_ptr<store::Store> open_or_fail(store::Options options) {
  auto opened = store::Store::open(std::move(options), master_key());
  if (!opened) FAIL("cannot open: ", base::describe(opened.error()));
  return std::move(*opened);
}

/// A temporary folder, removed with the object.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "chancery-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) FAIL("no temporary folder");
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (path_ / name).string(); }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

struct Sqlite {
  static constexpr std::string_view name = "sqlite";
  class Place {
   public:
    [[nodiscard]] std::string file() const { return folder_.file("chancery.db"); }
    [[nodiscard]] std::string url() const { return "sqlite:" + file(); }
    /// Runs statements without the store, like an attacker who alters the database.
    void execute(const std::string& sql) const {
      sqlite3* db = nullptr;
      REQUIRE(sqlite3_open(file().c_str(), &db) == SQLITE_OK);
      const int done = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
      const std::string words = sqlite3_errmsg(db);
      sqlite3_close(db);
      if (done != SQLITE_OK) FAIL(words);
    }
    /// The first column of the first row, "" for none.
    [[nodiscard]] std::string ask(const std::string& sql) const {
      std::string found;
      sqlite3* db = nullptr;
      sqlite3_stmt* statement = nullptr;
      REQUIRE(sqlite3_open(file().c_str(), &db) == SQLITE_OK);
      const int prepared = sqlite3_prepare_v2(db, sql.c_str(), -1, &statement, nullptr);
      if (prepared == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
        const unsigned char* text = sqlite3_column_text(statement, 0);
        found.assign(text, text + sqlite3_column_bytes(statement, 0));
      }
      sqlite3_finalize(statement);
      const std::string words = sqlite3_errmsg(db);
      sqlite3_close(db);
      if (prepared != SQLITE_OK) FAIL(words);
      return found;
    }

   private:
    Folder folder_;
  };
  static std::unique_ptr<store::Store> open() { return open_or_fail({.url = "sqlite::memory:"}); }
};

struct Postgresql {
  static constexpr std::string_view name = "postgresql";
  class Place {
   public:
    [[nodiscard]] const std::string& url() const { return url_; }
    void execute(const std::string& sql) const { postgres::execute(url_, sql); }
    [[nodiscard]] std::string ask(const std::string& sql) const { return postgres::ask(url_, sql); }

   private:
    std::string url_ = postgres::make_place();
  };
  static std::unique_ptr<store::Store> open() { return open_or_fail({.url = postgres::make_place()}); }
};

}  // namespace engines

#define ON_BOTH_ENGINES engines::Sqlite, engines::Postgresql
