#include "web/admin/account_rights.hpp"

#include <algorithm>

#include "base/bytes.hpp"
#include "flow/group/administer_groups.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

/// The last day on which it is still had.
base::Time last_moment(base::Time until) {
  return until - std::chrono::milliseconds(1);
}

const std::string& zone_of(const Visit& visit) {
  return visit.house.settings.site.time_zone;
}

const flow::HeldContext* find_held(const flow::AccountView& seen, const base::Id& context) {
  const auto found = std::find_if(seen.contexts.begin(), seen.contexts.end(),
                                  [&](const auto& one) { return one.context.id == context; });
  return found == seen.contexts.end() ? nullptr : &*found;
}

void add_act(View& item, const Visit& visit, std::string_view act) {
  const std::string label = visit.say("admin_account.context." + std::string(act));
  item.add("acts").text("act", std::string(act)).text("act_label", label);
}

void add_contexts(View& view, const Visit& visit, const flow::AccountView& seen, const flow::AccountChoices& choices) {
  view.text("csrf_context",
            make_session_csrf(visit, "/admin/accounts/" + seen.data.account.id.to_string() + "/context"));
  for (const rights::ActingContext& context : choices.contexts) {
    const flow::HeldContext* held = find_held(seen, context.id);
    View& item = view.add("givable");
    item.text("context_key", context.key).text("context_label", context_name(visit, context));
    item.flag("held", held != nullptr).text("term", held == nullptr ? std::string() : say_term(visit, *held));
    if (held == nullptr) {
      add_act(item, visit, "give");
    } else {
      add_act(item, visit, "term");
      add_act(item, visit, "take");
    }
  }
}

void add_groups(View& view, const Visit& visit, const flow::AccountView& seen, const flow::AccountChoices& choices) {
  view.text("csrf_group", make_session_csrf(visit, "/admin/accounts/" + seen.data.account.id.to_string() + "/group"));
  for (const std::string& group : seen.groups) view.add("own_groups").text("group", group);
  for (const std::string& group : choices.groups) {
    if (std::find(seen.groups.begin(), seen.groups.end(), group) != seen.groups.end()) continue;
    view.add("other_groups").text("group", group);
  }
  view.flag("any_group", view.find("own_groups") != nullptr).flag("joinable", view.find("other_groups") != nullptr);
}

/// Where the question is sent, and where "Cancel" leads.
Question make_question(const Visit& visit, const flow::AccountView& seen, std::string text, std::string submit) {
  const std::string page = "/admin/accounts/" + seen.data.account.id.to_string();
  Question question{std::move(text), std::move(submit), page + "/" + visit.query.get("confirm"), page, {}};
  ask_reason(question, visit);
  return question;
}

void ask_context(View& view, const Visit& visit, const flow::AccountView& seen, const flow::AccountChoices& choices) {
  const std::string key = visit.query.get("context");
  const auto found = std::find_if(choices.contexts.begin(), choices.contexts.end(),
                                  [&](const rights::ActingContext& one) { return one.key == key; });
  if (found == choices.contexts.end()) {
    view.text("problem", visit.say("admin_account.conflict"));
    return;
  }
  const std::string asked = visit.query.get("act");
  const std::string act = asked == "take" || asked == "term" ? asked : "give";
  const std::string name = seen.data.account.display_name();
  Question question = make_question(
      visit, seen,
      visit.say("admin_account.context.ask." + act, {{"name", name.empty() ? visit.say("accounts.nameless") : name},
                                                     {"context", context_name(visit, *found)}}),
      visit.say("admin_account.context." + act));
  question.fields = {{"context", key}, {"act", act}};
  question.is_dangerous = act == "take";
  if (act != "take") {
    const flow::HeldContext* held = find_held(seen, found->id);
    std::string from = visit.query.get("from");
    std::string until = visit.query.get("until");
    if (!visit.query.has("from") && held != nullptr) {
      if (held->from > visit.facts.now) from = text::print_day(held->from, zone_of(visit));
      if (held->until) until = text::print_day(last_moment(*held->until), zone_of(visit));
    }
    question.consequence = visit.say("admin_account.context.term_text");
    question.days = {{"from", std::move(from)}, {"until", std::move(until)}};
  }
  add_question(view, visit, std::move(question));
}

void ask_group(View& view, const Visit& visit, const flow::AccountView& seen, const flow::AccountChoices& choices) {
  const auto kept = flow::group_name(visit.query.get("group"));
  const auto found = std::find_if(choices.groups.begin(), choices.groups.end(), [&](const std::string& one) {
    return kept && flow::group_name(one).value_or(std::string()) == *kept;
  });
  if (found == choices.groups.end()) {
    view.text("problem", visit.say("admin_account.conflict"));
    return;
  }
  const std::string& group = *found;
  const std::string act = visit.query.get("act") == "leave" ? "leave" : "join";
  const std::string name = seen.data.account.display_name();
  Question question =
      make_question(visit, seen,
                    visit.say("admin_account.group.ask." + act,
                              {{"name", name.empty() ? visit.say("accounts.nameless") : name}, {"group", group}}),
                    visit.say("admin_account.group." + act));
  question.consequence = visit.say("admin_account.group.text");
  question.fields = {{"group", group}, {"act", act}};
  question.is_dangerous = act == "leave";
  add_question(view, visit, std::move(question));
}

}  // namespace

std::string say_term(const Visit& visit, const flow::HeldContext& held) {
  const auto day = [&](base::Time time) { return text::format_date(visit.language, time, zone_of(visit)); };
  std::string words;
  if (held.from > visit.facts.now) words = visit.say("admin_account.context.from", {{"day", day(held.from)}});
  if (!held.until) return words;
  return words + (words.empty() ? "" : " ") +
         visit.say("admin_account.context.until", {{"day", day(last_moment(*held.until))}});
}

std::optional<flow::TermWish> read_term(const Visit& visit) {
  const std::string from = visit.form.get("from");
  const std::string until = visit.form.get("until");
  // An empty day is a wish too: from now on, without end.
  flow::TermWish term{visit.facts.now, std::nullopt};
  if (!from.empty()) {
    term.from = text::find_day(from, zone_of(visit));
    if (!term.from) return std::nullopt;
  }
  if (!until.empty()) {
    term.until = text::find_day(until, zone_of(visit), 1);  // the last day is included
    if (!term.until) return std::nullopt;
  }
  return term;
}

void add_account_rights(View& view, const Visit& visit, const flow::AccountView& seen,
                        const flow::AccountChoices& choices) {
  add_contexts(view, visit, seen, choices);
  add_groups(view, visit, seen, choices);
  if (visit.query.get("confirm") == "context") ask_context(view, visit, seen, choices);
  if (visit.query.get("confirm") == "group") ask_group(view, visit, seen, choices);
}

}  // namespace web
