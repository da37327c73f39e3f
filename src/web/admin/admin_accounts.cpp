// The list of the accounts that the administrator manages, with search, filter and pages (S0.2, S4.25). A search is
// posted, because the typed text names a person; its address holds the text sealed (kept_search).
#include <array>

#include "flow/account/search_accounts.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/admin/bulk_words.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/pager.hpp"

namespace web {
namespace {

constexpr std::array<std::string_view, 4> states{"active", "locked", "suspended", "deleted"};

constexpr std::array<std::string_view, 5> kinds{"employee", "recipient", "legal_person", "client_system", "service"};

constexpr std::string_view here = "/admin/accounts";

void add_row(View& view, const Visit& visit, const flow::AccountRow& row) {
  const identity::Account& account = row.account;
  View& item = view.add("accounts");
  item.text("id", account.id.to_string());
  const std::string name = account.display_name();
  item.text("name", name.empty() ? visit.say("accounts.nameless") : name);
  item.text("login", account.login).text("email", account.email);
  item.text("kind", visit.say("accounts.kind." + std::string(identity::name_of(account.kind))));
  // A locked account is "locked" and not "active" as well.
  const bool is_active = account.status == identity::AccountStatus::active;
  const bool is_locked = row.locked_until.has_value();
  const std::string state = is_active && is_locked ? "locked" : std::string(identity::name_of(account.status));
  item.text("state", visit.say("accounts.state." + state));
  item.flag("resting", !is_active || is_locked).flag("locked", !is_active && is_locked);
  item.flag("may_tick", may_act_on_many(visit));
  item.text("created", text::format_date(visit.language, account.created_at, visit.house.settings.site.time_zone));
}

ListFilters read_filters(const http::Form& asked, const std::string& text) {
  ListFilters filters{std::string(here),
                      {{"state", asked.get("state")}, {"kind", asked.get("kind")}, {"order", asked.get("order")}},
                      !text.empty()};
  if (filters.name_somebody) filters.fields.emplace_back("text", text);
  return filters;
}

/// The heads of the columns by which the list can be ordered. A search has an order of its own.
void add_heads(View& view, const flow::AccountQuery& query) {
  if (!query.text.empty()) return;
  const std::string state = query.state.empty() ? std::string() : "state=" + query.state;
  view.flag("sortable").flag("by_name", query.order.empty()).flag("by_age", query.order == "newest");
  view.text("link_by_name", std::string(here) + (state.empty() ? "" : "?" + state));
  view.text("link_by_age", std::string(here) + "?" + (state.empty() ? "" : state + "&") + "order=newest");
}

}  // namespace

http::Response show_accounts(Visit& visit) {
  constexpr auto needed = rights::Permission::read_accounts;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const http::Form& asked = read_asked(visit);
  flow::AccountQuery query;
  if (&asked == &visit.form) query.text = asked.get("text");  // an address in plain text names nobody
  query.state = asked.get("state");
  query.kind = asked.get("kind");
  query.order = asked.get("order");
  View view;
  view.text("text", query.text).text("csrf_search", make_session_csrf(visit, here));
  for (const std::string_view state : states) {
    View& item = view.add("states");
    item.text("value", std::string(state)).text("label", visit.say("accounts.state." + std::string(state)));
    item.flag("chosen", query.state == state);
  }
  for (const std::string_view kind : kinds) {
    View& item = view.add("kinds");
    item.text("value", std::string(kind)).text("label", visit.say("accounts.kind." + std::string(kind)));
    item.flag("chosen", query.kind == kind);
  }
  view.flag("newest", query.order == "newest");
  view.flag("may_change", may_act_on_many(visit)).text("csrf_bulk", make_session_csrf(visit, "/admin/accounts/bulk"));
  view.text("asked_state", query.state).text("asked_kind", query.kind);
  const auto refuse = [&] {
    view.flag("bad_filter");
    return show_inside(visit, "admin_accounts", "accounts.title", here, std::move(view), 400);
  };
  const auto wish = read_page_wish(asked);
  if (!wish) return refuse();
  query.page = *wish;
  const auto page = flow::search_accounts(visit.house, *visit.visitor.actor, query, visit.facts);
  if (!page && page.error().code == base::Code::too_many) {
    view.flag("too_many");
    http::Response response = show_inside(visit, "admin_accounts", "accounts.title", here, std::move(view), 429);
    response.add("Retry-After", retry_after_searches);
    return response;
  }
  if (!page) return page.error().code == base::Code::invalid_input ? refuse() : show_error(visit, page.error());
  for (const flow::AccountRow& row : page->rows) add_row(view, visit, row);
  view.flag("any", !page->rows.empty()).flag("empty", page->rows.empty() && !page->ends.is_incomplete);
  view.flag("filling", page->is_filling);
  add_heads(view, query);
  add_pages(view, visit, read_filters(asked, query.text), page->ends);
  return show_inside(visit, "admin_accounts", "accounts.title", here, std::move(view));
}

http::Response submit_accounts(Visit& visit) {
  constexpr auto needed = rights::Permission::read_accounts;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return lead_to_address(visit, read_filters(visit.form, visit.form.get("text")));
}

}  // namespace web
