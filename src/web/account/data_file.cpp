#include "web/account/data_file.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <span>
#include <vector>

#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/page/browser_summary.hpp"
#include "web/page/template.hpp"

namespace web {
namespace {

/// How the value of a column is said.
enum class Said : std::uint8_t {
  plain,
  moment,
  browser,
  identifier,  // the name of its type
  kind,        // of an account
  channel,
  language,
  context,
  realm,
  application
};

struct Column {
  std::string_view name;
  std::string_view label;
  Said said = Said::plain;
};
struct Section {
  std::string_view table;
  std::string_view title;
  std::vector<Column> columns;
};

const std::vector<Section>& sections() {
  static const std::vector<Section> all{
      {"person", "own.person", {{"given", "own.given"}, {"family", "own.family"}}},
      {"person_identifier",
       "export.numbers",
       {{"type", "export.what", Said::identifier},
        {"display", "export.value"},
        {"created_at", "export.since", Said::moment}}},
      {"identifier",
       "own.reach",
       {{"type", "export.what", Said::identifier},
        {"display", "export.value"},
        {"created_at", "export.since", Said::moment},
        {"verified_at", "export.confirmed", Said::moment}}},
      {"address_verification",
       "export.waiting",
       {{"type", "export.what", Said::identifier},
        {"display", "export.value"},
        {"sent_at", "export.sent", Said::moment},
        {"expires_at", "export.until", Said::moment}}},
      {"account",
       "export.account",
       {{"kind", "own.kind", Said::kind},
        {"locale", "own.language", Said::language},
        {"preferred_channel", "own.channel", Said::channel},
        {"created_at", "own.created", Said::moment},
        {"id", "own.number"}}},
      {"account_context",
       "own.contexts",
       {{"name", "export.name", Said::context},
        {"from_at", "export.since", Said::moment},
        {"until_at", "export.until", Said::moment}}},
      {"group_member", "own.groups", {{"name", "export.name"}}},
      {"account_certificate",
       "export.certificates",
       {{"subject", "own.cert.subject"},
        {"issuer", "own.cert.issuer"},
        {"serial", "own.cert.serial"},
        {"not_after", "export.until", Said::moment}}},
      {"credential",
       "export.password",
       {{"set_at", "export.since", Said::moment}, {"not_after", "export.until", Said::moment}}},
      {"password_history", "export.passwords", {{"created_at", "export.since", Said::moment}}},
      {"login_statistics",
       "export.statistics",
       {{"realm", "export.where", Said::realm},
        {"last_success", "home.last_success", Said::moment},
        {"last_success_ip", "export.address"},
        {"last_failure", "home.last_failure", Said::moment},
        {"last_failure_ip", "export.address"},
        {"failures_since_success", "export.failures"}}},
      {"failure_count", "export.counts", {{"failures", "export.failures"}, {"last_at", "export.last", Said::moment}}},
      {"session",
       "export.sessions",
       {{"user_agent", "export.browser", Said::browser},
        {"ip", "export.address"},
        {"created_at", "export.since", Said::moment},
        {"last_seen", "export.last", Said::moment}}},
      {"device",
       "export.devices",
       {{"name", "export.name"},
        {"user_agent", "export.browser", Said::browser},
        {"created_at", "export.since", Said::moment},
        {"last_seen", "export.last", Said::moment}}},
      {"session_client", "export.clients", {{"client", "export.application", Said::application}}},
      {"grant_family",
       "export.grants",
       {{"client", "export.application", Said::application},
        {"scope", "export.scope"},
        {"created_at", "export.since", Said::moment},
        {"expires_at", "export.until", Said::moment}}},
      {"one_time_token",
       "export.links",
       {{"created_at", "export.since", Said::moment},
        {"expires_at", "export.until", Said::moment},
        {"consumed_at", "export.used", Said::moment}}},
  };
  return all;
}

/// Dark on white and light on black, at the width of the window; also on paper.
constexpr std::string_view style =
    ":root{color-scheme:light dark}"
    "body{max-width:70rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui,sans-serif}"
    "h1{font-size:1.6rem}h2{margin:2rem 0 .5rem;font-size:1.15rem}"
    "div{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9375rem}"
    "th,td{padding:.375rem .75rem .375rem 0;text-align:left;vertical-align:top;border-bottom:1px solid GrayText;"
    "overflow-wrap:anywhere}th{min-width:6rem}";

class DataFile {
 public:
  DataFile(const Visit& visit, const flow::PersonalData& data) : visit_(visit), data_(data) {}

  std::string print() {
    const std::string title = visit_.say("export.title", {{"person", data_.account.display_name()}});
    out_ += "<!DOCTYPE html>\n<html lang=\"";
    out_.append(text::code_of(visit_.language)).append("\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    append_escaped(out_, title);
    // The values are escaped. The policy is a second barrier for a file that is opened anywhere.
    out_ +=
        "</title>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<style>";
    out_.append(style).append("</style>\n</head>\n<body>\n");
    element("h1", title);
    element("p", visit_.say("export.origin", {{"site", data_.issuer}, {"time", moment(data_.at)}}));
    element("p", visit_.say("export.withheld"));
    for (const Section& section : sections()) print_section(section);
    print_messages();
    print_events();
    out_ += "</body>\n</html>\n";
    return std::move(out_);
  }

 private:
  void element(std::string_view name, std::string_view words) {
    out_.append("<").append(name).append(">");
    append_escaped(out_, words);
    out_.append("</").append(name).append(">\n");
  }
  [[nodiscard]] std::string moment(base::Time at) const {
    return text::format_time(visit_.language, at, visit_.house.settings.site.time_zone);
  }
  /// The word for a code, or the code if there is none.
  [[nodiscard]] std::string word(const std::string& key, std::string_view code) const {
    return text::has(key) ? visit_.say(key) : std::string(code);
  }

  /// Its id if the application is not there any more.
  [[nodiscard]] std::string name_application(const std::string& client_id) const {
    const auto found = data_.applications.find(client_id);
    return found == data_.applications.end() ? client_id : found->second;
  }

  [[nodiscard]] std::string say_text(const std::string& code, Said said) const {
    switch (said) {
      case Said::browser: return say_browser(visit_.language, code);
      case Said::identifier: return word("identifier." + code + ".name", code);
      case Said::kind: return word("accounts.kind." + code, code);
      case Said::channel: return word("own.channel." + (code.empty() ? "none" : code), code);
      case Said::context: return word(code, code);
      case Said::application: return name_application(code);
      case Said::realm: return visit_.say(code == "own" ? "export.here" : "export.elsewhere");
      case Said::language: {
        text::Language language = text::Language::en;
        return text::find_language(code, language) ? std::string(text::name_of(language)) : visit_.say("own.none");
      }
      default: return code;
    }
  }
  [[nodiscard]] std::string say_value(const flow::StoredRow& row, const Column& column) const {
    const auto value = std::find_if(row.begin(), row.end(), [&](const auto& one) { return one.column == column.name; });
    if (value == row.end() || value->is_null) return "–";
    switch (value->kind) {
      case flow::StoredKind::time: return value->number == 0 ? "–" : moment(base::from_ms(value->number));
      case flow::StoredKind::number: return std::to_string(value->number);
      case flow::StoredKind::id: {
        const auto id = base::Id::from_bytes(value->text);
        return id ? id->to_string() : std::string();
      }
      default: break;
    }
    std::string said = say_text(value->text, column.said);
    return said.empty() ? "–" : said;
  }

  void begin_table(std::string_view title, std::span<const std::string_view> labels, bool is_empty) {
    element("h2", visit_.say(title));
    if (is_empty) return element("p", visit_.say("export.nothing"));
    out_ += "<div><table>\n<thead><tr>";
    for (const std::string_view label : labels) {
      out_ += "<th scope=\"col\">";
      append_escaped(out_, visit_.say(label));
      out_ += "</th>";
    }
    out_ += "</tr></thead>\n<tbody>\n";
  }
  void print_row(std::initializer_list<std::string> cells) { print_row(std::span(cells.begin(), cells.size())); }
  void print_row(std::span<const std::string> cells) {
    out_ += "<tr>";
    for (const std::string& cell : cells) {
      out_ += "<td>";
      append_escaped(out_, cell);
      out_ += "</td>";
    }
    out_ += "</tr>\n";
  }
  void end_table(bool is_empty) {
    if (!is_empty) out_ += "</tbody></table></div>\n";
  }

  void print_section(const Section& section) {
    const auto table = std::find_if(data_.tables.begin(), data_.tables.end(),
                                    [&](const flow::StoredTable& one) { return one.name == section.table; });
    const bool is_empty = table == data_.tables.end() || table->rows.empty();
    std::vector<std::string_view> labels;
    for (const Column& column : section.columns) labels.push_back(column.label);
    begin_table(section.title, labels, is_empty);
    if (is_empty) return;
    for (const flow::StoredRow& row : table->rows) {
      std::vector<std::string> cells;
      for (const Column& column : section.columns) cells.push_back(say_value(row, column));
      print_row(cells);
    }
    end_table(false);
  }

  void print_messages() {
    constexpr std::array<std::string_view, 4> labels{"export.when", "outbox.message", "outbox.to", "outbox.state"};
    begin_table("export.messages", labels, data_.messages.empty());
    for (const flow::PersonalMessage& one : data_.messages) {
      print_row({moment(one.at), word("message." + one.message + ".subject", one.message), one.to,
                 word("outbox.state." + one.state, one.state)});
    }
    end_table(data_.messages.empty());
    if (!data_.has_all_messages) element("p", visit_.say("export.messages_more"));
  }

  void print_events() {
    constexpr std::array<std::string_view, 5> labels{"export.when", "audit.type", "audit.outcome", "export.address",
                                                     "export.application"};
    begin_table("export.events", labels, data_.events.empty());
    for (const flow::PersonalEvent& one : data_.events) {
      const auto address =
          std::find_if(one.details.begin(), one.details.end(), [](const auto& detail) { return detail.first == "ip"; });
      print_row({moment(one.at), word("audit.type." + one.type, one.type),
                 word("audit.outcome." + one.outcome, one.outcome),
                 address == one.details.end() ? "–" : address->second,
                 one.client.empty() ? "–" : name_application(one.client)});
    }
    end_table(data_.events.empty());
    if (!data_.has_all_events) element("p", visit_.say("export.events_more"));
  }

  const Visit& visit_;
  const flow::PersonalData& data_;
  std::string out_;
};

}  // namespace

std::string print_data_file(const Visit& visit, const flow::PersonalData& data) {
  return DataFile(visit, data).print();
}

}  // namespace web
