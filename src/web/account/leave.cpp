// A person suspends or deletes the own account (S4.16, S4.17). One page warns, names the person and asks; its form has
// a field for the password if the last proof is not fresh. A page without menu then says what was done. The last super
// administrator names another one on this page first.
#include <array>

#include "flow/account/change_contexts.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/account/suspend_self.hpp"
#include "flow/proof/prove_again.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr int status_of_refusal = 409;
constexpr int status_of_missing_proof = 422;

using Leave = base::Result<void> (*)(const flow::House&, const rights::Actor&, const flow::RequestFacts&);

struct Way {
  std::string_view path;
  std::string_view title;
  std::string_view lead;
  std::string_view lead_last;
  std::array<std::string_view, 4> effects;
  std::string_view really;
  std::string_view submit;
  std::string_view done_title;
  std::string_view done_text;
  Leave leave;
};

constexpr Way suspending{
    "/account/suspend",
    "suspend.title",
    "suspend.lead",
    "suspend.lead_last",
    {"suspend.effect.logout", "suspend.effect.login", "suspend.effect.lift", "suspend.effect.notice"},
    "suspend.really",
    "suspend.submit",
    "suspend.done.title",
    "suspend.done.text",
    flow::suspend_self};
constexpr Way deleting{
    "/account/delete",
    "delete.title",
    "delete.lead",
    "delete.lead_last",
    {"delete.effect.logout", "delete.effect.data", "delete.effect.applications", "delete.effect.notice"},
    "delete.really",
    "delete.submit",
    "delete.done.title",
    "delete.done.text",
    flow::delete_own_account};

/// "Anna Kowalska (anna.kowalska)": a question names the person, because somebody may act for another one's sake.
std::string name_of(const identity::Account& account) {
  const std::string name = account.display_name();
  return name == account.login ? name : name + " (" + account.login + ")";
}

/// What a deletion takes away besides the access: the data, which can be downloaded before, and the main account of
/// others.
void add_end_of_data(View& view, const Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  view.flag("may_download", actor.may(rights::Permission::own_data));
  if (!flow::may_have_sub_accounts(actor.account())) return;
  const auto below = flow::list_own_sub_accounts(visit.house, actor);
  if (!below || below->empty()) return;
  const auto number = static_cast<std::int64_t>(below->size());
  view.add("effects").text("effect", visit.say("delete.effect.sub_accounts", {{"n", number}}));
}

/// `proof_flaw`: the sentence about the password that confirms; "" = none was sent yet.
http::Response show_question(Visit& visit, const Way& way, std::string_view proof_flaw = {}) {
  View view;
  view.text("heading", visit.say(way.title)).text("lead", visit.say(way.lead));
  for (const std::string_view effect : way.effects) view.add("effects").text("effect", visit.say(effect));
  if (way.leave == deleting.leave) add_end_of_data(view, visit);
  view.text("really", visit.say(way.really, {{"person", name_of(*visit.visitor.account())}}))
      .text("submit", visit.say(way.submit));
  view.text("path", std::string(way.path)).text("csrf", make_session_csrf(visit, way.path));
  view.text("named", visit.query.get("done") == "named" ? visit.say("leave.named") : std::string());
  add_proof(view, visit);
  if (!proof_flaw.empty()) view.text("proof_flaw", visit.say(proof_flaw)).flag("proof_focus");
  return show_inside(visit, "leave", way.title, way.path, std::move(view),
                     proof_flaw.empty() ? 200 : status_of_missing_proof);
}

std::string successor_path(const Way& way) {
  return std::string(way.path) + "/successor";
}

/// The last super administrator must stay, and names another one here. `flaw`: the key of what is wrong with the form.
http::Response show_refusal(Visit& visit, const Way& way, std::string_view flaw = {}) {
  View view;
  view.text("heading", visit.say(way.title)).text("lead", visit.say(way.lead_last)).flag("last");
  view.flag("may_name", visit.visitor.actor->may(rights::Permission::administer_all));
  view.text("login", visit.form.get("login")).text("flaw", flaw.empty() ? std::string() : visit.say(flaw));
  view.text("path", successor_path(way)).text("csrf", make_session_csrf(visit, successor_path(way)));
  add_proof(view, visit);
  return show_inside(visit, "leave", way.title, way.path, std::move(view), status_of_refusal);
}

http::Response show(Visit& visit, const Way& way) {
  const auto may = flow::may_leave(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!may) return show_error(visit, may.error());
  return *may ? show_question(visit, way) : show_refusal(visit, way);
}

http::Response submit(Visit& visit, const Way& way) {
  switch (settle_proof(visit)) {
    case Proof::fresh: break;
    case Proof::missing: return show_question(visit, way, "own.flaw.proof_missing");
    case Proof::wrong: return show_question(visit, way, "own.flaw.proof_wrong");
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: return show_error(visit, 503, "the proof could not be judged");
  }
  const auto left = way.leave(visit.house, *visit.visitor.actor, visit.facts);
  if (!left) {
    if (left.error().code == base::Code::conflict) return show_refusal(visit, way);
    return show_error(visit, left.error());
  }
  visit.cookies.remove_session();
  View view;
  view.text("what", visit.say(way.done_text));
  return show_entry(visit, "left", way.done_title, std::move(view));
}

/// Gives the own context, which is that of the super administrators, to the account that the form names.
http::Response name_successor(Visit& visit, const Way& way) {
  switch (settle_proof(visit)) {
    case Proof::fresh: break;
    case Proof::missing: return show_refusal(visit, way, "own.flaw.proof_missing");
    case Proof::wrong: return show_refusal(visit, way, "own.flaw.proof_wrong");
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: return show_error(visit, 503, "the proof could not be judged");
  }
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(rights::Permission::administer_all)) {
    return show_forbidden(visit, rights::Permission::administer_all);
  }
  const std::string login = visit.form.get("login");
  const auto given = flow::add_context(visit.house, actor, {login, actor.context().key}, visit.facts);
  if (given) return redirect(visit, std::string(way.path) + "?done=named");
  switch (given.error().code) {
    case base::Code::denied: return show_refusal(visit, way, "leave.successor.self");
    case base::Code::not_found:
    case base::Code::invalid_input:
    case base::Code::conflict: return show_refusal(visit, way, "leave.successor.unknown");
    default: return show_error(visit, given.error());
  }
}

}  // namespace

http::Response show_suspend(Visit& visit) {
  return show(visit, suspending);
}
http::Response submit_suspend(Visit& visit) {
  return submit(visit, suspending);
}
http::Response submit_suspend_successor(Visit& visit) {
  return name_successor(visit, suspending);
}
http::Response show_delete(Visit& visit) {
  return show(visit, deleting);
}
http::Response submit_delete(Visit& visit) {
  return submit(visit, deleting);
}
http::Response submit_delete_successor(Visit& visit) {
  return name_successor(visit, deleting);
}

}  // namespace web
