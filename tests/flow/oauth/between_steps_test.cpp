// Whatever takes a right away between two steps of a flow, nothing more is issued, and nothing is told of what was
// (security rule 8). One table: each flow × each gap between two of its steps × each loss. A flow is a row of `flows`,
// a loss one of `losses`: both say on which grounds they are about.
#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "flow/account/change_contexts.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/end_sessions_for.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/suspend_self.hpp"
#include "flow/message/deliver_logout.hpp"
#include "flow/oauth/loss_world.hpp"
#include "flow/session/logout.hpp"
#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/second_factor_rule.hpp"
#include "store/driver/sql.hpp"

using namespace std::chrono_literals;
using testing::LossWorld;

namespace {

// ---- grounds: what something stands on ----

using Grounds = unsigned;
// Of the person.
constexpr Grounds account = 1U << 0U;  // as it is
constexpr Grounds login = 1U << 1U;    // the stamp of the account
constexpr Grounds session = 1U << 2U;  // this very session
constexpr Grounds context = 1U << 3U;  // the acting context
constexpr Grounds factor = 1U << 4U;   // that no second one is owed
constexpr Grounds consent = 1U << 5U;
constexpr Grounds own_token = 1U << 6U;
// Of the client.
constexpr Grounds client = 1U << 7U;     // that it is there and switched on
constexpr Grounds proof = 1U << 8U;      // its secret
constexpr Grounds grant = 1U << 9U;      // that it is registered for this grant
constexpr Grounds level = 1U << 10U;     // that it demands no more than was proven
constexpr Grounds offline = 1U << 11U;   // its right to what outlives the session
constexpr Grounds scope = 1U << 12U;     // of the resource server
constexpr Grounds owner = 1U << 13U;     // the account to which it belongs
constexpr Grounds role = 1U << 14U;      // a context of that account that is open
constexpr Grounds held = 1U << 15U;      // that the account has the context for which the token was made
constexpr Grounds network = 1U << 16U;   // of that context
constexpr Grounds initial = 1U << 17U;   // the initial access token
constexpr Grounds managing = 1U << 18U;  // the token of the registration
// Of the resource server.
constexpr Grounds right = 1U << 19U;  // what the rules give there

constexpr Grounds person = account | login | session | context | factor;
constexpr Grounds application = client | owner | level;

// ---- steps ----

/// How a step says that it refuses.
enum class Says : std::uint8_t {
  browser,  // as the loss says: it may lead to the login, ask anew, or end on a page
  token,    // as the loss says: invalid_grant, invalid_client, ...
  page,
  bearer,   // invalid_token
  less,     // the resource server is told less
  refused,  // by the API
  somehow,  // a page of this server says it in words
};
struct Step {
  std::string name;
  std::string (LossWorld::*run)();
  Grounds needs;
  Says says;
};
struct Flow {
  std::string name;
  std::function<void(LossWorld&)> prepare;
  std::vector<Step> steps;
};

constexpr Grounds of_grant = person | application | consent;

const Step ask{"the request", &LossWorld::ask, person | application | grant, Says::browser};
const Step agree{"the consent", &LossWorld::agree, login | session | context | client, Says::somehow};
const Step resume{"the code", &LossWorld::resume, of_grant | grant, Says::browser};
const Step redeem{"the tokens", &LossWorld::redeem_it, of_grant | proof | grant, Says::token};
const Step renew{"new tokens", &LossWorld::renew, of_grant | proof, Says::token};
const Step userinfo{"userinfo", &LossWorld::tell_userinfo, of_grant, Says::bearer};
const Step resource{"introspection", &LossWorld::tell_resource, of_grant | right, Says::less};
const Step silent{"the request without a page", &LossWorld::ask_silently, of_grant | grant, Says::browser};

void add(std::vector<Step>& steps, const std::vector<Step>& more) {
  steps.insert(steps.end(), more.begin(), more.end());
}

Step without(Step step, Grounds grounds) {
  step.needs &= ~grounds;
  return step;
}
Step with(Step step, Grounds grounds) {
  step.needs |= grounds;
  return step;
}

std::vector<Flow> list_flows() {
  std::vector<Flow> all;
  all.push_back(
      {"the code flow with consent", [](LossWorld&) {}, {ask, agree, resume, redeem, renew, userinfo, resource}});

  Flow offline_access{
      "offline access", [](LossWorld& f) { f.wished.scope += " offline_access"; }, {ask, agree, resume}};
  // The code is for who is logged in; what was issued for it outlives the session.
  offline_access.steps.push_back(with(redeem, offline));
  const std::vector<Step> later{renew, userinfo, resource};
  for (const Step& step : later) {
    offline_access.steps.push_back(with(without(step, session), offline));
  }
  all.push_back(std::move(offline_access));

  Flow pushed{"a pushed request", [](LossWorld&) {}, {}};
  add(pushed.steps, {{"the push", &LossWorld::push, client | owner | proof | grant, Says::token},
                     {"its reference", &LossWorld::open, client, Says::page},
                     ask,
                     agree,
                     resume,
                     redeem,
                     renew,
                     userinfo});
  all.push_back(std::move(pushed));

  Flow device{"the device flow",
              [](LossWorld& f) {
                f.client_name = "television";
                f.owner = "television.system";
              },
              {}};
  add(device.steps, {{"the device's code", &LossWorld::begin_device, client | owner | proof | grant, Says::token},
                     {"the permission", &LossWorld::allow_device, person | application, Says::somehow},
                     {"the tokens", &LossWorld::redeem_device, of_grant | proof | grant, Says::token},
                     renew,
                     userinfo,
                     resource});
  all.push_back(std::move(device));

  Flow machine{"a client that acts for itself",
               [](LossWorld& f) {
                 f.client_name = "robot";
                 f.owner = "robot.system";
               },
               {}};
  const Grounds of_machine = client | owner | role;
  const Step act{"the token", &LossWorld::act_for_itself, of_machine | proof | grant | network | scope, Says::token};
  add(machine.steps, {act,
                      act,
                      {"introspection", &LossWorld::tell_resource, of_machine | held | right, Says::less},
                      {"a call", &LossWorld::call, of_machine | held | network, Says::refused}});
  all.push_back(std::move(machine));

  all.push_back({"single sign-on without a page",
                 [](LossWorld& f) {
                   REQUIRE(f.ask().empty());
                   REQUIRE(f.agree().empty());
                   f.attempt = {};
                 },
                 {silent, redeem, silent, redeem, userinfo}});

  Flow stronger{"a stronger login in between",
                [](LossWorld& f) {
                  f.give_phone();
                  REQUIRE(f.ask().empty());
                  REQUIRE(f.agree().empty());
                  f.attempt = {};
                  f.change([](rights::Client& one) { one.level = 2; });
                },
                {}};
  add(stronger.steps,
      {{"the request", &LossWorld::ask_for_more, person | application | grant, Says::browser},
       {"the second factor", &LossWorld::prove_more, account | login | session | context, Says::somehow}});
  // Whoever gives the second factor owes none.
  Step stronger_code = resume;
  stronger_code.says = Says::somehow;  // or the second factor is asked for again
  const std::vector<Step> after_it{stronger_code, redeem, renew, userinfo};
  for (const Step& step : after_it) stronger.steps.push_back(without(step, factor));
  all.push_back(std::move(stronger));

  Flow registration{"a client that registers itself", [](LossWorld& f) { f.client_name.clear(); }, {}};
  const Grounds of_registration = client | managing;
  add(registration.steps, {{"the initial access token", &LossWorld::get_initial_token, 0, Says::bearer},
                           {"the registration", &LossWorld::register_it, initial, Says::bearer},
                           {"reading it", &LossWorld::read_it, of_registration, Says::bearer},
                           {"changing it", &LossWorld::update_it, of_registration, Says::bearer},
                           {"reading it again", &LossWorld::read_it, of_registration, Says::bearer}});
  all.push_back(std::move(registration));

  Flow personal{"a personal token", [](LossWorld& f) { f.client_name.clear(); }, {}};
  const Grounds of_token = account | own_token;
  add(personal.steps, {{"the token", &LossWorld::make_own_token, person, Says::somehow},
                       {"a call", &LossWorld::call, of_token, Says::refused},
                       {"another call", &LossWorld::call, of_token, Says::refused}});
  all.push_back(std::move(personal));
  return all;
}

// ---- losses ----

struct Loss {
  std::string name;
  Grounds takes;
  std::function<void(LossWorld&)> happen;
  std::string in_browser;  // what the authorization endpoint comes to
  std::string at_token{"invalid_grant"};
  // It takes what was issued before; what is asked for after it is issued, without what was lost.
  bool is_of_the_past = false;
  bool (*is_possible)(LossWorld&) = nullptr;  // nullptr = always
};

template <class F>
void write(LossWorld& f, F&& body) {
  REQUIRE(f.store->write(std::forward<F>(body)));
}
rights::ActingContext user_context(LossWorld& f) {
  return f.store
      ->read([&](store::Tx& tx) { return store::find_context_by_key(tx, f.find_client("portal").tenant_id, "user"); })
      .value()
      .value();
}
void lock(LossWorld& f, const base::Id& id) {
  write(f, [&](store::Tx& tx) {
    return store::set_failures(tx, id, {.failures = 5, .locked_until = f.now + 15min, .newly_locked = true});
  });
}
void change_user_context(LossWorld& f, const flow::ContextWish& wish) {
  REQUIRE(flow::change_acting_context(*f.house, LossWorld::operator_actor(), {"", "user"}, wish, f.facts()));
}
rights::Actor actor(LossWorld& f) {
  return *flow::find_visitor(*f.house, f.cookie, f.facts())->actor;
}

bool is_there(LossWorld& f) {
  return !f.client_name.empty();
}

/// What happens to the person.
void list_losses_of_people(std::vector<Loss>& all) {
  constexpr Grounds everything = account | login | session | own_token;
  const auto by = LossWorld::operator_actor;
  all.push_back({"suspended", everything,
                 [=](LossWorld& f) { REQUIRE(flow::suspend_account(*f.house, by(), "anna.kowalska", f.facts())); },
                 "login"});
  all.push_back({"suspended by themselves", everything,
                 [](LossWorld& f) { REQUIRE(flow::suspend_self(*f.house, actor(f), f.facts())); }, "login"});
  all.push_back({"deleted", everything,
                 [=](LossWorld& f) { REQUIRE(flow::delete_account(*f.house, by(), "anna.kowalska", f.facts())); },
                 "login"});
  all.push_back({"locked", account, [](LossWorld& f) { lock(f, f.anna); }, "access_denied"});
  all.push_back({"a password that must be changed", login | session | own_token,
                 [=](LossWorld& f) {
                   REQUIRE(flow::set_password(*f.house, by(), "anna.kowalska",
                                              {base::Secret("Harbour-Lantern-2026"), true}, f.facts()));
                 },
                 "login"});
  all.push_back({"the password was changed elsewhere", login | session,
                 [](LossWorld& f) { write(f, [&](store::Tx& tx) { return store::raise_security_stamp(tx, f.anna); }); },
                 "login"});
  all.push_back({"all sessions were ended", login | session,
                 [=](LossWorld& f) { REQUIRE(flow::end_sessions_for(*f.house, by(), "anna.kowalska", f.facts())); },
                 "login"});
  all.push_back({"logged out", session,
                 [](LossWorld& f) {
                   REQUIRE(flow::logout(*f.house, *flow::find_visitor(*f.house, f.cookie, f.facts()),
                                        audit::why::logout, f.facts()));
                 },
                 "login"});
  all.push_back({"the session is over", session,
                 [](LossWorld& f) {
                   write(f, [&](store::Tx& tx) { return tx.run("UPDATE session SET absolute_until = $1", {f.now}); });
                 },
                 "login"});
  all.push_back({"a second factor is demanded of everybody", factor,
                 [=](LossWorld& f) {
                   flow::FactorRuleWish wish;
                   wish.scope = flow::FactorScope::everybody;
                   REQUIRE(flow::set_factor_rule(*f.house, by(), wish, f.facts()));
                 },
                 "login"});
}

void list_losses_of_contexts(std::vector<Loss>& all) {
  const auto by = LossWorld::operator_actor;
  all.push_back({"the context was taken away", context,
                 [=](LossWorld& f) {
                   REQUIRE(flow::remove_context(*f.house, by(), {"anna.kowalska", "user"}, f.facts()).value());
                 },
                 "login"});
  all.push_back(
      {"the context's term ended", context,
       [](LossWorld& f) {
         const base::Id id = user_context(f).id;
         write(f, [&](store::Tx& tx) { return store::write_context_term(tx, f.anna, {id, f.now - 24h, f.now}); });
       },
       "login"});
  all.push_back({"the context is closed to this network", context | network,
                 [](LossWorld& f) { change_user_context(f, {.networks = {{"10.0.0.0/8"}}}); }, "login"});
  all.push_back({"the context demands more", context | role, [](LossWorld& f) { change_user_context(f, {.level = 3}); },
                 "login"});
  all.push_back({"the context was taken from the owner", held,
                 [=](LossWorld& f) {
                   REQUIRE(flow::remove_context(*f.house, by(), {f.owner, "user"}, f.facts()).value());
                 },
                 "", "", true});
}

/// What happens to the application.
void list_losses_of_clients(std::vector<Loss>& all) {
  const auto by = LossWorld::operator_actor;
  all.push_back({"switched off", client,
                 [](LossWorld& f) { f.change([](rights::Client& one) { one.enabled = false; }); }, "page",
                 "invalid_client", false, is_there});
  all.push_back({"deleted, the application", client,
                 [=](LossWorld& f) { REQUIRE(flow::delete_client(*f.house, by(), f.client_name, f.facts())); }, "page",
                 "invalid_client", false, is_there});
  all.push_back(
      {"another secret", proof,
       [=](LossWorld& f) { REQUIRE(flow::rotate_client_secret(*f.house, by(), f.client_name, {}, f.facts())); }, "",
       "invalid_client"});
  all.push_back({"the secret is over", proof,
                 [](LossWorld& f) { f.change([&](rights::Client& one) { one.secrets.at(0).not_after = f.now; }); }, "",
                 "invalid_client"});
  all.push_back({"another way of authentication", proof,
                 [](LossWorld& f) { f.change([](rights::Client& one) { one.auth_method = "client_secret_post"; }); },
                 "", "invalid_client"});
  all.push_back({"the grants were taken", grant,
                 [](LossWorld& f) { f.change([](rights::Client& one) { one.grants = {"refresh_token"}; }); },
                 "unauthorized_client", "unauthorized_client"});
  all.push_back({"the right to outlive the session was taken", offline,
                 [](LossWorld& f) { f.change([](rights::Client& one) { std::erase(one.scopes, "offline_access"); }); },
                 "", "invalid_grant", true});
  all.push_back({"the application demands more", level,
                 [](LossWorld& f) { f.change([](rights::Client& one) { one.level = 3; }); }, "login"});
  all.push_back({"the consent was withdrawn", consent,
                 [](LossWorld& f) {
                   REQUIRE(flow::withdraw_consent(*f.house, actor(f), f.find_client(f.client_name).id, f.facts()));
                 },
                 "consent", "invalid_grant", false, [](LossWorld& f) { return f.has_agreed(); }});
  all.push_back({"the owner was suspended", owner,
                 [=](LossWorld& f) { REQUIRE(flow::suspend_account(*f.house, by(), f.owner, f.facts())); },
                 "access_denied", "invalid_client"});
  all.push_back({"the owner was deleted", owner,
                 [=](LossWorld& f) { REQUIRE(flow::delete_account(*f.house, by(), f.owner, f.facts())); },
                 "access_denied", "invalid_client"});
  all.push_back({"the owner was locked", owner, [](LossWorld& f) { lock(f, f.systems.at(f.owner)); }, "access_denied",
                 "invalid_client"});
}

/// What the resource server sees.
void list_losses_of_rights(std::vector<Loss>& all) {
  const auto by = LossWorld::operator_actor;
  all.push_back({"left the group", right,
                 [=](LossWorld& f) {
                   for (const char* who : {"anna.kowalska", "robot.system"}) {
                     REQUIRE(flow::remove_member(*f.house, by(), {"night shift", who}, f.facts()));
                   }
                 },
                 "", ""});
  all.push_back({"the group was deleted with its rule", right,
                 [=](LossWorld& f) {
                   flow::ItemWish wish;
                   wish.rule = flow::Conditions{"context:administrator"};
                   REQUIRE(flow::change_item(
                       *f.house, by(), {LossWorld::results, rights::ItemKind::scope, "results:read"}, wish, f.facts()));
                   REQUIRE(flow::delete_group(*f.house, by(), {"", "night shift"}, f.facts()));
                 },
                 "", ""});
  all.push_back(
      {"the role was removed", right,
       [=](LossWorld& f) {
         REQUIRE(flow::remove_item(*f.house, by(), {LossWorld::results, rights::ItemKind::role, "reader"}, f.facts()));
       },
       "", ""});
  all.push_back({"the scope was taken from the application", right | scope,
                 [](LossWorld& f) { f.change([](rights::Client& one) { std::erase(one.scopes, "results:read"); }); },
                 "", "invalid_scope"});
  all.push_back({"the resource server was switched off", right,
                 [=](LossWorld& f) {
                   flow::ServerWish wish;
                   wish.enabled = false;
                   REQUIRE(flow::change_resource(*f.house, by(), LossWorld::results, wish, f.facts()));
                 },
                 "", ""});
  all.push_back({"the resource server was deleted", right,
                 [=](LossWorld& f) { REQUIRE(flow::delete_resource(*f.house, by(), LossWorld::results, f.facts())); },
                 "", ""});
}

void list_losses_of_tokens(std::vector<Loss>& all) {
  const auto by = LossWorld::operator_actor;
  all.push_back(
      {"the initial access token was withdrawn", initial,
       [=](LossWorld& f) { REQUIRE(flow::revoke_api_token(*f.house, by(), f.initial_id.to_string(), f.facts())); },
       ""});
  all.push_back({"the initial access token is over", initial, [](LossWorld& f) { f.now += 25h; }, ""});
  all.push_back({"the token of the registration was ended", managing,
                 [=](LossWorld& f) {
                   flow::ClientWish wish;
                   wish.ends_registration = true;
                   REQUIRE(flow::change_client(*f.house, by(), f.client_name, wish, f.facts()));
                 },
                 "", "", false, is_there});
  all.push_back({"the personal token was withdrawn", own_token,
                 [](LossWorld& f) {
                   const auto own = flow::list_own_tokens(*f.house, actor(f), f.now).value();
                   REQUIRE(flow::revoke_own_token(*f.house, actor(f), own.front().id.to_string(), f.facts()));
                 },
                 ""});
}

std::vector<Loss> list_losses() {
  std::vector<Loss> all;
  list_losses_of_people(all);
  list_losses_of_contexts(all);
  list_losses_of_clients(all);
  list_losses_of_rights(all);
  list_losses_of_tokens(all);
  return all;
}

Grounds grounds_of(const Flow& flow) {
  Grounds all = 0;
  for (const Step& step : flow.steps) all |= step.needs;
  return all;
}

/// Whether the step said what it should. A client that acts for itself is no grant of a person: it may not act.
bool is_right(const std::string& said, const Step& step, const Loss& loss) {
  const Grounds lost = step.needs & loss.takes;
  if (lost == 0) return said.empty();
  switch (step.says) {
    case Says::browser: return said == loss.in_browser;
    case Says::token: return said == ((lost & (role | network)) != 0 ? "unauthorized_client" : loss.at_token);
    case Says::page: return said == "page";
    case Says::bearer: return said == "invalid_token";
    case Says::less: return said == "less";
    case Says::refused: return said == "refused";
    case Says::somehow: break;
  }
  return !said.empty();
}

bool is_issued(const Step& step) {
  return step.says == Says::browser || step.says == Says::token;
}

void try_gap(const Flow& flow, const Loss& loss, std::size_t before) {
  LossWorld f;
  flow.prepare(f);
  for (std::size_t i = 0; i < before; ++i) REQUIRE((f.*flow.steps.at(i).run)() == "");
  if (loss.is_possible != nullptr && !loss.is_possible(f)) return;
  loss.happen(f);
  // Each later step is tried, with what was issued before the loss, whatever the one before it has said.
  for (std::size_t i = before; i < flow.steps.size(); ++i) {
    const Step& step = flow.steps.at(i);
    CAPTURE(step.name);
    const std::string said = (f.*step.run)();
    if (said == testing::no_input) continue;
    CAPTURE(said);
    CHECK(is_right(said, step, loss));
    if (loss.is_of_the_past && said.empty() && is_issued(step)) return;
  }
}

}  // namespace

TEST_CASE("each flow issues and tells what it should, if nothing happens meanwhile") {
  for (const Flow& flow : list_flows()) {
    LossWorld f;
    flow.prepare(f);
    for (const Step& step : flow.steps) {
      CAPTURE(flow.name);
      CAPTURE(step.name);
      CHECK((f.*step.run)() == "");
    }
  }
}

TEST_CASE("whatever takes a right away between two steps of a flow, nothing more is issued or told") {
  const std::vector<Loss> losses = list_losses();
  for (const Flow& flow : list_flows()) {
    for (const Loss& loss : losses) {
      if ((grounds_of(flow) & loss.takes) == 0) continue;
      for (std::size_t before = 1; before < flow.steps.size(); ++before) {
        CAPTURE(flow.name);
        CAPTURE(loss.name);
        CAPTURE(flow.steps.at(before).name);
        try_gap(flow, loss, before);
      }
    }
  }
}

TEST_CASE(
    "between a logout and its delivery an application that is deleted is told nothing, one that is switched off is") {
  for (const bool is_deleted : {false, true}) {
    CAPTURE(is_deleted);
    LossWorld f;
    for (const auto step : {&LossWorld::ask, &LossWorld::agree, &LossWorld::resume}) REQUIRE((f.*step)().empty());
    REQUIRE(flow::logout(*f.house, *flow::find_visitor(*f.house, f.cookie, f.facts()), audit::why::logout, f.facts()));
    if (is_deleted) {
      REQUIRE(flow::delete_client(*f.house, LossWorld::operator_actor(), "portal", f.facts()));
    } else {
      f.change([](rights::Client& one) { one.enabled = false; });
    }
    const auto items = f.store->read([](store::Tx& tx) { return store::list_outbox(tx, 10); }).value();
    REQUIRE(items.size() == 1);
    const auto told = f.store->read([&](store::Tx& tx) { return flow::find_logout_client(tx, items.front()); }).value();
    // It ends its own session of the person; the logout token says nothing that it did not know.
    CHECK((told && !told->backchannel_logout_uri.empty()) == !is_deleted);
  }
}
