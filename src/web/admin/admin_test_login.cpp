// A test login: what an application would be told about the administrator (flow/grant/try_client.hpp).
#include <algorithm>
#include <array>
#include <charconv>

#include "flow/grant/try_client.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/applications";
constexpr auto needed = rights::Permission::manage_clients;
constexpr std::string_view trial_cookie = "chancery_trial";
constexpr std::array<std::string_view, 4> times{"auth_time", "exp", "iat", "nbf"};

/// The time that the value of a claim means; "" = it is none.
std::string say_time(const Visit& visit, const std::string& name, const std::string& value) {
  if (std::find(times.begin(), times.end(), name) == times.end()) return {};
  std::int64_t seconds = 0;
  const auto [end, failed] = std::from_chars(value.data(), value.data() + value.size(), seconds);
  if (failed != std::errc() || end != value.data() + value.size()) return {};
  return text::format_time(visit.language, base::from_ms(seconds * 1000), visit.house.settings.site.time_zone);
}

void add_part(View& view, const Visit& visit, std::string_view title, const flow::Members& members) {
  if (members.empty()) return;
  View& part = view.add("parts");
  part.text("part_title", visit.say(title));
  for (const auto& [name, value] : members) {
    View& item = part.add("members");
    item.text("member", name).text("value", value).text("moment", say_time(visit, name, value));
  }
}

http::Response show_failure(Visit& visit, const std::string& client_id, std::string words, int status) {
  View view;
  view.text("problem", std::move(words));
  view.text("page", client_id.empty() ? std::string(here) : std::string(here) + "/" + client_id);
  return show_inside(visit, "admin_test_login", "client.try", here, std::move(view), status);
}

}  // namespace

http::Response submit_client_try(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string& id = visit.request.path_parameters.at(0);
  auto trial = flow::begin_trial(visit.house, *visit.visitor.actor, id, base::Secret(visit.form.get("client_secret")),
                                 visit.facts.now);
  if (!trial && trial.error().code == base::Code::invalid_input) {
    return show_failure(visit, id, visit.say("client.try.impossible"), 409);
  }
  if (!trial) return show_error(visit, trial.error());
  visit.cookies.set(trial_cookie, std::move(trial->sealed), flow::trial_lasts);
  return redirect(visit, std::move(trial->location));
}

http::Response show_test_login(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const flow::TrialAnswer answer{visit.query.get("state"), visit.query.get("code"),
                                 browser::read_cookie(visit.request, trial_cookie)};
  visit.cookies.remove(trial_cookie);
  const std::string client_id = flow::find_client_of_trial(visit.house, answer);
  if (client_id.empty()) return show_failure(visit, {}, visit.say("client.try.gone"), 400);
  if (answer.code.empty()) {
    const std::string why = visit.query.get("error") + ": " + visit.query.get("error_description");
    return show_failure(visit, client_id, visit.say("client.try.refused") + " " + why, 200);
  }
  const auto result = flow::finish_trial(visit.house, *visit.visitor.actor, answer, visit.facts);
  if (!result && result.error().code == base::Code::expired) {
    return show_failure(visit, client_id, visit.say("client.try.gone"), 400);
  }
  if (!result) return show_error(visit, result.error());
  if (result->refusal) {
    const bool is_secret = result->refusal->error == flow::OAuthError::invalid_client;
    std::string why = visit.say(is_secret ? "client.try.secret" : "client.try.refused");
    if (!is_secret) why.append(" ").append(result->refusal->description);
    return show_failure(visit, client_id, std::move(why), 200);
  }
  View view;
  view.flag("worked").text("page", std::string(here) + "/" + client_id);
  view.text("client_id", client_id).text("scope", result->scope);
  view.text("lasts", visit.say("client.try.lasts", {{"n", result->expires_in / 60}}));
  add_part(view, visit, "client.try.id_token", result->id_token.claims);
  add_part(view, visit, "client.try.id_token_header", result->id_token.header);
  add_part(view, visit, "client.try.access_token", result->access_token.claims);
  add_part(view, visit, "client.try.access_token_header", result->access_token.header);
  add_part(view, visit, "client.try.userinfo", result->userinfo);
  return show_inside(visit, "admin_test_login", "client.try", here, std::move(view));
}

}  // namespace web
