// The password policy in force, in words (S4.15, S0.3), and the flaws of a new password while it is typed.
#include "base/json.hpp"
#include "base/log.hpp"
#include "flow/password/find_policy.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/password_words.hpp"

namespace web {

http::Response show_policy(Visit& visit) {
  const auto policy = flow::find_policy_for(visit.house, visit.visitor, visit.facts.now);
  if (!policy) return show_error(visit, policy.error());
  View view;
  add_policy(view, visit, *policy);
  // Who reads it before a change that must be made goes back to the login in progress.
  if (take_attempt(visit, visit.query.get("attempt"))) view.text("attempt", visit.attempt->id.to_string());
  view.flag("own", visit.visitor.account() != nullptr)
      .flag("actor", visit.visitor.actor && visit.visitor.actor->may(rights::Permission::own_password));
  return show_entry(visit, "policy", "policy.title", std::move(view));
}

http::Response check_password(Visit& visit) {
  const auto preview =
      flow::preview_password(visit.house, visit.visitor, visit.form.get("new_password"), visit.facts.now);
  if (!preview) {
    return http::Response::json(base::JsonObject().text("error", "unavailable").finish(),
                                status_of(preview.error().code));
  }
  return say_preview(visit, *preview);
}

}  // namespace web
