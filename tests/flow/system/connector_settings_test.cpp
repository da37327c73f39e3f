// What the connector demands: changes that lock out, two at once, and what comes back by itself.
#include "flow/system/connector_settings.hpp"

#include <doctest/doctest.h>

#include "flow/account/suspend_account.hpp"
#include "flow/house_fixture.hpp"
#include "flow/person_fixture.hpp"
#include "flow/system/administer_systems.hpp"
#include "flow/system/authenticate_system.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "flow/tenant/features.hpp"

using flow::Applied;
using flow::ConnectorDemands;
using testing::PersonFixture;

namespace {

struct Connector : PersonFixture {
  flow::ApplyDone apply(const ConnectorDemands& demands, bool is_sure = false) {
    const auto done = flow::apply_connector_settings(*house, operator_actor(), {demands, {}, is_sure}, facts());
    REQUIRE_MESSAGE(done, base::describe(done.error()));
    return *done;
  }
  ConnectorDemands in_force() { return flow::find_connector_demands(*house, now).value(); }
};

constexpr auto ten_minutes = std::chrono::minutes(10);

}  // namespace

TEST_CASE("a fresh installation demands TLS and no proof, and serves no directory without TLS") {
  Connector f;
  CHECK(f.in_force() == ConnectorDemands{true, false, "certificate", false});
  CHECK(flow::look_at_connector(*f.house, f.operator_actor(), f.now)->version == 0);
}

TEST_CASE("an account without the permission neither sees nor changes the settings") {
  Connector f;
  f.add_person("jan.nowak", "jan.nowak@clinic.example");
  const auto jan = f.actor(f.log_in("jan.nowak"));
  CHECK(flow::look_at_connector(*f.house, jan, f.now).error().code == base::Code::denied);
  CHECK(flow::apply_connector_settings(*f.house, jan, {}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::confirm_connector_settings(*f.house, jan, {}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::add_system(*f.house, jan, {"Z1", {}, {}}, f.facts()).error().code == base::Code::denied);
  CHECK(flow::look_at_systems(*f.house, jan, f.now).error().code == base::Code::denied);
}

TEST_CASE("a change that locks somebody out is named first, then counts for ten minutes and comes back") {
  Connector f;
  REQUIRE(flow::add_system(*f.house, f.operator_actor(), {"Z1", {}, {}}, f.facts()));
  const ConnectorDemands strict{true, true, "certificate", false};
  const auto asked = f.apply(strict);
  CHECK(asked.applied == Applied::locked_out);
  CHECK(asked.locked_out.systems == std::vector<std::string>{"Z1"});
  CHECK(asked.locked_out.is_everybody);
  CHECK_FALSE(f.in_force().is_mandatory);
  CHECK(f.events("connector_change").empty());

  CHECK(f.apply(strict, true).applied == Applied::provisional);
  CHECK(f.in_force().is_mandatory);
  CHECK_FALSE(flow::take_back_connector_settings(*f.house, f.now).value());
  f.now += ten_minutes - std::chrono::milliseconds(1);
  CHECK(f.in_force().is_mandatory);
  f.now += std::chrono::milliseconds(1);
  CHECK_FALSE(f.in_force().is_mandatory);  // on every node, before anything was written
  CHECK(flow::take_back_connector_settings(*f.house, f.now).value());
  CHECK_FALSE(flow::take_back_connector_settings(*f.house, f.now).value());
  CHECK_FALSE(f.in_force().is_mandatory);
  REQUIRE(f.events("connector_change").size() == 2);
  CHECK(f.events("connector_change").front().data.find("taken_back") != std::string::npos);
  CHECK(flow::confirm_connector_settings(*f.house, f.operator_actor(), {}, f.facts()).error().code ==
        base::Code::expired);
}

TEST_CASE("client systems that are suspended, or not enabled for their organisation, do not keep the question away") {
  Connector f;
  const base::Secret password("Meadow-Harbour-2026");
  flow::TenantWish ward;
  ward.name = "Ward";
  REQUIRE(flow::create_tenant(*f.house, f.operator_actor(), {"ward", ""}, ward, f.facts()));
  for (const auto& [id, tenant] : {std::pair{"Z1", ""}, {"Z2", "ward"}}) {
    REQUIRE(flow::add_system(*f.house, f.operator_actor(), {id, {}, tenant}, f.facts()));
    REQUIRE(flow::set_system_password(*f.house, f.operator_actor(), id, password, f.facts()));
  }
  const base::Id account = flow::look_at_system(*f.house, f.operator_actor(), "Z1", f.now)->system.account_id;
  REQUIRE(flow::suspend_account(*f.house, f.operator_actor(), account.to_string(), f.facts()));
  REQUIRE(flow::set_feature(*f.house, f.operator_actor(),
                            {"ward", flow::Feature::client_systems, flow::FeatureState::off}, f.facts()));
  const auto asked = f.apply({true, true, "password", false});
  CHECK(asked.applied == Applied::locked_out);
  CHECK(asked.locked_out.is_everybody);
  CHECK(asked.locked_out.count == 0);
  REQUIRE(flow::restore_account(*f.house, f.operator_actor(), account.to_string(), f.facts()));
  CHECK(f.apply({true, true, "password", false}).applied == Applied::in_force);
}

TEST_CASE("two provisional changes in a row lead back to before the first, and a confirmed one stays") {
  Connector f;
  REQUIRE(flow::add_system(*f.house, f.operator_actor(), {"Z1", {}, {}}, f.facts()));
  CHECK(f.apply({true, true, "certificate", false}, true).applied == Applied::provisional);
  CHECK(f.apply({true, true, "password", true}, true).applied == Applied::provisional);
  f.now += ten_minutes;
  CHECK(f.in_force() == ConnectorDemands{true, false, "certificate", false});

  CHECK(f.apply({true, true, "password", false}, true).applied == Applied::provisional);
  REQUIRE(flow::confirm_connector_settings(*f.house, f.operator_actor(), {}, f.facts()));
  f.now += 2 * ten_minutes;
  CHECK(f.in_force().mode == "password");
  CHECK(f.in_force().is_mandatory);
}

TEST_CASE("to take connections without TLS is asked first, then in force at once, and the way back is not asked") {
  Connector f;
  const ConnectorDemands open{false, false, "certificate", false};
  const auto asked = f.apply(open);
  CHECK(asked.applied == Applied::opens);
  CHECK(asked.locked_out.empty());
  CHECK(f.in_force().tls_only);
  CHECK(f.events("connector_change").empty());
  CHECK(flow::find_connector_question(*f.house, f.operator_actor(), open, f.now)->applied == Applied::opens);
  CHECK(f.apply(open, true).applied == Applied::in_force);
  f.now += 2 * ten_minutes;
  CHECK_FALSE(f.in_force().tls_only);
  CHECK(f.apply({true, false, "certificate", false}).applied == Applied::in_force);
}

TEST_CASE("a provisional change is undone at once, by name, and nothing is taken back a second time") {
  Connector f;
  const auto undo = [&](std::optional<std::int64_t> version) {
    return flow::undo_connector_settings(*f.house, f.operator_actor(), version, f.facts());
  };
  CHECK(undo({}).error().code == base::Code::expired);
  REQUIRE(flow::add_system(*f.house, f.operator_actor(), {"Z1", {}, {}}, f.facts()));
  REQUIRE(f.apply({true, true, "certificate", false}, true).applied == Applied::provisional);
  CHECK(undo(0).error().code == base::Code::conflict);
  REQUIRE(undo({}));
  CHECK_FALSE(f.in_force().is_mandatory);
  CHECK(f.events("connector_change").front().data.find("\"undone\"") != std::string::npos);
  CHECK(undo({}).error().code == base::Code::expired);
  f.now += ten_minutes;
  CHECK_FALSE(flow::take_back_connector_settings(*f.house, f.now).value());
  CHECK(f.events("connector_change").size() == 2);
}

TEST_CASE("who has a password is not locked out by the mode password") {
  Connector f;
  REQUIRE(flow::add_system(*f.house, f.operator_actor(), {"Z1", {}, {}}, f.facts()));
  REQUIRE(
      flow::set_system_password(*f.house, f.operator_actor(), "Z1", base::Secret("Meadow-Harbour-2026"), f.facts()));
  CHECK(f.apply({true, true, "password", false}).applied == Applied::in_force);
  CHECK(f.apply({true, true, "certificate", false}).applied == Applied::locked_out);
}

TEST_CASE("the same settings again are no change and no event; an older version is refused") {
  Connector f;
  CHECK(f.apply({true, false, "certificate", false}).applied == Applied::nothing);
  CHECK(f.apply({true, false, "certificate", true}).applied == Applied::in_force);
  CHECK(f.events("connector_change").size() == 1);
  const auto late = flow::apply_connector_settings(*f.house, f.operator_actor(),
                                                   {{true, false, "certificate", false}, 0, false}, f.facts());
  CHECK(late.error().code == base::Code::conflict);
  CHECK(flow::apply_connector_settings(*f.house, f.operator_actor(), {{true, false, "x", false}, {}, false}, f.facts())
            .error()
            .code == base::Code::invalid_input);
}

TEST_CASE("a client system's password follows the policy, does not hold its id, and is locked like every other one") {
  Connector f;
  REQUIRE(flow::add_system(*f.house, f.operator_actor(), {"Practice77", {}, {}}, f.facts()));
  const auto set = [&](const char* password) {
    return flow::set_system_password(*f.house, f.operator_actor(), "Practice77", base::Secret(password), f.facts());
  };
  CHECK(set("short").error().code == base::Code::invalid_input);
  CHECK(set("Practice77-and-more").error().code == base::Code::invalid_input);
  REQUIRE(flow::add_system(*f.house, f.operator_actor(), {"Z1", {}, {}}, f.facts()));
  const auto of_short = [&](const base::Secret& password) {
    return flow::set_system_password(*f.house, f.operator_actor(), "Z1", password, f.facts());
  };
  CHECK(of_short(base::Secret("Meadow-Z1-Harbour")).error().code == base::Code::invalid_input);
  CHECK(of_short(base::Secret()));
  const auto made = flow::set_system_password(*f.house, f.operator_actor(), "Practice77", base::Secret(), f.facts());
  REQUIRE(made);
  const auto ask = [&](std::string_view user, const base::Secret& password) {
    flow::SystemCall call;
    call.is_tls = true;
    call.user = user;
    call.password = password;
    return flow::authenticate_system(*f.house, call, f.facts());
  };
  CHECK(ask("Practice77", *made)->refusal.empty());
  CHECK(ask("practice77", *made)->refusal == "wrong_proof");
  for (int i = 0; i < 20; ++i) (void)ask("Practice77", base::Secret("wrong"));
  const auto locked = ask("Practice77", *made);
  CHECK((!locked || !locked->refusal.empty()));
}
