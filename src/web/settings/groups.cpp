// The groups of one organisation: a list with search, and the form for a new one.
#include "flow/group/administer_groups.hpp"
#include "web/page/layout.hpp"
#include "web/page/pager.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/groups";
constexpr std::string_view new_path = "/admin/groups/new";
constexpr auto needed = rights::Permission::manage_groups;
constexpr rights::Permissions may_see{rights::Permission::manage_groups, rights::Permission::manage_accounts,
                                      rights::Permission::read_accounts, rights::Permission::manage_policies,
                                      rights::Permission::read_settings};

struct Said {
  std::string problem{};
  std::string proof_flaw{};
  int status = 200;
};

http::Response show_list(Visit& visit, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  const bool is_refused = visit.request.method == http::Method::post;
  View view;
  flow::GroupQuery query{(is_refused ? visit.form : visit.query).get("tenant"), visit.query.get("text")};
  const auto wish = read_page_wish(visit.query);
  if (wish) query.page = *wish;
  const auto page = flow::search_groups(visit.house, actor, query);
  if (!page) return show_error(visit, page.error());
  if (const auto added = add_tenant_choice(view, visit, query.tenant); !added) return show_error(visit, added.error());
  view.text("tenant_shown", query.tenant);
  for (const flow::GroupRow& row : page->rows) {
    View& item = view.add("groups");
    item.text("id", row.id.to_string()).text("name", row.name).text("policies", base::join(row.policies, ", "));
    item.text("members", say_count(visit, row.members));
  }
  view.text("text", query.text).flag("bad_filter", !wish).flag("deleted", visit.query.get("done") == "delete");
  view.flag("any", !page->rows.empty()).flag("empty", page->rows.empty());
  view.text("problem", said.problem).text("typed", visit.form.get("name")).text("proof_flaw", said.proof_flaw);
  view.flag("may_change", actor.may(needed)).text("csrf_new", make_session_csrf(visit, new_path));
  add_proof(view, visit);
  add_pages(view, visit, {std::string(here), {{"tenant", visit.query.get("tenant")}, {"text", query.text}}},
            page->ends);
  const int status = wish ? said.status : 400;
  return show_inside(visit, "groups", "group.title", here, std::move(view), status);
}

}  // namespace

http::Response show_groups(Visit& visit) {
  if (!visit.visitor.actor->may_one_of(may_see)) return show_forbidden(visit, needed);
  return show_list(visit, {});
}

http::Response submit_new_group(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) {
    return show_list(visit, {{}, visit.say(flaw), status_of_flaw});
  }
  const rights::Actor& actor = *visit.visitor.actor;
  const std::string tenant = visit.form.get("tenant");
  const std::string name = visit.form.get("name");
  const auto made = flow::create_group(visit.house, actor, {tenant, name}, visit.facts);
  if (!made && made.error().code == base::Code::invalid_input)
    return show_list(visit, {visit.say("group.flaw.name"), {}, status_of_flaw});
  if (!made && made.error().code == base::Code::already_exists)
    return show_list(visit, {visit.say("group.flaw.taken"), {}, status_of_flaw});
  if (!made) return show_error(visit, made.error());
  return redirect(visit, std::string(here) + "/" + made->to_string() + "?done=create");
}

}  // namespace web
