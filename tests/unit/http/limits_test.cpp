#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

#include "unit/http/running.hpp"

using test::Answer;
using test::Client;
using test::post;
using test::Running;
using namespace std::chrono_literals;

TEST_CASE("a refusal reaches a client that is still sending megabytes") {
  const Running running([](auto& options) { options.limits.linger = 5min; });
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
  CHECK(
      running.client().send("GET / HTTP/1.1\r\nHost: a\r\nX: " + std::string(20'000, 'a') + "\r\n\r\n").read().status ==
      431);
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 101; ++i) many += "X: y\r\n";
  CHECK(running.client().send(many + "\r\n").read().status == 431);
  CHECK(running.client()
            .send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n")
            .read()
            .status == 413);
}

TEST_CASE("two hundred clients that send slowly hold no worker, and are sent away at the deadline") {
  const Running running([](auto& options) {
    options.limits.header = 400ms;
    options.limits.body = 400ms;
  });
  std::vector<Client> slow;
  for (int i = 0; i < 200; ++i) {
    slow.push_back(running.client());
    slow.back().send(i % 2 == 0 ? "GET /echo/a HTTP/1.1\r\nHost:"
                                : "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc");
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

TEST_CASE("a connection that never says a word ends like one that stops in a header") {
  const Running running([](auto& options) {
    options.limits.idle = 24h;  // longer than the patience of the client
    options.limits.header = 100ms;
  });
  std::string said;
  CHECK(running.client().read_to_end(&said));
  CHECK(said.empty());
}

TEST_CASE("idle connections are closed, and a client that does not read is given up") {
  const Running running([](auto& options) {
    options.limits.idle = 100ms;
    options.limits.write = 100ms;
  });
  CHECK(running.client().read_to_end());
  // On a busy machine the limit may pass before the request is sent; then another connection asks.
  Client idle = running.client();
  while (idle.get("/instant").read().status != 200) idle = running.client();
  CHECK(idle.read_to_end());
  Client deaf = running.client();
  for (int i = 0; i < 10; ++i) deaf.get("/large");
  while (running.client().get("/instant").read().status != 200) std::this_thread::yield();
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
  // One request runs and two wait; the metrics show how many wait.
  while (running.figures().get("/metrics").read().body.find("queue_depth{lane=\"password\"} 2\n") ==
         std::string::npos) {
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

TEST_CASE("large bodies share a budget of memory, so that slow uploads are bounded and small requests go on") {
  const Running running([](auto& options) { options.limits.large_bodies = 100'000; });
  const std::string large(60'000, 'x');
  const std::string request = post("/echo", "", large);
  const auto upload = [&] {
    Client client = running.client();
    client.send(request);
    return client.read();
  };
  Client slow = running.client();
  slow.send(request.substr(0, request.size() - 10));
  // As soon as the server has read the header of the slow one, nothing is left for another.
  Answer refused = upload();
  while (refused.status == 200) refused = upload();
  CHECK(refused.status == 503);
  CHECK(refused.has("Retry-After: 1\r\n"));
  Client small = running.client();
  small.send(post("/echo", "", "small"));
  CHECK(small.read().body == "small");
  slow.send(request.substr(request.size() - 10));
  CHECK(slow.read().body == large);
  CHECK(upload().status == 200);
}

TEST_CASE("a body that is announced takes nothing before it comes") {
  const Running running([](auto& options) { options.limits.large_bodies = 100'000; });
  const std::string body(60'000, 'x');
  const std::string request = post("/echo", "Expect: 100-continue\r\n", body);
  std::vector<Client> idle;
  for (int i = 0; i < 5; ++i) {
    idle.push_back(running.client());
    idle.back().send(request.substr(0, request.size() - body.size()));
    REQUIRE(idle.back().read(true).status == 100);
    idle.back().send("x");
  }
  CHECK((running.client().send(post("/echo", "", body)).read().body == body));
  idle.front().send(body.substr(1));
  CHECK((idle.front().read().body == body));
}

TEST_CASE("a body that could never fit is refused before it is sent") {
  const Running running([](auto& options) { options.limits.large_bodies = 50'000; });
  const std::string head = "POST /echo HTTP/1.1\r\nHost: a.example\r\nExpect: 100-continue\r\nContent-Length: ";
  CHECK(running.client().send(head + "50001\r\n\r\n").read(true).status == 503);
  CHECK(running.client().send(head + "50000\r\n\r\n").read(true).status == 100);
}

TEST_CASE("large responses share the budget of memory with bodies, and small ones go on") {
  const Running running([](auto& options) { options.limits.large_bodies = 4'000'000; });
  const std::string request = post("/echo", "", std::string(60'000, 'x'));
  Client slow = running.client();
  slow.send(request.substr(0, request.size() - 10));
  Client client = running.client();
  // As soon as the server has read most of the slow body, half of the rest is too little for the response.
  Answer refused = client.get("/large").read();
  while (refused.status == 200) refused = client.get("/large").read();
  CHECK(refused.status == 503);
  CHECK(refused.has("Retry-After: 1\r\n"));
  CHECK(client.get("/echo/a").read().body == "a?");
  slow.send(request.substr(request.size() - 10));
  CHECK(slow.read().status == 200);
  // What was sent has given back what it took.
  for (int i = 0; i < 5; ++i) CHECK((client.get("/large").read().body == std::string(3'000'000, 'x')));
}

TEST_CASE("the address's own refusal is told, however long the body is that comes with it") {
  const Running running;
  const std::string length = "Content-Length: 10000000\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n";
  for (const auto& [path, status] : {std::pair{"/nothing", 404}, std::pair{"/page", 405}, std::pair{"/echo", 403}}) {
    const std::string head =
        std::string("POST ") + path + " HTTP/1.1\r\nHost: a.example\r\nSec-Fetch-Site: cross-site\r\n";
    for (const std::string& request : {head + length + "\r\n", head + chunked + "\r\nfffffff\r\n"}) {
      const Answer answer = running.client().send(request).read();
      CHECK(answer.status == status);
      CHECK(answer.has("Connection: close\r\n"));
    }
  }
}

TEST_CASE("who calls is judged by the header before a large body is taken") {
  const Running running;
  const std::string head = "POST /guarded HTTP/1.1\r\nHost: a.example\r\n";
  const std::string large = "Content-Length: 60000\r\n";
  const std::string expects = "Expect: 100-continue\r\n";
  const std::string body(60'000, 'x');
  // No octet of the body has come.
  const Answer refused = running.client().send(head + large + expects + "\r\n").read();
  CHECK(refused.status == 401);
  CHECK(refused.body == "who?");
  CHECK(refused.has("Connection: close\r\n"));
  CHECK(running.client().send(head + large + "\r\n").read().status == 401);
  CHECK(running.client().send(head + "Transfer-Encoding: chunked\r\n\r\nfff\r\n").read().status == 401);
  // Nobody comes in because the question failed.
  CHECK(running.client().send(head + large + "Authorization: nobody\r\n\r\n").read().status == 500);
  Client client = running.client();
  CHECK(client.send(head + large + expects + "Authorization: x\r\n\r\n").read(true).status == 100);
  CHECK(client.send(body).read().body == "60000");
  // On the same connection, behind a request that is answered meanwhile.
  const std::string earlier = "GET /instant HTTP/1.1\r\nHost: a.example\r\n\r\n";
  client.send(earlier + head + large + "Authorization: x\r\n\r\n" + body);
  CHECK(client.read().body == "instant");
  CHECK(client.read().body == "60000");
  // A small body comes to the handler.
  CHECK(client.send(head + "Content-Length: 3\r\n\r\nabc").read().body == "3");
}

TEST_CASE("an address says in its own way what was too large") {
  const Running running;
  const std::string length = " HTTP/1.1\r\nHost: a.example\r\nContent-Length: 10000000\r\n\r\n";
  const Answer own = running.client().send("POST /guarded" + length).read();
  CHECK(own.status == 413);
  CHECK(own.body == "too much here");
  CHECK(running.client().send("POST /echo" + length).read().body != own.body);
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

TEST_CASE("when half of the places are taken, connections that wait for a request make room for others") {
  const Running running([](auto& options) { options.limits.connections = 100; });
  std::vector<Client> all;
  for (int i = 0; i < 50; ++i) {
    all.push_back(running.client());
    CHECK(all.back().get("/instant").read().status == 200);
  }
  // One address may have a quarter of the 50 free places now.
  CHECK(all.front().read_to_end());
  while (running.client().get("/instant").read().status != 200) std::this_thread::yield();
}

TEST_CASE("connections beyond the total wait until one goes") {
  const Running running([](auto& options) { options.limits.connections = 3; });
  Client watcher = running.figures();
  CHECK(watcher.get("/healthz").read().status == 200);
  Client first = running.client();
  CHECK(first.get("/instant").read().status == 200);
  {
    Client second = running.client();
    CHECK(second.get("/instant").read().status == 200);
    Client third = running.client();
    third.get("/instant");
    CHECK(watcher.get("/metrics").read().body.find("chancery_http_connections 3\n") != std::string::npos);
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
  // The clients have their sockets; no descriptor is left for the server's sockets.
  const test::NoDescriptors none;
  for (Client& client : clients) client.connect_to(running.server->port("http")).get("/instant");
  CHECK(first.get("/echo/still").read().body == "still?");
  none.end();
  for (Client& client : clients) CHECK(client.read().status == 200);
}
