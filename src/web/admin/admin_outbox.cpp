// The outbox for administrators: messages that wait, were delivered or failed, and why. Failed ones are retried or
// dropped.
#include "flow/house/site_settings.hpp"
#include "flow/message/manage_messages.hpp"
#include "flow/oauth/list_applications.hpp"
#include "flow/proof/prove_again.hpp"
#include "text/text.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/pager.hpp"
#include "web/page/proof.hpp"
#include "web/page/tenant_choice.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/outbox";

using Change = base::Result<void> (*)(const flow::House&, const rights::Actor&, std::string_view,
                                      const flow::RequestFacts&);

bool is_action(std::string_view action) {
  return action == "retry" || action == "drop";
}

/// A sentence for the code of the last try (docs/decisions/0025). An unknown code stands behind it in brackets.
std::string error_words(const Visit& visit, const flow::MessageRow& row) {
  if (row.error.empty()) return {};
  std::string_view code = row.error;
  constexpr std::string_view not_tried = "not_tried ";
  if (code.starts_with(not_tried)) code.remove_prefix(not_tried.size());
  const std::string word(code.substr(0, code.find(' ')));
  std::string key = "outbox.error." + word;
  if (word == "http" && row.kind == "sms") return visit.say("outbox.error.gateway_problem");
  if (word == "smtp" || word == "http") {
    const bool is_refusal = word == "smtp" && code.size() > 5 && code[5] == '5';
    key += is_refusal ? ".refused" : ".later";
  }
  return text::has(key) ? visit.say(key) : visit.say("outbox.error.other") + " (" + row.error + ")";
}

void add_row(View& view, const Visit& visit, const flow::MessageRow& row) {
  const std::string& zone = visit.house.settings.site.time_zone;
  // Only messages to people have a subject. Of a dropped message it is erased.
  const bool is_message = row.kind == "mail" || row.kind == "sms";
  const std::string about = row.message.empty() ? "outbox.about.gone" : "message." + row.message + ".subject";
  // In the language of the page; an application that is not there any more keeps its name of then.
  const auto application = flow::find_application_name(visit.house, row.client_id, visit.language);
  const bool is_named = application && !application->empty();
  View& item = view.add("messages");
  item.text("id", row.id.to_string()).text("kind", visit.say("outbox.kind." + row.kind));
  item.text("about", is_message ? visit.say(about) : std::string());
  item.flag("is_of_deleted", row.is_of_deleted)
      .text("person_of", row.person)
      .text("to", is_named ? *application : row.to)
      .text("state", visit.say("outbox.state." + row.state));
  if (!row.report.empty()) item.text("report", visit.say("outbox.report." + row.report));
  item.flag("failed", row.state == "failed")
      .text("error", error_words(visit, row))
      .text("tries", std::to_string(row.tries));
  item.text("at", text::format_time(visit.language, row.created_at, zone));
  if (row.state == "pending") item.text("next_at", text::format_time(visit.language, row.next_at, zone));
  item.flag("may_retry", row.may_retry).flag("may_drop", row.may_drop);
  item.text("csrf_change", make_session_csrf(visit, here));
}

/// After a proof: asks whether to make the change that the address names.
void add_asked(View& view, const Visit& visit) {
  const std::string action = visit.query.get("confirm");
  const auto id = base::Id::parse(visit.query.get("id"));
  if (!is_action(action) || !id) return;
  add_question(view, visit,
               {visit.say("outbox.ask." + action),
                visit.say("outbox." + action),
                std::string(here),
                std::string(here),
                {{"action", action}, {"id", id->to_string()}}});
}

}  // namespace

http::Response show_outbox(Visit& visit) {
  constexpr auto needed = rights::Permission::manage_messages;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string state = visit.query.get("state");
  const std::string tenant = visit.query.get("tenant");
  View view;
  if (const auto added = add_tenant_choice(view, visit, tenant, "tenant.all"); !added)
    return show_error(visit, added.error());
  for (const std::string_view one : {"pending", "delivered", "failed", "dropped"}) {
    view.add("states")
        .text("value", std::string(one))
        .text("label", visit.say("outbox.state." + std::string(one)))
        .flag("chosen", state == one);
  }
  const auto refuse = [&] {
    view.flag("bad_filter");
    return show_inside(visit, "admin_outbox", "outbox.title", here, std::move(view), 400);
  };
  const auto wish = read_page_wish(visit.query);
  if (!wish) return refuse();
  const auto page = flow::list_messages(visit.house, *visit.visitor.actor, {state, tenant, *wish}, visit.facts.now);
  if (!page) return page.error().code == base::Code::invalid_input ? refuse() : show_error(visit, page.error());
  for (const flow::MessageRow& row : page->rows) add_row(view, visit, row);
  add_asked(view, visit);
  view.flag("any", !page->rows.empty()).flag("empty", page->rows.empty()).flag("gone", visit.query.has("gone"));
  add_pages(view, visit, {std::string(here), {{"state", state}, {"tenant", tenant}}}, page->ends);
  return show_inside(visit, "admin_outbox", "outbox.title", here, std::move(view));
}

http::Response submit_outbox(Visit& visit) {
  const std::string action = visit.form.get("action");
  if (!is_action(action)) return show_error(visit, 400, "the action is neither retry nor drop");
  if (!flow::has_fresh_proof(visit.house, *visit.visitor.actor, visit.facts.now)) {
    const auto id = base::Id::parse(visit.form.get("id"));
    if (!id) return show_error(visit, 404, "the form has no id of a message");
    return prove_first(visit, std::string(here) + "?confirm=" + action + "&id=" + id->to_string());
  }
  const Change change = action == "retry" ? flow::retry_message : flow::drop_message;
  const auto changed = change(visit.house, *visit.visitor.actor, visit.form.get("id"), visit.facts);
  if (changed) return redirect(visit, std::string(here));
  if (changed.error().code == base::Code::conflict) return redirect(visit, std::string(here) + "?gone=1");
  return show_error(visit, changed.error());
}

}  // namespace web
