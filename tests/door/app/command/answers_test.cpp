// The form of answers as people and scripts see it: columns, header, JSON, with and without a running server.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <optional>

#include "door/app/site.hpp"
#include "door/raw_client.hpp"
#include "places.hpp"

namespace {

using door::has;
using door::Site;
using Words = std::vector<std::string>;

/// Runs a command whose standard output and error are a terminal, and gives what the terminal received.
std::string run_on_terminal(const Words& arguments, bool is_done = true) {
  const int terminal = ::posix_openpt(O_RDWR | O_NOCTTY);
  REQUIRE(terminal >= 0);
  REQUIRE(::grantpt(terminal) == 0);
  REQUIRE(::unlockpt(terminal) == 0);
  const std::string name = ::ptsname(terminal);
  const std::string program = testing::binary_folder + "/chancery";
  const pid_t child = ::fork();
  if (child == 0) {
    const int mine = ::open(name.c_str(), O_RDWR | O_NOCTTY);
    ::dup2(mine, STDOUT_FILENO);
    ::dup2(mine, STDERR_FILENO);
    std::vector<char*> words{const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
    words.push_back(nullptr);
    ::execv(program.c_str(), words.data());
    ::_exit(127);
  }
  std::string text;
  std::array<char, 4096> buffer{};
  // Linux gives EIO after the last process has closed the terminal.
  for (ssize_t got = 0; (got = ::read(terminal, buffer.data(), buffer.size())) > 0;)
    text.append(buffer.data(), static_cast<std::size_t>(got));
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(terminal);
  CHECK((status == 0) == is_done);
  std::erase(text, '\r');
  return text;
}

}  // namespace

TEST_CASE("a list has aligned columns on a terminal and tabs in a pipe, with and without a running server") {
  const Site site;
  for (const bool is_running : {true, false}) {
    INFO(is_running);
    std::optional<door::ServerProcess> server;
    if (is_running) {
      server.emplace(site.config, site.log);
      REQUIRE(server->is_ready());
      site.create("anna.kowalska");
    }
    CHECK(site.run({"account", "list"}).out == "login\tkind\tstatus\tname\nanna.kowalska\temployee\tactive\tA B\n");
    CHECK(site.run({"account", "list", "--no-header"}).out == "anna.kowalska\temployee\tactive\tA B\n");
    CHECK(site.run({"account", "list", "--search", "anna", "--no-header"}).out ==
          "anna.kowalska\temployee\tactive\tA B\n");
    CHECK(run_on_terminal({"account", "list", "--config", site.config}) ==
          "LOGIN          KIND      STATUS  NAME\nanna.kowalska  employee  active  A B\n");
    CHECK(boost::json::parse(run_on_terminal({"account", "list", "--json", "--config", site.config})).is_array());
  }
}

TEST_CASE("every list has a header that names its columns, and --no-header and --json do what they say") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna");
  REQUIRE(site.run({"group", "create", "nurses"}).status == 0);
  REQUIRE(site.run({"group", "add", "nurses", "anna"}).status == 0);
  REQUIRE(site.run({"client", "create", "portal", "--redirect-uri", "https://portal.example.org/callback"}).status ==
          0);
  REQUIRE(site.run({"token", "create", "initial", "--name", "test"}).status == 0);
  REQUIRE(site.run({"resource", "create", "https://results.example.org/"}).status == 0);
  REQUIRE(site.run({"account", "add-app", "anna", "--secret-stdin"}, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\n").status == 0);
  const std::vector<std::pair<Words, std::string>> lists{
      {{"account", "list"}, "login\t"},
      {{"account", "context", "list", "anna"}, "key\trole\tfrom\tuntil\n"},
      {{"account", "factors", "anna"}, "factor\tadded\tlast_used\tleft\n"},
      {{"client", "list"}, "client_id\t"},
      {{"resource", "list"}, "identifier\tstatus\tname\tscopes\n"},
      {{"key", "list"}, "kid\t"},
      {{"policy", "list"}, "name\tversion"},
      {{"context", "list"}, "key\trole\tlacks\t"},
      {{"group", "list"}, "name\tmembers\tpolicies\n"},
      {{"role", "list"}, "key\tname\t"},
      {{"tenant", "list"}, "key\tname\tparent\n"},
      {{"token", "list"}, "id\tkind\tstatus\tname\tuses_left\texpires_at\n"},
      {{"audit", "list"}, "seq\tat\tsource\ttype\toutcome\tactor_name\tsubject_name\tclient\treason\n"},
      {{"group", "show", "nurses"}, "login\n"}};
  for (const auto& [command, header] : lists) {
    CAPTURE(header);
    const std::string all = site.run(command).out;
    CHECK(all.starts_with(header));
    Words bare = command;
    bare.emplace_back("--no-header");
    CHECK(site.run(bare).out == all.substr(all.find('\n') + 1));
    const auto rows = site.read(command);
    REQUIRE(rows.is_array());
    REQUIRE_FALSE(rows.as_array().empty());
    // Each column is a field of JSON with the same name.
    std::istringstream names(all.substr(0, all.find('\n')));
    for (std::string name; std::getline(names, name, '\t');) CHECK(rows.as_array().front().as_object().contains(name));
  }
}

TEST_CASE("what somebody has written into a name cannot turn the text on a terminal or command it") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  const std::string turned =
      "nurses\xE2\x80\xAE"
      "esrun";
  CHECK(run_on_terminal({"group", "create", turned, "--config", site.config}) ==
        "the group nurses\\u202eesrun was created\n");
  const std::string unknown = run_on_terminal({"group", "show", "\x1b[2J" + turned, "--config", site.config}, false);
  CHECK_FALSE(has(unknown, "\x1b"));
  CHECK_FALSE(has(unknown, "\xE2\x80\xAE"));
  const std::string misused = run_on_terminal({"group", "\x1b[2J"}, false);
  CHECK_FALSE(has(misused, "\x1b"));
}

TEST_CASE("a change says in its first line what was done; with --json it says whether something is different") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna");
  const auto changed = [&](const Words& command) { return site.read(command).at("changed").as_bool(); };
  CHECK(site.read({"group", "create", "nurses"}).at("name").as_string() == "nurses");
  CHECK(changed({"group", "add", "nurses", "anna"}));
  CHECK_FALSE(changed({"group", "add", "nurses", "anna"}));
  CHECK(changed({"account", "context", "add", "anna", "administrator"}));
  CHECK_FALSE(changed({"account", "context", "add", "anna", "administrator"}));
  CHECK(changed({"context", "set", "user", "--lacks", "own_data"}));
  CHECK_FALSE(changed({"context", "set", "user", "--lacks", "own_data"}));
  CHECK(changed({"tenant", "set", "--name", "Clinic"}));
  CHECK_FALSE(changed({"tenant", "set", "--name", "Clinic"}));
  CHECK(changed({"account", "suspend", "anna"}));
  CHECK(changed({"policy", "set", "mild", "--preset", "classic"}));
  CHECK(changed({"policy", "bind", "mild", "--group", "nurses"}));
  CHECK(site.run({"policy", "unbind", "mild", "--group", "nurses"}).out == "the policy mild is not bound any more\n");
  CHECK(site.run({"account", "restore", "anna"}).out == "account anna is active\n");
  const auto made = site.read({"client", "create", "portal", "--redirect-uri", "https://portal.example.org/callback"});
  CHECK(made.at("created").as_bool());
  CHECK_FALSE(made.at("client_secret").as_string().empty());
  CHECK(site.read({"client", "rotate-secret", "portal"}).at("client_secret").as_string().size() >= 40);
  const auto refused = site.run({"group", "create", "nurses", "--json"});
  CHECK(refused.status == 1);
  CHECK(refused.out.empty());
  CHECK(has(refused.err, "chancery: "));
}

TEST_CASE("a policy is shown with all its rules, and one that does not exist is refused") {
  const Site site;
  {
    const door::ServerProcess first(site.config, site.log);
    REQUIRE(first.is_ready());
  }
  REQUIRE(site.run({"policy", "set", "ward", "--preset", "classic", "min_length=12"}).status == 0);
  CHECK(has(site.run({"policy", "show", "ward"}).out, "min_length: 12\n"));
  CHECK(site.read({"policy", "show", "ward"}).at("min_length").as_string() == "12");
  const auto none = site.run({"policy", "show", "wart"});
  CHECK(none.status == 1);
  CHECK(has(none.err, "there is no policy wart"));
}

TEST_CASE("a mistyped name of a group, context, policy or client is refused with the nearest one") {
  const Site site;
  const door::ServerProcess server(site.config, site.log);
  REQUIRE(server.is_ready());
  site.create("anna");
  REQUIRE(site.run({"group", "create", "nurses"}).status == 0);
  REQUIRE(site.run({"policy", "set", "mild", "--preset", "classic"}).status == 0);
  REQUIRE(site.run({"client", "create", "portal", "--redirect-uri", "https://portal.example.org/callback"}).status ==
          0);
  const std::vector<std::pair<Words, std::string>> mistakes{
      {{"group", "add", "nurse", "anna"}, "there is no group nurse; did you mean nurses?"},
      {{"account", "context", "add", "anna", "admin"}, "there is no context admin"},
      {{"account", "context", "add", "anna", "adminstrator"},
       "there is no context adminstrator; did you mean administrator?"},
      {{"context", "set", "usr"}, "there is no context usr; did you mean user?"},
      {{"policy", "bind", "midl"}, "there is no policy midl; did you mean mild?"},
      {{"policy", "bind", "mild", "--group", "nruses"}, "there is no group nruses; did you mean nurses?"},
      {{"policy", "show", "midl"}, "there is no policy midl; did you mean mild?"},
      {{"policy", "set", "new", "--preset", "clasic"}, "clasic; did you mean classic?"},
      {{"client", "show", "portl"}, "there is no client portl; did you mean portal?"},
      {{"client", "delete", "portl"}, "there is no client portl; did you mean portal?"},
      {{"client", "rotate-secret", "portl"}, "there is no client portl; did you mean portal?"}};
  for (const auto& [command, sentence] : mistakes) {
    CAPTURE(sentence);
    const auto finished = site.run(command);
    CHECK(finished.status == 1);
    CHECK(finished.out.empty());
    CHECK_MESSAGE(has(finished.err, sentence), finished.err);
  }
  // Another part is missing: the name is right, so that nothing is suggested.
  CHECK_FALSE(has(site.run({"group", "add", "nurses", "nobody"}).err, "did you mean"));
  CHECK_FALSE(has(site.run({"group", "add", "zzzzzzzzz", "anna"}).err, "did you mean"));
}
