#include "store/session/sessions.hpp"

#include <doctest/doctest.h>

#include "store/engines.hpp"
#include "store/oauth/grants.hpp"
#include "store/sample.hpp"
#include "store/session/devices.hpp"

using sample::noon;

namespace {

struct Scene {
  explicit Scene(std::unique_ptr<store::Store> opened)
      : db(std::move(opened)),
        anna(sample::add_account(*db, "anna").value()),
        session(sample::session_of(anna)),
        client(sample::client_of(anna.tenant_id, "portal")) {
    REQUIRE(db->write([&](store::Tx& tx) -> base::Result<void> {
      RETURN_IF_ERROR(store::insert_client(tx, client, noon));
      return store::insert_session(tx, session, sample::clearance_for(session));
    }));
  }
  std::optional<rights::Session> find(const base::Id& id) {
    return db->read([&](store::Tx& tx) { return store::find_session(tx, id); }).value();
  }
  std::size_t count_ended(base::Time at) {
    return db->read([&](store::Tx& tx) { return store::list_ended_sessions(tx, at, 10); }).value().size();
  }

  std::unique_ptr<store::Store> db;
  identity::Account anna;
  rights::Session session;
  rights::Client client;
};

}  // namespace

TEST_CASE_TEMPLATE("a session is found as it was written", E, ON_BOTH_ENGINES) {
  Scene scene(E::open());
  const auto found = scene.find(scene.session.id);
  REQUIRE(found);
  CHECK(found->secret_hash == scene.session.secret_hash);
  CHECK(found->account_id == scene.anna.id);
  CHECK_FALSE(found->context_id);
  CHECK(found->proofs.to_amr() == "pwd");
  CHECK(found->idle_until == scene.session.idle_until);
  CHECK(found->absolute_until == scene.session.absolute_until);
  CHECK(found->ip == "192.0.2.7");
  CHECK(scene.db->read([&](store::Tx& tx) { return store::list_sessions(tx, scene.anna.id); }).value().size() == 1);
  CHECK(scene.db->write([&](store::Tx& tx) { return store::delete_session(tx, scene.session.id); }));
  CHECK_FALSE(scene.find(scene.session.id));
}

TEST_CASE_TEMPLATE("at a rise of rights the session gets a new id, and its clients and grants go along", E,
                   ON_BOTH_ENGINES) {
  Scene scene(E::open());
  const auto grant = sample::grant_of(scene.session, scene.client);
  rights::Session risen = scene.session;
  risen.id = base::Id::make(noon);
  risen.secret_hash = std::string(32, 'r');
  risen.context_id = base::Id::make(noon);
  CHECK(scene.db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_grant(tx, grant, sample::clearance_for(scene.session, rights::Issued::grant)));
    ASSIGN_OR_RETURN(const auto sid, store::join_session(tx, {scene.session.id, scene.client.id, "sid-1"}));
    CHECK(sid == "sid-1");
    return store::replace_session(tx, scene.session.id, risen, sample::clearance_for(risen));
  }));
  CHECK_FALSE(scene.find(scene.session.id));
  CHECK(scene.find(risen.id)->context_id == risen.context_id);
  CHECK(scene.find(risen.id)->secret_hash == risen.secret_hash);
  const auto clients = scene.db->read([&](store::Tx& tx) { return store::list_session_clients(tx, risen.id); }).value();
  REQUIRE(clients.size() == 1);
  CHECK(clients[0].sid == "sid-1");
  CHECK(
      scene.db->read([&](store::Tx& tx) { return store::find_session_by_sid(tx, scene.client.id, "sid-1"); }).value() ==
      risen.id);
  CHECK(scene.db->read([&](store::Tx& tx) { return store::find_grant(tx, grant.id); }).value()->session_id == risen.id);
}

TEST_CASE_TEMPLATE("a client that joins a session twice keeps its sid", E, ON_BOTH_ENGINES) {
  Scene scene(E::open());
  for (const char* wished : {"first", "second"}) {
    const auto sid = scene.db->write([&](store::Tx& tx) {
      return store::join_session(tx, {scene.session.id, scene.client.id, wished});
    });
    CHECK(sid.value() == "first");
  }
  const auto stranger = scene.db->write([&](store::Tx& tx) {
    return store::join_session(tx, {base::Id::make(noon), scene.client.id, "x"});
  });
  CHECK(stranger.error().code == base::Code::not_found);
}

TEST_CASE_TEMPLATE("a session ends by idleness, by age, and when the account's stamp is raised", E, ON_BOTH_ENGINES) {
  using namespace std::chrono_literals;
  Scene scene(E::open());
  const auto touch = [&](base::Time at) {
    CHECK(scene.db->write([&](store::Tx& tx) { return store::touch_session(tx, scene.session.id, at, at + 15min); }));
  };
  CHECK(scene.count_ended(noon + 14min) == 0);
  CHECK(scene.count_ended(noon + 15min) == 1);
  touch(noon + 10min);
  CHECK(scene.count_ended(noon + 24min) == 0);
  CHECK(scene.count_ended(noon + 25min) == 1);
  touch(noon + 12h - 1min);
  CHECK(scene.count_ended(noon + 12h - 1s) == 0);
  CHECK(scene.count_ended(noon + 12h) == 1);
  CHECK(scene.db->write([&](store::Tx& tx) { return store::raise_security_stamp(tx, scene.anna.id); }));
  CHECK(scene.count_ended(noon) == 1);
  touch(noon + 1min);
  CHECK(scene.count_ended(noon) == 1);
}

TEST_CASE_TEMPLATE("a grant lives from its code to its revocation", E, ON_BOTH_ENGINES) {
  using namespace std::chrono_literals;
  Scene scene(E::open());
  const auto grant = sample::grant_of(scene.session, scene.client);
  const auto find = [&] {
    return scene.db->read([&](store::Tx& tx) { return store::find_grant(tx, grant.id); }).value();
  };
  CHECK(scene.db->write([&](store::Tx& tx) {
    return store::insert_grant(tx, grant, sample::clearance_for(scene.session, rights::Issued::grant));
  }));
  CHECK(find()->code_hash == grant.code_hash);
  CHECK(find()->redirect_uri == grant.redirect_uri);
  CHECK_FALSE(find()->redeemed_at);
  CHECK(scene.db
            ->write([&](store::Tx& tx) {
              return store::redeem_grant(tx, grant.id, noon + 1s, {std::nullopt, grant.expires_at});
            })
            .value());
  CHECK_FALSE(scene.db
                  ->write([&](store::Tx& tx) {
                    return store::redeem_grant(tx, grant.id, noon + 2s, {std::nullopt, grant.expires_at});
                  })
                  .value());
  CHECK(find()->redeemed_at == noon + 1s);
  CHECK(
      scene.db->write([&](store::Tx& tx) { return store::revoke_grants_of_session(tx, scene.session.id, noon + 3s); }));
  CHECK(scene.db->write([&](store::Tx& tx) { return store::revoke_grant(tx, grant.id, noon + 4s); }));
  CHECK(find()->revoked_at == noon + 3s);
  CHECK(scene.db->write([&](store::Tx& tx) { return store::delete_old_grants(tx, noon + 1h); }));
  CHECK(find());
  CHECK(scene.db->write([&](store::Tx& tx) { return store::delete_old_grants(tx, noon + 1h + 1ms); }));
  CHECK_FALSE(find());
}

TEST_CASE_TEMPLATE("only sessions that are open are met and counted, by their last use, from either end", E,
                   ON_BOTH_ENGINES) {
  Scene scene(E::open());
  std::vector<base::Id> made{scene.session.id};
  const auto add = [&](auto alter) {
    rights::Session one = scene.session;
    one.id = base::Id::make(noon);
    one.secret_hash = std::string(32, static_cast<char>('a' + made.size()));
    alter(one);
    REQUIRE(scene.db->write([&](store::Tx& tx) { return store::insert_session(tx, one, sample::clearance_for(one)); }));
    made.push_back(one.id);
  };
  add([](rights::Session& one) { one.last_seen = noon + std::chrono::seconds(2); });
  add([](rights::Session& one) { one.last_seen = noon + std::chrono::seconds(1); });
  add([](rights::Session& one) { one.security_stamp = 7; });
  add([](rights::Session& one) { one.idle_until = noon; });
  const store::LiveSessions of{scene.anna.id, 0, noon};
  const auto look = [&](const store::SessionLook& wish) {
    std::vector<base::Id> met;
    const auto found = scene.db->read([&](store::Tx& tx) { return store::look_at_sessions(tx, wish); }).value();
    for (const rights::Session& one : found) met.push_back(one.id);
    return met;
  };
  using Ids = std::vector<base::Id>;
  CHECK(look({.of = of}) == Ids{made[1], made[2], made[0]});
  CHECK(look({.of = of, .longest_unused_first = true}) == Ids{made[0], made[2], made[1]});
  CHECK(look({.of = of, .besides = made[2]}) == Ids{made[1], made[0]});
  const store::SessionPlace middle{noon + std::chrono::seconds(1), made[2]};
  CHECK(look({.of = of, .place = middle}) == Ids{made[0]});
  CHECK(look({.of = of, .place = middle, .longest_unused_first = true}) == Ids{made[1]});
  const auto count = [&](std::int64_t most) {
    return scene.db->read([&](store::Tx& tx) { return store::count_sessions(tx, of, most); }).value();
  };
  CHECK(count(10) == 3);
  CHECK(count(2) == 2);
}

TEST_CASE_TEMPLATE("a session keeps its device when its rights rise, and names it while it is open", E,
                   ON_BOTH_ENGINES) {
  Scene scene(E::open());
  const store::Device device{base::Id::make(noon), scene.anna.id, std::string(32, 'd'), "x", noon, noon};
  rights::Session here = scene.session;
  here.id = base::Id::make(noon);
  here.secret_hash = std::string(32, 'h');
  here.device_id = device.id;
  rights::Session risen = here;
  risen.id = base::Id::make(noon);
  REQUIRE(scene.db->write([&](store::Tx& tx) -> base::Result<void> {
    RETURN_IF_ERROR(store::insert_device(tx, device));
    RETURN_IF_ERROR(store::insert_session(tx, here, sample::clearance_for(here)));
    return store::replace_session(tx, here.id, risen, sample::clearance_for(risen));
  }));
  CHECK(scene.find(risen.id)->device_id == device.id);
  const auto in_use = [&](base::Time now) {
    return scene.db->read([&](store::Tx& tx) {
                     return store::list_devices_in_use(tx, {scene.anna.id, 0, now});
                   })
        .value();
  };
  CHECK(in_use(noon) == std::vector{device.id});
  CHECK(in_use(scene.session.idle_until).empty());
}

TEST_CASE_TEMPLATE("a device is named by its account alone, and an unnamed one has no name", E, ON_BOTH_ENGINES) {
  Scene scene(E::open());
  const auto jan = sample::add_account(*scene.db, "jan").value();
  const store::Device device{base::Id::make(noon), scene.anna.id, std::string(32, 'd'), "x", noon, noon};
  const auto name = [&](const base::Id& account, const char* wished) {
    return scene.db->write([&](store::Tx& tx) { return store::name_device(tx, account, device.id, wished); }).value();
  };
  const auto named = [&] {
    return scene.db->read([&](store::Tx& tx) { return store::find_device(tx, device.id); }).value()->name;
  };
  REQUIRE(scene.db->write([&](store::Tx& tx) { return store::insert_device(tx, device); }));
  CHECK(named().empty());
  CHECK_FALSE(name(jan.id, "Mine"));
  CHECK(named().empty());
  CHECK(name(scene.anna.id, "Łóżko 3"));
  CHECK(named() == "Łóżko 3");
}
