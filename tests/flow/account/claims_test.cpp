// An unverified value does not occupy an address: not as e-mail address, not as telephone number, not as login.
#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/free_identifier.hpp"
#include "flow/account/own_data.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/account/verify_address.hpp"
#include "flow/person_fixture.hpp"

using namespace std::chrono_literals;
using flow::Verified;
using testing::PersonFixture;

namespace {

struct Claims : PersonFixture {
  /// An account whose addresses are not verified.
  base::Id add_claimant(const std::string& login, const std::string& email, const std::string& phone = {}) {
    flow::NewAccount wished = wish(login);
    wished.email = email;
    wished.phone = phone;
    wished.trusted_addresses = false;
    return create(wished);
  }
  flow::OwnDataChange change(const std::string& who, const std::string& login, const std::string& email) {
    const std::string cookie = log_in(who);
    const auto self = actor(cookie).account();
    const auto done = flow::change_own_data(*house, actor(cookie),
                                            {login, email, self.phone, "email", "", "", false, self.version}, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return *done;
  }
  static bool has_flaw(const flow::OwnDataChange& done, const std::string& field, const std::string& key) {
    return std::any_of(done.flaws.begin(), done.flaws.end(),
                       [&](const flow::FieldFlaw& one) { return one.field == field && one.key == key; });
  }
  /// The code of the newest message.
  std::string code() {
    const std::string text = messages().at(0).text;
    return text.substr(text.find_first_of("0123456789"), 6);
  }
  std::string send_code(const std::string& cookie) {
    now += 1s;  // so that the newest message is the last one
    REQUIRE(flow::send_code_again(*house, actor(cookie), "email", facts()));
    return code();
  }
  Verified confirm(const std::string& cookie, const std::string& typed) {
    return flow::confirm_address(*house, actor(cookie), "email", typed, facts()).value();
  }
  bool finds(const std::string& typed) {
    return store->read([&](store::Tx& tx) { return store::find_account_by_login(tx, typed, now); }).value().has_value();
  }
};

}  // namespace

TEST_CASE("an address that an account merely names does not keep its owner from being registered") {
  Claims f;
  const base::Id piotr = f.add_claimant("piotr", "ceo@hospital.example", "+48600100299");
  CHECK(f.account(piotr).email == "ceo@hospital.example");
  CHECK_FALSE(f.account(piotr).email_verified);
  CHECK_FALSE(f.finds("ceo@hospital.example"));
  f.add_claimant("second", "ceo@hospital.example");
  const base::Id owner = f.add_person("ceo", "ceo@hospital.example", "+48600100299");
  CHECK(f.account(owner).email_verified);
  CHECK(f.account(owner).phone_verified);
  CHECK(f.finds("ceo@hospital.example"));
  // The person who comes second sees the reason at the field.
  CHECK(f.has_flaw(f.change("piotr", "piotr", "ceo@hospital.example"), "email", "identifier.email.taken"));
}

TEST_CASE("of several who claim one address the first to confirm it has it, and the others are told at their field") {
  Claims f;
  f.add_claimant("anna", "shared@clinic.example");
  f.add_claimant("jan", "shared@clinic.example");
  const std::string anna = f.log_in("anna");
  const std::string jan = f.log_in("jan");
  const std::string code_of_jan = f.send_code(jan);
  CHECK(f.confirm(anna, f.send_code(anna)) == Verified::yes);
  CHECK(f.confirm(jan, code_of_jan) == Verified::taken);
  CHECK(flow::send_code_again(*f.house, f.actor(jan), "email", f.facts()).error().code == base::Code::already_exists);
  CHECK(f.has_flaw(f.change("jan", "jan", "shared@clinic.example"), "email", "identifier.email.taken"));
}

TEST_CASE("an address that was never verified is shown as such, and its code goes out when the person asks for it") {
  Claims f;
  const base::Id id = f.add_claimant("anna", "anna@clinic.example");
  const std::string cookie = f.log_in("anna");
  const auto before = flow::read_own_data(*f.house, f.actor(cookie), f.now).value();
  CHECK(before.email.display == "anna@clinic.example");
  CHECK(before.email.pending.empty());
  CHECK_FALSE(before.email.verified);
  CHECK(f.messages().empty());
  CHECK(f.confirm(cookie, "000000") == Verified::over);
  const std::string code = f.send_code(cookie);
  CHECK(flow::read_own_data(*f.house, f.actor(cookie), f.now).value().email.pending == "anna@clinic.example");
  CHECK(f.confirm(cookie, code) == Verified::yes);
  CHECK(f.account(id).email_verified);
}

TEST_CASE("nobody takes a login that is an address and not the own verified one, in whatever letters") {
  Claims f;
  const base::Id id = f.add_person("piotr", "piotr@clinic.example");
  for (const char* login : {"ceo@hospital.example", "CEO@Hospital.example", "ceo\xef\xbc\xa0hospital.example", "a@b",
                            "@piotr", "piotr+tag@clinic.example"}) {
    CHECK_MESSAGE(f.has_flaw(f.change("piotr", login, "piotr@clinic.example"), "login", "own.flaw.login_address"),
                  login);
    CHECK(f.account(id).login == "piotr");
  }
  // Typed as the login too, it is still not verified.
  CHECK(
      f.has_flaw(f.change("piotr", "ceo@hospital.example", "ceo@hospital.example"), "login", "own.flaw.login_address"));
  flow::NewAccount wished = f.wish("ceo@hospital.example");
  wished.email = "ceo@hospital.example";
  wished.trusted_addresses = false;
  const auto refused = flow::create_account(*f.house, f.operator_actor(), wished, f.facts());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::invalid_input);
  wished.trusted_addresses = true;
  CHECK(flow::create_account(*f.house, f.operator_actor(), wished, f.facts()));
}

TEST_CASE("a sub account takes no login that is an address") {
  Claims f;
  flow::NewAccount boss = f.wish("boss");
  boss.email = "info@practice.example";
  boss.is_main = true;
  f.create(boss);
  const rights::Actor actor = f.actor(f.log_in("boss"));
  const auto made = flow::create_sub_account(
      *f.house, actor, {"dyrektor@clinic.example", "Ewa", "Lis", "dyrektor@clinic.example", false}, f.facts());
  REQUIRE_FALSE(made);
  CHECK(made.error().reason.starts_with("login: "));
  CHECK(flow::create_sub_account(*f.house, actor, {"ewa", "Ewa", "Lis", "dyrektor@clinic.example", false}, f.facts()));
  f.add_person("dyrektor@clinic.example", "dyrektor@clinic.example");
}

TEST_CASE("the own verified address may be the login, and when the address changes the login goes with it") {
  Claims f;
  const base::Id id = f.add_person("piotr", "piotr@clinic.example");
  CHECK(f.change("piotr", "piotr@clinic.example", "piotr@clinic.example").flaws.empty());
  CHECK(f.account(id).login == "piotr@clinic.example");
  CHECK(f.change("piotr@clinic.example", "piotr@clinic.example", "new@clinic.example").code_to_email);
  const std::string cookie = f.log_in("piotr@clinic.example");
  CHECK(f.confirm(cookie, f.code()) == Verified::yes);
  CHECK(f.account(id).login == "new@clinic.example");
  CHECK_FALSE(f.finds("piotr@clinic.example"));
  f.add_person("next", "piotr@clinic.example");
}

TEST_CASE("an administrator frees a login that was somebody else's address, and its owner is registered") {
  Claims f;
  const base::Id piotr = f.add_person("ceo@hospital.example", "");
  CHECK(flow::free_identifier(*f.house, f.operator_actor(), "ceo@hospital.example", {"login", ""}, f.facts())
            .error()
            .code == base::Code::conflict);
  CHECK(f.finds("ceo@hospital.example"));
  CHECK(flow::free_identifier(*f.house, f.operator_actor(), piotr.to_string(), {"login", "piotr"}, f.facts()));
  CHECK(f.account(piotr).login == "piotr");
  CHECK(f.events("account_change").front().subject == piotr);
  f.add_person("ceo", "ceo@hospital.example");
  CHECK(f.log_in("piotr") != "");
}

TEST_CASE("what is freed of the channels leaves a preferred one that is there") {
  Claims f;
  const base::Id id = f.add_person("piotr", "ceo@hospital.example", "+48600100203");
  CHECK(f.account(id).preferred_channel == "email");
  REQUIRE(flow::free_identifier(*f.house, f.operator_actor(), "piotr", {"email", ""}, f.facts()));
  CHECK(f.account(id).email.empty());
  CHECK(f.account(id).preferred_channel == "sms");
  CHECK(flow::free_identifier(*f.house, f.operator_actor(), "piotr", {"email", ""}, f.facts()).error().code ==
        base::Code::not_found);
  CHECK(flow::free_identifier(*f.house, f.operator_actor(), "piotr", {"pesel", ""}, f.facts()).error().code ==
        base::Code::invalid_input);
}

TEST_CASE("only administrators free identifiers, and none of an account above them") {
  Claims f;
  f.add_person("jan", "jan@clinic.example");
  flow::NewAccount wished = f.wish("root");
  wished.contexts = {"super_administrator"};
  f.create(wished);
  wished = f.wish("admin");
  wished.contexts = {"administrator"};
  f.create(wished);
  const auto free = [&](const std::string& who, const std::string& whose) {
    return flow::free_identifier(*f.house, f.actor(f.log_in(who)), whose, {"login", "other"}, f.facts()).error().code;
  };
  CHECK(free("jan", "root") == base::Code::denied);
  CHECK(free("admin", "root") == base::Code::denied);
  CHECK(free("admin", "admin") == base::Code::denied);
  CHECK(f.finds("root"));
}

TEST_CASE("of two channels of a new account e-mail is the preferred one unless said otherwise, and it is there") {
  Claims f;
  CHECK(f.account(f.add_person("both", "both@clinic.example", "+48600100201")).preferred_channel == "email");
  CHECK(f.account(f.add_person("phone", "", "+48600100202")).preferred_channel == "sms");
  CHECK(f.account(f.add_person("none", "")).preferred_channel == "");
  flow::NewAccount wished = f.wish("said");
  wished.email = "said@clinic.example";
  wished.phone = "+48600100203";
  wished.preferred_channel = "sms";
  CHECK(f.account(f.create(wished)).preferred_channel == "sms");
  wished = f.wish("absent");
  wished.email = "absent@clinic.example";
  wished.preferred_channel = "sms";
  const auto made = flow::create_account(*f.house, f.operator_actor(), wished, f.facts());
  REQUIRE_FALSE(made);
  CHECK(made.error().reason.starts_with("preferred_channel: "));
  // Her form can be saved as it is shown.
  CHECK(f.change("both", "both.two", "both@clinic.example").flaws.empty());
}
