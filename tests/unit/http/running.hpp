// A server with a small router, and a gate that holds handlers until a test opens it.
#pragma once

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>

#include "http/server.hpp"
#include "unit/http/client.hpp"

namespace test {

using http::Lane;
using http::Request;
using http::Response;
using namespace std::chrono_literals;

/// Holds handlers until it is opened, and counts them.
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
  void close() {
    const std::lock_guard lock(mutex_);
    open_ = false;
  }
  void wait_for(int arrived) {
    std::unique_lock lock(mutex_);
    CHECK(changed_.wait_for(lock, 5min, [&] { return arrived_ >= arrived; }));
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int arrived_ = 0;
  bool open_ = false;
};

inline std::shared_ptr<http::Router> make_router(Gate& gate) {
  auto router = std::make_shared<http::Router>();
  router->get(
      "/instant", [](const Request&) { return Response::text("instant"); }, Lane::instant);
  router->get("/echo/{word}", [](const Request& r) { return Response::text(r.path_parameters[0] + "?" + r.query); });
  router->post("/echo", [](const Request& r) { return Response::text(r.body); });
  router->post(
      "/echo-now", [](const Request& r) { return Response::text(r.body); }, Lane::instant);
  // A large body is for those who name somebody.
  const auto admit = [](const Request& r) -> std::optional<Response> {
    const std::string* const who = r.find_header("Authorization");
    if (who == nullptr) return Response::text("who?", 401);
    if (*who == "nobody") throw std::runtime_error("no database");
    return std::nullopt;
  };
  const auto refuse = [](const Request&, int status) -> std::optional<Response> {
    return status == 413 ? std::optional(Response::text("too much here", status)) : std::nullopt;
  };
  router->add({.method = http::Method::post,
               .pattern = "/guarded",
               .handler = [](const Request& r) { return Response::text(std::to_string(r.body.size())); },
               .admit = admit,
               .refuse_body = refuse});
  router->get(
      "/gate",
      [&gate](const Request&) {
        gate.pass();
        return Response::text("passed");
      },
      Lane::password);
  router->get("/gate-work", [&gate](const Request&) {
    gate.pass();
    return Response::text("passed");
  });
  router->add({.pattern = "/plain", .handler = [](const Request&) { return Response::text("public"); }, .plain = true});
  router->get("/page", [](const Request&) { return Response::html("<p>"); });
  for (const auto& [path, kind] : {std::pair{"/data", http::Kind::data}, std::pair{"/asset", http::Kind::asset},
                                   std::pair{"/document", http::Kind::shared}}) {
    router->get(path, [kind = kind](const Request&) {
      Response response = Response::json("{}");
      response.kind = kind;
      return response;
    });
  }
  router->get("/throws", [](const Request&) -> Response { throw std::runtime_error("secret reason"); });
  router->get("/splits", [](const Request&) { return Response::redirect("/x\r\nSet-Cookie: a=b"); });
  router->get("/large", [](const Request&) { return Response::text(std::string(3'000'000, 'x')); });
  router->get("/who", [](const Request& r) {
    return Response::text(r.client_ip + " " + r.listener + " " + (r.tls ? "tls" : "plain") + " " +
                          std::to_string(r.client_certificate.size()));
  });
  router->add({.method = http::Method::post,
               .pattern = "/token",
               .handler = [](const Request&) { return Response::json("{}"); },
               .cross_site = true});
  router->add({.pattern = "/shared/{word}",
               .handler = [](const Request& r) { return Response::text(r.path_parameters[0]); },
               .deferred = true});
  return router;
}

struct Running {
  explicit Running(const std::function<void(http::ServerOptions&)>& change = {}) {
    http::ServerOptions options;
    options.listeners = {{"http", "127.0.0.1", 0, false, {}}, {"figures", "127.0.0.1", 0, false, {}}};
    options.metrics_listener = "figures";
    options.work = {2, 64};
    options.password = {1, 2};
    options.limits.linger = 500ms;
    options.limits.drain = 5min;
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
  [[nodiscard]] Client figures() const { return Client(server->port("figures")); }

  Gate gate;
  std::unique_ptr<http::Server> server;
};

inline std::string post(const std::string& path, const std::string& headers, const std::string& body) {
  return "POST " + path + " HTTP/1.1\r\nHost: a.example\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
         headers + "\r\n" + body;
}

inline std::string get(const std::string& path) {
  return "GET " + path + " HTTP/1.1\r\nHost: a.example\r\n\r\n";
}

}  // namespace test
