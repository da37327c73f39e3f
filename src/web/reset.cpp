// A forgotten password. Until people can reset it themselves this page says honestly whom to ask (S4.10).
#include "web/layout.hpp"
#include "web/pages.hpp"

namespace web {

http::Response show_reset(Visit& visit) {
  View view;
  view.text("administrator", visit.options.administrator);
  return show_entry(visit, "reset", "reset.title", std::move(view));
}

}  // namespace web
