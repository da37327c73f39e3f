// What the monitoring reads: the board, the alerts and the page for operators name figures that the server serves, and
// `chancery top` shows what happens.
#include <doctest/doctest.h>

#include <boost/json.hpp>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"
#include "places.hpp"
#include "unit/remote/loopback_server.hpp"

namespace {

namespace json = boost::json;
using door::has;
using door::Site;

std::string read_source(const std::string& name) {
  std::ifstream file(testing::source_folder + "/" + name);
  std::stringstream text;
  text << file.rdbuf();
  REQUIRE_FALSE(text.str().empty());
  return text.str();
}

std::set<std::string> figures_in(const std::string& text) {
  static const std::regex figure("\\b(chancery|process)_[a-z]+(_[a-z]+)+");
  std::set<std::string> names;
  for (std::sregex_iterator at(text.begin(), text.end(), figure), end; at != end; ++at) names.insert(at->str());
  return names;
}

}  // namespace

TEST_CASE("every figure that the board, the alerts and the page of operators name is served") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  const std::string served = door::Browser(server.port("metrics")).get("/metrics").body;
  for (const char* file : {"packaging/monitoring/chancery-board.json", "packaging/monitoring/chancery-alerts.yml",
                           "docs/operators/monitoring.md"}) {
    CAPTURE(file);
    const auto names = figures_in(read_source(file));
    CHECK(names.size() >= 10);
    for (const std::string& name : names) {
      CAPTURE(name);
      // Of TLS listeners and gateways, which this server does not have.
      if (name.starts_with("chancery_certificate_end") || name == "chancery_sms_total") continue;
      CHECK(has(served, "\n" + name));
    }
  }
  CHECK_FALSE(json::parse(read_source("packaging/monitoring/chancery-board.json")).at("panels").as_array().empty());
}

TEST_CASE("a login is counted by its outcome, and the version that runs is told") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna");
  const auto served = [&] { return door::Browser(server.port("metrics")).get("/metrics").body; };
  CHECK(has(served(), "chancery_events_total{type=\"account_unlock\",outcome=\"success\"} 0\n"));
  REQUIRE(site.run({"account", "set", "anna", "--given", "Anna"}).status == 0);
  CHECK(has(served(), "chancery_events_total{type=\"account_change\",outcome=\"success\"} 1\n"));
  CHECK(has(served(), "chancery_build_info{version=\""));
  CHECK(has(served(), "chancery_outbox_messages{state=\"failed\"} 0\n"));
}

TEST_CASE("top shows one reading as JSON and as a table, and says what is missing if it cannot") {
  const Site site;
  const std::string port = [] {
    const Site first;
    const door::ServerProcess server(first.config, first.log);
    REQUIRE(server.is_ready());
    return std::to_string(server.port("metrics"));  // was free a moment ago
  }();
  std::string text = door::config_text();
  text.replace(text.find("127.0.0.1:0"), 11, "127.0.0.1:" + port);
  const std::string config = site.folder.write("top.toml", text);
  const auto top = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"top", "--config", config, "--interval", "1", "--times", "1"});
    return door::run_chancery(more);
  };
  CHECK(top({}).status == 1);
  CHECK(has(top({}).err, "no server answers"));
  const door::ServerProcess server(config, site.log);
  REQUIRE(server.is_ready());
  const auto answer = top({"--json"});
  INFO(answer.err);
  REQUIRE(answer.status == 0);
  const json::object seen = json::parse(answer.out).as_object();
  // Plain decimals: a shell's arithmetic reads 147.36, and not 1.4736E2.
  const std::string memory = "\"memory_bytes\":";
  const std::string figure = answer.out.substr(answer.out.find(memory) + memory.size());
  CHECK(figure.find_first_not_of("0123456789.") == figure.find(','));
  CHECK(answer.out.find("E") == std::string::npos);
  CHECK(seen.at("lanes").as_array().size() == 3);
  CHECK(seen.at("memory_bytes").to_number<double>() > 1e6);
  CHECK(seen.at("up_seconds").to_number<double>() > 0);
  const std::string table = top({}).out;
  CHECK(has(table, "logins "));
  CHECK(has(table, "password "));
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) CHECK_MESSAGE(line.size() <= 80, line);
  const auto refused = site.run({"top", "--times", "1"});
  CHECK(refused.status == 1);
  CHECK(has(refused.err, "metrics.listen names no port"));
}

TEST_CASE("top shows nothing that steers the terminal, whoever has the server's port") {
  remote_test::LoopbackServer stranger([](remote_test::Connection& connection) {
    connection.read_http_request();
    const std::string body =
        "chancery_build_info{version=\"\x1b]0;other\x07\"} 1\nprocess_start_time_seconds nan\n"
        "process_resident_memory_bytes inf\n";
    connection.write("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
                     "\r\n\r\n" + body);
  });
  const Site site;
  std::string text = door::config_text();
  text.replace(text.find("127.0.0.1:0"), 11, "127.0.0.1:" + std::to_string(stranger.port()));
  const std::string config = site.folder.write("top.toml", text);
  const auto table = door::run_chancery({"top", "--config", config, "--interval", "1", "--times", "1"});
  CHECK(table.status == 0);
  CHECK(has(table.out, "other"));
  CHECK(table.out.find('\x1b') == std::string::npos);
  CHECK(table.out.find('\x07') == std::string::npos);
  const auto answer = door::run_chancery({"top", "--config", config, "--interval", "1", "--times", "1", "--json"});
  CHECK(json::parse(answer.out).as_object().at("memory_bytes").to_number<double>() == 0);
}
