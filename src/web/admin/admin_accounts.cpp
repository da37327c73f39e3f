// The list of the accounts that the administrator manages, with search, filter and pages (S0.2, S4.25).
#include <array>

#include "flow/account/search_accounts.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr std::array<std::string_view, 4> states{"active", "locked", "suspended", "deleted"};

std::string page_link(const Visit& visit, const std::optional<base::Id>& after) {
  std::string link = "/admin/accounts?";
  for (const std::string_view name : {"text", "state"}) {
    const std::string value = visit.query.get(name);
    if (!value.empty()) link += std::string(name) + "=" + base::percent_encode(value) + "&";
  }
  return after ? link + "after=" + after->to_string() : link.substr(0, link.size() - 1);
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
  flow::AccountQuery query;
  query.text = visit.query.get("text");
  query.state = visit.query.get("state");
  const std::string after = visit.query.get("after");
  const auto after_id = base::Id::parse(after);
  if (after_id) query.after = *after_id;
  View view;
  view.text("text", query.text);
  for (const std::string_view state : states) {
    View& item = view.add("states");
    item.text("value", std::string(state)).text("label", visit.say("accounts.state." + std::string(state)));
    item.flag("chosen", query.state == state);
  }
  const auto refuse = [&] {
    view.flag("bad_filter");
    return show_inside(visit, "admin_accounts", "accounts.title", "/admin/accounts", std::move(view), 400);
  };
  if (!after.empty() && !after_id) return refuse();
  const auto page = flow::search_accounts(visit.house, *visit.visitor.actor, query, visit.facts.now);
  if (!page) return page.error().code == base::Code::invalid_input ? refuse() : show_error(visit, page.error());
  for (const flow::AccountRow& row : page->rows) add_row(view, visit, row);
  view.flag("any", !page->rows.empty()).flag("empty", page->rows.empty());
  view.flag("paged", after_id.has_value() || page->next_after.has_value());
  if (after_id) view.text("first", page_link(visit, std::nullopt));
  if (page->next_after) view.text("further", page_link(visit, page->next_after));
  return show_inside(visit, "admin_accounts", "accounts.title", "/admin/accounts", std::move(view));
}

}  // namespace web
