// The page of one account for its administrator: facts and actions (S0.2, S4.7, S4.16).
#include <algorithm>

#include "audit/event.hpp"
#include "flow/account/change_contexts.hpp"
#include "flow/account/change_groups.hpp"
#include "flow/account/create_account.hpp"
#include "flow/account/delete_account.hpp"
#include "flow/account/end_sessions_for.hpp"
#include "flow/account/main_account.hpp"
#include "flow/account/search_accounts.hpp"
#include "flow/account/set_password.hpp"
#include "flow/account/start_reset_for.hpp"
#include "flow/account/suspend_account.hpp"
#include "flow/account/unlock_account.hpp"
#include "flow/admin/act_for_account.hpp"
#include "flow/admin/look_at_account.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/outbox/message_item.hpp"
#include "flow/proof/prove_again.hpp"
#include "identity/identifier/phone_number.hpp"
#include "text/text.hpp"
#include "web/admin/account_fields.hpp"
#include "web/admin/account_rights.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/pager.hpp"
#include "web/page/password_words.hpp"
#include "web/page/proof.hpp"
#include "web/page/session_rows.hpp"

namespace web {
namespace {

constexpr int status_of_refusal = 422;

std::string account_path(const Visit& visit) {
  return "/admin/accounts/" + visit.request.path_parameters.at(0);
}

std::string form_path(const std::string& id, std::string_view action) {
  return "/admin/accounts/" + id + "/" + std::string(action);
}

std::string format(const Visit& visit, const std::optional<base::Time>& time) {
  return time ? text::format_time(visit.language, *time, visit.house.settings.site.time_zone) : std::string();
}

std::string name_of(const Visit& visit, const identity::Account& account) {
  std::string name = account.display_name();
  return name.empty() ? visit.say("accounts.nameless") : name;
}

void add_state(View& view, const Visit& visit, const flow::AccountDetails& details) {
  const identity::Account& account = details.row.account;
  view.text("id", account.id.to_string());
  view.text("name", name_of(visit, account));
  view.text("state", visit.say("accounts.state." + std::string(identity::name_of(account.status))));
  view.flag("resting", account.status != identity::AccountStatus::active);
  view.text("since", format(visit, account.status_at)).text("locked_until", format(visit, details.row.locked_until));
  view.text("login", account.login).text("email", account.email);
  view.text("phone", account.phone.empty() ? std::string() : identity::format_international(account.phone));
  view.flag("email_open", !account.email.empty() && !account.has_email_in_force());
  view.flag("phone_open", !account.phone.empty() && !account.has_phone_in_force());
  view.flag("email_given", account.email_given).flag("phone_given", account.phone_given);
  view.text("organisation", account.organisation);
  view.text("kind", visit.say("accounts.kind." + std::string(identity::name_of(account.kind))));
  view.text("created", format(visit, account.created_at)).flag("has_password", details.has_password);
}

/// Numbers of documents and registers that the account has.
void add_numbers(View& view, const Visit& visit, const flow::AccountData& data) {
  for (const std::string_view field : list_fields(data.account.kind, "numbers")) {
    const std::string& value = data.fields.get(field);
    if (!value.empty()) view.add("numbers").text("field_label", say_field(visit, field)).text("value", value);
  }
}

/// What the account has: credentials without secrets, groups, devices.
void add_holdings(View& view, const Visit& visit, const flow::AccountView& seen) {
  const auto add = [&](std::string what, std::string since, std::string until) {
    View& item = view.add("credentials");
    item.text("what", std::move(what)).text("since", std::move(since)).text("until", std::move(until));
  };
  if (seen.password) {
    add(visit.say("admin_account.password." + std::string(identity::name_of(seen.password->origin))),
        format(visit, seen.password->set_at), format(visit, seen.password->ends_at));
  }
  for (const auto& one : seen.data.certificates) {
    add(visit.say("identifier.certificate.name") + ": " + one.subject, format(visit, one.not_before),
        format(visit, one.not_after));
  }
  for (const flow::SeenFactor& one : seen.factors.held) {
    const bool is_app = one.kind == identity::FactorKind::totp;
    add(visit.say(is_app ? "factors.unnamed_app" : "factors.unnamed_passkey"), format(visit, one.since), {});
  }
  if (seen.factors.recovery_codes > 0) {
    view.text("recovery_left", visit.say("factors.recovery_left", {{"n", seen.factors.recovery_codes}}));
  }
  view.flag("always", seen.factors.always);
  for (const flow::HeldContext& one : seen.contexts) {
    view.add("contexts").text("context", context_name(visit, one.context)).text("term", say_term(visit, one));
  }
  const rights::Actor& actor = *visit.visitor.actor;
  const bool reaches_several = actor.may(rights::Permission::administer_all) || actor.tenants().size() > 1;
  if (reaches_several) view.text("tenant", seen.tenant);
  view.text("account_groups", base::join(seen.groups, ", ")).text("main_account", seen.data.main_account);
  view.flag("is_main", seen.data.account.is_main).flag("external", seen.data.account.external);
  for (const flow::SeenDevice& one : seen.devices) {
    View& item = view.add("known_devices");
    item.text("device", say_device(visit, one.name, one.user_agent));
    item.text("device_seen", format(visit, one.last_seen)).text("device_since", format(visit, one.created_at));
  }
  view.text("devices_title",
            visit.say("admin_account.devices", {{"n", static_cast<std::int64_t>(seen.devices.size())}}));
}

void add_logins(View& view, const Visit& visit, const flow::AccountDetails& details) {
  const auto add = [&](std::string_view key, const flow::LoginStatistics& statistics) {
    View& item = view.add("realms");
    item.flag("used", statistics.last_success.has_value() || statistics.last_failure.has_value());
    item.text("realm", visit.say(key)).text("last_success", format(visit, statistics.last_success));
    item.text("last_failure", format(visit, statistics.last_failure));
    item.text("failures", visit.say("activity.count", {{"n", statistics.failures_since_success}}));
  };
  add("activity.here", details.activity.here);
  add("activity.elsewhere", details.activity.elsewhere);
  view.text("sessions", details.sessions > flow::counted_exactly
                            ? visit.say("list.count_more", {{"n", flow::counted_exactly}})
                            : std::to_string(details.sessions));
  if (visit.visitor.actor->may(rights::Permission::read_audit)) {
    view.text("events", "/admin/audit?account=" + details.row.account.id.to_string());
  }
}

/// An action that needs no values: one button.
struct Simple {
  std::string_view name;  // the last part of its path
  std::string_view label;
  std::string_view text;
  bool is_dangerous = false;
};

std::vector<Simple> list_simple_actions(const rights::Actor& actor, const flow::AccountView& seen) {
  using identity::AccountStatus;
  const flow::AccountDetails& details = seen.details;
  const identity::Account& account = details.row.account;
  std::vector<Simple> offered;
  if (details.is_own || details.is_above || account.status == AccountStatus::deleted) return offered;
  const bool is_suspended =
      account.status == AccountStatus::suspended_self || account.status == AccountStatus::suspended_admin;
  const bool may_manage = actor.may(rights::Permission::manage_accounts);
  const bool may_support = actor.may(rights::Permission::support_accounts);
  if (may_manage && is_suspended) {
    offered.push_back({"restore", "admin_account.restore", "admin_account.restore_text"});
  }
  if (may_support && (details.row.locked_until || account.failures > 0)) {
    const bool is_locked = details.row.locked_until.has_value();
    offered.push_back({"unlock", is_locked ? "admin_account.unlock" : "admin_account.clear",
                       is_locked ? "admin_account.unlock_text" : "admin_account.clear_text"});
  }
  if (may_manage && details.sessions > 0) {
    offered.push_back({"sessions", "admin_account.sessions_end", "admin_account.sessions_end_text", true});
  }
  const bool is_invited = account.status == AccountStatus::invited;
  if (may_support && (account.status == AccountStatus::active || is_invited)) {
    offered.push_back({"reset", is_invited ? "admin_account.invite" : "admin_account.reset",
                       is_invited ? "admin_account.invite_text" : "admin_account.reset_text"});
  }
  if (may_support && (!seen.factors.empty() || !seen.devices.empty())) {
    offered.push_back({"factors", "admin_account.reset_factors", "admin_account.reset_factors_text", true});
  }
  const bool may_be_main = account.kind == identity::AccountKind::employee && !account.main_account_id;
  if (may_manage && account.is_main) {
    offered.push_back({"dismiss", "admin_account.unset_main", "admin_account.unset_main_text"});
  } else if (may_manage && may_be_main && account.status == AccountStatus::active) {
    offered.push_back({"appoint", "admin_account.set_main", "admin_account.set_main_text"});
  }
  if (may_manage && account.status != AccountStatus::suspended_admin) {
    offered.push_back({"suspend", "admin_account.suspend", "admin_account.suspend_text", true});
  }
  if (may_manage) offered.push_back({"delete", "admin_account.delete", "admin_account.delete_text", true});
  return offered;
}

/// The same as add_asked for the end of one session.
void add_asked_session(View& view, const Visit& visit, const std::string& id, const flow::OpenSessions& open) {
  if (visit.query.get("confirm") != "session") return;
  if (!open.asked) {
    view.text("problem", visit.say("admin_account.conflict"));
    return;
  }
  Question question{say_use(visit, "sessions.ask.one", say_device(visit, *open.asked), open.asked->session.last_seen),
                    visit.say("sessions.end_one"),
                    form_path(id, "session"),
                    "/admin/accounts/" + id,
                    {{"session", open.asked->session.id.to_string()}}};
  ask_reason(question, visit);
  add_question(view, visit, std::move(question));
}

/// Asks for the reason, and whether to do the action that the address names. If it is not possible any more, the page
/// says so.
void add_asked(View& view, const Visit& visit, const identity::Account& account, const std::vector<Simple>& offered) {
  const std::string id = account.id.to_string();
  const std::string asked = visit.query.get("confirm");
  const std::string question = "admin_account.ask." + asked;
  if (!text::has(question)) return;
  const auto found = std::find_if(offered.begin(), offered.end(), [&](const Simple& one) { return one.name == asked; });
  if (found == offered.end()) {
    view.text("problem", visit.say("admin_account.conflict"));
    return;
  }
  Question asks{visit.say(question, {{"name", name_of(visit, account)}}),
                visit.say(found->label),
                form_path(id, asked),
                "/admin/accounts/" + id,
                {},
                visit.say(found->text)};
  asks.is_dangerous = found->is_dangerous;
  ask_reason(asks, visit);
  add_question(view, visit, std::move(asks));
}

void add_actions(View& view, const Visit& visit, const flow::AccountView& seen, const flow::OpenSessions& open) {
  const flow::AccountDetails& details = seen.details;
  const identity::Account& account = details.row.account;
  const bool gone = account.status == identity::AccountStatus::deleted;
  const std::string id = account.id.to_string();
  const std::vector<Simple> offered = list_simple_actions(*visit.visitor.actor, seen);
  add_asked(view, visit, account, offered);
  view.flag("own", details.is_own).flag("above", details.is_above).flag("gone", gone);
  if (details.is_own || details.is_above || gone) return;
  view.flag("may_act_for", flow::may_act_for(*visit.visitor.actor, account));
  const bool may_manage = visit.visitor.actor->may(rights::Permission::manage_accounts);
  view.flag("may_act", may_manage || !offered.empty()).flag("changeable", may_manage);
  view.flag("any_open", !open.rows.empty());
  add_sessions(view, visit, open, {"/admin/accounts/" + id, form_path(id, "session")});
  add_asked_session(view, visit, id, open);
  for (const Simple& one : offered) {
    View& item = view.add("simple");
    item.text("label", visit.say(one.label)).text("text", visit.say(one.text)).text("action", std::string(one.name));
    item.text("csrf", make_session_csrf(visit, form_path(id, one.name))).flag("dangerous", one.is_dangerous);
  }
  view.text("csrf_password", make_session_csrf(visit, form_path(id, "password")));
  add_reasons(view, visit, "password-reason", false);
  add_proof(view, visit);
}

/// What was done, to whom, and where a message went.
std::string done_text(const Visit& visit, const flow::AccountDetails& details) {
  const std::string done = visit.query.get("done");
  std::string key = "admin_account.done." + done;
  const auto& place = details.reset_place;
  const bool is_invited = details.row.account.status == identity::AccountStatus::invited;
  if (done == "reset" && place && !is_invited) {
    key = "admin_account.done.reset." + std::string(name_of(place->channel));
  } else if ((done == "reset" || done == "invited") && place) {
    key = "admin_account.done.invited." + std::string(name_of(place->channel));
  }
  if (!text::has(key)) return {};
  return visit.say(key, {{"name", name_of(visit, details.row.account)},
                         {"address", place ? flow::shorten_address(place->address) : std::string()}});
}

http::Response show_page(Visit& visit, std::string problem, int status,
                         const std::vector<identity::PasswordFlaw>& flaws = {}) {
  // A path with a login instead of an id is refused, because the answer would tell which logins exist.
  if (!base::Id::parse(visit.request.path_parameters.at(0))) {
    return show_error(visit, 404, "the path has no id of an account");
  }
  const auto seen =
      flow::look_at_account(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0), visit.facts);
  if (!seen) return show_error(visit, seen.error());
  const flow::AccountDetails* details = &seen->details;
  const auto wish = read_sessions_wish(visit);
  if (!wish) return show_error(visit, wish.error());
  const auto open = flow::page_sessions_for(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0),
                                            *wish, visit.facts.now);
  if (!open) return show_error(visit, open.error());
  View view;
  if (!problem.empty()) view.text("problem", std::move(problem));
  view.flag("flawed", !flaws.empty());
  for (const identity::PasswordFlaw& flaw : flaws) view.add("flaws").text("flaw", say(visit, identity::describe(flaw)));
  view.text("done", done_text(visit, *details));
  add_state(view, visit, *details);
  add_numbers(view, visit, seen->data);
  add_holdings(view, visit, *seen);
  add_logins(view, visit, *details);
  add_actions(view, visit, *seen, *open);
  const bool is_gone = details->row.account.status == identity::AccountStatus::deleted;
  const bool may_manage = visit.visitor.actor->may(rights::Permission::manage_accounts);
  if (may_manage && !details->is_own && !details->is_above && !is_gone) {
    const auto choices = flow::find_choices(visit.house, *visit.visitor.actor, details->row.account.tenant_id);
    if (!choices) return show_error(visit, choices.error());
    add_account_rights(view, visit, *seen, *choices);
  }
  return show_inside(visit, "admin_account", "admin_account.title", "/admin/accounts", std::move(view), status);
}

using Action = base::Result<void> (*)(const flow::House&, const rights::Actor&, std::string_view,
                                      const flow::RequestFacts&);

/// The checks of all forms of this page. Gives an answer if the actor lacks the permission, or the path has no id.
std::optional<http::Response> refuse(Visit& visit, rights::Permission needed) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  // A path with a login instead of an id is refused, because the answer would tell which logins exist.
  if (!base::Id::parse(visit.request.path_parameters.at(0)))
    return show_error(visit, 404, "the path has no id of an account");
  return std::nullopt;
}

http::Response finish(Visit& visit, const base::Result<void>& result, std::string_view action,
                      std::string_view conflict = "admin_account.conflict") {
  if (result) return redirect(visit, account_path(visit) + "?done=" + std::string(action));
  if (result.error().code == base::Code::conflict) return show_page(visit, visit.say(conflict), 409);
  return show_error(visit, result.error());
}

/// Where the question for `action` is asked, which names the reason; nullopt: the form has a reason and the proof is
/// fresh. The reason is in the visit's facts then.
std::optional<http::Response> ask_first(Visit& visit, const std::string& action) {
  return ask_reason_first(visit, account_path(visit) + "?confirm=" + action);
}

struct Act {
  std::string_view name;  // the last part of its path
  Action action;
  std::string_view conflict = "admin_account.conflict";
  rights::Permission needed = rights::Permission::manage_accounts;
};

http::Response submit(Visit& visit, const Act& act) {
  if (auto refusal = refuse(visit, act.needed)) return std::move(*refusal);
  if (auto question = ask_first(visit, std::string(act.name))) return std::move(*question);
  const auto result = act.action(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0), visit.facts);
  return finish(visit, result, act.name, act.conflict);
}

}  // namespace

http::Response show_account(Visit& visit) {
  constexpr auto needed = rights::Permission::read_accounts;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_page(visit, "", 200);
}

http::Response submit_account_unlock(Visit& visit) {
  return submit(visit,
                {.name = "unlock", .action = flow::unlock_account, .needed = rights::Permission::support_accounts});
}
http::Response submit_account_suspend(Visit& visit) {
  return submit(visit, {"suspend", flow::suspend_account, "admin_account.last"});
}
http::Response submit_account_restore(Visit& visit) {
  return submit(visit, {"restore", flow::restore_account});
}
http::Response submit_account_set_main(Visit& visit) {
  return submit(visit, {"appoint", flow::appoint_main_account});
}
http::Response submit_account_unset_main(Visit& visit) {
  return submit(visit, {"dismiss", flow::dismiss_main_account, "admin_account.has_subs"});
}
http::Response submit_account_context(Visit& visit) {
  if (auto refusal = refuse(visit, rights::Permission::manage_accounts)) return std::move(*refusal);
  const std::string key = visit.form.get("context");
  const std::string act = visit.form.get("act") == "take" ? "take" : visit.form.get("act") == "term" ? "term" : "give";
  const auto escaped = [&](std::string_view name) { return base::percent_encode(visit.form.get(std::string(name))); };
  std::string asked = "context&act=" + act + "&context=" + base::percent_encode(key);
  if (visit.form.has("from")) asked += "&from=" + escaped("from") + "&until=" + escaped("until");
  if (auto question = ask_first(visit, asked)) return std::move(*question);
  flow::ContextOfAccount which{visit.request.path_parameters.at(0), key};
  if (act != "take") {
    which.term = read_term(visit);
    if (!which.term) return show_page(visit, visit.say("admin_account.context.bad_term"), status_of_refusal);
  }
  const auto change = act == "take" ? flow::remove_context : flow::add_context;
  const auto done = change(visit.house, *visit.visitor.actor, which, visit.facts);
  if (!done && done.error().code == base::Code::invalid_input)
    return show_page(visit, visit.say("admin_account.context.bad_term"), status_of_refusal);
  const auto result = done ? base::Result<void>() : base::Result<void>(tl::unexpected(done.error()));
  return finish(visit, result,
                act == "take"   ? "taken"
                : act == "term" ? "term"
                                : "given",
                "admin_account.context.last");
}
http::Response submit_account_group(Visit& visit) {
  if (auto refusal = refuse(visit, rights::Permission::manage_accounts)) return std::move(*refusal);
  const std::string group = visit.form.get("group");
  const bool joins = visit.form.get("act") == "join";
  const std::string asked = std::string("group&act=") + (joins ? "join" : "leave") + "&group=";
  if (auto question = ask_first(visit, asked + base::percent_encode(group))) return std::move(*question);
  const auto change = joins ? flow::add_member : flow::remove_member;
  const auto done =
      change(visit.house, *visit.visitor.actor, {group, visit.request.path_parameters.at(0)}, visit.facts);
  const auto result = done ? base::Result<void>() : base::Result<void>(tl::unexpected(done.error()));
  return finish(visit, result, joins ? "joined" : "left");
}
http::Response submit_account_delete(Visit& visit) {
  return submit(visit, {"delete", flow::delete_account, "admin_account.last_deleted"});
}
http::Response submit_account_sessions(Visit& visit) {
  return submit(visit, {"sessions", flow::end_sessions_for});
}
http::Response submit_account_session(Visit& visit) {
  if (auto refusal = refuse(visit, rights::Permission::manage_accounts)) return std::move(*refusal);
  const auto session = base::Id::parse(visit.form.get("session"));
  if (!session) return show_error(visit, 400, "the form names no session");
  if (auto question = ask_first(visit, "session&session=" + session->to_string())) return std::move(*question);
  const auto result = flow::end_session_for(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0),
                                            *session, visit.facts);
  if (!result && result.error().code == base::Code::not_found) {
    return show_page(visit, visit.say("sessions.none_ended"), 409);
  }
  return finish(visit, result, "session");
}
http::Response submit_account_reset(Visit& visit) {
  return submit(visit,
                {"reset", flow::start_reset_for, "admin_account.no_channel", rights::Permission::support_accounts});
}

http::Response submit_account_reset_factors(Visit& visit) {
  return submit(visit,
                {.name = "factors", .action = flow::reset_factors, .needed = rights::Permission::support_accounts});
}

http::Response submit_account_password(Visit& visit) {
  if (auto refusal = refuse(visit, rights::Permission::manage_accounts)) return std::move(*refusal);
  // The proof is a field of this form, because a page of its own would lose the typed values.
  switch (settle_proof(visit)) {
    case Proof::fresh: break;
    case Proof::missing: return show_page(visit, visit.say("own.flaw.proof_missing"), status_of_refusal);
    case Proof::wrong: return show_page(visit, visit.say("own.flaw.proof_wrong"), status_of_refusal);
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: return show_error(visit, 503, "the proof could not be judged");
  }
  visit.facts.motive = audit::motive::find(visit.form.get("reason"));
  if (visit.facts.motive.empty()) return show_page(visit, visit.say("reason.missing"), status_of_refusal);
  const std::string typed = visit.form.get("new_password");
  if (typed != visit.form.get("new_password_repeat")) return show_page(visit, visit.say("admin_account.differ"), 400);
  const auto result = flow::set_password(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0),
                                         {base::Secret(typed), true}, visit.facts);
  if (!result && result.error().code == base::Code::invalid_input) {
    const auto flaws = flow::find_given_password_flaws(
        visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0), base::Secret(typed), visit.facts.now);
    if (!flaws) return show_error(visit, flaws.error());
    return show_page(visit, visit.say("admin_account.unfit"), 400, *flaws);
  }
  return finish(visit, result, "password");
}

}  // namespace web
