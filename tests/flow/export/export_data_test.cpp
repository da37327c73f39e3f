#include "flow/export/export_data.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "flow/account/own_data.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/certificate_pem.hpp"
#include "flow/house/make_operator.hpp"
#include "flow/person_fixture.hpp"
#include "flow/proof/prove_again.hpp"
#include "flow/tenant/administer_contexts.hpp"

using namespace std::chrono_literals;
using testing::PersonFixture;
namespace json = boost::json;

namespace {

struct Anna : PersonFixture {
  Anna() {
    id = add_person("anna", "anna@clinic.example", "+48600100201");
    cookie = log_in("anna");
  }
  base::Result<flow::PersonalData> read(std::string_view format = "json") {
    return flow::export_own_data(*house, actor(cookie), format, facts());
  }
  json::object file() {
    const auto data = read();
    REQUIRE_MESSAGE(data, base::describe(data.error()));
    text = flow::to_json(*data);
    json::error_code error;
    const json::value value = json::parse(text, error);
    REQUIRE_MESSAGE(!error, text);
    return value.as_object();
  }
  [[nodiscard]] bool shows(const std::string& words) const { return text.find(words) != std::string::npos; }
  base::Id id;
  std::string cookie;
  std::string text;  // of the last file
};

json::array rows(const json::object& file, std::string_view table) {
  return file.at("tables").as_object().at(table).as_object().at("rows").as_array();
}

}  // namespace

TEST_CASE("a person gets all that is stored about the own account, and the download is recorded in it") {
  Anna f;
  REQUIRE(flow::add_own_certificate(*f.house, f.actor(f.cookie), certificate_pem, f.facts()) == std::string());
  const json::object file = f.file();
  CHECK(file.at("format") == "chancery-personal-data");
  CHECK(file.at("account").as_string() == f.id.to_string());
  CHECK(rows(file, "person").at(0).as_object().at("family") == "Kowalska");
  CHECK(rows(file, "account").at(0).as_object().at("kind") == "employee");
  CHECK(rows(file, "account").at(0).as_object().at("locked_until").is_null());
  CHECK(rows(file, "account_context").size() == 1);
  CHECK(rows(file, "account_certificate").size() == 1);
  CHECK(rows(file, "session").at(0).as_object().at("ip") == "192.0.2.7");
  CHECK(rows(file, "device").size() == 1);
  CHECK(f.shows("anna@clinic.example"));
  CHECK(f.shows("+48 600 100 201"));
  for (const store::StoredColumns& table : store::list_stored_columns()) {
    CHECK_MESSAGE(file.at("tables").as_object().contains(table.table), table.table);
  }
  CHECK(file.at("events_complete") == true);
  CHECK(file.at("messages_complete") == true);
  const json::object newest = file.at("events").as_array().at(0).as_object();
  CHECK(newest.at("type") == "data_export");
  CHECK(newest.at("by") == "self");
  CHECK(newest.at("details").as_object().at("format") == "json");
  CHECK(newest.at("details").as_object().at("ip") == "192.0.2.7");
  CHECK(f.events("data_export").size() == 1);
}

TEST_CASE("no secret is in the file: neither a password nor what a cookie, a code or a message holds") {
  Anna f;
  flow::OwnDataWish wished;
  wished.email = "new@clinic.example";
  wished.version = f.account(f.id).version;
  REQUIRE(flow::change_own_data(*f.house, f.actor(f.cookie), wished, f.facts())->code_to_email);
  const std::string sentence = f.messages().at(0).text;
  const json::object file = f.file();
  CHECK_FALSE(f.shows(PersonFixture::password));
  CHECK_FALSE(f.shows(f.cookie.substr(f.cookie.size() - 20)));
  CHECK_FALSE(f.shows("$argon2"));
  CHECK_FALSE(f.shows(sentence.substr(0, 12)));
  REQUIRE(file.at("messages").as_array().size() == 1);
  const json::object message = file.at("messages").as_array().at(0).as_object();
  CHECK(message.size() == 5);
  CHECK(message.at("message") == "verify_address");
  CHECK(message.at("to") == "new@clinic.example");
  const json::object tables = file.at("tables").as_object();
  CHECK(tables.at("session").as_object().at("withheld") ==
        json::array{"secret_hash", "acting_account", "acting_context", "acting_until"});
  CHECK(tables.at("credential").as_object().at("withheld") == json::array{"data"});
  CHECK(rows(file, "credential").size() == 1);
}

TEST_CASE("nothing of another person is in the file, not who acted on the account, nor from where") {
  Anna f;
  const base::Id jan = f.add_person("jan", "jan@mail.example");
  flow::NewAccount boss = f.wish("boss");
  boss.email = "boss@clinic.example";
  boss.contexts = {"super_administrator"};
  const base::Id boss_id = f.create(boss);
  const std::string office = f.log_in("boss");
  REQUIRE(flow::suspend_account(*f.house, f.actor(office), "anna", f.facts()));
  REQUIRE(flow::restore_account(*f.house, f.actor(office), "anna", f.facts()));
  f.cookie = f.log_in("anna");
  const json::object file = f.file();
  for (const std::string& other : {boss_id.to_string(), jan.to_string(), std::string("boss"), std::string("jan")})
    CHECK_FALSE(f.shows(other));
  const json::array events = file.at("events").as_array();
  const auto suspended = std::find_if(events.begin(), events.end(), [](const json::value& event) {
    return event.as_object().at("type") == "account_suspend";
  });
  REQUIRE(suspended != events.end());
  CHECK(suspended->as_object().at("by") == "another");
  CHECK_FALSE(suspended->as_object().at("details").as_object().contains("ip"));
  CHECK_FALSE(suspended->as_object().at("details").as_object().contains("user_agent"));
  // The administrator sees the act, and nothing of the person.
  f.cookie = office;
  const json::object of_boss = f.file();
  CHECK_FALSE(f.shows("anna"));
  CHECK_FALSE(f.shows(f.id.to_string()));
  CHECK(f.shows("account_suspend"));
}

TEST_CASE(
    "without a fresh proof, without the own data in the context, or for the operator there is no file and no event") {
  Anna f;
  const auto is_refused = [&](const rights::Actor& actor) {
    const auto data = flow::export_own_data(*f.house, actor, "json", f.facts());
    return !data && data.error().code == base::Code::denied;
  };
  CHECK(is_refused(f.operator_actor()));
  const rights::Actor early = f.actor(f.cookie);
  f.now += 6min;
  CHECK(f.read().error().reason == flow::proof_needed);
  REQUIRE(
      flow::change_acting_context(*f.house, f.operator_actor(), {"", "user"}, {.lacks = {{"own_data"}}}, f.facts()));
  f.cookie = f.log_in("anna");
  CHECK(is_refused(f.actor(f.cookie)));
  CHECK(f.events("data_export").empty());
  CHECK_FALSE(f.events("login").empty());
}

TEST_CASE("an account that was suspended meanwhile gets no file") {
  Anna f;
  const rights::Actor before = f.actor(f.cookie);
  REQUIRE(flow::suspend_account(*f.house, f.operator_actor(), "anna", f.facts()));
  CHECK_FALSE(flow::export_own_data(*f.house, before, "json", f.facts()));
  CHECK(f.events("data_export").empty());
}

TEST_CASE("a file has a bound, and says so when there are more events") {
  Anna f;
  const auto self = f.account(f.id);
  REQUIRE(f.store->write([&](store::Tx& tx) -> base::Result<void> {
    for (std::size_t i = 0; i < flow::most_exported_events; ++i) {
      audit::Event event;
      event.at = f.now;
      event.tenant_id = self.tenant_id;
      event.type = "logout";
      event.subject = self.id;
      event.data = "{}";
      RETURN_IF_ERROR(store::append_event(tx, event));
    }
    return {};
  }));
  const json::object file = f.file();
  CHECK(file.at("events").as_array().size() == flow::most_exported_events);
  CHECK(file.at("events").as_array().at(0).as_object().at("type") == "data_export");
  CHECK(file.at("events_complete") == false);
}
