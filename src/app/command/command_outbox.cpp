// message list|retry|drop: the outbox
#include <CLI/CLI.hpp>
#include <memory>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "flow/message/manage_messages.hpp"

namespace app {
namespace {

namespace json = boost::json;

const Positional message_positional{"MESSAGE", "id of the message, as `message list` shows it"};

json::object json_of(const flow::MessageRow& row) {
  json::object object{
      {"id", row.id.to_string()}, {"kind", row.kind},   {"message", row.message},
      {"person", row.person},     {"to", row.to},       {"state", row.state},
      {"error", row.error},       {"tries", row.tries}, {"created_at", base::to_rfc3339(row.created_at)}};
  object["report"] = row.report;
  object["gateway"] = row.gateway;
  object["parts"] = row.parts;
  object["next_at"] = row.state == "pending" ? json::value(base::to_rfc3339(row.next_at)) : json::value(nullptr);
  return object;
}

struct ListOptions {
  std::string state;
  std::string tenant;
};

int list(const flow::House& house, Console& console, const ListOptions& options) {
  const Operator by = make_command_operator();
  ListPrinter printer(console, {"id", "created_at", "kind", "message", "to", "state", "error"});
  flow::PageWish wish;
  wish.most = 100;
  for (;;) {
    const auto page = flow::list_messages(house, by.actor, {options.state, options.tenant, wish}, by.facts.now);
    if (!page) return refuse(console, page.error());
    for (const flow::MessageRow& row : page->rows) printer.add(json_of(row));
    if (!page->ends.next) return printer.finish();
    wish.turn = flow::Turn::next;
    wish.row = *page->ends.next;
  }
}

int retry(const flow::House& house, Console& console, const std::string& id) {
  const Operator by = make_command_operator();
  const auto retried = flow::retry_message(house, by.actor, id, by.facts);
  if (!retried) return refuse(console, retried.error());
  return report_change(console, "message " + id + " is sent again");
}

int drop(const flow::House& house, Console& console, const std::string& id) {
  const Operator by = make_command_operator();
  const auto dropped = flow::drop_message(house, by.actor, id, by.facts);
  if (!dropped) return refuse(console, dropped.error());
  return report_change(console, "message " + id + " will not be sent");
}

}  // namespace

void add_outbox_commands(CLI::App& root, Command& chosen) {
  CLI::App& group = add_command_group(root, "message", "messages and notices that wait, were delivered or failed");
  auto& listing =
      add_house_command(group, "list", "list the outbox, the newest first, without texts and codes", chosen);
  auto options = std::make_shared<ListOptions>();
  listing.add_option("--state", options->state, "only those that are pending, delivered, failed or dropped");
  listing.add_option("--tenant", options->tenant, "only those of this tenant");
  add_header_option(listing, chosen);
  give_examples(listing, {"message list", "message list --state failed"});
  listing.callback([&chosen, options] {
    chosen.in_house = [options](const flow::House& house, Console& console) { return list(house, console, *options); };
  });
  const std::string example = " 01939d3e-6a5b-7c1d-9e2f-3a4b5c6d7e8f";
  auto& retrying = add_house_command(group, "retry", "try to deliver a message again, now", chosen);
  give_examples(complete_with_name(retrying, message_positional, chosen, retry), {"message retry" + example});
  auto& dropping = add_house_command(group, "drop", "give a message up that waits or failed", chosen);
  give_examples(complete_with_name(dropping, message_positional, chosen, drop), {"message drop" + example});
}

}  // namespace app
