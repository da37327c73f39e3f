// A program has documents verified (S4.21): JSON and files in, the report out.
#include <doctest/doctest.h>

#include <boost/json.hpp>

#include "base/bytes.hpp"
#include "door/app_fixture.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/publish_lists.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/signing/make_credential.hpp"
#include "store/engine/store.hpp"
#include "store/oauth/clients.hpp"

namespace {

using door::App;
using door::Browser;
using door::Reply;
namespace json = boost::json;

constexpr const char* path = "/api/v1/verify";
const std::string portal = "Basic " + base::to_base64("demo-portal:demo-portal-secret");

struct Site {
  App app;

  Site() {
    REQUIRE(app.house().store.write([](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(auto client, store::find_client(tx, std::string_view("demo-portal")));
      client->scopes.emplace_back("verify");
      client->scopes.emplace_back("sign");
      return store::update_client(tx, *client, base::now());
    }));
  }

  [[nodiscard]] Reply send(const std::string& body, const std::string& type = "application/json",
                           const std::string& authorization = portal) const {
    return post(path, body, type, authorization);
  }
  [[nodiscard]] Reply post(const char* to, const std::string& body, const std::string& type = "application/json",
                           const std::string& authorization = portal) const {
    Browser program(app.port());
    Browser::Headers headers{{"Content-Type", type}};
    if (!authorization.empty()) headers.emplace_back("Authorization", authorization);
    return program.request("POST", to, headers, body);
  }
  /// The id of a new seal, whose certificate is by an authority of this installation.
  [[nodiscard]] std::string make_seal() const {
    const auto by = flow::make_operator("test");
    const flow::RequestFacts facts{"127.0.0.1", "Test", "request-1", base::now()};
    REQUIRE(flow::create_authority(app.house(), by, {"", "Clinic", crypto::KeyKind::ec_p256}, facts));
    flow::CredentialWish wish;
    wish.owner.is_seal = true;
    wish.activation = flow::Activation::none;
    wish.label = "Seal";
    wish.is_issued = true;
    const auto made = flow::create_credential(app.house(), by, wish, facts);
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    REQUIRE(flow::publish_due_lists(app.house(), base::now()));
    return made->id.to_string();
  }
  [[nodiscard]] json::object verify(const json::object& wish) const {
    const Reply reply = send(json::serialize(wish));
    REQUIRE(reply.status == 200);
    return json::parse(reply.body).as_object();
  }
};

std::string words_of(const json::object& report) {
  const json::value& sub = report.at("sub_indication");
  return std::string(report.at("indication").as_string()) +
         (sub.is_string() && !sub.as_string().empty() ? " " + std::string(sub.as_string()) : "");
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

std::string problem_of(const Reply& reply) {
  return std::string(json::parse(reply.body).as_object().at("type").as_string());
}

}  // namespace

TEST_CASE("the report of a document is answered whatever it says, in JSON and for files alike") {
  const Site site;
  const json::object wish{{"document", base::to_base64("<letter/>")}, {"name", "letter.xml"}};
  const Reply reply = site.send(json::serialize(wish));
  REQUIRE(reply.status == 200);
  const json::object report = json::parse(reply.body).as_object();
  CHECK(report.at("indication").as_string() == "TOTAL-FAILED");
  CHECK(report.at("sub_indication").as_string() == "FORMAT_FAILURE");
  CHECK(report.at("signatures").as_array().empty());
  CHECK(report.at("document").as_object().at("name").as_string() == "letter.xml");
  const std::string form =
      "--b1\r\nContent-Disposition: form-data; name=\"document\"; filename=\"f\"\r\n\r\n<letter/>\r\n"
      "--b1\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nletter.xml\r\n--b1--\r\n";
  const Reply by_form = site.send(form, "multipart/form-data; boundary=b1");
  CHECK(by_form.status == 200);
  json::object other = json::parse(by_form.body).as_object();
  CHECK(other.at("document") == report.at("document"));
  const auto events = site.app.events("signature_validated");
  REQUIRE(events.size() == 2);
  CHECK(events.front().client == "demo-portal");
}

TEST_CASE("who does not prove itself gets nothing, and a wish with mistakes is told all of them") {
  const Site site;
  const std::string wish = json::serialize(json::object{{"document", base::to_base64("<a/>")}});
  CHECK(site.send(wish, "application/json", "").status == 401);
  CHECK(site.send(wish, "application/json", "Basic " + base::to_base64("demo-portal:wrong")).status == 401);
  CHECK(site.send(wish, "application/json", "Bearer nonsense").status == 401);
  CHECK(site.send(wish, "application/json", "Basic " + base::to_base64("demo-lab:demo-lab-secret")).status == 403);
  CHECK(site.send(wish, "text/plain").status == 400);
  CHECK(site.send("{", "application/json").status == 400);
  const Reply mistakes =
      site.send(R"({"document":"%%%","at":"yesterday","content":"YQ==","content_digest":"YQ==","x":1})");
  CHECK(mistakes.status == 400);
  CHECK(json::parse(mistakes.body).as_object().at("errors").as_array().size() == 4);
  CHECK(site.app.events("signature_validated").empty());
}

TEST_CASE("what cannot be verified is a problem with its reason") {
  const Site site;
  const auto reason = [&](json::object wish) {
    const Reply reply = site.send(json::serialize(wish));
    CHECK(reply.status == 422);
    CHECK(problem_of(reply) == "urn:chancery:problem:not-verifiable");
    return std::string(json::parse(reply.body).as_object().at("reason").as_string());
  };
  CHECK(reason({}) == "empty");
  CHECK(reason({{"document", base::to_base64("a letter")}}) == "no_signature");
  CHECK(reason({{"document", base::to_base64("%PDF-1.7")}}) == "pdf");
  CHECK(reason({{"document", base::to_base64("<a/>")}, {"policy", "none"}}) == "unknown_policy");
  CHECK(reason({{"document", base::to_base64("<a/>")}, {"at", "2999-01-01T00:00:00Z"}}) == "future");
}

TEST_CASE("what a program had signed is valid; with one octet changed or moved into another document it is not") {
  const Site site;
  const std::string seal = site.make_seal();
  const std::string letter = "<letter><pay to=\"Ewa\">10</pay></letter>";
  const Reply signed_letter =
      site.post("/api/v1/sign", json::serialize(json::object{{"credential_id", seal},
                                                             {"format", "xades"},
                                                             {"packaging", "enveloped"},
                                                             {"name", "letter.xml"},
                                                             {"document", base::to_base64(letter)}}));
  REQUIRE_MESSAGE(signed_letter.status == 200, signed_letter.body);
  const std::string text =
      base::parse_base64(std::string(json::parse(signed_letter.body).as_object().at("document").as_string())).value();
  const auto verify = [&](const std::string& document) {
    return site.verify({{"document", base::to_base64(document)}});
  };
  const json::object report = verify(text);
  CHECK(words_of(report) == "TOTAL-PASSED");
  const json::object one = report.at("signatures").as_array().at(0).as_object();
  CHECK(one.at("format").as_string() == "XAdES");
  CHECK(one.at("scope").as_array().at(0).as_object().at("kind").as_string() == "full");
  CHECK(words_of(verify(replaced(text, ">10<", ">90<"))) == "TOTAL-FAILED HASH_FAILURE");
  CHECK(words_of(verify("<letter><pay to=\"Eve\">90</pay><old>" + text + "</old></letter>")) ==
        "TOTAL-FAILED HASH_FAILURE");
  CHECK(words_of(verify(replaced(text, "</ds:Signature>", "<ds:Object><pay/></ds:Object></ds:Signature>"))) ==
        "INDETERMINATE SIG_CONSTRAINTS_FAILURE");
}
