#include "flow/account/walk_accounts.hpp"

#include <algorithm>
#include <charconv>
#include <tuple>

#include "identity/identifier/search_terms.hpp"

namespace flow {
namespace {

using store::AccountState;
namespace kind = store::term_kind;

// What one page and what the count may pass, in rows of the index.
constexpr std::size_t most_passed = 20'000;
constexpr std::size_t most_counted = 20'000;
constexpr std::size_t first_look = 64;
constexpr std::size_t later_look = 1000;
// A list with no more accounts is read as a whole if nothing but a state or a kind chooses them.
constexpr std::int64_t few = 1000;
// A word with more rows is a frequent one, however many more there are.
constexpr std::size_t frequent = 5000;

/// The range of one tenant that is walked, and the words that are looked for in its rows.
struct Route {
  std::size_t word = 0;  // its number in the list's words
  store::TermRange range;
  std::vector<store::TermRange> others;
};

store::TermRange range_of(const AccountList& list, std::size_t number) {
  const std::string& word = list.words[number];
  return store::range_of_word(word, identity::finds_numbers(list.words, word));
}

Route route_by_word(const AccountList& list, std::size_t number) {
  Route route;
  route.word = number;
  route.range = range_of(list, number);
  for (std::size_t i = 0; i < list.words.size(); ++i) {
    if (i != number) route.others.push_back(range_of(list, i));
  }
  return route;
}

/// By the word that the fewest rows begin with; of frequent ones the longest.
base::Result<Route> choose_route(store::Tx& tx, const AccountList& list, const base::Id& tenant) {
  if (list.words.empty()) {
    if (list.state == AccountState::deleted) return Route{0, store::whole_range(kind::deleted), {}};
    if (list.newest_first) return Route{0, store::whole_range(kind::created), {}};
    const bool is_state = list.state == AccountState::suspended;
    return Route{0, store::whole_range(is_state ? kind::suspended : kind::name), {}};
  }
  std::size_t best = 0;
  std::int64_t fewest = -1;
  for (std::size_t i = 0; i < list.words.size() && list.words.size() > 1; ++i) {
    ASSIGN_OR_RETURN(const std::int64_t rows, store::count_terms(tx, tenant, range_of(list, i), frequent));
    const bool is_longer = rows == fewest && list.words[i].size() > list.words[best].size();
    if (fewest < 0 || rows < fewest || is_longer) {
      best = i;
      fewest = rows;
    }
  }
  return route_by_word(list, best);
}

/// The route through each tenant, chosen once for the page and the count, because choosing counts rows.
class Routes {
 public:
  Routes(store::Tx& tx, const AccountList& list) : tx_(tx), list_(list), routes_(list.tenants.size()) {}

  base::Result<Route> of(std::size_t tenant) {
    auto& route = routes_.at(tenant);
    if (!route) {
      ASSIGN_OR_RETURN(route, choose_route(tx_, list_, list_.tenants[tenant]));
    }
    return *route;
  }

 private:
  store::Tx& tx_;
  const AccountList& list_;
  std::vector<std::optional<Route>> routes_;  // by the tenant's number in the list
};

/// "2.<id>": the account, and the word by which its tenant was walked when the page was shown.
struct Anchor {
  std::size_t word = 0;
  base::Id account;
};

std::string text_of(const Anchor& anchor) {
  return std::to_string(anchor.word) + "." + anchor.account.to_string();
}

std::optional<Anchor> parse_anchor(const std::string& text) {
  Anchor anchor;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), anchor.word);
  if (error != std::errc() || end == text.data() + text.size() || *end != '.') return std::nullopt;
  const auto account = base::Id::parse(std::string_view(end + 1, text.data() + text.size()));
  if (!account) return std::nullopt;
  anchor.account = *account;
  return anchor;
}

struct Start {
  std::size_t tenant = 0;  // its number in the list
  Route route;
  store::TermPlace place;
};

enum class Stop : std::uint8_t {
  end,      // of the list
  visitor,  // it had enough
  budget    // as many rows were passed as one request may pass
};

// The kinds `suspended` and `deleted` hold accounts of this state only.
AccountState state_to_judge(const AccountList& list) {
  const bool is_told = list.words.empty() && (list.state == AccountState::deleted ||
                                              (list.state == AccountState::suspended && !list.newest_first));
  return is_told ? AccountState::present : list.state;
}

// Lists by time show the newest first, which the index has last.
bool is_turned(const AccountList& list) {
  return list.words.empty() && (list.newest_first || list.state == AccountState::deleted);
}

class Walk {
 public:
  Walk(store::Tx& tx, const AccountList& list, Routes& routes, bool backward)
      : tx_(tx), list_(list), routes_(routes), backward_(backward) {}

  /// Calls `visit` for each account of the list behind `start` (nullptr = of all), until it says false.
  base::Result<Stop> run(const Start* start, std::size_t most, const std::function<bool(const Anchor&)>& visit) {
    left_ = most;
    const std::size_t count = list_.tenants.size();
    std::size_t i = 0;
    if (start != nullptr) {
      ASSIGN_OR_RETURN(const Stop stop, run_tenant(*start, visit));
      if (stop != Stop::end) return stop;
      i = walked(start->tenant) + 1;
    }
    for (; i < count; ++i) {
      Start here;
      here.tenant = walked(i);
      ASSIGN_OR_RETURN(here.route, routes_.of(here.tenant));
      here.place = store::start_of(here.route.range, is_backward());
      ASSIGN_OR_RETURN(const Stop stop, run_tenant(here, visit));
      if (stop != Stop::end) return stop;
    }
    return Stop::end;
  }

  /// Where the walk can go on after Stop::budget.
  [[nodiscard]] const std::optional<Anchor>& last() const { return last_; }

 private:
  base::Result<Stop> run_tenant(const Start& start, const std::function<bool(const Anchor&)>& visit) {
    store::TermLook look{list_.tenants[start.tenant], start.route.range, start.place};
    look.backward = is_backward();
    look.others = start.route.others;
    look.state = state();
    look.kind = list_.kind;
    look.now = list_.now;
    look.most = first_look;
    for (;;) {
      ASSIGN_OR_RETURN(const auto rows, store::look_at_terms(tx_, look));
      for (const store::PassedRow& row : rows) {
        const Anchor anchor{start.route.word, row.place.account_id};
        if (row.is_first) last_ = anchor;
        if (row.fits && !visit(anchor)) return Stop::visitor;
      }
      left_ -= std::min(left_, rows.size());
      if (rows.size() < look.most) return Stop::end;
      if (left_ == 0) return Stop::budget;
      look.place = rows.back().place;
      look.most = later_look;
    }
  }

  /// The number of the tenant that is walked as the i-th, and the other way round.
  [[nodiscard]] std::size_t walked(std::size_t i) const { return backward_ ? list_.tenants.size() - 1 - i : i; }
  // "Newest first" is the order of ids from its end.
  [[nodiscard]] bool is_backward() const { return backward_ != is_turned(list_); }
  [[nodiscard]] AccountState state() const { return state_to_judge(list_); }

  store::Tx& tx_;
  const AccountList& list_;
  Routes& routes_;
  bool backward_;
  std::size_t left_ = 0;  // rows that may still be passed
  std::optional<Anchor> last_;
};

/// nullopt: the row is gone, or is not of this list.
base::Result<std::optional<Start>> find_start(store::Tx& tx, const AccountList& list, Routes& routes,
                                              const std::string& row) {
  const auto anchor = parse_anchor(row);
  if (!anchor || anchor->word >= std::max<std::size_t>(list.words.size(), 1)) return std::nullopt;
  ASSIGN_OR_RETURN(const auto tenant, store::find_tenant_of_terms(tx, anchor->account));
  const auto at = tenant ? std::find(list.tenants.begin(), list.tenants.end(), *tenant) : list.tenants.end();
  if (at == list.tenants.end()) return std::nullopt;
  Start start;
  start.tenant = static_cast<std::size_t>(at - list.tenants.begin());
  if (list.words.empty()) {
    ASSIGN_OR_RETURN(start.route, routes.of(start.tenant));
  } else {
    start.route = route_by_word(list, anchor->word);
  }
  ASSIGN_OR_RETURN(const auto place, store::find_place(tx, start.route.range, anchor->account));
  if (!place) return std::nullopt;
  start.place = *place;
  return start;
}

// If every account of the range is in the list, its rows need not be looked at one by one.
bool is_whole_range(const AccountList& list) {
  return list.words.size() < 2 && list.kind.empty() && state_to_judge(list) == AccountState::present;
}

base::Result<void> count_ranges(store::Tx& tx, const AccountList& list, Routes& routes, PageEnds& ends) {
  std::int64_t left = counted_exactly + 1;
  for (std::size_t tenant = 0; tenant < list.tenants.size() && left > 0; ++tenant) {
    ASSIGN_OR_RETURN(const Route route, routes.of(tenant));
    // Without a search an account has one row, so that no more rows are needed than accounts are counted.
    const std::size_t most = list.words.empty() ? static_cast<std::size_t>(left) : most_counted;
    ASSIGN_OR_RETURN(const auto counted, store::count_accounts(tx, list.tenants[tenant], route.range, most));
    ends.count += std::min(counted.count, left);
    left -= std::min(counted.count, left);
    ends.is_count_least = ends.is_count_least || (counted.is_least && left > 0);
  }
  return {};
}

/// Whether states and kinds alone decide, so that an index knows the accounts.
bool is_by_state(const AccountList& list) {
  return list.words.empty() && !is_whole_range(list);
}

store::StateList state_list(const AccountList& list, const base::Id& tenant) {
  return {tenant, list.state, list.kind, list.now};
}

base::Result<void> count_states(store::Tx& tx, const AccountList& list, PageEnds& ends) {
  ends.count = 0;
  for (const base::Id& tenant : list.tenants) {
    ASSIGN_OR_RETURN(const std::int64_t count,
                     store::count_by_state(tx, state_list(list, tenant), counted_exactly + 1));
    ends.count = std::min(ends.count + count, counted_exactly + 1);
    if (ends.count > counted_exactly) break;
  }
  return {};
}

/// A list of few accounts among many: read as a whole and put in its order, because a walk would pass all the others.
base::Result<AccountPlaces> list_few(store::Tx& tx, const AccountList& list, Routes& routes, const PageWish& wish) {
  std::vector<Anchor> all;
  for (std::size_t i = 0; i < list.tenants.size(); ++i) {
    ASSIGN_OR_RETURN(const Route route, routes.of(i));
    ASSIGN_OR_RETURN(auto places, store::list_by_state(tx, state_list(list, list.tenants[i]), route.range.kind, few));
    std::sort(places.begin(), places.end(), [&](const store::TermPlace& a, const store::TermPlace& b) {
      const bool is_before = std::tie(a.term, a.account_id) < std::tie(b.term, b.account_id);
      const bool is_behind = std::tie(b.term, b.account_id) < std::tie(a.term, a.account_id);
      return is_turned(list) ? is_behind : is_before;
    });
    for (const store::TermPlace& place : places) all.push_back({0, place.account_id});
  }
  auto cut = cut_page(std::move(all), wish, [](const Anchor& one) { return text_of(one); });
  AccountPlaces page;
  page.ends = std::move(cut.ends);
  for (const Anchor& one : cut.rows) page.accounts.push_back(one.account);
  return page;
}

base::Result<void> count_all(store::Tx& tx, const AccountList& list, Routes& routes, PageEnds& ends) {
  if (is_whole_range(list)) return count_ranges(tx, list, routes, ends);
  if (is_by_state(list)) return count_states(tx, list, ends);
  std::int64_t count = 0;
  Walk walk(tx, list, routes, false);
  ASSIGN_OR_RETURN(const Stop stop,
                   walk.run(nullptr, most_counted, [&](const Anchor&) { return ++count <= counted_exactly; }));
  ends.count = count;
  ends.is_count_least = stop == Stop::budget;
  return {};
}

}  // namespace

bool is_anchor(const std::string& text) {
  return parse_anchor(text).has_value();
}

base::Result<AccountPlaces> walk_accounts(store::Tx& tx, const AccountList& list, const PageWish& wish) {
  AccountPlaces page;
  Routes routes(tx, list);
  if (is_by_state(list)) {
    PageEnds counted;
    RETURN_IF_ERROR(count_states(tx, list, counted));
    if (counted.count <= few) return list_few(tx, list, routes, wish);
  }
  const bool backward = wish.turn == Turn::previous || wish.turn == Turn::last;
  std::optional<Start> start;
  bool from_row = false;
  if (wish.turn == Turn::next || wish.turn == Turn::previous) {
    ASSIGN_OR_RETURN(start, find_start(tx, list, routes, wish.row));
    from_row = start.has_value();
    if (!from_row) return walk_accounts(tx, list, {Turn::first, {}, wish.most});
  }
  Walk walk(tx, list, routes, backward);
  std::vector<Anchor> found;
  ASSIGN_OR_RETURN(const Stop stop, walk.run(start ? &*start : nullptr, most_passed, [&](const Anchor& anchor) {
    if (found.size() == wish.most) return false;
    found.push_back(anchor);
    return true;
  }));
  std::optional<std::string> onward;  // where the walk goes on in its own direction
  if (stop == Stop::visitor) onward = text_of(found.back());
  if (stop == Stop::budget && walk.last()) {
    onward = text_of(*walk.last());
    page.ends.is_incomplete = found.size() < wish.most;
  }
  // Less than a page before the first row: the first page is shown instead.
  if (wish.turn == Turn::previous && !onward) return walk_accounts(tx, list, {Turn::first, {}, wish.most});
  std::optional<std::string> back;
  if (from_row) back = found.empty() ? wish.row : text_of(found.front());
  if (backward) std::reverse(found.begin(), found.end());
  set_neighbours(page.ends, backward, std::move(onward), std::move(back));
  for (const Anchor& anchor : found) page.accounts.push_back(anchor.account);
  RETURN_IF_ERROR(count_all(tx, list, routes, page.ends));
  return page;
}

}  // namespace flow
