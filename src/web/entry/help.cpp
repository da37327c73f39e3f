// Help for people: one short page for each topic, without a login.
#include "web/page/help.hpp"

#include <algorithm>
#include <chrono>

#include "flow/house/site_settings.hpp"
#include "flow/password/reset_settings.hpp"
#include "flow/session/session_settings.hpp"
#include "web/entry/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

std::int64_t minutes_of(base::Duration duration) {
  return std::chrono::ceil<std::chrono::minutes>(duration).count();
}

text::Arguments make_figures(const Visit& visit) {
  const flow::SessionSettings& session = visit.house.settings.session;
  return {{"link_minutes", minutes_of(visit.house.settings.reset.link_lasts)},
          {"idle_minutes", minutes_of(visit.request.prefix.empty() ? session.idle : session.connector_idle)},
          {"longest_hours", std::int64_t{std::chrono::ceil<std::chrono::hours>(session.absolute).count()}}};
}

void add_topics(View& view, const Visit& visit, std::string_view current) {
  for (const std::string_view topic : help_topics) {
    if (topic == current) continue;
    view.add("topics")
        .text("href", "/help/" + std::string(topic))
        .text("label", visit.say("help." + std::string(topic) + ".title"));
  }
}

}  // namespace

http::Response show_help(Visit& visit) {
  View view;
  add_topics(view, visit, "");
  view.flag("actor", visit.visitor.actor.has_value());
  return show_entry(visit, "help_topics", "help.title", std::move(view));
}

http::Response show_help_topic(Visit& visit) {
  const std::string& topic = visit.request.path_parameters.at(0);
  if (std::find(std::begin(help_topics), std::end(help_topics), topic) == std::end(help_topics))
    return show_error(visit, 404, "no such help");
  const std::string prefix = "help." + topic + ".";
  const text::Arguments figures = make_figures(visit);
  View view;
  view.text("heading", visit.say(prefix + "title")).text("lead", visit.say(prefix + "lead"));
  for (int number = 1; text::has(prefix + std::to_string(number) + ".ask"); ++number) {
    const std::string question = prefix + std::to_string(number);
    view.add("questions")
        .text("ask", visit.say(question + ".ask"))
        .text("answer", visit.say(question + ".answer", figures));
  }
  add_topics(view, visit, topic);
  view.flag("actor", visit.visitor.actor.has_value());
  return show_entry(visit, "help", prefix + "title", std::move(view));
}

}  // namespace web
