// Who may run the authority: only who has the permission for it.
#include <doctest/doctest.h>

#include "flow/certificate/administer_authority.hpp"
#include "flow/certificate/revoke_certificate.hpp"
#include "flow/certificate/trust_anchors.hpp"
#include "flow/person_fixture.hpp"

TEST_CASE("an account without the permission neither sees nor changes authorities") {
  testing::PersonFixture f;
  f.add_person("jan.nowak", "jan.nowak@clinic.example");
  const auto jan = f.actor(f.log_in("jan.nowak"));
  const auto denied = [](const auto& result) { return !result && result.error().code == base::Code::denied; };
  const base::Id id = base::Id::make(f.now);
  CHECK(denied(flow::create_authority(*f.house, jan, {}, f.facts())));
  CHECK(denied(flow::rotate_authority(*f.house, jan, id, f.facts())));
  CHECK(denied(flow::revoke_authority(*f.house, jan, id, {}, f.facts())));
  CHECK(denied(flow::list_authorities_for(*f.house, jan)));
  CHECK(denied(flow::find_authority_for(*f.house, jan, id)));
  CHECK(denied(flow::list_issued_for(*f.house, jan, "")));
  CHECK(denied(flow::issue_by_command(*f.house, jan, {}, f.facts())));
  CHECK(denied(flow::revoke_named_certificate(*f.house, jan, "a", {}, f.facts())));
  CHECK(denied(flow::add_trust_anchor(*f.house, jan, {}, f.facts())));
  CHECK(denied(flow::remove_trust_anchor(*f.house, jan, "a", f.facts())));
  CHECK(denied(flow::list_anchors(*f.house, jan)));
}
