// The page of one application for its administrator: its use, its weaknesses, how to connect it, every field, its
// secrets, and its end.
#include <algorithm>
#include <array>
#include <charconv>

#include "audit/event.hpp"
#include "flow/client/search_clients.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "text/text.hpp"
#include "web/admin/client_form.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/moment.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/applications";
constexpr auto needed = rights::Permission::manage_clients;
constexpr int status_of_refusal = 422;

/// For how long the old secret may still be used, in hours.
constexpr std::array<std::int64_t, 5> old_lasts{0, 24, 24 * 7, 24 * 30, 24 * 90};

std::string client_path(const Visit& visit) {
  return std::string(here) + "/" + visit.request.path_parameters.at(0);
}
std::string form_path(const Visit& visit, std::string_view action) {
  return client_path(visit) + "/" + std::string(action);
}

std::string format(const Visit& visit, base::Time time) {
  return text::format_time(visit.language, time, visit.house.settings.site.time_zone);
}

std::string name_of(const Visit& visit, const rights::Client& client) {
  return rights::name_in(client, text::code_of(visit.language));
}

void add_use(View& view, const Visit& visit, const flow::ClientDetails& details) {
  const rights::Client& client = details.client;
  view.text("client_id", client.client_id).text("name", name_of(visit, client));
  view.text("kind", visit.say("client.kind." + std::string(rights::name_of(client.kind))));
  view.text("state", visit.say(client.enabled ? "client.state.enabled" : "client.state.disabled"));
  view.flag("resting", !client.enabled).text("created", format(visit, client.created_at));
  if (client.last_used_at) add_moment(view, visit, "last_used", *client.last_used_at);
  view.text("sessions", details.sessions > flow::most_counted_sessions
                            ? visit.say("list.count_more", {{"n", flow::most_counted_sessions}})
                            : std::to_string(details.sessions));
  if (client.account_id) {
    view.text("account_link", "/admin/accounts/" + client.account_id->to_string());
    view.text("account_name", details.account);
  }
  if (visit.visitor.actor->may(rights::Permission::read_audit)) {
    view.text("events", "/admin/audit?client=" + base::percent_encode(client.client_id));
  }
  for (const rights::ClientWeakness& one : details.weaknesses) {
    const std::string sentence = visit.say("client.weak." + std::string(one.code));
    view.add("weaknesses").text("sentence", sentence).text("about", one.value);
  }
}

void add_secrets(View& view, const Visit& visit, const rights::Client& client) {
  bool is_newest = true;
  for (const rights::ClientSecret& secret : client.secrets) {
    View& item = view.add("secrets");
    item.text("which", visit.say(is_newest ? "client.secret.newest" : "client.secret.older"));
    item.text("made", secret.made_at ? format(visit, *secret.made_at) : std::string());
    item.text("until", secret.not_after ? format(visit, *secret.not_after) : std::string());
    item.flag("over", secret.not_after && *secret.not_after <= visit.facts.now);
    is_newest = false;
  }
  const bool has_old = client.secrets.size() > 1 && client.secrets.at(1).not_after > visit.facts.now;
  view.flag("has_old", has_old).text("csrf_end", make_session_csrf(visit, form_path(visit, "end-secret")));
  view.text("csrf_secret", make_session_csrf(visit, form_path(visit, "secret")));
  for (const std::int64_t hours : old_lasts) {
    const std::string label = hours == 0    ? visit.say("client.secret.at_once")
                              : hours == 24 ? visit.say("client.secret.day")
                                            : visit.say("client.secret.days", {{"n", hours / 24}});
    view.add("ends").text("value", std::to_string(hours)).text("label", label).flag("chosen", hours == 24 * 7);
  }
}

/// An action that is one button, after a question.
struct Simple {
  std::string_view name;
  bool is_dangerous = false;
  bool asks_reason = false;
};

std::vector<Simple> list_simple(const rights::Client& client) {
  if (client.enabled) return {{"disable", true, true}, {"delete", true, true}};
  return {{"enable"}, {"delete", true, true}};
}

void add_simple(View& view, const Visit& visit, const rights::Client& client) {
  for (const Simple& one : list_simple(client)) {
    const std::string key = "client." + std::string(one.name);
    View& item = view.add("simple");
    item.text("action", std::string(one.name)).text("label", visit.say(key)).text("about", visit.say(key + ".text"));
    item.text("csrf", make_session_csrf(visit, form_path(visit, one.name))).flag("dangerous", one.is_dangerous);
  }
}

/// The question that the address names, if it is possible now.
void add_asked(View& view, const Visit& visit, const rights::Client& client) {
  const std::string asked = visit.query.get("confirm");
  std::vector<Simple> all = list_simple(client);
  if (client.secrets.size() > 1) all.push_back({"end-secret", true, true});
  for (const Simple& one : all) {
    if (one.name != asked) continue;
    const std::string key = asked == "end-secret" ? std::string("client.secret.end") : "client." + asked;
    Question question{visit.say(key + ".ask", {{"name", name_of(visit, client)}}),
                      visit.say(key),
                      form_path(visit, asked),
                      client_path(visit),
                      {},
                      visit.say(key + ".text")};
    question.is_dangerous = one.is_dangerous;
    if (one.asks_reason) {
      ask_reason(question, visit);
    }
    add_question(view, visit, std::move(question));
  }
}

std::string done_text(const Visit& visit, const rights::Client& client) {
  const std::string key = "client.done." + visit.query.get("done");
  return text::has(key) ? visit.say(key, {{"name", name_of(visit, client)}}) : std::string();
}

/// What the page says besides the state of the client.
struct Said {
  std::string problem{};
  std::vector<rights::ClientFlaw> flaws{};
  const ShownClient* typed = nullptr;  // instead of the stored values
  bool is_conflict = false;
  int status = 200;
};

/// Fields that are not as they were when the form was shown.
void add_meanwhile(View& view, const Visit& visit, const ShownClient& now) {
  for (auto& [name, value] : print_fields(now)) {
    const std::string was = visit.form.get("was_" + std::string(name));
    if (was == value) continue;
    View& item = view.add("meanwhile");
    item.text("label", visit.say("client.field." + std::string(name)));
    item.text("was", was).text("now", std::move(value));
  }
}

http::Response show_page(Visit& visit, const Said& said) {
  const auto details = flow::find_client_details(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0),
                                                 visit.facts.now);
  if (!details) return show_error(visit, details.error());
  const rights::Client& client = details->client;
  const ShownClient stored{client, details->account, std::string(rights::auth_of(client))};
  View view;
  view.text("problem", said.problem).text("done", done_text(visit, client));
  add_use(view, visit, *details);
  add_connection(view, visit, client);
  view.flag("may_change", details->may_change).text("id", client.client_id);
  if (details->may_change) {
    add_asked(view, visit, client);
    add_client_flaws(view, visit, said.flaws);
    add_client_fields(view, visit, said.typed != nullptr ? *said.typed : stored, said.flaws);
    for (const flow::OfferedScope& one : details->offered) {
      view.add("offered").text("offered_scope", one.scope).text("offered_server", one.server_id.to_string());
    }
    view.flag("any_offered", !details->offered.empty());
    for (auto& [name, value] : print_fields(stored)) {
      view.add("was").text("was_name", "was_" + std::string(name)).text("was_value", std::move(value));
    }
    view.flag("conflict", said.is_conflict);
    if (said.is_conflict) add_meanwhile(view, visit, stored);
    view.text("version", std::to_string(client.version));
    view.text("csrf_change", make_session_csrf(visit, form_path(visit, "change")));
    view.text("csrf_try", make_session_csrf(visit, form_path(visit, "try")));
    view.flag("may_try", client.enabled && rights::is_registered(client.grants, "authorization_code"));
    add_secrets(view, visit, client);
    add_simple(view, visit, client);
    add_proof(view, visit);
  }
  return show_inside(visit, "admin_client", "client.one", here, std::move(view), said.status);
}

/// The question of an action that is one button, or the proof that it needs; nullopt: both are there.
std::optional<http::Response> ask_first(Visit& visit, const std::string& action, bool asks_reason) {
  const std::string page = client_path(visit) + "?confirm=" + action;
  if (asks_reason) return ask_reason_first(visit, page);
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) return prove_first(visit, page);
  return std::nullopt;
}

http::Response conclude(Visit& visit, const base::Result<void>& done, const std::string& where) {
  if (done) return redirect(visit, where);
  if (done.error().code == base::Code::conflict)
    return show_page(visit, {.problem = visit.say("client.conflict_action"), .status = 409});
  return show_error(visit, done.error());
}

/// Whether the form has a field with the proof, or the proof is fresh; else the answer.
std::optional<http::Response> demand_proof(Visit& visit, const ShownClient* typed) {
  const auto refuse = [&](std::string_view key) {
    return show_page(visit, {.problem = visit.say(key), .typed = typed, .status = status_of_refusal});
  };
  switch (settle_proof(visit)) {
    case Proof::fresh: return std::nullopt;
    case Proof::missing: return refuse("own.flaw.proof_missing");
    case Proof::wrong: return refuse("own.flaw.proof_wrong");
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: break;
  }
  return show_error(visit, 503, "the proof could not be judged");
}

http::Response set_enabled(Visit& visit, bool enabled) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string action = enabled ? "enable" : "disable";
  if (auto question = ask_first(visit, action, !enabled)) return std::move(*question);
  flow::ClientWish wish;
  wish.enabled = enabled;
  const auto done =
      flow::change_client(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0), wish, visit.facts);
  if (!done) return conclude(visit, tl::unexpected(done.error()), {});
  return redirect(visit, client_path(visit) + "?done=" + action);
}

}  // namespace

http::Response show_client(Visit& visit) {
  if (!may_see_clients(visit)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_client_change(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!actor.may(needed)) return show_forbidden(visit, needed);
  const std::string& id = visit.request.path_parameters.at(0);
  const auto stored = flow::find_named_client(visit.house, actor, id);
  if (!stored) return show_error(visit, stored.error());
  const ShownClient typed = read_client_form(visit.form, *stored);
  if (auto answer = demand_proof(visit, &typed)) return std::move(*answer);
  std::int64_t version = 0;
  const std::string sent = visit.form.get("version");
  std::from_chars(sent.data(), sent.data() + sent.size(), version);
  const flow::ClientWish wish = make_wish(typed, version);
  const auto flaws = flow::judge_change(visit.house, *visit.visitor.actor, id, wish);
  if (!flaws) return show_error(visit, flaws.error());
  if (!flaws->empty()) return show_page(visit, {.flaws = *flaws, .typed = &typed, .status = status_of_refusal});
  const auto changed = flow::change_client(visit.house, *visit.visitor.actor, id, wish, visit.facts);
  if (changed) return redirect(visit, client_path(visit) + (*changed ? "?done=change" : "?done=nothing"));
  switch (changed.error().code) {
    case base::Code::conflict: return show_page(visit, {.typed = &typed, .is_conflict = true, .status = 409});
    // The client is there and sound, so that it is the account.
    case base::Code::not_found:
    case base::Code::invalid_input:
      return show_page(
          visit, {.flaws = {{"account", "account", typed.account}}, .typed = &typed, .status = status_of_refusal});
    default: return show_error(visit, changed.error());
  }
}

http::Response submit_client_enable(Visit& visit) {
  return set_enabled(visit, true);
}
http::Response submit_client_disable(Visit& visit) {
  return set_enabled(visit, false);
}

http::Response submit_client_delete(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (auto question = ask_first(visit, "delete", true)) return std::move(*question);
  return conclude(
      visit, flow::delete_client(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0), visit.facts),
      std::string(here) + "?done=delete");
}

http::Response submit_client_secret(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (auto answer = demand_proof(visit, nullptr)) return std::move(*answer);
  std::int64_t hours = -1;
  const std::string sent = visit.form.get("old_hours");
  std::from_chars(sent.data(), sent.data() + sent.size(), hours);
  if (std::find(old_lasts.begin(), old_lasts.end(), hours) == old_lasts.end())
    return show_error(visit, 400, "the form has no such end of the old secret");
  const std::string& id = visit.request.path_parameters.at(0);
  const auto secret =
      flow::rotate_client_secret(visit.house, *visit.visitor.actor, id, {{}, std::chrono::hours(hours)}, visit.facts);
  if (!secret) return show_error(visit, secret.error());
  const auto client = flow::find_named_client(visit.house, *visit.visitor.actor, id);
  if (!client) return show_error(visit, client.error());
  return show_client_secret(visit, *client, *secret, "client.renewed");
}

http::Response submit_client_secret_end(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (auto question = ask_first(visit, "end-secret", true)) return std::move(*question);
  return conclude(
      visit, flow::end_old_secret(visit.house, *visit.visitor.actor, visit.request.path_parameters.at(0), visit.facts),
      client_path(visit) + "?done=secret");
}

}  // namespace web
