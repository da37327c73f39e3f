// The page of the own keys that sign: what a person makes, imports, requests and ends without an administrator.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "crypto/certificate/certificate_request.hpp"
#include "crypto/certificate/issue.hpp"
#include "crypto/certificate/pkcs12.hpp"
#include "door/settings_fixture.hpp"
#include "flow/certificate/administer_authority.hpp"
#include "flow/login/login_password.hpp"
#include "flow/session/find_visitor.hpp"
#include "flow/signing/make_credential.hpp"
#include "flow/tenant/features.hpp"
#include "unit/crypto/signing/costly_pkcs12.hpp"

namespace {

using door::Browser;
using door::has;
using door::Reply;
using door::SettingsDesk;
using namespace std::chrono_literals;

constexpr const char* page = "/account/sign/keys";
using Typed = std::vector<std::pair<std::string, std::string>>;

struct Desk : SettingsDesk {
  Desk() { door::log_in_jan(jan); }

  void make_authority() const {
    REQUIRE(flow::create_authority(app.house(), by, {"", "Clinic", crypto::KeyKind::ec_p256}, facts()));
  }
  void set_feature(flow::FeatureState state) const {
    REQUIRE(flow::set_feature(app.house(), by, {"", flow::Feature::own_certificates, state}, facts()));
  }
  Reply make(const Typed& more = {}) {
    Typed typed{{"label", "Signature of Jan"},
                {"activation", "pin"},
                {"pin", "274831"},
                {"pin_repeat", "274831"},
                {"key", "ec-p256"}};
    for (const auto& [name, value] : more) {
      std::erase_if(typed, [&, &its = name](const auto& one) { return one.first == its; });
      typed.emplace_back(name, value);
    }
    return jan.submit(jan.get(page).form(std::string(page) + "/new"), typed);
  }
  static std::string page_of(const Reply& made) {
    REQUIRE(made.status == 303);
    return made.location().substr(0, made.location().find('?'));
  }
  /// A form with a file, as a browser sends it.
  Reply send_file(const std::string& at, const std::string& form, const std::string& file, const Typed& typed = {}) {
    auto fields = jan.get(at).form(form).fields;
    fields.insert(fields.end(), typed.begin(), typed.end());
    std::string body;
    for (const auto& [name, text] : fields) {
      body += "--b1\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + text + "\r\n";
    }
    body += "--b1\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n" + file + "\r\n--b1--\r\n";
    return jan.request("POST", form, {{"Content-Type", "multipart/form-data; boundary=b1"}, {"Origin", app.origin()}},
                       body);
  }

  Browser jan{app.port()};
};

/// Another authority, which answers requests.
base::Bytes answer(const base::Bytes& spki) {
  const auto key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  crypto::CertificateTemplate wanted;
  wanted.serial = crypto::make_serial();
  wanted.common_name = "Jan Nowak";
  wanted.not_before = base::now() - 1h;
  wanted.not_after = base::now() + 24h * 100;
  wanted.key_uses = {crypto::KeyUse::non_repudiation};
  crypto::CertificateTemplate above = wanted;
  above.is_authority = true;
  above.key_uses = {crypto::KeyUse::sign_certificates};
  const base::Bytes root = crypto::issue_root(above, key).value();
  wanted.public_key = spki;
  return crypto::issue(wanted, {root, key}).value();
}

}  // namespace

TEST_CASE("a person makes a key, downloads its request and imports the answer of another authority") {
  Desk f;
  CHECK(has(f.jan.get("/account/sign").body, "href=\"/account/sign/keys\""));
  CHECK(has(f.jan.get(page).body, "You have no key for signatures."));
  const std::string one = Desk::page_of(f.make());
  const Reply shown = f.jan.get(one);
  CHECK(has(shown.body, "no certificate yet"));
  CHECK(shown.form(one + "/renew").action.empty());  // nobody here certifies it
  CHECK(shown.form(one + "/suspend").action.empty());
  CHECK(has(shown.body, "What comes next"));
  CHECK(has(shown.body, "Send it to a certification authority"));
  CHECK(shown.form(one + "/revoke").action.empty());  // there is nothing to revoke
  CHECK_FALSE(shown.form(one + "/delete").action.empty());
  const Reply request = f.jan.submit(shown.form(one + "/request"), {});
  CHECK(request.header("content-type") == "application/pkcs10");
  const auto read = crypto::read_certificate_request(request.body);
  REQUIRE(read);
  CHECK(read->common_name == "Jan Nowak");
  CHECK(has(f.send_file(one, one + "/answer", "no certificate").body, "The file has no certificate that fits."));
  const auto other = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  CHECK(f.send_file(one, one + "/answer", answer(other.public_key())).status == 409);
  const Reply taken = f.jan.follow(f.send_file(one, one + "/answer", answer(read->public_key)));
  CHECK(has(taken.body, "The certificate was imported."));
  CHECK(has(taken.body, "usable"));
  CHECK_FALSE(has(taken.body, "What comes next"));
  CHECK_FALSE(taken.form(one + "/revoke").action.empty());
  const Reply listed = f.jan.get(page);
  CHECK(has(listed.body, "Signature of Jan"));
  CHECK(has(listed.body, "CN=Jan Nowak"));
  CHECK(has(f.jan.get("/account/sign").body, "Signature of Jan"));
}

TEST_CASE(
    "where the organisation offers it, the own authority certifies a person's key at once, elsewhere it does not") {
  Desk f;
  f.make_authority();
  CHECK_FALSE(has(f.jan.get(page).body, "name=\"issue\""));
  CHECK(f.make({{"issue", "yes"}}).status == 403);
  CHECK(f.app.events("certificate_issue").empty());
  f.set_feature(flow::FeatureState::on);
  CHECK(has(f.jan.get(page).body, "name=\"issue\""));
  const std::string one = Desk::page_of(f.make({{"issue", "yes"}}));
  CHECK(has(f.jan.get(one).body, "usable"));
  CHECK(f.jan.submit(f.jan.get(one).form(one + "/renew"), {}).location() == one + "?done=renewed");
  const std::string waiting = Desk::page_of(f.make());
  CHECK(has(f.jan.get(waiting).body, "Your organisation issues the certificate itself"));
  CHECK(f.jan.submit(f.jan.get(waiting).form(waiting + "/renew"), {}).location() == waiting + "?done=renewed");
  CHECK(has(f.jan.get(waiting).body, "usable"));
  CHECK(f.app.events("certificate_issue").size() == 3);
}

TEST_CASE("a person cannot let the own authority issue more than ten certificates in a day") {
  Desk f;
  f.make_authority();
  f.set_feature(flow::FeatureState::on);
  for (int i = 0; i < 10; ++i) {
    const std::string one = Desk::page_of(f.make({{"issue", "yes"}}));
    const Reply question = f.jan.follow(f.jan.submit(f.jan.get(one).form(one + "/delete"), {}));
    REQUIRE(f.jan.submit(question.form(one + "/delete"), {}).status == 303);
  }
  const Reply refused = f.make({{"issue", "yes"}});
  CHECK(refused.status == 422);
  CHECK(has(refused.body, "10 certificates within a day"));
  CHECK(f.make().status == 303);  // a key for another authority is no such certificate
}

TEST_CASE("a file with key and certificate is imported, and what is not one is refused with a sentence") {
  Desk f;
  const auto key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  const base::Bytes certificate = answer(key.public_key());
  const auto file = crypto::encode_pkcs12({key, certificate, {}, "Jan"}, base::Secret("of the file"));
  REQUIRE_MESSAGE(file, base::describe(file.error()));
  const std::string octets(file->reveal());
  const Typed typed{{"label", "From a file"}, {"activation", "pin"}, {"pin", "274831"}, {"pin_repeat", "274831"}};
  const std::string form = std::string(page) + "/import";
  Typed wrong = typed;
  wrong.emplace_back("file_password", "another one");
  CHECK(has(f.send_file(page, form, octets, wrong).body, "The password of the file is wrong."));
  CHECK(f.send_file(page, form, "no file", typed).status == 422);
  Typed right = typed;
  right.emplace_back("file_password", "of the file");
  const std::string one = Desk::page_of(f.send_file(page, form, octets, right));
  CHECK(has(f.jan.get(one).body, "usable"));
  CHECK(has(f.send_file(page, form, octets, right).body, "This certificate is registered already."));
}

TEST_CASE("a file that is not opened is refused for what is wrong with it, and not for something else") {
  Desk f;
  const auto key = crypto::KeyPair::generate(crypto::KeyKind::ec_p256).value();
  const auto file = crypto::encode_pkcs12({key, answer(key.public_key()), {}, "Jan"}, base::Secret("cryptography"));
  const std::filesystem::path vectors = "/usr/lib/python3/dist-packages/cryptography_vectors/pkcs12";
  const auto read = [&](const char* name) {
    std::ifstream from(vectors / name, std::ios::binary);
    REQUIRE_MESSAGE(from, "the vectors are missing: tools/install-deps.sh");
    return std::string(std::istreambuf_iterator<char>(from), {});
  };
  const Typed typed{{"label", "From a file"},
                    {"activation", "pin"},
                    {"pin", "274831"},
                    {"pin_repeat", "274831"},
                    {"file_password", "cryptography"}};
  const std::string form = std::string(page) + "/import";
  for (const auto& [octets, said] : std::vector<std::pair<std::string, std::string>>{
           {testing::with_endless_mac(base::Bytes(file.value().reveal())), "so many rounds"},
           {read("cert-aes256cbc-no-key.p12"), "The file has no key with its certificate."},
           {read("cert-rc2-key-3des.p12"), "protected by RC2, RC4 or DES"}}) {
    INFO(said);
    const Reply refused = f.send_file(page, form, octets, typed);
    CHECK(refused.status == 422);
    CHECK(has(refused.body, said));
  }
}

TEST_CASE("while a file of a person is being opened, the person's next one is refused for the moment") {
  Desk f;
  const auto login = flow::login_password(f.app.house(), {"jan.nowak", base::Secret("River-Copper-2026")}, f.facts());
  REQUIRE(login);
  const auto visitor = flow::find_visitor(f.app.house(), std::string(login->session_cookie.reveal()), f.facts());
  REQUIRE(visitor.value().actor);
  const Typed typed{{"label", "From a file"}, {"activation", "pin"}, {"pin", "274831"}, {"pin_repeat", "274831"}};
  const std::string form = std::string(page) + "/import";
  {
    const auto turn = flow::ImportTurn::take(*visitor->actor, f.facts().now);
    REQUIRE(turn);
    const Reply refused = f.send_file(page, form, "no file", typed);
    CHECK(refused.status == 503);
    CHECK(has(refused.body, "Another file with a key is being opened."));
  }
  CHECK(f.send_file(page, form, "no file", typed).status == 422);
}

TEST_CASE("an own key is revoked and deleted by its owner after a question, and nobody else finds it there") {
  Desk f;
  f.make_authority();
  f.set_feature(flow::FeatureState::on);
  const std::string one = Desk::page_of(f.make({{"issue", "yes"}}));
  CHECK(f.ada.get(one).status == 404);  // an administrator has the page of her own keys, and this is none
  CHECK(f.ada.get("/admin/signatures/" + one.substr(std::string(page).size() + 1)).status == 200);
  const Reply question = f.jan.follow(f.jan.submit(f.jan.get(one).form(one + "/revoke"), {{"why", "key_compromise"}}));
  CHECK(has(question.body, "Revoke “Signature of Jan”?"));
  CHECK(f.app.events("credential_change").size() == 1);
  CHECK(has(f.jan.follow(f.jan.submit(question.form(one + "/revoke"), {})).body, "It was revoked."));
  CHECK(f.jan.get(one).form(one + "/request").action.empty());
  const Reply again = f.jan.follow(f.jan.submit(f.jan.get(one).form(one + "/delete"), {}));
  CHECK(has(f.jan.follow(f.jan.submit(again.form(one + "/delete"), {})).body, "The key was deleted."));
  CHECK(f.jan.get(one).status == 404);
}

TEST_CASE(
    "a PIN that is short, of one character or typed differently makes no key; nor does a proof that seals alone do "
    "without") {
  Desk f;
  const std::string bad_pin = "A PIN has 6 to 64 characters and is not one character repeated.</p>";
  const std::string other_pin = "The two PINs differ.";
  const std::string bad_key = "The key was not made.";
  for (const auto& [wrong, said, marked] : std::vector<std::tuple<Typed, std::string, std::string>>{
           {{{"pin", "12345"}, {"pin_repeat", "12345"}}, bad_pin, "id=\"pin-flaw\""},
           {{{"pin", "111111"}, {"pin_repeat", "111111"}}, bad_pin, "id=\"pin-flaw\""},
           {{{"pin_repeat", "274832"}}, other_pin, "id=\"repeat-flaw\""},
           {{{"label", ""}}, "Please give the key a name", "id=\"label-flaw\""},
           {{{"activation", "none"}}, bad_key, ""},
           {{{"key", "des"}}, bad_key, ""}}) {
    const Reply refused = f.make(wrong);
    CAPTURE(said);
    CHECK(refused.status == 422);
    CHECK(has(refused.body, said));
    CHECK(has(refused.body, marked));
    CHECK(has(refused.body, "aria-invalid=\"true\"") == !marked.empty());
    CHECK_FALSE(has(refused.body, "The file has no key"));
    CHECK_FALSE(has(refused.body, "274831"));  // a PIN is never shown again
  }
  CHECK(f.app.events("credential_change").empty());
}

TEST_CASE("a suspended key stays suspended: only an administrator restores it") {
  Desk f;
  const std::string one = Desk::page_of(f.make());
  CHECK(f.force(f.jan, "jan.nowak", one + "/suspend").status == 404);
  CHECK(f.force(f.jan, "jan.nowak", one + "/restore").status == 404);
}
