// Accounts that an administrator creates: by an invitation or an initial password, of people, organisations and
// systems.
#include "flow/account/create_account.hpp"

#include <doctest/doctest.h>

#include <algorithm>

#include "flow/account/own_data.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/verify_address.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/password/reset_password.hpp"
#include "flow/password/reset_settings.hpp"
#include "flow/person_fixture.hpp"
#include "store/group/groups.hpp"
#include "text/text.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;

namespace {

constexpr const char* own_password = "Harbour-Willow-2026";

struct Administrator : PersonFixture {
  Administrator() {
    flow::NewAccount wished = wish("ada");
    wished.contexts = {"administrator"};
    wished.email = "ada@clinic.example";
    create(wished);
    cookie = log_in("ada");
  }
  [[nodiscard]] static flow::NewAccount colleague(const std::string& login) {
    flow::NewAccount wished;
    wished.login = login;
    wished.given_name = "Ewa";
    wished.family_name = "Lis";
    wished.email = login + "@clinic.example";
    wished.given_addresses = true;
    wished.invite = true;
    return wished;
  }
  flow::Registered register_it(const flow::NewAccount& wished) {
    const auto done = flow::register_account(*house, actor(cookie), wished, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return *done;
  }
  /// "login: identifier.login.taken" of each flaw.
  std::vector<std::string> flaws(const flow::NewAccount& wished) {
    std::vector<std::string> found;
    for (const flow::FieldFlaw& one : register_it(wished).flaws) {
      CHECK_MESSAGE(text::has(one.key), one.key);
      found.push_back(one.field + ": " + one.key);
    }
    return found;
  }
  bool has_flaw(const flow::NewAccount& wished, const std::string& flaw) {
    const auto found = flaws(wished);
    return std::find(found.begin(), found.end(), flaw) != found.end();
  }
  /// The secret of the link in the newest message of this name.
  std::string token(const std::string& message = "invitation") {
    for (const flow::MessageItem& one : messages()) {
      if (one.message == message) return one.link.substr(one.link.find("token=") + 6);
    }
    FAIL("no message " << message);
    return {};
  }
  bool follows(const std::string& link) {
    const auto set =
        flow::set_by_reset(*house, link, {base::Secret(own_password), base::Secret(own_password)}, facts());
    return set && set->done;
  }
  bool logs_in(const std::string& login, const std::string& typed) {
    return flow::login_password(*house, {login, base::Secret(typed)}, facts()).has_value();
  }
  std::string cookie;
};

}  // namespace

TEST_CASE("an invited colleague chooses a password by the link, and only then can log in") {
  Administrator f;
  const base::Id id = f.register_it(Administrator::colleague("ewa")).id;
  CHECK(f.account(id).status == identity::AccountStatus::invited);
  CHECK_FALSE(f.logs_in("ewa", own_password));
  const std::string link = f.token();
  CHECK(flow::is_invitation(*f.house, link, f.now).value());
  CHECK(f.follows(link));
  CHECK(f.account(id).status == identity::AccountStatus::active);
  CHECK(f.account(id).email_verified);
  CHECK(f.logs_in("ewa", own_password));
  CHECK(f.events("password_set").at(0).data.find("invitation") != std::string::npos);
  CHECK_FALSE(f.follows(link));
}

TEST_CASE("however a person's account is made, it has a channel, and a machine's needs none") {
  Administrator f;
  flow::NewAccount wished = Administrator::colleague("ewa");
  wished.invite = false;
  wished.email.clear();
  CHECK(f.has_flaw(wished, "email: accounts.flaw.no_channel"));
  const auto refused = flow::create_account(*f.house, f.operator_actor(), wished, f.facts());
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::invalid_input);
  CHECK(refused.error().reason.starts_with("email: "));
  wished.kind = identity::AccountKind::client_system;
  CHECK(flow::create_account(*f.house, f.operator_actor(), wished, f.facts()));
}

TEST_CASE(
    "an invitation lasts for days, asks for the own password whatever the form of resets, and can be sent again") {
  Administrator f;
  f.settings.reset.form = flow::ResetForm::temporary;
  const base::Id id = f.register_it(Administrator::colleague("ewa")).id;
  const std::string first = f.token();
  CHECK(flow::confirm_reset(*f.house, first, f.facts()).error().code == base::Code::denied);
  f.now += 24h * 7;
  CHECK_FALSE(f.follows(first));
  f.cookie = f.log_in("ada");
  REQUIRE(flow::start_reset_for(*f.house, f.actor(f.cookie), id.to_string(), f.facts()));
  const std::string second = f.token();
  CHECK(second != first);
  f.now += 24h * 7 - 1s;
  CHECK(f.follows(second));
  // Afterwards the setting decides again.
  CHECK_FALSE(flow::is_invitation(*f.house, second, f.now).value());
}

TEST_CASE("an invitation has a kind of event of its own, and is no reset of a password") {
  Administrator f;
  const base::Id id = f.register_it(Administrator::colleague("ewa")).id;
  REQUIRE(f.events("invitation").size() == 1);
  CHECK(f.events("invitation").front().subject == id);
  REQUIRE(flow::start_reset_for(*f.house, f.actor(f.cookie), id.to_string(), f.facts()));
  REQUIRE(f.events("invitation").size() == 3);
  CHECK(f.events("invitation").front().data == R"({"step":"asked_by_administrator"})");
  CHECK(f.events("invitation").front().actor == f.actor(f.cookie).account().id);
  CHECK(f.events("password_reset").empty());
  CHECK(f.follows(f.token()));
  // The person has an own password now.
  REQUIRE(flow::start_reset_for(*f.house, f.actor(f.cookie), id.to_string(), f.facts()));
  CHECK(f.events("invitation").size() == 3);
  CHECK(f.events("password_reset").size() == 2);
}

TEST_CASE("an invited account is neither restored nor open before the password; an initial one makes it active, too") {
  Administrator f;
  const base::Id id = f.register_it(Administrator::colleague("ewa")).id;
  const auto restored = flow::restore_account(*f.house, f.actor(f.cookie), id.to_string(), f.facts());
  REQUIRE_FALSE(restored);
  CHECK(restored.error().code == base::Code::conflict);
  CHECK(f.account(id).status == identity::AccountStatus::invited);
  const std::string link = f.token();
  REQUIRE(flow::set_password(*f.house, f.actor(f.cookie), id.to_string(), {base::Secret("Lantern-Cedar-2026"), true},
                             f.facts()));
  CHECK(f.account(id).status == identity::AccountStatus::active);
  CHECK(f.logs_in("ewa", "Lantern-Cedar-2026"));
  CHECK_FALSE(f.follows(link));
}

TEST_CASE("a suspended invited account is not opened by its link") {
  Administrator f;
  const base::Id id = f.register_it(Administrator::colleague("ewa")).id;
  const std::string link = f.token();
  REQUIRE(flow::suspend_account(*f.house, f.actor(f.cookie), id.to_string(), f.facts()));
  CHECK_FALSE(f.follows(link));
  CHECK(f.account(id).status == identity::AccountStatus::suspended_admin);
}

TEST_CASE(
    "an address that an administrator enters gets messages at once, and is not verified until the owner confirms") {
  Administrator f;
  flow::NewAccount wished = Administrator::colleague("ewa");
  wished.invite = false;
  wished.password = base::Secret(PersonFixture::password);
  wished.must_change = false;
  wished.phone = "+48600100300";
  wished.preferred_channel = "sms";
  const base::Id id = f.register_it(wished).id;
  const identity::Account made = f.account(id);
  CHECK(made.email_given);
  CHECK_FALSE(made.email_verified);
  CHECK(made.phone_given);
  CHECK_FALSE(made.phone_verified);
  const auto to = f.store->read([&](store::Tx& tx) { return flow::find_destination(tx, made); }).value();
  REQUIRE(to);
  CHECK(to->address == "+48600100300");
  // Nobody else can be registered with it.
  flow::NewAccount other = Administrator::colleague("jan");
  other.email = "ewa@clinic.example";
  CHECK(f.has_flaw(other, "email: identifier.email.taken"));

  const std::string ewa = f.log_in("ewa");
  const auto data = flow::read_own_data(*f.house, f.actor(ewa), f.now).value();
  CHECK(data.email.given);
  CHECK_FALSE(data.email.verified);
  f.now += 1s;
  REQUIRE(flow::send_code_again(*f.house, f.actor(ewa), "email", f.facts()));
  const std::string text = f.messages().at(0).text;
  const std::string code = text.substr(text.find_first_of("0123456789"), 6);
  CHECK(flow::confirm_address(*f.house, f.actor(ewa), "email", code, f.facts()).value() == flow::Verified::yes);
  CHECK(f.account(id).email_verified);
  CHECK_FALSE(f.account(id).email_given);
}

TEST_CASE("all flaws of a new account are told at their fields, and nothing is created") {
  Administrator f;
  f.add_person("jan", "jan@clinic.example", "+48600100201");
  flow::NewAccount wished = Administrator::colleague("jan");
  wished.email = "jan@clinic.example";
  wished.phone = "0172 34567890";
  wished.locale = "xx";
  wished.family_name = wished.given_name = "";
  wished.identifiers = {{"pesel", "44051401358"}, {"nip", "1234563219"}};
  const auto found = f.flaws(wished);
  const std::vector<std::string> expected{"family_name: accounts.flaw.name_missing",
                                          "login: identifier.login.taken",
                                          "email: identifier.email.taken",
                                          "phone: accounts.flaw.phone",
                                          "pesel: identifier.pesel.invalid",
                                          "nip: identifier.nip.invalid",
                                          "preferred_channel: accounts.flaw.preferred_missing",
                                          "locale: accounts.flaw.language"};
  CHECK(found == expected);
  CHECK(f.events("account_create").size() == 2);
}

TEST_CASE("of two addresses one must be chosen, and a person needs at least one") {
  Administrator f;
  flow::NewAccount wished = Administrator::colleague("ewa");
  wished.phone = "+48600100300";
  CHECK(f.has_flaw(wished, "preferred_channel: accounts.flaw.preferred_missing"));
  wished.preferred_channel = "pigeon";
  CHECK(f.has_flaw(wished, "preferred_channel: own.flaw.preferred_unknown"));
  wished.email = "";
  wished.preferred_channel = "email";
  CHECK(f.has_flaw(wished, "preferred_channel: own.flaw.preferred_absent"));
  wished.phone = "";
  wished.preferred_channel = "";
  CHECK(f.has_flaw(wished, "email: accounts.flaw.no_channel"));
}

TEST_CASE("the three forms of an international number are one number, and others are refused with the form expected") {
  Administrator f;
  int number = 0;
  for (const char* typed : {"+49 172 34567890", "0049 172 34567890", "+49 (0)172/34567890"}) {
    flow::NewAccount wished = Administrator::colleague("ewa" + std::to_string(++number));
    wished.email = "";
    wished.phone = typed;
    if (number > 1) {
      CHECK_MESSAGE(f.has_flaw(wished, "phone: identifier.phone.taken"), typed);
      continue;
    }
    CHECK(f.account(f.register_it(wished).id).phone == "+4917234567890");
  }
  for (const char* typed : {"0172 34567890", "call me", "+49123456789012345678", "+0 172 34567890"}) {
    flow::NewAccount wished = Administrator::colleague("jan");
    wished.email = "";
    wished.phone = typed;
    CHECK_MESSAGE(f.has_flaw(wished, "phone: accounts.flaw.phone"), typed);
  }
}

TEST_CASE("an organisation has a NIP or REGON and no PESEL, and neither it nor a system is invited") {
  Administrator f;
  flow::NewAccount wished;
  wished.kind = identity::AccountKind::legal_person;
  wished.login = "pharmacy";
  CHECK(f.flaws(wished) == std::vector<std::string>{"organisation: accounts.flaw.organisation_missing",
                                                    "nip: accounts.flaw.nip_or_regon"});
  wished.organisation = "Apteka Zdrowie";
  wished.identifiers = {{"nip", "1234563218"}, {"pesel", "44051401359"}, {"pwz", "5425740"}};
  CHECK(f.flaws(wished) ==
        std::vector<std::string>{"pesel: accounts.flaw.only_people", "pwz: accounts.flaw.only_people"});
  wished.identifiers = {{"nip", "1234563218"}};
  const identity::Account pharmacy = f.account(f.register_it(wished).id);
  CHECK(pharmacy.kind == identity::AccountKind::legal_person);
  CHECK_FALSE(pharmacy.person_id);
  CHECK(pharmacy.display_name() == "Apteka Zdrowie");
  for (const auto kind : {identity::AccountKind::legal_person, identity::AccountKind::client_system}) {
    flow::NewAccount invited = Administrator::colleague("machine");
    invited.organisation = "Machine";
    invited.kind = kind;
    invited.identifiers = {{"regon", "123456785"}};
    const auto refused = flow::create_account(*f.house, f.actor(f.cookie), invited, f.facts());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == base::Code::invalid_input);
  }
  // The same without a form.
  const auto reason_of = [&](const std::vector<std::pair<std::string, std::string>>& identifiers) {
    flow::NewAccount bare = wished;
    bare.login = "hospital";
    bare.identifiers = identifiers;
    const auto refused = flow::create_account(*f.house, f.actor(f.cookie), bare, f.facts());
    return refused ? std::string() : refused.error().reason;
  };
  CHECK(reason_of({}) == "nip: an organisation has a NIP or a REGON");
  CHECK(reason_of({{"nip", ""}}) == "nip: an organisation has a NIP or a REGON");
  CHECK(reason_of({{"regon", "123456785"}, {"pesel", "44051401359"}}) == "pesel: only a person has one");
}

TEST_CASE("a PESEL joins the two accounts of one person, and is refused for anybody else") {
  Administrator f;
  flow::NewAccount wished = Administrator::colleague("ewa");
  wished.identifiers = {{"pesel", "44051401359"}};
  const base::Id employee = f.register_it(wished).id;
  flow::NewAccount patient = Administrator::colleague("ewa.patient");
  patient.kind = identity::AccountKind::recipient;
  patient.identifiers = wished.identifiers;
  const base::Id recipient = f.register_it(patient).id;
  CHECK(f.account(employee).person_id == f.account(recipient).person_id);
  flow::NewAccount other = Administrator::colleague("other");
  other.family_name = "Zając";
  other.identifiers = wished.identifiers;
  CHECK(f.flaws(other) == std::vector<std::string>{"pesel: identifier.pesel.taken"});
}

TEST_CASE("an administrator offers and gives only contexts that give no more rights than the own one") {
  Administrator f;
  REQUIRE(flow::create_group(*f.house, PersonFixture::operator_actor(), {"", "nurses"}, f.facts()));
  const rights::Actor ada = f.actor(f.cookie);
  const auto choices = flow::find_choices(*f.house, ada, ada.account().tenant_id).value();
  CHECK(choices.groups == std::vector<std::string>{"nurses"});
  CHECK(std::none_of(choices.contexts.begin(), choices.contexts.end(),
                     [](const auto& one) { return one.key == "super_administrator"; }));
  CHECK_FALSE(choices.contexts.empty());
  flow::NewAccount wished = Administrator::colleague("ewa");
  wished.contexts = {"super_administrator"};
  CHECK(flow::register_account(*f.house, ada, wished, f.facts()).error().code == base::Code::denied);
  wished.contexts = {"user"};
  wished.groups = {"no such group"};
  CHECK(flow::register_account(*f.house, ada, wished, f.facts()).error().code == base::Code::invalid_input);
  CHECK(f.messages().empty());
  wished.groups = {"Nurses"};
  const base::Id id = f.register_it(wished).id;
  const auto groups = f.store->read([&](store::Tx& tx) { return store::list_groups_of(tx, id); }).value();
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].name == "nurses");
  CHECK(f.events("group_change").size() == 1);
}

TEST_CASE("without the permission nobody creates an account, and the offer is refused, too") {
  Administrator f;
  f.add_person("jan", "jan@clinic.example");
  const rights::Actor jan = f.actor(f.log_in("jan"));
  CHECK(flow::register_account(*f.house, jan, Administrator::colleague("ewa"), f.facts()).error().code ==
        base::Code::denied);
  CHECK(flow::find_choices(*f.house, jan, jan.account().tenant_id).error().code == base::Code::denied);
}
