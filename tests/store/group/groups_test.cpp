#include "store/group/groups.hpp"

#include <doctest/doctest.h>

#include "store/engines.hpp"
#include "store/sample.hpp"

using sample::noon;

TEST_CASE_TEMPLATE("a group's name is taken once, and its members are listed with it", E, ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const auto jan = sample::add_account(*db, "jan").value();
  const store::Group ward{base::Id::make(noon), anna.tenant_id, "ward"};
  const store::Group empty{base::Id::make(noon), anna.tenant_id, "empty"};
  REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_group(tx, ward));
    return store::insert_group(tx, empty);
  }));
  const auto again = db->write([&](store::Tx& tx) {
    return store::insert_group(tx, {base::Id::make(noon), anna.tenant_id, "ward"});
  });
  REQUIRE_FALSE(again);
  CHECK(again.error().code == base::Code::already_exists);

  const auto add = [&](const base::Id& who) {
    return db->write([&](store::Tx& tx) { return store::add_member(tx, ward.id, who); });
  };
  const auto remove = [&](const base::Id& who) {
    return db->write([&](store::Tx& tx) { return store::remove_member(tx, ward.id, who); });
  };
  CHECK(add(jan.id).value());
  CHECK(add(anna.id).value());
  CHECK_FALSE(add(anna.id).value());
  const auto nobody = add(base::Id::make(noon));
  REQUIRE_FALSE(nobody);
  CHECK(nobody.error().code == base::Code::not_found);

  const auto groups = db->read([&](store::Tx& tx) { return store::list_groups(tx, anna.tenant_id); }).value();
  REQUIRE(groups.size() == 2);
  CHECK(groups[0].name == "empty");
  const auto members = [&] {
    return db->read([&](store::Tx& tx) { return store::list_members(tx, ward.id, base::Id(), 10); }).value();
  };
  REQUIRE(members().size() == 2);
  CHECK(members()[0].id < members()[1].id);
  CHECK(members()[anna.id < jan.id ? 0 : 1].login == "anna");
  const base::Id last = members()[1].id;
  CHECK(db->read([&](store::Tx& tx) { return store::list_members(tx, ward.id, last, 10); }).value().empty());
  CHECK(db->read([&](store::Tx& tx) { return store::count_members(tx, ward.id, 10); }).value() == 2);
  CHECK(db->read([&](store::Tx& tx) { return store::count_members(tx, ward.id, 1); }).value() == 1);
  CHECK(remove(anna.id).value());
  CHECK_FALSE(remove(anna.id).value());
  REQUIRE(members().size() == 1);
  CHECK(members()[0].login == "jan");
}

TEST_CASE_TEMPLATE("a group's name is shown as it was typed while it folds to the name by which it is found", E,
                   ON_BOTH_ENGINES) {
  const auto db = E::open();
  const auto anna = sample::add_account(*db, "anna").value();
  const store::Group ward{base::Id::make(noon), anna.tenant_id, "ward", "Ward"};
  REQUIRE(db->write([&](store::Tx& tx) { return store::insert_group(tx, ward); }));
  const auto shown = [&] {
    return db->read([&](store::Tx& tx) { return store::find_group(tx, ward.id); }).value()->shown;
  };
  CHECK(shown() == "Ward");
  const auto rename = [&](const std::string& name, const std::string& display) {
    return db->write([&](store::Tx& tx) { return store::rename_group(tx, {ward.id, ward.tenant_id, name, display}); });
  };
  REQUIRE(rename("beds", "BEDS"));
  CHECK(shown() == "BEDS");
  // As a program does that does not know the typed name.
  REQUIRE(rename("rooms", "BEDS"));
  CHECK(shown() == "rooms");
}
