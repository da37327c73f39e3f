// Fills the lists of an installation whose server is not running: accounts with names and terms of the search, an audit
// event for each, and sessions of one account. Several hundred accounts share a commit, so that the time goes into the
// rows.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "crypto/master_key.hpp"
#include "rights/may_issue.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"
#include "store/session/sessions.hpp"
#include "store/tenant/tenants.hpp"

namespace {

constexpr std::array given{"Anna", "Piotr", "Małgorzata", "Jan",   "Zofia",  "Tomasz", "Katarzyna",
                           "Adam", "Ewa",   "Łukasz",     "Maria", "Michał", "Agata",  "Paweł"};
constexpr std::array first{"Kowal", "Nowa",  "Wiśniew", "Brzęcz", "Zieliń",
                           "Wójci", "Kamiń", "Lewando", "Dąbrow", "Szymań"};
constexpr std::array second{"ski", "ska", "czyk", "kowa", "owicz", "ewska", "ak", "ek", "yn", "ik", "uk", "as", "or"};

struct Wish {
  std::string database;
  std::string key;
  std::size_t accounts = 100'000;
  std::size_t sessions = 99;
  std::string owner;  // login of the account that gets the sessions
};

template <class T>
T must(base::Result<T> result) {
  if (result) return std::move(*result);
  std::fprintf(stderr, "%s\n", base::describe(result.error()).c_str());
  std::exit(1);
}
void must(const base::Result<void>& result) {
  if (result) return;
  std::fprintf(stderr, "%s\n", base::describe(result.error()).c_str());
  std::exit(1);
}

base::Result<void> add_account(store::Tx& tx, const base::Id& tenant, std::size_t number, base::Time now) {
  identity::Account account;
  account.id = base::Id::make(now);
  account.tenant_id = tenant;
  account.given_name = given.at(number % given.size());
  account.family_name = std::string(first.at(number / 7 % first.size())) + second.at(number / 3 % second.size());
  account.created_at = now;
  RETURN_IF_ERROR(store::insert_account(tx, account));
  const std::string login = "person" + std::to_string(number);
  RETURN_IF_ERROR(store::insert_identifier(tx, {account.id, "login", login, login, now, true}, now));
  audit::Event event;
  event.at = now;
  event.tenant_id = tenant;
  event.type = number % 4 == 0 ? audit::type::account_create.view() : audit::type::login.view();
  event.subject = event.actor = account.id;
  event.data = R"({"method":"password"})";
  event.personal = R"({"ip":"192.0.2.7","user_agent":"Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"})";
  return store::append_event(tx, std::move(event));
}

base::Result<void> add_session(store::Tx& tx, const identity::Account& owner, std::size_t number, base::Time now) {
  rights::Session session;
  session.id = base::Id::make(now);
  session.secret_hash = std::string(32, 's');
  session.account_id = owner.id;
  session.proofs = rights::Proofs(rights::ProofMethod::password);
  session.auth_time = session.created_at = now;
  session.last_seen = now - std::chrono::seconds(number);
  session.idle_until = now + std::chrono::hours(1);
  session.absolute_until = now + std::chrono::hours(1);
  session.security_stamp = owner.security_stamp;
  session.ip = "192.0.2." + std::to_string(number % 250);
  session.user_agent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
  rights::IssuanceFacts facts;
  facts.what = rights::Issued::session;
  facts.account = &owner;
  facts.session = &session;
  facts.now = now;
  const auto verdict = rights::judge_issuance(facts);
  const auto* clearance = std::get_if<rights::Clearance>(&verdict);
  if (clearance == nullptr) return base::fail(base::Code::denied, "no session");
  return store::insert_session(tx, session, *clearance);
}

void fill(const Wish& wish) {
  std::ifstream file(wish.key);
  std::stringstream text;
  text << file.rdbuf();
  store::Options options;
  options.url = "sqlite:" + wish.database;
  const auto db = must(store::Store::open(options, must(crypto::MasterKey::parse(text.str()))));
  const base::Time now = base::now();
  constexpr std::size_t batch = 500;
  for (std::size_t made = 0; made < wish.accounts; made += batch) {
    must(db->write([&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(const auto tenant, store::find_first_tenant(tx));
      for (std::size_t i = made; i < std::min(made + batch, wish.accounts); ++i) {
        RETURN_IF_ERROR(add_account(tx, tenant.id, i, now));
      }
      return {};
    }));
  }
  must(db->write([&](store::Tx& tx) -> base::Result<void> {
    ASSIGN_OR_RETURN(const auto owner, store::find_account_by_login(tx, wish.owner, now));
    if (!owner) return base::fail(base::Code::not_found, "no such account");
    for (std::size_t i = 0; i < wish.sessions; ++i) RETURN_IF_ERROR(add_session(tx, *owner, i, now));
    return {};
  }));
}

}  // namespace

int main(int argc, char** argv) {
  Wish wish;
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    const std::string value = argv[i + 1];
    if (name == "--database") wish.database = value;
    if (name == "--key") wish.key = value;
    if (name == "--accounts") wish.accounts = std::stoul(value);
    if (name == "--sessions") wish.sessions = std::stoul(value);
    if (name == "--owner") wish.owner = value;
  }
  fill(wish);
  return 0;
}
