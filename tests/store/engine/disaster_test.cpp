// Killed processes, full disks, lost connections.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <functional>
#include <thread>

#include "store/engines.hpp"
#include "store/proof/throttling.hpp"
#include "store/sample.hpp"

using sample::noon;

namespace {

base::Result<void> mark(store::Store& db, const std::string& name, const std::string& value = "1") {
  return db.write([&](store::Tx& tx) { return store::set_mark(tx, name, value); });
}
bool is_marked(store::Store& db, const std::string& name) {
  return db.read([&](store::Tx& tx) { return store::find_mark(tx, name); }).value().has_value();
}

// A child that writes marks "<round>-<writer>-<number>" for ever from four threads, and reports each once it is
// acknowledged.
[[noreturn]] void write_for_ever(const std::string& url, const std::string& round, int report) {
  auto opened = store::Store::open({.url = url}, engines::master_key());
  if (!opened) ::_exit(1);
  std::vector<std::thread> writers;
  for (std::int32_t w = 0; w < 4; ++w) {
    writers.emplace_back([&, w] {
      for (std::int32_t i = 0;; ++i) {
        if (!mark(**opened, round + "-" + std::to_string(w) + "-" + std::to_string(i))) ::_exit(2);
        const std::array<std::int32_t, 2> done{w, i};
        if (::write(report, done.data(), sizeof done) != sizeof done) ::_exit(3);
      }
    });
  }
  writers.front().join();
  ::_exit(4);
}

}  // namespace

TEST_CASE_TEMPLATE("a killed process loses no acknowledged write", E, ON_BOTH_ENGINES) {
  const typename E::Place place;
  { const auto db = engines::open_or_fail({.url = place.url()}); }
  for (int round = 0; round < 3; ++round) {
    std::array<int, 2> pipe{};
    REQUIRE(::pipe(pipe.data()) == 0);
    const pid_t child = ::fork();
    if (child == 0) {
      ::close(pipe[0]);
      write_for_ever(place.url(), std::to_string(round), pipe[1]);
    }
    ::close(pipe[1]);
    std::vector<std::array<std::int32_t, 2>> acknowledged;
    std::array<std::int32_t, 2> one{};
    while (::read(pipe[0], one.data(), sizeof one) == sizeof one) {
      acknowledged.push_back(one);
      if (acknowledged.size() == 200) ::kill(child, SIGKILL);
    }
    ::close(pipe[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(acknowledged.size() >= 200);
    const auto db = engines::open_or_fail({.url = place.url()});
    int lost = 0;
    for (const auto& [writer, number] : acknowledged) {
      const std::string name = std::to_string(round) + "-" + std::to_string(writer) + "-" + std::to_string(number);
      if (!is_marked(*db, name)) ++lost;
    }
    CHECK(lost == 0);
  }
}

namespace {

// Returns when the store is ready; if it never is, the time limit ends the test.
void wait_until_ready(store::Store& db) {
  while (!db.is_ready()) std::this_thread::yield();
}

// Writes until the disk is full, checks that reads still work, makes room, and checks that all works again.
void fill_the_disk(const std::string& url, const std::function<void()>& begin, const std::function<void()>& make_room) {
  const auto db = engines::open_or_fail({.url = url});
  const auto anna = sample::add_account(*db, "anna").value();
  CHECK(mark(*db, "before"));
  begin();
  int written = 0;
  base::Result<void> done;
  const std::string large(20'000, 'x');
  while (written < 1000) {
    done = mark(*db, "large-" + std::to_string(written), large);
    if (!done) break;
    ++written;
  }
  REQUIRE_FALSE(done);
  CHECK(done.error().code == base::Code::unavailable);
  CHECK(written > 0);
  // The rest of the disk may take small writes, such as that of the probe; it is filled with them.
  for (int i = 0; i < 10'000 && mark(*db, "small", std::to_string(i)); ++i) {
  }
  CHECK_FALSE(db->is_ready());
  CHECK(is_marked(*db, "before"));
  CHECK(is_marked(*db, "large-" + std::to_string(written - 1)));
  CHECK_FALSE(is_marked(*db, "large-" + std::to_string(written)));
  // More than all the room that a checkpoint could give back.
  CHECK(mark(*db, "larger", std::string(2'000'000, 'x')).error().code == base::Code::unavailable);

  make_room();
  wait_until_ready(*db);  // by a write of its own, because a server that is not ready gets no requests
  CHECK(mark(*db, "after"));
  CHECK(db->write([&](store::Tx& tx) { return store::append_event(tx, sample::event_of(anna)); }));
  CHECK(is_marked(*db, "after"));
  CHECK(is_marked(*db, "large-" + std::to_string(written - 1)));
}

}  // namespace

TEST_CASE("when a write fails in the middle, writes fail and reads go on") {
  // A limit on the size of files stands for the end of the disk.
  const engines::Sqlite::Place place;
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit unlimited{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &unlimited) == 0);
  const rlimit full{1'600'000, unlimited.rlim_max};
  fill_the_disk(
      place.url(), [&] { REQUIRE(::setrlimit(RLIMIT_FSIZE, &full) == 0); },
      [&] { REQUIRE(::setrlimit(RLIMIT_FSIZE, &unlimited) == 0); });
}

TEST_CASE("when the disk is full writes fail and reads go on") {
  const engines::Folder folder;
  const std::string place = folder.path().string();
  if (::mount("tmpfs", place.c_str(), "tmpfs", 0, "size=2m") != 0) {
    MESSAGE("no right to mount a small disk; the case before this one stands alone");
    return;
  }
  fill_the_disk(
      "sqlite:" + folder.file("chancery.db"), [] {},
      [&] { REQUIRE(::mount("tmpfs", place.c_str(), "tmpfs", MS_REMOUNT, "size=16m") == 0); });
  CHECK(::umount(place.c_str()) == 0);
}

TEST_CASE("a PostgreSQL that takes no writes makes the server not ready, until a write succeeds again") {
  const engines::Postgresql::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(mark(*db, "before"));
  CHECK(db->is_ready());
  place.execute("ALTER SYSTEM SET default_transaction_read_only = on");
  place.execute("SELECT pg_reload_conf()");
  while (mark(*db, "during")) std::this_thread::yield();  // a session takes the setting between two statements
  CHECK(mark(*db, "during").error().code == base::Code::unavailable);
  CHECK_FALSE(db->is_ready());
  CHECK(is_marked(*db, "before"));
  // A transaction that only reads succeeds, and says nothing about writes.
  CHECK(db->write([](store::Tx& tx) { return store::find_mark(tx, "before"); }));
  CHECK_FALSE(db->is_ready());
  place.execute("ALTER SYSTEM RESET default_transaction_read_only");
  place.execute("SELECT pg_reload_conf()");
  SUBCASE("by a write that somebody asks for") {
    while (!mark(*db, "after")) std::this_thread::yield();
    CHECK(db->is_ready());
  }
  SUBCASE("by the probe") {
    wait_until_ready(*db);
  }
  CHECK(mark(*db, "after"));
}

TEST_CASE("a writer whose server takes no more writes looks for one that does") {
  const engines::Postgresql::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(mark(*db, "before"));
  // The setting is only of this session: a new one is not affected.
  CHECK(db->write([](store::Tx& tx) { return store::find_mark(tx, "before"); }));
  place.execute(
      "DO $$BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I SET default_transaction_read_only = off', current_user, "
      "current_database()); END$$");
  place.execute("ALTER SYSTEM SET default_transaction_read_only = on");
  place.execute("SELECT pg_reload_conf()");
  for (int i = 0; i < 50; ++i) CHECK(mark(*db, "after-" + std::to_string(i)));
  place.execute("ALTER SYSTEM RESET default_transaction_read_only");
  place.execute("SELECT pg_reload_conf()");
  place.execute(
      "DO $$BEGIN EXECUTE format('ALTER ROLE %I IN DATABASE %I RESET default_transaction_read_only', current_user, "
      "current_database()); END$$");
}

TEST_CASE("an error of a body alone leaves the server ready, and readiness does not write") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK_FALSE(db->write([](store::Tx&) { return base::Result<void>(base::fail(base::Code::conflict, "no")); }));
  const auto size = std::filesystem::file_size(place.file() + "-wal");
  for (int i = 0; i < 10; ++i) CHECK(db->is_ready());
  CHECK(std::filesystem::file_size(place.file() + "-wal") == size);
}

TEST_CASE("a start whose log cannot be moved into the file, because another program reads, says so") {
  const engines::Sqlite::Place place;
  sqlite3* reader = nullptr;
  {
    const auto db = engines::open_or_fail({.url = place.url()});
    CHECK(mark(*db, "before"));
    REQUIRE(sqlite3_open(place.file().c_str(), &reader) == SQLITE_OK);
    REQUIRE(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM installation_mark", nullptr, nullptr, nullptr) ==
            SQLITE_OK);
    CHECK(mark(*db, "behind the reader"));
  }
  const auto refused = store::Store::open({.url = place.url()}, engines::master_key());
  sqlite3_close(reader);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::unavailable);
  CHECK(refused.error().reason.find("another program reads the database") != std::string::npos);
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(is_marked(*db, "behind the reader"));
}

TEST_CASE("a connection that PostgreSQL ended is made anew, for reads and for writes") {
  const engines::Postgresql::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(mark(*db, "before"));
  CHECK(is_marked(*db, "before"));
  const std::string end_all =
      "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity "
      "WHERE application_name = 'chancery' AND pid <> pg_backend_pid()";
  postgres::execute(place.url(), end_all);
  CHECK(is_marked(*db, "before"));
  CHECK(mark(*db, "after"));
  postgres::execute(place.url(), end_all);
  CHECK(db->is_ready());

  // In the middle of a body: it runs again, and what it did before is not there twice.
  int runs = 0;
  const auto counted = db->write([&](store::Tx& tx) -> base::Result<std::int64_t> {
    ASSIGN_OR_RETURN(const std::int64_t first, store::count_in_window(tx, "key", std::chrono::minutes(1), noon));
    if (++runs == 1) postgres::execute(place.url(), end_all);
    RETURN_IF_ERROR(store::set_mark(tx, "last", "1"));
    return first;
  });
  CHECK(runs == 2);
  CHECK(counted.value() == 1);
  CHECK(is_marked(*db, "last"));

  // In the middle of a read: it may have seen another moment, therefore it does not run again.
  const auto half = db->read([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::find_mark(tx, "before"));
    postgres::execute(place.url(), end_all);
    RETURN_IF_ERROR(store::find_mark(tx, "after"));
    return {};
  });
  CHECK(half.error().code == base::Code::unavailable);
  CHECK(is_marked(*db, "before"));
}

TEST_CASE("a serialisation failure is tried again, and not for ever") {
  const engines::Postgresql::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  place.execute(
      "CREATE FUNCTION stumble() RETURNS trigger LANGUAGE plpgsql AS "
      "$$BEGIN IF nextval('stumbles') < 3 THEN RAISE EXCEPTION 'x' USING ERRCODE = '40001'; END IF; RETURN NEW; END$$; "
      "CREATE SEQUENCE stumbles; "
      "CREATE TRIGGER stumble BEFORE INSERT ON installation_mark FOR EACH ROW EXECUTE FUNCTION stumble()");
  CHECK(mark(*db, "third time"));
  CHECK(is_marked(*db, "third time"));
  place.execute("ALTER SEQUENCE stumbles RESTART WITH 1 INCREMENT BY -1 MINVALUE -1000000");
  const auto done = mark(*db, "never");
  CHECK(done.error().code == base::Code::unavailable);
  CHECK_FALSE(is_marked(*db, "never"));
}

namespace {

// Waits until the store is not ready, without a write; a test that waits in vain is ended by its time limit.
void wait_until_unready(store::Store& db) {
  while (db.is_ready()) std::this_thread::yield();
}

}  // namespace

TEST_CASE("a node that nobody writes to is not ready while PostgreSQL takes no writes, and ready again afterwards") {
  const engines::Postgresql::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(db->is_ready());
  const auto set = [](const char* sql) {
    postgres::execute(postgres::server_place(), sql);
    postgres::execute(postgres::server_place(), "SELECT pg_reload_conf()");
  };
  set("ALTER SYSTEM SET default_transaction_read_only = on");
  wait_until_unready(*db);
  set("ALTER SYSTEM RESET default_transaction_read_only");
  wait_until_ready(*db);
  CHECK(mark(*db, "after"));
}

TEST_CASE("a node that nobody writes to is not ready while the file of its database is gone") {
  const engines::Sqlite::Place place;
  const auto db = engines::open_or_fail({.url = place.url()});
  CHECK(db->is_ready());
  std::filesystem::rename(place.file(), place.file() + ".away");
  wait_until_unready(*db);
  std::filesystem::rename(place.file() + ".away", place.file());
  wait_until_ready(*db);
  CHECK(mark(*db, "after"));
}
