// The control socket from the outside: its path does not exist on public listeners.
#include <doctest/doctest.h>

#include "door/app_fixture.hpp"
#include "door/program.hpp"

namespace {

using door::App;
using door::Browser;
using door::Connection;
using door::Reply;

constexpr std::string_view command = R"({"argv":["account","list","--json"],"stdin":""})";

Reply send(Connection&& connection, const std::string& method, const std::string& path,
           const std::string& headers = "") {
  const bool has_body = method == "POST" || method == "PUT";
  const std::string body(has_body ? command : "");
  connection.send(method + " " + path +
                  " HTTP/1.1\r\nHost: control\r\nConnection: close\r\nContent-Type: application/json\r\n" + headers +
                  "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  return connection.read(method == "HEAD");
}

/// An answer without the parts that differ between any two answers.
std::string shape_of(const Reply& reply, const std::string& path) {
  std::string text = std::to_string(reply.status) + "\n";
  for (const auto& [name, value] : reply.headers) {
    if (name != "date" && name != "x-request-id" && name != "content-length") text += name + ": " + value + "\n";
  }
  std::string body = reply.body;
  for (const std::string& part : {reply.header("x-request-id"), door::in_groups(reply.header("x-request-id")), path}) {
    for (auto at = body.find(part); !part.empty() && at != std::string::npos; at = body.find(part))
      body.erase(at, part.size());
  }
  return text + body;
}

}  // namespace

TEST_CASE("the command socket does commands, and on a public listener its path is like any that nobody made") {
  const door::Folder folder;
  const App app([&](app::Config& config) { door::set(config, "data_dir", folder / "data"); });
  const Reply done = send(Connection(folder / "data/control.sock"), "POST", "/control");
  CHECK(done.status == 200);
  CHECK(done.body.find("anna.kowalska") != std::string::npos);
  for (const char* method : {"POST", "GET", "HEAD", "PUT", "DELETE", "OPTIONS"}) {
    INFO(method);
    const Reply reply = send(Connection(app.port()), method, "/control");
    CHECK(reply.status == 404);
    CHECK(reply.header("allow").empty());
    CHECK(shape_of(reply, "/control") == shape_of(send(Connection(app.port()), method, "/contro1"), "/contro1"));
  }
}

TEST_CASE("nothing that a stranger sends makes a public listener the command socket") {
  const door::Folder folder;
  const App app([&](app::Config& config) {
    door::set(config, "data_dir", folder / "data");
    door::set(config, "listener.name", "public");
  });
  const std::uint16_t port = app.server->port("public");
  for (const char* path : {"/control", "/control/", "//control", "/%63ontrol", "/./control", "/Control",
                           "/control?listener=control", "/login/../control"}) {
    INFO(path);
    const Reply reply = send(Connection(port), "POST", path, "X-Listener: control\r\nX-Forwarded-Host: control\r\n");
    CHECK(reply.status >= 400);
    CHECK(reply.status < 500);
    CHECK(reply.body.find("anna.kowalska") == std::string::npos);
    CHECK(reply.body.find("\"exit\"") == std::string::npos);
  }
}
