// The command line as scripts see it: exit status, sentences, JSON, with and without a running server.
#include <doctest/doctest.h>
#include <sqlite3.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <optional>

#include "door/app/site.hpp"
#include "door/app_fixture.hpp"
#include "door/raw_client.hpp"
#include "places.hpp"
#include "unit/remote/loopback_server.hpp"

namespace {

using door::config_text;
using door::has;
using door::run_chancery;
using door::Site;

void change_database(const std::string& file, const char* sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

}  // namespace

TEST_CASE("every command has help, and a wrong use ends with status 2") {
  const std::vector<std::vector<std::string>> commands{{"serve"},
                                                       {"check-config"},
                                                       {"migrate"},
                                                       {"version"},
                                                       {"account", "create"},
                                                       {"account", "list"},
                                                       {"account", "set-password"},
                                                       {"account", "suspend"},
                                                       {"account", "restore"},
                                                       {"account", "unlock"},
                                                       {"client", "create"},
                                                       {"client", "list"},
                                                       {"group", "create"},
                                                       {"group", "list"},
                                                       {"group", "add"},
                                                       {"group", "remove"},
                                                       {"group", "delete"},
                                                       {"role", "create"},
                                                       {"role", "delete"},
                                                       {"tenant", "create"},
                                                       {"audit", "verify"},
                                                       {"audit", "export"},
                                                       {"tenant", "show"},
                                                       {"tenant", "set"},
                                                       {"tenant", "delete"}};
  for (auto command : commands) {
    INFO(command.back());
    command.emplace_back("--help");
    const auto finished = run_chancery(command);
    CHECK(finished.status == 0);
    CHECK(has(finished.out, "Usage: "));
  }
  CHECK(run_chancery({"--help"}).status == 0);
  CHECK(run_chancery({}).status == 2);
  CHECK(run_chancery({"acount"}).status == 2);
  CHECK(run_chancery({"account", "create"}).status == 2);
  CHECK(run_chancery({"account", "list", "--no-such-option"}).status == 2);
}

TEST_CASE("the program says its name and the project's version") {
  std::ifstream file(testing::source_folder + "/CMakeLists.txt");
  const std::string plan((std::istreambuf_iterator<char>(file)), {});
  const auto begin = plan.find("VERSION ", plan.find("project(chancery")) + 8;
  const std::string expected = "chancery " + plan.substr(begin, plan.find(' ', begin) - begin) + "\n";
  for (const char* word : {"version", "--version"}) {
    INFO(word);
    const auto finished = run_chancery({word});
    CHECK(finished.status == 0);
    CHECK(finished.out == expected);
    CHECK(finished.err.empty());
  }
}

TEST_CASE("the configuration is named before the command or behind it, and both win over the variable") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  const door::Folder elsewhere;
  const std::string none = elsewhere / "none.toml";
  ::setenv("CHANCERY_CONFIG", none.c_str(), 1);
  CHECK(run_chancery({"--config", site.config, "account", "list"}).status == 0);
  CHECK(run_chancery({"account", "list", "--config", site.config}).status == 0);
  const auto refused = run_chancery({"account", "list"});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, none + ": cannot be read"));
  ::setenv("CHANCERY_CONFIG", site.config.c_str(), 1);
  CHECK(run_chancery({"account", "list"}).status == 0);
  CHECK(run_chancery({"check-config"}).status == 0);
  CHECK(has(run_chancery({"--config", none, "account", "list"}).err, none + ": cannot be read"));
  ::unsetenv("CHANCERY_CONFIG");
}

TEST_CASE("check-config prints all mistakes and ends with status 1") {
  const door::Folder folder;
  const std::string good = folder.write("good.toml", config_text());
  CHECK(run_chancery({"check-config", good}).status == 0);
  const std::string bad = folder.write("bad.toml", "issuer = \"ftp://x\"\nhttp.workrs = 3\n");
  const auto finished = run_chancery({"check-config", bad});
  CHECK(finished.status == 1);
  CHECK(has(finished.err, "bad.toml:1: issuer must begin with https://"));
  CHECK(has(finished.err, "bad.toml:2: unknown key \"http.workrs\"; did you mean \"http.workers\"?"));
  CHECK(run_chancery({"check-config", folder / "none.toml"}).status == 1);
  CHECK(run_chancery({"serve", "--config", bad}).status == 1);
}

TEST_CASE("a check of the configuration finds every file that is missing") {
  const door::Folder folder;
  const std::string good = folder.write("ca.pem", "-----BEGIN CERTIFICATE-----\n");
  const std::string config =
      folder.write("chancery.toml",
                   "issuer = \"https://login.clinic.example\"\nremote.ca_file = \"none.pem\"\n"
                   "mail.ca_file = \"ca.pem\"\n[[listener]]\nname = \"https\"\nport = 0\ntls = true\n"
                   "certificate_file = \"server.pem\"\nkey_file = \"server.key\"\n");
  const auto finished = run_chancery({"check-config", config});
  CHECK(finished.status == 1);
  for (const char* part : {"remote.ca_file: the file ", "/none.pem cannot be read: No such file or directory",
                           "certificate_file: the file ", "/server.pem cannot be read", "/server.key cannot be read"}) {
    CAPTURE(part);
    CHECK(has(finished.err, part));
  }
  CHECK_FALSE(has(finished.err, "mail.ca_file"));
}

TEST_CASE("keys that others can read are refused by the check and at the start, an open configuration by the check") {
  using std::filesystem::perms;
  const door::Folder folder;
  const std::string config = folder.write("chancery.toml",
                                          "issuer = \"https://login.clinic.example\"\n"
                                          "data_dir = \"data\"\nhttp.trusted_proxies = [\"127.0.0.1\"]\n"
                                          "[[listener]]\nname = \"http\"\n"
                                          "port = 0\n[metrics]\nlisten = \"127.0.0.1:0\"\n");
  std::filesystem::create_directories(folder / "data");
  const std::string key = folder.write("data/master.key", std::string(64, 'a') + "\n");
  std::filesystem::permissions(config, perms(0640));
  std::filesystem::permissions(key, perms(0600));
  CHECK(run_chancery({"check-config", config}).status == 0);

  std::filesystem::permissions(key, perms(0640));
  const auto checked = run_chancery({"check-config", config});
  CHECK(checked.status == 1);
  CHECK(has(checked.err, "master_key_file: others can read or change the file " + key + "; say: chmod 0600 "));
  const auto started = run_chancery({"serve", "--config", config});
  CHECK(started.status == 1);
  CHECK(has(started.err, "say: chmod 0600 " + key));
  std::filesystem::permissions(key, perms(0600));

  std::filesystem::permissions(config, perms(0644));
  const auto open = run_chancery({"check-config", config});
  CHECK(open.status == 1);
  CHECK(has(open.err, "say: chmod 0640 " + config));
}

TEST_CASE("a first start that fails leaves no key, database or folder behind") {
  const door::Folder folder;
  const std::string config =
      folder.write("chancery.toml",
                   "issuer = \"https://login.clinic.example\"\ndata_dir = \"deep/data\"\n[[listener]]\nname = "
                   "\"https\"\nport = 0\ntls = true\ncertificate_file = \"none.pem\"\nkey_file = \"none.key\"\n");
  const auto failed = run_chancery({"serve", "--config", config});
  CHECK(failed.status == 1);
  CHECK(has(failed.err, "none.pem"));
  CHECK_FALSE(std::filesystem::exists(folder / "deep"));
  // Files that another person has put into the folder stay.
  std::filesystem::create_directories(folder / "deep/data");
  (void)folder.write("deep/data/note.txt", "ours");
  CHECK(run_chancery({"serve", "--config", config}).status == 1);
  CHECK(std::distance(std::filesystem::directory_iterator(folder / "deep/data"), {}) == 1);
}

TEST_CASE("a later start that fails takes nothing away") {
  const Site site;
  {
    door::ServerProcess server(site.config, site.log);
    REQUIRE(server.is_ready());
    site.create("anna");
  }
  const std::string broken =
      site.folder.write("broken.toml", config_text() +
                                           "[[listener]]\nname = \"https\"\nport = 0\ntls = true\ncertificate_file = "
                                           "\"none.pem\"\nkey_file = \"none.key\"\n");
  CHECK(run_chancery({"serve", "--config", broken}).status == 1);
  CHECK(has(site.run({"account", "list"}).out, "anna"));
}

TEST_CASE("the command line finds accounts by the beginnings of their words, and lists all without a search") {
  const Site site;
  door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  const auto create = [&](const char* login, const char* given, const char* family) {
    const auto made = site.run({"account", "create", login, "--given", given, "--family", family, "--email",
                                std::string(login) + "@clinic.example", "--no-password"});
    INFO(made.err);
    REQUIRE(made.status == 0);
  };
  create("mwb", "Małgorzata", "Żak");
  create("ewa", "Ewa", "Nowak");
  CHECK(has(site.run({"account", "list"}).out, "ewa"));
  const auto found = site.run({"account", "list", "--search", "zak malg"});
  CHECK(found.status == 0);
  CHECK(has(found.out, "Małgorzata Żak"));
  CHECK_FALSE(has(found.out, "ewa"));
  CHECK(site.run({"account", "list", "--search", "algorzata", "--json"}).out == "[]\n");
}

TEST_CASE("a password is never taken from the arguments") {
  const Site site;
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"account", "create", "anna", "--password", "x"},
        {"account", "set-password", "anna", "--password=x"}}) {
    const auto finished = site.run(command);
    CHECK(finished.status == 2);
    CHECK(has(finished.err, "use --password-stdin"));
  }
  const auto prompt = site.run({"account", "create", "anna"});
  CHECK(prompt.status == 2);
  CHECK(has(prompt.err, "--password-stdin"));
}

TEST_CASE("commands do the same through a running server and without one") {
  const Site site;
  CHECK(site.run({"account", "list"}).status == 1);  // nothing is there before the first start
  for (const bool running : {true, false}) {
    INFO(running);
    std::optional<door::ServerProcess> server;
    if (running) {
      server.emplace(site.config, site.log);
      INFO(site.log_text());
      REQUIRE(server->is_ready());
    }
    const std::string login = running ? "anna.kowalska" : "jan.nowak";
    site.create(login);
    const auto again = site.run({"account", "create", login, "--password-stdin"}, "Meadow-Violet-2026\n");
    CHECK(again.status == 1);
    CHECK(has(again.err, "chancery: "));
    CHECK(site.run({"account", "create", login, "--password-stdin", "--if-missing"}, "Meadow-Violet-2026\n").status ==
          0);
    CHECK(site.read({"account", "list"}).as_array().size() == (running ? 1U : 2U));
    CHECK(has(site.run({"account", "list"}).out, login));

    for (const char* verb : {"suspend", "restore", "unlock", "set-main", "unset-main"})
      CHECK(site.run({"account", verb, login}).status == 0);
    CHECK(site.run({"account", "set-password", login, "--password-stdin"}, "River-Copper-2026\n").status == 0);
    CHECK(site.run({"account", "free", login, "email"}).status == 0);
    const auto only_login = site.run({"account", "free", login, "login"});
    CHECK(only_login.status == 1);
    CHECK(has(only_login.err, "nothing else is left to log in with"));
    CHECK(site.run({"account", "free", login, "login", "--new-login", login + ".2"}).status == 0);
    CHECK(site.run({"account", "free", login + ".2", "login", "--new-login", login}).status == 0);
    const auto unknown = site.run({"account", "suspend", "nobody"});
    CHECK(unknown.status == 1);
    CHECK(has(unknown.err, "nobody"));

    const std::string client = running ? "portal" : "laboratory";
    const auto made = site.read({"client", "create", client, "--redirect-uri", "http://localhost:9/callback"});
    CHECK(made.at("client_secret").as_string().size() >= 40);
    CHECK(site.run({"client", "create", client + "2", "--redirect-uri", "http://example.org/callback"}).status == 1);
    CHECK(site.read({"client", "list"}).as_array().size() == (running ? 1U : 2U));

    const auto verified = site.read({"audit", "verify"});
    CHECK(verified.at("intact").as_bool());
    CHECK(site.run({"audit", "verify", "--anchor", std::string(verified.at("anchor").as_string())}).status == 0);
    const auto exported = site.run({"audit", "export"});
    CHECK(exported.status == 0);
    CHECK(std::count(exported.out.begin(), exported.out.end(), '\n') == verified.at("events").as_int64());
    if (server) {
      server->send(SIGTERM);
      CHECK(server->wait() == 0);
    }
  }
}

TEST_CASE("groups are made, filled and listed on the command line, with and without a running server") {
  const Site site;
  for (const bool running : {true, false}) {
    INFO(running);
    std::optional<door::ServerProcess> server;
    if (running) {
      server.emplace(site.config, site.log);
      REQUIRE(server->is_ready());
      site.create("anna.kowalska");
    }
    const std::string group = running ? "Nurses" : "Night shift";
    CHECK(site.run({"group", "create", group}).status == 0);
    const auto again = site.run({"group", "create", group});
    CHECK(again.status == 1);
    CHECK(has(again.err, "exists"));
    CHECK(site.run({"group", "create", "all"}).status == 1);
    CHECK(site.run({"group", "create"}).status == 2);
    CHECK(site.run({"group", "add", group, "anna.kowalska"}).status == 0);
    CHECK(has(site.run({"group", "add", group, "anna.kowalska"}).out, "was already in"));
    CHECK(site.run({"group", "show", group, "--no-header"}).out == "anna.kowalska\n");
    CHECK(has(site.run({"group", "add", group, "nobody"}).err, "nobody"));
    CHECK(has(site.run({"group", "add", "porters", "anna.kowalska"}).err, "porters"));
    const auto listed = site.read({"group", "list"});
    const auto& first = listed.as_array().front();
    CHECK(first.at("name").as_string() == (running ? "Nurses" : "Night shift"));
    CHECK(first.at("members").as_int64() == 1);
    CHECK(site.run({"policy", "set", "ward", "--preset", "classic"}).status == 0);
    CHECK(site.run({"policy", "bind", "ward", "--group", group}).status == 0);
    if (!running) CHECK(site.run({"group", "remove", group, "anna.kowalska"}).status == 0);
  }
  CHECK(site.read({"group", "list"}).as_array().front().at("members").as_int64() == 0);
  CHECK(site.run({"audit", "verify"}).status == 0);
  const std::string events = site.run({"audit", "export"}).out;
  CHECK(has(events, "group_create"));
  CHECK(has(events, "group_change"));
}

TEST_CASE("the sessions of an account are listed and ended on the command line, one or all") {
  const Site site;
  door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna.kowalska");
  std::array<door::Browser, 3> browsers{door::Browser(server.port()), door::Browser(server.port()),
                                        door::Browser(server.port())};
  for (auto& browser : browsers) door::App::log_in(browser, "anna.kowalska", "Meadow-Violet-2026");
  const auto list = [&] { return site.read({"account", "sessions", "list", "anna.kowalska"}).as_array(); };
  const auto open = [&] {
    return std::count_if(browsers.begin(), browsers.end(),
                         [](door::Browser& browser) { return browser.get("/account").status == 200; });
  };
  REQUIRE(list().size() == 3);
  CHECK(open() == 3);
  CHECK(list().front().at("ip").as_string() == "127.0.0.1");
  const std::string id(list().front().at("id").as_string());
  CHECK(has(site.run({"account", "sessions", "list", "anna.kowalska"}).out, id + "\t"));

  CHECK(site.run({"account", "sessions", "end", "anna.kowalska"}).status == 2);
  CHECK(site.run({"account", "sessions", "end", "anna.kowalska", "--all", "--session", id}).status == 2);
  CHECK(site.run({"account", "sessions", "end", "anna.kowalska", "--session", "no-id"}).status == 1);
  site.create("jan.nowak");
  CHECK(site.run({"account", "sessions", "end", "jan.nowak", "--session", id}).status == 1);
  CHECK(open() == 3);

  CHECK(site.run({"account", "sessions", "end", "anna.kowalska", "--session", id}).out ==
        "session " + id + " of account anna.kowalska has ended\n");
  CHECK(list().size() == 2);
  CHECK(open() == 2);
  CHECK(site.run({"account", "sessions", "end", "anna.kowalska", "--session", id}).status == 1);
  CHECK(site.run({"account", "sessions", "end", "anna.kowalska", "--all"}).status == 0);
  CHECK(list().empty());
  CHECK(open() == 0);
  CHECK(site.run({"account", "sessions", "list", "nobody"}).status == 1);
  CHECK(has(site.run({"audit", "export"}).out, "ended_by_administrator"));
}

TEST_CASE("the control socket is for its owner alone, and the way to it exists on no other listener") {
  const Site site;
  door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  struct stat status {};
  REQUIRE(::stat((site.folder / "data/control.sock").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  CHECK(::stat((site.folder / "data/master.key").c_str(), &status) == 0);
  CHECK((status.st_mode & 0777U) == 0600U);
  door::Browser browser(server.port());
  CHECK(browser
            .request("POST", "/control", {{"Content-Type", "application/json"}},
                     R"({"argv":["account","list"],"stdin":""})")
            .status == 404);
}

TEST_CASE("a second server on the same data says who has it, and the first goes on") {
  const Site site;
  door::ServerProcess first(site.config, site.log);
  REQUIRE(first.is_ready());
  const auto second = run_chancery({"serve", "--config", site.config});
  CHECK(second.status == 1);
  CHECK(has(second.err, "chancery: "));
  CHECK(door::Browser(first.port()).get("/healthz").status == 200);
  CHECK(site.run({"account", "list"}).status == 0);
}

TEST_CASE("a port in use is said with its address, and the server ends with status 1") {
  const Site site;
  door::ServerProcess first(site.config, site.log);
  REQUIRE(first.is_ready());
  const door::Folder other;
  const std::string port = std::to_string(first.port());
  const std::string config = other.write(
      "chancery.toml",
      "issuer = \"http://localhost:8080\"\ndata_dir = \"data\"\n[[listener]]\nname = \"http\"\nport = " + port + "\n");
  const auto second = run_chancery({"serve", "--config", config});
  CHECK(second.status == 1);
  CHECK(has(second.err, port));
}

TEST_CASE("a wrong or lost master key stops the start, and the key is not replaced") {
  const Site site;
  {
    door::ServerProcess server(site.config, site.log);
    REQUIRE(server.is_ready());
  }
  const std::string key = site.folder / "data/master.key";
  std::filesystem::rename(key, key + ".kept");
  const auto lost = site.run({"serve"});
  CHECK(lost.status == 1);
  CHECK(has(lost.err, "does not exist, but the database"));
  CHECK_FALSE(std::filesystem::exists(key));
  site.folder.write("data/master.key", std::string(64, 'a') + "\n");
  std::filesystem::permissions(key, std::filesystem::perms(0600));
  const auto wrong = site.run({"serve"});
  CHECK(wrong.status == 1);
  CHECK(has(wrong.err, "master key"));
  CHECK(site.run({"account", "list"}).status == 1);
  std::filesystem::rename(key + ".kept", key);
  CHECK(site.run({"account", "list"}).status == 0);
}

TEST_CASE("a database of a demonstration is not opened without demo = true") {
  const Site site;
  {
    door::ServerProcess server(site.config, site.log);
    REQUIRE(server.is_ready());
  }
  const std::string strict = site.folder.write(
      "strict.toml",
      "issuer = \"https://login.example.org\"\ndata_dir = \"data\"\n[[listener]]\nname = \"http\"\nport = 0\n");
  const auto refused = run_chancery({"serve", "--config", strict});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "demonstration"));
}

TEST_CASE("a newer database, and a file that is none of ours, are refused with a sentence and left as they are") {
  const Site site;
  {
    door::ServerProcess server(site.config, site.log);
    REQUIRE(server.is_ready());
  }
  const std::string file = site.folder / "data/chancery.db";
  SUBCASE("newer") {
    change_database(file, "UPDATE schema_migration SET oldest_compatible = 9999");
  }
  SUBCASE("foreign") {
    std::filesystem::remove(file);
    std::filesystem::remove(file + "-wal");
    change_database(file, "CREATE TABLE harbour (name TEXT); INSERT INTO harbour VALUES ('Lantern')");
  }
  SUBCASE("not a database") {
    std::filesystem::remove(file + "-wal");
    std::ofstream(file, std::ios::trunc) << std::string(8192, 'x');
  }
  const auto refused = site.run({"serve"});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "chancery: "));
  CHECK(std::count(refused.err.begin(), refused.err.end(), '\n') <= 3);
}

TEST_CASE("after kill -9 and a new start no acknowledged change is missing") {
  const Site site;
  std::vector<std::string> acknowledged;
  for (int round = 0; round < 3; ++round) {
    door::ServerProcess server(site.config, site.log);
    INFO(site.log_text());
    REQUIRE(server.is_ready());
    for (int i = 0; i < 3; ++i) {
      const std::string login = "person" + std::to_string(round) + "." + std::to_string(i);
      site.create(login);
      acknowledged.push_back(login);
    }
    server.send(SIGKILL);
    CHECK(server.wait() == 128 + SIGKILL);
  }
  const std::string listed = site.run({"account", "list"}).out;
  for (const auto& login : acknowledged) CHECK(has(listed, login));
  CHECK(site.run({"audit", "verify"}).status == 0);
}

TEST_CASE("SIGHUP opens the log again under its name") {
  const Site site;
  const std::string file = site.folder / "chancery.log";
  const std::string config = site.folder.write("logging.toml", config_text("log.file = \"chancery.log\"\n"));
  door::ServerProcess server(config, site.log);
  REQUIRE(server.is_ready());
  std::filesystem::rename(file, file + ".1");
  server.send(SIGHUP);
  server.send(SIGTERM);
  CHECK(server.wait() == 0);
  CHECK(std::filesystem::exists(file));
}

TEST_CASE("a terminated server finishes cleanly, and its socket is gone") {
  const Site site;
  door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  CHECK(door::Browser(server.port()).get("/healthz").status == 200);
  server.send(SIGINT);
  CHECK(server.wait() == 0);
  CHECK_FALSE(std::filesystem::exists(site.folder / "data/control.sock"));
}

TEST_CASE("a test message names the installation like every other message, beside the running server and without it") {
  std::string text;
  remote_test::LoopbackServer gateway([&](remote_test::Connection& connection) {
    text = connection.read_http_request();
    connection.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOK");
  });
  Site site;
  site.config = site.folder.write(
      "chancery.toml",
      config_text("sms.url = \"" + gateway.url("/send") + "\"\nsms.id = \"clinic\"\nsms.password = \"x\"\n" +
                  "remote.loopback_http = [\"" + gateway.place() + "\"]\nmail.from_name = \"Mailer\"\n"));
  const auto name_in_message = [&](const char* name) {
    text.clear();
    const auto sent = site.run({"sms", "test", "--to", "+48600123456"});
    INFO(sent.err);
    CHECK(sent.status == 0);
    INFO(text);
    return has(text, name) && !has(text, "Mailer");
  };
  CHECK(name_in_message("Chancery"));  // there is no database yet
  {
    const door::ServerProcess server(site.config, site.log);
    REQUIRE(server.is_ready());
    REQUIRE(site.run({"tenant", "set", "--name", "Lindenhof"}).status == 0);
    CHECK(name_in_message("Lindenhof"));
  }
  CHECK(name_in_message("Lindenhof"));
}
