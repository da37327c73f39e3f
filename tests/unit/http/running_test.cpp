#include "unit/http/running.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "http/metrics.hpp"

using test::Answer;
using test::Client;
using test::Gate;
using test::make_router;
using test::Running;
using namespace std::chrono_literals;

namespace {

std::string read_file(const std::string& path) {
  const std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("a listener on all IPv6 addresses serves IPv4 as well") {
  const Running running([](auto& options) { options.listeners = {{"http", "::", 0, false, {}}}; });
  CHECK(running.client().get("/who").read().body == "127.0.0.1 http plain 0");
}

TEST_CASE("a port in use is an error that names it") {
  const Running running;
  const std::uint16_t port = running.server->port("http");
  Gate gate;
  http::ServerOptions options;
  options.listeners = {{"http", "127.0.0.1", port, false, {}}};
  http::Server second(options, make_router(gate));
  const auto started = second.start();
  REQUIRE_FALSE(started);
  CHECK(started.error().code == base::Code::unavailable);
  CHECK(started.error().reason ==
        "cannot listen on 127.0.0.1 port " + std::to_string(port) + ": the port is in use by another program");
  options.listeners[0].address = "not an address";
  CHECK_FALSE(http::Server(options, make_router(gate)).start());
}

TEST_CASE("a stop lets the running request finish, closes idle connections and refuses new ones") {
  Running running;
  Client busy = running.client();
  busy.get("/gate");
  running.gate.wait_for(1);
  Client idle = running.client();
  CHECK(idle.get("/instant").read().status == 200);
  const std::uint16_t port = running.server->port("http");
  std::thread stopper([&] { running.server->stop(); });
  CHECK(idle.read_to_end());
  // The order in which a stop closes what is idle and what listens is not promised.
  bool is_refused = false;
  for (int i = 0; i < 100'000 && !is_refused; ++i) is_refused = !Client(port).connected();
  CHECK(is_refused);
  running.gate.open();
  const Answer answer = busy.read();
  CHECK(answer.body == "passed");
  CHECK(answer.has("Connection: close\r\n"));
  CHECK(busy.read_to_end());
  stopper.join();
}

TEST_CASE("a stop answers the first request of who has connected before it, and no second one") {
  Running running([](auto& options) {
    options.limits.linger = 5min;
    options.limits.drain = 5min;
  });
  Client idle = running.client();
  CHECK(idle.get("/instant").read().status == 200);
  std::optional<Client> fresh(running.client());
  // Three with the one that asks: only then the loop has it.
  while (running.figures().get("/metrics").read().body.find("\nchancery_http_connections 3\n") == std::string::npos) {
  }
  std::thread stopper([&] { running.server->stop(); });
  CHECK(idle.read_to_end());
  const Answer answer = fresh->get("/instant").read();
  CHECK(answer.status == 200);
  CHECK(answer.has("Connection: close\r\n"));
  CHECK(fresh->read_to_end());
  fresh.reset();
  stopper.join();
}

TEST_CASE("a stop whose patience ends answers what still waits in a lane with 503") {
  Running running([](auto& options) { options.limits.drain = 50ms; });
  Client busy = running.client();
  busy.get("/gate");
  running.gate.wait_for(1);
  Client waiting = running.client();
  waiting.get("/gate");
  while (running.figures().get("/metrics").read().body.find("queue_depth{lane=\"password\"} 1\n") ==
         std::string::npos) {
    std::this_thread::yield();
  }
  std::thread stopper([&] { running.server->stop(); });
  CHECK(waiting.read().status == 503);
  running.gate.open();
  CHECK(busy.read_to_end());
  stopper.join();
}

TEST_CASE("figures are on their listener alone, and nothing but health and readiness is there with them") {
  const Running running;
  CHECK(running.client().get("/metrics").read().status == 404);
  CHECK(running.figures().get("/metrics").read().status == 200);
  CHECK(running.figures().get("/instant").read().status == 404);
  CHECK(running.figures().get("/page").read().status == 404);
  CHECK(running.figures().get("/healthz").read().status == 200);
  CHECK(running.figures().get("/readyz").read().status == 200);
}

TEST_CASE("without a listener for them, figures are nowhere") {
  const Running running([](auto& options) { options.metrics_listener.clear(); });
  CHECK(running.client().get("/metrics").read().status == 404);
  CHECK(running.figures().get("/metrics").read().status == 404);
}

TEST_CASE("a count that somebody else keeps is exposed as a counter") {
  const Running running;
  http::add_counter("chancery_test_total", "", "Of a test.", [] { return 42.0; });
  const std::string metrics = running.figures().get("/metrics").read().body;
  CHECK(metrics.find("# TYPE chancery_test_total counter\nchancery_test_total 42\n") != std::string::npos);
}

TEST_CASE("health, readiness and metrics are there without being asked for") {
  std::atomic<bool> ready{false};
  const Running running([&](auto& options) { options.is_ready = [&] { return ready.load(); }; });
  Client client = running.client();
  CHECK(client.get("/healthz").read().body == "ok\n");
  CHECK(client.get("/readyz").read().status == 503);
  ready = true;
  CHECK(client.get("/readyz").read().status == 200);
  const std::string metrics = running.figures().get("/metrics").read().body;
  CHECK(metrics.find("chancery_http_requests_total{lane=\"instant\",status=\"2xx\"} ") != std::string::npos);
  CHECK(metrics.find("chancery_http_request_duration_seconds_bucket{lane=\"work\",le=\"+Inf\"} ") != std::string::npos);
  CHECK(metrics.find("chancery_http_connections 2\n") != std::string::npos);
}

TEST_CASE("the access log has one line for every request, without its query") {
  const test::Folder folder;
  {
    const Running running([&](auto& options) { options.access_log = folder / "access.log"; });
    Client client = running.client();
    client.send("GET /echo/a?code=secret HTTP/1.1\r\nHost: a\r\nUser-Agent: x\"y\r\n\r\n");
    CHECK(client.read().status == 200);
    CHECK(client.send("bad\r\n\r\n").read().status == 400);
    std::filesystem::rename(folder / "access.log", folder / "old.log");
    running.server->reopen_access_log();
    CHECK(running.client().get("/instant").read().status == 200);
  }
  const std::string all = read_file(folder / "old.log") + read_file(folder / "access.log");
  CHECK(std::count(all.begin(), all.end(), '\n') == 3);
  CHECK(all.find("secret") == std::string::npos);
  CHECK(
      all.find(R"("client":"127.0.0.1","listener":"http","method":"GET","path":"/echo/a","status":200,"bytes":13,)") !=
      std::string::npos);
  CHECK(all.find(R"("user_agent":"x\"y"})") != std::string::npos);
  CHECK(all.find(R"("status":400)") != std::string::npos);
}

TEST_CASE("a Unix socket is for its owner only, and one left over from a crash is taken over") {
  const test::Folder folder;
  const std::string path = folder / "control";
  const auto use = [&](auto& options) { options.listeners = {{"control", path, 0, false, {}}}; };
  {
    const Running running(use);
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK(Client(path).get("/who").read().body == "local control plain 0");
    Gate gate;
    http::ServerOptions options;
    use(options);
    const auto second = http::Server(options, make_router(gate)).start();
    REQUIRE_FALSE(second);
    CHECK(second.error().reason == "cannot listen on " + path + ": another program answers there");
    CHECK(Client(path).get("/instant").read().status == 200);
  }
  CHECK_FALSE(std::filesystem::exists(path));
  const int left = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(left, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
  ::close(left);
  const Running running(use);
  CHECK(Client(path).get("/instant").read().status == 200);
}

TEST_CASE("several I/O threads serve one port") {
  const Running running([](auto& options) { options.io_threads = 3; });
  std::vector<Client> clients;
  for (int i = 0; i < 30; ++i) clients.push_back(running.client());
  for (int round = 0; round < 3; ++round) {
    for (Client& client : clients) client.get("/echo/a").get("/instant");
    for (Client& client : clients) {
      CHECK(client.read().body == "a?");
      CHECK(client.read().body == "instant");
    }
  }
}
