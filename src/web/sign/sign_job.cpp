// A signing job (S4.22): what will be signed, with the field for the PIN; the progress, which the browser reads again
// by itself; then a result for each document. A job that was interrupted is continued here.
#include <algorithm>
#include <memory>
#include <mutex>

#include "flow/house/site_settings.hpp"
#include "flow/signature/document_copy.hpp"
#include "flow/signature/pack_results.hpp"
#include "flow/signature/signing_desk.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/timestamp/issue_timestamp.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/sign/pages.hpp"
#include "web/sign/sign_words.hpp"

namespace web {
namespace {

constexpr std::string_view list = "/account/sign";
constexpr const char* seconds_to_reload = "2";
constexpr base::Duration wait_for_job = std::chrono::milliseconds(1500);

std::string page_of(const base::Id& id) {
  return std::string(list) + "/" + id.to_string();
}

flow::KeyUser user_of(const Visit& visit) {
  return &*visit.visitor.actor;
}

/// nullopt: the path has no id, or there is no such job of the person.
base::Result<std::optional<flow::Job>> find(const Visit& visit) {
  const auto id = base::Id::parse(visit.request.path_parameters.at(0));
  if (!id) return std::optional<flow::Job>();
  auto job = flow::find_job(visit.house, user_of(visit), *id, visit.facts.now);
  if (job) return std::optional(std::move(*job));
  if (job.error().code == base::Code::not_found) return std::optional<flow::Job>();
  return base::pass_on(std::move(job));
}

http::Response show_gone(Visit& visit) {
  View view;
  view.flag("is_gone");
  return show_inside(visit, "sign_job", "signing.job.title", list, std::move(view), 404);
}

/// The link to the document as it was received, or why there is none.
void add_look(View& row, const Visit& visit, const flow::Job& job, const flow::JobItem& item,
              const flow::Looked& looked) {
  if (looked.is_there) {
    const bool is_shown = !type_to_show(looked.kind).empty();
    row.text("open", page_of(job.id) + "/document?n=" + std::to_string(item.position));
    row.text("open_label", visit.say(is_shown ? "signing.open" : "signing.fetch"));
    if (!is_shown) row.text("open_note", visit.say("signing.fetch.why"));
  } else if (job.state == "open" && item.size > static_cast<std::int64_t>(flow::most_copied)) {
    row.text("open_note", visit.say("signing.open.too_large", {{"size", print_size(visit, flow::most_copied)}}));
  } else if (job.state == "open") {
    row.text("open_note", visit.say("signing.open.absent"));
  }
}

void add_items(View& view, const Visit& visit, const flow::Job& job) {
  const auto copies = flow::list_copies(visit.house, user_of(visit), job.id, visit.facts.now);
  for (const flow::JobItem& item : job.items) {
    View& row = view.add("items");
    const auto at = static_cast<std::size_t>(item.position);
    const flow::Looked looked = copies && at < copies->size() ? (*copies)[at] : flow::Looked();
    row.text("type", visit.say("signing.type." + std::string(name_of(looked.kind))));
    add_look(row, visit, job, item, looked);
    row.text("number", std::to_string(item.position + 1)).text("name", item.name);
    row.text("size", print_size(visit, static_cast<std::size_t>(std::max<std::int64_t>(item.size, 0))));
    row.text("sha256", item.sha256).text("state", visit.say("signing.item." + item.state));
    row.text("why", say_item_reason(visit, item.reason)).flag("is_failed", item.state == "failed");
    row.flag("is_done", item.state == "done");
    if (item.state == "done") row.text("file", page_of(job.id) + "/result?n=" + std::to_string(item.position));
  }
}

/// Which key signs, and what it asks for.
void add_key(View& view, const Visit& visit, const flow::Job& job) {
  if (!job.credential_id) return;
  const auto key = flow::find_usable_credential(visit.house, user_of(visit), *job.credential_id, visit.facts.now);
  if (!key) return;
  view.text("key", say_credential(visit, *key)).text("subject", key->subject);
  view.text("kind", visit.say(key->backend == "token" ? "signing.kind.token" : "signing.kind.software"));
  view.flag("asks_pin", key->activation == "pin").flag("is_seal", key->is_seal);
  view.flag("asks_proof", key->activation == "password" || key->activation == "second_factor");
}

http::Response show(Visit& visit, const flow::Job& job, std::string problem, int status) {
  View view;
  const std::string page = page_of(job.id);
  const std::string& zone = visit.house.settings.site.time_zone;
  view.text("job_number", job.number).text("problem", std::move(problem));
  view.text("form",
            visit.say("signing.form." + std::string(name_of(job.format)) + "_" + std::string(name_of(job.packaging))));
  view.flag("is_stamped", job.level == flow::Level::t);
  view.text("expires", text::format_time(visit.language, job.expires_at, zone));
  add_items(view, visit, job);
  add_key(view, visit, job);
  const auto all = static_cast<std::int64_t>(job.items.size());
  const std::int64_t ready = job.count("done") + job.count("failed");
  const bool is_running = job.state == "running";
  const bool is_open = job.state == "open";
  view.text("ready", visit.say("signing.ready", {{"n", ready}, {"all", all}}));
  view.text("ready_number", std::to_string(ready)).text("all_number", std::to_string(all));
  view.flag("is_running", is_running).flag("is_open", is_open).flag("is_over", job.state == "done");
  view.flag("is_cancelled", job.state == "cancelled").flag("is_begun", is_open && ready > job.count("failed"));
  view.flag("lacks_stamp", is_open && job.count("valued") > 0);
  view.text("failed", job.count("failed") > 0 ? visit.say("signing.failed", {{"n", job.count("failed")}}) : "");
  if (flow::may_pack(job)) view.text("archive", page + "/result?n=all");
  view.text("title_key", visit.say("signing.job." + job.state));
  view.text("confirm_path", page + "/confirm").text("csrf_confirm", make_session_csrf(visit, page + "/confirm"));
  view.text("cancel_path", page + "/cancel").text("csrf_cancel", make_session_csrf(visit, page + "/cancel"));
  const bool reloads = is_running && visit.query.get("reload") != "no";
  view.flag("reloads", reloads).flag("paused", is_running && !reloads).text("page", page);
  http::Response response = show_inside(visit, "sign_job", "signing.job.title", list, std::move(view), status);
  if (reloads) response.add("Refresh", std::string(seconds_to_reload) + "; url=" + page);
  return response;
}

http::Response send_result(flow::JobResult result) {
  http::Response response;
  response.content_type = std::move(result.media_type);
  add_file_name(response, "attachment", result.name);
  response.body = std::move(result.octets);
  return response;
}

/// What a thread of the desk tells the one that waits for it.
struct Outcome {
  std::mutex mutex;
  std::optional<base::Result<flow::JobAnswer>> answer;
};

}  // namespace

http::Response show_sign_job(Visit& visit) {
  const auto job = find(visit);
  if (!job) return show_error(visit, job.error());
  return *job ? show(visit, **job, {}, 200) : show_gone(visit);
}

http::Response submit_sign_confirm(Visit& visit) {
  const auto job = find(visit);
  if (!job) return show_error(visit, job.error());
  if (!*job || visit.house.signing == nullptr) return show_gone(visit);
  if ((*job)->state != "open") return redirect(visit, page_of((*job)->id));
  flow::JobOrder order;
  order.job_id = (*job)->id;
  order.pin = base::Secret(visit.form.get("pin"));
  order.clocks = flow::read_clocks;
  const auto outcome = std::make_shared<Outcome>();
  // The job may outlast the request, so that it has all it needs itself.
  const auto run = visit.house.signing->run(
      [house = visit.house, actor = *visit.visitor.actor, order, facts = visit.facts, outcome] {
        auto answer = flow::sign_job(house, &actor, order, facts);
        const std::lock_guard lock(outcome->mutex);
        outcome->answer.emplace(std::move(answer));
      },
      wait_for_job);
  if (!run.is_taken) return show(visit, **job, visit.say("signing.refusal.busy"), 503);
  const std::lock_guard lock(outcome->mutex);
  if (!outcome->answer) return redirect(visit, page_of((*job)->id));
  const base::Result<flow::JobAnswer>& answer = *outcome->answer;
  if (!answer) return show_error(visit, answer.error());
  if (!answer->refusal) return redirect(visit, page_of((*job)->id));
  if (*answer->refusal == flow::SignRefusal::proof_needed) return prove_first(visit, page_of((*job)->id));
  const flow::Job& now = answer->job ? *answer->job : **job;
  return show(visit, now, say_sign_refusal(visit, *answer->refusal), status_of_sign_refusal(*answer->refusal));
}

http::Response submit_sign_cancel(Visit& visit) {
  const auto job = find(visit);
  if (!job) return show_error(visit, job.error());
  if (!*job) return show_gone(visit);
  const auto cancelled = flow::cancel_job(visit.house, user_of(visit), (*job)->id, visit.facts.now);
  if (!cancelled) return show_error(visit, cancelled.error());
  return redirect(visit, page_of((*job)->id));
}

http::Response show_sign_result(Visit& visit) {
  const auto job = find(visit);
  if (!job) return show_error(visit, job.error());
  const std::string asked = visit.query.get("n");
  if (*job && asked == "all") {
    auto packed = flow::pack_results(visit.house, user_of(visit), **job, visit.facts.now);
    if (packed) return send_result(std::move(*packed));
    return packed.error().code == base::Code::not_found ? show_gone(visit) : show_error(visit, packed.error());
  }
  for (std::int64_t position = 0; *job && position < static_cast<std::int64_t>((*job)->items.size()); ++position) {
    if (asked != std::to_string(position)) continue;
    auto result = flow::find_result(visit.house, user_of(visit), (*job)->id, position, visit.facts.now);
    if (!result && result.error().code != base::Code::not_found) return show_error(visit, result.error());
    if (!result) break;
    return send_result(std::move(*result));
  }
  return show_gone(visit);
}

}  // namespace web
