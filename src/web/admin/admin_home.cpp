// The start page of administrators: what matters now, as far as the acting context may see it. Charts are drawn here as
// SVG with attributes alone, because the policy of the pages allows no style in them; each has its table.
#include <algorithm>
#include <array>

#include "flow/audit/read_situation.hpp"
#include "flow/house/page_of_list.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"
#include "web/admin/pages.hpp"
#include "web/page/layout.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin";
constexpr std::int64_t chart_height = 48;
constexpr std::int64_t bar_width = 8;
constexpr std::int64_t bar_step = 10;
constexpr std::uint64_t gibibyte = std::uint64_t{1} << 30U;

std::string count_words(const Visit& visit, std::int64_t count) {
  if (count > flow::counted_exactly) return visit.say("admin_home.more_than", {{"n", flow::counted_exactly}});
  return std::to_string(count);
}

/// A chart of two counts for each time: failed logins as bars, lockouts in its table alone.
struct Chart {
  std::string id;
  std::string_view title;
  std::vector<std::int64_t> failures;
  std::vector<std::int64_t> lockouts;
  std::vector<std::string> labels;  // of the times, the oldest first
};

void add_chart(View& view, const Visit& visit, const Chart& chart) {
  const std::int64_t most = std::max<std::int64_t>(1, *std::max_element(chart.failures.begin(), chart.failures.end()));
  View& item = view.add("charts").text("chart_id", chart.id).text("chart_title", visit.say(chart.title));
  item.text("chart_width", std::to_string(static_cast<std::int64_t>(chart.failures.size()) * bar_step));
  item.text("chart_height", std::to_string(chart_height)).text("base", std::to_string(chart_height - 1));
  for (std::size_t i = 0; i < chart.failures.size(); ++i) {
    const std::int64_t count = chart.failures[i];
    // A count that is not nought is seen, however small it is beside the others.
    const std::int64_t height = count == 0 ? 0 : std::max<std::int64_t>(2, count * (chart_height - 2) / most);
    if (height > 0) {
      item.add("bars")
          .text("x", std::to_string(static_cast<std::int64_t>(i) * bar_step + 1))
          .text("y", std::to_string(chart_height - 1 - height))
          .text("bar_width", std::to_string(bar_width))
          .text("bar_height", std::to_string(height));
    }
  }
  for (std::size_t i = chart.failures.size(); i-- > 0;) {
    item.add("rows")
        .text("label", chart.labels[i])
        .text("failures", std::to_string(chart.failures[i]))
        .text("lockouts", std::to_string(chart.lockouts[i]));
  }
}

void add_logins(View& view, const Visit& visit, const flow::Situation& situation) {
  const flow::LoginSituation& logins = *situation.logins;
  const std::string& zone = visit.house.settings.site.time_zone;
  View& item = view.add("logins");
  const auto add = [&](std::string_view label, std::int64_t count, bool is_bad, std::string link) {
    item.add("numbers")
        .text("number_label", visit.say(label))
        .text("number", std::to_string(count))
        .flag("bad", is_bad && count > 0)
        .text("number_link", std::move(link));
  };
  const std::string failures = "/admin/audit?type=login&outcome=failure";
  const std::string lockouts = "/admin/audit?type=lockout";
  add("admin_home.failures_day", logins.failures.last_day(), false, failures);
  add("admin_home.failures_week", logins.failures.last_week(), false, failures);
  add("admin_home.lockouts_day", logins.lockouts.last_day(), true, lockouts);
  add("admin_home.lockouts_week", logins.lockouts.last_week(), false, lockouts);
  if (logins.counted_from) {
    item.text("incomplete", visit.say("admin_home.incomplete",
                                      {{"time", text::format_time(visit.language, *logins.counted_from, zone)}}));
  }
  Chart hours{"hours", "admin_home.by_hour", {}, {}, {}};
  for (std::size_t i = 0; i < flow::hours_shown; ++i) {
    const base::Time from = situation.at - std::chrono::hours(flow::hours_shown - i);
    hours.failures.push_back(logins.failures.hours.at(i));
    hours.lockouts.push_back(logins.lockouts.hours.at(i));
    hours.labels.push_back(text::format_clock(visit.language, from, zone) + "–" +
                           text::format_clock(visit.language, from + std::chrono::hours(1), zone));
  }
  add_chart(item, visit, hours);
  Chart days{"days", "admin_home.by_day", {}, {}, {}};
  for (std::size_t i = 0; i < flow::days_shown; ++i) {
    const base::Time until = situation.at - std::chrono::hours(24 * (flow::days_shown - 1 - i));
    days.failures.push_back(logins.failures.days.at(i));
    days.lockouts.push_back(logins.lockouts.days.at(i));
    days.labels.push_back(
        visit.say("admin_home.day_until", {{"time", text::format_time(visit.language, until, zone)}}));
  }
  add_chart(item, visit, days);
}

void add_messages(View& view, const Visit& visit, const flow::MessageSituation& messages) {
  View& item = view.add("outbox");
  item.text("failed", count_words(visit, messages.failed)).text("waiting", count_words(visit, messages.waiting));
  item.flag("failed_bad", messages.failed > 0);
}

void add_ends(View& view, const Visit& visit, const flow::EndsSituation& ends) {
  View& item = view.add("ends");
  item.text("passwords", count_words(visit, ends.passwords))
      .text("certificates", count_words(visit, ends.certificates));
  const auto days = std::chrono::duration_cast<std::chrono::days>(flow::certificate_warning).count();
  item.text("certificates_label", visit.say("admin_home.certificates", {{"n", std::int64_t{days}}}));
}

void add_chain(View& view, const Visit& visit, const flow::ChainSituation& chain) {
  View& item = view.add("chain");
  if (!chain.last) {
    item.text("chain_words", visit.say("admin_home.chain.none"));
    return;
  }
  using enum flow::CheckState;
  constexpr std::array<std::pair<flow::CheckState, std::string_view>, 5> words{{
      {waiting, "admin_home.chain.running"},
      {running, "admin_home.chain.running"},
      {intact, "admin_home.chain.intact"},
      {broken, "admin_home.chain.broken"},
      {failed, "admin_home.chain.failed"},
  }};
  for (const auto& [state, key] : words) {
    if (state == chain.last->state) item.text("chain_words", visit.say(key));
  }
  item.flag("chain_bad", chain.last->state == broken || chain.last->state == failed);
  item.text("chain_at", text::format_time(visit.language, chain.last->asked_at, visit.house.settings.site.time_zone));
}

void add_machine(View& view, const Visit& visit) {
  if (!visit.options.look_at_machine) return;
  const Machine machine = visit.options.look_at_machine();
  View& item = view.add("machine");
  item.text("version", machine.version).text("database", machine.database);
  if (machine.disk_free) {
    const std::uint64_t free = *machine.disk_free;
    item.text("disk", visit.say("admin_home.disk_free", {{"free", std::to_string(free / gibibyte)},
                                                         {"all", std::to_string(machine.disk_size / gibibyte)}}));
    item.flag("disk_bad", free < gibibyte || free < machine.disk_size / 10);
  }
  if (machine.certificate_until) {
    item.text("certificate",
              text::format_date(visit.language, *machine.certificate_until, visit.house.settings.site.time_zone));
    item.flag("certificate_bad", *machine.certificate_until < visit.facts.now + flow::certificate_warning);
  }
}

}  // namespace

http::Response show_admin_home(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!flow::may_administer(actor)) return show_forbidden(visit, rights::Permission::manage_accounts);
  const auto situation = flow::read_situation(visit.house, actor, visit.facts.now);
  if (!situation) return show_error(visit, situation.error());
  View view;
  if (situation->logins) add_logins(view, visit, *situation);
  if (situation->messages) add_messages(view, visit, *situation->messages);
  if (situation->ends) add_ends(view, visit, *situation->ends);
  if (situation->chain) add_chain(view, visit, *situation->chain);
  if (situation->shows_installation) add_machine(view, visit);
  view.flag("nothing",
            !situation->logins && !situation->messages && !situation->ends && !situation->shows_installation);
  return show_inside(visit, "admin_home", "admin_home.title", here, std::move(view));
}

}  // namespace web
