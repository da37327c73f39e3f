// The engines on which every case of the store's suite runs:
//   TEST_CASE_TEMPLATE("…", E, ON_BOTH_ENGINES) { const auto db = E::open(); … }
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "crypto/master_key.hpp"
#include "store/store.hpp"

namespace engines {

/// The master key of every test.
inline crypto::MasterKey master_key() { return crypto::MasterKey::parse(std::string(64, '7')).value(); }

inline std::unique_ptr<store::Store> open_or_fail(store::Options options) {
  auto opened = store::Store::open(std::move(options), master_key());
  if (!opened) FAIL("cannot open: ", base::describe(opened.error()));
  return std::move(*opened);
}

/// A folder that goes with the object.
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

 private:
  std::filesystem::path path_;
};

struct Sqlite {
  /// A database file of its own; it is there as long as the object.
  class Place {
   public:
    [[nodiscard]] std::string url() const { return "sqlite:" + folder_.file("chancery.db"); }

   private:
    Folder folder_;
  };
  static std::unique_ptr<store::Store> open() { return open_or_fail({.url = "sqlite::memory:"}); }
};

}  // namespace engines

#define ON_BOTH_ENGINES engines::Sqlite
