#include "web/administration/connector_question.hpp"

#include <algorithm>

#include "web/administration/system_words.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/settings/steps.hpp"

namespace web {

flow::ConnectorWish read_connector_wish(const Visit& visit) {
  flow::ConnectorWish wish;
  wish.demands.plain_directory = visit.form.get("plain_directory") == "yes";
  wish.demands.tls_only = visit.form.get("tls_only") == "on";
  wish.demands.is_mandatory = visit.form.get("is_mandatory") == "on";
  wish.demands.mode = visit.form.get("mode");
  wish.version = read_version(visit);
  wish.is_sure = visit.form.get("sure") == "yes";
  return wish;
}

http::Response show_connector_question(Visit& visit, const flow::ApplyDone& asked, const std::string& flaw) {
  View view;
  view.flag("opens", asked.opens).text("problem", flaw);
  if (!asked.locked_out.empty()) {
    view.flag("locks").flag("locks_all", asked.locked_out.is_everybody);
    view.text("locked_count", visit.say("systems.locked", {{"n", asked.locked_out.count}}));
    for (const std::string& id : asked.locked_out.systems) view.add("locked").text("system", id);
    const auto shown = static_cast<std::int64_t>(asked.locked_out.systems.size());
    if (asked.locked_out.count > shown) {
      view.text("locked_more", visit.say("systems.locked_more", {{"n", asked.locked_out.count - shown}}));
    }
  }
  // All that was sent, as it was for its sender, so that a change of somebody else meanwhile is named.
  for (const auto& [name, value] : visit.form.fields()) {
    const bool is_own = name == "csrf" || name == "password" || name == "sure";
    if (!is_own) view.add("fields").text("field_name", name).text("field_value", value);
  }
  view.text("csrf_settings", make_session_csrf(visit, "/admin/systems/settings"));
  add_proof(view, visit);
  return show_inside(visit, "connector_question", "systems.question.title", systems_path, std::move(view),
                     status_of_flaw);
}

}  // namespace web
