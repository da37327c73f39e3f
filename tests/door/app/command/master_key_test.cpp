// key replace-master as an operator uses it, and what is there when it was killed between two of its steps.
#include <doctest/doctest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "door/app/site.hpp"
#include "door/app_fixture.hpp"
#include "door/raw_client.hpp"
#include "places.hpp"

namespace fs = std::filesystem;

namespace {

using door::has;

struct Clinic : door::Site {
  Clinic() {
    const door::ServerProcess server(config, log);  // the first start makes the key
    REQUIRE(server.is_ready());
    create("jan.nowak");
  }
  [[nodiscard]] std::string key_file() const { return folder / "data/master.key"; }
  [[nodiscard]] std::string next_file() const { return folder / "data/master.key.next"; }
  [[nodiscard]] std::string key() const {
    std::ifstream file(key_file());
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }
  void put(const std::string& path, const std::string& text) const {
    std::ofstream(path) << text;
    fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
  }
  // The server starts, opens what is sealed, and its log is whole.
  void check_all_opens() const {
    {
      const door::ServerProcess server(config, log);
      INFO(log_text());
      REQUIRE(server.is_ready());
      door::Browser browser(server.port());
      CHECK(door::App::log_in(browser, "jan.nowak", "Meadow-Violet-2026").status == 200);
      CHECK(run({"audit", "verify"}).status == 0);
    }
    CHECK(run({"audit", "verify"}).status == 0);
    CHECK_FALSE(has(log_text(), "was altered or removed"));
  }
};

}  // namespace

TEST_CASE("the master key is replaced by a command while no server runs, and the one before opens nothing") {
  const Clinic site;
  const std::string before = site.key();
  {
    const door::ServerProcess server(site.config, site.log);
    REQUIRE(server.is_ready());
    CHECK(site.run({"key", "replace-master"}).status == 1);
    CHECK(site.key() == before);
  }
  const auto replaced = site.run({"key", "replace-master"});
  INFO(replaced.err);
  REQUIRE(replaced.status == 0);
  CHECK(site.key() != before);
  CHECK(site.key().size() == before.size());
  CHECK_FALSE(fs::exists(site.next_file()));
  CHECK((fs::status(site.key_file()).permissions() & fs::perms::group_all) == fs::perms::none);
  site.check_all_opens();
  const std::string after = site.key();
  site.put(site.key_file(), before);
  const auto refused = site.run({"account", "list"});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "the master key is not the one of this database"));
  site.put(site.key_file(), after);
  site.check_all_opens();
}

TEST_CASE("a key that lies where the next one would be is not taken: it opens nothing, and somebody may know it") {
  const Clinic site;
  const std::string before = site.key();
  const std::string planted = std::string(64, '5') + "\n";
  const fs::path unfinished = site.folder / "data/master.key.next.unfinished";
  for (const bool is_open : {false, true}) {
    site.put(site.next_file(), planted);
    site.put(unfinished, planted);
    if (is_open) {
      fs::permissions(site.next_file(), fs::perms::others_read, fs::perm_options::add);
      fs::permissions(unfinished, fs::perms::others_read, fs::perm_options::add);
    }
    site.check_all_opens();  // beside it everything goes on under the key in force
    std::ifstream held(unfinished);
    REQUIRE(site.run({"key", "replace-master"}).status == 0);
    CHECK(site.key() != planted);
    CHECK(site.key() != before);
    CHECK_FALSE(fs::exists(site.next_file()));
    CHECK((fs::status(site.key_file()).permissions() & (fs::perms::group_all | fs::perms::others_all)) ==
          fs::perms::none);
    // Whoever had the file open reads what was in it before, and no key.
    std::stringstream seen;
    seen << held.rdbuf();
    CHECK(seen.str() == planted);
    site.check_all_opens();
  }
}

TEST_CASE("a next key that opens the database is refused while others than its owner can read it") {
  const Clinic site;
  const std::string before = site.key();
  REQUIRE(site.run({"key", "replace-master"}).status == 0);
  const std::string after = site.key();
  site.put(site.next_file(), after);
  site.put(site.key_file(), before);
  fs::permissions(site.next_file(), fs::perms::group_read, fs::perm_options::add);
  const auto refused = site.run({"account", "list"});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "make its mode 0600"));
  CHECK(site.key() == before);
  site.put(site.next_file(), after);
  site.check_all_opens();
  CHECK(site.key() == after);
}

TEST_CASE("a replacement of the master key that is killed anywhere leaves a key that opens everything") {
  const Clinic site;
  SUBCASE("before the transaction: the next key is there, the database has the one before") {
    const std::string before = site.key();
    site.put(site.next_file(), std::string(64, '5') + "\n");
    site.check_all_opens();
    CHECK(site.key() == before);
    REQUIRE(site.run({"key", "replace-master"}).status == 0);
    CHECK(site.key() != before);
  }
  SUBCASE("while the next key is written: its file is no key") {
    site.put(site.next_file(), "55555");
    site.check_all_opens();
    REQUIRE(site.run({"key", "replace-master"}).status == 0);
    CHECK(site.key().size() == 65);
  }
  SUBCASE("after the transaction: the database has the next key, which is not in its place") {
    const std::string before = site.key();
    REQUIRE(site.run({"key", "replace-master"}).status == 0);
    const std::string after = site.key();
    site.put(site.next_file(), after);
    site.put(site.key_file(), before);
    site.check_all_opens();
    CHECK(site.key() == after);
  }
  SUBCASE("at many moments after the next key was written") {
    for (int round = 0; round < 40; ++round) {
      const pid_t command = ::fork();
      if (command == 0) {
        const std::string program = testing::binary_folder + "/chancery";
        ::execl(program.c_str(), program.c_str(), "key", "replace-master", "--config", site.config.c_str(), nullptr);
        ::_exit(127);
      }
      int status = 0;
      bool is_over = false;
      while (!is_over && !fs::exists(site.next_file())) is_over = ::waitpid(command, &status, WNOHANG) == command;
      for (int looks = 0; looks < round * 50 && !is_over; ++looks) {
        is_over = ::waitpid(command, &status, WNOHANG) == command;
      }
      if (!is_over) {
        ::kill(command, SIGKILL);
        ::waitpid(command, &status, 0);
      }
      REQUIRE(site.run({"account", "list"}).status == 0);
    }
  }
  site.check_all_opens();
  REQUIRE(site.run({"key", "replace-master"}).status == 0);
  CHECK_FALSE(fs::exists(site.folder / "data/master.key.next.unfinished"));
  site.check_all_opens();
  CHECK_FALSE(fs::exists(site.next_file()));
}
