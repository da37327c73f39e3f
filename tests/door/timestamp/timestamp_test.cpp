// The door of the time-stamp authority: raw requests of RFC 3161 over HTTP, and the call of the API.
#include <doctest/doctest.h>

#include <set>
#include <thread>

#include "app/config/config.hpp"
#include "base/bytes.hpp"
#include "crypto/cms/timestamp_request.hpp"
#include "door/app_fixture.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/timestamp/timestamp_authority.hpp"

using crypto::DigestKind;

namespace {

struct Stamping {
  door::App app;
  rights::Actor by = flow::make_operator("test");

  explicit Stamping(const std::function<void(app::Config&)>& change = {}) : app(change) {
    const flow::RequestFacts facts{"", "", "request-1", base::now()};
    REQUIRE(flow::create_authority(app.house(), by, {"", "Clinic", {}}, facts));
    REQUIRE(flow::make_timestamp_authority(app.house(), by, {}, facts));
  }
  [[nodiscard]] static crypto::TimestampRequest request_for(base::BytesView octets) {
    crypto::TimestampRequest request;
    request.imprint = crypto::digest(DigestKind::sha256, octets);
    request.nonce = crypto::make_nonce();
    request.wants_certificates = true;
    return request;
  }
  [[nodiscard]] door::Reply post(const std::string& body, const std::string& type = "application/timestamp-query",
                                 const std::string& authorization = {}) const {
    door::Browser browser(app.port());
    door::Browser::Headers headers{{"Content-Type", type}};
    if (!authorization.empty()) headers.emplace_back("Authorization", authorization);
    return browser.request("POST", "/timestamp", headers, body);
  }
  [[nodiscard]] door::Reply call(const std::string& json, const std::string& authorization) const {
    door::Browser browser(app.port());
    return browser.request("POST", "/api/v1/timestamps",
                           {{"Content-Type", "application/json"}, {"Authorization", authorization}}, json);
  }
};

std::string basic(const std::string& client, const std::string& secret) {
  return "Basic " + base::to_base64(client + ":" + secret);
}

rights::Client archive(std::vector<std::string> scopes) {
  rights::Client client;
  client.client_id = "archive";
  client.name = "Archive";
  client.auth = rights::ClientAuth::secret;
  client.kind = rights::ClientKind::machine;
  client.grants = {"client_credentials"};
  client.scopes = std::move(scopes);
  return client;
}

}  // namespace

TEST_CASE("a request gets a token, whoever asks") {
  const Stamping f;
  const auto request = Stamping::request_for("a text");
  const auto reply = f.post(crypto::make_timestamp_request(request).value());
  CHECK(reply.status == 200);
  CHECK(reply.header("content-type") == "application/timestamp-reply");
  CHECK(reply.header("set-cookie").empty());
  const auto token = crypto::read_timestamp_response(reply.body, request);
  REQUIRE_MESSAGE(token, base::describe(token.error()));
  const auto at = crypto::read_timestamp_info(*token)->at;
  CHECK(at <= base::now());
  CHECK(f.app.events("timestamp_issue").size() == 1);
}

TEST_CASE("what is no request is rejected by the protocol, what is of another type by HTTP") {
  const Stamping f;
  const auto request = Stamping::request_for("a text");
  const std::string octets = crypto::make_timestamp_request(request).value();
  const auto reason = [&](const std::string& body) {
    const auto reply = f.post(body);
    CHECK(reply.status == 200);
    return crypto::read_timestamp_response(reply.body, request).error().reason;
  };
  CHECK(door::has(reason("garbage"), "badDataFormat"));
  CHECK(door::has(reason(octets + "x"), "badDataFormat"));
  crypto::TimestampRequest old;
  old.digest_kind = DigestKind::sha1;
  old.imprint = crypto::digest(DigestKind::sha1, "a text");
  CHECK(door::has(reason(crypto::make_timestamp_request(old).value()), "badAlg"));
  CHECK(f.post(octets, "application/octet-stream").status == 415);
  CHECK(f.post(octets, "application/timestamp-query-not").status == 415);
  CHECK(f.post("").status == 400);
  const auto large = f.post(std::string(20000, 'x'));
  CHECK(large.status == 413);
  CHECK(large.header("content-type").starts_with("text/plain"));
  CHECK(f.post(octets, "application/timestamp-query", "Digest x").status == 400);
  CHECK(f.app.events("timestamp_issue").empty());
}

TEST_CASE("two hundred requests at the same time get two hundred numbers") {
  const Stamping f;
  constexpr std::size_t threads = 8;
  constexpr std::size_t each = 25;
  std::vector<std::set<std::string>> serials(threads);
  std::vector<std::thread> running;
  for (std::size_t i = 0; i < threads; ++i) {
    running.emplace_back([&, i] {
      for (std::size_t k = 0; k < each; ++k) {
        const auto request = Stamping::request_for(std::to_string(i * each + k));
        const auto reply = f.post(crypto::make_timestamp_request(request).value());
        const auto token = crypto::read_timestamp_response(reply.body, request);
        if (token) serials[i].insert(crypto::read_timestamp_info(*token)->serial);
      }
    });
  }
  for (auto& one : running) one.join();
  std::set<std::string> all;
  for (auto& some : serials) all.merge(some);
  CHECK(all.size() == threads * each);
}

TEST_CASE("where programs must say who they are, the scope decides") {
  const Stamping f([](app::Config& config) { config.timestamp.access = flow::TimestampAccess::known; });
  const auto request = Stamping::request_for("a text");
  const std::string octets = crypto::make_timestamp_request(request).value();
  const std::string type = "application/timestamp-query";
  const auto anonymous = f.post(octets);
  CHECK(anonymous.status == 401);
  CHECK_FALSE(anonymous.header("www-authenticate").empty());
  f.app.add_client(archive({"timestamp"}), "Archive-Secret-2026");
  CHECK(f.post(octets, type, basic("archive", "wrong")).status == 401);
  const auto reply = f.post(octets, type, basic("archive", "Archive-Secret-2026"));
  CHECK(reply.status == 200);
  CHECK(crypto::read_timestamp_response(reply.body, request));
  CHECK(f.app.events("timestamp_issue").front().client == "archive");
}

TEST_CASE("an application without the scope gets no stamp") {
  const Stamping f;
  f.app.add_client(archive({"audit:write"}), "Archive-Secret-2026");
  const std::string octets = crypto::make_timestamp_request(Stamping::request_for("a text")).value();
  CHECK(f.post(octets, "application/timestamp-query", basic("archive", "Archive-Secret-2026")).status == 403);
  CHECK(f.app.events("timestamp_refusal").size() == 1);
}

TEST_CASE("the API stamps a digest for an application") {
  const Stamping f;
  f.app.add_client(archive({"timestamp"}), "Archive-Secret-2026");
  const std::string who = basic("archive", "Archive-Secret-2026");
  const std::string digest = base::to_base64(crypto::digest(DigestKind::sha512, "a text"));
  const auto reply = f.call(R"({"digest":")" + digest + R"(","algorithm":"sha512"})", who);
  CHECK(reply.status == 200);
  const std::size_t at = reply.body.find(R"("token":")") + 9;
  const auto token = base::parse_base64(reply.body.substr(at, reply.body.find('"', at) - at));
  REQUIRE(token);
  const auto facts = crypto::read_timestamp_token(*token);
  CHECK(facts.flaw == crypto::TimestampFlaw::none);
  CHECK(facts.info.imprint == crypto::digest(DigestKind::sha512, "a text"));
  CHECK(door::has(reply.body, base::to_hex(facts.info.serial)));
  for (const char* const wrong : {R"({})", R"({"digest":"x"})", R"({"digest":"YWJj"})", R"({"digest":7})",
                                  R"({"digest":"YWJj","algorithm":"sha3"})", R"({"digest":"YWJj","more":"x"})"}) {
    CHECK_MESSAGE(f.call(wrong, who).status == 400, wrong);
  }
  const std::string good = R"({"digest":")" + base::to_base64(crypto::digest(DigestKind::sha256, "a")) + "\"}";
  CHECK(f.call(good, basic("archive", "wrong")).status == 401);
  const std::string policy = good.substr(0, good.size() - 1) + R"(,"policy":"1.2.3"})";
  const auto refused = f.call(policy, who);
  CHECK(refused.status == 422);
  CHECK(door::has(refused.body, "unacceptedPolicy"));
}

TEST_CASE("the API hashes the document of a form, and keeps nothing of it") {
  const Stamping f;
  f.app.add_client(archive({"timestamp"}), "Archive-Secret-2026");
  const std::string who = basic("archive", "Archive-Secret-2026");
  const auto send = [&](const std::string& parts, const std::string& authorization) {
    door::Browser browser(f.app.port());
    return browser.request("POST", "/api/v1/timestamps",
                           {{"Content-Type", "multipart/form-data; boundary=b1"}, {"Authorization", authorization}},
                           parts + "--b1--\r\n");
  };
  const auto field = [](const std::string& name, const std::string& value) {
    return "--b1\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
  };
  const auto file = [](const std::string& name, const std::string& octets) {
    return "--b1\r\nContent-Disposition: form-data; name=\"" + name + "\"; filename=\"a\"\r\n\r\n" + octets + "\r\n";
  };
  const auto reply = send(field("algorithm", "sha384") + file("document", "a text"), who);
  CHECK(reply.status == 200);
  const std::size_t at = reply.body.find(R"("token":")") + 9;
  const auto token = base::parse_base64(reply.body.substr(at, reply.body.find('"', at) - at));
  REQUIRE(token);
  CHECK(crypto::read_timestamp_token(*token).info.imprint == crypto::digest(DigestKind::sha384, "a text"));
  for (const std::string& wrong :
       {std::string(), field("document", "a text"), file("other", "a text"),
        file("document", "a") + field("algorithm", "sha3"), file("document", "a") + field("colour", "red"),
        file("document", "a") + file("document", "b")}) {
    CHECK_MESSAGE(send(wrong, who).status == 400, wrong);
  }
  CHECK(send(file("document", "a"), basic("archive", "wrong")).status == 401);
  CHECK(f.app.events("timestamp_issue").size() == 1);
}

TEST_CASE("without an authority there is nothing here") {
  const door::App app;
  door::Browser browser(app.port());
  const std::string octets = crypto::make_timestamp_request(Stamping::request_for("a text")).value();
  CHECK(browser.request("POST", "/timestamp", {{"Content-Type", "application/timestamp-query"}}, octets).status == 404);
  CHECK(browser.get("/timestamp").status == 405);
}
