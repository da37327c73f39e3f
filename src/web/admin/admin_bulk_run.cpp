// A run on many accounts: its progress, which the browser reads again by itself until the person pauses that, an
// outcome for each account, the button that stops it, and the outcomes as a file.
#include "flow/admin/bulk_act.hpp"
#include "flow/export/print_bulk.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/admin/bulk_words.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/accounts/bulk";
constexpr std::string_view list = "/admin/accounts";
constexpr std::size_t most_runs = 20;
constexpr const char* seconds_to_reload = "3";

void add_run(View& view, const Visit& visit, const flow::BulkRun& run) {
  const std::string& zone = visit.house.settings.site.time_zone;
  view.text("id", run.id.to_string()).text("act_said", say_bulk(visit, run.act, run.target));
  view.text("state", visit.say("bulk.state." + run.state)).flag("running", run.state == "running");
  view.flag("refused", run.state == "refused");
  view.text("begun", text::format_time(visit.language, run.begun_at, zone));
  if (run.ended_at) view.text("ended", text::format_time(visit.language, *run.ended_at, zone));
}

http::Response show_run(Visit& visit, bool has_ended = false) {
  const auto id = base::Id::parse(visit.request.path_parameters.at(0));
  if (!id) return show_error(visit, 404, "the path has no id of a run");
  const auto progress = flow::read_bulk(visit.house, *visit.visitor.actor, *id);
  if (!progress) return show_error(visit, progress.error());
  const std::string page = std::string(here) + "/" + id->to_string();
  const auto all = static_cast<std::int64_t>(progress->rows.size());
  View view;
  add_run(view, visit, progress->run);
  view.text("ready", visit.say("bulk.ready", {{"n", all - progress->waiting}, {"all", all}}));
  view.text("changed", visit.say("bulk.changed", {{"n", progress->done}}));
  view.text("ready_number", std::to_string(all - progress->waiting)).text("all_number", std::to_string(all));
  view.text("csrf_stop", make_session_csrf(visit, page + "/stop"));
  const bool is_running = progress->run.state == "running";
  const bool reloads = is_running && visit.query.get("reload") != "no";
  view.flag("reloads", reloads).flag("paused", is_running && !reloads).flag("too_late", has_ended);
  for (const flow::BulkRow& row : progress->rows) add_bulk_row(view.add("rows"), visit, row);
  http::Response response =
      show_inside(visit, "admin_bulk_run", "bulk.run", list, std::move(view), has_ended ? 409 : 200);
  if (reloads) response.add("Refresh", std::string(seconds_to_reload) + "; url=" + page);
  return response;
}

}  // namespace

http::Response show_bulk_runs(Visit& visit) {
  if (auto refusal = refuse_bulk(visit)) return std::move(*refusal);
  const auto runs = flow::list_bulk(visit.house, *visit.visitor.actor, most_runs);
  if (!runs) return show_error(visit, runs.error());
  View view;
  view.flag("any", !runs->empty()).flag("empty", runs->empty());
  for (const flow::BulkRun& run : *runs) add_run(view.add("runs"), visit, run);
  return show_inside(visit, "admin_bulk_runs", "bulk.runs", list, std::move(view));
}

http::Response show_bulk_run(Visit& visit) {
  if (auto refusal = refuse_bulk(visit)) return std::move(*refusal);
  return show_run(visit);
}

http::Response submit_bulk_stop(Visit& visit) {
  if (auto refusal = refuse_bulk(visit)) return std::move(*refusal);
  const auto id = base::Id::parse(visit.request.path_parameters.at(0));
  if (!id) return show_error(visit, 404, "the path has no id of a run");
  const auto done = flow::stop_bulk(visit.house, *visit.visitor.actor, *id, visit.facts);
  if (done) return redirect(visit, std::string(here) + "/" + id->to_string());
  return done.error().code == base::Code::conflict ? show_run(visit, true) : show_error(visit, done.error());
}

http::Response show_bulk_results(Visit& visit) {
  if (auto refusal = refuse_bulk(visit)) return std::move(*refusal);
  const auto id = base::Id::parse(visit.request.path_parameters.at(0));
  if (!id) return show_error(visit, 404, "the path has no id of a run");
  const auto progress = flow::read_bulk(visit.house, *visit.visitor.actor, *id);
  if (!progress) return show_error(visit, progress.error());
  http::Response response;
  response.content_type = "text/csv; charset=utf-8; header=present";
  response.add("Content-Disposition", "attachment; filename=\"accounts.csv\"");
  response.body = flow::print_bulk(*progress);
  return response;
}

}  // namespace web
