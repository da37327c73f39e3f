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
#include "zip/zip.hpp"

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
  CHECK(has(results.body, "Done: 1 of 1."));
  const Reply file = site.jan.get(page + "/result?n=0");
  CHECK(file.status == 200);
  CHECK(file.header("content-disposition") == "attachment; filename*=UTF-8''letter.txt.p7s");
  CHECK(is_right(file.body, "a letter"));
  CHECK(site.app.events("document_sign").size() == 1);
}

TEST_CASE(
    "before it is signed each document can be opened as it was received, and none acts as a page of this server") {
  Site site;
  const std::string png = std::string("\x89PNG\r\n\x1a\n") + std::string(20, '\0');
  const std::string html = "<!doctype html><script>alert(1)</script>";
  const std::string page = site.take({{"Żółć.txt", "zażółć"},
                                      {"order.xml", "<?xml version=\"1.0\"?><order/>"},
                                      {"page.html", html},
                                      {"picture.png", png},
                                      {"letter.pdf", "%PDF-1.7\n"},
                                      {"raw.bin", std::string("\0\1\2", 3)}});
  const Reply shown = site.jan.get(page);
  for (const char* type : {"text", "XML", "image (PNG)", "PDF", "another one"}) {
    CHECK(has(shown.body, ">" + std::string(type) + "<"));
  }
  struct Expected {
    const char* type;
    const char* how;
    std::string body;
  };
  const std::vector<Expected> all{{"text/plain; charset=utf-8", "inline; ", "zażółć"},
                                  {"text/plain; charset=utf-8", "inline; ", "<?xml version=\"1.0\"?><order/>"},
                                  {"text/plain; charset=utf-8", "inline; ", html},
                                  {"image/png", "inline; ", png},
                                  {"application/pdf", "attachment; ", "%PDF-1.7\n"},
                                  {"application/octet-stream", "attachment; ", std::string("\0\1\2", 3)}};
  for (std::size_t i = 0; i < all.size(); ++i) {
    CAPTURE(i);
    CHECK(has(shown.body, page + "/document?n=" + std::to_string(i)));
    const Reply opened = site.jan.get(page + "/document?n=" + std::to_string(i));
    CHECK(opened.status == 200);
    CHECK(opened.body == all[i].body);
    CHECK(opened.header("content-type") == all[i].type);
    CHECK(opened.header("content-disposition").starts_with(all[i].how));
    CHECK(has(opened.header("content-security-policy"), "sandbox"));
    CHECK(has(opened.header("content-security-policy"), "default-src 'none'"));
    CHECK(opened.header("x-content-type-options") == "nosniff");
    CHECK(opened.header("cross-origin-resource-policy") == "same-origin");
    CHECK(opened.header("cache-control") == "no-store");
  }
  for (const char* other : {"6", "-1", "x", "", "99999999999999999999"}) {
    CHECK(site.jan.get(page + "/document?n=" + other).status == 404);
  }
  Browser anna(site.app.port());
  door::log_in_anna(anna);
  CHECK(anna.get(page + "/document?n=0").status == 404);
  CHECK(site.app.events("key_use").empty());
  // Cancelled, they are gone.
  REQUIRE(site.jan.submit(site.jan.get(page).form(page + "/cancel"), {}).status == 303);
  CHECK(site.jan.get(page + "/document?n=0").status == 404);
  CHECK_FALSE(has(site.jan.get(page).body, "/document?n="));
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

TEST_CASE("the steps of a verification are told in the reader's language, and by the norm's names to programs") {
  Site site;
  const std::string page = site.take({{"order.xml", "<order/>"}});
  REQUIRE(site.confirm(page).status == 303);
  const Reply signature = site.jan.get(page + "/result?n=0");
  REQUIRE(signature.status == 200);
  Browser reader(site.app.port());
  const auto verify = [&](const std::string& day) {
    const std::string body =
        "--b1\r\nContent-Disposition: form-data; name=\"document\"; filename=\"f\"\r\n"
        "Content-Type: application/octet-stream\r\n\r\n" +
        signature.body + "\r\n--b1\r\nContent-Disposition: form-data; name=\"at\"\r\n\r\n" + day + "\r\n--b1--\r\n";
    const Reply sent = reader.request(
        "POST", "/verify", {{"Content-Type", "multipart/form-data; boundary=b1"}, {"Origin", site.app.origin()}}, body);
    REQUIRE(sent.status == 303);
    return sent.location();
  };
  // A time as well.
  const std::string early = reader.get(verify("2020-01-01") + "?lang=pl").body;
  const std::size_t why = early.find("nie był wtedy jeszcze ważny");
  REQUIRE(why != std::string::npos);
  CHECK_FALSE(has(early.substr(why, 150), "00Z"));
  const std::string address = verify("");
  for (const auto& [language, word] :
       std::vector<std::pair<std::string, std::string>>{{"en", "Cryptographic verification"},
                                                        {"de", "Kryptografische Prüfung"},
                                                        {"pl", "Weryfikacja kryptograficzna"}}) {
    const std::string shown = reader.get(address + "?lang=" + language).body;
    CAPTURE(language);
    CHECK(has(shown, "<dt>" + word + "</dt>"));
    CHECK_FALSE(has(shown, "<dt>cryptographic verification</dt>"));
    CHECK_FALSE(has(shown, "certificate validation</dt>"));
    // EN 319 102-1: a block alone has passed; only the whole has TOTAL- before it.
    CHECK(has(shown, "<code>PASSED</code>"));
    CHECK_FALSE(has(shown, "TOTAL-"));
  }
  CHECK(has(reader.get(address + "/json").body, "\"cryptographic verification\""));
  CHECK(has(reader.get(address + "/json").body, "\"X.509 certificate validation\""));
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
  const std::string id = site.credential.id.to_string();
  const Reply large = site.choose({{"a.bin", std::string(16 * 1024 * 1024 + 1, 'x')}},
                                  {{"certificate", id}, {"form", "cades_enveloping"}});
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

namespace {

/// A file for each field of the verify page.
Reply verify(const Site& site, Browser& reader, const File& document, const File& signature) {
  std::string body;
  for (const auto& [field, file] : {std::pair("document", &document), std::pair("signature", &signature)}) {
    body += std::string("--b1\r\nContent-Disposition: form-data; name=\"") + field + "\"; filename=\"" + file->name +
            "\"\r\nContent-Type: application/octet-stream\r\n\r\n" + file->octets + "\r\n";
  }
  return reader.request("POST", "/verify",
                        {{"Content-Type", "multipart/form-data; boundary=b1"}, {"Origin", site.app.origin()}},
                        body + "--b1--\r\n");
}

}  // namespace

TEST_CASE("a document and its signature that were chosen for each other's field are judged the right way round") {
  Site site;
  const std::string page = site.take({{"letter.txt", "a letter"}});
  REQUIRE(site.confirm(page).status == 303);
  const File signature{"letter.txt.p7s", site.jan.get(page + "/result?n=0").body};
  const File document{"letter.txt", "a letter"};
  Browser reader(site.app.port());
  const std::string right = reader.get(verify(site, reader, document, signature).location()).body;
  const Reply sent = verify(site, reader, signature, document);
  REQUIRE(sent.status == 303);
  const std::string swapped = reader.get(sent.location()).body;
  CHECK(has(swapped, base::to_hex(crypto::sha256("a letter"))));
  CHECK(has(swapped, "They were judged the right way round."));
  CHECK_FALSE(has(right, "They were judged the right way round."));
  CHECK_FALSE(has(swapped, "badge bad"));
  // Neither is a signature: perhaps they are swapped, or one of them is another file.
  const Reply neither = verify(site, reader, document, {"other.pdf", "%PDF-1.7"});
  CHECK(neither.status == 422);
  CHECK(has(neither.body, "Perhaps the two files are in each other"));
}

TEST_CASE("a report names both files as they were sent, so that nothing in a name can mislead") {
  Site site;
  const std::string page = site.take({{"letter.txt", "a letter"}});
  REQUIRE(site.confirm(page).status == 303);
  const std::string signature = site.jan.get(page + "/result?n=0").body;
  Browser reader(site.app.port());
  const Reply sent = verify(site, reader,
                            {"C:\\letters\\bill\xE2\x80\xAE"
                             "fdp.exe",
                             "a letter"},
                            {"<b>bill</b>.p7s", signature});
  REQUIRE(sent.status == 303);
  for (const char* const end : {"", "/print"}) {
    const std::string shown = reader.get(sent.location() + end).body;
    CAPTURE(end);
    CHECK(has(shown, "bill[U+202E]fdp.exe"));
    CHECK_FALSE(has(shown, "letters"));
    CHECK(has(shown, "b&gt;.p7s"));
    CHECK_FALSE(has(shown, "<b>"));
  }
  CHECK(has(reader.get(sent.location() + "/json").body, "bill[U+202E]fdp.exe"));
}

TEST_CASE("a signature that was cut off is told as a damaged file, in the reader's words alone") {
  Site site;
  const std::string page = site.take({{"letter.txt", "a letter"}});
  REQUIRE(site.confirm(page).status == 303);
  const std::string whole = site.jan.get(page + "/result?n=0").body;
  Browser reader(site.app.port());
  const Reply sent =
      verify(site, reader, {"letter.txt", "a letter"}, {"letter.txt.p7s", whole.substr(0, whole.size() / 2)});
  REQUIRE(sent.status == 303);
  const std::string shown = reader.get(sent.location() + "?lang=pl").body;
  CHECK(has(shown, "Plik jest uszkodzony albo niepełny."));
  CHECK_FALSE(has(shown, "ASN.1"));
  CHECK(has(reader.get(sent.location() + "/json").body, "ASN.1"));
}

TEST_CASE("the results of several documents are one archive with a name for each, and of one document there is none") {
  Site site;
  const std::string one = site.take({{"letter.txt", "a letter"}});
  REQUIRE(site.confirm(one).status == 303);
  CHECK_FALSE(has(site.jan.get(one).body, "n=all"));
  CHECK(site.jan.get(one + "/result?n=all").status == 404);
  const std::string page = site.take({{"letter.txt", "first"}, {"Letter.txt", "second"}, {"note.txt", "third"}});
  CHECK(site.jan.get(page + "/result?n=all").status == 404);  // nothing is signed yet
  REQUIRE(site.confirm(page).status == 303);
  CHECK(has(site.jan.get(page).body, page + "/result?n=all"));
  const Reply archive = site.jan.get(page + "/result?n=all");
  REQUIRE(archive.status == 200);
  CHECK(archive.header("content-type") == "application/zip");
  const auto entries = zip::unpack(archive.body, archive.body.size());
  REQUIRE(entries);
  REQUIRE(entries->size() == 3);
  CHECK((*entries)[0].name == "letter.txt.p7s");
  CHECK((*entries)[1].name == "Letter.txt (2).p7s");
  CHECK((*entries)[2].name == "note.txt.p7s");
  CHECK(is_right(std::string((*entries)[1].content.reveal()), "second"));
  Browser anna(site.app.port());
  CHECK(anna.get(page + "/result?n=all").status != 200);
}

TEST_CASE("a document that cannot be opened before it is signed says why") {
  Site site;
  const std::string small =
      site.jan.get(site.take({{"letter.txt", "a letter"}, {"data.bin", {"\x01\x00\x02", 3}}})).body;
  CHECK(has(small, "Open as received"));
  CHECK(has(small, "Download as received"));
  CHECK(has(small, "This type cannot be shown here."));
  CHECK_FALSE(has(small, "Too large to be opened here"));
  const std::string large = site.jan.get(site.take({{"film.txt", std::string(17 * 1024 * 1024, 'x')}})).body;
  CHECK(has(large, "Too large to be opened here: at most 16 MiB."));
  CHECK_FALSE(has(large, "Open as received"));
}
