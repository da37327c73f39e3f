#include "web/page/password_words.hpp"

#include <algorithm>

#include "base/json.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"

namespace web {
namespace {

using Kind = identity::PasswordFlaw::Kind;

bool has(const std::vector<identity::PasswordFlaw>& flaws, Kind kind) {
  return std::any_of(flaws.begin(), flaws.end(), [kind](const auto& flaw) { return flaw.kind == kind; });
}

/// Of what is no text, and of what is too long, nothing else is asked.
bool was_judged(const std::vector<identity::PasswordFlaw>& flaws) {
  return !has(flaws, Kind::not_text) && !has(flaws, Kind::too_long);
}

}  // namespace

std::string say(const Visit& visit, const identity::Sentence& sentence) {
  return visit.say(sentence.key, sentence.arguments);
}

void add_policy(View& view, const Visit& visit, const identity::PasswordPolicy& policy) {
  for (const identity::Sentence& rule : identity::describe(policy)) view.add("rules").text("rule", say(visit, rule));
}

void add_rules(View& view, const Visit& visit, const identity::PasswordPolicy& policy,
               const flow::ChangeJudgement* judgement) {
  for (const identity::Sentence& rule : identity::describe(policy)) {
    const auto kinds = identity::find_kinds_of(rule);
    if (kinds.empty()) continue;
    std::string names;
    bool is_broken = false;
    for (const Kind kind : kinds) {
      names.append(names.empty() ? "" : " ").append(identity::name_of(kind));
      is_broken = is_broken || (judgement != nullptr && has(judgement->flaws, kind));
    }
    View& item = view.add("rules");
    item.text("rule", say(visit, rule)).text("flaws", std::move(names));
    if (judgement != nullptr && was_judged(judgement->flaws)) item.flag(is_broken ? "unmet" : "met");
  }
}

void add_judgement(View& view, const Visit& visit, const flow::ChangeJudgement& judgement) {
  if (judgement.is_fine()) return;
  view.flag("refused");
  if (judgement.repeat_differs) view.add("flaws").text("flaw", visit.say("security.repeat_differs"));
  if (judgement.not_before) {
    const std::string time =
        text::format_time(visit.language, *judgement.not_before, visit.house.settings.site.time_zone);
    view.add("flaws").text("flaw", visit.say("security.too_early", {{"time", time}}));
  }
  for (const identity::PasswordFlaw& flaw : judgement.flaws) {
    view.add("flaws").text("flaw", say(visit, identity::describe(flaw)));
  }
}

http::Response say_preview(const Visit& visit, const flow::PasswordPreview& preview) {
  base::JsonArray sentences;
  base::JsonArray kinds;
  for (const identity::PasswordFlaw& flaw : preview.flaws) {
    sentences.text(say(visit, identity::describe(flaw)));
    kinds.text(identity::name_of(flaw.kind));
  }
  base::JsonArray unjudged;
  unjudged.text(identity::name_of(Kind::used_before));  // comparing with former passwords is slow
  const std::string strength = visit.say("password_strength." + std::to_string(preview.score));
  return http::Response::json(base::JsonObject()
                                  .raw("flaws", sentences.finish())
                                  .raw("kinds", kinds.finish())
                                  .raw("unjudged", unjudged.finish())
                                  .number("score", preview.score)
                                  .text("strength", strength)
                                  .finish());
}

flow::ChangeWish read_change(const Visit& visit) {
  return {base::Secret(visit.form.get("old_password")), base::Secret(visit.form.get("new_password")),
          base::Secret(visit.form.get("new_password_repeat"))};
}

}  // namespace web
