#include "web/page/form_post.hpp"

#include "browser/request_facts.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/page/brand.hpp"
#include "web/page/templates.hpp"
#include "web/page/theme.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

http::Response form_post_page(const flow::House& house, const http::Request& request, const browser::FormPost& answer) {
  const text::Language language = browser::language_of(request);
  const auto brand = last_brand(house);
  View view;
  view.text("title", text::say(language, "form_post.title"));
  view.text("administrator", house.settings.site.administrator);
  view.text("brand", brand->name).text("theme", theme_address(*brand)).text("logo", logo_address(*brand));
  view.text("action", answer.action);
  for (const auto& [name, value] : answer.fields) {
    view.add("fields").text("name", std::string(name)).text("value", value);
  }
  http::Response response = http::Response::html(render("form_post", language, view), 200);
  response.form_action = find_form_origin(answer.action);
  return response;
}

}  // namespace web
