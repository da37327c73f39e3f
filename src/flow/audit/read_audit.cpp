#include "flow/audit/read_audit.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

#include "audit/vocabulary.hpp"
#include "base/time.hpp"
#include "flow/account/walk_accounts.hpp"
#include "flow/house/report_for.hpp"
#include "flow/session/record_search.hpp"
#include "identity/identifier/login_name.hpp"
#include "identity/identifier/search_terms.hpp"
#include "store/account/accounts.hpp"
#include "store/audit/audit_log.hpp"
#include "store/engine/store.hpp"

namespace flow {
namespace {

constexpr std::size_t largest_page = 200;
constexpr std::size_t most_candidates = 10;

// nullopt: no account has that name, so that no event matches.
base::Result<std::optional<base::Id>> find_account_id(store::Tx& tx, const std::string& named, base::Time now) {
  if (const auto id = base::Id::parse(named)) return *id;
  const auto canonical = identity::canonical_login(named);
  if (!canonical) return std::optional<base::Id>();
  ASSIGN_OR_RETURN(const auto account, store::find_account_by_login(tx, *canonical, now));
  return account ? std::optional<base::Id>(account->id) : std::nullopt;
}

/// The accounts whose words begin like the text, among those that the actor reaches.
base::Result<std::vector<base::Id>> find_candidates(store::Tx& tx, const rights::Actor& actor,
                                                    const std::vector<std::string>& words, base::Time now) {
  AccountList list;
  list.words = words;
  list.now = now;
  if (list.words.empty()) return std::vector<base::Id>();
  if (actor.may(rights::Permission::administer_all)) {
    ASSIGN_OR_RETURN(list.tenants, store::list_tenant_ids(tx));
  } else {
    list.tenants.push_back(actor.account().tenant_id);
  }
  ASSIGN_OR_RETURN(AccountPlaces places, walk_accounts(tx, list, {Turn::first, {}, most_candidates}));
  return std::move(places.accounts);
}

/// The account that the text means, or those that it can mean, in a page without rows.
base::Result<AuditPage> find_meant(const House& house, const rights::Actor& actor, const std::string& typed,
                                   const RequestFacts& facts) {
  AuditPage page;
  ASSIGN_OR_RETURN(page.account,
                   house.store.read([&](store::Tx& tx) { return find_account_id(tx, typed, facts.now); }));
  if (page.account) return page;
  const std::vector<std::string> words = identity::search_words(typed);
  RETURN_IF_ERROR(record_search(house, actor, words, facts));
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<AuditPage> {
    AuditPage found;
    ASSIGN_OR_RETURN(const auto candidates, find_candidates(tx, actor, words, facts.now));
    if (candidates.size() == 1) {
      found.account = candidates.front();
      return found;
    }
    for (const base::Id& id : candidates) {
      ASSIGN_OR_RETURN(const auto account, store::find_account(tx, id));
      if (account) found.candidates.push_back({id, account->display_name() + " (" + account->login + ")"});
    }
    return found;
  });
}

class Names {
 public:
  explicit Names(store::Tx& tx) : tx_(tx) {}
  base::Result<std::string> find(const std::optional<base::Id>& id) {
    if (!id) return std::string();
    const auto known = names_.find(*id);
    if (known != names_.end()) return known->second;
    ASSIGN_OR_RETURN(const auto account, store::find_account(tx_, *id));
    return names_[*id] = account ? account->login : std::string();
  }

 private:
  store::Tx& tx_;
  std::map<base::Id, std::string> names_;
};

void append_details(std::vector<std::pair<std::string, std::string>>& out, const std::string& json) {
  if (json.empty()) return;
  boost::json::error_code error;
  const boost::json::value value = boost::json::parse(json, error);
  if (error || !value.is_object()) {
    out.emplace_back("text", json);
    return;
  }
  for (const auto& member : value.get_object()) {
    const boost::json::value& v = member.value();
    out.emplace_back(std::string(member.key()),
                     v.is_string() ? std::string(v.get_string()) : boost::json::serialize(v));
  }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> audit_details(const audit::Event& event) {
  std::vector<std::pair<std::string, std::string>> out;
  append_details(out, event.data);
  append_details(out, event.personal);
  if (!event.typed.empty()) out.emplace_back("typed", event.typed);
  return out;
}

base::Result<AuditPage> read_audit(const House& house, const rights::Actor& actor, const AuditQuery& query,
                                   const RequestFacts& facts) {
  if (!actor.may(rights::Permission::read_audit)) return base::fail(base::Code::denied, "may not read the audit log");
  if (!query.type.empty() && audit::find_kind(query.type) == nullptr) {
    return base::fail(base::Code::invalid_input, "no such kind of event");
  }
  if (!query.outcome.empty() && query.outcome != "success" && query.outcome != "failure") {
    return base::fail(base::Code::invalid_input, "no such outcome");
  }
  store::AuditFilter filter;
  if (!actor.may(rights::Permission::administer_all)) filter.tenant_id = actor.account().tenant_id;
  filter.type = query.type;
  filter.outcome = query.outcome;
  filter.client = query.client;
  filter.request_id = query.request_id;
  filter.from = query.from;
  filter.to = query.to;
  filter.before_seq = query.before_seq;
  filter.most = std::clamp<std::size_t>(query.most, 1, largest_page);
  if (!query.account.empty()) {
    ASSIGN_OR_RETURN(AuditPage meant, find_meant(house, actor, query.account, facts));
    if (!meant.account) return meant;
    filter.account = meant.account;
  }
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<AuditPage> {
    AuditPage page;
    page.account = filter.account;
    ASSIGN_OR_RETURN(auto found, store::find_events(tx, filter));
    page.next_before = found.next_before;
    Names names(tx);
    for (audit::Event& event : found.events) {
      AuditRow row;
      ASSIGN_OR_RETURN(row.actor_name, names.find(event.actor));
      ASSIGN_OR_RETURN(row.subject_name, names.find(event.subject));
      row.event = std::move(event);
      page.rows.push_back(std::move(row));
    }
    return page;
  });
}

}  // namespace flow
