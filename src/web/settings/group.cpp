// One group: its members, its name, the policies that are bound to it, and its end.
#include <algorithm>

#include "flow/account/change_groups.hpp"
#include "flow/group/administer_groups.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/pager.hpp"
#include "web/page/proof.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/groups";
constexpr auto needed = rights::Permission::manage_groups;
constexpr auto needed_for_members = rights::Permission::manage_accounts;
constexpr rights::Permissions may_see{rights::Permission::manage_groups, rights::Permission::manage_accounts,
                                      rights::Permission::read_accounts, rights::Permission::manage_policies,
                                      rights::Permission::read_settings};

std::string group_path(const Visit& visit) {
  return std::string(here) + "/" + visit.request.path_parameters.at(0);
}
std::string form_path(const Visit& visit, std::string_view action) {
  return group_path(visit) + "/" + std::string(action);
}
const std::string& id_of(const Visit& visit) {
  return visit.request.path_parameters.at(0);
}

std::string say_done(const Visit& visit, std::string_view what) {
  return group_path(visit) + "?done=" + std::string(what);
}

/// What the page says besides the state of the group.
struct Said {
  std::string problem{};
  std::string proof_flaw{};
  std::string_view flawed_form{};  // "rename" or "add", which shows what was typed
  int status = 200;
};

std::string done_text(const Visit& visit, const flow::GroupDetails& details) {
  const std::string key = "group.done." + visit.query.get("done");
  return text::has(key) ? visit.say(key, {{"name", details.row.name}}) : std::string();
}

void add_question_of_delete(View& view, const Visit& visit, const flow::GroupDetails& details) {
  if (!details.row.policies.empty()) return;
  Question question{visit.say("group.delete.ask", {{"name", details.row.name}}),
                    visit.say("group.delete"),
                    form_path(visit, "delete"),
                    group_path(visit),
                    {},
                    visit.say("group.delete.affects", {{"n", details.row.members}})};
  question.is_dangerous = true;
  ask_reason(question, visit);
  add_question(view, visit, std::move(question));
}

void add_question_of_remove(View& view, const Visit& visit, const flow::GroupDetails& details,
                            const std::vector<flow::MemberRow>& members) {
  const std::string account = visit.query.get("account");
  const auto found =
      std::find_if(members.begin(), members.end(), [&](const auto& one) { return one.id.to_string() == account; });
  if (found == members.end()) return;
  Question question{visit.say("group.remove.ask", {{"login", found->login}, {"group", details.row.name}}),
                    visit.say("group.remove"),
                    form_path(visit, "remove"),
                    group_path(visit),
                    {{"account", account}, {"confirmed", "yes"}},
                    details.row.policies.empty()
                        ? visit.say("group.remove.text")
                        : visit.say("group.remove.policies", {{"policies", base::join(details.row.policies, ", ")}})};
  question.is_dangerous = true;
  add_question(view, visit, std::move(question));
}

void add_members(View& view, const Visit& visit, const flow::PageOfRows<flow::MemberRow>& members) {
  const rights::Actor& actor = *visit.visitor.actor;
  const bool may_read = actor.may(rights::Permission::read_accounts);
  for (const flow::MemberRow& one : members.rows) {
    View& item = view.add("members");
    item.text("account", one.id.to_string()).text("login", one.login).text("member_name", one.name);
    item.flag("may_read", may_read);
  }
  view.flag("any", !members.rows.empty()).flag("empty", members.rows.empty());
  add_pages(view, visit, {group_path(visit), {}}, members.ends);
}

http::Response show_page(Visit& visit, const Said& said) {
  const rights::Actor& actor = *visit.visitor.actor;
  const auto details = flow::find_group_details(visit.house, actor, {"", id_of(visit)});
  if (!details) return show_error(visit, details.error());
  const auto wish = read_page_wish(visit.query);
  if (!wish) return show_error(visit, wish.error());
  const auto members = flow::list_group_members(visit.house, actor, {"", id_of(visit)}, *wish);
  if (!members) return show_error(visit, members.error());
  View view;
  view.text("id", id_of(visit)).text("name", details->row.name).text("done", done_text(visit, *details));
  view.text("problem", said.problem).text("proof_flaw", said.proof_flaw);
  if (reaches_several(visit)) view.text("tenant", details->tenant.name);
  view.text("back", list_of_tenant(visit, here, details->tenant.key));
  view.text("policies", base::join(details->row.policies, ", "));
  add_members(view, visit, *members);
  view.flag("may_change", actor.may(needed)).flag("may_change_members", actor.may(needed_for_members));
  view.text("typed_name", said.flawed_form == "rename" ? visit.form.get("name") : details->row.name);
  view.text("typed_login", said.flawed_form == "add" ? visit.form.get("login") : std::string());
  view.text("csrf_rename", make_session_csrf(visit, form_path(visit, "rename")));
  view.text("csrf_delete", make_session_csrf(visit, form_path(visit, "delete")));
  view.text("csrf_add", make_session_csrf(visit, form_path(visit, "add")));
  view.text("csrf_remove", make_session_csrf(visit, form_path(visit, "remove")));
  const std::string asked = visit.query.get("confirm");
  if (asked == "delete" && actor.may(needed)) add_question_of_delete(view, visit, *details);
  if (asked == "remove" && actor.may(needed_for_members)) add_question_of_remove(view, visit, *details, members->rows);
  add_proof(view, visit);
  return show_inside(visit, "group", "group.one", here, std::move(view), said.status);
}

http::Response refuse(Visit& visit, std::string_view key, std::string_view form, int status = status_of_flaw) {
  return show_page(visit, {visit.say(key), {}, form, status});
}

}  // namespace

http::Response show_group(Visit& visit) {
  if (!visit.visitor.actor->may_one_of(may_see)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_group_rename(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return refuse(visit, flaw, "rename");
  const std::string was = visit.form.get("was");
  const std::string name = visit.form.get("name");
  const auto renamed =
      flow::rename_group(visit.house, *visit.visitor.actor, {"", id_of(visit)}, {was, name}, visit.facts);
  if (renamed) return redirect(visit, say_done(visit, *renamed ? "rename" : "nothing"));
  switch (renamed.error().code) {
    case base::Code::invalid_input: return refuse(visit, "group.flaw.name", "rename");
    case base::Code::already_exists: return refuse(visit, "group.flaw.taken", "rename");
    case base::Code::conflict: return refuse(visit, "group.conflict", "rename", status_of_conflict);
    default: return show_error(visit, renamed.error());
  }
}

http::Response submit_group_delete(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (auto question = ask_first(visit, group_path(visit), {"delete"})) return std::move(*question);
  const auto gone = flow::delete_group(visit.house, *visit.visitor.actor, {"", id_of(visit)}, visit.facts);
  if (gone) return redirect(visit, std::string(here) + "?done=delete");
  if (gone.error().code == base::Code::conflict) return refuse(visit, "group.delete.bound", "", status_of_conflict);
  return show_error(visit, gone.error());
}

http::Response submit_group_add(Visit& visit) {
  if (!visit.visitor.actor->may(needed_for_members)) return show_forbidden(visit, needed_for_members);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return refuse(visit, flaw, "add");
  const std::string login = visit.form.get("login");
  const auto added = flow::add_member(visit.house, *visit.visitor.actor, {id_of(visit), login}, visit.facts);
  if (added) return redirect(visit, say_done(visit, *added ? "add" : "already"));
  switch (added.error().code) {
    case base::Code::not_found:
    case base::Code::invalid_input: return refuse(visit, "group.flaw.login", "add");
    case base::Code::conflict: return refuse(visit, "group.flaw.deleted", "add");
    case base::Code::denied: return refuse(visit, "group.flaw.above", "add", 403);
    default: return show_error(visit, added.error());
  }
}

http::Response submit_group_remove(Visit& visit) {
  if (!visit.visitor.actor->may(needed_for_members)) return show_forbidden(visit, needed_for_members);
  const std::string account = visit.form.get("account");
  if (auto question = ask_first(visit, group_path(visit), {"remove", false, "&account=" + account})) {
    return std::move(*question);
  }
  if (!base::Id::parse(account)) return show_error(visit, 400, "the form names no account");
  const auto removed = flow::remove_member(visit.house, *visit.visitor.actor, {id_of(visit), account}, visit.facts);
  if (removed) return redirect(visit, say_done(visit, *removed ? "remove" : "nothing"));
  if (removed.error().code == base::Code::denied) return refuse(visit, "group.flaw.above", "", 403);
  return show_error(visit, removed.error());
}

}  // namespace web
