// All that is stored about the own account, as a file (GDPR Art. 15 and 20). The proof comes before this page: the
// answer to its form is a file, so that no page could ask for a password or say that it was wrong.
#include "base/time.hpp"
#include "flow/export/export_data.hpp"
#include "flow/proof/prove_again.hpp"
#include "web/account/data_file.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/data/download";

/// "my-data-2026-11-28.json"
std::string file_name(const Visit& visit, std::string_view ending) {
  return "my-data-" + base::to_rfc3339(visit.facts.now).substr(0, 10) + "." + std::string(ending);
}

}  // namespace

http::Response show_data_download(Visit& visit) {
  View view;
  const bool is_proven = flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now);
  view.flag("is_proven", is_proven).text("csrf", make_session_csrf(visit, here));
  view.text("confirm", "/account/confirm?next=" + base::percent_encode(here));
  return show_inside(visit, "data_download", "download.title", "/account/data", std::move(view));
}

http::Response submit_data_download(Visit& visit) {
  const std::string format = visit.form.get("format");
  if (format != "json" && format != "html") return show_error(visit, 400, "no such format");
  const rights::Actor& actor = *visit.visitor.actor;
  if (!flow::has_fresh_proof(visit.house, actor, visit.facts.now)) return prove_first(visit, here);
  const auto data = flow::export_own_data(visit.house, actor, format, visit.facts);
  if (!data) return show_error(visit, data.error());
  http::Response response = format == "json" ? http::Response::json(flow::to_json(*data))
                                             : http::Response::html(print_data_file(visit, *data));
  response.add("Content-Disposition", "attachment; filename=\"" + file_name(visit, format) + "\"");
  return response;
}

}  // namespace web
