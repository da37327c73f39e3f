// Two nodes of one PostgreSQL: what the one changes, the other one knows at its next request.
#include <doctest/doctest.h>

#include <fstream>
#include <sstream>

#include "flow/house_fixture.hpp"
#include "flow/system/administer_systems.hpp"
#include "flow/system/authenticate_system.hpp"
#include "flow/system/connector_settings.hpp"
#include "store/postgres.hpp"
#include "unit/http/client.hpp"

TEST_CASE("revocation and settings of one node count at the next request of the other one") {
  const std::string place = postgres::make_place();
  testing::HouseFixture f(place);
  f.now = base::now();
  store::Options options;
  options.url = place;
  const auto other = store::Store::open(options, f.master);
  REQUIRE(other);
  const flow::House second{**other, (*other)->master(), *f.keys, f.gate, f.house->settings};

  const test::Folder folder;
  test::make_certificate("z1", folder / "z1.pem", folder / "z1.key");
  std::ostringstream pem;
  pem << std::ifstream(folder / "z1.pem").rdbuf();
  const auto by = f.operator_actor();
  REQUIRE(flow::add_system(*f.house, by, {"Z1", {}, {}}, f.facts()));
  REQUIRE(*flow::import_system_certificate(*f.house, by, "Z1", pem.str(), f.facts()) == flow::CertificateFlaw::none);
  const std::string sha256 = flow::look_at_systems(*f.house, by, f.now)->certificates.front().sha256;
  const auto ask = [&](const flow::House& node) {
    flow::SystemCall call;
    call.is_tls = true;
    call.certificate = sha256;
    return flow::authenticate_system(node, call, f.facts()).value().refusal;
  };
  CHECK(ask(second).empty());
  const flow::ConnectorWish by_password{{true, true, "password", false}, {}, true};
  REQUIRE(flow::apply_connector_settings(*f.house, by, by_password, f.facts()));
  CHECK(ask(second) == "certificate_not_accepted");
  REQUIRE(flow::apply_connector_settings(second, by, {{true, true, "certificate", false}, {}, true}, f.facts()));
  CHECK(ask(*f.house).empty());
  REQUIRE(flow::revoke_system_certificate(*f.house, by, sha256, "lost", f.facts()));
  CHECK(ask(second) == "certificate_revoked");
}
