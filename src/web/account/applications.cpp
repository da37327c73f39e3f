// The applications that the person may open (S4.19, S2.1), and those that have the person's consent or access that
// outlives the session.
#include <algorithm>

#include "flow/oauth/consent.hpp"
#include "flow/oauth/list_applications.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/moment.hpp"

namespace web {
namespace {

std::string first_character(const std::string& name) {
  std::size_t end = std::min<std::size_t>(name.size(), 1);
  while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80U) ++end;
  return name.substr(0, end);
}

constexpr std::string_view withdraw_path = "/account/applications/withdraw";

base::Result<void> add_consents(View& view, const Visit& visit) {
  ASSIGN_OR_RETURN(const auto consents,
                   flow::list_consents(visit.house, *visit.visitor.actor, visit.language, visit.facts.now));
  if (consents.empty()) return {};
  view.flag("any_consent").text("csrf_withdraw", make_session_csrf(visit, withdraw_path));
  const bool may_withdraw = !visit.visitor.actor->is_acting();
  for (const flow::GivenConsent& consent : consents) {
    View& item = view.add("consents");
    item.text("name", consent.name).text("id", consent.id).flag("may_withdraw", may_withdraw);
    item.flag("is_asked", consent.is_asked);
    add_moment(item, visit, "given", consent.changed_at);
    for (const flow::ConsentItem& one : consent.items) item.add("items").text("text", one.text);
  }
  return {};
}

http::Response show_page(Visit& visit, std::string done) {
  View view;
  if (const auto added = add_applications(view, visit); !added) return show_error(visit, added.error());
  if (const auto added = add_consents(view, visit); !added) return show_error(visit, added.error());
  if (!done.empty()) view.text("done", std::move(done));
  return show_inside(visit, "applications", "applications.title", "/account/applications", std::move(view));
}

}  // namespace

base::Result<void> add_applications(View& view, const Visit& visit) {
  ASSIGN_OR_RETURN(const auto applications, flow::list_applications(visit.house, *visit.visitor.actor, visit.language));
  for (const flow::Application& application : applications) {
    // Only addresses with http or https become links; javascript: and data: would run in this page.
    if (!application.url.starts_with("https://") && !application.url.starts_with("http://")) continue;
    View& item = view.add("applications");
    item.text("name", application.name).text("description", application.description).text("url", application.url);
    item.text("initial", first_character(application.name));
  }
  view.flag("any", view.find("applications") != nullptr);
  return {};
}

http::Response show_applications(Visit& visit) {
  return show_page(visit, visit.query.get("done") == "withdrawn" ? visit.say("applications.withdrawn") : std::string());
}

http::Response submit_withdrawal(Visit& visit) {
  if (visit.visitor.actor->is_acting()) return show_error(visit, 403, "only the person takes the consent back");
  const auto id = base::Id::parse(visit.form.get("application"));
  if (!id) return show_error(visit, 404, id.error().reason);
  const auto done = flow::withdraw_consent(visit.house, *visit.visitor.actor, *id, visit.facts);
  if (!done) return show_error(visit, done.error());
  return redirect(visit, "/account/applications?done=withdrawn");
}

}  // namespace web
