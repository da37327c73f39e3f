#include "web/page/password_words.hpp"

#include "base/json.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"

namespace web {

std::string say(const Visit& visit, const identity::Sentence& sentence) {
  return visit.say(sentence.key, sentence.arguments);
}

void add_rules(View& view, const Visit& visit, const identity::PasswordPolicy& policy) {
  for (const identity::Sentence& rule : identity::describe(policy)) view.add("rules").text("rule", say(visit, rule));
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

http::Response say_flaws(const Visit& visit, const std::vector<identity::PasswordFlaw>& flaws) {
  base::JsonArray sentences;
  for (const identity::PasswordFlaw& flaw : flaws) sentences.text(say(visit, identity::describe(flaw)));
  return http::Response::json(base::JsonObject().raw("flaws", sentences.finish()).finish());
}

flow::ChangeWish read_change(const Visit& visit) {
  return {base::Secret(visit.form.get("old_password")), base::Secret(visit.form.get("new_password")),
          base::Secret(visit.form.get("new_password_repeat"))};
}

}  // namespace web
