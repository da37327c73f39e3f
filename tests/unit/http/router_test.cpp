#include "http/router.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <stdexcept>

using http::Method;
using http::Router;

namespace {

http::Handler named(const char* name) {
  return [name](const http::Request&) { return http::Response::text(name); };
}

std::string answer_of(const Router::Match& match) {
  return match.route == nullptr ? "" : match.route->handler(http::Request()).body;
}

}  // namespace

TEST_CASE("a literal segment wins over a parameter, and that over the rest of a path") {
  Router router;
  router.get("/", named("root"));
  router.get("/a/new", named("new"));
  router.get("/a/{id}", named("one"));
  router.get("/a/{id}/keys", named("keys"));
  router.get("/a/{*}", named("rest"));
  CHECK(answer_of(router.match(Method::get, "/")) == "root");
  CHECK(answer_of(router.match(Method::get, "/a/new")) == "new");
  CHECK(answer_of(router.match(Method::get, "/a/7")) == "one");
  CHECK(router.match(Method::get, "/a/x%20y").parameters == std::vector<std::string>{"x y"});
  CHECK(answer_of(router.match(Method::get, "/a/7/keys")) == "keys");
  CHECK(answer_of(router.match(Method::get, "/a/new/keys")) == "keys");
  const auto rest = router.match(Method::get, "/a/7/other/x");
  CHECK(answer_of(rest) == "rest");
  CHECK(rest.parameters == std::vector<std::string>{"7/other/x"});
  CHECK(router.match(Method::get, "/b").route == nullptr);
  CHECK(router.match(Method::get, "/a").route == nullptr);
  CHECK(router.match(Method::get, "/b").allowed.empty());
}

TEST_CASE("GET answers HEAD, and a path without the method says which it has") {
  Router router;
  router.get("/a", named("get"));
  router.post("/a", named("post"));
  CHECK(answer_of(router.match(Method::head, "/a")) == "get");
  const auto match = router.match(Method::del, "/a");
  CHECK(match.route == nullptr);
  CHECK(match.allowed == std::vector<std::string_view>{"GET", "HEAD", "POST"});
  CHECK(router.match(Method::other, "/a").route == nullptr);
}

TEST_CASE("the same route twice, or one that no path can match, is a mistake of the program") {
  Router router;
  router.get("/a/{id}", named(""));
  CHECK_THROWS_AS(router.get("/a/{name}", named("")), std::logic_error);
  CHECK_THROWS_AS(router.get("a", named("")), std::logic_error);
  CHECK_THROWS_AS(router.get("/a//b", named("")), std::logic_error);
  CHECK_THROWS_AS(router.get("/{*}/b", named("")), std::logic_error);
}

TEST_CASE("a route of one listener is no path of the others") {
  Router router;
  http::Route route;
  route.method = Method::post;
  route.pattern = "/control";
  route.only_listener = "control";
  route.handler = named("control");
  router.add(std::move(route));
  CHECK(answer_of(router.match(Method::post, "/control", "control")) == "control");
  for (const Method method : {Method::post, Method::get}) {
    const auto match = router.match(method, "/control", "https");
    CHECK(match.route == nullptr);
    CHECK(match.allowed.empty());
  }
}

TEST_CASE("an instant route cannot be deferred: nobody would flush for it") {
  http::Router router;
  CHECK_THROWS_AS(router.add({.pattern = "/a",
                              .lane = http::Lane::instant,
                              .handler = [](const http::Request&) { return http::Response::text("a"); },
                              .deferred = true}),
                  std::logic_error);
}

TEST_CASE("an unknown address has a handler for whoever it is wanted for, and only with a safe method") {
  Router router;
  http::Request request;
  request.method = Method::get;
  CHECK(router.find_unknown(request) == nullptr);
  router.on_unknown([](const http::Request& asked) { return asked.path == "/mine"; }, named("unknown"));
  CHECK(router.find_unknown(request) == nullptr);
  request.path = "/mine";
  REQUIRE(router.find_unknown(request) != nullptr);
  CHECK(router.find_unknown(request)->handler(request).body == "unknown");
  CHECK(router.find_unknown(request)->lane == http::Lane::work);
  request.method = Method::post;
  CHECK(router.find_unknown(request) == nullptr);
}
