#include "flow/account/own_data.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/create_account.hpp"
#include "flow/certificate_pem.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/prove_again.hpp"
#include "store/account/accounts.hpp"
#include "store/account/identifiers.hpp"
#include "text/text.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

struct Anna : PersonFixture {
  Anna() {
    id = add_person("anna", "anna@clinic.example", "+48600100201");
    cookie = log_in("anna");
  }
  using PersonFixture::wish;
  flow::OwnDataWish wish() {
    const auto data = flow::read_own_data(*house, actor(cookie), now).value();
    flow::OwnDataWish wish;
    wish.login = data.account.login;
    wish.email = data.email.display;
    wish.phone = data.phone.display;
    wish.preferred_channel = "email";
    wish.version = data.account.version;
    return wish;
  }
  base::Result<flow::OwnDataChange> change(const flow::OwnDataWish& wished) {
    return flow::change_own_data(*house, actor(cookie), wished, facts());
  }
  std::vector<std::string> flaws(const flow::OwnDataWish& wished) {
    const auto done = change(wished);
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    std::vector<std::string> found;
    for (const auto& flaw : done->flaws) {
      CHECK_MESSAGE(text::has(flaw.key), flaw.key);
      found.push_back(flaw.key);
    }
    return found;
  }
  base::Id id;
  std::string cookie;
};

bool has(const std::vector<std::string>& keys, const std::string& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

}  // namespace

TEST_CASE("an employee changes login and ePUAP ids; the record names the fields and no values") {
  Anna f;
  flow::OwnDataWish wished = f.wish();
  wished.login = "anna.nowak";
  wished.epuap_account = "ann-epuap-1";
  const auto done = f.change(wished);
  REQUIRE_MESSAGE(done, base::describe(done.error()));
  CHECK(done->changed);
  CHECK(f.account(f.id).login == "anna.nowak");
  const auto data = flow::read_own_data(*f.house, f.actor(f.cookie), f.now).value();
  CHECK(data.epuap_account == "ann-epuap-1");
  const auto events = f.events("account_change");
  REQUIRE(events.size() == 1);
  CHECK(events[0].data.find("login epuap_account") != std::string::npos);
  CHECK(events[0].data.find("nowak") == std::string::npos);
  CHECK(events[0].personal.find("nowak") == std::string::npos);
}

TEST_CASE("a login from before a rule about logins stays, and another one that breaks the rule is refused") {
  Anna f;
  const std::string mixed = "\u0430nna";  // Cyrillic "а"
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::delete_identifier(tx, f.id, "login", "anna"));
    store::Identifier old{f.id, "login", mixed, mixed, f.now, true};
    return store::insert_identifier(tx, old, f.now);
  }));
  flow::OwnDataWish wished = f.wish();
  REQUIRE(wished.login == mixed);
  wished.epuap_account = "ann-epuap-1";
  CHECK(f.flaws(wished).empty());
  wished = f.wish();
  wished.login = mixed + ".n";
  CHECK(has(f.flaws(wished), "identifier.login.invalid"));
}

TEST_CASE("all flaws are told at once and nothing is changed") {
  Anna f;
  f.add_person("jan", "jan@clinic.example");
  flow::OwnDataWish wished = f.wish();
  wished.login = "jan";
  wished.email = "not an address";
  wished.phone = "12";
  wished.preferred_channel = "pigeon";
  const auto keys = f.flaws(wished);
  CHECK(has(keys, "identifier.login.taken"));
  CHECK(has(keys, "identifier.email.invalid"));
  CHECK(has(keys, "identifier.phone.invalid"));
  CHECK(has(keys, "own.flaw.preferred_unknown"));
  CHECK(f.account(f.id).login == "anna");
  CHECK(f.events("account_change").empty());
}

TEST_CASE("the rules of the channels: one at least, a preferred one of two, present and verified") {
  Anna f;
  flow::OwnDataWish wished = f.wish();
  wished.email = wished.phone = "";
  CHECK(has(f.flaws(wished), "own.flaw.no_channel"));
  wished = f.wish();
  wished.preferred_channel = "";
  CHECK(has(f.flaws(wished), "own.flaw.preferred_missing"));
  wished = f.wish();
  wished.phone = "";
  wished.preferred_channel = "sms";
  CHECK(has(f.flaws(wished), "own.flaw.preferred_absent"));
  wished = f.wish();
  wished.phone = "";
  CHECK(f.flaws(wished).empty());
  CHECK(f.account(f.id).phone.empty());
  wished = f.wish();
  wished.phone = "+48 600 100 299";
  wished.preferred_channel = "sms";
  CHECK(has(f.flaws(wished), "own.flaw.preferred_unverified"));
  // The one confirmed address cannot be given up for one that is not confirmed yet.
  wished = f.wish();
  wished.email = "";
  wished.phone = "+48 600 100 299";
  wished.preferred_channel = "";
  CHECK(has(f.flaws(wished), "own.flaw.none_verified"));
}

TEST_CASE("a new telephone number is never refused because of the channel, which nobody has asked about") {
  Anna f;
  const auto set_channel = [&](const char* channel) {
    REQUIRE(f.store->write([&](store::Tx& tx) { return store::set_preferred_channel(tx, f.id, channel); }));
  };
  flow::OwnDataWish wished;
  wished.phone = "+48 600 100 299";
  for (const char* channel : {"", "email", "sms"}) {
    set_channel(channel);
    wished.version = f.account(f.id).version;
    const auto done = f.change(wished);
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    CHECK(done->flaws.empty());
    // Of two channels one is preferred from now on; the one that the person has chosen stays.
    CHECK(f.account(f.id).preferred_channel == (*channel == '\0' ? "email" : channel));
  }
  CHECK(f.messages().size() == 1);
}

TEST_CASE("what is not wished stays as it is, also an address that waits for its code") {
  Anna f;
  flow::OwnDataWish wished;
  wished.email = "new@clinic.example";
  wished.version = f.account(f.id).version;
  REQUIRE(f.change(wished)->code_to_email);
  wished = {};
  wished.login = "anna.nowak";
  wished.version = f.account(f.id).version;
  REQUIRE(f.change(wished)->changed);
  const auto data = flow::read_own_data(*f.house, f.actor(f.cookie), f.now).value();
  CHECK(data.account.login == "anna.nowak");
  CHECK(data.email.display == "anna@clinic.example");
  CHECK(data.email.pending == "new@clinic.example");
  CHECK(data.phone.display == "+48 600 100 201");
  CHECK(f.messages().size() == 1);
}

TEST_CASE("who types the address in force again keeps it: the one that waited for its code is gone") {
  Anna f;
  flow::OwnDataWish wished;
  wished.email = "new@clinic.example";
  wished.version = f.account(f.id).version;
  REQUIRE(f.change(wished)->code_to_email);
  wished.email = "anna@clinic.example";
  wished.version = f.account(f.id).version;
  CHECK(f.change(wished)->dropped);
  CHECK(flow::read_own_data(*f.house, f.actor(f.cookie), f.now).value().email.pending.empty());
  CHECK(f.events("account_change").size() == 2);
}

TEST_CASE("when the preferred channel loses its address, messages take the other one") {
  Anna f;
  flow::OwnDataWish wished;
  wished.preferred_channel = "sms";
  wished.version = f.account(f.id).version;
  REQUIRE(f.change(wished)->changed);
  wished = {};
  wished.phone = "";
  wished.version = f.account(f.id).version;
  CHECK(f.flaws(wished).empty());
  CHECK(f.account(f.id).phone.empty());
  CHECK(f.account(f.id).preferred_channel == "email");
}

TEST_CASE("the last confirmed address cannot be taken away, and the field that was changed says so") {
  PersonFixture f;
  const base::Id id = f.add_person("jan", "", "+48600100202");
  const std::string cookie = f.log_in("jan");
  flow::OwnDataWish wished;
  wished.phone = "";
  wished.version = f.account(id).version;
  const auto done = flow::change_own_data(*f.house, f.actor(cookie), wished, f.facts());
  REQUIRE(done);
  REQUIRE(done->flaws.size() == 1);
  CHECK(done->flaws[0].field == "phone");
  CHECK(done->flaws[0].key == "own.flaw.no_channel");
  CHECK(f.account(id).phone == "+48600100202");
}

TEST_CASE("a number without its country is one of the country of the installation") {
  Anna f;
  struct Case {
    const char* zone;
    const char* country;
    const char* typed;
    const char* pending;  // "" = refused
  };
  for (const Case& one :
       {Case{"Europe/Warsaw", "", "600 555 444", "+48 600 555 444"},
        Case{"Europe/Berlin", "", "0172 1234567", "+49 172 1234567"}, Case{"Europe/Berlin", "", "600 555 444", ""},
        Case{"Europe/Berlin", "PL", "600 555 445", "+48 600 555 445"},
        Case{"Europe/Warsaw", "", "+49 172 1234568", "+49 172 1234568"}, Case{"UTC", "", "600 555 444", ""},
        Case{"UTC", "", "+48 600 555 446", "+48 600 555 446"}}) {
    CAPTURE(one.zone);
    CAPTURE(one.typed);
    f.settings.site.time_zone = one.zone;
    f.settings.site.country = one.country;
    flow::OwnDataWish wished;
    wished.phone = one.typed;
    wished.version = f.account(f.id).version;
    if (*one.pending == '\0') {
      CHECK(has(f.flaws(wished), "identifier.phone.invalid"));
      continue;
    }
    CHECK(f.flaws(wished).empty());
    CHECK(flow::read_own_data(*f.house, f.actor(f.cookie), f.now).value().phone.pending == one.pending);
  }
}

TEST_CASE("a login that reads like somebody else's address is taken") {
  Anna f;
  f.add_person("jan", "jan@clinic.example");
  flow::OwnDataWish wished = f.wish();
  wished.login = "JAN@clinic.example";
  CHECK(has(f.flaws(wished), "identifier.login.taken"));
  flow::NewAccount other = f.wish("anna@clinic.example");
  const auto made = flow::create_account(*f.house, f.operator_actor(), other, f.facts());
  REQUIRE_FALSE(made);
  CHECK(made.error().code == base::Code::already_exists);
}

TEST_CASE("without a fresh proof nothing is changed") {
  Anna f;
  const flow::OwnDataWish wished = f.wish();
  f.now += 6min;
  const auto done = f.change(wished);
  REQUIRE_FALSE(done);
  CHECK(done.error().reason == flow::proof_needed);
  const rights::Actor actor = f.actor(f.cookie);
  CHECK_FALSE(flow::add_own_certificate(*f.house, actor, certificate_pem, f.facts()));
  CHECK_FALSE(flow::remove_own_certificate(*f.house, actor, "aa", f.facts()));
}

TEST_CASE("of two who change the same version the second is told so") {
  Anna f;
  flow::OwnDataWish first = f.wish();
  flow::OwnDataWish second = f.wish();
  first.login = "anna.one";
  second.login = "anna.two";
  REQUIRE(f.change(first));
  const auto late = f.change(second);
  REQUIRE_FALSE(late);
  CHECK(late.error().code == base::Code::conflict);
  CHECK(f.account(f.id).login == "anna.one");
}

TEST_CASE("a recipient only looks") {
  PersonFixture f;
  flow::NewAccount wished = f.wish("jan");
  wished.kind = identity::AccountKind::recipient;
  wished.email = "jan@mail.example";
  const base::Id id = f.create(wished);
  const std::string cookie = f.log_in("jan");
  const auto data = flow::read_own_data(*f.house, f.actor(cookie), f.now);
  REQUIRE(data);
  CHECK_FALSE(data->may_edit);
  flow::OwnDataWish change;
  change.login = "other";
  change.email = "jan@mail.example";
  change.version = f.account(id).version;
  const auto done = flow::change_own_data(*f.house, f.actor(cookie), change, f.facts());
  REQUIRE_FALSE(done);
  CHECK(done.error().code == base::Code::denied);
  CHECK(flow::add_own_certificate(*f.house, f.actor(cookie), certificate_pem, f.facts()).error().code ==
        base::Code::denied);
}

TEST_CASE("a certificate is added once in the whole system, shown, and removed by its owner alone") {
  Anna f;
  CHECK(flow::add_own_certificate(*f.house, f.actor(f.cookie), certificate_pem, f.facts()).value().empty());
  const auto data = flow::read_own_data(*f.house, f.actor(f.cookie), f.now).value();
  REQUIRE(data.certificates.size() == 1);
  CHECK(data.certificates[0].subject.find("Klinik Mödling") != std::string::npos);
  CHECK(data.certificates[0].fingerprint.size() == 64);
  // No authority that counts here has issued it.
  CHECK(data.untrusted == std::vector<std::string>{data.certificates[0].fingerprint});
  // Possession of the key was not proven.
  const auto identifiers = f.store->read([&](store::Tx& tx) { return store::list_identifiers(tx, f.id); }).value();
  for (const auto& one : identifiers) {
    if (one.type == "certificate") CHECK_FALSE(one.verified_at);
  }
  CHECK(flow::add_own_certificate(*f.house, f.actor(f.cookie), certificate_pem, f.facts()).value() ==
        "own.flaw.certificate_own_already");
  f.add_person("jan", "jan@clinic.example");
  const std::string jan = f.log_in("jan");
  CHECK(flow::add_own_certificate(*f.house, f.actor(jan), certificate_pem, f.facts()).value() ==
        "identifier.certificate.taken");
  CHECK(
      flow::remove_own_certificate(*f.house, f.actor(jan), data.certificates[0].fingerprint, f.facts()).error().code ==
      base::Code::not_found);
  CHECK(flow::remove_own_certificate(*f.house, f.actor(f.cookie), data.certificates[0].fingerprint, f.facts()));
  CHECK(flow::add_own_certificate(*f.house, f.actor(jan), certificate_pem, f.facts()).value().empty());
}

TEST_CASE("garbage, two certificates and too much are no certificate") {
  Anna f;
  const std::string pem(certificate_pem);
  for (const std::string& octets :
       {std::string(), std::string("garbage"), pem + pem, pem.substr(0, 200), std::string("\x30\x82\xff\xff"),
        std::string(70'000, 'A'), std::string("-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----")}) {
    CHECK(flow::add_own_certificate(*f.house, f.actor(f.cookie), octets, f.facts()).value() ==
          "own.flaw.certificate_broken");
  }
}

TEST_CASE("an employee and a recipient account of one person share the PESEL, and nobody else has it") {
  PersonFixture f;
  flow::NewAccount wished = f.wish("anna");
  wished.identifiers = {{"pesel", "44051401359"}};
  const base::Id employee = f.create(wished);
  wished.login = "anna.patient";
  wished.kind = identity::AccountKind::recipient;
  const base::Id recipient = f.create(wished);
  CHECK(f.account(employee).person_id == f.account(recipient).person_id);
  const auto refused = [&](const std::string& login, identity::AccountKind kind, const std::string& family) {
    flow::NewAccount other = f.wish(login);
    other.identifiers = wished.identifiers;
    other.kind = kind;
    other.family_name = family;
    const auto made = flow::create_account(*f.house, f.operator_actor(), other, f.facts());
    return !made && made.error().code == base::Code::already_exists && made.error().reason.starts_with("pesel:");
  };
  CHECK(refused("second", identity::AccountKind::employee, "Kowalska"));
  CHECK(refused("third", identity::AccountKind::recipient, "Nowak"));
}

TEST_CASE("identifiers of a new account are checked and named, never whose a taken one is") {
  PersonFixture f;
  f.add_person("anna", "Anna@Clinic.example", "+48 600 100 201");
  const auto reason = [&](auto&& set) {
    flow::NewAccount wished = f.wish("jan");
    set(wished);
    const auto made = flow::create_account(*f.house, f.operator_actor(), wished, f.facts());
    REQUIRE_FALSE(made);
    CHECK(made.error().reason.find("anna") == std::string::npos);
    return made.error().reason.substr(0, made.error().reason.find(':'));
  };
  CHECK(reason([](auto& w) { w.email = "anna@CLINIC.example"; }) == "email");
  CHECK(reason([](auto& w) { w.email = "a@b\r\nBcc: x@y.example"; }) == "email");
  CHECK(reason([](auto& w) { w.phone = "0048600100201"; }) == "phone");
  CHECK(reason([](auto& w) { w.identifiers = {{"pesel", "44051401358"}}; }) == "pesel");
  // Born on 31 December 2099, and on 1 January 1800.
  CHECK(reason([](auto& w) { w.identifiers = {{"pesel", "99323100009"}}; }) == "pesel");
  CHECK(reason([](auto& w) { w.identifiers = {{"pesel", "00810100002"}}; }) == "pesel");
  CHECK(reason([](auto& w) { w.identifiers = {{"nip", "0000000000"}}; }) == "nip");
  for (const char* name : {"Jan\r\nBcc: x@y.example", "Jan\x1b[2J", "Jan\x7f", "Jan\t"}) {
    CHECK(reason([&](auto& w) { w.given_name = name; }) == "name");
    CHECK(reason([&](auto& w) { w.family_name = name; }) == "name");
  }
  CHECK(reason([](auto& w) { w.identifiers = {{"shoe_size", "42"}}; }) == "shoe_size");
}

TEST_CASE("a login that reads like somebody else's address in another spelling is taken, and the other way round") {
  Anna f;
  f.add_person("jan", "jan@müller.pl");
  flow::OwnDataWish wished = f.wish();
  for (const char* login : {"jan@müller.pl", "JAN@MÜLLER.pl", "jan@xn--mller-kva.pl"}) {
    wished.login = login;
    CHECK(has(f.flaws(wished), "identifier.login.taken"));
    CHECK_FALSE(flow::create_account(*f.house, f.operator_actor(), f.PersonFixture::wish(login), f.facts()));
  }
  f.create(f.PersonFixture::wish("ewa@müller.pl"));
  wished = f.wish();
  for (const char* email : {"ewa@müller.pl", "ewa@xn--mller-kva.pl"}) {
    wished.email = email;
    CHECK(has(f.flaws(wished), "identifier.email.taken"));
  }
}

TEST_CASE("an address and a login in a domain that another one folds into are not taken, and each logs in as himself") {
  Anna f;
  const base::Id with_ss = f.add_person("ewa", "ewa@strasse.pl");
  const base::Id with_eszett = f.add_person("ewa.straße", "ewa@straße.pl");
  CHECK(f.account(with_eszett).email == "ewa@straße.pl");
  for (const char* login : {"ewa@straße.pl", "EWA@xn--strae-oqa.pl", "ewa@strasse.pl"}) {
    flow::OwnDataWish wished = f.wish();
    wished.login = login;
    CHECK_MESSAGE(has(f.flaws(wished), "identifier.login.taken"), login);
  }
  CHECK(f.actor(f.log_in("ewa@straße.pl")).account().id == with_eszett);
  CHECK(f.actor(f.log_in("Ewa@XN--STRAE-OQA.pl")).account().id == with_eszett);
  CHECK(f.actor(f.log_in("ewa@strasse.pl")).account().id == with_ss);
  // As logins they are two as well.
  const base::Id first = f.create(f.PersonFixture::wish("jan@straße.pl"));
  const base::Id second = f.create(f.PersonFixture::wish("jan@strasse.pl"));
  CHECK(f.actor(f.log_in("jan@straße.pl")).account().id == first);
  CHECK(f.actor(f.log_in("jan@strasse.pl")).account().id == second);
  CHECK_FALSE(
      flow::create_account(*f.house, f.operator_actor(), f.PersonFixture::wish("jan@xn--strae-oqa.pl"), f.facts()));
}

TEST_CASE("nobody is found by a domain that only folds into his") {
  Anna f;
  f.add_person("ewa", "ewa@strasse.pl");
  const auto done = flow::login_password(*f.house, {"ewa@straße.pl", base::Secret(f.password)}, f.facts());
  REQUIRE_FALSE(done);
  CHECK(f.events("login").front().data.find("unknown_login") != std::string::npos);
}

TEST_CASE("an address that folds into the verified one but goes to another mailbox is verified anew") {
  Anna f;
  flow::OwnDataWish wished = f.wish();
  wished.email = "ANNA@Clinic.example";
  const auto respelled = f.change(wished);
  REQUIRE(respelled);
  CHECK_FALSE(respelled->code_to_email);
  CHECK(f.account(f.id).email == "ANNA@Clinic.example");
  wished = f.wish();
  wished.email = "ａnna@clinic.example";
  const auto other = f.change(wished);
  REQUIRE_MESSAGE(other, base::describe(other.error()));
  CHECK(other->code_to_email);
  CHECK(f.account(f.id).email == "ANNA@Clinic.example");
}
