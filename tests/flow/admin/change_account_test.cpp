// An administrator changes an account: every field, nobody else's, and nothing that a second administrator has changed.
#include "flow/admin/change_account.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/delete_account.hpp"
#include "flow/certificate_pem.hpp"
#include "flow/person_fixture.hpp"
#include "text/text.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

struct Administrator : PersonFixture {
  Administrator() {
    flow::NewAccount wished = wish("ada");
    wished.contexts = {"administrator"};
    wished.email = "ada@clinic.example";
    ada = create(wished);
    cookie = log_in("ada");
    jan = add_person("jan", "jan@clinic.example", "+48600100201");
  }
  base::Result<flow::AccountChange> change_at(const base::Id& id, const Fields& fields, std::int64_t version) {
    return flow::change_account(*house, actor(cookie), id.to_string(), {fields, version}, facts());
  }
  flow::AccountChange change(const base::Id& id, const Fields& fields) {
    const auto done = change_at(id, fields, account(id).version);
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return *done;
  }
  flow::AccountChange change(const Fields& fields) { return change(jan, fields); }
  std::vector<std::string> flaws(const Fields& fields) {
    std::vector<std::string> found;
    const flow::AccountChange done = change(fields);
    for (const flow::FieldFlaw& one : done.flaws) {
      CHECK_MESSAGE(text::has(one.key), one.key);
      found.push_back(one.field + ": " + one.key);
    }
    CHECK(done.changed == found.empty());
    return found;
  }
  std::string field(const base::Id& id, std::string_view name) {
    return flow::read_account_data(*house, actor(cookie), id.to_string(), now).value().fields.get(name);
  }
  base::Id ada;
  base::Id jan;
  std::string cookie;
};

}  // namespace

TEST_CASE("every field of an account is changed, and the record keeps old and new values where they can be erased") {
  Administrator f;
  const Fields wished{{"given_name", "Jana"},
                      {"family_name", "Wiśniewska"},
                      {"organisation", "Klinika"},
                      {"locale", "pl"},
                      {"login", "jana.w"},
                      {"email", "jana@clinic.example"},
                      {"phone", "+49 172 34567890"},
                      {"preferred_channel", "sms"},
                      {"pesel", "44051401359"},
                      {"passport", "ZS1234567"},
                      {"nip", "123-456-32-18"},
                      {"regon", "123456785"},
                      {"pwz", "5425740"},
                      {"external", "yes"}};
  CHECK(f.flaws(wished).empty());
  for (const auto& [name, value] : wished) {
    if (name != "phone" && name != "passport") CHECK_MESSAGE(f.field(f.jan, name) == value, name);
  }
  const identity::Account jana = f.account(f.jan);
  CHECK(jana.phone == "+4917234567890");
  CHECK(jana.display_name() == "Jana Wiśniewska");
  const auto events = f.events("account_change");
  REQUIRE(events.size() == 1);
  CHECK(events[0].data.find("Wiśniewska") == std::string::npos);
  CHECK(events[0].data.find("44051401359") == std::string::npos);
  CHECK(events[0].data.find("family_name") != std::string::npos);
  CHECK(events[0].personal.find(R"("old_family_name":"Kowalska","new_family_name":"Wiśniewska")") != std::string::npos);
  CHECK(events[0].personal.find(R"("old_email":"jan@clinic.example")") != std::string::npos);
  CHECK(events[0].actor == f.ada);
}

TEST_CASE("a new address is in force at once and not verified, and the person and the old address are told") {
  Administrator f;
  CHECK(f.flaws({{"email", "new@clinic.example"}}).empty());
  const identity::Account jan = f.account(f.jan);
  CHECK(jan.email == "new@clinic.example");
  CHECK(jan.email_given);
  CHECK_FALSE(jan.email_verified);
  std::vector<std::string> told;
  for (const flow::MessageItem& one : f.messages()) told.push_back(one.message + " " + one.to);
  std::sort(told.begin(), told.end());
  CHECK(told == std::vector<std::string>{"account_changed new@clinic.example", "address_changed jan@clinic.example"});
}

TEST_CASE("another spelling of an address that was confirmed stays confirmed, and nobody is told that it is gone") {
  Administrator f;
  CHECK(f.flaws({{"email", "jan@CLINIC.example"}}).empty());
  CHECK(f.account(f.jan).email_verified);
  for (const flow::MessageItem& one : f.messages()) CHECK(one.message != "address_changed");
}

TEST_CASE("the second of two administrators is refused, and nothing is overwritten") {
  Administrator f;
  const std::int64_t version = f.account(f.jan).version;
  REQUIRE(f.change_at(f.jan, {{"family_name", "First"}}, version));
  const auto second = f.change_at(f.jan, {{"family_name", "Second"}}, version);
  REQUIRE_FALSE(second);
  CHECK(second.error().code == base::Code::conflict);
  CHECK(f.account(f.jan).family_name == "First");
  CHECK(f.events("account_change").size() == 1);
}

TEST_CASE("a form without a change leaves no event and no new version") {
  Administrator f;
  const std::int64_t version = f.account(f.jan).version;
  CHECK_FALSE(f.change({{"family_name", "Kowalska"}, {"email", "jan@clinic.example"}}).changed);
  CHECK(f.account(f.jan).version == version);
  CHECK(f.events("account_change").empty());
}

TEST_CASE("what is taken or wrong is told at its field, and a change of one field is not refused because of another") {
  Administrator f;
  f.add_person("ewa", "ewa@clinic.example", "+48600100202");
  CHECK(f.flaws({{"login", "EWA"},
                 {"email", "ewa@clinic.example"},
                 {"phone", "+48 600 100 202"},
                 {"pesel", "44051401358"},
                 {"preferred_channel", "pigeon"}}) ==
        std::vector<std::string>{"login: identifier.login.taken", "email: identifier.email.taken",
                                 "phone: identifier.phone.taken", "pesel: identifier.pesel.invalid",
                                 "preferred_channel: own.flaw.preferred_unknown"});
  CHECK(f.flaws({{"login", ""}}) == std::vector<std::string>{"login: accounts.flaw.login_missing"});
  CHECK(f.flaws({{"email", ""}, {"phone", ""}}) == std::vector<std::string>{"email: accounts.flaw.no_channel"});
  CHECK(f.flaws({{"given_name", ""}, {"family_name", ""}}) ==
        std::vector<std::string>{"family_name: accounts.flaw.name_missing"});
  CHECK(f.account(f.jan).login == "jan");
  // An account without an address keeps its name changeable.
  flow::NewAccount bare = f.wish("bare");
  const base::Id id = f.create(bare);
  CHECK(f.change(id, {{"family_name", "Lis"}}).changed);
}

TEST_CASE("an address that is taken away is preferred no more, and its owner is told") {
  Administrator f;
  CHECK(f.flaws({{"preferred_channel", "sms"}}).empty());
  CHECK(f.flaws({{"phone", ""}}).empty());
  CHECK(f.account(f.jan).preferred_channel == "email");
  CHECK(f.account(f.jan).phone.empty());
  bool told = false;
  for (const flow::MessageItem& one : f.messages())
    told = told || (one.message == "address_changed" && one.to == "+48600100201");
  CHECK(told);
}

TEST_CASE("a login that is the old address follows to the new one, so that the old address is free") {
  Administrator f;
  const base::Id id = f.add_person("owner@clinic.example", "owner@clinic.example");
  CHECK(f.change(id, {{"email", "new.owner@clinic.example"}}).changed);
  CHECK(f.account(id).login == "new.owner@clinic.example");
  f.add_person("next", "owner@clinic.example");
}

TEST_CASE("an employee becomes a patient and back, but no machine, and not while it is a main account") {
  Administrator f;
  CHECK(f.flaws({{"kind", "recipient"}}).empty());
  CHECK(f.account(f.jan).kind == identity::AccountKind::recipient);
  CHECK(f.flaws({{"kind", "client_system"}}) == std::vector<std::string>{"kind: accounts.flaw.kind"});
  CHECK(f.flaws({{"kind", "emperor"}}) == std::vector<std::string>{"kind: accounts.flaw.kind"});
  flow::NewAccount boss = f.wish("boss");
  boss.email = "boss@clinic.example";
  boss.is_main = true;
  const base::Id id = f.create(boss);
  CHECK(f.change(id, {{"kind", "recipient"}}).flaws.size() == 1);
}

TEST_CASE("the PESEL of the same person's other account joins both, and the other numbers go along") {
  Administrator f;
  CHECK(f.flaws({{"pesel", "44051401359"}}).empty());
  flow::NewAccount patient = f.wish("jan.patient");
  patient.kind = identity::AccountKind::recipient;
  patient.email = "jan.patient@clinic.example";
  patient.identifiers = {{"passport", "ZS1234567"}};
  const base::Id id = f.create(patient);
  CHECK(f.account(id).person_id != f.account(f.jan).person_id);
  CHECK(f.change(id, {{"pesel", "44051401359"}}).changed);
  CHECK(f.account(id).person_id == f.account(f.jan).person_id);
  CHECK_FALSE(f.field(f.jan, "passport").empty());
  // A name that is changed is that of both accounts.
  CHECK(f.change(id, {{"family_name", "Zając"}}).changed);
  CHECK(f.account(f.jan).family_name == "Zając");
  // Another employee with another name does not get it.
  flow::NewAccount other = f.wish("other");
  other.family_name = "Wrona";
  other.email = "other@clinic.example";
  CHECK(f.change(f.create(other), {{"pesel", "44051401359"}}).flaws.size() == 1);
}

TEST_CASE("nobody changes the own account, one with more rights, a deleted one, or one of another tenant") {
  Administrator f;
  const auto code_of = [&](const base::Id& id) {
    const auto done = f.change_at(id, {{"family_name", "X"}}, f.account(id).version);
    return done ? base::Code::internal : done.error().code;
  };
  CHECK(code_of(f.ada) == base::Code::denied);
  flow::NewAccount root = f.wish("root");
  root.contexts = {"super_administrator"};
  CHECK(code_of(f.create(root)) == base::Code::denied);
  const std::string jan = f.log_in("jan");
  REQUIRE(flow::delete_own_account(*f.house, f.actor(jan), f.facts()));
  CHECK(code_of(f.jan) == base::Code::conflict);
  CHECK(f.change_at(f.ada, {{"status", "active"}}, 0).error().code == base::Code::invalid_input);
  f.add_person("stranger", "stranger@clinic.example");
  const rights::Actor self = f.actor(f.log_in("stranger"));
  CHECK(flow::change_account(*f.house, self, f.ada.to_string(), {{}, 0}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::read_account_data(*f.house, self, f.ada.to_string(), f.now).error().code == base::Code::denied);
}

TEST_CASE("an administrator adds and removes the certificate of an account; one of another account is taken") {
  Administrator f;
  const base::Id ewa = f.add_person("ewa", "ewa@clinic.example");
  const auto add = [&](const base::Id& id, std::string_view octets) {
    return flow::add_certificate_for(*f.house, f.actor(f.cookie), id.to_string(), octets, f.facts()).value();
  };
  CHECK(add(f.jan, "no certificate") == "own.flaw.certificate_broken");
  CHECK(add(f.jan, certificate_pem).empty());
  CHECK(add(f.jan, certificate_pem) == "own.flaw.certificate_own_already");
  CHECK(add(ewa, certificate_pem) == "identifier.certificate.taken");
  const auto data = flow::read_account_data(*f.house, f.actor(f.cookie), f.jan.to_string(), f.now).value();
  REQUIRE(data.certificates.size() == 1);
  const std::string& fingerprint = data.certificates[0].fingerprint;
  CHECK(
      flow::remove_certificate_for(*f.house, f.actor(f.cookie), ewa.to_string(), fingerprint, f.facts()).error().code ==
      base::Code::not_found);
  CHECK(flow::remove_certificate_for(*f.house, f.actor(f.cookie), f.jan.to_string(), fingerprint, f.facts()));
  CHECK(f.events("account_change").size() == 2);
}

TEST_CASE("an account becomes a sub account, changes to another main account, and stands alone again") {
  Administrator f;
  const auto add_main = [&f](const std::string& login) {
    flow::NewAccount wished = f.wish(login);
    wished.kind = identity::AccountKind::employee;
    wished.email = login + "@clinic.example";
    wished.is_main = true;
    return f.create(wished);
  };
  const base::Id first = add_main("first");
  const base::Id second = add_main("second");
  CHECK(f.flaws({{"main_account", "first"}}).empty());
  CHECK(f.account(f.jan).main_account_id == first);
  CHECK(f.field(f.jan, "main_account") == "first");
  CHECK(f.flaws({{"main_account", "second@clinic.example"}}).empty());
  CHECK(f.account(f.jan).main_account_id == second);
  // The same one by its address is no change.
  CHECK_FALSE(f.change({{"main_account", "second@clinic.example"}}).changed);
  CHECK(f.flaws({{"main_account", ""}}).empty());
  CHECK_FALSE(f.account(f.jan).main_account_id.has_value());
  const auto events = f.events("account_change");
  CHECK(events.size() == 3);
  CHECK(events.back().data.find("main_account") != std::string::npos);
}

TEST_CASE("no account comes below one that may have no sub accounts, below itself, or below a main account of others") {
  Administrator f;
  CHECK(f.flaws({{"main_account", "ada"}}) == std::vector<std::string>{"main_account: accounts.flaw.main_unfit"});
  CHECK(f.flaws({{"main_account", "jan"}}) == std::vector<std::string>{"main_account: accounts.flaw.main_unfit"});
  CHECK(f.flaws({{"main_account", "nobody"}}) == std::vector<std::string>{"main_account: accounts.flaw.main_unfit"});
  flow::NewAccount wished = f.wish("first");
  wished.kind = identity::AccountKind::employee;
  wished.email = "first@clinic.example";
  wished.is_main = true;
  const base::Id first = f.create(wished);
  const flow::AccountChange done = f.change(first, {{"main_account", "first"}});
  REQUIRE(done.flaws.size() == 1);
  CHECK(done.flaws.front().key == "accounts.flaw.main_of_main");
  CHECK_FALSE(f.account(first).main_account_id.has_value());
  // Without an address of its own.
  const base::Id piotr = f.add_person("piotr", "", "");
  const flow::AccountChange without = f.change(piotr, {{"main_account", "first"}});
  REQUIRE(without.flaws.size() == 1);
  CHECK(without.flaws.front().key == "own.flaw.email_missing");
  CHECK_FALSE(f.account(piotr).main_account_id.has_value());
}
