// `chancery doctor` and `check-config`: a fault is planted, and the one who runs the command is told what to do.
#include <doctest/doctest.h>
#include <grp.h>
#include <sqlite3.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <regex>
#include <sstream>

#include "door/app/site.hpp"
#include "door/app_fixture.hpp"
#include "door/raw_client.hpp"
#include "places.hpp"
#include "store/postgres.hpp"
#include "unit/remote/loopback_server.hpp"

namespace {

namespace json = boost::json;
using door::config_text;
using door::has;
using door::run_chancery;
using door::Site;

/// A site whose first start made the database and the master key. Nothing answers at the address of its issuer.
struct Installed : Site {
  Installed() {
    std::string text = config_text();
    text.replace(text.find(":8080"), 5, ":1");
    config = folder.write("chancery.toml", text);
    const door::ServerProcess first(config, log);
    REQUIRE(first.is_ready());
  }
};

std::string read_source(const std::string& path) {
  std::ifstream file(testing::source_folder + "/" + path);
  std::stringstream text;
  text << file.rdbuf();
  REQUIRE_FALSE(text.str().empty());
  return text.str();
}

/// Whether the operators' page lists a check: the name of a listener, gateway or token is NAME there.
bool is_documented(const std::string& check) {
  static const std::string page = read_source("docs/operators/doctor.md");
  static const std::regex named("^(certificate|port|sms|token)\\.[^.]+");
  return has(page, "`" + std::regex_replace(check, named, "$1.NAME") + "`");
}

json::object examine(const std::string& config, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"doctor", "--json", "--config", config};
  arguments.insert(arguments.end(), more.begin(), more.end());
  const auto finished = run_chancery(arguments);
  INFO(finished.out << finished.err);
  const json::object report = json::parse(finished.out).as_object();
  CHECK(report.at("healthy").as_bool() == (finished.status == 0));
  for (const json::value& one : report.at("checks").as_array()) {
    const std::string check(one.at("check").as_string());
    CHECK_MESSAGE(is_documented(check), "docs/operators/doctor.md does not name " << check);
  }
  return report;
}

/// "fault", "warning" or "fine": the worst that the report says of a check, "" = nothing. What is not fine has advice.
std::string state_of(const json::object& report, std::string_view check) {
  std::string worst;
  for (const json::value& one : report.at("checks").as_array()) {
    if (one.at("check").as_string() != check) continue;
    const std::string state(one.at("state").as_string());
    if (state != "fine") CHECK_FALSE(one.at("advice").as_string().empty());
    if (worst.empty() || worst == "fine" || state == "fault") worst = state;
  }
  return worst;
}

void change_database(const std::string& file, const std::string& sql) {
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  CHECK(sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  sqlite3_close(database);
}

std::int64_t ask_database(const std::string& file, const std::string& sql) {
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  REQUIRE(sqlite3_open(file.c_str(), &database) == SQLITE_OK);
  REQUIRE(sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK);
  CHECK(sqlite3_step(statement) == SQLITE_ROW);
  const std::int64_t answer = sqlite3_column_int64(statement, 0);
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return answer;
}

bool is_on_one_disk(const std::string& first, const std::string& second) {
  struct stat one {};
  struct stat other {};
  REQUIRE((::stat(first.c_str(), &one) == 0 && ::stat(second.c_str(), &other) == 0));
  return one.st_dev == other.st_dev;
}

/// A certificate of its own for `host` that ends after `days`, with its key, in `folder`.
void make_certificate(const door::Folder& folder, const std::string& host, int days, const std::string& key_options) {
  const std::string key = folder / "key.pem";
  const std::string extensions = folder.write("names.cnf", "subjectAltName=DNS:" + host + "\n");
  const std::string script = "openssl genpkey " + key_options + " -out " + key +
                             " 2>/dev/null && openssl req -new -key " + key + " -subj /CN=" + host +
                             " | openssl x509 -req -key " + key + " -days " + std::to_string(days) + " -extfile " +
                             extensions + " -out " + (folder / "chain.pem") + " 2>/dev/null && chmod 600 " + key;
  REQUIRE(std::system(script.c_str()) == 0);
}

const std::string elliptic = "-algorithm EC -pkeyopt ec_paramgen_curve:P-256";

std::string tls_config(const std::string& more = "") {
  return "issuer = \"https://login.clinic.example\"\ndata_dir = \"data\"\nadministrator = \"help desk\"\n" + more +
         "[metrics]\nlisten = \"127.0.0.1:0\"\n[[listener]]\nname = \"https\"\nport = 0\ntls = true\n"
         "certificate_file = \"chain.pem\"\nkey_file = \"key.pem\"\n";
}

}  // namespace

TEST_CASE("a server that runs is examined from inside, and what is as it should be is said so") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  const json::object report = examine(site.config);
  for (const char* check : {"server.answers", "version.server", "database.ready", "audit.chain", "outbox.moves",
                            "clock.order", "configuration.mistake"}) {
    CAPTURE(check);
    CHECK(state_of(report, check) == "fine");
  }
  // The next key is made within a minute of the first start.
  CHECK(state_of(report, "keys.active") != "fault");
  // Of a demonstration, without administrators and mail.
  CHECK(state_of(report, "configuration.demo") == "warning");
  CHECK(state_of(report, "configuration.mail") == "warning");
  CHECK(state_of(report, "configuration.administrator") == "warning");
  CHECK(state_of(report, "accounts.administrators") == "fault");
  CHECK(state_of(report, "backup.age") == "warning");
}

TEST_CASE("a server without a fault gives status 0, and a warning counts only when one is strict") {
  const Installed site;
  for (const char* login : {"admin", "second"}) {
    const auto made =
        site.run({"account", "create", login, "--given", "A", "--family", "B", "--email",
                  std::string(login) + "@clinic.example", "--context", "super_administrator", "--password-stdin"},
                 "Meadow-Violet-2026\n");
    INFO(made.err);
    REQUIRE(made.status == 0);
  }
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  const json::object report = examine(site.config, {"--quick"});
  CHECK(state_of(report, "accounts.administrators") == "fine");
  CHECK(state_of(report, "audit.chain").empty());
  CHECK(report.at("faults").as_int64() == 0);
  CHECK(report.at("warnings").as_int64() > 0);
  CHECK(site.run({"doctor"}).status == 0);
  CHECK(site.run({"doctor", "--strict"}).status == 1);
  const std::string text = site.run({"doctor"}).out;
  CHECK(has(text, "warning  configuration.demo: demo = true"));
  CHECK(has(text, "0 faults, "));
}

TEST_CASE("without a server and without a database the doctor says what is to be started, and makes nothing") {
  const Site site;
  const json::object report = examine(site.config);
  CHECK(state_of(report, "server.answers") == "warning");
  CHECK(state_of(report, "files.data_dir") == "warning");
  CHECK_FALSE(std::filesystem::exists(site.folder / "data"));
}

TEST_CASE("mistakes of the configuration are faults, all at once") {
  const door::Folder folder;
  const std::string config = folder.write("bad.toml", "issuer = \"ftp://x\"\nhttp.workrs = 3\n");
  const json::object report = examine(config);
  CHECK(report.at("faults").as_int64() >= 2);
  CHECK(state_of(report, "configuration.mistake") == "fault");
}

TEST_CASE("an event that was changed in the database is found") {
  const Installed site;
  site.create("anna");
  change_database(site.folder / "data/chancery.db", "UPDATE audit_event SET type = 'logout' WHERE seq = 1");
  CHECK(state_of(examine(site.config), "audit.chain") == "fault");
}

TEST_CASE("a message that is due and was not tried, and one that was given up, are found") {
  const Installed site;
  REQUIRE(site.run({"account", "create", "jan", "--email", "jan@clinic.example", "--verified", "--password-stdin"},
                   "Meadow-Violet-2026\n")
              .status == 0);
  REQUIRE(site.run({"account", "suspend", "jan"}).status == 0);
  const std::string database = site.folder / "data/chancery.db";
  change_database(database, "UPDATE outbox SET next_at = 1000");
  CHECK(state_of(examine(site.config), "outbox.moves") == "fault");
  change_database(database, "UPDATE outbox SET state = 'failed'");
  CHECK(state_of(examine(site.config), "outbox.failed") == "warning");
}

TEST_CASE("a clock that went back is found by the last event") {
  const Installed site;
  site.create("anna");
  change_database(site.folder / "data/chancery.db", "UPDATE audit_event SET at = at + 864000000");
  CHECK(state_of(examine(site.config), "clock.order") == "fault");
}

TEST_CASE("a master key that is missing, of another database, or open to others is found") {
  const Installed site;
  site.create("anna");
  const std::string key = site.folder / "data/master.key";
  std::filesystem::permissions(key, std::filesystem::perms(0644));
  CHECK(state_of(examine(site.config), "files.open") == "fault");
  std::filesystem::remove(key);
  const json::object missing = examine(site.config);
  CHECK(state_of(missing, "files.master_key") == "fault");
  CHECK(state_of(missing, "database.opens") == "fault");
  (void)site.folder.write("data/master.key", std::string(64, 'a') + "\n");
  std::filesystem::permissions(key, std::filesystem::perms(0600));
  CHECK(state_of(examine(site.config), "database.opens") == "fault");
}

TEST_CASE("a database of a newer program, and one that is none, are found") {
  const Installed site;
  site.create("anna");
  const std::string database = site.folder / "data/chancery.db";
  change_database(database, "UPDATE schema_migration SET oldest_compatible = 9999");
  CHECK(state_of(examine(site.config), "database.opens") == "fault");
  (void)site.folder.write("data/chancery.db", "this is no database, but a text that is long enough to be looked at");
  CHECK(state_of(examine(site.config), "database.opens") == "fault");
}

TEST_CASE("a port that another program has is found before the start") {
  const Site first;
  const door::ServerProcess server(first.config, first.log);
  REQUIRE(server.is_ready());
  const std::string taken = std::to_string(server.port());
  const Site second;
  const std::string config =
      second.folder.write("second.toml",
                          "issuer = \"http://localhost:8080\"\ndemo = true\ndata_dir = \"data\"\n[metrics]\nlisten = "
                          "\"127.0.0.1:0\"\n[[listener]]\nname = \"http\"\nport = " +
                              taken + "\n");
  CHECK(state_of(examine(config), "port.http") == "fault");
}

TEST_CASE("mail and gateways that cannot be reached are found, without a message") {
  const Site site;
  const std::string config = site.folder.write(
      "servers.toml",
      config_text("mail.host = \"127.0.0.1\"\nmail.port = 1\nmail.tls = \"none\"\nmail.from = "
                  "\"login@clinic.example\"\n[[gateway]]\nname = \"first\"\npreset = \"generic\"\nurl = "
                  "\"https://127.0.0.1:1/send\"\n"));
  const json::object report = examine(config);
  CHECK(state_of(report, "mail.server") == "fault");
  CHECK(state_of(report, "sms.first") == "fault");
}

TEST_CASE("a mail server that answers is greeted and gets no message, and the report is still one object of JSON") {
  const Site site;
  std::string commands;
  {
    const remote_test::LoopbackServer mail([&commands](remote_test::Connection& connection) {
      connection.write("220 mail.clinic.example ESMTP\r\n");
      for (std::string line = connection.read_until("\r\n"); !line.empty(); line = connection.read_until("\r\n")) {
        commands += line;
        connection.write(line.starts_with("QUIT") ? "221 bye\r\n" : "250 fine\r\n");
      }
    });
    const std::string config = site.folder.write(
        "mail.toml", config_text("mail.host = \"127.0.0.1\"\nmail.port = " + std::to_string(mail.port()) +
                                 "\nmail.tls = \"none\"\nmail.from = \"login@clinic.example\"\n"));
    CHECK(state_of(examine(config), "mail.server") == "fine");
  }
  CHECK(has(commands, "NOOP"));
  CHECK_FALSE(has(commands, "MAIL"));
}

TEST_CASE("certificates are judged by time, key, name and strength, by the doctor and by check-config alike") {
  const door::Folder folder;
  const std::string config = folder.write("chancery.toml", tls_config());
  std::filesystem::permissions(config, std::filesystem::perms(0600));

  make_certificate(folder, "login.clinic.example", 90, elliptic);
  CHECK(state_of(examine(config), "certificate.https") == "fine");
  CHECK(run_chancery({"check-config", config}).status == 0);

  const auto refuses = [&](const std::string& part) {
    const auto checked = run_chancery({"check-config", config});
    INFO(checked.err);
    return checked.status == 1 && has(checked.err, part);
  };
  make_certificate(folder, "login.clinic.example", -1, elliptic);
  CHECK(state_of(examine(config), "certificate.https") == "fault");
  CHECK(refuses("chain.pem ended on "));

  make_certificate(folder, "login.clinic.example", 10, elliptic);
  CHECK(state_of(examine(config), "certificate.https") == "warning");
  CHECK(run_chancery({"check-config", config}).status == 0);

  make_certificate(folder, "other.example", 90, elliptic);
  CHECK(state_of(examine(config), "certificate.https.name") == "fault");
  CHECK(refuses("does not name login.clinic.example"));

  make_certificate(folder, "login.clinic.example", 90, "-algorithm RSA -pkeyopt rsa_keygen_bits:1024");
  CHECK(refuses("is weak"));  // OpenSSL refuses such a key already, in words of its own
  CHECK(state_of(examine(config), "certificate.https.strength") == "fault");

  make_certificate(folder, "login.clinic.example", 90, elliptic);
  REQUIRE(std::system(("openssl genpkey " + elliptic + " -out " + (folder / "key.pem") + " 2>/dev/null").c_str()) == 0);
  CHECK(state_of(examine(config), "certificate.https") == "fault");
  CHECK(refuses("do not belong together"));

  (void)folder.write("chain.pem", "no certificate\n");
  CHECK(state_of(examine(config), "certificate.https") == "fault");
  std::filesystem::remove(folder / "chain.pem");
  CHECK(state_of(examine(config), "files.missing") == "fault");
}

TEST_CASE("values that are allowed and risky are named with what to do") {
  const door::Folder folder;
  make_certificate(folder, "login.clinic.example", 90, elliptic);
  const std::string config = folder.write(
      "chancery.toml",
      tls_config("http.trusted_proxies = [\"0.0.0.0/0\"]\nhttp.hsts = false\nhttp.risk_plain_proxy_hop = true\n"
                 "log.level = \"debug\"\n") +
          "[[listener]]\nname = \"plain\"\naddress = \"0.0.0.0\"\nport = 0\n");
  json::object report = examine(config);
  CHECK(state_of(report, "configuration.trusted_proxies") == "fault");
  CHECK(state_of(report, "configuration.hsts") == "warning");
  CHECK(state_of(report, "configuration.risk_plain_proxy_hop") == "warning");
  CHECK(state_of(report, "configuration.log") == "warning");
  CHECK(state_of(report, "files.open") == "fault");  // the configuration can be read by others

  report = examine(folder.write("plain.toml",
                                "issuer = \"https://login.clinic.example\"\ndata_dir = \"data\"\n"
                                "metrics.listen = \"0.0.0.0:0\"\n[[listener]]\nname = \"http\"\nport = 0\n"));
  CHECK(state_of(report, "configuration.listeners") == "fault");
  CHECK(state_of(report, "configuration.metrics") == "warning");
  report = examine(folder.write("here.toml", "issuer = \"http://localhost:8080\"\ndata_dir = \"data\"\n"));
  CHECK(state_of(report, "configuration.issuer") == "warning");
}

TEST_CASE("a data folder that others can open, or whose log cannot be written, is found") {
  const Installed site;
  site.create("anna");
  std::filesystem::permissions(site.folder / "data", std::filesystem::perms(0755));
  CHECK(state_of(examine(site.config), "files.data_dir") == "warning");
  const std::string config = site.folder.write("log.toml", config_text("log.file = \"none/server.log\"\n"));
  CHECK(state_of(examine(config), "files.log") == "fault");
  const std::string access = site.folder.write("access.toml", config_text("log.access = \"none/access.log\"\n"));
  CHECK(state_of(examine(access), "files.log") == "fault");
}

TEST_CASE("a folder or a module that the server would miss is found before the start") {
  const Installed site;
  const auto worst = [&](const std::string& setting, const std::string& check) {
    return state_of(examine(site.folder.write("more.toml", config_text(setting))), check);
  };
  CHECK(worst("validation.policies = \"none\"\n", "files.policies") == "fault");
  CHECK(worst("signing.folder = \"chancery.toml/spool\"\n", "files.folder") == "fault");
  std::string text = config_text();
  text += "[[token]]\nname = \"hsm\"\nlabel = \"x\"\nmodule = \"/nowhere/module.so\"\n";
  CHECK(state_of(examine(site.folder.write("token.toml", text)), "files.missing") == "fault");
}

TEST_CASE("limits that let passwords be tried without end are named") {
  const Installed site;
  for (const char* setting : {"lockout.failures = 0\n", "lockout.network_failures = 0\n"}) {
    CHECK(state_of(examine(site.folder.write("weak.toml", config_text(setting))), "configuration.lockout") ==
          "warning");
  }
  CHECK(state_of(examine(site.config), "configuration.lockout").empty());
}

TEST_CASE("the doctor sees with the rights of who owns the data folder, also when root asks") {
  if (::geteuid() != 0) return;  // only root sees more than the server
  constexpr uid_t somebody = 65534;
  const Installed site;
  const std::string data = site.folder / "data";
  const auto give = [&](const std::string& file, uid_t user) { REQUIRE(::chown(file.c_str(), user, user) == 0); };
  give(data, somebody);
  for (const auto& entry : std::filesystem::directory_iterator(data)) give(entry.path().string(), somebody);
  std::filesystem::permissions(site.folder / "", std::filesystem::perms(0755));
  std::filesystem::permissions(site.config, std::filesystem::perms(0644));
  CHECK(state_of(examine(site.config), "files.missing").empty());
  CHECK(state_of(examine(site.config), "files.owner").empty());

  std::filesystem::permissions(site.config, std::filesystem::perms(0600));
  CHECK(state_of(examine(site.config), "files.missing") == "fault");
  CHECK(run_chancery({"check-config", site.config}).status == 1);
  std::filesystem::permissions(site.config, std::filesystem::perms(0644));

  (void)site.folder.write("data/chancery.db-wal", "");
  CHECK(state_of(examine(site.config), "files.owner") == "fault");
  std::filesystem::remove(data + "/chancery.db-wal");

  give(data, 0);
  const json::object report = examine(site.config);
  CHECK(state_of(report, "files.owner") == "fault");
  CHECK(has(json::serialize(report), "chown -R "));
}

TEST_CASE("a group that only the unit of the running server gives counts for what the server can read") {
  if (::geteuid() != 0) return;  // only root sees more than the server
  constexpr uid_t somebody = 65534;
  constexpr gid_t of_unit = 64242;
  const Installed site;
  const std::string data = site.folder / "data";
  REQUIRE(::chown(data.c_str(), somebody, somebody) == 0);
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    REQUIRE(::chown(entry.path().c_str(), somebody, somebody) == 0);
  }
  std::filesystem::permissions(site.folder / "", std::filesystem::perms(0755));
  REQUIRE(::chown(site.config.c_str(), 0, of_unit) == 0);
  std::filesystem::permissions(site.config, std::filesystem::perms(0640));
  CHECK(state_of(examine(site.config), "files.missing") == "fault");

  sockaddr_un place{};
  place.sun_family = AF_UNIX;
  const std::string path = data + "/control.sock";
  const std::string before = path + ".new";  // renamed when it listens
  REQUIRE(before.size() < sizeof(place.sun_path));
  before.copy(place.sun_path, before.size());
  const pid_t server = ::fork();
  REQUIRE(server >= 0);
  if (server == 0) {
    const int listener = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const bool listens = ::setgroups(1, &of_unit) == 0 && ::setgid(somebody) == 0 && ::setuid(somebody) == 0 &&
                         ::bind(listener, reinterpret_cast<const sockaddr*>(&place), sizeof(place)) == 0 &&
                         ::listen(listener, 8) == 0 && ::rename(before.c_str(), path.c_str()) == 0;
    if (listens) ::pause();
    ::_exit(1);
  }
  while (!std::filesystem::exists(path)) REQUIRE(::waitpid(server, nullptr, WNOHANG) == 0);
  CHECK(run_chancery({"check-config", site.config}).status == 0);
  REQUIRE(::kill(server, SIGKILL) == 0);
  REQUIRE(::waitpid(server, nullptr, 0) == server);
  CHECK(run_chancery({"check-config", site.config}).status == 1);
}

TEST_CASE("a certificate that was renewed in its file and not read by the server is found") {
  const std::uint16_t port = door::find_free_port();
  const door::Folder folder;
  std::string text = tls_config();
  text.replace(text.rfind("port = 0"), 8, "port = " + std::to_string(port));
  const std::string config = folder.write("chancery.toml", text);
  std::filesystem::permissions(config, std::filesystem::perms(0600));
  make_certificate(folder, "login.clinic.example", 2, elliptic);
  const door::ServerProcess server(config, folder / "server.log");
  REQUIRE(server.is_ready());
  CHECK(state_of(examine(config), "certificate.https.served") == "fine");
  make_certificate(folder, "login.clinic.example", 90, elliptic);
  const json::object report = examine(config);
  CHECK(state_of(report, "certificate.https") == "fine");
  CHECK(state_of(report, "certificate.https.served") == "fault");
  server.send(SIGHUP);
  for (int i = 0; i < 600 && state_of(examine(config), "certificate.https.served") != "fine"; ++i) {
  }
  CHECK(state_of(examine(config), "certificate.https.served") == "fine");
}

TEST_CASE("a master key that was exchanged under a running server is found before the next start") {
  const Installed site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  CHECK(state_of(examine(site.config), "files.master_key") == "fine");
  (void)site.folder.write("data/master.key", std::string(64, 'a') + "\n");
  const json::object report = examine(site.config);
  CHECK(state_of(report, "files.master_key") == "fault");
  CHECK_FALSE(has(json::serialize(report), std::string(64, 'a')));
}

TEST_CASE("an index that somebody has removed is found, with the statement that makes it again") {
  const Installed site;
  const std::string file = site.folder / "data/chancery.db";
  CHECK(state_of(examine(site.config), "database.indexes").empty());
  change_database(file, "DROP INDEX outbox_due");
  const json::object report = examine(site.config);
  CHECK(state_of(report, "database.indexes") == "fault");
  std::string advice;
  for (const json::value& one : report.at("checks").as_array()) {
    if (one.at("check").as_string() == "database.indexes") advice = std::string(one.at("advice").as_string());
  }
  REQUIRE(has(advice, "CREATE INDEX outbox_due ON "));
  change_database(file, advice.substr(advice.find("CREATE INDEX")));
  CHECK(state_of(examine(site.config), "database.indexes").empty());
}

TEST_CASE("the doctor changes nothing, also where the next start would complete what is missing") {
  const Installed site;
  const std::string file = site.folder / "data/chancery.db";
  change_database(file, "DELETE FROM signing_key WHERE state = 'active'");
  const std::string keys = "SELECT count(*) FROM signing_key WHERE state = 'active'";
  CHECK(state_of(examine(site.config), "keys.active") == "fault");
  CHECK(ask_database(file, keys) == 0);
  {
    const door::ServerProcess server(site.config, site.log);
    REQUIRE(server.is_ready());
  }
  CHECK(ask_database(file, keys) == 2);
}

TEST_CASE("a database that does not open because it is damaged is to be restored, and nothing else is advised") {
  const Installed site;
  const std::string file = site.folder / "data/chancery.db";
  change_database(file, "PRAGMA wal_checkpoint(TRUNCATE)");
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2 / 4096 * 4096);
  const json::object report = examine(site.config);
  CHECK((state_of(report, "database.opens") == "fault" || state_of(report, "database.whole") == "fault"));
  CHECK(has(json::serialize(report), "restore the last backup"));
}

TEST_CASE("a server that runs as root is told so, in its log as well") {
  const Installed site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  const bool is_root = ::geteuid() == 0;
  CHECK(state_of(examine(site.config), "server.user") == (is_root ? "warning" : "fine"));
  CHECK(has(site.log_text(), "the server runs as root") == is_root);
}

TEST_CASE("the address of the issuer must lead to a server of this issuer") {
  const std::uint16_t port = door::find_free_port();
  const auto text_for = [](const std::string& issuer, std::uint16_t listens) {
    std::string text = config_text();
    text.replace(text.find("http://localhost:8080"), 21, issuer);
    text.replace(text.rfind("port = 0"), 8, "port = " + std::to_string(listens));
    return text;
  };
  const std::string issuer = "http://localhost:" + std::to_string(port);
  const Site site;
  const std::string config = site.folder.write("own.toml", text_for(issuer, port));
  const door::ServerProcess server(config, site.log);
  REQUIRE(server.is_ready());
  CHECK(state_of(examine(config), "issuer.reached") == "fine");

  const Site elsewhere;
  const std::string wrong =
      elsewhere.folder.write("wrong.toml", text_for("http://127.0.0.1:" + std::to_string(port), 0));
  const door::ServerProcess other(wrong, elsewhere.log);
  REQUIRE(other.is_ready());
  CHECK(state_of(examine(wrong), "issuer.reached") == "fault");

  const Installed unreached;
  const door::ServerProcess third(unreached.config, unreached.log);
  REQUIRE(third.is_ready());
  CHECK(state_of(examine(unreached.config), "issuer.reached") == "warning");
}

TEST_CASE("a damaged page of the database is found, also one that no request reads") {
  const Installed site;
  site.create("anna");
  CHECK(state_of(examine(site.config), "database.whole") == "fine");
  const std::string file = site.folder / "data/chancery.db";
  change_database(file, "PRAGMA wal_checkpoint(TRUNCATE)");
  // Of a table that has no row, so that the start does not read it.
  const std::int64_t page = ask_database(file, "SELECT rootpage FROM sqlite_master WHERE name = 'trust_anchor'");
  const std::int64_t size = ask_database(file, "PRAGMA page_size");
  REQUIRE(page > 1);
  {
    std::fstream octets(file, std::ios::in | std::ios::out | std::ios::binary);
    octets.seekp((page - 1) * size);
    octets << std::string(static_cast<std::size_t>(size), '\x05');
  }
  CHECK(state_of(examine(site.config), "database.whole") == "fault");
  CHECK(state_of(examine(site.config, {"--quick"}), "database.whole").empty());
}

TEST_CASE("PostgreSQL that may lose what it has acknowledged is found, and an index that is not valid") {
  // The tests' own server runs without fsync and without checksums.
  const std::string place = postgres::make_place();
  const Site site;
  const std::string config =
      site.folder.write("postgres.toml", config_text("database.url = \"" + postgres::url_of(place) + "\"\n"));
  std::filesystem::create_directory(site.folder / "data");
  const std::string key = site.folder.write("data/master.key", std::string(64, '7') + "\n");
  std::filesystem::permissions(key, std::filesystem::perms(0600));
  const door::ServerProcess server(config, site.log);
  REQUIRE(server.is_ready());
  json::object report = examine(config, {"--quick"});
  CHECK(state_of(report, "database.fsync") == (postgres::ask(place, "SHOW fsync") == "off" ? "fault" : ""));
  CHECK(state_of(report, "database.checksums") ==
        (postgres::ask(place, "SHOW data_checksums") == "off" ? "warning" : ""));
  CHECK(state_of(report, "database.full_page_writes") ==
        (postgres::ask(place, "SHOW full_page_writes") == "off" ? "warning" : ""));
  CHECK(state_of(report, "database.indexes").empty());
  CHECK(state_of(report, "backup.age").empty());
  postgres::execute(place,
                    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = (SELECT c.oid FROM pg_class c JOIN "
                    "pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'i' "
                    "ORDER BY c.relname LIMIT 1)");
  report = examine(config, {"--quick"});
  CHECK(state_of(report, "database.indexes") == "fault");
  postgres::execute(place, "DROP INDEX outbox_due");
  CHECK(has(json::serialize(examine(config, {"--quick"})), "CREATE INDEX outbox_due ON "));
}

TEST_CASE("the disks of documents that wait and of the log are examined if they are others than that of the data") {
  const Installed site;
  std::string elsewhere = "/dev/shm/chancery-test-XXXXXX";
  REQUIRE(::mkdtemp(elsewhere.data()) != nullptr);
  const auto examined = [&](const std::string& folder) {
    return examine(site.folder.write(
        "disks.toml", config_text("signing.folder = \"" + folder + "\"\nlog.file = \"" + folder + "/server.log\"\n")));
  };
  const json::object far = examined(elsewhere);
  const json::object near = examined(site.folder / "data");
  std::filesystem::remove_all(elsewhere);
  REQUIRE_FALSE(is_on_one_disk(site.folder / "data", "/dev/shm"));
  for (const char* check : {"disk.spool.space", "disk.log.space"}) {
    CHECK_FALSE(state_of(far, check).empty());
    CHECK(state_of(near, check).empty());
  }
  CHECK_FALSE(state_of(near, "disk.space").empty());
}

TEST_CASE("what the doctor advises are commands that exist") {
  const std::string reference = read_source("docs/operators/commands.md");
  std::string texts = read_source("docs/operators/doctor.md");
  for (const auto& entry : std::filesystem::directory_iterator(testing::source_folder + "/src/app/doctor")) {
    if (entry.path().extension() == ".cpp") texts += read_source("src/app/doctor/" + entry.path().filename().string());
  }
  const std::regex advised("(?:`|say: )chancery ((?:[a-z][a-z-]* ?)+)");
  int named = 0;
  for (std::sregex_iterator at(texts.begin(), texts.end(), advised), end; at != end; ++at) {
    std::string command = at->str(1);
    while (command.ends_with(' ')) command.pop_back();
    CHECK_MESSAGE(has(reference, "### `chancery " + command + "`"), "there is no command: chancery " << command);
    ++named;
  }
  CHECK(named > 10);
}
