#include "browser/request_facts.hpp"

#include <doctest/doctest.h>

namespace {

http::Request request_with(std::string name, std::string value, bool tls = false) {
  http::Request request;
  request.tls = tls;
  request.headers.push_back({std::move(name), std::move(value)});
  return request;
}

std::string agent_of(std::string header) {
  return browser::facts_of(request_with("User-Agent", std::move(header))).user_agent;
}

}  // namespace

TEST_CASE("a browser's name becomes text that can be kept: UTF-8, not too long, not cut inside a letter") {
  CHECK(agent_of("Firefox/140") == "Firefox/140");
  CHECK(agent_of("\xc5\xbb\xc3\xb3\xc5\x82w") == "\xc5\xbb\xc3\xb3\xc5\x82w");
  CHECK(agent_of("\xff\xfe Browser") == "?? Browser");
  CHECK(agent_of(std::string(255, 'x') + "\xc5\x9b") == std::string(255, 'x'));
  CHECK(agent_of(std::string(300, '\x80')).size() <= 256);
  CHECK(agent_of("").empty());
  CHECK(browser::facts_of({}).user_agent.empty());
}

TEST_CASE("who asks is known by address, number of the request, known devices and language") {
  http::Request request = request_with("Cookie", "chancery_device=abc; chancery_lang=pl");
  request.headers.push_back({"Accept-Language", "de"});
  request.client_ip = "192.0.2.7";
  request.request_id = "number-1";
  const flow::RequestFacts facts = browser::facts_of(request);
  CHECK(facts.ip == "192.0.2.7");
  CHECK(facts.request_id == "number-1");
  CHECK(facts.devices == "abc");
  CHECK(facts.language == text::Language::pl);
}

TEST_CASE("on TLS only a cookie with the prefix counts: one without it may come from another host or from plain HTTP") {
  CHECK(browser::facts_of(request_with("Cookie", "chancery_device=abc; chancery_lang=pl", true)).devices.empty());
  CHECK(browser::language_of(request_with("Cookie", "chancery_lang=pl", true)) == text::Language::en);
  const http::Request own = request_with("Cookie", "__Host-chancery_device=abc; __Host-chancery_lang=pl", true);
  CHECK(browser::facts_of(own).devices == "abc");
  CHECK(browser::language_of(own) == text::Language::pl);
}

TEST_CASE("the language that an application asks for counts first, then the account's, then the browser's") {
  http::Request request = request_with("Cookie", "chancery_lang=pl");
  CHECK(browser::choose_language(request, "de", "en") == text::Language::de);
  CHECK(browser::choose_language(request, "", "en") == text::Language::en);
  CHECK(browser::choose_language(request, "", "") == text::Language::pl);
  CHECK(browser::language_of(request_with("Accept-Language", "de,en;q=0.5")) == text::Language::de);
}
