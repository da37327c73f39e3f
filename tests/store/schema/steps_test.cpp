// The steps of the schema as files, and databases that earlier programs made with them.
#include "store/schema/steps.hpp"

#include <doctest/doctest.h>

#include <array>
#include <fstream>
#include <regex>
#include <sstream>

#include "crypto/digest/digest.hpp"
#include "places.hpp"
#include "store/driver/engine.hpp"
#include "store/engines.hpp"
#include "store/password/passwords.hpp"
#include "store/sample.hpp"
#include "store/schema/schema_of.hpp"

namespace {

std::string read_file(const std::string& path) {
  const std::ifstream file(testing::source_folder + "/" + path, std::ios::binary);
  REQUIRE_MESSAGE(file, path << " is not there");
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The statements without `--` comments and with single blanks. The mark of SQLite, `/* … */`, stays, because it has an
/// effect.
std::string statements_of(std::string_view sql) {
  const std::string bare = std::regex_replace(std::string(sql), std::regex("--[^\n]*"), "");
  return std::regex_replace(bare, std::regex("\\s+"), " ");
}

std::string digest_of(std::string_view sql) {
  return base::to_base64url(crypto::sha256(statements_of(sql))).substr(0, 16);
}

/// A database file or place as the program of step 4 left it.
template <class E>
std::string old_database() {
  return read_file("tests/store/schema/old_databases/step_4_" + std::string(E::name) + ".sql");
}

/// docs/schema.sql in the words of the engine, by the translation of the steps.
template <class E>
std::string printed_schema() {
  const std::string page = read_file("docs/schema.sql");
  if (E::name != engines::Sqlite::name) return page;
  return store::make_sqlite_engine(":memory:", false).value()->translate(page);
}

constexpr std::string_view whole_head = "-- A title.\n-- Oldest compatible step: 1\n\nCREATE TABLE t(id bigint);\n";

}  // namespace

TEST_CASE("a step that was released is never changed, only its comments may be") {
  const std::array<std::string_view, 35> released{
      "5k-zC7vZM7UlwqLm", "xA3cWk8md_VLoyHM", "lTVqbjM9I2vwNAzk", "2dUvP2Oo0hjNCNR6", "quVhmCBr5ZPU3YM6",
      "TGtujzdko19WjwT0", "5E4nXI9eYCcwpppJ", "yb3AZollvfTG3u-y", "PxBlZK1ppF6VFAA4", "RpLT7XVnepGC8yv0",
      "QOeubfGawBz5TtO3", "AErooETTOsTJUDNh", "i3rpCk9kxsA971RW", "v_jGz0ysSjehr1Xp", "-EBRCEo_u-HfnzgK",
      "tTCMZAbQ5e10lxs8", "nUVdhd7piBF16vBP", "Z1eZKCTIawxQbx9T", "xh5x9WwssehubmMy", "1hHs9zcnId23gVeD",
      "IH-1eFBJMsqQofWI", "CaPcU7X1IxiBFra5", "bBSAUulWjnyNsBR6", "CraOlTtqkFIkQ1Kw", "yyLFJ3Hbwwj1tD_T",
      "GRrE1R1L31oNSp9Z", "z4SUkEhzvIaohqye", "-J1tfO4r3nsuqtz4", "rOtUmrXAbShx8oX-", "LuQyuCQGdiDnevWO",
      "r_4EJab8McVT4B4d", "dSejUWnV5kuoE_6L", "NIkrHzN_UbMmClnh", "JejnqSGbwuLP_utp", "FPqbjlMvvfiUc8go"};
  REQUIRE_MESSAGE(store::all_steps().size() == released.size(), "name the digest of the new step here");
  for (const store::Step& step : store::all_steps()) {
    CAPTURE(step.number);
    CHECK(digest_of(step.sql) == released.at(static_cast<std::size_t>(step.number) - 1));
  }
}

TEST_CASE("a step's head says which programs can work with it") {
  const auto& steps = store::all_steps();
  CHECK(steps[0].oldest_compatible == 1);
  CHECK(steps[1].oldest_compatible == 2);
  CHECK(steps[3].oldest_compatible == 1);
}

TEST_CASE("files that are no row of steps are refused: a gap, no number, a head without its line") {
  using Files = std::vector<base::EmbeddedFile>;
  CHECK(store::read_steps(Files{{"001_a.sql", "", whole_head}, {"002_b.sql", "", whole_head}}).size() == 2);
  CHECK_THROWS(store::read_steps(Files{{"001_a.sql", "", whole_head}, {"003_b.sql", "", whole_head}}));
  CHECK_THROWS(store::read_steps(Files{{"002_b.sql", "", whole_head}}));
  CHECK_THROWS(store::read_steps(Files{{"notes.sql", "", whole_head}}));
  CHECK_THROWS(store::read_steps(Files{{"001_a.sql", "", "-- A title.\n\n-- Oldest compatible step: 1\n"}}));
  CHECK_THROWS(store::read_steps(Files{{"001_a.sql", "", "-- Oldest compatible step: none\n"}}));
  CHECK_THROWS(store::read_steps(Files{{"001_a.sql", "", "-- A title."}}));
  CHECK_THROWS(store::read_steps(Files{{"001_a.sql", "", ""}}));
}

TEST_CASE_TEMPLATE("a database that the program of step 4 made opens with all that it holds", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  place.execute(old_database<E>());
  const auto db = engines::open_or_fail({.url = place.url()});
  const auto anna = db->read([](store::Tx& tx) { return store::find_account_by_login(tx, "anna", sample::noon); });
  REQUIRE(anna.value());
  CHECK((*anna)->family_name == "Kowalska");
  const auto password = db->read([&](store::Tx& tx) { return store::find_password(tx, (*anna)->id); });
  REQUIRE(password.value());
  CHECK((*password)->phc.reveal() == "$argon2id$v=19$sample");
  CHECK(sample::count_chained(*db) == 1);
  CHECK(db->write([&](store::Tx& tx) { return store::append_event(tx, sample::event_of(**anna)); }));
  CHECK(sample::count_chained(*db) == 2);
}

TEST_CASE_TEMPLATE("an old database that was brought up to date has the schema of a new one", E, ON_BOTH_ENGINES) {
  const typename E::Place old;
  old.execute(old_database<E>());
  const typename E::Place fresh;
  { const auto db = engines::open_or_fail({.url = old.url()}); }
  { const auto db = engines::open_or_fail({.url = fresh.url()}); }
  CHECK(schema_of::everything(old) == schema_of::everything(fresh));
}

TEST_CASE_TEMPLATE("docs/schema.sql makes what the steps make", E, ON_BOTH_ENGINES) {
  const typename E::Place migrated;
  { const auto db = engines::open_or_fail({.url = migrated.url()}); }
  const typename E::Place printed;
  printed.execute(printed_schema<E>());
  const std::string schema = schema_of::everything(printed);
  CHECK(schema.find("audit_event.personal text") != std::string::npos);
  CHECK(schema == schema_of::everything(migrated));
}

TEST_CASE("both engines have the same tables, columns and indexes") {
  const engines::Sqlite::Place sqlite;
  { const auto db = engines::open_or_fail({.url = sqlite.url()}); }
  const engines::Postgresql::Place postgresql;
  { const auto db = engines::open_or_fail({.url = postgresql.url()}); }
  const std::string schema = schema_of::in_common_words(sqlite);
  CHECK(schema.find("session session_by_end unique=0 partial=0 ends_at") != std::string::npos);
  CHECK(schema == schema_of::in_common_words(postgresql));
}
