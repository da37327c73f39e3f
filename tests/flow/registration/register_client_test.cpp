// Clients register themselves, and read, change and delete their registration.
#include "flow/registration/register_client.hpp"

#include <doctest/doctest.h>

#include "base/json.hpp"
#include "crypto/key/signing_key.hpp"
#include "flow/client/authenticate_client.hpp"
#include "flow/registration/registration_fixture.hpp"

using namespace std::chrono_literals;
using flow::OAuthError;
using testing::RegistrationFixture;
namespace json = boost::json;

namespace {

constexpr const char* minimal = R"({"redirect_uris":["https://app.example.org/callback"]})";

struct ManagedFixture : RegistrationFixture {
  ManagedFixture() {
    const json::object answer = register_client(minimal);
    call = {text_of(answer, "client_id"), text_of(answer, "registration_access_token")};
    secret = text_of(answer, "client_secret");
  }
  flow::ClientInformation update(const std::string& body) {
    auto done = flow::update_registration({*house, {fetch, gate}}, call, body, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return std::move(*done);
  }
  std::string with_id(const std::string& rest) { return R"({"client_id":")" + call.client_id + "\"," + rest + "}"; }
  flow::ManagementCall call;
  std::string secret;
};

std::string jwks() {
  static const auto key = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  return R"({"keys":[)" + key.public_jwk() + "]}";
}

}  // namespace

TEST_CASE("a client registers with an initial access token and gets the defaults of the standards") {
  RegistrationFixture f;
  const json::object answer = f.register_client(minimal);
  CHECK(answer.at("grant_types") == json::array{"authorization_code"});
  CHECK(answer.at("response_types") == json::array{"code"});
  CHECK(answer.at("token_endpoint_auth_method") == "client_secret_basic");
  CHECK(answer.at("id_token_signed_response_alg") == "RS256");
  CHECK(answer.at("application_type") == "web");
  CHECK(answer.at("subject_type") == "public");
  CHECK(answer.at("scope") == "openid profile email phone");
  CHECK(answer.at("client_secret_expires_at") == 0);
  CHECK(answer.at("client_id_issued_at") == base::to_seconds(f.now));
  CHECK(f.text_of(answer, "registration_client_uri") ==
        "http://localhost:8080/oauth2/register/" + f.text_of(answer, "client_id"));
  CHECK(f.text_of(answer, "client_secret").size() == 43);
  const rights::Client client = f.find_client(f.text_of(answer, "client_id"));
  CHECK(client.is_dynamic);
  CHECK(rights::needs_consent(client));
  CHECK_FALSE(client.context_in_id_token);
  CHECK_FALSE(client.require_pkce);
  CHECK(client.redirect_uris == std::vector<std::string>{"https://app.example.org/callback"});
  const auto authenticated = f.store->write([&](store::Tx& tx) {
    return flow::authenticate_client(
        *f.house, tx,
        {flow::ClientMethod::basic, client.client_id, base::Secret(f.text_of(answer, "client_secret")), {}}, f.now);
  });
  CHECK(authenticated.value().reason.empty());
  const auto event = f.events("client_create").front();
  CHECK(event.client == client.client_id);
  CHECK(event.data.find("\"token\"") != std::string::npos);
  CHECK(event.data.find(f.text_of(answer, "client_secret")) == std::string::npos);
}

TEST_CASE("without a token that counts nobody registers") {
  RegistrationFixture f;
  const auto error = [&](const std::string& token) {
    const auto done = f.register_with(token, minimal);
    REQUIRE(done.refusal);
    return done.refusal->error;
  };
  for (const char* bad : {"", "x", "chy_iat_", "chy_iat_AAAA", "chy_pat_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}) {
    CHECK(error(bad) == OAuthError::invalid_token);
  }
  const std::string token = f.make_token();
  std::string altered = token;
  altered[altered.size() - 4] = altered[altered.size() - 4] == 'A' ? 'B' : 'A';
  CHECK(error(altered) == OAuthError::invalid_token);
  CHECK_FALSE(f.register_with(token, minimal).refusal);
  CHECK(error(token) == OAuthError::invalid_token);  // it counts once
  const std::string old = f.make_token();
  f.now += 24h;
  CHECK(error(old) == OAuthError::invalid_token);
  CHECK(f.fetched.empty());
  CHECK(f.events("client_create").size() == 4);  // three of the fixture
  CHECK(f.events("token_refusal").front().data.find("token_expired") != std::string::npos);
}

TEST_CASE("a token that was withdrawn or is for persons registers nobody, and a refused request uses nothing up") {
  RegistrationFixture f;
  const std::string token = f.make_token({.name = "twice", .uses = 2});
  CHECK(f.register_with(token, R"({"redirect_uris":["http://app.example.org/"]})").refusal);
  CHECK(f.register_with(token, "{").refusal);
  CHECK_FALSE(f.register_with(token, minimal).refusal);
  CHECK_FALSE(f.register_with(token, minimal).refusal);
  CHECK(f.register_with(token, minimal).refusal->error == OAuthError::invalid_token);
  f.now += 1s;
  const std::string other = f.make_token({.uses = std::nullopt});
  for (int i = 0; i < 5; ++i) CHECK_FALSE(f.register_with(other, minimal).refusal);
  const auto listed = flow::list_api_tokens(*f.house, f.operator_actor(), "", f.now).value();
  CHECK(flow::revoke_api_token(*f.house, f.operator_actor(), listed.front().id.to_string(), f.facts()).value());
  CHECK(f.register_with(other, minimal).refusal->error == OAuthError::invalid_token);
}

TEST_CASE("metadata that this server cannot keep is refused by name, and unknown members are ignored") {
  RegistrationFixture f;
  const auto with = [](const std::string& member) {
    return R"({"redirect_uris":["https://app.example.org/callback"],)" + member + "}";
  };
  CHECK(f.refusal_of(R"({"redirect_uris":["http://app.example.org/"]})").error == OAuthError::invalid_redirect_uri);
  CHECK(f.refusal_of(R"({"redirect_uris":["https://app.example.org/#x"]})").error == OAuthError::invalid_redirect_uri);
  CHECK(f.refusal_of(R"({"redirect_uris":["javascript:x"]})").error == OAuthError::invalid_redirect_uri);
  CHECK(f.refusal_of("{}").error == OAuthError::invalid_redirect_uri);
  for (const char* member : {R"("redirect_uri":1,"contacts":{})",
                             R"("token_endpoint_auth_method":"tls_client_auth")",
                             R"("grant_types":["implicit"])",
                             R"("grant_types":["authorization_code"],"response_types":["token"])",
                             R"("response_types":[])",
                             R"("grant_types":["client_credentials"],"response_types":["code"])",
                             R"("grant_types":"authorization_code")",
                             R"("scope":1)",
                             R"("client_name":["x"])",
                             "\"client_name\":\"P\u043ertal\"",  // Cyrillic "о"
                             R"("id_token_signed_response_alg":"none")",
                             R"("id_token_signed_response_alg":"HS256")",
                             R"("userinfo_signed_response_alg":"none")",
                             R"("userinfo_signed_response_alg":"PS256")",
                             R"("token_endpoint_auth_signing_alg":"HS256")",
                             R"("id_token_encrypted_response_alg":"RSA-OAEP")",
                             R"("subject_type":"secret")",
                             R"("application_type":"toaster")",
                             R"("default_max_age":"1")",
                             R"("default_max_age":-1)",
                             R"("require_auth_time":"yes")",
                             R"("jwks":{"keys":[]})",
                             R"("jwks":"x")",
                             R"("token_endpoint_auth_method":"private_key_jwt")",
                             R"("logo_uri":"http://app.example.org/logo.png")",
                             R"("policy_uri":"javascript:x")",
                             R"("backchannel_logout_uri":"ftp://x/")",
                             R"("contacts":[1])"}) {
    const auto refusal = f.refusal_of(with(member));
    CHECK_MESSAGE(refusal.error == OAuthError::invalid_client_metadata, member);
    CHECK_FALSE(refusal.description.empty());
  }
  CHECK(f.refusal_of(with(R"("software_statement":"e30.e30.x")")).error == OAuthError::unapproved_software_statement);
  for (const char* statement : {R"("x")", R"("a.b")", R"({"software_id":"x"})", "1"}) {
    CHECK_MESSAGE(f.refusal_of(with(std::string(R"("software_statement":)") + statement)).error ==
                      OAuthError::invalid_software_statement,
                  statement);
  }
  for (const char* body : {"", "[]", "null", "{", R"({"redirect_uris":[],"redirect_uris":[]})", "\xff"}) {
    CHECK_MESSAGE(f.refusal_of(body).error == OAuthError::invalid_client_metadata, body);
  }
  const json::object answer = f.register_client(
      with(R"("software_id":"x","made_up":{"a":[1]},"client_uri":null,"client_name":"An app","client_name#pl":"Apka",)"
           R"("response_types":["code","token"],"grant_types":["authorization_code","implicit","refresh_token"])"));
  CHECK(answer.at("client_name") == "An app");
  CHECK(answer.at("client_name#pl") == "Apka");
  CHECK(answer.at("grant_types") == json::array({"authorization_code", "refresh_token"}));
  CHECK(answer.at("scope") == "openid profile email phone offline_access");
  CHECK_FALSE(answer.contains("made_up"));
}

TEST_CASE("a public client gets no secret and must use PKCE") {
  RegistrationFixture f;
  const json::object answer =
      f.register_client(R"({"redirect_uris":["https://spa.example.org/"],"token_endpoint_auth_method":"none"})");
  CHECK_FALSE(answer.contains("client_secret"));
  const rights::Client client = f.find_client(f.text_of(answer, "client_id"));
  CHECK(client.require_pkce);
  CHECK(client.kind == rights::ClientKind::spa);
  const json::object native = f.register_client(
      R"({"redirect_uris":["org.example.app:/cb"],"token_endpoint_auth_method":"none","application_type":"native"})");
  CHECK(native.at("application_type") == "native");
  CHECK(f.refusal_of(R"({"token_endpoint_auth_method":"none","grant_types":["client_credentials"]})").error ==
        OAuthError::invalid_client_metadata);
}

TEST_CASE("a token that names scopes gives clients no others") {
  RegistrationFixture f;
  const std::string token = f.make_token({.scopes = {"openid", "email"}});
  const auto done = f.register_with(
      token, R"({"redirect_uris":["https://app.example.org/"],"scope":"openid profile email results:read"})");
  REQUIRE_FALSE(done.refusal);
  CHECK(json::parse(done.metadata).as_object().at("scope") == "openid email");
}

TEST_CASE("keys are taken from the metadata or fetched once from their address") {
  RegistrationFixture f;
  const std::string head = R"({"redirect_uris":["https://app.example.org/"],)"
                           R"("token_endpoint_auth_method":"private_key_jwt",)";
  const json::object inline_keys = f.register_client(head + R"("jwks":)" + jwks() + "}");
  CHECK_FALSE(inline_keys.contains("client_secret"));
  CHECK(inline_keys.contains("jwks"));
  CHECK(f.fetched.empty());
  f.documents["https://app.example.org/jwks"] = jwks();
  const json::object fetched = f.register_client(head + R"("jwks_uri":"https://app.example.org/jwks"})");
  CHECK(f.fetched.size() == 1);
  const rights::Client client = f.find_client(f.text_of(fetched, "client_id"));
  CHECK(client.fetched_jwks == jwks());
  CHECK(client.jwks.empty());
  CHECK_FALSE(fetched.contains("jwks"));
  const std::string both = head + R"("jwks_uri":"https://app.example.org/jwks","jwks":)" + jwks() + "}";
  CHECK(f.refusal_of(both).error == OAuthError::invalid_client_metadata);
  f.documents["https://app.example.org/empty"] = R"({"keys":[]})";
  f.documents["https://app.example.org/page"] = "<html>";
  for (const char* name : {"missing", "empty", "page"}) {
    CHECK(f.refusal_of(head + R"("jwks_uri":"https://app.example.org/)" + name + "\"}").error ==
          OAuthError::invalid_client_metadata);
  }
}

TEST_CASE("a sector identifier document must hold every redirect URI") {
  RegistrationFixture f;
  const std::string two =
      R"({"subject_type":"pairwise","redirect_uris":["https://a.example.org/","https://b.example.org/"])";
  CHECK(f.refusal_of(two + "}").error == OAuthError::invalid_client_metadata);
  const std::string with_sector = two + R"(,"sector_identifier_uri":"https://sector.example.org:8443/uris.json"})";
  f.documents["https://sector.example.org:8443/uris.json"] = R"(["https://a.example.org/"])";
  CHECK(f.refusal_of(with_sector).error == OAuthError::invalid_client_metadata);
  f.documents["https://sector.example.org:8443/uris.json"] =
      R"(["https://a.example.org/","https://b.example.org/","https://c.example.org/"])";
  const json::object answer = f.register_client(with_sector);
  CHECK(answer.at("subject_type") == "pairwise");
  CHECK(f.find_client(f.text_of(answer, "client_id")).sector == "sector.example.org");
  const json::object one =
      f.register_client(R"({"subject_type":"pairwise","redirect_uris":["https://a.example.org/"]})");
  CHECK(f.find_client(f.text_of(one, "client_id")).is_pairwise);
}

TEST_CASE("a client reads its registration with its own token, and with no other") {
  ManagedFixture f;
  const auto read = flow::read_registration(*f.house, f.call, f.facts()).value();
  REQUIRE_FALSE(read.refusal);
  const json::object answer = json::parse(read.metadata).as_object();
  CHECK(f.text_of(answer, "client_id") == f.call.client_id);
  CHECK(f.text_of(answer, "registration_access_token") == f.call.token);
  CHECK_FALSE(answer.contains("client_secret"));
  const auto refused = [&](const flow::ManagementCall& call) {
    const auto done = flow::read_registration(*f.house, call, f.facts()).value();
    return done.refusal && done.refusal->error == OAuthError::invalid_token && done.metadata.empty();
  };
  const json::object other = f.register_client(minimal);
  CHECK(refused({f.call.client_id, f.text_of(other, "registration_access_token")}));
  CHECK(refused({f.text_of(other, "client_id"), f.call.token}));
  CHECK(refused({"portal", f.call.token}));
  CHECK(refused({"nobody", f.call.token}));
  CHECK(refused({f.call.client_id, ""}));
  CHECK(refused({f.call.client_id, f.secret}));
  CHECK(refused({f.call.client_id, f.make_token()}));
  f.change_client(f.call.client_id, [](rights::Client& client) { client.enabled = false; });
  CHECK(refused(f.call));
}

TEST_CASE("an update replaces the metadata, keeps the secret and what administrators have set, and widens nothing") {
  ManagedFixture f;
  f.change_client(f.call.client_id, [](rights::Client& client) {
    client.level = 2;
    client.scopes = {"openid", "email"};
    client.require_pkce = true;
  });
  const auto done =
      f.update(f.with_id(R"("redirect_uris":["https://new.example.org/"],"client_name":"New","client_secret":")" +
                         f.secret + R"(","scope":"openid email phone offline_access")"));
  REQUIRE_FALSE(done.refusal);
  const json::object answer = json::parse(done.metadata).as_object();
  CHECK(answer.at("client_name") == "New");
  CHECK(answer.at("scope") == "openid email");
  CHECK_FALSE(answer.contains("client_secret"));
  const rights::Client client = f.find_client(f.call.client_id);
  CHECK(client.level == 2);
  CHECK(client.require_pkce);
  CHECK(client.secrets.size() == 1);
  CHECK(client.redirect_uris == std::vector<std::string>{"https://new.example.org/"});
  const auto event = f.events("client_change").front();
  CHECK(event.client == f.call.client_id);
  CHECK(event.data.find("https://new.example.org/") != std::string::npos);
  // Omitted members have their defaults again.
  REQUIRE_FALSE(f.update(f.with_id(R"("redirect_uris":["https://new.example.org/"])")).refusal);
  CHECK(f.find_client(f.call.client_id).name == f.call.client_id);
}

TEST_CASE("an update that is not the client's own changes nothing") {
  ManagedFixture f;
  const std::string uris = R"("redirect_uris":["https://new.example.org/"])";
  CHECK(f.update("{" + uris + "}").refusal->error == OAuthError::invalid_client_metadata);
  CHECK(f.update(R"({"client_id":"portal",)" + uris + "}").refusal->error == OAuthError::invalid_client_metadata);
  CHECK(f.update(f.with_id(uris + R"(,"client_secret":"wrong")")).refusal->error ==
        OAuthError::invalid_client_metadata);
  CHECK(f.update(f.with_id(R"("redirect_uris":["http://new.example.org/"])")).refusal->error ==
        OAuthError::invalid_redirect_uri);
  f.call.token += "x";
  CHECK(f.update(f.with_id(uris)).refusal->error == OAuthError::invalid_token);
  CHECK(f.find_client(f.call.client_id).redirect_uris == std::vector<std::string>{"https://app.example.org/callback"});
  CHECK(f.events("client_change").empty());
}

TEST_CASE("a client that begins to authenticate by a secret gets one, and one that ceases to loses its own") {
  ManagedFixture f;
  const std::string uris = R"("redirect_uris":["https://app.example.org/"])";
  const json::object answer = f.register_client("{" + uris + R"(,"token_endpoint_auth_method":"none"})");
  f.call = {f.text_of(answer, "client_id"), f.text_of(answer, "registration_access_token")};
  CHECK(f.find_client(f.call.client_id).secrets.empty());
  const auto done = f.update(f.with_id(uris + R"(,"token_endpoint_auth_method":"client_secret_post")"));
  REQUIRE_FALSE(done.refusal);
  const std::string made = f.text_of(json::parse(done.metadata).as_object(), "client_secret");
  CHECK(made.size() == 43);
  REQUIRE_FALSE(
      f.update(f.with_id(uris + R"(,"token_endpoint_auth_method":"private_key_jwt","jwks":)" + jwks())).refusal);
  CHECK(f.find_client(f.call.client_id).secrets.empty());
}

TEST_CASE("a client deletes itself, and its token is worth nothing afterwards") {
  ManagedFixture f;
  CHECK_FALSE(flow::delete_registration(*f.house, f.call, f.facts()).value().refusal);
  CHECK(f.events("client_delete").size() == 1);
  CHECK_FALSE(
      f.store->read([&](store::Tx& tx) { return store::find_client(tx, std::string_view(f.call.client_id)); }).value());
  CHECK(flow::delete_registration(*f.house, f.call, f.facts()).value().refusal->error == OAuthError::invalid_token);
  CHECK(flow::read_registration(*f.house, f.call, f.facts()).value().refusal->error == OAuthError::invalid_token);
}

TEST_CASE(
    "keys at an address are fetched again each hour and when a new one is named, and a broken set changes nothing") {
  RegistrationFixture f;
  f.documents["https://app.example.org/jwks"] = jwks();
  const json::object answer = f.register_client(
      R"({"redirect_uris":["https://app.example.org/"],"token_endpoint_auth_method":"private_key_jwt",)"
      R"("jwks_uri":"https://app.example.org/jwks"})");
  const std::string id = f.text_of(answer, "client_id");
  flow::KeyFetcher fetcher;
  const auto step = [&] { REQUIRE(fetcher.step(*f.house, f.fetch, f.now)); };
  step();
  CHECK(f.fetched.size() == 2);
  step();
  CHECK(f.fetched.size() == 2);
  CHECK(f.events("client_change").empty());
  f.now += 1h;
  f.documents["https://app.example.org/jwks"] = "broken";
  step();
  CHECK(f.fetched.size() == 3);
  CHECK(f.find_client(id).fetched_jwks == jwks());
  f.now += 1h;
  const auto next = crypto::SigningKey::generate(crypto::Algorithm::es256).value();
  f.documents["https://app.example.org/jwks"] = R"({"keys":[)" + next.public_jwk() + "]}";
  step();
  CHECK(f.find_client(id).fetched_jwks == f.documents["https://app.example.org/jwks"]);
  CHECK(f.events("client_change").front().data.find("jwks") != std::string::npos);
}
