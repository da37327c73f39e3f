// top: what the running server does, live in the terminal, from the figures of metrics.listen.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <memory>
#include <thread>

#include "app/command/command_groups.hpp"
#include "app/command/print_answer.hpp"
#include "app/config/config_rules.hpp"
#include "app/config/load_config.hpp"
#include "app/doctor/figures.hpp"
#include "base/terminal.hpp"
#include "base/time.hpp"
#include "remote/http_client.hpp"

namespace app {
namespace {

namespace json = boost::json;

constexpr std::array<const char*, 3> lanes{"work", "password", "report"};
constexpr const char* duration = "chancery_http_request_duration_seconds";
constexpr double mebibyte = 1024.0 * 1024.0;

struct TopOptions {
  int interval = 2;  // seconds
  int times = 0;     // 0 = until Ctrl-C
};

struct Reading {
  Figures figures;
  base::Time at;
};

class Source {
 public:
  static base::Result<Source> make(const Config& config) {
    const auto listener = make_metrics_listener(config.metrics_listen);
    if (!listener || listener->port == 0) {
      return base::fail(base::Code::invalid_input,
                        "metrics.listen names no port, so that no figures are served; set it, for example to "
                        "\"127.0.0.1:9464\"");
    }
    const bool is_v6 = listener->address.find(':') != std::string::npos;
    // A listener for every address is reached at the loopback as well.
    const std::string place = (is_v6 ? "[::1]:" : "127.0.0.1:") + std::to_string(listener->port);
    remote::HttpOptions options;
    options.loopback_http = {place};
    options.most_body = std::size_t{1024} * 1024;
    options.total_time = std::chrono::seconds(5);
    ASSIGN_OR_RETURN(auto client, remote::HttpClient::make(std::move(options)));
    return Source(std::move(client), "http://" + place + "/metrics");
  }

  [[nodiscard]] base::Result<Reading> read() const {
    remote::HttpRequest request;
    request.url = url_;
    ASSIGN_OR_RETURN(const auto answer, client_.send(request));
    if (answer.status != 200) {
      return base::fail(base::Code::unavailable, url_ + " answers with status " + std::to_string(answer.status));
    }
    return Reading{Figures::parse(answer.body), base::now()};
  }

 private:
  Source(remote::HttpClient client, std::string url) : client_(std::move(client)), url_(std::move(url)) {}
  remote::HttpClient client_;
  std::string url_;
};

std::string event_line(const char* type, const char* outcome) {
  return "chancery_events_total{type=\"" + std::string(type) + "\",outcome=\"" + outcome + "\"}";
}

/// What two readings say, as the field names of --json.
json::object summarise(const Reading& before, const Reading& now) {
  const double seconds = std::max(0.001, std::chrono::duration<double>(now.at - before.at).count());
  const auto rate = [&](double then, double later) { return std::max(0.0, later - then) / seconds; };
  const auto line_rate = [&](const std::string& line) {
    return rate(before.figures.value(line), now.figures.value(line));
  };
  const auto sum_rate = [&](const char* name, const char* part) {
    return rate(before.figures.sum(name, part), now.figures.sum(name, part));
  };
  json::object object{{"at", base::to_rfc3339(now.at)},
                      {"version", now.figures.label_of("chancery_build_info", "version")},
                      {"up_seconds", std::chrono::duration<double>(now.at.time_since_epoch()).count() -
                                         now.figures.value("process_start_time_seconds")},
                      {"processor", line_rate("process_cpu_seconds_total")},  // cores in use
                      {"memory_bytes", now.figures.value("process_resident_memory_bytes")},
                      {"connections", now.figures.value("chancery_http_connections")},
                      {"logins_per_second", line_rate(event_line("login", "success"))},
                      {"failed_logins_per_second", line_rate(event_line("login", "failure"))},
                      {"lockouts", now.figures.value(event_line("lockout", "success"))},
                      {"tokens_per_second", line_rate(event_line("token_issue", "success"))},
                      {"signatures_per_second", line_rate(event_line("key_use", "success"))},
                      {"hashes_per_second", line_rate("chancery_password_hashes_total")},
                      {"statements_per_second", line_rate("chancery_database_statements_total")},
                      {"requests_per_second", sum_rate("chancery_http_requests_total", "")},
                      {"server_errors_per_second", sum_rate("chancery_http_requests_total", "status=\"5")},
                      {"messages_waiting", now.figures.value("chancery_outbox_messages{state=\"pending\"}")},
                      {"messages_failed", now.figures.value("chancery_outbox_messages{state=\"failed\"}")}};
  json::array rows;
  for (const char* const lane : lanes) {
    const std::string labels = std::string("lane=\"") + lane + "\"";
    json::object row{{"lane", lane},
                     {"waiting", now.figures.value("chancery_http_queue_depth{" + labels + "}")},
                     {"requests_per_second", line_rate(std::string(duration) + "_count{" + labels + "}")}};
    for (const auto& [key, share] : {std::pair{"p50_seconds", 0.5}, std::pair{"p99_seconds", 0.99}}) {
      const auto bound = now.figures.quantile(before.figures, duration, labels, share);
      row[key] = bound ? json::value(*bound) : json::value(nullptr);
    }
    rows.push_back(std::move(row));
  }
  object["lanes"] = std::move(rows);
  return object;
}

/// At most six decimals and no exponent, which many readers of JSON for shells cannot calculate with.
std::string in_decimals(double value) {
  if (!std::isfinite(value)) return "null";
  std::array<char, 400> text{};  // the largest double has 309 digits before its point
  const int size = std::snprintf(text.data(), text.size(), "%.6f", value);
  std::string number(text.data(), static_cast<std::size_t>(std::max(size, 0)));
  number.erase(number.find_last_not_of('0') + 1);
  if (number.ends_with('.')) number.pop_back();
  return number == "-0" ? "0" : number;
}

void append_json(std::string& out, const json::value& value) {
  if (const json::object* const object = value.if_object()) {
    std::string_view before = "{";
    for (const auto& [name, member] : *object) {
      out.append(before).append(json::serialize(json::value(name))).append(":");
      append_json(out, member);
      before = ",";
    }
    out.append("}");
  } else if (const json::array* const array = value.if_array()) {
    std::string_view before = "[";
    for (const json::value& element : *array) {
      out.append(before);
      append_json(out, element);
      before = ",";
    }
    out.append("]");
  } else {
    out.append(value.is_double() ? in_decimals(value.get_double()) : json::serialize(value));
  }
}

std::string print_json(const json::object& seen) {
  std::string out;
  append_json(out, seen);
  return out + "\n";
}

void append_line(std::string& page, const char* format, auto... values) {
  std::array<char, 200> line{};
  const int size = std::snprintf(line.data(), line.size(), format, values...);
  if (size > 0) page.append(line.data(), std::min(static_cast<std::size_t>(size), line.size() - 1));
  page.push_back('\n');
}

std::string in_milliseconds(const json::value& seconds) {
  if (seconds.is_null()) return "-";
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "<= %.0f ms", seconds.to_number<double>() * 1000);
  return text.data();
}

std::string draw(const json::object& seen, const std::string& issuer) {
  const auto number = [&](const char* key) { return seen.at(key).to_number<double>(); };
  // Whoever has the port while the server is away answers too.
  const double said = number("up_seconds");
  const long up = said > 0 && said < 1e12 ? static_cast<long>(said) : 0;
  std::string page;
  page += issuer + "\n";
  append_line(page, "Chancery %s   up %ld d %02ld:%02ld   %s",
              base::escape_hidden(seen.at("version").as_string()).c_str(), up / 86'400, up / 3'600 % 24, up / 60 % 60,
              std::string(seen.at("at").as_string()).c_str());
  append_line(page, "processor %.2f cores   memory %.0f MiB   connections %.0f   statements %.0f/s",
              number("processor"), number("memory_bytes") / mebibyte, number("connections"),
              number("statements_per_second"));
  page.push_back('\n');
  append_line(page, "logins        %9.1f /s     failed   %9.1f /s     lockouts %.0f in all",
              number("logins_per_second"), number("failed_logins_per_second"), number("lockouts"));
  append_line(page, "tokens        %9.1f /s     hashes   %9.1f /s     signatures %.1f /s", number("tokens_per_second"),
              number("hashes_per_second"), number("signatures_per_second"));
  append_line(page, "requests      %9.1f /s     status 5xx %7.1f /s", number("requests_per_second"),
              number("server_errors_per_second"));
  append_line(page, "outbox        %9.0f waiting  %9.0f given up", number("messages_waiting"),
              number("messages_failed"));
  page.push_back('\n');
  append_line(page, "%-10s %9s %12s %14s %14s", "lane", "waiting", "requests/s", "half within", "99 % within");
  for (const json::value& row : seen.at("lanes").as_array()) {
    append_line(page, "%-10s %9.0f %12.1f %14s %14s", std::string(row.at("lane").as_string()).c_str(),
                row.at("waiting").to_number<double>(), row.at("requests_per_second").to_number<double>(),
                in_milliseconds(row.at("p50_seconds")).c_str(), in_milliseconds(row.at("p99_seconds")).c_str());
  }
  return page;
}

int refuse_top(const base::Error& error) {
  Console console;
  const int status = refuse(console, error);
  base::print(console.err, stderr);
  return status;
}

int watch(const std::string& file, const Form& form, const TopOptions& options) {
  const auto config = load_config(file);
  if (!config) return refused;
  const auto source = Source::make(*config);
  if (!source) return refuse_top(source.error());
  auto before = source->read();
  if (!before) return refuse_top({base::Code::unavailable, "no server answers: " + before.error().reason});
  const bool is_live = options.times == 0 && ::isatty(STDOUT_FILENO) != 0;
  for (int time = 0; options.times == 0 || time < options.times; ++time) {
    std::this_thread::sleep_for(std::chrono::seconds(options.interval));
    auto now = source->read();
    if (!now)
      return refuse_top({base::Code::unavailable, "the server does not answer any more: " + now.error().reason});
    const json::object seen = summarise(*before, *now);
    const std::string text = form.json ? print_json(seen) : draw(seen, config->settings.site.issuer);
    if (is_live) std::fputs("\x1b[H\x1b[2J", stdout);
    base::print(text, stdout);
    before = std::move(now);
  }
  return done;
}

}  // namespace

void add_top_command(CLI::App& root, Command& chosen) {
  auto& watching = add_house_command(root, "top", "what the running server does, live: Ctrl-C ends it", chosen);
  auto options = std::make_shared<TopOptions>();
  watching.add_option("--interval", options->interval, "seconds between two readings")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  watching.add_option("--times", options->times, "end after so many readings; 0 = never")
      ->check(CLI::Range(0, 1'000'000))
      ->capture_default_str();
  give_examples(watching, {"top", "top --times 1 --json"});
  watching.callback([options, &chosen] {
    chosen.alone = [options, form = chosen.form](const std::string& file) { return watch(file, form, *options); };
  });
}

}  // namespace app
