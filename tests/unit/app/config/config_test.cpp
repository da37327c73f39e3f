#include "app/config/config.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "app/config/config_table.hpp"
#include "places.hpp"

namespace {

app::ConfigReading read(const std::string& text, const app::Environment& environment = {}) {
  return app::parse_config(text, "chancery.toml", "/etc/chancery", environment);
}

bool complains(const app::ConfigReading& reading, std::string_view where, std::string_view what) {
  return std::any_of(reading.mistakes.begin(), reading.mistakes.end(), [&](const app::Mistake& mistake) {
    return mistake.where == where && mistake.what.find(what) != std::string::npos;
  });
}

std::string all_of(const app::ConfigReading& reading) {
  std::string all;
  for (const auto& mistake : reading.mistakes) all += mistake.to_text() + "\n";
  return all;
}

const std::string good = "issuer = \"https://login.example.org\"\n";

}  // namespace

TEST_CASE("an issuer is all that a configuration needs") {
  const auto reading = read(good);
  INFO(all_of(reading));
  REQUIRE(reading.mistakes.empty());
  const auto& config = reading.config;
  CHECK(config.store.url == "sqlite:/var/lib/chancery/chancery.db");
  CHECK(config.master_key_file == "/var/lib/chancery/master.key");
  REQUIRE(config.server.listeners.size() == 1);
  CHECK(config.server.listeners[0].port == 8080);
  CHECK(config.settings.password_hash.memory_kib == 19456);
  CHECK(config.settings.session.idle == std::chrono::minutes(15));
}

TEST_CASE("all mistakes of a configuration are reported at once, each with its line") {
  const auto reading = read(
      "issuer = \"https://login.example.org/\"\n"  // 1
      "demmo = true\n"                             // 2
      "[http]\n"                                   // 3
      "workers = 0\n"                              // 4
      "io_threads = \"two\"\n"                     // 5
      "idle_timeout = \"quick\"\n"                 // 6
      "[session]\n"                                // 7
      "idle = \"15 minutes\"\n"                    // 8
      "[log]\n"                                    // 9
      "level = \"loud\"\n"                         // 10
      "[[listener]]\n"                             // 11
      "name = \"https\"\n"                         // 12
      "tls = true\n"                               // 13
      "prot = 443\n");                             // 14
  INFO(all_of(reading));
  CHECK(complains(reading, "chancery.toml:1", "must not end with a slash"));
  CHECK(complains(reading, "chancery.toml:2", "unknown key \"demmo\"; did you mean \"demo\"?"));
  CHECK(complains(reading, "chancery.toml:4", "http.workers is 0, but must be at least 1"));
  CHECK(complains(reading, "chancery.toml:5", "http.io_threads must be an integer without quotes"));
  CHECK(complains(reading, "chancery.toml:6", "must be a duration"));
  CHECK(complains(reading, "chancery.toml:8", "must be a duration"));
  CHECK(complains(reading, "chancery.toml:10", "must be one of debug|info|warning|error"));
  CHECK(complains(reading, "chancery.toml:11", "tls = true needs certificate_file and key_file"));
  CHECK(complains(reading, "chancery.toml:14", "did you mean \"listener.port\"?"));
  CHECK(reading.mistakes.size() == 9);
}

TEST_CASE("a key that is far from every known one gets no suggestion") {
  CHECK(complains(read(good + "quarterdeck_lantern = 1\n"), "chancery.toml:2", "unknown key \"quarterdeck_lantern\""));
  CHECK(app::find_nearest("quarterdeck_lantern", {"issuer", "demo"}).empty());
  CHECK(app::find_nearest("http.worker", {"http.workers", "http.queue"}) == "http.workers");
}

TEST_CASE("a text that is not TOML says where it stops being so") {
  const auto reading = read("issuer = \"https://login.example.org\"\n[http\nworkers = 4\n");
  REQUIRE(reading.mistakes.size() == 1);
  CHECK(reading.mistakes[0].where == "chancery.toml:2");
}

TEST_CASE("environment variables count before the file, and are held to the same limits") {
  const auto reading =
      read(good + "[http]\nworkers = 3\n",
           {{"CHANCERY_HTTP_WORKERS", "8"}, {"CHANCERY_HTTP_TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16"}});
  INFO(all_of(reading));
  REQUIRE(reading.mistakes.empty());
  CHECK(reading.config.server.work.threads == 8);
  CHECK(reading.config.server.trusted_proxies == std::vector<std::string>{"10.0.0.1", "10.1.0.0/16"});
  CHECK(complains(read(good, {{"CHANCERY_HTTP_WORKERS", "many"}}), "CHANCERY_HTTP_WORKERS", "must be an integer"));
  CHECK(complains(read(good, {{"CHANCERY_HTTP_WORKERS", "100000"}}), "CHANCERY_HTTP_WORKERS", "at most 256"));
  // Container platforms set variables of this kind themselves, so that they are reported and not refused.
  const auto foreign = read(good, {{"CHANCERY_ISUER", "x"}, {"CHANCERY_PORT_443_TCP", "tcp://10.0.0.1:443"}});
  CHECK(foreign.mistakes.empty());
  REQUIRE(foreign.warnings.size() == 2);
  CHECK(foreign.warnings[0].what.find("CHANCERY_ISSUER") != std::string::npos);
}

TEST_CASE("password hashing weaker than OWASP's least is accepted in a demonstration only") {
  const std::string weak = "[password]\nmemory_kib = 8\npasses = 1\n";
  const auto refused = read(good + weak);
  CHECK(complains(refused, "chancery.toml:3", "at least 19456 unless demo = true"));
  CHECK(complains(refused, "chancery.toml:4", "at least 2 unless demo = true"));
  const auto accepted = read(good + "demo = true\n" + weak);
  INFO(all_of(accepted));
  CHECK(accepted.mistakes.empty());
  CHECK(accepted.config.settings.password_hash.memory_kib == 8);
}

TEST_CASE("the issuer is https, or a loopback host, or a demonstration") {
  const auto flaws = [](const std::string& issuer, const std::string& rest = "") {
    return read("issuer = \"" + issuer + "\"\n" + rest).mistakes.size();
  };
  for (const char* fine : {"https://login.example.org", "https://login.example.org:8443", "http://localhost:8080",
                           "http://127.0.0.1:8080", "http://[::1]:8080"}) {
    INFO(fine);
    CHECK(flaws(fine) == 0);
  }
  for (const char* bad :
       {"http://login.example.org", "https://login.example.org/", "https://login.example.org/realm",
        "https://login.example.org?x", "https://", "https://Login.example.org", "https://user@login.example.org",
        "login.example.org", "https://login.example.org:", "https://login.example.org:99999"}) {
    INFO(bad);
    CHECK(flaws(bad) == 1);
  }
  CHECK(flaws("http://clinic.test:8080", "demo = true\n") == 0);
  CHECK(complains(read(""), "chancery.toml", "the key \"issuer\" is missing"));
}

TEST_CASE("a listener that would carry passwords in clear text to others is refused") {
  const std::string open = "[[listener]]\nname = \"http\"\naddress = \"0.0.0.0\"\n";
  CHECK_FALSE(read(good + open).mistakes.empty());
  CHECK(read(good + "demo = true\n" + open).mistakes.empty());
}

TEST_CASE("a listener of the connector asks and never demands, and without TLS it is the one for the directory") {
  const std::string files = "tls = true\ncertificate_file = \"c.pem\"\nkey_file = \"k.pem\"\n";
  const auto listener = [&](const std::string& more) {
    return read(good + "[[listener]]\nname = \"connector\"\n" + more);
  };
  const auto is_refused = [](const app::ConfigReading& reading, const char* words) {
    return std::any_of(reading.mistakes.begin(), reading.mistakes.end(),
                       [&](const auto& one) { return one.what.find(words) != std::string::npos; });
  };
  CHECK(is_refused(listener("role = \"connector\"\n"), "needs tls = true"));
  CHECK(is_refused(listener("role = \"certificate\"\n"), "needs tls = true"));
  CHECK(is_refused(listener("role = \"connector\"\nclient_certificate = \"required\"\n" + files),
                   "asks and never demands"));
  CHECK(is_refused(listener("role = \"connector_plain\"\n" + files), "listener without TLS"));
  CHECK(is_refused(listener("role = \"magic\"\n"), "role"));
  CHECK(is_refused(listener("role = \"connector\"\ncertificate_hosts = [\"a\"]\n" + files), "every connection"));
  CHECK(is_refused(listener("certificate_hosts = [\"a\"]\n" + files), "client_certificate"));
  CHECK(is_refused(listener("role = \"certificate\"\ncertificate_hosts = [\"A b\"]\n" + files), "not a host name"));
  CHECK(listener("role = \"connector\"\n" + files).mistakes.empty());
  CHECK(listener("role = \"certificate\"\ncertificate_hosts = [\"cert.example.org\"]\n" + files).mistakes.empty());
  // It takes no password and no cookie, so that it may be open to others.
  CHECK(listener("role = \"connector_plain\"\naddress = \"::\"\n").mistakes.empty());
}

TEST_CASE("the way from a proxy on another host needs TLS, or a setting that says the risk") {
  const std::string open = "[[listener]]\nname = \"http\"\naddress = \"0.0.0.0\"\n";
  const std::string proxy = "http.trusted_proxies = [\"10.0.0.1\"]\n";
  const std::string risk = "http.risk_plain_proxy_hop = true\n";
  CHECK(complains(read(good + proxy + open), "chancery.toml", "http.risk_plain_proxy_hop"));
  CHECK(complains(read(good + risk + open), "chancery.toml", "http.trusted_proxies"));
  CHECK(read(good + proxy + risk + open).mistakes.empty());
  CHECK(read(good + proxy + "[[listener]]\nname = \"http\"\naddress = \"127.0.0.1\"\n").mistakes.empty());
}

TEST_CASE("a database on another host is asked who it is, or a setting says the risk") {
  const auto is_refused = [](const std::string& url, const std::string& more = "") {
    return complains(read(good + "database.url = \"" + url + "\"\n" + more), "chancery.toml:2", "verify-full");
  };
  for (const char* bad :
       {"postgresql://chancery@db.example.org/chancery", "postgresql://db.example.org/x?sslmode=require",
        "postgresql://db.example.org/x?sslmode=verify-ca", "postgresql:///x?host=10.0.0.5",
        "postgresql://localhost,db.example.org/x", "postgresql://localhost/x?hostaddr=10.0.0.5",
        "postgresql:///x?service=main", "postgres://localhost.example.org/x"}) {
    INFO(bad);
    CHECK(is_refused(bad));
    CHECK(read(good + "database.url = \"" + bad + "\"\ndatabase.risk_unverified_server = true\n").mistakes.empty());
  }
  const std::string old = "postgresql://db.example.org/x?sslmode=verify-full&ssl_min_protocol_version=TLSv1.1";
  CHECK(complains(read(good + "database.url = \"" + old + "\"\n"), "chancery.toml:2", "TLS older than 1.2"));
  for (const char* fine : {"postgresql://db.example.org/x?sslmode=verify-full", "postgresql://localhost/x",
                           "postgresql://127.0.0.1:5433/x", "postgresql://[::1]/x",
                           "postgresql:///x?host=/run/postgresql", "postgresql://localhost,127.0.0.1/x"}) {
    INFO(fine);
    CHECK(read(good + "database.url = \"" + fine + "\"\n").mistakes.empty());
  }
}

TEST_CASE("rules between keys: session times, listener names, loopback addresses, database") {
  CHECK(complains(read(good + "session.idle = \"13h\"\n"), "chancery.toml:2",
                  "must not be longer than session.absolute"));
  CHECK(complains(read(good + "session.idle = \"1m\"\n"), "chancery.toml", "session.warning must be shorter"));
  CHECK(complains(read(good + "country = \"pl\"\n"), "chancery.toml:2", "two capital letters"));
  CHECK_FALSE(read(good + "[[listener]]\nname = \"a\"\n[[listener]]\nname = \"a\"\nport = 1\n").mistakes.empty());
  CHECK_FALSE(read(good + "[[listener]]\nname = \"control\"\n").mistakes.empty());
  CHECK_FALSE(read(good + "[[listener]]\nport = 1\n").mistakes.empty());
  CHECK(
      read(good + "remote.loopback_http = [\"localhost:8090\", \"127.0.0.1:8091\", \"[::1]:80\"]\n").mistakes.empty());
  for (const char* bad : {"10.0.0.1:80", "localhost", "127.0.0.1.example.org:80", "localhost:0"}) {
    INFO(bad);
    CHECK_FALSE(read(good + "remote.loopback_http = [\"" + std::string(bad) + "\"]\n").mistakes.empty());
  }
  CHECK_FALSE(read(good + "database.url = \"mysql://x\"\n").mistakes.empty());
  CHECK(read(good + "database.url = \"sqlite:own.db\"\n").config.store.url == "sqlite:/etc/chancery/own.db");
}

TEST_CASE("figures are served on one address, on this machine unless another is named, or nowhere") {
  CHECK(read(good).config.metrics_listen == "127.0.0.1:9464");
  for (const char* fine : {"", "127.0.0.1:0", "10.1.2.3:9464", "[::1]:9464", "0.0.0.0:65535"}) {
    INFO(fine);
    CHECK(read(good + "metrics.listen = \"" + fine + "\"\n").mistakes.empty());
  }
  for (const char* bad : {"9464", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "localhost:9464",
                          ":9464", "::1:9464", "[127.0.0.1]:9464", "/run/figures"}) {
    INFO(bad);
    CHECK(complains(read(good + "metrics.listen = \"" + bad + "\"\n"), "chancery.toml:2",
                    "is no IP address with a port"));
  }
  CHECK_FALSE(read(good + "[[listener]]\nname = \"metrics\"\n").mistakes.empty());
  CHECK_FALSE(read(good + "http.metrics = true\n").mistakes.empty());
}

TEST_CASE("durations and sizes are read in their units and nothing else") {
  const app::Row duration{.key = "x", .type = app::ValueType::duration};
  CHECK(app::convert(duration, "1h30m")->number == 5'400'000);
  CHECK(app::convert(duration, "500ms")->number == 500);
  CHECK(app::convert(duration, "7d")->number == 604'800'000);
  for (const char* bad : {"", "15", "m", "-5m", "15 m", "15M", "1.5h", "99999999999999999999s"})
    CHECK_FALSE(app::convert(duration, bad));
  const app::Row size{.key = "x", .type = app::ValueType::size};
  CHECK(app::convert(size, "16KiB")->number == 16384);
  CHECK(app::convert(size, "65536")->number == 65536);
  for (const char* bad : {"", "16KB", "16 KiB", "-1"}) CHECK_FALSE(app::convert(size, bad));
  CHECK(app::duration_text(5'400'000) == "90m");
  CHECK(app::size_text(16384) == "16KiB");
}

TEST_CASE("every row of the table has a sentence, a default within its limits and a variable of its own") {
  std::set<std::string> names;
  for (const app::Row& row : app::config_table()) {
    INFO(row.key);
    CHECK_FALSE(row.sentence.empty());
    CHECK(static_cast<bool>(row.set));
    if (!row.standard.empty()) CHECK(app::convert(row, row.standard));
    CHECK(names.insert(app::environment_name(row.key)).second);
    CHECK(app::find_row(row.key) == &row);
  }
}

TEST_CASE("no password and no other secret has a default") {
  std::set<std::string_view> secrets;
  for (const app::Row& row : app::config_table()) {
    INFO(row.key);
    const bool is_named_so =
        row.key.ends_with(".password") || row.key.ends_with(".secret") || row.key.ends_with(".login");
    if (row.secret || is_named_so) CHECK(row.standard.empty());
    if (row.key.ends_with(".password") || row.key.ends_with(".secret")) CHECK(row.secret);
    if (row.secret) secrets.insert(row.key);
  }
  CHECK(secrets == std::set<std::string_view>{"database.url", "mail.password", "sms.password", "gateway.password",
                                              "gateway.report_key", "gateway.signing_key", "timestamp.token_pin"});
  const app::ConfigReading reading = read(good);
  REQUIRE(reading.mistakes.empty());
  CHECK(reading.config.mail.server.password.reveal().empty());
  CHECK(reading.config.sms.password.reveal().empty());
}

TEST_CASE("the operators' page of settings is the one that the table prints") {
  std::ifstream file(testing::source_folder + "/docs/operators/configuration.md", std::ios::binary);
  std::stringstream page;
  page << file.rdbuf();
  // Print it again: chancery check-config --print-reference > docs/operators/configuration.md
  CHECK(page.str() == app::print_reference());
}
