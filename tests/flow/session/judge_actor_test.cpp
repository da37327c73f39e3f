// An actor is judged in the transaction that has the effect, so that no change between the door's read of the session
// and the write is missed (security rule 8). tests/house/writers.txt lists the functions that write in another way.
#include "flow/session/judge_actor.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <optional>
#include <vector>

#include "base/base32.hpp"
#include "crypto/factor/totp.hpp"
#include "flow/account/change_contexts.hpp"
#include "flow/account/change_groups.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/end_sessions_for.hpp"
#include "flow/account/own_account.hpp"
#include "flow/account/own_data.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/suspend_self.hpp"
#include "flow/account/unlock_account.hpp"
#include "flow/account/verify_address.hpp"
#include "flow/admin/act_for_account.hpp"
#include "flow/admin/bulk_act.hpp"
#include "flow/admin/reset_factors.hpp"
#include "flow/certificate_pem.hpp"
#include "flow/client/administer_clients.hpp"
#include "flow/factor/enrol_passkey.hpp"
#include "flow/factor/enrol_totp.hpp"
#include "flow/factor/make_recovery_codes.hpp"
#include "flow/factor/own_factors.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/login/own_sessions.hpp"
#include "flow/message/administer_sms.hpp"
#include "flow/message/manage_messages.hpp"
#include "flow/password/administer_policies.hpp"
#include "flow/person_fixture.hpp"
#include "flow/session/choose_context.hpp"
#include "flow/session/logout.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/administer_roles.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "flow/tenant/delete_tenant.hpp"
#include "flow/tenant/second_factor_rule.hpp"
#include "flow/token/administer_keys.hpp"
#include "soft_authenticator.hpp"
#include "store/account/contexts.hpp"
#include "store/driver/sql.hpp"
#include "store/factor/factors.hpp"
#include "store/session/sessions.hpp"

using testing::PersonFixture;

namespace {

/// nullopt = done.
using Outcome = std::optional<base::Code>;

template <class R>
Outcome outcome_of(const R& result) {
  return result ? std::nullopt : Outcome(result.error().code);
}

/// A super administrator who is logged in twice, an account to administer, and a message that waits.
struct Office : PersonFixture {
  Office() {
    flow::NewAccount wished = wish("root");
    wished.email = "root@clinic.example";
    wished.contexts = {"super_administrator"};
    wished.is_main = true;
    root = create(wished);
    wished = wish("spare");
    wished.contexts = {"super_administrator"};
    create(wished);
    jan = add_person("jan", "jan@clinic.example");
    REQUIRE(keys->prepare_next(now - flow::KeyRing::published_after));
    log_in("jan");  // from a device that is known then
    other_cookie = log_in("root");
    cookie = log_in("root");
    rights::Client client;
    client.client_id = "portal";
    client.name = "Portal";
    client.redirect_uris = {"https://portal.example.org/callback"};
    client.scopes = {"openid"};
    REQUIRE(flow::create_client(*house, operator_actor(), client, base::Secret("portal-secret"), facts()));
    REQUIRE(flow::create_group(*house, operator_actor(), {"", "nurses"}, facts()));
    REQUIRE(flow::create_tenant(*house, operator_actor(), {"practice", ""}, {}, facts()));
    REQUIRE(flow::create_group(*house, operator_actor(), {"", "porters"}, facts()));
    for (const char* role : {"clerk", "helper"}) {
      REQUIRE(flow::create_role(*house, operator_actor(), {"", role}, {}, facts()));
    }
    for (const char* context : {"desk", "spare"}) {
      REQUIRE(flow::create_acting_context(*house, operator_actor(), {"", context}, {}, facts()));
    }
    REQUIRE(flow::set_policy(*house, operator_actor(), {"ward", "nist-800-63b", {}}, facts()));
    REQUIRE(flow::start_reset_for(*house, operator_actor(), "jan", facts()));
    message = outbox().front().id.to_string();
    REQUIRE(
        flow::change_own_data(*house, actor(cookie), own_wish("root", "new@clinic.example"), facts())->code_to_email);
    code = messages().front().text;
    code = code.substr(code.find_first_of("0123456789"), 6);
    now += flow::code_of_address_again_after;
    REQUIRE(flow::add_own_certificate(*house, actor(cookie), certificate_pem, facts()) == std::string());
    fingerprint = flow::read_own_data(*house, actor(cookie), now)->certificates.front().fingerprint;
  }
  flow::OwnDataWish own_wish(const std::string& login, const std::string& email) {
    flow::OwnDataWish wished;
    wished.login = login;
    wished.email = email;
    wished.version = account(root).version;
    return wished;
  }
  rights::Session session() { return actor(cookie).session(); }
  bool write(const std::function<base::Result<void>(store::Tx&)>& change) { return store->write(change).has_value(); }

  base::Id root;
  base::Id jan;
  std::string cookie;
  std::string other_cookie;
  std::string message;      // id of an outbox item
  std::string code;         // for the new address
  std::string fingerprint;  // of the actor's certificate
};

struct Act {
  std::string name;
  std::function<Outcome(Office&, const rights::Actor&)> run;
};

/// An authenticator app of root, without a trace in the log.
base::Id add_app(Office& f) {
  store::Factor app;
  app.id = base::Id::make(f.now);
  app.account_id = f.root;
  app.kind = identity::FactorKind::totp;
  app.data = crypto::make_totp_secret();
  REQUIRE(f.write([&](store::Tx& tx) { return store::insert_factor(tx, app, f.now); }));
  return app.id;
}

const std::vector<Act>& acts() {
  static const std::vector<Act> all{
      {"suspend an account",
       [](Office& f, const auto& by) { return outcome_of(flow::suspend_account(*f.house, by, "jan", f.facts())); }},
      {"begin an act on many accounts",
       [](Office& f, const auto& by) {
         return outcome_of(flow::begin_bulk(*f.house, by, {"sessions", "", {f.jan}}, f.facts()));
       }},
      {"set the limits of short messages",
       [](Office& f, const auto& by) {
         const identity::SmsLimits limits{3, 0, std::chrono::minutes(10), 0};
         return outcome_of(flow::set_sms_limits(*f.house, by, limits, std::nullopt, f.facts()));
       }},
      {"restore an account",
       [](Office& f, const auto& by) { return outcome_of(flow::restore_account(*f.house, by, "jan", f.facts())); }},
      {"start a reset for somebody",
       [](Office& f, const auto& by) { return outcome_of(flow::start_reset_for(*f.house, by, "jan", f.facts())); }},
      {"unlock an account",
       [](Office& f, const auto& by) { return outcome_of(flow::unlock_account(*f.house, by, "jan", f.facts())); }},
      {"end somebody's sessions",
       [](Office& f, const auto& by) { return outcome_of(flow::end_sessions_for(*f.house, by, "jan", f.facts())); }},
      {"set a password",
       [](Office& f, const auto& by) {
         return outcome_of(
             flow::set_password(*f.house, by, "jan", {base::Secret("Granite-Sparrow-8-Lake"), true}, f.facts()));
       }},
      {"create an account",
       [](Office& f, const auto& by) {
         return outcome_of(flow::create_account(*f.house, by, f.wish("ewa"), f.facts()));
       }},
      {"give a context",
       [](Office& f, const auto& by) {
         return outcome_of(flow::add_context(*f.house, by, {"jan", "administrator"}, f.facts()));
       }},
      {"take a context away",
       [](Office& f, const auto& by) {
         return outcome_of(flow::remove_context(*f.house, by, {"jan", "user"}, f.facts()));
       }},
      {"create a group",
       [](Office& f, const auto& by) {
         return outcome_of(flow::create_group(*f.house, by, {"", "doctors"}, f.facts()));
       }},
      {"add a member to a group",
       [](Office& f, const auto& by) {
         return outcome_of(flow::add_member(*f.house, by, {"nurses", "jan"}, f.facts()));
       }},
      {"remove a member from a group",
       [](Office& f, const auto& by) {
         return outcome_of(flow::remove_member(*f.house, by, {"nurses", "jan"}, f.facts()));
       }},
      {"set the rule of second factors",
       [](Office& f, const auto& by) {
         return outcome_of(
             flow::set_factor_rule(*f.house, by, {.tenant = {}, .scope = flow::FactorScope::nobody}, f.facts()));
       }},
      {"change a policy",
       [](Office& f, const auto& by) {
         return outcome_of(flow::set_policy(*f.house, by, {"ward", "", {{"min_length", "20"}}}, f.facts()));
       }},
      {"bind a policy",
       [](Office& f, const auto& by) {
         return outcome_of(flow::bind_policy(*f.house, by, {"ward", store::PolicyScope::group, "nurses"}, f.facts()));
       }},
      {"unbind a policy",
       [](Office& f, const auto& by) {
         return outcome_of(flow::unbind_policy(*f.house, by, {"ward", store::PolicyScope::group, "nurses"}, f.facts()));
       }},
      {"change the own data",
       [](Office& f, const auto& by) {
         return outcome_of(flow::change_own_data(*f.house, by, f.own_wish("boss", "root@clinic.example"), f.facts()));
       }},
      {"ask for the code of an address again",
       [](Office& f, const auto& by) { return outcome_of(flow::send_code_again(*f.house, by, "email", f.facts())); }},
      {"confirm an address",
       [](Office& f, const auto& by) {
         return outcome_of(flow::confirm_address(*f.house, by, "email", f.code, f.facts()));
       }},
      {"drop an address that is not confirmed",
       [](Office& f, const auto& by) {
         return outcome_of(flow::drop_pending_address(*f.house, by, "email", f.facts()));
       }},
      {"add a certificate",
       [](Office& f, const auto& by) {
         REQUIRE(f.write([&](store::Tx& tx) { return store::delete_certificate(tx, f.root, f.fingerprint); }));
         return outcome_of(flow::add_own_certificate(*f.house, by, certificate_pem, f.facts()));
       }},
      {"remove a certificate",
       [](Office& f, const auto& by) {
         return outcome_of(flow::remove_own_certificate(*f.house, by, f.fingerprint, f.facts()));
       }},
      {"end another session of the own account",
       [](Office& f, const auto& by) {
         const auto sessions = f.store->read([&](store::Tx& tx) { return store::list_sessions(tx, f.root); }).value();
         for (const rights::Session& one : sessions) {
           if (one.id != by.session().id) return outcome_of(flow::end_own_session(*f.house, by, one.id, f.facts()));
         }
         return outcome_of(flow::end_own_session(*f.house, by, base::Id::make(f.now), f.facts()));
       }},
      {"end all other sessions of the own account",
       [](Office& f, const auto& by) { return outcome_of(flow::end_other_sessions(*f.house, by, f.facts())); }},
      {"forget a device",
       [](Office& f, const auto& by) {
         const auto devices = flow::list_own_devices(*f.house, by, f.facts()).value();
         REQUIRE_FALSE(devices.empty());
         return outcome_of(flow::forget_own_device(*f.house, by, devices.front().device.id, f.facts()));
       }},
      {"add an authenticator app",
       [](Office& f, const auto& by) {
         // The offer reads only; what is added is judged.
         const auto offer = flow::begin_totp(*f.house, by, f.facts());
         if (!offer) return outcome_of(offer);
         std::string bare = offer->secret;
         std::erase(bare, ' ');
         const base::Secret secret(base::parse_base32(bare).value());
         const base::Secret code(crypto::make_totp_code(secret, crypto::totp_step_of(f.now)));
         return outcome_of(flow::finish_totp(*f.house, by, {offer->ticket, code, ""}, f.facts()));
       }},
      {"add a passkey",
       [](Office& f, const auto& by) {
         const testing::SoftAuthenticator device(crypto::CoseAlgorithm::eddsa);
         const auto offer = flow::begin_passkey(*f.house, by, f.facts());
         if (!offer) return outcome_of(offer);
         base::Bytes data = crypto::sha256(offer->party.id) + device.data_with_credential(testing::flag_up).substr(32);
         const std::string client = testing::client_data("webauthn.create", offer->challenge, offer->party.origin);
         const std::string answer =
             base::JsonObject()
                 .text("ticket", offer->ticket.reveal())
                 .text("user", base::to_base64url(offer->user_handle))
                 .text("client_data", base::to_base64url(client))
                 .text("attestation", base::to_base64url(device.attestation("none", testing::cbor::map({}), data)))
                 .finish();
         return outcome_of(flow::finish_passkey(*f.house, by, base::Secret(answer), "", f.facts()));
       }},
      {"make recovery codes",
       [](Office& f, const auto& by) {
         add_app(f);
         return outcome_of(flow::make_recovery_codes(*f.house, by, f.facts()));
       }},
      {"be asked for a second factor at every login",
       [](Office& f, const auto& by) {
         add_app(f);
         return outcome_of(flow::set_own_always(*f.house, by, true, f.facts()));
       }},
      {"rename a factor",
       [](Office& f, const auto& by) {
         return outcome_of(flow::rename_own_factor(*f.house, by, add_app(f), "Phone", f.facts()));
       }},
      {"remove a factor",
       [](Office& f, const auto& by) {
         return outcome_of(flow::remove_own_factor(*f.house, by, add_app(f), f.facts()));
       }},
      {"take all factors of somebody away",
       [](Office& f, const auto& by) { return outcome_of(flow::reset_factors(*f.house, by, "jan", f.facts())); }},
      {"choose a language",
       [](Office& f, const auto& by) { return outcome_of(flow::choose_language(*f.house, by, "pl", f.facts())); }},
      {"create a sub account",
       [](Office& f, const auto& by) {
         return outcome_of(
             flow::create_sub_account(*f.house, by, {"sales", "Sales", "", "sales@clinic.example", false}, f.facts()));
       }},
      {"suspend the own account",
       [](Office& f, const auto& by) { return outcome_of(flow::suspend_self(*f.house, by, f.facts())); }},
      {"delete the own account",
       [](Office& f, const auto& by) { return outcome_of(flow::delete_own_account(*f.house, by, f.facts())); }},
      {"try a message again",
       [](Office& f, const auto& by) { return outcome_of(flow::retry_message(*f.house, by, f.message, f.facts())); }},
      {"drop a message",
       [](Office& f, const auto& by) { return outcome_of(flow::drop_message(*f.house, by, f.message, f.facts())); }},
      {"change the tenant",
       [](Office& f, const auto& by) {
         flow::TenantWish wished;
         wished.name = "Clinic of the lake";
         return outcome_of(flow::change_tenant(*f.house, by, "", wished, f.facts()));
       }},
      {"make a tenant",
       [](Office& f, const auto& by) {
         return outcome_of(flow::create_tenant(*f.house, by, {"ward", ""}, {}, f.facts()));
       }},
      {"delete a tenant",
       [](Office& f, const auto& by) { return outcome_of(flow::delete_tenant(*f.house, by, "practice", f.facts())); }},
      {"delete a group",
       [](Office& f, const auto& by) {
         return outcome_of(flow::delete_group(*f.house, by, {"", "porters"}, f.facts()));
       }},
      {"rename a group",
       [](Office& f, const auto& by) {
         return outcome_of(flow::rename_group(*f.house, by, {"", "nurses"}, {"", "carers"}, f.facts()));
       }},
      {"make a role",
       [](Office& f, const auto& by) {
         return outcome_of(flow::create_role(*f.house, by, {"", "listener"}, {}, f.facts()));
       }},
      {"change a role",
       [](Office& f, const auto& by) {
         return outcome_of(flow::change_role(*f.house, by, {"", "clerk"}, {.name = "Clerk"}, f.facts()));
       }},
      {"delete a role",
       [](Office& f, const auto& by) {
         return outcome_of(flow::delete_role(*f.house, by, {"", "helper"}, f.facts()));
       }},
      {"make a context",
       [](Office& f, const auto& by) {
         return outcome_of(flow::create_acting_context(*f.house, by, {"", "ward"}, {}, f.facts()));
       }},
      {"change a context",
       [](Office& f, const auto& by) {
         return outcome_of(flow::change_acting_context(*f.house, by, {"", "desk"}, {.level = 2}, f.facts()));
       }},
      {"delete a context",
       [](Office& f, const auto& by) {
         return outcome_of(flow::delete_acting_context(*f.house, by, {"", "spare"}, f.facts()));
       }},
      {"register a client",
       [](Office& f, const auto& by) {
         rights::Client client;
         client.client_id = "laboratory";
         client.name = "Laboratory";
         client.redirect_uris = {"https://laboratory.example.org/callback"};
         return outcome_of(flow::create_client(*f.house, by, client, {}, f.facts()));
       }},
      {"change a client",
       [](Office& f, const auto& by) {
         flow::ClientWish wished;
         wished.enabled = false;
         return outcome_of(flow::change_client(*f.house, by, "portal", wished, f.facts()));
       }},
      {"give a client a new secret",
       [](Office& f, const auto& by) {
         return outcome_of(flow::rotate_client_secret(*f.house, by, "portal", {}, f.facts()));
       }},
      {"delete a client",
       [](Office& f, const auto& by) { return outcome_of(flow::delete_client(*f.house, by, "portal", f.facts())); }},
      {"let a new key sign",
       [](Office& f, const auto& by) {
         return outcome_of(flow::rotate_key(*f.house, by, crypto::Algorithm::es256, f.facts()));
       }},
      {"revoke a key",
       [](Office& f, const auto& by) {
         const auto keys = flow::list_keys(*f.house, f.operator_actor()).value();
         return outcome_of(flow::revoke_key(*f.house, by, keys.front().kid, f.facts()));
       }},
  };
  return all;
}

struct Loss {
  std::string name;
  std::function<bool(Office&)> strike;
};

const std::vector<Loss>& losses() {
  static const std::vector<Loss> all{
      {"is suspended",
       [](Office& f) { return flow::suspend_account(*f.house, f.operator_actor(), "root", f.facts()).has_value(); }},
      {"has a session, but no active account",
       [](Office& f) {
         return f.write([&](store::Tx& tx) {
           return store::set_account_status(tx, f.root, identity::AccountStatus::suspended_admin, f.now, std::nullopt);
         });
       }},
      {"has logged out",
       [](Office& f) {
         return flow::logout(*f.house, *flow::find_visitor(*f.house, f.cookie, f.facts()), audit::why::logout,
                             f.facts())
             .has_value();
       }},
      {"has a session of before the security stamp was raised",
       [](Office& f) { return f.write([&](store::Tx& tx) { return store::raise_security_stamp(tx, f.root); }); }},
      {"has lost the context",
       [](Office& f) {
         return flow::remove_context(*f.house, f.operator_actor(), {"root", "super_administrator"}, f.facts())
             .value_or(false);
       }},
      {"has a session, but the context was taken away",
       [](Office& f) {
         return f.store
             ->write([&](store::Tx& tx) { return store::take_context(tx, f.root, *f.session().context_id, f.now); })
             .value_or(false);
       }},
      {"must change the password first",
       [](Office& f) {
         const base::Id id = f.session().id;
         return f.store
             ->write(
                 [&](store::Tx& tx) { return tx.run("UPDATE session SET must_change = 'reset' WHERE id = $1", {id}); })
             .has_value();
       }},
  };
  return all;
}

}  // namespace

TEST_CASE("an actor who may act changes what is to be changed") {
  for (const Act& act : acts()) {
    INFO(act.name);
    Office f;
    CHECK_FALSE(act.run(f, f.actor(f.cookie)));
  }
}

TEST_CASE("an actor who loses the account, the session or the context after the page's check changes nothing") {
  for (const Loss& loss : losses()) {
    Office f;
    const rights::Actor before = f.actor(f.cookie);
    REQUIRE(loss.strike(f));
    for (const Act& act : acts()) {
      INFO("who ", loss.name, " wants to ", act.name);
      const std::size_t events = f.events().size();
      const std::size_t outbox = f.outbox().size();
      CHECK(act.run(f, before) == base::Code::denied);
      CHECK(f.events().size() == events);
      CHECK(f.outbox().size() == outbox);
    }
  }
}

TEST_CASE("of all that a person does, only the choice of the language is open to who acts for that person") {
  for (const Act& act : acts()) {
    INFO(act.name);
    Office f;
    const auto begun = flow::begin_acting(*f.house, f.actor(f.log_in("spare")),
                                          {f.root.to_string(), "super_administrator"}, f.facts());
    REQUIRE(begun);
    const rights::Actor acting = f.actor(std::string(begun->reveal()));
    REQUIRE(acting.account().id == f.root);
    const std::size_t events = f.events().size();
    const std::size_t outbox = f.outbox().size();
    const bool is_open = act.name == "choose a language";
    CHECK(act.run(f, acting) == (is_open ? std::nullopt : Outcome(base::Code::denied)));
    CHECK(f.outbox().size() == outbox);
    CHECK(f.events().size() == events + (is_open ? 1 : 0));
    if (is_open) CHECK(f.events().front().on_behalf_of == f.root);
  }
}

TEST_CASE("an actor who has chosen another context in the meantime does not act in the one before") {
  Office f;
  REQUIRE(flow::add_context(*f.house, f.operator_actor(), {"root", "user"}, f.facts()).value());
  const rights::Actor before = f.actor(f.cookie);
  REQUIRE(flow::choose_context(*f.house, *flow::find_visitor(*f.house, f.cookie, f.facts()), "user", f.facts()));
  CHECK(flow::suspend_account(*f.house, before, "jan", f.facts()).error().code == base::Code::denied);
  CHECK(f.account(f.jan).status == identity::AccountStatus::active);
}
