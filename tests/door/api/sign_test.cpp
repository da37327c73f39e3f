// Signing for programs (S4.22): raw JSON and forms with files in, signatures out.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>
#include <filesystem>

#include "app/config/config.hpp"
#include "base/bytes.hpp"
#include "crypto/cms/certificate_parts.hpp"
#include "crypto/digest/digest.hpp"
#include "crypto/signing/soft_key.hpp"
#include "door/app_fixture.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/registration/api_token.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/make_credential.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "signature/cades/read_cades.hpp"
#include "signature/xades/xades_reader.hpp"
#include "store/account/accounts.hpp"
#include "store/account/identifiers.hpp"
#include "store/audit/audit_log.hpp"
#include "store/oauth/api_tokens.hpp"
#include "store/oauth/clients.hpp"

namespace {

using door::App;
using door::Browser;
using door::Reply;
namespace json = boost::json;

constexpr const char* pin = "274831";
const std::string portal = "Basic " + base::to_base64("demo-portal:demo-portal-secret");

struct Site {
  explicit Site(const std::function<void(app::Config&)>& change = {}) : app(change) {
    REQUIRE(app.house().store.write([](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(auto client, store::find_client(tx, std::string_view("demo-portal")));
      client->scopes.emplace_back("sign");
      return store::update_client(tx, *client, base::now());
    }));
    const auto made = flow::create_authority(app.house(), by, {"", "Clinic", crypto::KeyKind::ec_p256}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    seal = make("", flow::Activation::none);
  }
  [[nodiscard]] static flow::RequestFacts facts() { return {"127.0.0.1", "Test", "request-1", base::now()}; }
  [[nodiscard]] store::SigningCredential make(const std::string& account, flow::Activation activation) const {
    flow::CredentialWish wish;
    wish.owner.account = account;
    wish.owner.is_seal = account.empty();
    wish.label = "Signature";
    wish.activation = activation;
    if (activation == flow::Activation::pin) wish.pin = base::Secret(pin);
    wish.is_issued = true;
    auto credential = flow::create_credential(app.house(), by, wish, facts());
    REQUIRE_MESSAGE(credential, base::describe(credential.error()));
    return *credential;
  }
  /// A personal token of Anna.
  [[nodiscard]] std::string token_of_anna(const std::string& scopes = "sign") const {
    flow::MadeToken made = flow::make_token(flow::TokenKind::personal, base::now());
    made.row.name = "archive";
    made.row.scopes = scopes;
    made.row.account_id = anna();
    made.row.tenant_id = seal.tenant_id;
    made.row.expires_at = base::now() + std::chrono::hours(1);
    REQUIRE(app.house().store.write([&](store::Tx& tx) { return store::insert_api_token(tx, made.row); }));
    return "Bearer " + std::string(made.text.reveal());
  }
  [[nodiscard]] base::Id anna() const {
    return app.house()
        .store.read([](store::Tx& tx) { return store::find_account_by_login(tx, "anna.kowalska", base::now()); })
        .value()
        .value()
        .id;
  }
  [[nodiscard]] Reply send(const std::string& method, const std::string& path, const std::string& authorization,
                           const std::string& body = {}, std::vector<std::pair<std::string, std::string>> more = {},
                           const std::string& type = "application/json") const {
    Browser program(app.port());
    more.emplace_back("Authorization", authorization);
    if (method == "POST") more.emplace_back("Content-Type", type);
    return program.request(method, path, more, body);
  }
  [[nodiscard]] Reply post(const json::object& body, const std::string& path = "/api/v1/sign",
                           const std::string& authorization = portal) const {
    return send("POST", path, authorization, json::serialize(body));
  }
  [[nodiscard]] json::object wish(const std::string& document) const {
    return {{"credential_id", seal.id.to_string()}, {"document", base::to_base64(document)}, {"name", "report.txt"}};
  }
  [[nodiscard]] std::int64_t uses() const {
    return app.house()
        .store.read([&](store::Tx& tx) { return store::find_signing_credential(tx, seal.id); })
        .value()
        ->uses;
  }

  App app;
  rights::Actor by = flow::make_operator("test");
  store::SigningCredential seal;
};

json::object object_of(const Reply& reply) {
  return json::parse(reply.body).as_object();
}
std::string problem_of(const Reply& reply) {
  return std::string(object_of(reply).at("type").as_string()).substr(21);
}
std::string octets_of(const json::value& text) {
  return base::parse_base64(std::string(text.as_string())).value();
}
bool is_right(const std::string& cades, const std::string& content) {
  const flow::ContentInMemory document("document", content);
  const auto view = signature::read_cades(cades, &document);
  return view.flaw.empty() && view.signatures.size() == 1 && view.signatures[0].are_digests_right &&
         view.signatures[0].is_value_right;
}

}  // namespace

TEST_CASE("an application signs a document in one call with the seal of its organisation") {
  const Site site;
  const Reply reply = site.post(site.wish("a report"));
  REQUIRE(reply.status == 200);
  const json::object answer = object_of(reply);
  CHECK(answer.at("state") == "done");
  CHECK(answer.at("job_number").as_string().size() == 7);
  CHECK(is_right(octets_of(answer.at("document")), "a report"));
  const json::object item = answer.at("items").as_array().at(0).as_object();
  CHECK(item.at("outcome") == "signed");
  CHECK(item.at("file") == "report.txt.p7s");
  CHECK(item.at("media_type") == "application/pkcs7-signature");
  CHECK(octets_of(item.at("document")) == octets_of(answer.at("document")));
  // Nobody can come back to it, so that it is not kept.
  const std::string path = "/api/v1/sign/" + std::string(answer.at("job_id").as_string());
  CHECK(site.send("GET", path, portal).status == 404);
  store::AuditFilter filter;
  filter.type = "document_sign";
  const auto events = site.app.house().store.read([&](store::Tx& tx) { return store::find_events(tx, filter); });
  REQUIRE(events.value().events.size() == 1);
  CHECK(events.value().events[0].client == "demo-portal");
}

TEST_CASE("a stack comes back in its order, with the document named that could not be signed") {
  const Site site;
  json::array documents;
  for (const char* text : {"<a/>", "<broken", "<c/>"}) {
    documents.push_back({{"name", std::string(text).substr(1, 1) + ".xml"}, {"document", base::to_base64(text)}});
  }
  const Reply reply = site.post({{"credential_id", site.seal.id.to_string()},
                                 {"format", "xades"},
                                 {"packaging", "enveloped"},
                                 {"element", nullptr},
                                 {"documents", documents}});
  REQUIRE(reply.status == 200);
  const json::array items = object_of(reply).at("items").as_array();
  REQUIRE(items.size() == 3);
  CHECK(items[0].at("outcome") == "signed");
  CHECK(items[1].at("outcome") == "failed");
  CHECK(items[1].at("error") == "xml_malformed");
  CHECK(items[1].at("name") == "b.xml");
  CHECK(octets_of(items[2].at("document")).starts_with("<c>"));
  CHECK_FALSE(object_of(reply).contains("document"));
}

TEST_CASE("files of a form are signed like documents in JSON") {
  const Site site;
  const auto part = [](const std::string& head, const std::string& octets) {
    return "--mark\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + octets + "\r\n";
  };
  const std::string body = part("name=\"credential_id\"", site.seal.id.to_string()) +
                           part("name=\"document\"; filename=\"a.txt\"", "first") +
                           part("name=\"document\"; filename=\"../../etc/b.txt\"", "second") + "--mark--\r\n";
  const Reply reply = site.send("POST", "/api/v1/sign", portal, body, {}, "multipart/form-data; boundary=mark");
  REQUIRE(reply.status == 200);
  const json::array items = object_of(reply).at("items").as_array();
  REQUIRE(items.size() == 2);
  CHECK(items[1].at("name") == "b.txt");
  CHECK(is_right(octets_of(items[1].at("document")), "second"));
}

TEST_CASE("the same request with the same Idempotency-Key is signed once") {
  const Site site;
  const std::string body = json::serialize(site.wish("once"));
  const std::vector<std::pair<std::string, std::string>> key{{"Idempotency-Key", "order 17"}};
  const Reply first = site.send("POST", "/api/v1/sign", portal, body, key);
  const Reply second = site.send("POST", "/api/v1/sign", portal, body, key);
  REQUIRE(first.status == 200);
  REQUIRE(second.status == 200);
  CHECK(object_of(first) == object_of(second));
  CHECK(site.uses() == 1);
  const Reply other = site.send("POST", "/api/v1/sign", portal, json::serialize(site.wish("another")), key);
  CHECK(other.status == 422);
  CHECK(problem_of(other) == "idempotency-key-reused");
  CHECK(site.send("POST", "/api/v1/sign", portal, body, {{"Idempotency-Key", std::string(256, 'x')}}).status == 400);
}

TEST_CASE("a person's program signs with a personal token and the PIN") {
  const Site site;
  const auto credential = site.make("anna.kowalska", flow::Activation::pin);
  json::object wish = site.wish("a letter");
  wish["credential_id"] = credential.id.to_string();
  const std::string token = site.token_of_anna();
  const Reply missing = site.post(wish, "/api/v1/sign", token);
  CHECK(missing.status == 403);
  CHECK(problem_of(missing) == "pin-missing");
  wish["pin"] = "000111";
  CHECK(problem_of(site.post(wish, "/api/v1/sign", token)) == "wrong-pin");
  wish["pin"] = pin;
  const Reply reply = site.post(wish, "/api/v1/sign", token);
  REQUIRE(reply.status == 200);
  CHECK(is_right(octets_of(object_of(reply).at("document")), "a letter"));
  // It is nobody else's.
  CHECK(problem_of(site.post(wish)) == "no-credential");
  const Reply list = site.send("GET", "/api/v1/credentials", token);
  REQUIRE(list.status == 200);
  bool is_listed = false;
  const json::object listed = object_of(list);
  for (const json::value& one : listed.at("items").as_array()) {
    is_listed = is_listed || one.at("credential_id") == json::value(credential.id.to_string());
  }
  CHECK(is_listed);
}

TEST_CASE("no document is taken from a program that may not make the call, however it proves itself") {
  const std::string folder =
      std::filesystem::temp_directory_path() / ("chancery-refused-" + base::to_hex(base::random_bytes(8)));
  const Site site([&](app::Config& config) { door::set(config, "signing.folder", folder); });
  // The document never comes: what answers has read the header alone.
  const auto ask = [&](const std::string& path, const std::string& authorization) {
    door::Connection program(site.app.port());
    const std::string host = "localhost:" + std::to_string(site.app.port());
    program.send("POST " + path + " HTTP/1.1\r\nHost: " + host + "\r\n" +
                 (authorization.empty() ? "" : "Authorization: " + authorization + "\r\n") +
                 "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 3000000\r\n"
                 "Expect: 100-continue\r\n\r\n");
    return program.read(true);
  };
  const std::string wrong = "Basic " + base::to_base64("demo-portal:other-secret");
  const std::string without_scope = site.token_of_anna("audit:write");
  for (const char* path : {"/api/v1/sign", "/api/v1/sign/prepare", "/api/v1/timestamps", "/api/v1/verify"}) {
    CAPTURE(path);
    for (const std::string& one : {std::string(), std::string("Basic eDp5"), wrong, std::string("Bearer chy_pat_x"),
                                   std::string("Bearer a.b.c"), std::string("Other x")}) {
      const Reply refused = ask(path, one);
      CHECK(refused.status == 401);
      CHECK(refused.header("www-authenticate") != "");
      CHECK(refused.header("content-type") == "application/problem+json");
    }
    CHECK(ask(path, without_scope).status == 403);
    CHECK(ask(path, site.token_of_anna("sign timestamp verify")).status == 100);
  }
  CHECK(ask("/api/v1/sign", portal).status == 100);
  // What an application tried is on record.
  for (const char* type : {"key_refusal", "timestamp_refusal", "validation_refusal"}) {
    const auto events = site.app.events(type);
    const auto is_of_portal = [](const audit::Event& event) { return event.client == "demo-portal"; };
    CHECK(std::any_of(events.begin(), events.end(), is_of_portal));
  }
  std::filesystem::remove_all(folder);
}

TEST_CASE("who has no right to sign is told nothing but that") {
  const Site site;
  const json::object wish = site.wish("text");
  CHECK(site.send("POST", "/api/v1/sign", "Basic eDp5", json::serialize(wish)).status == 401);
  CHECK(site.send("POST", "/api/v1/sign", "Bearer chy_pat_x", json::serialize(wish)).status == 401);
  const Reply without = site.post(wish, "/api/v1/sign", site.token_of_anna("verify timestamp"));
  CHECK(without.status == 403);
  CHECK(problem_of(without) == "insufficient-scope");
  REQUIRE(site.app.house().store.write([](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(auto client, store::find_client(tx, std::string_view("demo-portal")));
    client->scopes.pop_back();
    return store::update_client(tx, *client, base::now());
  }));
  for (const char* path : {"/api/v1/sign", "/api/v1/sign/prepare"}) {
    CHECK(problem_of(site.post(wish, path)) == "insufficient-scope");
  }
  CHECK(problem_of(site.send("GET", "/api/v1/credentials", portal)) == "insufficient-scope");
  CHECK(site.uses() == 0);
}

TEST_CASE("what is wrong with a request to sign is told member by member, and a limit by its number") {
  const Site site;
  const auto errors_of = [&](const json::object& body) {
    const Reply reply = site.post(body);
    CHECK(reply.status == 400);
    std::string fields;
    const json::object answer = object_of(reply);
    if (!answer.contains("errors")) return std::string(answer.at("type").as_string());
    for (const json::value& one : answer.at("errors").as_array()) {
      fields.append(fields.empty() ? "" : " ").append(std::string(one.at("field").as_string()));
    }
    return fields;
  };
  json::object wish = site.wish("text");
  wish["format"] = "pdf";
  wish["level"] = 1;
  wish["colour"] = "red";
  wish["document"] = "no base64";
  CHECK(errors_of(wish) == "document format level colour");
  CHECK(errors_of({{"document", "YQ=="}}) == "credential_id");
  CHECK(errors_of({{"document", "YQ=="}, {"credential_id", "seal"}}) == "credential_id");
  wish = site.wish("text");
  wish["document"] = json::object{{"algorithm", "sha256"}};
  CHECK(errors_of(wish) == "document.digest");
  wish["documents"] = json::array{};
  wish["document"] = "YQ==";
  CHECK(errors_of(wish) == "documents");
  CHECK(site.send("POST", "/api/v1/sign", portal, "[]").status == 400);
  CHECK(site.send("POST", "/api/v1/sign", portal, R"({"pin":"1","pin":"2"})").status == 400);
  CHECK(site.send("POST", "/api/v1/sign", portal, "x", {}, "text/plain").status == 400);
  wish = site.wish("text");
  wish["format"] = "jades";
  CHECK(problem_of(site.post(wish)) == "format-not-built");
  wish = site.wish("text");
  wish["packaging"] = "enveloped";
  CHECK(problem_of(site.post(wish)) == "packaging-wrong");
  json::array many;
  for (int i = 0; i < 251; ++i) many.push_back(json::object{{"document", "YQ=="}});
  const Reply refused = site.post({{"credential_id", site.seal.id.to_string()}, {"documents", many}});
  CHECK(refused.status == 413);
  CHECK(object_of(refused).at("limit") == 250);
  CHECK(site.uses() == 0);
}

TEST_CASE("two steps: the octets go out, a value of the credential's key comes back, or its key signs here") {
  const Site site;
  json::object wish = site.wish("inside");
  wish["packaging"] = "enveloping";
  const Reply prepared = site.post(wish, "/api/v1/sign/prepare");
  REQUIRE(prepared.status == 201);
  const json::object job = object_of(prepared);
  CHECK(job.at("algorithm") == "ecdsa-sha256");
  CHECK_FALSE(octets_of(job.at("to_be_signed")).empty());
  const std::string path = "/api/v1/sign/" + std::string(job.at("job_id").as_string());
  const Reply look = site.send("GET", path, portal);
  REQUIRE(look.status == 200);
  CHECK(object_of(look).at("items").as_array().at(0).at("outcome") == "waiting");
  CHECK(site.send("GET", path + "/items/0", portal).status == 404);
  const Reply wrong = site.post({{"signature_value", base::to_base64("no value")}}, path + "/complete");
  CHECK(wrong.status == 422);
  CHECK(problem_of(wrong) == "wrong-signature-value");
  CHECK(site.post({{"signature_value", "YQ=="}}, path + "/complete", site.token_of_anna()).status == 404);
  const Reply done = site.post({}, path + "/complete");
  REQUIRE(done.status == 200);
  const std::string made = octets_of(object_of(done).at("document"));
  CHECK(signature::read_attached_content(made) == "inside");
  const Reply file = site.send("GET", path + "/items/0", portal);
  CHECK(file.status == 200);
  CHECK(file.body == made);
  CHECK(file.header("content-type") == "application/pkcs7-mime");
  CHECK(problem_of(site.post({{"signature_value", "YQ=="}}, path + "/complete")) == "job-over");
  CHECK(site.send("DELETE", path, portal).status == 204);
  CHECK(site.send("GET", path, portal).status == 404);
  CHECK(site.send("DELETE", path, portal).status == 404);
  for (const char* none : {"/api/v1/sign/x", "/api/v1/sign/x/items/0"})
    CHECK(site.send("GET", none, portal).status == 404);
}

TEST_CASE("files of a form that are too large for memory are signed and verified, and nothing of them is left") {
  const std::string folder =
      std::filesystem::temp_directory_path() / ("chancery-bodies-" + base::to_hex(base::random_bytes(8)));
  const Site site([&](app::Config& config) {
    door::set(config, "signing.folder", folder);
    door::set(config, "signing.most_size", "2MiB");
  });
  const auto send = [&](const std::vector<std::pair<std::string, std::string>>& fields, const std::string& octets) {
    std::string body;
    for (const auto& [name, text] : fields) {
      body += "--b1\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n";
    }
    body += "--b1\r\nContent-Disposition: form-data; name=\"document\"; filename=\"a.bin\"\r\n\r\n" + octets + "\r\n";
    return site.send("POST", "/api/v1/sign", portal, body + "--b1--\r\n", {}, "multipart/form-data; boundary=b1");
  };
  const std::string seal = site.seal.id.to_string();
  const std::string large(1'500'000, 'l');
  const Reply detached = send({{"credential_id", seal}}, large);
  REQUIRE(detached.status == 200);
  CHECK(is_right(octets_of(object_of(detached).at("document")), large));
  CHECK_FALSE(is_right(octets_of(object_of(detached).at("document")), large + "l"));
  const Reply inside = send({{"credential_id", seal}, {"packaging", "enveloping"}}, large);
  REQUIRE(inside.status == 200);
  const auto view = signature::read_cades(octets_of(object_of(inside).at("document")), nullptr);
  REQUIRE(view.signatures.size() == 1);
  CHECK(view.signatures[0].are_digests_right);
  const Reply too_large = send({{"credential_id", seal}}, std::string(2 * 1024 * 1024 + 1, 'x'));
  CHECK(too_large.status == 413);
  CHECK(problem_of(too_large) == "document-too-large");
  CHECK(object_of(too_large).at("limit") == 2 * 1024 * 1024);
  CHECK(send({{"credential_id", seal}, {"credential_id", seal}}, large).status == 400);
  CHECK(std::filesystem::is_empty(folder));
  std::filesystem::remove_all(folder);
}
