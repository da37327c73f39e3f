// The applications that the person may open (S4.19, S2.1).
#include <algorithm>

#include "flow/oauth/list_applications.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

std::string first_character(const std::string& name) {
  std::size_t end = std::min<std::size_t>(name.size(), 1);
  while (end < name.size() && (static_cast<unsigned char>(name[end]) & 0xc0U) == 0x80U) ++end;
  return name.substr(0, end);
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
  View view;
  if (const auto added = add_applications(view, visit); !added) return show_error(visit, added.error());
  return show_inside(visit, "applications", "applications.title", "/account/applications", std::move(view));
}

}  // namespace web
