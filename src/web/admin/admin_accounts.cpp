// The list of the accounts that the administrator manages, with search, filter and pages (S0.2, S4.25). A search is a
// POST, because the typed text names a person and must not be in an address, which logs and browser histories keep
// (ASVS 5.0 14.2.1). The pages of the unfiltered list have addresses.
#include <array>

#include "flow/account/search_accounts.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr std::array<std::string_view, 4> states{"active", "locked", "suspended", "deleted"};

constexpr std::string_view here = "/admin/accounts";

/// The search, from the address or from the form.
struct Asked {
  std::string text;  // in a form only
  std::string state;
  std::string after;
};

Asked read(const Visit& visit) {
  if (visit.request.method != http::Method::post) return {{}, visit.query.get("state"), visit.query.get("after")};
  return {visit.form.get("text"), visit.form.get("state"), visit.form.get("after")};
}

/// A page of the list: a link, or with a search a form.
void add_page(View& view, const Asked& asked, std::string_view label, const std::optional<base::Id>& after) {
  View& item = view.add("pages");
  item.text("label", std::string(label)).flag("by_form", !asked.text.empty());
  item.text("after", after ? after->to_string() : std::string());
  std::string link(here);
  if (!asked.state.empty()) link += "?state=" + base::percent_encode(asked.state);
  if (after) link += (asked.state.empty() ? "?after=" : "&after=") + after->to_string();
  item.text("link", std::move(link));
}

void add_row(View& view, const Visit& visit, const flow::AccountRow& row) {
  const identity::Account& account = row.account;
  View& item = view.add("accounts");
  item.text("id", account.id.to_string());
  const std::string name = account.display_name();
  item.text("name", name.empty() ? visit.say("accounts.nameless") : name);
  item.text("login", account.login).text("email", account.email);
  item.text("kind", visit.say("accounts.kind." + std::string(identity::name_of(account.kind))));
  item.text("state", visit.say("accounts.state." + std::string(identity::name_of(account.status))));
  item.flag("resting", account.status != identity::AccountStatus::active);
  item.flag("locked", row.locked_until.has_value());
}

}  // namespace

http::Response show_accounts(Visit& visit) {
  constexpr auto needed = rights::Permission::manage_accounts;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const Asked asked = read(visit);
  flow::AccountQuery query;
  query.text = asked.text;
  query.state = asked.state;
  const auto after_id = base::Id::parse(asked.after);
  if (after_id) query.after = *after_id;
  View view;
  view.text("text", query.text).text("state", query.state).text("csrf_search", make_session_csrf(visit, here));
  for (const std::string_view state : states) {
    View& item = view.add("states");
    item.text("value", std::string(state)).text("label", visit.say("accounts.state." + std::string(state)));
    item.flag("chosen", query.state == state);
  }
  const auto refuse = [&] {
    view.flag("bad_filter");
    return show_inside(visit, "admin_accounts", "accounts.title", here, std::move(view), 400);
  };
  if (!asked.after.empty() && !after_id) return refuse();
  const auto page = flow::search_accounts(visit.house, *visit.visitor.actor, query, visit.facts.now);
  if (!page) return page.error().code == base::Code::invalid_input ? refuse() : show_error(visit, page.error());
  for (const flow::AccountRow& row : page->rows) add_row(view, visit, row);
  view.flag("any", !page->rows.empty()).flag("empty", page->rows.empty());
  view.flag("paged", after_id.has_value() || page->next_after.has_value());
  if (after_id) add_page(view, asked, visit.say("accounts.first"), std::nullopt);
  if (page->next_after) add_page(view, asked, visit.say("accounts.next"), page->next_after);
  return show_inside(visit, "admin_accounts", "accounts.title", here, std::move(view));
}

}  // namespace web
