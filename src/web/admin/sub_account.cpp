// The holder of a main account changes one of its sub accounts, gives it rights, resets, suspends, restores and deletes
// it (S2.4). An address that names another account looks like one that names none.
#include <algorithm>
#include <array>
#include <charconv>

#include "flow/account/change_contexts.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/sub_accounts.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/admin/own_sub_account.hpp"
#include "flow/proof/prove_again.hpp"
#include "text/text.hpp"
#include "web/admin/account_fields.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr int status_of_refusal = 422;
constexpr int status_of_conflict = 409;
constexpr std::string_view list_path = "/account/sub-accounts";
constexpr std::array<std::string_view, 7> fields{"given_name", "family_name", "locale",           "login",
                                                 "email",      "phone",       "preferred_channel"};

const std::string& id_of(const Visit& visit) {
  return visit.request.path_parameters.at(0);
}
std::string page_path(const Visit& visit) {
  return std::string(list_path) + "/" + id_of(visit);
}
std::string form_path(const Visit& visit, std::string_view action) {
  return page_path(visit) + "/" + std::string(action);
}

/// What is done by one button, after a question.
struct Action {
  std::string_view name;  // the last part of its path
  base::Result<void> (*run)(const flow::House&, const rights::Actor&, std::string_view, const flow::RequestFacts&);
  bool is_dangerous = false;
};
constexpr std::array<Action, 4> actions{{{"reset", flow::start_reset_for},
                                         {"restore", flow::restore_account},
                                         {"suspend", flow::suspend_account, true},
                                         {"delete", flow::delete_account, true}}};

bool is_possible(const Action& action, const identity::Account& account) {
  using identity::AccountStatus;
  const bool is_suspended =
      account.status == AccountStatus::suspended_self || account.status == AccountStatus::suspended_admin;
  if (action.name == "restore") return is_suspended;
  if (action.name == "suspend") return account.status != AccountStatus::suspended_admin;
  return action.name == "delete" || account.status == AccountStatus::active;
}

struct Shown {
  std::vector<FieldSentence> flaws{};
  bool was_sent = false;
  std::string problem{};
  int status = 200;
};

std::string old_value(const Visit& visit, std::string_view field) {
  return visit.form.get("old." + std::string(field));
}
bool was_typed(const Visit& visit, std::string_view field) {
  return visit.form.get(field) != old_value(visit, field);
}

void add_form(View& view, const Visit& visit, const flow::OwnSubAccount& sub, const Shown& shown) {
  const auto value = [&](std::string_view field) {
    return shown.was_sent && was_typed(visit, field) ? visit.form.get(field) : sub.data.fields.get(field);
  };
  const AccountForm form{visit, sub.data.account.kind, value, shown.flaws};
  add_account_fields(view, "fields", form, {fields.begin(), fields.end()});
  for (const std::string_view field : fields) {
    view.add("olds").text("old_name", "old." + std::string(field)).text("old_value", sub.data.fields.get(field));
  }
  view.text("version", std::to_string(sub.data.account.version));
  view.text("csrf_edit", make_session_csrf(visit, form_path(visit, "edit")));
  view.flag("redirected", sub.data.account.redirects_to_main);
  view.flag("email_waits", !sub.data.account.email.empty() && !sub.data.account.has_email_in_force());
  add_proof(view, visit);
}

void add_contexts(View& view, const Visit& visit, const flow::OwnSubAccount& sub) {
  const std::string csrf = make_session_csrf(visit, form_path(visit, "context"));
  view.text("csrf_context", csrf);
  for (const rights::ActingContext& one : sub.contexts) {
    view.add("contexts").text("key", one.key).text("label", context_name(visit, one));
  }
  for (const rights::ActingContext& one : sub.offered) {
    view.add("offered").text("key", one.key).text("label", context_name(visit, one));
  }
  view.flag("any_offered", !sub.offered.empty());
}

void add_asked(View& view, const Visit& visit, const flow::OwnSubAccount& sub) {
  const std::string asked = visit.query.get("confirm");
  const auto* const found =
      std::find_if(actions.begin(), actions.end(), [&](const Action& one) { return one.name == asked; });
  if (found == actions.end() || !is_possible(*found, sub.data.account)) return;
  const std::string key = "sub_account." + asked;
  Question question{visit.say(key + ".ask", {{"name", sub.data.account.display_name()}}),
                    visit.say(key),
                    form_path(visit, asked),
                    page_path(visit),
                    {{"sure", "yes"}},
                    visit.say(key + ".text")};
  question.is_dangerous = found->is_dangerous;
  add_question(view, visit, std::move(question));
}

http::Response show_page(Visit& visit, const Shown& shown) {
  const auto sub = flow::find_own_sub_account(visit.house, *visit.visitor.actor, id_of(visit), visit.facts.now);
  if (!sub) return show_error(visit, sub.error());
  const identity::Account& account = sub->data.account;
  View view;
  view.text("id", account.id.to_string()).text("name", account.display_name()).text("problem", shown.problem);
  const std::string done = "sub_account.done." + visit.query.get("done");
  if (text::has(done)) view.text("done", visit.say(done, {{"name", account.display_name()}}));
  view.text("state", visit.say("accounts.state." + std::string(identity::name_of(account.status))));
  view.flag("resting", account.status != identity::AccountStatus::active).flag("above", sub->is_above);
  view.flag("has_password", sub->has_password);
  add_flaw_list(view, shown.flaws);
  add_contexts(view, visit, *sub);
  if (!sub->is_above) {
    add_asked(view, visit, *sub);
    view.flag("changeable", view.find("question") == nullptr);
    add_form(view, visit, *sub, shown);
    for (const Action& one : actions) {
      if (!is_possible(one, account)) continue;
      const std::string key = "sub_account." + std::string(one.name);
      View& item = view.add("actions");
      item.text("action", std::string(one.name)).text("label", visit.say(key)).text("text", visit.say(key + ".text"));
      item.flag("dangerous", one.is_dangerous).text("csrf", make_session_csrf(visit, form_path(visit, one.name)));
    }
  }
  return show_inside(visit, "sub_account", "sub_account.title", list_path, std::move(view), shown.status);
}

/// The checks of all forms: the mark of the main account, and an id.
std::optional<http::Response> refuse(Visit& visit) {
  if (!flow::may_have_sub_accounts(visit.visitor.actor->account())) {
    return show_error(visit, 403, "the account is not the main account of an employee");
  }
  if (!base::Id::parse(id_of(visit))) return show_error(visit, 404, "the path has no id of an account");
  // Whose it is, is judged before anything is asked, so that no answer tells which ids exist.
  const auto sub = flow::find_own_sub_account(visit.house, *visit.visitor.actor, id_of(visit), visit.facts.now);
  if (!sub) return show_error(visit, sub.error());
  return std::nullopt;
}

http::Response finish(Visit& visit, const base::Result<void>& result, std::string_view done) {
  if (result) {
    const bool is_gone = done == "deleted";
    return redirect(visit, (is_gone ? std::string(list_path) : page_path(visit)) + "?done=" + std::string(done));
  }
  if (result.error().code != base::Code::conflict) return show_error(visit, result.error());
  return show_page(visit, {{}, false, visit.say("sub_account.conflict"), status_of_conflict});
}

http::Response submit(Visit& visit, std::string_view name, std::string_view done) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  const std::string question = page_path(visit) + "?confirm=" + std::string(name);
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return prove_first(visit, question);
  if (!visit.form.has("sure")) return redirect(visit, question);
  const auto* const action =
      std::find_if(actions.begin(), actions.end(), [&](const Action& one) { return one.name == name; });
  return finish(visit, action->run(visit.house, *visit.visitor.actor, id_of(visit), visit.facts), done);
}

}  // namespace

http::Response show_sub_account(Visit& visit) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  return show_page(visit, {});
}

http::Response submit_sub_account_edit(Visit& visit) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  const auto with = [&](std::string_view key) {
    return show_page(visit, {{{"password", visit.say(key)}}, true, {}, status_of_refusal});
  };
  switch (settle_proof(visit)) {
    case Proof::fresh: break;
    case Proof::missing: return with("own.flaw.proof_missing");
    case Proof::wrong: return with("own.flaw.proof_wrong");
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: return show_error(visit, 503, "the proof could not be judged");
  }
  flow::AccountWish wish;
  for (const std::string_view field : fields) {
    if (was_typed(visit, field)) wish.fields.emplace_back(field, visit.form.get(field));
  }
  const std::string version = visit.form.get("version");
  wish.version = -1;
  (void)std::from_chars(version.data(), version.data() + version.size(), wish.version);
  const auto done = flow::change_account(visit.house, *visit.visitor.actor, id_of(visit), wish, visit.facts);
  if (!done && done.error().code == base::Code::conflict) {
    return show_page(visit, {{}, true, visit.say("sub_account.outdated"), status_of_conflict});
  }
  if (!done) return show_error(visit, done.error());
  if (!done->flaws.empty()) return show_page(visit, {say_flaws(visit, done->flaws), true, {}, status_of_refusal});
  return redirect(visit, page_path(visit) + "?done=" + (done->changed ? "changed" : "unchanged"));
}

http::Response submit_sub_account_context(Visit& visit) {
  if (auto refusal = refuse(visit)) return std::move(*refusal);
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) {
    return prove_first(visit, page_path(visit));
  }
  const bool gives = visit.form.has("give");
  const std::string key = visit.form.get(gives ? "give" : "take");
  const auto change = gives ? flow::add_context : flow::remove_context;
  const auto done = change(visit.house, *visit.visitor.actor, {id_of(visit), key}, visit.facts);
  if (!done) return finish(visit, base::fail(done.error().code, done.error().reason), {});
  return finish(visit, {}, gives ? "given" : "taken");
}

http::Response submit_sub_account_reset(Visit& visit) {
  return submit(visit, "reset", "reset");
}
http::Response submit_sub_account_suspend(Visit& visit) {
  return submit(visit, "suspend", "suspended");
}
http::Response submit_sub_account_restore(Visit& visit) {
  return submit(visit, "restore", "restored");
}
http::Response submit_sub_account_delete(Visit& visit) {
  return submit(visit, "delete", "deleted");
}

}  // namespace web
