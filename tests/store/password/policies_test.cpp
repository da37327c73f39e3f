#include "store/password/policies.hpp"

#include <doctest/doctest.h>

#include "store/account/contexts.hpp"
#include "store/engines.hpp"
#include "store/group/groups.hpp"
#include "store/sample.hpp"

using sample::noon;

namespace {

store::StoredPolicy policy_of(const base::Id& tenant, const std::string& name) {
  store::StoredPolicy stored{base::Id::make(noon), tenant, identity::classic()};
  stored.policy.name = name;
  return stored;
}

}  // namespace

TEST_CASE_TEMPLATE("a policy comes back as it was put in, and its version counts the changes", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto stored = db->write([](store::Tx& tx) -> base::Result<store::StoredPolicy> {
                          ASSIGN_OR_RETURN(const auto tenant, store::find_first_tenant(tx));
                          store::StoredPolicy policy = policy_of(tenant.id, "ward");
                          policy.policy.min_age = std::chrono::hours(5);
                          RETURN_IF_ERROR(store::insert_policy(tx, policy, noon));
                          return policy;
                        }).value();
  const auto list = [&] {
    return db->read([&](store::Tx& tx) { return store::list_policies(tx, stored.tenant_id); }).value();
  };
  REQUIRE(list().size() == 1);
  CHECK(list()[0].policy == stored.policy);
  identity::PasswordPolicy changed = stored.policy;
  changed.min_length = changed.min_length_with_second_factor = 12;
  CHECK(db->write([&](store::Tx& tx) { return store::update_policy(tx, stored.id, changed, noon); }));
  CHECK(list()[0].policy.version == 2);
  CHECK(list()[0].policy.min_length == 12);
  const auto again = db->write([&](store::Tx& tx) { return store::insert_policy(tx, stored, noon); });
  REQUIRE_FALSE(again);
  CHECK(again.error().code == base::Code::already_exists);
  changed.min_length = 1000;
  const auto refused = db->write([&](store::Tx& tx) { return store::update_policy(tx, stored.id, changed, noon); });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == base::Code::invalid_input);
}

TEST_CASE_TEMPLATE("an account has the policies of its tenant, its groups and its contexts, each once", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  base::Id group_id;
  CHECK(db->write([&](store::Tx& tx) -> base::Result<void> {
    const base::Id tenant = anna.tenant_id;
    const auto whole = policy_of(tenant, "whole");
    const auto ward = policy_of(tenant, "ward");
    const auto acting = policy_of(tenant, "acting");
    for (const auto& one : {whole, ward, acting}) RETURN_IF_ERROR(store::insert_policy(tx, one, noon));
    RETURN_IF_ERROR(store::bind_policy(tx, whole.id, store::PolicyScope::tenant, tenant));
    RETURN_IF_ERROR(store::bind_policy(tx, whole.id, store::PolicyScope::tenant, tenant));
    const store::Group group{base::Id::make(noon), tenant, "ward"};
    group_id = group.id;
    RETURN_IF_ERROR(store::insert_group(tx, group));
    RETURN_IF_ERROR(store::add_member(tx, group.id, anna.id));
    RETURN_IF_ERROR(store::add_member(tx, group.id, anna.id));
    RETURN_IF_ERROR(store::bind_policy(tx, ward.id, store::PolicyScope::group, group.id));
    RETURN_IF_ERROR(store::bind_policy(tx, whole.id, store::PolicyScope::group, group.id));
    rights::ActingContext context;
    context.id = base::Id::make(noon);
    context.tenant_id = tenant;
    context.key = context.name = "ward";
    context.role = "user";
    RETURN_IF_ERROR(store::insert_context(tx, context));
    RETURN_IF_ERROR(store::give_context(tx, anna.id, context.id, noon));
    return store::bind_policy(tx, acting.id, store::PolicyScope::context, context.id);
  }));
  const auto names = [&](const base::Id& account, base::Time at) {
    std::string all;
    const auto found =
        db->read([&](store::Tx& tx) { return store::list_policies_of_account(tx, account, at); }).value();
    for (const auto& policy : found) {
      all += policy.name + " ";
    }
    return all;
  };
  CHECK(names(anna.id, noon) == "acting ward whole ");
  CHECK(names(anna.id, noon - std::chrono::seconds(1)) == "ward whole ");  // the context is not given yet
  CHECK(names(jan.id, noon) == "whole ");
  CHECK(db->write([&](store::Tx& tx) { return store::remove_member(tx, group_id, anna.id); }));
  CHECK(names(anna.id, noon) == "acting whole ");
  CHECK(db->read([](store::Tx& tx) { return store::list_bound_policies(tx); }).value().size() == 3);
}
