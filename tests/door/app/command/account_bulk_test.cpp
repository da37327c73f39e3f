// One act on many accounts by command: what it does to each, what it refuses as a whole, and its events.
#include <doctest/doctest.h>

#include <optional>
#include <set>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"

namespace {

using door::has;
using door::Site;
using Words = std::vector<std::string>;

door::Finished bulk(const Site& site, Words words) {
  words.insert(words.begin(), {"account", "bulk"});
  return site.run(std::move(words));
}

/// The events of the type, as the export has them.
std::vector<boost::json::object> events(const Site& site, const std::string& type) {
  std::istringstream lines(site.run({"audit", "export"}).out);
  std::vector<boost::json::object> found;
  for (std::string line; std::getline(lines, line);) {
    auto event = boost::json::parse(line).as_object();
    if (event.at("type").as_string() == type) found.push_back(std::move(event));
  }
  return found;
}

}  // namespace

TEST_CASE("one command acts on many accounts, says of each what became of it, and can be given again") {
  for (const bool is_running : {false, true}) {
    INFO((is_running ? "a server runs" : "no server runs"));
    const Site site;
    std::optional<door::ServerProcess> server;
    server.emplace(site.config, site.log);
    for (const char* login : {"anna", "jan", "piotr"}) site.create(login);
    if (!is_running) server.reset();
    const Words three{"suspend", "--account", "anna", "--account", "jan", "--account", "anna", "--reason", "left"};
    Words preview = three;
    preview.emplace_back("--preview");
    CHECK(bulk(site, preview).out == "login\toutcome\tname\nanna\twould_change\tA B\njan\twould_change\tA B\n");
    CHECK(events(site, "account_suspend").empty());
    CHECK(bulk(site, three).out == "login\toutcome\tname\nanna\tdone\tA B\njan\tdone\tA B\n");
    CHECK(bulk(site, three).out == "login\toutcome\tname\nanna\talready\tA B\njan\talready\tA B\n");
    const auto suspended = events(site, "account_suspend");
    REQUIRE(suspended.size() == 2);
    // The events of the accounts and those of the whole have one number.
    const auto whole = events(site, "bulk_act");
    REQUIRE(whole.size() == 4);
    CHECK(suspended[0].at("request_id") == whole[0].at("request_id"));
    CHECK(suspended[1].at("request_id") == whole[1].at("request_id"));
    CHECK(whole[0].at("data").at("step").as_string() == "begun");
    CHECK(whole[1].at("data").at("step").as_string() == "done");
    CHECK(has(boost::json::serialize(suspended[0].at("data")), R"("motive":"left")"));
    // A file with one a line, and a search.
    const std::string file = site.folder.write("people.txt", "# who came back\n anna \r\n\njan\n");
    CHECK(bulk(site, {"restore", "--accounts-file", file, "--no-header"}).out == "anna\tdone\tA B\njan\tdone\tA B\n");
    REQUIRE(site.run({"group", "create", "nurses"}).status == 0);
    CHECK(bulk(site, {"add_group", "nurses", "--search", "piotr", "--no-header"}).out == "piotr\tdone\tA B\n");
    CHECK(bulk(site, {"suspend", "--state", "active", "--kind", "employee", "--no-header"}).out.size() > 40);
    const auto rows = boost::json::parse(bulk(site, {"sessions", "--state", "suspended", "--json"}).out).as_array();
    CHECK(rows.size() == 3);
    CHECK(rows[0].as_object().contains("id"));
    CHECK(site.run({"audit", "verify"}).status == 0);
  }
}

TEST_CASE("a command on many accounts with a mistake in it changes none of them") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna");
  const auto refuses = [&](const Words& words, std::string_view sentence, int status = 1) {
    const auto finished = bulk(site, words);
    CHECK_MESSAGE(finished.status == status, sentence);
    CHECK_MESSAGE(has(finished.err, sentence), finished.err);
  };
  refuses({"suspend"}, "--account", 2);
  refuses({}, "ACT", 2);
  refuses({"suspend", "--account", "anna", "--account", "nobody"}, "nobody");
  refuses({"explode", "--account", "anna"}, "no such act");
  refuses({"suspend", "nurses", "--account", "anna"}, "target");
  refuses({"add_group", "--account", "anna"}, "target");
  refuses({"add_group", "no such", "--account", "anna"}, "no such group or context");
  refuses({"suspend", "--account", "anna", "--reason", "because"}, "--reason: asked, left");
  refuses({"suspend", "--search", "nobody"}, "no account was named or found");
  refuses({"suspend", "--accounts-file", site.folder / "none.txt"}, "cannot be read");
  std::string many;
  for (int i = 0; i < 1001; ++i) many += "anna\n";
  refuses({"suspend", "--accounts-file", site.folder.write("many.txt", many)}, "more than 1000 accounts");
  CHECK(events(site, "account_suspend").empty());
  CHECK(events(site, "bulk_act").empty());
}
