#include "flow/setup/back_up.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>

#include "flow/account/delete_account.hpp"
#include "flow/audit/erase_due.hpp"
#include "flow/setup/copies_fixture.hpp"
#include "flow/setup/copies_folder.hpp"
#include "store/timestamp/timestamps.hpp"

using namespace std::chrono_literals;
using testing::content_of;
using testing::CopiesFixture;
using testing::write_file;

namespace fs = std::filesystem;

namespace {

struct Copied {
  engines::Sqlite::Place place;
  engines::Folder folder;
  CopiesFixture f{place.url()};

  [[nodiscard]] std::string file(const std::string& name) const { return folder.file(name); }
  [[nodiscard]] base::Code refusal(const flow::RestoreOrder& order) const {
    const auto restored = flow::restore_backup(order);
    REQUIRE_FALSE(restored);
    return restored.error().code;
  }
};

}  // namespace

TEST_CASE("a backup that was made while the server works is a whole installation on another machine") {
  Copied c;
  const auto made = c.f.back_up();
  CHECK(made.chain.flaws.empty());
  CHECK(made.chain.events > 0);
  REQUIRE(c.f.log_in(c.f.right));  // goes on, and is not in the backup
  const auto restored = flow::restore_backup(c.f.restoring(made.file, c.file("other")));
  REQUIRE_MESSAGE(restored, base::describe(restored.error()));
  CHECK(restored->digest == made.digest);
  CHECK(restored->head.program == "1.2.3");
  CHECK(restored->chain.flaws.empty());
  CHECK(restored->chain.head_hash == made.chain.head_hash);
  CHECK(restored->chain.events == made.chain.events);
  CHECK(restored->last_event == c.f.now);
  const auto last = restored->chain.head_seq;
  c.f.open("sqlite:" + c.file("other/chancery.db"));
  CHECK(c.f.is_intact());
  CHECK(c.f.log_in(c.f.right));
  const auto events = c.f.events("backup_restore");
  REQUIRE(events.size() == 1);
  CHECK(events[0].seq == last + 1);
  CHECK(events[0].data.find(made.digest) != std::string::npos);
}

TEST_CASE("a backup is an event of the log, with the digest by which the file is found again") {
  Copied c;
  const auto made = c.f.back_up();
  const auto events = c.f.events("backup_make");
  REQUIRE(events.size() == 1);
  CHECK(events[0].data.find("\"digest\":\"" + made.digest) != std::string::npos);
  CHECK(events[0].data.find("\"events\":") != std::string::npos);
  CHECK(c.f.is_intact());
}

TEST_CASE("a backup is for its owner alone, and no name, no hash and no key can be read in it") {
  Copied c;
  const auto made = c.f.back_up();
  struct stat status {};
  REQUIRE(::stat(made.file.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  const std::string octets = content_of(made.file);
  CHECK(octets.find("SQLite format 3") == std::string::npos);
  for (const std::string& secret : {std::string("anna"), std::string("Kowalska"), std::string("argon2"),
                                    std::string(c.f.master.to_text().reveal()), std::string("CREATE TABLE")}) {
    CHECK_MESSAGE(octets.find(secret) == std::string::npos, secret);
  }
  const std::string database = content_of(c.place.file()) + content_of(c.place.file() + "-wal");
  CHECK(database.find("Kowalska") != std::string::npos);
}

TEST_CASE("the master key is in a backup only if somebody asked for it") {
  Copied c;
  const auto without = c.f.back_up();
  auto order = c.f.restoring(without.file, c.file("none"));
  order.master.reset();
  CHECK(c.refusal(order) == base::Code::invalid_input);
  CHECK_FALSE(fs::exists(c.file("none")));
  auto wished = c.f.order();
  wished.has_master_key = true;
  order.file = c.f.back_up(wished).file;
  const auto restored = flow::restore_backup(order);
  REQUIRE_MESSAGE(restored, base::describe(restored.error()));
  CHECK(restored->has_written_key);
  CHECK(content_of(c.file("none/master.key")) == std::string(c.f.master.to_text().reveal()) + "\n");
}

TEST_CASE("another secret key, another master key and no backup at all restore nothing, and leave nothing") {
  Copied c;
  const auto made = c.f.back_up();
  auto order = c.f.restoring(made.file, c.file("other"));
  order.keys = crypto::make_recipient();
  CHECK(c.refusal(order) == base::Code::invalid_input);
  order = c.f.restoring(made.file, c.file("other"));
  order.master = crypto::MasterKey::make();
  CHECK(c.refusal(order) == base::Code::invalid_input);
  write_file(c.file("text"), "CHANCERY SEALED FILE 1\nnothing\n");
  CHECK(c.refusal(c.f.restoring(c.file("text"), c.file("other"))) == base::Code::invalid_input);
  write_file(c.file("text"), "CHANCERY SEALED FILE 2\n");
  CHECK(c.refusal(c.f.restoring(c.file("text"), c.file("other"))) == base::Code::invalid_input);
  write_file(c.file("empty"), "");
  CHECK(c.refusal(c.f.restoring(c.file("empty"), c.file("other"))) == base::Code::invalid_input);
  CHECK(c.refusal(c.f.restoring(c.file("missing"), c.file("other"))) == base::Code::not_found);
  CHECK(c.refusal(c.f.restoring(c.place.file(), c.file("other"))) == base::Code::invalid_input);
  CHECK_FALSE(fs::exists(c.file("other")));
}

TEST_CASE("a backup that was cut off anywhere is refused, and nothing of it is left") {
  Copied c;
  const std::string whole = content_of(c.f.back_up().file);
  const std::size_t size = whole.size();
  for (const std::size_t end : {std::size_t{1}, std::size_t{23}, std::size_t{40}, std::size_t{300}, std::size_t{600},
                                size / 3, size / 2, size - 66'000, size - 20, size - 1}) {
    CAPTURE(end);
    write_file(c.file("cut"), whole.substr(0, end));
    CHECK(c.refusal(c.f.restoring(c.file("cut"), c.file("other"))) == base::Code::invalid_input);
  }
  write_file(c.file("cut"), whole + "x");
  CHECK(c.refusal(c.f.restoring(c.file("cut"), c.file("other"))) == base::Code::invalid_input);
  CHECK_FALSE(fs::exists(c.file("other")));
}

TEST_CASE("a folder that was there before a refused restore stays, with what is in it") {
  Copied c;
  auto order = c.f.restoring(c.f.back_up().file, c.file("own"));
  order.master = crypto::MasterKey::make();
  fs::create_directory(c.file("own"));
  CHECK(c.refusal(order) == base::Code::invalid_input);
  CHECK(fs::is_empty(c.file("own")));
  write_file(c.file("own/notes"), "of the administrator");
  CHECK(c.refusal(order) == base::Code::invalid_input);
  CHECK(content_of(c.file("own/notes")) == "of the administrator");
}

TEST_CASE("a backup in which one bit is another one is refused, also in the line that everybody can read") {
  Copied c;
  const std::string whole = content_of(c.f.back_up().file);
  const std::size_t head = whole.find("\n", whole.find("\n") + 1);
  for (const std::size_t at : {whole.find("schema"), whole.find("made_at") + 12, whole.find("sealed_key") + 20,
                               head + 3, head + 26, head + 40, whole.size() / 2, whole.size() - 5}) {
    CAPTURE(at);
    std::string altered = whole;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    write_file(c.file("altered"), altered);
    CHECK(c.refusal(c.f.restoring(c.file("altered"), c.file("other"))) == base::Code::invalid_input);
  }
  CHECK_FALSE(fs::exists(c.file("other")));
}

TEST_CASE("a folder that has a database is never filled") {
  Copied c;
  const auto made = c.f.back_up();
  fs::create_directory(c.file("used"));
  for (const char* name : {"chancery.db", "chancery.db-wal"}) {
    write_file(c.file("used") + "/" + name, "something");
    CHECK(c.refusal(c.f.restoring(made.file, c.file("used"))) == base::Code::already_exists);
    CHECK(content_of(c.file("used") + "/" + name) == "something");
    fs::remove(c.file("used") + "/" + name);
  }
  const std::string own = fs::path(c.place.file()).parent_path().string();
  CHECK(c.refusal(c.f.restoring(made.file, own)) == base::Code::already_exists);
  CHECK(c.f.is_intact());
}

TEST_CASE("a log that was altered in the database is named when the backup is made, and when it is restored") {
  Copied c;
  const auto second = c.f.events().at(1).seq;
  c.f.close();
  c.place.execute("UPDATE audit_event SET outcome = 'failure' WHERE seq = " + std::to_string(second));
  c.f.open(c.place.url());
  const auto made = c.f.back_up();
  CHECK_FALSE(made.chain.flaws.empty());
  const auto restored = flow::restore_backup(c.f.restoring(made.file, c.file("other")));
  REQUIRE(restored);
  CHECK_FALSE(restored->chain.flaws.empty());
}

TEST_CASE("time stamps after a restore have no number that may have been given after the backup") {
  Copied c;
  store::TimestampAuthority authority;
  authority.id = base::Id::make(c.f.now);
  authority.state = "active";
  authority.created_at = c.f.now;
  REQUIRE(c.f.store->write(
      [&](store::Tx& tx) { return store::insert_timestamp_authority(tx, authority, base::Secret("k")); }));
  const auto made = c.f.back_up();
  const auto next = [&] { return c.f.store->write([](store::Tx& tx) { return store::reserve_serials(tx, 1000); }); };
  std::int64_t last = 0;
  for (int i = 0; i < 5; ++i) last = next().value() + 1000;
  REQUIRE(flow::restore_backup(c.f.restoring(made.file, c.file("other"))));
  c.f.open("sqlite:" + c.file("other/chancery.db"));
  CHECK(next().value() > last);
}

TEST_CASE("a backup after a deletion has nothing of the person, and neither has what was restored of it") {
  Copied c;
  auto elsewhere = c.f.facts();
  elsewhere.ip = "198.51.100.23";
  CHECK_FALSE(flow::login_password(*c.f.house, {"anna.kowalska", base::Secret("Wrong-Guess-2026")}, elsewhere));
  const auto deleted = flow::delete_account(*c.f.house, c.f.operator_actor(), "anna.kowalska", c.f.facts());
  REQUIRE_MESSAGE(deleted, base::describe(deleted.error()));
  for (bool more = true; more;) more = flow::erase_due_step(*c.f.house).value();
  const auto made = c.f.back_up();
  REQUIRE(flow::restore_backup(c.f.restoring(made.file, c.file("other"))));
  const std::string octets = content_of(c.file("other/chancery.db"));
  REQUIRE(octets.size() > 100'000);
  for (const std::string word : {"Kowalska", "kowalska", "anna@clinic.example", "198.51.100.23"}) {
    CHECK_MESSAGE(octets.find(word) == std::string::npos, word);
  }
}

TEST_CASE("copies are made one at a time, and what a killed process has left is removed") {
  Copied c;
  const std::string folder = (fs::path(c.place.file()).parent_path() / "copies").string();
  {
    const auto held = flow::CopiesFolder::open(c.place.file());
    REQUIRE(held);
    const auto refused = flow::make_backup(*c.f.house, c.f.operator_actor(), c.f.order(), c.f.facts());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == base::Code::conflict);
  }
  for (const char* name : {"copy-abc", "check-1", "sealed-old"}) write_file(folder + "/" + name, "Kowalska");
  fs::last_write_time(folder + "/sealed-old", fs::file_time_type::clock::now() - 2h);
  flow::remove_unfinished_copies(c.place.file());
  CHECK(fs::is_empty(folder));
  write_file(folder + "/check-2", "Kowalska");
  const auto made = c.f.back_up();
  CHECK(std::distance(fs::directory_iterator(folder), fs::directory_iterator()) == 1);
  CHECK(fs::exists(made.file));
}

TEST_CASE("a disk without room for the copy is told before anything is written") {
  Copied c;
  const auto folder = flow::CopiesFolder::open(c.place.file());
  REQUIRE(folder);
  CHECK(folder->demand_space(1));
  const auto refused = folder->demand_space(std::int64_t{1} << 60);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::unavailable);
  CHECK(refused.error().reason.find("MiB free") != std::string::npos);
}

TEST_CASE("whoever may not administer everything makes no backup") {
  Copied c;
  const auto visitor = c.f.visitor_of(c.f.right);
  const auto refused = flow::make_backup(*c.f.house, visitor.actor.value(), c.f.order(), c.f.facts());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::denied);
  CHECK(c.f.events("backup_make").empty());
}

TEST_CASE("a backup of PostgreSQL is refused with the tools that make it") {
  const engines::Postgresql::Place place;
  CopiesFixture f(place.url());
  const auto refused = flow::make_backup(*f.house, f.operator_actor(), f.order(), f.facts());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason.find("pg_dump") != std::string::npos);
}

TEST_CASE("a key that is no key seals nothing, and the secret key is not taken for the public one") {
  Copied c;
  auto order = c.f.order();
  order.public_key = "short";
  CHECK_FALSE(flow::make_backup(*c.f.house, c.f.operator_actor(), order, c.f.facts()));
  const base::Secret secret = flow::print_secret_key(c.f.recipient);
  CHECK(flow::parse_secret_key(secret).value().public_key == c.f.recipient.public_key);
  const std::string open_half = flow::print_public_key(c.f.recipient.public_key);
  CHECK(flow::parse_public_key(" " + open_half + "\n").value() == c.f.recipient.public_key);
  const auto taken = flow::parse_public_key(secret.reveal());
  REQUIRE_FALSE(taken);
  CHECK(taken.error().reason.find("secret") != std::string::npos);
  CHECK_FALSE(flow::parse_secret_key(base::Secret(open_half)));
  CHECK_FALSE(flow::parse_public_key(""));
  CHECK_FALSE(flow::parse_public_key(open_half + "AA"));
}
