// The pages to sign documents (S4.22): raw forms in, pages and signatures out.
#include <doctest/doctest.h>

#include "base/bytes.hpp"
#include "crypto/digest/digest.hpp"
#include "door/app_fixture.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/make_credential.hpp"
#include "flow/validation/content_at_hand.hpp"
#include "signature/cades/read_cades.hpp"
#include "signature/xades/xades_reader.hpp"

namespace {

using door::App;
using door::Browser;
using door::has;
using door::Reply;

constexpr const char* pin = "274831";

struct File {
  std::string name;
  std::string octets;
};

struct Site {
  Site() {
    const auto made = flow::create_authority(app.house(), by, {"", "Clinic", crypto::KeyKind::ec_p256}, facts());
    REQUIRE_MESSAGE(made, base::describe(made.error()));
    flow::CredentialWish wish;
    wish.owner.account = "jan.nowak";
    wish.label = "Signature of Jan";
    wish.pin = base::Secret(pin);
    wish.is_issued = true;
    auto credential_of_jan = flow::create_credential(app.house(), by, wish, facts());
    REQUIRE_MESSAGE(credential_of_jan, base::describe(credential_of_jan.error()));
    credential = *credential_of_jan;
    door::log_in_jan(jan);
  }
  [[nodiscard]] static flow::RequestFacts facts() { return {"127.0.0.1", "Test", "request-1", base::now()}; }

  /// Sends the form of the page as a browser does.
  Reply choose(const std::vector<File>& files, const std::vector<std::pair<std::string, std::string>>& typed = {}) {
    const auto form = jan.get("/account/sign").form("/account/sign");
    auto fields = form.fields;
    fields.insert(fields.end(), typed.begin(), typed.end());
    if (typed.empty()) fields.emplace_back("certificate", credential.id.to_string());
    return send(files, fields);
  }
  Reply send(const std::vector<File>& files, const std::vector<std::pair<std::string, std::string>>& fields) {
    std::string body;
    for (const auto& [name, text] : fields) {
      body += "--b1\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n";
    }
    for (const File& file : files) {
      body += "--b1\r\nContent-Disposition: form-data; name=\"document\"; filename=\"" + file.name +
              "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + file.octets + "\r\n";
    }
    return jan.request("POST", "/account/sign",
                       {{"Content-Type", "multipart/form-data; boundary=b1"}, {"Origin", app.origin()}},
                       body + "--b1--\r\n");
  }
  Reply confirm(const std::string& page, const std::string& its_pin = pin) {
    return jan.submit(jan.get(page).form(page + "/confirm"), {{"pin", its_pin}});
  }
  std::string take(const std::vector<File>& files) {
    const Reply sent = choose(files);
    REQUIRE(sent.status == 303);
    return sent.location();
  }

  App app;
  rights::Actor by = flow::make_operator("test");
  store::SigningCredential credential;
  Browser jan{app.port()};
};

bool is_right(const std::string& cades, const std::string& content) {
  const flow::ContentInMemory document("document", content);
  const auto view = signature::read_cades(cades, &document);
  return view.signatures.size() == 1 && view.signatures[0].are_digests_right && view.signatures[0].is_value_right;
}

}  // namespace

TEST_CASE("a person sees what will be signed, confirms with the PIN, and downloads the signature") {
  Site site;
  CHECK(has(site.jan.get("/account").body, "href=\"/account/sign\""));
  const Reply form = site.jan.get("/account/sign");
  CHECK(has(form.body, "type=\"file\" multiple"));
  CHECK(has(form.body, "Signature of Jan"));
  CHECK(has(form.body, "advanced electronic signature"));
  const std::string page = site.take({{"C:\\letters\\letter.txt", "a letter"}});
  const Reply shown = site.jan.get(page);
  CHECK(has(shown.body, "letter.txt"));
  CHECK_FALSE(has(shown.body, "C:"));
  CHECK(has(shown.body, base::to_hex(crypto::sha256("a letter"))));
  CHECK(has(shown.body, "8 bytes"));
  CHECK(has(shown.body, "Advanced electronic signature"));
  CHECK(site.app.events("key_use").empty());
  const Reply done = site.confirm(page);
  REQUIRE(done.status == 303);
  CHECK(done.location() == page);
  const Reply results = site.jan.get(page);
  CHECK(has(results.body, "1 of 1 are done."));
  const Reply file = site.jan.get(page + "/result?n=0");
  CHECK(file.status == 200);
  CHECK(file.header("content-disposition") == "attachment; filename*=UTF-8''letter.txt.p7s");
  CHECK(is_right(file.body, "a letter"));
  CHECK(site.app.events("document_sign").size() == 1);
}

TEST_CASE("twenty files give twenty results in their order, and XML gets its signature inside") {
  Site site;
  std::vector<File> files;
  for (int i = 0; i < 20; ++i) files.push_back({std::to_string(i) + ".xml", "<a n=\"" + std::to_string(i) + "\"/>"});
  const std::string page = site.take(files);
  REQUIRE(site.confirm(page).status == 303);
  for (int i = 0; i < 20; ++i) {
    const Reply file = site.jan.get(page + "/result?n=" + std::to_string(i));
    REQUIRE(file.status == 200);
    CHECK(file.header("content-type") == "application/xml");
    CHECK(has(file.body, "<a n=\"" + std::to_string(i) + "\">"));
    const auto view = signature::read_xades(file.body, {});
    REQUIRE(view.signatures.size() == 1);
    CHECK(view.signatures[0].is_value_right);
  }
  CHECK(site.jan.get(page + "/result?n=20").status == 404);
  CHECK(site.jan.get(page + "/result?n=x").status == 404);
}

TEST_CASE("two clicks sign once, on the form and on the confirmation") {
  Site site;
  const auto form = site.jan.get("/account/sign").form("/account/sign");
  auto fields = form.fields;
  fields.emplace_back("certificate", site.credential.id.to_string());
  const Reply first = site.send({{"a.txt", "text"}}, fields);
  const Reply second = site.send({{"a.txt", "text"}}, fields);
  REQUIRE(first.status == 303);
  CHECK(second.location() == first.location());
  CHECK(site.send({{"b.txt", "other"}}, fields).status == 409);
  const auto confirmation = site.jan.get(first.location()).form(first.location() + "/confirm");
  CHECK(site.jan.submit(confirmation, {{"pin", pin}}).status == 303);
  CHECK(site.jan.submit(confirmation, {{"pin", pin}}).status == 303);
  CHECK(site.app.events("key_use").size() == 1);
}

TEST_CASE("a wrong PIN, a suspended and a revoked certificate are told as what they are, and nothing is signed") {
  Site site;
  const std::string page = site.take({{"a.txt", "text"}});
  const Reply missing = site.confirm(page, "");
  CHECK(missing.status == 422);
  CHECK(has(missing.body, "Please enter the PIN"));
  for (int i = 0; i < 3; ++i) CHECK(has(site.confirm(page, "00011" + std::to_string(i)).body, "The PIN is wrong"));
  const Reply delayed = site.confirm(page);
  CHECK(delayed.status == 429);
  CHECK(has(delayed.body, "wrong too often"));
  REQUIRE(flow::suspend_credential(site.app.house(), site.by, site.credential.id, Site::facts()));
  CHECK(has(site.confirm(page).body, "This certificate is suspended"));
  const Reply none = site.jan.get("/account/sign");
  CHECK(has(none.body, "You have no certificate with which you can sign"));
  CHECK(has(none.body, "suspended"));
  REQUIRE(flow::revoke_credential(site.app.house(), site.by, site.credential.id, crypto::RevocationReason::superseded,
                                  Site::facts()));
  CHECK(has(site.confirm(page).body, "was revoked"));
  CHECK(site.app.events("key_use").empty());
}

TEST_CASE("what cannot be signed is told, with the limit, and the form stays") {
  Site site;
  CHECK(site.choose({}).status == 422);
  CHECK(has(site.choose({{"", ""}}).body, "Please choose at least one file."));
  CHECK(has(site.choose({{"a.txt", ""}}).body, "A file is empty"));
  CHECK(has(site.choose({{"a.txt", "text"}}, {{"certificate", "x"}}).body, "Please choose a certificate."));
  CHECK(site.choose({{"a.txt", "text"}}, {{"certificate", base::Id::make(base::now()).to_string()}}).status == 404);
  const Reply large = site.choose({{"a.bin", std::string(16 * 1024 * 1024 + 1, 'x')}});
  CHECK(large.status == 413);
  CHECK(has(large.body, "at most 16 MiB"));
  const std::string broken = site.take({{"a.txt", "text"}, {"b.txt", "more"}});
  CHECK(site.jan.submit(site.jan.get(broken).form(broken + "/cancel"), {}).status == 303);
  CHECK(has(site.jan.get(broken).body, "the documents were deleted"));
  CHECK(site.confirm(broken).status != 200);
  CHECK(site.app.events("key_use").empty());
}

TEST_CASE("nobody else sees a job or its results") {
  Site site;
  const std::string page = site.take({{"a.txt", "text"}});
  REQUIRE(site.confirm(page).status == 303);
  Browser anna(site.app.port());
  door::log_in_anna(anna);
  for (const std::string& path : {page, page + "/result?n=0"}) CHECK(anna.get(path).status == 404);
  Browser stranger(site.app.port());
  CHECK(stranger.get(page).status == 303);
  CHECK(stranger.get(page + "/result?n=0").status == 303);
}
