// audit verify|export|list
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "flow/audit/read_audit.hpp"
#include "flow/audit/verify_audit.hpp"
#include "flow/house/site_settings.hpp"
#include "store/audit/audit_log.hpp"
#include "text/text.hpp"

namespace app {
namespace {

namespace json = boost::json;
constexpr std::size_t export_page = 5'000;

int verify(const flow::House& house, Console& console, const std::string& anchor) {
  const auto report = flow::verify_audit(house, anchor);
  if (!report) return refuse(console, report.error());
  const std::string head = std::to_string(report->head_seq) + ":" + report->head_hash;
  if (console.form.json) {
    json::object object;
    object["intact"] = report->flaws.empty();
    object["events"] = report->events;
    object["erased"] = report->erased;
    object["anchor"] = head;
    json::array flaws;
    for (const audit::ChainFlaw& flaw : report->flaws) flaws.emplace_back(audit::describe(flaw));
    object["flaws"] = std::move(flaws);
    console.out = json::serialize(object) + "\n";
  } else {
    for (const audit::ChainFlaw& flaw : report->flaws) console.out.append(audit::describe(flaw)).append("\n");
    console.out.append(std::to_string(report->events))
        .append(" events, personal data erased in ")
        .append(std::to_string(report->erased));
    console.out.append("; head ").append(head).append("\n");
  }
  if (report->flaws.empty()) return done;
  return refuse(console, {base::Code::conflict, "the audit log is not intact"});
}

void append_id(json::object& object, std::string_view name, const std::optional<base::Id>& id) {
  if (id && !id->is_none()) object[name] = id->to_string();
}

void append_object(json::object& object, std::string_view name, const std::string& text) {
  if (text.empty()) return;
  boost::system::error_code error;
  json::value value = json::parse(text, error);
  object[name] = error ? json::value(text) : std::move(value);
}

json::object object_of(const audit::Event& event) {
  json::object object;
  object["seq"] = event.seq;
  object["at"] = base::to_rfc3339(event.at);
  object["type"] = event.type;
  if (!event.source.empty()) object["source"] = event.source;
  object["outcome"] = event.outcome;
  append_id(object, "tenant", event.tenant_id);
  append_id(object, "actor", event.actor);
  append_id(object, "on_behalf_of", event.on_behalf_of);
  append_id(object, "subject", event.subject);
  append_id(object, "session", event.session);
  if (!event.client.empty()) object["client"] = event.client;
  if (!event.context.empty()) object["context"] = event.context;
  if (!event.request_id.empty()) object["request_id"] = event.request_id;
  append_object(object, "data", event.data);
  append_object(object, "personal", event.personal);
  if (!event.typed.empty()) object["typed"] = event.typed;
  object["previous_hash"] = base::to_hex(event.previous_hash);
  object["personal_digest"] = base::to_hex(event.personal_digest);
  object["hash"] = base::to_hex(event.hash);
  return object;
}

int print_events(const flow::House& house, Console& console, std::int64_t from) {
  std::size_t count = 0;
  std::int64_t rest_from = 0;
  const auto read = house.store.read_background([&](store::Tx& tx) {
    return store::for_each_event(tx, from, [&](const audit::Event& event) -> base::Result<void> {
      if (count++ == export_page) {
        rest_from = event.seq;
        return base::fail(base::Code::too_many, "the page is full");
      }
      console.out.append(json::serialize(object_of(event))).append("\n");
      return {};
    });
  });
  if (!read && rest_from == 0) return refuse(console, read.error());
  if (rest_from != 0) console.next = {"audit", "export", "--from", std::to_string(rest_from)};
  return done;
}

/// Why it was refused, "" = the event says nothing of it.
std::string reason_in(const json::object& event) {
  const json::value* const data = event.if_contains("data");
  const json::object* const details = data == nullptr ? nullptr : data->if_object();
  const json::value* const reason = details == nullptr ? nullptr : details->if_contains("reason");
  return reason != nullptr && reason->is_string() ? std::string(reason->get_string()) : std::string();
}

struct ListOptions {
  flow::AuditQuery query;
  std::string source;  // "own", "applications", or a client_id
  std::string from;    // days
  std::string to;
};

base::Result<flow::AuditQuery> make_query(const flow::House& house, const ListOptions& options) {
  flow::AuditQuery query = options.query;
  if (options.source == "own") {
    query.source = "own";
  } else if (!options.source.empty()) {
    query.source = "reported";
    if (options.source != "applications") {
      if (!query.client.empty() && query.client != options.source) {
        return base::fail(base::Code::invalid_input, "--source and --client name different applications");
      }
      query.client = options.source;
    }
  }
  const std::string& zone = house.settings.site.time_zone;
  const auto bad_day = [] { return base::fail(base::Code::invalid_input, "a day is YYYY-MM-DD"); };
  if (!options.from.empty() && !(query.from = text::find_day(options.from, zone))) return bad_day();
  if (!options.to.empty() && !(query.to = text::find_day(options.to, zone, 1))) return bad_day();
  return query;
}

int list_events(const flow::House& house, Console& console, const ListOptions& options) {
  const auto query = make_query(house, options);
  if (!query) return refuse(console, query.error());
  const Operator op = make_command_operator();
  const auto page = flow::read_audit(house, op.actor, *query, op.facts);
  if (!page) return refuse(console, page.error());
  if (!query->account.empty() && !page->account) {
    for (const flow::NamedAccount& one : page->candidates) console.err.append(one.name).append("\n");
    return refuse(console, {base::Code::not_found, "--account names no account, or several"});
  }
  ListPrinter printer(console,
                      {"seq", "at", "source", "type", "outcome", "actor_name", "subject_name", "client", "reason"});
  for (const flow::AuditRow& row : page->rows) {
    json::object object = object_of(row.event);
    object["source"] = row.event.source;
    object["client"] = row.event.client;
    object["actor_name"] = row.actor_name;
    object["subject_name"] = row.subject_name;
    object["reason"] = reason_in(object);
    printer.add(object);
  }
  if (page->next_before != 0) {
    console.err.append("there may be older events: --before ").append(std::to_string(page->next_before)).append("\n");
  }
  return printer.finish();
}

void add_list(CLI::App& group, Command& chosen) {
  auto& listing = add_house_command(group, "list", "show the newest events that the filters find", chosen);
  add_header_option(listing, chosen);
  auto options = std::make_shared<ListOptions>();
  options->query.page.most = 50;
  listing.add_option("--type", options->query.type, "kind of event");
  listing.add_option("--outcome", options->query.outcome, "success or failure");
  listing.add_option("--account", options->query.account, "login, id or name of who acted or was concerned");
  listing.add_option("--client", options->query.client, "client_id of an application");
  listing.add_option("--source", options->source,
                     "own: events of this server; applications: those that applications wrote; or one client_id");
  listing.add_option("--request", options->query.request_id, "number of a request");
  listing.add_option("--from", options->from, "first day, YYYY-MM-DD");
  listing.add_option("--to", options->to, "last day");
  listing.add_option("--before", options->query.before_seq, "only events before this number");
  listing.add_option("--most", options->query.page.most, "how many; at most 200")->check(CLI::Range(1, 200));
  give_examples(listing, {"audit list --account anna.kowalska --from 2026-11-01", "audit list --source own",
                          "audit list --source demo-portal --json"});
  listing.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) {
      return list_events(house, console, *options);
    };
  });
}

}  // namespace

void add_audit_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "audit", "the audit log");

  auto& verifying = add_house_command(group, "verify", "find altered, missing, moved and cut-off events", chosen);
  auto anchor = std::make_shared<std::string>();
  verifying.add_option("--anchor", *anchor, "SEQ:HASH that was noted elsewhere; the chain must contain it");
  give_examples(verifying, {"audit verify", "audit verify --json"});
  verifying.callback([&chosen, anchor] {
    chosen.in_house = [anchor](const flow::House& house, Console& console) { return verify(house, console, *anchor); };
  });

  add_list(group, chosen);

  auto& exporting = add_house_command(group, "export", "print all events as JSON lines, the oldest first", chosen);
  auto from = std::make_shared<std::int64_t>(0);
  exporting.add_option("--from", *from, "number of the first event");
  give_examples(exporting, {"audit export", "audit export --from 1000"});
  exporting.callback([&chosen, from] {
    chosen.in_house = [from](const flow::House& house, Console& console) {
      return print_events(house, console, *from);
    };
  });
}

}  // namespace app
