// The audit log (S4.26): newest first, with filters and pages. The filters are a form that is posted, because a login
// must not be in an address (ASVS 5.0 14.2.1), which holds it sealed; an address may name an account by its id.
#include <algorithm>
#include <array>
#include <charconv>

#include "audit/reported.hpp"
#include "audit/vocabulary.hpp"
#include "flow/audit/export_audit.hpp"
#include "flow/house/site_settings.hpp"
#include "identity/spelling/comparison_form.hpp"
#include "text/text.hpp"
#include "web/admin/account_fields.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/pager.hpp"
#include "web/page/tenant_choice.hpp"

namespace web {
namespace {

constexpr std::array<std::string_view, 9> filters{"type",    "outcome", "account", "client", "source",
                                                  "request", "tenant",  "from",    "to"};

/// Details whose values are codes, which are translated. The values of all others (ids, names, times) are shown as they
/// are.
constexpr std::array<std::string_view, 31> coded{
    "permission",   "name",   "brand_name", "accent",   "accent_dark", "logo",
    "reason",       "motive", "why",        "how",      "by",          "for",
    "step",         "kind",   "method",     "form",     "change",      "what",
    "device",       "chosen", "channel",    "verified", "must_change", "failures_forgotten",
    "invited",      "act",    "profile",    "purpose",  "feature",     "feature_before",
    "feature_state"};

/// A code in the person's language. An unknown code is shown as it is.
std::string word(const Visit& visit, const std::string& prefix, std::string_view value) {
  const std::string key = prefix + std::string(value);
  return text::has(key) ? visit.say(key) : std::string(value);
}

constexpr std::string_view here = "/admin/audit";

/// What show_audit found by read_asked.
const http::Form& asked(const Visit& visit) {
  return is_sealed(visit) || visit.request.method == http::Method::post ? visit.form : visit.query;
}

/// A number of a request as somebody has read it aloud or typed it, in groups.
std::string without_blanks(std::string number) {
  number = identity::trimmed(number);
  number.erase(std::remove(number.begin(), number.end(), ' '), number.end());
  return number;
}

base::Result<flow::AuditQuery> parse_query(const Visit& visit) {
  flow::AuditQuery query;
  query.type = asked(visit).get("type");
  query.outcome = asked(visit).get("outcome");
  query.account = asked(visit).get("account");
  query.client = asked(visit).get("client");
  query.source = asked(visit).get("source");
  query.tenant = asked(visit).get("tenant");
  query.request_id = without_blanks(asked(visit).get("request"));
  if (&asked(visit) == &visit.query && !query.account.empty() && !base::Id::parse(query.account)) {
    return base::fail(base::Code::invalid_input, "an address names no account but by its id");
  }
  const std::string& zone = visit.house.settings.site.time_zone;
  const std::string from = asked(visit).get("from");
  const std::string to = asked(visit).get("to");
  if (!from.empty()) {
    query.from = text::find_day(from, zone);
    if (!query.from) return base::fail(base::Code::invalid_input, "no such day");
  }
  if (!to.empty()) {
    query.to = text::find_day(to, zone, 1);  // the last day is included
    if (!query.to) return base::fail(base::Code::invalid_input, "no such day");
  }
  const std::string before = asked(visit).get("before");
  if (!before.empty()) {
    const auto [end, error] = std::from_chars(before.data(), before.data() + before.size(), query.before_seq);
    if (error != std::errc() || end != before.data() + before.size() || query.before_seq < 0) {
      return base::fail(base::Code::invalid_input, "no such page");
    }
  }
  const std::size_t most = query.page.most;
  ASSIGN_OR_RETURN(query.page, read_page_wish(asked(visit)));
  query.page.most = most;
  query.is_counted = true;
  return query;
}

ListFilters read_filters(const Visit& visit) {
  ListFilters asked_for;
  asked_for.path = here;
  for (const std::string_view name : filters) asked_for.fields.emplace_back(name, asked(visit).get(name));
  const std::string account = asked(visit).get("account");
  asked_for.name_somebody = !account.empty() && !base::Id::parse(account);
  return asked_for;
}

void add_filters(View& view, const Visit& visit) {
  const std::string chosen_type = asked(visit).get("type");
  for (const audit::Kind& kind : audit::vocabulary) {
    View& item = view.add("types");
    item.text("value", std::string(kind.type)).text("label", word(visit, "audit.type.", kind.type));
    item.flag("chosen", kind.type == chosen_type);
  }
  if (audit::is_reported_type(chosen_type)) {
    view.add("types").text("value", chosen_type).text("label", chosen_type).flag("chosen", true);
  }
  const std::string chosen_source = asked(visit).get("source");
  for (const std::string_view name : {"own", "reported"}) {
    View& item = view.add("sources");
    item.text("value", std::string(name)).text("label", word(visit, "audit.source.", name));
    item.flag("chosen", chosen_source == name);
  }
  const std::string chosen_outcome = asked(visit).get("outcome");
  for (const std::string_view name : {"success", "failure"}) {
    View& item = view.add("outcomes");
    item.text("value", std::string(name)).text("label", word(visit, "audit.outcome.", name));
    item.flag("chosen", chosen_outcome == name);
  }
  view.text("account", asked(visit).get("account")).text("client", asked(visit).get("client"));
  view.text("request", asked(visit).get("request"));
  view.text("from", asked(visit).get("from")).text("to", asked(visit).get("to"));
}

/// ":07", behind a time that ends with its minutes: zones differ by whole minutes.
std::string seconds_of(base::Time at) {
  const std::string seconds =
      std::to_string(std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count() % 60);
  return (seconds.size() == 1 ? ":0" : ":") + seconds;
}

using Details = std::vector<std::pair<std::string, std::string>>;

/// Who acted on whom, as a relying system says. A name that is no account of the organisation is marked, because it
/// could be that of an account elsewhere.
void add_said(View& item, const Visit& visit, const flow::AuditRow& row, const Details& details) {
  const auto name = [&](const std::string& of_account, std::string_view member) {
    if (!of_account.empty()) return of_account;
    for (const auto& [key, value] : details) {
      if (key == member) return visit.say("audit.said", {{"name", value}});
    }
    return std::string();
  };
  item.text("actor", name(row.actor_name, "reported_actor"));
  item.text("subject", name(row.subject_name, "reported_subject"));
}

/// "Old value: Phone number" of the detail "old_phone", which a change of an account has.
std::string say_detail(const Visit& visit, const std::string& name) {
  for (const std::string prefix : {"old", "new"}) {
    const std::string field = name.starts_with(prefix + "_") ? name.substr(prefix.size() + 1) : std::string();
    const auto& known = flow::account_fields;
    if (field != "kind" && std::find(known.begin(), known.end(), field) == known.end()) continue;
    return visit.say("audit." + prefix + "_value", {{"field", say_field(visit, field)}});
  }
  return word(visit, "audit.field.", name);
}

/// "tls_only=on, mode=certificate" of a change of the connector's demands, in the words of its page. What is not known
/// is shown as it is.
std::string say_demands(const Visit& visit, const std::string& printed) {
  std::string said;
  std::string_view rest = printed;
  while (!rest.empty()) {
    const std::size_t end = rest.find(", ");
    const std::string_view one = rest.substr(0, end);
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 2);
    const std::size_t sign = one.find('=');
    if (sign == std::string_view::npos) return printed;
    // The log has had these names longer than the page has had its fields.
    std::string field(one.substr(0, sign));
    std::string value(one.substr(sign + 1));
    if (field == "mandatory") field = "is_mandatory";
    if (field == "plain_directory") value = value == "on" ? "yes" : "no";
    const std::string choice = "systems.choice." + field + "." + value;
    if (!text::has(choice)) return printed;
    said.append(said.empty() ? "" : "; ").append(visit.say("systems.field." + field)).append(": ");
    said.append(visit.say(choice));
  }
  return said;
}

void add_row(View& view, const Visit& visit, const flow::AuditRow& row) {
  const audit::Event& event = row.event;
  View& item = view.add("events");
  item.text("seq", std::to_string(event.seq));
  item.text("at",
            text::format_time(visit.language, event.at, visit.house.settings.site.time_zone) + seconds_of(event.at));
  item.text("at_exact", base::to_rfc3339(event.at));
  const bool is_reported = !event.source.empty();
  const auto details = flow::audit_details(event);
  item.text("type", is_reported ? event.type : word(visit, "audit.type.", event.type));
  item.text("source", is_reported ? visit.say("audit.written_by", {{"client", event.source}}) : std::string());
  const bool is_failure = event.outcome == "failure";
  item.flag("failure", is_failure);
  if (is_reported || !is_failure || !audit::is_refusal(event.type))
    item.text("outcome", word(visit, "audit.outcome.", event.outcome));
  // The actor, and the subject if it is another account.
  const bool to_other = !row.actor_name.empty() && row.subject_name != row.actor_name;
  if (is_reported) {
    add_said(item, visit, row, details);
  } else {
    item.text("actor", row.actor_name.empty() ? row.subject_name : row.actor_name);
    item.text("subject", to_other ? row.subject_name : std::string());
  }
  item.text("client", event.client);
  const auto add_detail = [&](std::string name, std::string value) {
    if (value.empty()) return;
    item.add("details").text("name", std::move(name)).text("value", std::move(value));
  };
  for (const auto& [name, value] : details) {
    if (name == "ip") item.text("address", value);
    if (!is_reported && event.type == audit::type::connector_change && (name == "old" || name == "new")) {
      add_detail(say_detail(visit, name), say_demands(visit, value));
      continue;
    }
    const bool is_code = !is_reported && std::find(coded.begin(), coded.end(), name) != coded.end();
    add_detail(say_detail(visit, name), is_code ? word(visit, "audit." + name + ".", value) : value);
  }
  add_detail(visit.say("audit.field.on_behalf_of"), row.behalf_name);
  add_detail(visit.say("audit.field.context"), event.context);
  add_detail(visit.say("audit.field.request_id"), event.request_id);
  add_detail(visit.say("audit.field.exact_time"), base::to_rfc3339(event.at));
  add_detail(visit.say("audit.field.hash"), base::to_hex(event.hash));
  item.flag("erased", audit::has_erased_part(event));
}

}  // namespace

http::Response show_audit(Visit& visit) {
  constexpr auto needed = rights::Permission::read_audit;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  (void)read_asked(visit);
  View view;
  add_filters(view, visit);
  const auto choice = add_tenant_choice(view, visit, asked(visit).get("tenant"), "tenant.all");
  if (!choice) return show_error(visit, choice.error());
  view.text("csrf_search", make_session_csrf(visit, here))
      .text("csrf_export", make_session_csrf(visit, "/admin/audit/export"));
  const ListFilters asked_for = read_filters(visit);
  for (const auto& [name, value] : asked_for.fields) {
    if (!value.empty()) view.add("asked_fields").text("field_name", name).text("field_value", value);
  }
  const auto query = parse_query(visit);
  const auto refuse = [&] {
    view.flag("bad_filter");
    return show_inside(visit, "admin_audit", "audit.title", here, std::move(view), 400);
  };
  if (!query) return refuse();
  const auto page = flow::read_audit(visit.house, *visit.visitor.actor, *query, visit.facts);
  if (!page && page.error().code == base::Code::invalid_input) return refuse();
  if (!page && page.error().code == base::Code::too_many) {
    view.flag("too_many");
    http::Response response = show_inside(visit, "admin_audit", "audit.title", here, std::move(view), 429);
    response.add("Retry-After", retry_after_searches);
    return response;
  }
  if (!page) return show_error(visit, page.error());
  for (const flow::NamedAccount& one : page->candidates) {
    view.add("candidates")
        .text("candidate", one.name)
        .text("link", std::string(here) + "?account=" + one.id.to_string());
  }
  view.flag("several", !page->candidates.empty());
  view.flag("by_number", !query->request_id.empty());
  view.flag("empty", page->rows.empty() && page->candidates.empty() && !page->ends.is_incomplete);
  for (const flow::AuditRow& row : page->rows) add_row(view, visit, row);
  view.flag("any", !page->rows.empty()).flag("paged", page->candidates.empty());
  add_pages(view, visit, asked_for, page->ends);
  return show_inside(visit, "admin_audit", "audit.title", here, std::move(view));
}

http::Response submit_audit(Visit& visit) {
  constexpr auto needed = rights::Permission::read_audit;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return lead_to_address(visit, read_filters(visit));
}

http::Response export_audit(Visit& visit) {
  constexpr auto needed = rights::Permission::read_audit;
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const bool is_csv = visit.form.get("format") == "csv";
  if (!is_csv && visit.form.get("format") != "jsonl") return show_error(visit, 400, "no such format");
  auto query = parse_query(visit);
  if (!query) return show_audit(visit);
  query->is_counted = false;
  const auto done = flow::export_audit(visit.house, *visit.visitor.actor, *query,
                                       is_csv ? flow::AuditFormat::csv : flow::AuditFormat::json_lines, visit.facts);
  // The page says which filter is wrong, or lets the person choose among the accounts.
  if (!done && done.error().code == base::Code::invalid_input) return show_audit(visit);
  if (!done) return show_error(visit, done.error());
  if (!done->is_named) return show_audit(visit);
  http::Response response;
  response.content_type = is_csv ? "text/csv; charset=utf-8; header=present" : "application/x-ndjson";
  response.add("Content-Disposition",
               is_csv ? "attachment; filename=\"audit.csv\"" : "attachment; filename=\"audit.jsonl\"");
  response.body = done->file;
  return response;
}

}  // namespace web
