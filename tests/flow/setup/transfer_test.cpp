#include "flow/setup/transfer.hpp"

#include <doctest/doctest.h>

#include <filesystem>

#include "flow/setup/copies_fixture.hpp"
#include "store/engine/copies.hpp"

using testing::content_of;
using testing::CopiesFixture;
using testing::write_file;

namespace {

flow::MadeCopy dump(const CopiesFixture& f, const std::string& into) {
  auto order = f.order();
  order.into = into;
  auto made = flow::dump_installation(*f.house, f.operator_actor(), order, f.facts());
  REQUIRE_MESSAGE(made, base::describe(made.error()));
  return std::move(*made);
}

base::Result<flow::Loaded> load(const CopiesFixture& f, const std::string& file, const std::string& url,
                                const crypto::MasterKey& master) {
  ASSIGN_OR_RETURN(const auto db, store::Store::open({.url = url}, master));
  return flow::load_installation(*db, {file, f.recipient, f.facts()});
}

struct Places {
  engines::Sqlite::Place first;
  engines::Postgresql::Place second;
  engines::Sqlite::Place third;
  engines::Folder folder;
};

}  // namespace

TEST_CASE("an installation goes from SQLite to PostgreSQL and back, and everybody logs in as before") {
  const Places p;
  CopiesFixture f(p.first.url());
  const std::string link = f.get_token();
  REQUIRE(f.log_in(f.right));
  const auto before = flow::verify_audit(*f.house, "").value();
  const auto one = dump(f, p.folder.file("one"));
  CHECK(one.chain.events == before.events);
  f.close();
  const auto moved = load(f, one.file, p.second.url(), f.master);
  REQUIRE_MESSAGE(moved, base::describe(moved.error()));
  CHECK(moved->rows == one.rows);
  CHECK(moved->head.database == "sqlite");
  CHECK(moved->chain.flaws.empty());

  f.open(p.second.url());
  CHECK(f.is_intact());
  CHECK(flow::verify_audit(*f.house, std::to_string(before.head_seq) + ":" + before.head_hash).value().flaws.empty());
  CHECK(f.events("installation_load").size() == 1);
  CHECK(f.log_in(f.right));
  const auto two = dump(f, p.folder.file("two"));
  CHECK(two.rows > one.rows);
  f.close();
  const auto back = load(f, two.file, p.third.url(), f.master);
  REQUIRE_MESSAGE(back, base::describe(back.error()));
  CHECK(back->head.database == "postgresql");

  f.open(p.third.url());
  CHECK(f.is_intact());
  CHECK(f.log_in(f.right));
  CHECK(f.events("installation_load").size() == 2);
  CHECK(f.events("installation_dump").empty());  // each is behind its own dump
}

TEST_CASE_TEMPLATE("a dump is loaded whole or not at all", E, ON_BOTH_ENGINES) {
  const engines::Sqlite::Place source;
  const engines::Folder folder;
  CopiesFixture f(source.url());
  const auto made = dump(f, folder.file("dump"));
  const std::string whole = content_of(made.file);
  const typename E::Place place;
  const auto refused = [&](const std::string& octets, const crypto::MasterKey& master) {
    write_file(folder.file("other"), octets);
    const auto loaded = load(f, folder.file("other"), place.url(), master);
    REQUIRE_FALSE(loaded);
    CHECK(loaded.error().code == base::Code::invalid_input);
  };
  for (const std::size_t end : {whole.size() / 4, whole.size() / 2, whole.size() - 1})
    refused(whole.substr(0, end), f.master);
  std::string altered = whole;
  altered[whole.size() - 100] = static_cast<char>(altered[whole.size() - 100] ^ 1);
  refused(altered, f.master);
  const auto loaded = load(f, made.file, place.url(), f.master);
  REQUIRE_MESSAGE(loaded, base::describe(loaded.error()));
  const auto twice = load(f, made.file, place.url(), f.master);
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == base::Code::conflict);
}

TEST_CASE_TEMPLATE("a dump needs the master key of its installation, and says so before anything is loaded", E,
                   ON_BOTH_ENGINES) {
  const engines::Sqlite::Place source;
  const engines::Folder folder;
  CopiesFixture f(source.url());
  const auto made = dump(f, folder.file("dump"));
  const typename E::Place place;
  const auto other = crypto::MasterKey::make();
  const auto loaded = load(f, made.file, place.url(), other);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().reason.find("master key") != std::string::npos);
  const auto db = store::Store::open({.url = place.url()}, other);
  REQUIRE(db);
  CHECK((*db)
            ->read([](store::Tx& tx) { return store::find_account_by_login(tx, "anna.kowalska", base::now()); })
            .value() == std::nullopt);
}

TEST_CASE("a backup is no dump, and a dump no backup") {
  const engines::Sqlite::Place source;
  const engines::Sqlite::Place place;
  const engines::Folder folder;
  CopiesFixture f(source.url());
  const auto dumped = dump(f, folder.file("dump"));
  const auto backed_up = f.back_up();
  const auto loaded = load(f, backed_up.file, place.url(), f.master);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().reason.find("restore") != std::string::npos);
  const auto restored = flow::restore_backup(f.restoring(dumped.file, folder.file("other")));
  REQUIRE_FALSE(restored);
  CHECK(restored.error().reason.find("load") != std::string::npos);
}

TEST_CASE("a dump of another schema is refused with both numbers") {
  const engines::Sqlite::Place source;
  const engines::Sqlite::Place place;
  const engines::Folder folder;
  CopiesFixture f(source.url());
  {
    auto writer = flow::SealedFileWriter::make(folder.file("old"), {"dump", "0.1", "sqlite", 7, f.now, {}},
                                               f.recipient.public_key);
    REQUIRE(writer);
    REQUIRE(writer->finish("{}"));
  }
  const auto loaded = load(f, folder.file("old"), place.url(), f.master);
  REQUIRE_FALSE(loaded);
  CHECK(loaded.error().reason.find("schema 7") != std::string::npos);
  CHECK(loaded.error().reason.find(std::to_string(store::newest_step())) != std::string::npos);
}

TEST_CASE("no name and no key can be read in a dump") {
  const engines::Sqlite::Place source;
  const engines::Folder folder;
  CopiesFixture f(source.url());
  const std::string octets = content_of(dump(f, folder.file("dump")).file);
  for (const char* word : {"anna", "Kowalska", "argon2", "account_term"}) {
    CHECK_MESSAGE(octets.find(word) == std::string::npos, word);
  }
}
