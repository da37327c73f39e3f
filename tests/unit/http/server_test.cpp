#include "http/server.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <atomic>
#include <condition_variable>
#include <fstream>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

#include "base/bytes.hpp"
#include "unit/http/client.hpp"

using http::Lane;
using http::Request;
using http::Response;
using test::Answer;
using test::Client;
using namespace std::chrono_literals;

namespace {

/// Holds handlers until it is opened; tells how many have come.
class Gate {
 public:
  void pass() {
    std::unique_lock lock(mutex_);
    ++arrived_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait_for(int arrived) {
    std::unique_lock lock(mutex_);
    CHECK(changed_.wait_for(lock, 10s, [&] { return arrived_ >= arrived; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

std::shared_ptr<http::Router> make_router(Gate& gate) {
  auto router = std::make_shared<http::Router>();
  router->get("/instant", [](const Request&) { return Response::text("instant"); }, Lane::instant);
  router->get("/echo/{word}", [](const Request& r) { return Response::text(r.path_parameters[0] + "?" + r.query); });
  router->post("/echo", [](const Request& r) { return Response::text(r.body); });
  router->post("/echo-now", [](const Request& r) { return Response::text(r.body); }, Lane::instant);
  router->get("/gate", [&gate](const Request&) {
    gate.pass();
    return Response::text("passed");
  }, Lane::password);
  router->get("/gate-work", [&gate](const Request&) {
    gate.pass();
    return Response::text("passed");
  });
  router->get("/page", [](const Request&) { return Response::html("<p>"); });
  router->get("/throws", [](const Request&) -> Response { throw std::runtime_error("secret reason"); });
  router->get("/splits", [](const Request&) { return Response::redirect("/x\r\nSet-Cookie: a=b"); });
  router->get("/large", [](const Request&) { return Response::text(std::string(3'000'000, 'x')); });
  router->get("/who", [](const Request& r) {
    return Response::text(r.client_ip + " " + r.listener + " " + (r.tls ? "tls" : "plain") + " " +
                          std::to_string(r.client_certificate.size()));
  });
  router->add({.method = http::Method::post, .pattern = "/token", .handler = [](const Request&) {
    return Response::json("{}");
  }, .cross_site = true});
  return router;
}

struct Running {
  explicit Running(const std::function<void(http::ServerOptions&)>& change = {}) {
    http::ServerOptions options;
    options.listeners = {{"http", "127.0.0.1", 0, false, {}}};
    options.work = {2, 64};
    options.password = {1, 2};
    options.limits.linger = 500ms;
    options.limits.drain = 10s;
    if (change) change(options);
    server = std::make_unique<http::Server>(options, make_router(gate));
    const auto started = server->start();
    if (!started) FAIL(started.error().reason);
  }
  ~Running() {
    gate.open();
    server->stop();
  }
  [[nodiscard]] Client client() const { return Client(server->port("http")); }

  Gate gate;
  std::unique_ptr<http::Server> server;
};

std::string post(const std::string& path, const std::string& headers, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: a.example\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

std::string get(const std::string& path) { return "GET " + path + " HTTP/1.1\r\nHost: a.example\r\n\r\n"; }

std::string read_file(const std::string& path) {
  const std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace

TEST_CASE("pipelined requests of all lanes are answered in their order on one connection") {
  const Running running;
  Client client = running.client();
  std::string all;
  for (int i = 0; i < 200; ++i) all += i % 3 == 0 ? get("/instant") : get("/echo/" + std::to_string(i) + "?q");
  all += post("/echo", "", "a body") + get("/instant");
  std::thread sender([&] { client.send(all); });
  for (int i = 0; i < 200; ++i) {
    const Answer answer = client.read();
    REQUIRE(answer.status == 200);
    CHECK(answer.body == (i % 3 == 0 ? "instant" : std::to_string(i) + "?q"));
  }
  CHECK(client.read().body == "a body");
  CHECK(client.read().body == "instant");
  sender.join();
}

TEST_CASE("a keep-alive connection serves many requests, octets in any portions") {
  const Running running;
  Client client = running.client();
  const std::string message = post("/echo", "", "hello");
  for (const char c : message) client.send({&c, 1});
  CHECK(client.read().body == "hello");
  CHECK(client.get("/instant").read().body == "instant");
  client.send("HEAD /instant HTTP/1.1\r\nHost: a\r\n\r\n");
  const Answer head = client.read(true);
  CHECK(head.status == 200);
  CHECK(head.has("Content-Length: 7\r\n"));
  CHECK(client.get("/large").read().body.size() == 3'000'000);
  client.send("GET /instant HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  CHECK(client.read().has("Connection: close\r\n"));
  CHECK(client.read_to_end());
}

TEST_CASE("HTTP/1.0 gets a connection of one request unless it asks to keep it") {
  const Running running;
  Client client = running.client();
  client.send("GET /instant HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  CHECK(client.read().has("Connection: keep-alive\r\n"));
  client.send("GET /instant HTTP/1.0\r\n\r\n");
  CHECK(client.read().status == 200);
  CHECK(client.read_to_end());
}

TEST_CASE("a client that has said all and closed its half still gets its answers") {
  const Running running;
  Client client = running.client();
  client.send(get("/echo/a") + get("/echo/b")).end();
  CHECK(client.read().body == "a?");
  CHECK(client.read().body == "b?");
  CHECK(client.read_to_end());
}

TEST_CASE("chunked bodies come whole, and a client that waits for 100 is told to go on") {
  const Running running;
  Client client = running.client();
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  CHECK(client.read().body == "abcde");
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read().status == 100);
  CHECK(client.send("wxyz").read().body == "wxyz");
  client.send("POST /nowhere HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read().status == 404);
}

TEST_CASE("a refusal reaches a client that is still sending megabytes") {
  const Running running;
  for (int i = 0; i < 5; ++i) {
    Client client = running.client();
    const std::string body(8'000'000, 'x');
    std::thread sender([&] { client.send(post("/echo", "", body)); });
    const Answer answer = client.read();
    CHECK(answer.status == 413);
    CHECK(answer.has("Connection: close\r\n"));
    sender.join();
  }
}

TEST_CASE("limits have their own status: 414, 431, 413 for chunks") {
  const Running running;
  CHECK(running.client().get("/" + std::string(20'000, 'a')).read().status == 414);
  CHECK(running.client().send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n").read().status == 431);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 101; ++i) many += "X: y\r\n";
  CHECK(running.client().send(many + "\r\n").read().status == 431);
  CHECK(running.client()
            .send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n")
            .read().status == 413);
}

TEST_CASE("after a request that could be read in two ways nothing else of the connection is served") {
  const Running running;
  for (const char* head : {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 0\r\nContent-Length: 4\r\n",
                           "Content-Length: 0\r\n Content-Length: 4\r\n", "Host: b\r\n", "Content-Length: 0\nX: y\r\n"}) {
    Client client = running.client();
    client.send("POST /echo HTTP/1.1\r\nHost: a\r\n" + std::string(head) + "\r\n0\r\n\r\n" + get("/instant"));
    std::string all;
    CHECK(client.read_to_end(&all));
    CHECK(all.substr(0, 12) == "HTTP/1.1 400");
    CHECK(all.find("instant") == std::string::npos);
  }
}

TEST_CASE("a route cannot be reached by a second spelling of its path") {
  const Running running;
  for (const char* path : {"//instant", "/instant/", "/./instant", "/x/../instant", "/%69nstant", "/instant;x", "/instant%00",
                           "/echo/a%2fb", "/echo/%2e%2e", "/echo/..%5c"}) {
    CAPTURE(path);
    CHECK(running.client().get(path).read().status == 400);
  }
  CHECK(running.client().get("/INSTANT").read().status == 404);
}

TEST_CASE("two hundred clients that send slowly hold no worker, and are sent away at the deadline") {
  const Running running([](auto& options) {
    options.limits.header = 400ms;
    options.limits.body = 400ms;
  });
  std::vector<Client> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(running.client());
    slow.back().send(i % 2 == 0 ? "GET /echo/a HTTP/1.1\r\nHost:" : "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
  }
  CHECK(running.client().get("/echo/quick").read().body == "quick?");
  CHECK(running.client().get("/instant").read().body == "instant");
  for (Client& client : slow) {
    const Answer answer = client.read();
    CHECK(answer.status == 408);
    CHECK(client.read_to_end());
  }
}

TEST_CASE("a header that drips is cut at an absolute deadline, not put off by every octet") {
  const Running running([](auto& options) { options.limits.header = 200ms; });
  Client client = running.client();
  client.send("GET / HTTP/1.1\r\n");
  std::atomic<bool> over{false};
  std::thread drip([&] {
    while (!over) {
      client.send("X");
      std::this_thread::yield();
    }
  });
  const int status = client.read().status;
  over = true;
  drip.join();
  CHECK((status == 408 || status == 431));
}

TEST_CASE("idle connections are closed, and a client that does not read is given up") {
  const Running running([](auto& options) {
    options.limits.idle = 100ms;
    options.limits.write = 100ms;
  });
  Client idle = running.client();
  CHECK(idle.get("/instant").read().status == 200);
  CHECK(idle.read_to_end());
  Client deaf = running.client();
  for (int i = 0; i < 10; ++i) deaf.get("/large");
  Client next = running.client();
  CHECK(next.get("/instant").read().status == 200);
  std::string all;
  CHECK(deaf.read_to_end(&all));
}

TEST_CASE("a full lane says 503 and when to come again, and the other lanes go on") {
  Running running;
  std::vector<Client> waiting;
  for (int i = 0; i < 3; ++i) {
    waiting.push_back(running.client());
    waiting.back().get("/gate");
    if (i == 0) running.gate.wait_for(1);
  }
  // One runs and two wait; who waits shows in the metrics.
  while (running.client().get("/metrics").read().body.find("queue_depth{lane=\"password\"} 2\n") == std::string::npos) {
    std::this_thread::yield();
  }
  Client refused = running.client();
  const Answer answer = refused.get("/gate").read();
  CHECK(answer.status == 503);
  CHECK(answer.has("Retry-After: 1\r\n"));
  CHECK(refused.get("/echo/a").read().body == "a?");
  running.gate.open();
  for (Client& client : waiting) CHECK(client.read().body == "passed");
}

TEST_CASE("a handler that throws is a 500 without its reason") {
  const Running running;
  Client client = running.client();
  const Answer answer = client.get("/throws").read();
  CHECK(answer.status == 500);
  CHECK(answer.body.find("secret") == std::string::npos);
  CHECK(client.get("/instant").read().status == 200);
}

TEST_CASE("a header value cannot begin a second header") {
  const Running running;
  const Answer answer = running.client().get("/splits").read();
  CHECK(answer.status == 500);
  CHECK_FALSE(answer.has("Set-Cookie"));
}

TEST_CASE("unknown paths are 404, and known paths with another method 405 with the methods they have") {
  const Running running;
  CHECK(running.client().get("/nowhere").read().status == 404);
  const Answer answer = running.client().send("DELETE /echo HTTP/1.1\r\nHost: a\r\n\r\n").read();
  CHECK(answer.status == 405);
  CHECK(answer.has("Allow: POST\r\n"));
  CHECK(running.client().send("BREW /echo HTTP/1.1\r\nHost: a\r\n\r\n").read().status == 405);
}

TEST_CASE("a page goes out with a strict policy and is not stored") {
  const Running running;
  const Answer answer = running.client().get("/page").read();
  for (const char* line :
       {"Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
        "font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'\r\n",
        "X-Content-Type-Options: nosniff\r\n", "Referrer-Policy: same-origin\r\n", "Permissions-Policy: ",
        "Cross-Origin-Opener-Policy: same-origin\r\n", "X-Frame-Options: DENY\r\n", "Cache-Control: no-store\r\n",
        "X-Request-Id: "}) {
    CAPTURE(line);
    CHECK(answer.has(line));
  }
  CHECK_FALSE(answer.has("Strict-Transport-Security"));
  CHECK_FALSE(answer.has("Server:"));
}

TEST_CASE("a form that another site submits is refused, a form of our own and machines are not") {
  const Running running;
  const auto status = [&](const std::string& path, const std::string& headers) {
    return running.client().send(post(path, headers, "x")).read().status;
  };
  CHECK(status("/echo", "Sec-Fetch-Site: cross-site\r\n") == 403);
  CHECK(status("/echo", "Sec-Fetch-Site: same-site\r\n") == 403);
  CHECK(status("/echo", "Origin: https://evil.example\r\n") == 403);
  CHECK(status("/echo", "Origin: https://a.example.evil\r\n") == 403);
  CHECK(status("/echo", "Origin: null\r\n") == 403);
  CHECK(status("/echo", "Sec-Fetch-Site: same-origin\r\nOrigin: https://evil.example\r\n") == 403);
  CHECK(status("/echo", "Sec-Fetch-Site: same-origin\r\nOrigin: https://a.example\r\n") == 200);
  CHECK(status("/echo", "Origin: http://a.example\r\n") == 200);
  CHECK(status("/echo", "") == 200);
  CHECK(status("/token", "Sec-Fetch-Site: cross-site\r\nOrigin: https://app.example\r\n") == 200);
}

TEST_CASE("who is no listed proxy cannot choose his address, on any listener") {
  const Running alone;
  Client client = alone.client();
  client.send("GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 9.9.9.9\r\nX-Forwarded-Proto: https\r\n\r\n");
  CHECK(client.read().body == "127.0.0.1 http plain 0");
  const Running behind([](auto& options) { options.trusted_proxies = {"127.0.0.0/8"}; });
  Client proxied = behind.client();
  proxied.send("GET /who HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 8.8.8.8, 9.9.9.9\r\nX-Forwarded-Proto: https\r\n\r\n");
  CHECK(proxied.read().body == "9.9.9.9 http tls 0");
}

TEST_CASE("one address cannot take all connections") {
  const Running running([](auto& options) { options.limits.connections_per_ip = 3; });
  std::vector<Client> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(running.client());
    CHECK(all.back().get("/instant").read().status == 200);
  }
  CHECK(running.client().read_to_end());
  all.pop_back();
  while (running.client().get("/instant").read().status != 200) std::this_thread::yield();
}

TEST_CASE("connections beyond the total wait until one goes") {
  const Running running([](auto& options) { options.limits.connections = 2; });
  Client first = running.client();
  CHECK(first.get("/instant").read().status == 200);
  {
    Client second = running.client();
    CHECK(second.get("/instant").read().status == 200);
    Client third = running.client();
    third.get("/instant");
    CHECK(first.get("/metrics").read().body.find("chancery_http_connections 2\n") != std::string::npos);
    second = Client(running.server->port("http"));
    CHECK(third.read().status == 200);
  }
}

TEST_CASE("out of descriptors the server waits for some, and goes on") {
  const Running running;
  Client first = running.client();
  CHECK(first.get("/instant").read().status == 200);
  std::vector<Client> clients;
  for (int i = 0; i < 3; ++i) clients.push_back(Client::unconnected());
  // The clients have their sockets; nothing is left for the server's halves.
  const test::NoDescriptors none;
  for (Client& client : clients) client.connect_to(running.server->port("http")).get("/instant");
  CHECK(first.get("/echo/still").read().body == "still?");
  none.end();
  for (Client& client : clients) CHECK(client.read().status == 200);
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
  CHECK_FALSE(Client(port).connected());
  running.gate.open();
  const Answer answer = busy.read();
  CHECK(answer.body == "passed");
  CHECK(answer.has("Connection: close\r\n"));
  CHECK(busy.read_to_end());
  stopper.join();
}

TEST_CASE("a stop whose patience ends answers what still waits in a lane with 503") {
  Running running([](auto& options) { options.limits.drain = 50ms; });
  Client busy = running.client();
  busy.get("/gate");
  running.gate.wait_for(1);
  Client waiting = running.client();
  waiting.get("/gate");
  while (running.client().get("/metrics").read().body.find("queue_depth{lane=\"password\"} 1\n") == std::string::npos) {
    std::this_thread::yield();
  }
  std::thread stopper([&] { running.server->stop(); });
  CHECK(waiting.read().status == 503);
  running.gate.open();
  CHECK(busy.read_to_end());
  stopper.join();
}

TEST_CASE("health, readiness and metrics are there without being asked for") {
  std::atomic<bool> ready{false};
  const Running running([&](auto& options) { options.is_ready = [&] { return ready.load(); }; });
  Client client = running.client();
  CHECK(client.get("/healthz").read().body == "ok\n");
  CHECK(client.get("/readyz").read().status == 503);
  ready = true;
  CHECK(client.get("/readyz").read().status == 200);
  const std::string metrics = client.get("/metrics").read().body;
  CHECK(metrics.find("chancery_http_requests_total{lane=\"instant\",status=\"2xx\"} ") != std::string::npos);
  CHECK(metrics.find("chancery_http_request_duration_seconds_bucket{lane=\"work\",le=\"+Inf\"} ") != std::string::npos);
  CHECK(metrics.find("chancery_http_connections 1\n") != std::string::npos);
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
  CHECK(all.find(R"("client":"127.0.0.1","listener":"http","method":"GET","path":"/echo/a","status":200,"bytes":13,)") != std::string::npos);
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
