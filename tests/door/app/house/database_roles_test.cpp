// The roles of docs/operators/cluster.md on a real PostgreSQL: the page's own statements make them, and the program
// runs with them.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "door/app/site.hpp"
#include "door/app_fixture.hpp"
#include "door/raw_client.hpp"
#include "places.hpp"
#include "store/postgres.hpp"

namespace {

using door::has;

// The names of the page are those of the tests' superuser, so that others are put in their place.
std::string rename(std::string text, const std::string& name) {
  for (std::size_t at = text.find("chancery"); at != std::string::npos; at = text.find("chancery", at + name.size())) {
    text.replace(at, 8, name);
  }
  return text;
}

std::string statements_of_the_page() {
  std::ifstream file(testing::source_folder + "/docs/operators/cluster.md");
  std::stringstream text;
  text << file.rdbuf();
  const std::string page = text.str();
  const auto begin = page.find("```sql\n") + 7;
  return page.substr(begin, page.find("```", begin) - begin);
}

std::string place_of(const std::string& role, const std::string& database) {
  return postgres::server_place() + " user=" + role + " dbname=" + database;
}

void run_each(const std::string& place, const std::string& statements) {
  std::stringstream rest(statements);
  for (std::string one; std::getline(rest, one, ';');) {
    if (one.find_first_not_of(" \n") != std::string::npos) postgres::execute(place, one);
  }
}

// Makes the roles and the database `name` as the page says.
void make_roles(const std::string& name) {
  const std::string script = rename(statements_of_the_page(), name);
  const std::string connect = "\\connect " + name + "\n";
  const auto cut = script.find(connect);
  REQUIRE(cut != std::string::npos);
  run_each(postgres::server_place(), script.substr(0, cut));
  run_each(place_of("chancery", name), script.substr(cut + connect.size()));
}

bool is_refused(const std::string& place, const std::string& sql) {
  try {
    postgres::execute(place, sql);
  } catch (const std::runtime_error& error) {
    INFO(error.what());
    return has(error.what(), "permission denied") || has(error.what(), "must be owner") ||
           has(error.what(), "must be superuser");
  }
  return false;
}

struct Clinic : door::Site {
  explicit Clinic(const std::string& place) {
    config = folder.write("chancery.toml", door::config_text("database.url = \"" + postgres::url_of(place) + "\"\n"));
    std::filesystem::create_directory(folder / "data");
    const std::string key = folder.write("data/master.key", std::string(64, '7') + "\n");
    std::filesystem::permissions(key, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  }
  [[nodiscard]] door::Finished migrate_as(const std::string& place) const {
    ::setenv("CHANCERY_DATABASE_URL", postgres::url_of(place).c_str(), 1);
    auto finished = run({"migrate"});
    ::unsetenv("CHANCERY_DATABASE_URL");
    return finished;
  }
};

}  // namespace

TEST_CASE("the server works with a role that reads and writes rows, and that role can do nothing else") {
  make_roles("clinic");
  const std::string service = place_of("clinic", "clinic");
  const Clinic site(service);
  const auto early = site.run({"account", "list"});
  CHECK(early.status == 1);
  CHECK(has(early.err, "the role of database.url may not change it; run `chancery migrate`"));
  const auto migrated = site.migrate_as(place_of("clinic_schema", "clinic"));
  INFO(migrated.err);
  REQUIRE(migrated.status == 0);

  site.create("jan.nowak");
  {
    const door::ServerProcess server(site.config, site.log);
    INFO(site.log_text());
    REQUIRE(server.is_ready());
    door::Browser browser(server.port());
    CHECK(door::App::log_in(browser, "jan.nowak", "Meadow-Violet-2026").status == 200);
    CHECK(browser.get("/account/activity").status == 200);
    CHECK(browser.get("/readyz").status == 200);
    CHECK_FALSE(has(site.log_text(), "never needs"));
    CHECK_FALSE(has(site.log_text(), "permission denied"));
  }
  CHECK(site.run({"audit", "verify"}).status == 0);

  for (const char* forbidden :
       {"CREATE ROLE intruder", "CREATE DATABASE mine", "CREATE TABLE mine(a int)", "CREATE TABLE public.mine(a int)",
        "CREATE SCHEMA mine", "CREATE TEMPORARY TABLE mine(a int)", "DROP TABLE account",
        "ALTER TABLE account ADD a int", "TRUNCATE audit_event", "CREATE INDEX mine ON account(id)",
        "SELECT * FROM pg_authid", "COPY account TO '/tmp/account'", "COPY account TO PROGRAM 'cat'",
        "SELECT pg_read_file('/etc/passwd')", "ALTER ROLE clinic SUPERUSER", "SET ROLE clinic_schema"}) {
    CAPTURE(forbidden);
    CHECK(is_refused(service, forbidden));
  }
  for (const char* role : {"clinic", "clinic_schema"}) {
    CAPTURE(role);
    CHECK(is_refused(place_of(role, "postgres"), "SELECT 1"));
    CHECK(is_refused(place_of(role, "template1"), "SELECT 1"));
    CHECK(is_refused(place_of(role, "clinic"), "CREATE ROLE intruder"));
    CHECK(is_refused(place_of(role, "clinic"), "CREATE DATABASE mine"));
  }
}

TEST_CASE("a server whose role may do what it never needs starts, and says so in its log") {
  const Clinic superuser(postgres::make_place());
  {
    const door::ServerProcess server(superuser.config, superuser.log);
    REQUIRE(server.is_ready());
  }
  CHECK(has(superuser.log_text(), "\"rights\":\"SUPERUSER\""));

  make_roles("surgery");
  postgres::execute(postgres::server_place(), "ALTER ROLE surgery_schema CREATEROLE CREATEDB");
  postgres::execute(postgres::server_place(), "GRANT pg_read_server_files TO surgery_schema");
  const Clinic site(place_of("surgery_schema", "surgery"));
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  CHECK(has(site.log_text(), "\"rights\":\"CREATEROLE, CREATEDB, pg_read_server_files\""));
}
