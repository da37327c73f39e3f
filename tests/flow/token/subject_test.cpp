#include "flow/session/subject.hpp"

#include <doctest/doctest.h>

#include "flow/grant/find_userinfo.hpp"
#include "flow/oauth/rp_logout.hpp"
#include "flow/oidc_fixture.hpp"

using flow::OAuthError;
using testing::OidcFixture;

namespace {

/// The portal and the laboratory know people by pairwise subjects.
struct Pairwise : OidcFixture {
  Pairwise() {
    for (const char* id : {"portal", "laboratory"}) {
      change_client(id, [](rights::Client& client) { client.is_pairwise = true; });
    }
  }
  std::string subject_at(const std::string& client_id) {
    return store->write([&](store::Tx& tx) { return flow::find_subject(tx, find_client(client_id), anna, now); })
        .value();
  }
};

}  // namespace

TEST_CASE("clients of different sectors know a person by different subjects, and each always by the same") {
  Pairwise f;
  const std::string portal = f.subject_at("portal");
  CHECK(f.subject_at("portal") == portal);
  CHECK(f.subject_at("laboratory") != portal);
  CHECK(portal != f.anna.to_string());
  CHECK(f.subject_at("spa") == f.anna.to_string());
  f.change_client("laboratory", [](rights::Client& client) { client.sector = "portal.example.org"; });
  CHECK(f.subject_at("laboratory") == portal);
}

TEST_CASE("tokens and userinfo speak of the same pairwise subject") {
  Pairwise f;
  const auto tokens = f.get_tokens(f.log_in());
  const auto told = flow::find_userinfo(*f.house, tokens.access_token, f.facts());
  REQUIRE(told);
  REQUIRE_FALSE(told->refusal);
  const std::string subject = f.subject_at("portal");
  CHECK(told->claims.find("\"sub\":\"" + subject + "\"") != std::string::npos);
  CHECK(told->claims.find(f.anna.to_string()) == std::string::npos);
}

TEST_CASE("a pairwise client whose addresses have several hosts needs a sector") {
  Pairwise f;
  f.change_client("portal", [](rights::Client& client) {
    client.redirect_uris.emplace_back("https://other.example.org/callback");
  });
  CHECK(flow::find_sector(f.find_client("portal")).empty());
  CHECK(f.refusal_of(OidcFixture::request(), f.log_in()) == OAuthError::unauthorized_client);
  f.change_client("portal", [](rights::Client& client) { client.sector = "example.org"; });
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(OidcFixture::request(), f.log_in())));
}

TEST_CASE("a hint with a pairwise subject names the person, for the login and for the logout") {
  Pairwise f;
  const std::string cookie = f.log_in();
  const auto tokens = f.get_tokens(cookie);
  auto request = OidcFixture::request();
  request.prompt = "none";
  request.id_token_hint = tokens.id_token;
  CHECK(std::holds_alternative<flow::CodeIssued>(f.authorize(request, cookie)));
  f.add_account("jan.nowak", OidcFixture::password);
  CHECK(f.refusal_of(request, f.log_in("jan.nowak")) == OAuthError::login_required);
  const auto out = flow::rp_logout(*f.house, {.id_token_hint = tokens.id_token}, cookie, f.facts());
  REQUIRE(out);
  CHECK(std::holds_alternative<flow::LogoutOver>(*out));
}

TEST_CASE("a subject that a stranger asks for names nobody if it has characters that none has") {
  Pairwise f;
  const std::string subject = f.subject_at("portal");
  const auto find = [&](const std::string& which) {
    return f.store->read(
        [&](store::Tx& tx) { return flow::find_account_of_subject(tx, f.find_client("portal"), which); });
  };
  CHECK(find(subject).value() == f.anna);
  for (const std::string& bad : {std::string("a\0b", 3), std::string("\xff"), std::string("a b"), subject + '\n'}) {
    const auto found = find(bad);
    REQUIRE(found);
    CHECK_FALSE(*found);
  }
  auto request = OidcFixture::request();
  request.claims = R"({"id_token":{"sub":{"value":"a\u0000b"}}})";
  CHECK(std::holds_alternative<flow::LoginNeeded>(f.authorize(request, "")));
}

TEST_CASE("the sector is the host of the addresses, whatever the port and the path") {
  rights::Client client;
  client.redirect_uris = {"https://app.example.org/a", "https://app.example.org:8443/b?c"};
  CHECK(flow::find_sector(client) == "app.example.org");
  client.redirect_uris = {"http://[::1]:8080/a"};
  CHECK(flow::find_sector(client) == "[::1]");
  client.redirect_uris = {"org.example.app:/callback"};
  CHECK(flow::find_sector(client) == "org.example.app");
  client.redirect_uris = {"https://app.example.org/a", "https://app.example.org.evil.example/a"};
  CHECK(flow::find_sector(client).empty());
  client.redirect_uris.clear();
  CHECK(flow::find_sector(client).empty());
}
