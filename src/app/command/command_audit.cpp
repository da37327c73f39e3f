// audit verify|export
#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "flow/audit/verify_audit.hpp"
#include "store/audit/audit_log.hpp"

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
    object["flaws"] = json::value_from(report->flaws);
    console.out = json::serialize(object) + "\n";
  } else {
    for (const std::string& flaw : report->flaws) console.out.append(flaw).append("\n");
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

std::string line_of(const audit::Event& event) {
  json::object object;
  object["seq"] = event.seq;
  object["at"] = base::to_rfc3339(event.at);
  object["type"] = event.type;
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
  return json::serialize(object) + "\n";
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
      console.out.append(line_of(event));
      return {};
    });
  });
  if (!read && rest_from == 0) return refuse(console, read.error());
  if (rest_from != 0) console.next = {"audit", "export", "--from", std::to_string(rest_from)};
  return done;
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
