// However an account is created, its person can log in without further help from an administrator.
#include <doctest/doctest.h>

#include "flow/account/own_data.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/account/verify_address.hpp"
#include "flow/password_fixture.hpp"
#include "store/account/identifiers.hpp"

using namespace std::chrono_literals;

namespace {

struct FirstLogin : testing::PasswordFixture {
  FirstLogin() {
    flow::NewAccount anna = wish_for("anna.kowalska");
    anna.email = "anna@clinic.example";
    anna.trusted_addresses = true;
    anna.password = base::Secret(right);
    anna.must_change = false;
    anna.is_main = true;
    create(anna);
  }
  static flow::NewAccount wish_for(const std::string& login) {
    flow::NewAccount wished;
    wished.login = login;
    wished.given_name = "Ewa";
    wished.family_name = "Lis";
    return wished;
  }
  base::Id create(const flow::NewAccount& wished) {
    const auto id = flow::create_account(*house, operator_actor(), wished, facts());
    REQUIRE_MESSAGE(id, base::describe(id.error()));
    return *id;
  }
  base::Id add_sub(const std::string& email, bool redirect) {
    const auto id =
        flow::create_sub_account(*house, *visitor_of(right).actor, {"ewa", "Ewa", "Lis", email, redirect}, facts());
    REQUIRE_MESSAGE(id, base::describe(id.error()));
    return *id;
  }
  /// "I forgot my password", the link, the temporary password, the own one; gives where the link went.
  std::string get_in(const std::string& login) {
    const std::string token = get_token(login);
    const std::string to = last("reset_link").to;
    REQUIRE(flow::confirm_reset(*house, token, facts()));
    CHECK(text_has(last_after_delivery("temporary_password").text, "Ewa Lis"));
    const auto who = visitor_of(temporary_password(), login);
    CHECK_FALSE(who.actor);
    change(who, last_temporary(), other);
    REQUIRE(visitor_of(other, login).actor);
    return to;
  }
  const flow::MessageItem& last_after_delivery(const std::string& message) {
    deliver();
    return last(message);
  }
  std::string last_temporary() { return temporary_password(); }
  static bool text_has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  identity::Account account(const base::Id& id) {
    return store->read([&](store::Tx& tx) { return store::find_account(tx, id); }).value().value();
  }
};

}  // namespace

TEST_CASE("an account with an initial password is entered with it") {
  FirstLogin f;
  flow::NewAccount wished = f.wish_for("ewa");
  wished.password = base::Secret(f.right);
  f.create(wished);
  const auto who = f.visitor_of(f.right, "ewa");
  f.change(who, f.right, f.other);
  CHECK(f.visitor_of(f.other, "ewa").actor);
}

TEST_CASE("an account without a password is entered by the reset, if an administrator trusts its address") {
  FirstLogin f;
  flow::NewAccount wished = f.wish_for("ewa");
  wished.email = "ewa@clinic.example";
  wished.trusted_addresses = true;
  f.create(wished);
  CHECK(f.get_in("ewa") == "ewa@clinic.example");
}

TEST_CASE("an account without a password is entered by the reset at its address, which is verified by that") {
  FirstLogin f;
  flow::NewAccount wished = f.wish_for("ewa");
  wished.email = "ewa@clinic.example";
  const base::Id id = f.create(wished);
  CHECK(f.get_in("ewa") == "ewa@clinic.example");
  CHECK(f.account(id).email_verified);
}

TEST_CASE("a redirected sub account is entered by the reset: the main account gets the mails, which name it") {
  FirstLogin f;
  f.add_sub("anna+ewa@clinic.example", true);
  CHECK(f.get_in("ewa") == "anna@clinic.example");
  CHECK(f.text_has(f.last("reset_link").text, "Ewa Lis"));
}

TEST_CASE("a sub account with an address of its own is entered by the reset, which verifies the address") {
  FirstLogin f;
  const base::Id id = f.add_sub("ewa@clinic.example", false);
  CHECK(f.get_in("ewa") == "ewa@clinic.example");
  CHECK(f.account(id).email_verified);
  CHECK(f.account(id).preferred_channel == "email");
}

TEST_CASE("a sub account that an administrator makes is entered like one that its main account made") {
  FirstLogin f;
  flow::NewAccount wished = f.wish_for("ewa");
  wished.email = "anna+ewa@clinic.example";
  wished.main_account = "anna.kowalska";
  wished.redirect_to_main = true;
  f.create(wished);
  CHECK(f.get_in("ewa") == "anna@clinic.example");
}

TEST_CASE("the code of a pseudo address goes to the main account and names the sub account") {
  FirstLogin f;
  const base::Id id = f.add_sub("ewa@clinic.example", false);
  f.get_in("ewa");
  const auto ewa = f.visitor_of(f.other, "ewa");
  const auto changed = flow::change_own_data(
      *f.house, *ewa.actor, {"ewa", "anna+ewa@clinic.example", "", "email", "", "", true, f.account(id).version},
      f.facts());
  REQUIRE(changed);
  REQUIRE(changed->flaws.empty());
  f.deliver();
  const flow::MessageItem& message = f.last("verify_address");
  CHECK(message.to == "anna@clinic.example");
  CHECK(f.text_has(message.text, "Ewa Lis"));
  const std::string code = message.text.substr(message.text.find_first_of("0123456789"), 6);
  CHECK(flow::confirm_address(*f.house, *ewa.actor, "email", code, f.facts()).value() == flow::Verified::yes);
  CHECK(f.account(id).email_verified);
  CHECK(f.account(id).redirects_to_main);
}

TEST_CASE("the link of a first login is over when somebody else has verified the address meanwhile") {
  FirstLogin f;
  f.add_sub("ewa@clinic.example", false);
  const std::string token = f.get_token("ewa");
  flow::NewAccount owner = f.wish_for("owner");
  owner.email = "ewa@clinic.example";
  owner.trusted_addresses = true;
  f.create(owner);
  CHECK(flow::confirm_reset(*f.house, token, f.facts()).error().code == base::Code::expired);
  f.deliver();
  CHECK(f.count_sent("temporary_password") == 0);
}

TEST_CASE("who has a password gets no link at an address that nobody has verified, and a machine never") {
  FirstLogin f;
  flow::NewAccount wished = f.wish_for("ewa");
  wished.email = "ewa@clinic.example";
  wished.password = base::Secret(f.right);
  f.create(wished);
  wished = f.wish_for("machine");
  wished.kind = identity::AccountKind::service;
  wished.email = "machine@clinic.example";
  f.create(wished);
  for (const char* login : {"ewa", "machine"}) {
    f.ask(login);
    f.deliver();
  }
  CHECK(f.count_sent("reset_link") == 0);
}

TEST_CASE("a link by SMS proves the telephone number, and not the e-mail address that waits for its code") {
  FirstLogin f;
  flow::NewAccount wished = f.wish_for("ewa");
  wished.phone = "+48600100200";
  wished.trusted_addresses = true;
  const base::Id id = f.create(wished);
  store::PendingAddress pending;
  pending.account_id = id;
  pending.type = "email";
  pending.canonical = pending.display = "director@clinic.example";
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::put_pending(tx, pending, f.now); }));
  f.ask("ewa");
  f.deliver();
  REQUIRE(f.last("reset_link").to == "+48600100200");
  const std::string text = f.last("reset_link").text;
  const std::size_t start = text.find("token=") + 6;
  const std::string token = text.substr(start, text.find_first_of(" )", start) - start);
  REQUIRE(flow::confirm_reset(*f.house, token, f.facts()));
  CHECK(f.account(id).email == "director@clinic.example");
  CHECK_FALSE(f.account(id).email_verified);
}
