// What a client cannot do with the token of its registration: lift what an administrator has limited, fill the audit
// log, or take all threads by a document that comes slowly.
#include <doctest/doctest.h>

#include "crypto/key/signing_key.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/client/client_assertion.hpp"
#include "flow/grant/device.hpp"
#include "flow/registration/registration_fixture.hpp"

using namespace std::chrono_literals;
using flow::OAuthError;
namespace json = boost::json;

namespace {

constexpr const char* uris = R"("redirect_uris":["https://app.example.org/callback"])";

struct Updates : testing::RegistrationFixture {
  Updates() { begin(""); }
  /// A client with further members, which has its own token.
  void begin(const std::string& members) {
    const json::object answer = register_client(std::string("{") + uris + members + "}");
    call = {text_of(answer, "client_id"), text_of(answer, "registration_access_token")};
  }
  flow::ClientInformation update(const std::string& members) {
    const std::string body = R"({"client_id":")" + call.client_id + "\"," + uris + members + "}";
    auto done = flow::update_registration({*house, {fetch, gate}}, call, body, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return std::move(*done);
  }
  void is_fine(const std::string& members) {
    const auto done = update(members);
    CHECK_MESSAGE(!done.refusal, done.refusal->description);
  }
  bool is_refused(const std::string& members) {
    const auto done = update(members);
    return done.refusal && done.refusal->error == OAuthError::invalid_client_metadata;
  }
  rights::Client client() { return find_client(call.client_id); }
  flow::ManagementCall call;
};

}  // namespace

TEST_CASE("an update keeps pairwise subjects and pushed requests that an administrator demands") {
  Updates f;
  f.change_client(f.call.client_id, [](rights::Client& client) {
    client.is_pairwise = true;
    client.require_par = true;
  });
  f.is_fine(R"(,"subject_type":"public","require_pushed_authorization_requests":false)");
  CHECK(f.client().is_pairwise);
  CHECK(f.client().require_par);
}

TEST_CASE("an update gives no grant back that an administrator has taken, and no offline access without one") {
  Updates f;
  f.begin(R"(,"grant_types":["authorization_code","refresh_token","client_credentials"])");
  REQUIRE(f.client().scopes.back() == "offline_access");
  f.change_client(f.call.client_id, [](rights::Client& client) { client.grants = {"authorization_code"}; });
  f.is_fine(R"(,"grant_types":["authorization_code","refresh_token","client_credentials"])");
  CHECK(f.client().grants == std::vector<std::string>{"authorization_code"});
  CHECK_FALSE(rights::is_registered(f.client().scopes, "offline_access"));
  CHECK(f.is_refused(R"(,"grant_types":["client_credentials"])"));
  CHECK(f.client().grants == std::vector<std::string>{"authorization_code"});
}

TEST_CASE("an update may prove the client more strongly and never more weakly") {
  Updates f;
  f.begin(R"(,"token_endpoint_auth_method":"none")");
  f.is_fine(R"(,"token_endpoint_auth_method":"none")");
  f.is_fine(R"(,"token_endpoint_auth_method":"client_secret_basic")");
  CHECK(f.client().require_pkce);
  CHECK(f.is_refused(R"(,"token_endpoint_auth_method":"none")"));
  f.is_fine(R"(,"token_endpoint_auth_method":"client_secret_post")");
  f.documents["https://app.example.org/jwks"] =
      R"({"keys":[)" + crypto::SigningKey::generate(crypto::Algorithm::es256).value().public_jwk() + "]}";
  f.is_fine(R"(,"token_endpoint_auth_method":"private_key_jwt","jwks_uri":"https://app.example.org/jwks")");
  CHECK(f.client().secrets.empty());
  CHECK(f.is_refused(R"(,"token_endpoint_auth_method":"client_secret_basic")"));
  CHECK(f.is_refused(""));
  CHECK(f.client().auth == rights::ClientAuth::private_key_jwt);
}

TEST_CASE("an administrator ends the token of a registration, and the client stays") {
  Updates f;
  flow::ClientWish wish;
  wish.ends_registration = true;
  CHECK(flow::change_client(*f.house, f.operator_actor(), f.call.client_id, wish, f.facts()).value());
  CHECK_FALSE(flow::change_client(*f.house, f.operator_actor(), f.call.client_id, wish, f.facts()).value());
  CHECK(f.events("client_change").front().data.find("registration_token") != std::string::npos);
  CHECK(f.update("").refusal->error == OAuthError::invalid_token);
  CHECK(flow::read_registration(*f.house, f.call, f.facts()).value().refusal->error == OAuthError::invalid_token);
  CHECK(f.client().enabled);
}

TEST_CASE("a client is changed twenty times an hour by its token, refused updates counted") {
  Updates f;
  for (int i = 0; i < 19; ++i) f.is_fine(R"(,"client_name":"N)" + std::to_string(i) + "\"");
  CHECK(f.is_refused(R"(,"subject_type":"secret")"));
  const auto events = f.events().size();
  const auto refused = f.update(R"(,"client_name":"Last")");
  REQUIRE(refused.refusal);
  CHECK(refused.refusal->error == OAuthError::temporarily_unavailable);
  CHECK(refused.refusal->retry_after > 0);
  CHECK(f.events().size() == events);
  CHECK(f.client().name == "N18");
  // Others are not concerned, and it may read what it is.
  CHECK_FALSE(flow::read_registration(*f.house, f.call, f.facts()).value().refusal);
  const flow::ManagementCall first = f.call;
  f.begin("");
  f.is_fine("");
  f.call = first;
  f.now += 1h;
  f.is_fine("");
}

TEST_CASE("a pairwise client needs one sector when it registers and when it changes") {
  Updates f;
  for (const char* redirect : {R"([])", R"(["https://a.example.org/","https://b.example.org/"])"}) {
    const auto refusal = f.refusal_of(
        std::string(R"({"subject_type":"pairwise","grant_types":["client_credentials"],"redirect_uris":)") + redirect +
        "}");
    CHECK(refusal.error == OAuthError::invalid_client_metadata);
    CHECK(refusal.description.find("one sector") != std::string::npos);
  }
  f.change_client(f.call.client_id, [](rights::Client& client) { client.is_pairwise = true; });
  const std::string body = R"({"client_id":")" + f.call.client_id +
                           R"(","redirect_uris":["https://app.example.org/","https://other.example.org/"]})";
  const auto done = flow::update_registration({*f.house, {f.fetch, f.gate}}, f.call, body, f.facts());
  CHECK(done.value().refusal->description.find("one sector") != std::string::npos);
}

TEST_CASE("contacts are at most ten short lines") {
  Updates f;
  f.is_fine(R"(,"contacts":["admin@example.org","Zespół, tel. 22 000 00 00"])");
  for (const std::string& bad : {std::string(R"("a\u0000b")"), std::string(R"("a\r\nb")"), std::string(R"("")"),
                                 '"' + std::string(201, 'a') + '"', std::string(R"("a\u202eb")")}) {
    CHECK_MESSAGE(f.is_refused(R"(,"contacts":[)" + bad + "]"), bad);
  }
  CHECK(f.is_refused(R"(,"contacts":["1","2","3","4","5","6","7","8","9","10","11"])"));
  CHECK(f.client().contacts.size() == 2);
}

TEST_CASE("two requests wait for documents at once, one of each client, and the others come back later") {
  Updates f;
  f.documents["https://app.example.org/uris"] = R"(["https://app.example.org/callback"])";
  const std::string with_document = R"(,"sector_identifier_uri":"https://app.example.org/uris")";
  const auto is_busy = [&] {
    const auto done = f.update(with_document);
    return done.refusal && done.refusal->error == OAuthError::temporarily_unavailable && done.refusal->retry_after > 0;
  };
  {
    const auto own = f.gate.enter(f.call.client_id);
    REQUIRE(own);
    CHECK(is_busy());
    CHECK(f.fetched.empty());
    CHECK_FALSE(f.gate.enter(f.call.client_id));
    f.is_fine("");  // it needs no document
  }
  {
    const auto one = f.gate.enter("one");
    const auto two = f.gate.enter("two");
    REQUIRE(two);
    CHECK_FALSE(f.gate.enter("three"));
    CHECK(is_busy());
    CHECK(f.refusal_of(std::string("{") + uris + with_document + "}").error == OAuthError::temporarily_unavailable);
    CHECK(f.fetched.empty());
  }
  f.is_fine(with_document);
  CHECK(f.fetched.size() == 1);
}

TEST_CASE("an update during which somebody else changed the client is a conflict and changes nothing") {
  Updates f;
  const flow::FetchDocument slow = [&](const std::string&) -> base::Result<std::string> {
    f.change_client(f.call.client_id, [](rights::Client& client) { client.level = 2; });
    return std::string(R"(["https://app.example.org/callback"])");
  };
  const std::string body = R"({"client_id":")" + f.call.client_id + "\"," + uris +
                           R"(,"client_name":"Late","sector_identifier_uri":"https://app.example.org/uris"})";
  const auto done = flow::update_registration({*f.house, {slow, f.gate}}, f.call, body, f.facts());
  REQUIRE_FALSE(done);
  CHECK(done.error().code == base::Code::conflict);
  CHECK(f.client().level == 2);
  CHECK(f.client().name != "Late");
}

TEST_CASE("clients whose keys do not come rest, and the turn goes on with the others after a few") {
  Updates f;
  for (int i = 0; i < 6; ++i) {
    const std::string address = "https://app" + std::to_string(i) + ".example.org/jwks";
    f.documents[address] =
        R"({"keys":[)" + crypto::SigningKey::generate(crypto::Algorithm::es256).value().public_jwk() + "]}";
    f.begin(R"(,"token_endpoint_auth_method":"private_key_jwt","jwks_uri":")" + address + "\"");
  }
  f.documents.clear();
  f.fetched.clear();
  flow::KeyFetcher fetcher;
  const auto step = [&] { return fetcher.step(*f.house, f.fetch, f.now).value(); };
  CHECK(step());
  CHECK(f.fetched.size() == 4);
  CHECK_FALSE(step());
  CHECK(f.fetched.size() == 6);
  CHECK_FALSE(step());
  CHECK(f.fetched.size() == 6);
  // An assertion that names a key of nobody's makes no more calls than one a minute.
  const rights::Client client = f.client();
  const auto name_new_key = [&] {
    const std::string assertion = base::to_base64url(R"({"alg":"ES256","kid":"new"})") + "." +
                                  base::to_base64url(R"({"sub":")" + client.client_id + "\"}") + ".AAAA";
    (void)f.store->write(
        [&](store::Tx& tx) { return flow::judge_client_assertion(*f.house, tx, client, assertion, f.now); });
  };
  name_new_key();
  CHECK_FALSE(step());
  CHECK(f.fetched.size() == 6);
  f.now += 1min;
  name_new_key();
  CHECK_FALSE(step());
  CHECK(f.fetched.size() == 7);
}

TEST_CASE("a pairwise client takes no device codes, because it could name the sector of another application there") {
  Updates f;
  constexpr const char* both =
      R"(,"subject_type":"pairwise","grant_types":["authorization_code","urn:ietf:params:oauth:grant-type:device_code"])";
  // The address is that of the other application; no code ever comes back from it.
  CHECK(f.refusal_of(std::string("{") + uris + both + "}").description.find("device codes") != std::string::npos);
  f.documents["https://app.example.org/sector.json"] = "[]";
  CHECK(
      f.refusal_of(
           R"({"subject_type":"pairwise","sector_identifier_uri":"https://app.example.org/sector.json","redirect_uris":[],)"
           R"("response_types":[],"grant_types":["urn:ietf:params:oauth:grant-type:device_code"]})")
          .error == OAuthError::invalid_client_metadata);
  f.begin(R"(,"grant_types":["authorization_code","urn:ietf:params:oauth:grant-type:device_code"])");
  CHECK(f.is_refused(both));
  // One that was registered before, or that an administrator made pairwise later, begins no device.
  f.change_client(f.call.client_id, [](rights::Client& client) {
    client.auth = rights::ClientAuth::none;
    client.secrets.clear();
  });
  const flow::DeviceRequest wished{{flow::ClientMethod::none, f.call.client_id, {}}, "openid", {}};
  CHECK_FALSE(flow::begin_device(*f.house, wished, f.facts())->refusal);
  f.change_client(f.call.client_id, [](rights::Client& client) { client.is_pairwise = true; });
  CHECK(flow::begin_device(*f.house, wished, f.facts())->refusal->error == OAuthError::unauthorized_client);
}
