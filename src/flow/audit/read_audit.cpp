#include "flow/audit/read_audit.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "audit/reported.hpp"
#include "audit/vocabulary.hpp"
#include "base/time.hpp"
#include "flow/account/walk_accounts.hpp"
#include "flow/house/find_tenant.hpp"
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

// nullopt: no account has that name, so that no event matches. An account of another tenant looks the same.
base::Result<std::optional<base::Id>> find_account_id(store::Tx& tx, const rights::Actor& actor,
                                                      const std::string& named, base::Time now) {
  if (const auto id = base::Id::parse(named)) return *id;
  const auto canonical = identity::canonical_login(named);
  if (!canonical) return std::optional<base::Id>();
  ASSIGN_OR_RETURN(const auto account, store::find_account_by_login(tx, *canonical, now));
  return account && actor.reaches(account->tenant_id) ? std::optional<base::Id>(account->id) : std::nullopt;
}

/// The accounts whose words begin like the text, among those that the actor reaches.
base::Result<std::vector<base::Id>> find_candidates(store::Tx& tx, const rights::Actor& actor,
                                                    const std::vector<std::string>& words, base::Time now) {
  AccountList list;
  list.words = words;
  list.now = now;
  if (list.words.empty()) return std::vector<base::Id>();
  ASSIGN_OR_RETURN(list.tenants, list_reached(tx, actor));
  ASSIGN_OR_RETURN(AccountPlaces places, walk_accounts(tx, list, {Turn::first, {}, most_candidates}));
  return std::move(places.accounts);
}

/// The tenant of the account, if the actor reaches it; the actor's own for any other account, so that it has no events.
base::Result<std::optional<base::Id>> find_tenant_of(store::Tx& tx, const rights::Actor& actor,
                                                     const base::Id& account_id) {
  ASSIGN_OR_RETURN(const auto account, store::find_account(tx, account_id));
  return account && actor.reaches(account->tenant_id) ? account->tenant_id : actor.account().tenant_id;
}

/// The account that the text means, or those that it can mean, in a page without rows.
base::Result<AuditPage> find_meant(const House& house, const rights::Actor& actor, const std::string& typed,
                                   const RequestFacts& facts) {
  AuditPage page;
  ASSIGN_OR_RETURN(page.account,
                   house.store.read([&](store::Tx& tx) { return find_account_id(tx, actor, typed, facts.now); }));
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

base::Result<store::EventSource> parse_source(std::string_view source) {
  if (source.empty()) return store::EventSource::any;
  if (source == "own") return store::EventSource::own;
  if (source == "reported") return store::EventSource::reported;
  return base::fail(base::Code::invalid_input, "no such source");
}

base::Result<std::int64_t> parse_seq(const std::string& row) {
  std::int64_t seq = 0;
  const auto [end, error] = std::from_chars(row.data(), row.data() + row.size(), seq);
  if (error != std::errc() || end != row.data() + row.size() || seq < 0) {
    return base::fail(base::Code::invalid_input, "no such page");
  }
  return seq;
}

base::Result<void> set_page(store::AuditFilter& filter, const AuditQuery& query) {
  filter.before_seq = query.before_seq;
  filter.most = std::clamp<std::size_t>(query.page.most, 1, largest_page);
  filter.oldest_first = query.page.turn == Turn::previous || query.page.turn == Turn::last;
  if (query.page.turn == Turn::next) {
    ASSIGN_OR_RETURN(filter.before_seq, parse_seq(query.page.row));
  } else if (query.page.turn == Turn::previous) {
    ASSIGN_OR_RETURN(filter.after_seq, parse_seq(query.page.row));
  }
  return {};
}

store::AuditFilter first_page_of(store::AuditFilter filter) {
  filter.before_seq = 0;
  filter.after_seq = 0;
  filter.oldest_first = false;
  return filter;
}

/// The neighbours of a page that was found in the filter's order. Other than read_page, the search of one page may end
/// before the page is full.
PageEnds find_ends(const store::AuditFilter& filter, const store::EventPage& found) {
  PageEnds ends;
  const std::int64_t goes_on = filter.oldest_first ? found.next_after : found.next_before;
  const std::int64_t came_from = filter.oldest_first ? filter.after_seq : filter.before_seq;
  std::optional<std::string> onward;
  std::optional<std::string> back;
  if (goes_on != 0) onward = std::to_string(goes_on);
  if (came_from != 0) {
    // An empty page is left towards where it was come from, with the event that stood there.
    const std::int64_t nothing = filter.oldest_first ? came_from + 1 : came_from - 1;
    back = std::to_string(found.events.empty() ? nothing : found.events.front().seq);
  }
  set_neighbours(ends, filter.oldest_first, std::move(onward), std::move(back));
  ends.is_incomplete = goes_on != 0 && found.events.size() < filter.most;
  return ends;
}

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
  if (!query.type.empty() && audit::find_kind(query.type) == nullptr && !audit::is_reported_type(query.type)) {
    return base::fail(base::Code::invalid_input, "no such kind of event");
  }
  if (!query.outcome.empty() && query.outcome != "success" && query.outcome != "failure") {
    return base::fail(base::Code::invalid_input, "no such outcome");
  }
  store::AuditFilter filter;
  ASSIGN_OR_RETURN(filter.source, parse_source(query.source));
  ASSIGN_OR_RETURN(filter.tenant_id,
                   house.store.read([&](store::Tx& tx) { return find_shown_tenant(tx, actor, query.tenant); }));
  filter.type = query.type;
  filter.outcome = query.outcome;
  filter.client = query.client;
  filter.request_id = query.request_id;
  filter.from = query.from;
  filter.to = query.to;
  RETURN_IF_ERROR(set_page(filter, query));
  if (!query.account.empty()) {
    ASSIGN_OR_RETURN(AuditPage meant, find_meant(house, actor, query.account, facts));
    if (!meant.account) return meant;
    filter.account = meant.account;
    if (filter.tenant_id && query.tenant.empty()) {
      ASSIGN_OR_RETURN(filter.tenant_id,
                       house.store.read([&](store::Tx& tx) { return find_tenant_of(tx, actor, *meant.account); }));
    }
  }
  return report_for(house, actor, [&](store::Tx& tx) -> base::Result<AuditPage> {
    AuditPage page;
    page.account = filter.account;
    ASSIGN_OR_RETURN(auto found, store::find_events(tx, filter));
    const bool is_past_newest = query.page.turn == Turn::previous && found.next_after == 0;
    if (is_past_newest && found.events.size() < filter.most) {
      filter = first_page_of(filter);
      ASSIGN_OR_RETURN(found, store::find_events(tx, filter));
    }
    page.next_before = found.next_before;
    page.ends = find_ends(filter, found);
    if (query.is_counted) {
      ASSIGN_OR_RETURN(const auto counted, store::count_events(tx, filter, counted_exactly + 1));
      page.ends.count = counted.count;
      page.ends.is_count_least = counted.is_least;
    }
    if (filter.oldest_first) std::reverse(found.events.begin(), found.events.end());
    Names names(tx);
    for (audit::Event& event : found.events) {
      AuditRow row;
      ASSIGN_OR_RETURN(row.actor_name, names.find(event.actor));
      ASSIGN_OR_RETURN(row.subject_name, names.find(event.subject));
      ASSIGN_OR_RETURN(row.behalf_name, names.find(event.on_behalf_of));
      row.event = std::move(event);
      page.rows.push_back(std::move(row));
    }
    return page;
  });
}

}  // namespace flow
