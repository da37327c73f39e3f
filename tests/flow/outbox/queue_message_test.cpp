#include "flow/outbox/queue_message.hpp"

#include <doctest/doctest.h>

#include "flow/house/site_settings.hpp"
#include "flow/person_fixture.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "store/driver/sql.hpp"
#include "store/tenant/tenants.hpp"
#include "text/text.hpp"

using testing::PersonFixture;

namespace {

std::optional<flow::Destination> destination(PersonFixture& f, const identity::Account& account) {
  return f.store->read([&](store::Tx& tx) { return flow::find_destination(tx, account); }).value();
}

void queue(PersonFixture& f, const identity::Account& account, const flow::Message& message,
           std::optional<text::Language> page = std::nullopt) {
  const auto to = destination(f, account);
  REQUIRE(to);
  const auto queued = f.store->write([&](store::Tx& tx) {
    return flow::queue_message(*f.house, tx, {account, *to, page}, message, f.now);
  });
  REQUIRE_MESSAGE(queued, base::describe(queued.error()));
}

}  // namespace

TEST_CASE("a message is composed in the person's language, with the link as text and for a button") {
  PersonFixture f;
  identity::Account anna = f.account(f.add_person("anna", "Anna@Klinik-München.de"));
  anna.locale = "de";
  queue(f, anna, {"reset_link", {{"minutes", std::int64_t{30}}}, "http://localhost:8080/reset/confirm?token=abc"});
  const auto waiting = f.messages();
  REQUIRE(waiting.size() == 1);
  CHECK(waiting[0].to == "Anna@xn--klinik-mnchen-3ob.de");
  CHECK(waiting[0].subject == "Neues Passwort wählen");
  CHECK(waiting[0].text.find("Guten Tag Anna Kowalska") == 0);
  CHECK(waiting[0].text.find("\n\nhttp://localhost:8080/reset/confirm?token=abc\n\n") != std::string::npos);
  CHECK(waiting[0].text.find('{') == std::string::npos);
  CHECK(waiting[0].action == "Neues Passwort wählen");
}

TEST_CASE("a message is in the language of the account, the page, the first login, the tenant or the installation") {
  PersonFixture f;
  f.settings.site.language = text::Language::pl;
  identity::Account anna = f.account(f.add_person("anna", "anna@clinic.example"));
  const auto language = [&](std::optional<text::Language> page) {
    f.now += std::chrono::seconds(1);
    queue(f, anna, {"test"}, page);
    return f.messages().front().language;
  };
  CHECK(language(std::nullopt) == text::Language::pl);
  CHECK(language(text::Language::de) == text::Language::de);
  flow::TenantWish german;
  german.locale = "de";
  REQUIRE(flow::change_tenant(*f.house, f.operator_actor(), "", german, f.facts()));
  CHECK(language(std::nullopt) == text::Language::de);
  anna.first_language = "pl";
  CHECK(language(std::nullopt) == text::Language::pl);
  CHECK(language(text::Language::en) == text::Language::en);
  anna.locale = "en";
  CHECK(language(std::nullopt) == text::Language::en);
  CHECK(language(text::Language::de) == text::Language::en);
}

TEST_CASE("the language of the first login stays, and a later login in another one does not change it") {
  PersonFixture f;
  const base::Id anna = f.add_person("anna", "anna@clinic.example");
  CHECK(f.account(anna).first_language.empty());
  for (const auto language : {text::Language::pl, text::Language::de}) {
    flow::RequestFacts facts = f.facts();
    facts.language = language;
    REQUIRE(flow::login_password(*f.house, {"anna", base::Secret(PersonFixture::password)}, facts));
    CHECK(f.account(anna).first_language == "pl");
    CHECK(f.account(anna).locale.empty());
  }
}

TEST_CASE("a message names the tenant; the address stands in its footer and is nobody's name") {
  PersonFixture f;
  const auto anna = f.account(f.add_person("anna", "anna@clinic.example", "+48600100201"));
  queue(f, anna, {"suspended", {{"time", "today"}}});
  CHECK(f.messages().front().text.find("Your account at Chancery was suspended") != std::string::npos);
  REQUIRE(f.store->write([](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(store::Tenant tenant, store::find_first_tenant(tx));
    tenant.name = "Klinika nad Rzeką";
    ASSIGN_OR_RETURN(const bool is_written, store::update_tenant(tx, tenant));
    REQUIRE(is_written);
    return {};
  }));
  f.now += std::chrono::seconds(1);
  queue(f, anna, {"suspended", {{"time", "today"}}});
  const flow::MessageItem mail = f.messages().front();
  CHECK(mail.text.find("Your account at Klinika nad Rzeką was suspended") != std::string::npos);
  CHECK(mail.text.find(f.settings.site.issuer) == std::string::npos);
  CHECK(mail.footer.find("by Klinika nad Rzeką (" + f.settings.site.issuer + ")") != std::string::npos);
  identity::Account by_sms = anna;
  by_sms.preferred_channel = "sms";
  f.now += std::chrono::seconds(1);
  queue(f, by_sms, {"suspended", {{"time", "today"}}});
  CHECK(f.messages().front().text.starts_with("Klinika nad Rzeką: "));
}

TEST_CASE("nothing of a message can be read in the database") {
  PersonFixture f;
  queue(f, f.account(f.add_person("anna", "anna@clinic.example")),
        {"verify_address", {{"code", "123456"}, {"minutes", std::int64_t{15}}}, ""});
  const auto stored =
      f.store->read([](store::Tx& tx) { return tx.find_all("SELECT payload FROM outbox", {}, store::read_text); })
          .value();
  REQUIRE(stored.size() == 1);
  CHECK(stored[0].find("123456") == std::string::npos);
  CHECK(stored[0].find("clinic") == std::string::npos);
  REQUIRE(f.messages().size() == 1);
  CHECK(f.messages()[0].text.find("123456") != std::string::npos);
}

TEST_CASE("every message has all its sentences and no placeholder is left over") {
  PersonFixture f;
  identity::Account anna = f.account(f.add_person("anna", "anna@clinic.example", "+48600100201"));
  const text::Arguments arguments{{"code", "123456"},
                                  {"minutes", std::int64_t{15}},
                                  {"time", "today"},
                                  {"days", "7"},
                                  {"password", "Wabe-Kern-31"},
                                  {"way_in", "x"},
                                  {"credential", "Signature of Anna"}};
  for (const char* name : {"verify_address", "address_changed", "reset_link", "temporary_password", "password_changed",
                           "suspended", "deleted", "expiry_reminder", "credential_ends", "unlocked", "restored",
                           "locked", "delayed", "reset_started", "test"}) {
    for (const char* channel : {"email", "sms"}) {
      for (const char* locale : {"en", "de", "pl"}) {
        anna.preferred_channel = channel;
        anna.locale = locale;
        queue(f, anna, {name, arguments, "http://localhost:8080/x"});
        const auto last = f.messages();
        REQUIRE_FALSE(last.empty());
      }
    }
  }
  for (const auto& message : f.messages()) {
    CHECK_MESSAGE(message.text.find('{') == std::string::npos, message.text);
    CHECK_MESSAGE(message.subject.find('{') == std::string::npos, message.subject);
    CHECK(message.footer.find('{') == std::string::npos);
  }
}

TEST_CASE("the preferred channel counts if it is verified, else the other one, else none") {
  PersonFixture f;
  identity::Account anna = f.account(f.add_person("anna", "anna@clinic.example", "+48600100201"));
  CHECK(destination(f, anna)->address == "anna@clinic.example");
  anna.preferred_channel = "sms";
  CHECK(destination(f, anna)->channel == flow::Channel::sms);
  CHECK(destination(f, anna)->address == "+48600100201");
  anna.phone_verified = false;
  CHECK(destination(f, anna)->channel == flow::Channel::email);
  anna.email_verified = false;
  CHECK_FALSE(destination(f, anna));
}

TEST_CASE("a message without sentences is our own fault and is not sent") {
  PersonFixture f;
  const auto anna = f.account(f.add_person("anna", "anna@clinic.example"));
  const auto queued = f.store->write([&](store::Tx& tx) {
    return flow::queue_message(*f.house, tx, {anna, {flow::Channel::email, "anna@clinic.example"}, text::Language::en},
                               {"pigeon", {}, ""}, f.now);
  });
  REQUIRE_FALSE(queued);
  CHECK(queued.error().code == base::Code::internal);
  CHECK(f.outbox().empty());
}
