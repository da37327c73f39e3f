// One act on many accounts (S4.25): chosen in the list, or all that it finds; what to do; a preview that says for each
// account whether it will be done or why not; then the run begins (admin_bulk_run.cpp). Everything works without
// scripts, and the chosen accounts are in the forms. The preview reads every chosen account, on the lane of reports;
// what begins the run may compute a hash, so it reads none of them, also when it asks again for the reason or the
// proof.
#include <algorithm>

#include "audit/event.hpp"
#include "base/bytes.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/admin/bulk_act.hpp"
#include "text/text.hpp"
#include "web/admin/bulk_words.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/accounts/bulk";
constexpr std::string_view begin_path = "/admin/accounts/bulk/begin";
constexpr std::string_view list = "/admin/accounts";
constexpr int status_of_refusal = 422;

/// The ids in a field, separated by blanks; what is none is left out.
std::vector<base::Id> read_ids(std::string_view words) {
  std::vector<base::Id> ids;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    if (const auto id = base::Id::parse(words.substr(0, end))) ids.push_back(*id);
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return ids;
}

std::string print_ids(const std::vector<base::Id>& ids) {
  std::vector<std::string> words;
  for (const base::Id& id : ids) words.push_back(id.to_string());
  return base::join(words, " ");
}

/// The accounts that were ticked in the list.
std::vector<base::Id> read_ticked(const http::Form& form) {
  constexpr std::string_view prefix = "account.";
  std::vector<base::Id> ids;
  for (const auto& [name, value] : form.fields()) {
    if (!name.starts_with(prefix)) continue;
    if (const auto id = base::Id::parse(std::string_view(name).substr(prefix.size()))) ids.push_back(*id);
  }
  return ids;
}

/// "add_group:nurses": one choice of the page is an act with its target.
flow::BulkWish read_wish(const Visit& visit) {
  const std::string chosen = visit.form.get("act");
  const std::size_t colon = std::min(chosen.find(':'), chosen.size());
  flow::BulkWish wish;
  wish.act = chosen.substr(0, colon);
  wish.target = chosen.substr(std::min(colon + 1, chosen.size()));
  wish.accounts = read_ids(visit.form.get("accounts"));
  return wish;
}

void add_act(View& view, const Visit& visit, const std::string& act, const std::string& target = {},
             const std::string& shown = {}) {
  const std::string value = target.empty() ? act : act + ":" + target;
  View& item = view.add("acts");
  item.text("act_value", value).flag("chosen", value == visit.form.get("act"));
  item.text("act_label", visit.say("bulk.act." + act, {{"target", shown}}));
}

/// Whoever may only support accounts may only start resets.
base::Result<void> add_acts(View& view, const Visit& visit, const std::vector<base::Id>& ids) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (actor.may(rights::Permission::manage_accounts)) {
    ASSIGN_OR_RETURN(const flow::AccountChoices choices, flow::find_bulk_choices(visit.house, actor, ids));
    for (const std::string act : {"add_group", "remove_group"}) {
      for (const std::string& group : choices.groups) add_act(view, visit, act, group, group);
    }
    for (const std::string act : {"give_context", "take_context"}) {
      for (const auto& context : choices.contexts) {
        add_act(view, visit, act, context.key, context_name(visit, context));
      }
    }
    for (const std::string act : {"suspend", "restore", "sessions"}) add_act(view, visit, act);
  }
  if (actor.may(rights::Permission::support_accounts)) add_act(view, visit, "reset");
  return {};
}

http::Response show_choice(Visit& visit, const std::vector<base::Id>& ids, std::string problem) {
  View view;
  const int status = problem.empty() ? 200 : status_of_refusal;
  if (!problem.empty()) view.text("problem", std::move(problem));
  view.text("count", visit.say("bulk.count", {{"n", static_cast<std::int64_t>(ids.size())}}));
  view.flag("choosing").flag("any", !ids.empty()).text("accounts", print_ids(ids));
  view.text("csrf_bulk", make_session_csrf(visit, here));
  if (const auto added = add_acts(view, visit, ids); !added) return show_error(visit, added.error());
  return show_inside(visit, "admin_bulk", "bulk.title", list, std::move(view), status);
}

/// The form that begins the run, with what the page says before it.
void add_begin_form(View& view, const Visit& visit, const flow::BulkWish& wish, bool lacks_reason) {
  view.flag("previewing").flag("may_begin");
  view.text("act_said", say_bulk(visit, wish.act, wish.target)).text("act", visit.form.get("act"));
  view.text("accounts", print_ids(wish.accounts)).text("csrf_begin", make_session_csrf(visit, begin_path));
  add_reasons(view, visit, "bulk-reason", lacks_reason);
  add_proof(view, visit);
}

http::Response show_preview(Visit& visit, const std::vector<flow::BulkRow>& rows, const flow::BulkWish& wish) {
  View view;
  std::int64_t affected = 0;
  for (const flow::BulkRow& row : rows) {
    affected += row.outcome.empty() ? 1 : 0;
    add_bulk_row(view.add(row.outcome.empty() ? "affected" : "spared"), visit, row);
  }
  const std::int64_t spared = static_cast<std::int64_t>(rows.size()) - affected;
  view.flag("any_affected", affected > 0).flag("any_spared", spared > 0);
  view.text("affected_count", visit.say("bulk.affected", {{"n", affected}}));
  view.text("spared_count", visit.say("bulk.spared", {{"n", spared}}));
  add_begin_form(view, visit, wish, false);
  view.flag("may_begin", affected > 0);
  return show_inside(visit, "admin_bulk", "bulk.title", list, std::move(view));
}

http::Response preview(Visit& visit) {
  const flow::BulkWish wish = read_wish(visit);
  const auto rows = flow::preview_bulk(visit.house, *visit.visitor.actor, wish, visit.facts.now);
  if (rows) return show_preview(visit, *rows, wish);
  if (rows.error().code != base::Code::invalid_input) return show_error(visit, rows.error());
  return show_choice(visit, wish.accounts, visit.say("bulk.flaw.act"));
}

/// The form once more, without the accounts that the preview before it has shown.
http::Response ask_again(Visit& visit, const flow::BulkWish& wish, std::string_view problem) {
  View view;
  view.text("problem", visit.say(problem));
  view.text("count", visit.say("bulk.count", {{"n", static_cast<std::int64_t>(wish.accounts.size())}}));
  add_begin_form(view, visit, wish, problem == "reason.missing");
  return show_inside(visit, "admin_bulk", "bulk.title", list, std::move(view), status_of_refusal);
}

/// All accounts that the list finds with the filters of its form.
http::Response choose_found(Visit& visit) {
  flow::AccountQuery query;
  query.text = visit.form.get("text");
  query.state = visit.form.get("state");
  query.kind = visit.form.get("kind");
  const auto ids =
      flow::list_found_accounts(visit.house, *visit.visitor.actor, query, flow::most_in_bulk + 1, visit.facts);
  if (!ids) return show_error(visit, ids.error());
  if (ids->size() > flow::most_in_bulk) return show_choice(visit, {}, visit.say("bulk.flaw.many"));
  return show_choice(visit, *ids, "");
}

}  // namespace

http::Response submit_bulk(Visit& visit) {
  if (auto refusal = refuse_bulk(visit)) return std::move(*refusal);
  const std::string step = visit.form.get("step");
  if (step == "preview") return preview(visit);
  if (step == "found") return choose_found(visit);
  return show_choice(visit, read_ticked(visit.form), "");
}

http::Response submit_bulk_begin(Visit& visit) {
  if (auto refusal = refuse_bulk(visit)) return std::move(*refusal);
  const flow::BulkWish wish = read_wish(visit);
  if (const auto right = flow::check_bulk(wish); !right) return show_error(visit, right.error());
  visit.facts.motive = audit::motive::find(visit.form.get("reason"));
  if (visit.facts.motive.empty()) return ask_again(visit, wish, "reason.missing");
  switch (settle_proof(visit)) {
    case Proof::fresh: break;
    case Proof::missing: return ask_again(visit, wish, "own.flaw.proof_missing");
    case Proof::wrong: return ask_again(visit, wish, "own.flaw.proof_wrong");
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: return show_error(visit, 503, "the proof could not be judged");
  }
  const auto begun = flow::begin_bulk(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (begun) return redirect(visit, std::string(here) + "/" + begun->to_string());
  if (begun.error().code == base::Code::already_exists) return ask_again(visit, wish, "bulk.flaw.running");
  return show_error(visit, begun.error());
}

}  // namespace web
