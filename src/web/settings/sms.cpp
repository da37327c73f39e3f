// Short messages: the gateways with their state, and what can be set at them (S3.7); the limits with their counts
// (S3.8); a test message.
#include <algorithm>
#include <array>
#include <charconv>

#include "flow/house/site_settings.hpp"
#include "flow/message/administer_sms.hpp"
#include "flow/message/deliver_message.hpp"
#include "flow/message/send_by_hand.hpp"
#include "identity/identifier/phone_number.hpp"
#include "text/text.hpp"
#include "web/page/brand.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"
#include "web/settings/pages.hpp"
#include "web/settings/steps.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/admin/sms";
constexpr auto needed = rights::Permission::administer_all;
constexpr std::array<std::string_view, 4> limit_fields{"per_number", "per_network", "window", "per_day"};

/// What the page says besides the state of things.
struct Said {
  std::string problem{};
  std::string_view form{};  // "limits", "test", or the name of a gateway: it shows what was typed
  std::vector<std::string> flaws{};
  int status = 200;
};

bool has_flaw(const Said& said, std::string_view field) {
  return std::find(said.flaws.begin(), said.flaws.end(), field) != said.flaws.end();
}

std::vector<std::string> split(std::string_view words) {
  std::vector<std::string> all;
  while (!words.empty()) {
    const auto blank = std::min(words.find(' '), words.size());
    all.emplace_back(words.substr(0, blank));
    words.remove_prefix(std::min(blank + 1, words.size()));
  }
  return all;
}

std::string say_time(const Visit& visit, base::Time at) {
  return text::format_time(visit.language, at, visit.house.settings.site.time_zone);
}

std::string say_state(const Visit& visit, const flow::SmsGatewayLook& gateway) {
  if (!gateway.is_on) return visit.say("sms.state.off");
  if (gateway.state.is_open)
    return visit.say("sms.state.silent", {{"time", say_time(visit, gateway.state.next_probe)}});
  return visit.say(gateway.state.taken > 0 ? "sms.state.works" : "sms.state.unused");
}

void add_gateway(View& view, const Visit& visit, const flow::SmsGatewayLook& gateway, const Said& said) {
  const bool is_typed = said.form == gateway.name;
  const auto shown = [&](std::string_view field, const std::string& stored) {
    return is_typed ? visit.form.get(field) : stored;
  };
  const bool has_own_sender = is_typed ? visit.form.get("tariff") != "none" : gateway.has_own_sender;
  View& item = view.add("gateways");
  item.text("gateway", gateway.name).text("gateway_title", gateway.title).text("host", gateway.host);
  item.flag("unverified", !gateway.is_verified);
  item.text("state", say_state(visit, gateway)).flag("bad", gateway.is_on && gateway.state.is_open);
  item.text("taken", std::to_string(gateway.state.taken))
      .text("refused", std::to_string(gateway.state.refused))
      .text("failed", std::to_string(gateway.state.failed));
  if (gateway.state.last_error_at) {
    item.text("last_error", gateway.state.last_error)
        .text("last_error_at", say_time(visit, *gateway.state.last_error_at));
  }
  item.flag("is_on", is_typed ? visit.form.get("use") == "yes" : gateway.is_on);
  item.flag("needs_login", gateway.needs_login).text("login", shown("login", gateway.login));
  item.flag("has_password", gateway.has_password);
  item.text("sender", shown("sender", gateway.sender)).flag("no_own_sender", !has_own_sender);
  item.text("version", is_typed ? visit.form.get("version") : std::to_string(gateway.version));
  item.text("csrf_gateway", make_session_csrf(visit, std::string(here) + "/gateway"));
  item.flag("flaw_login", is_typed && has_flaw(said, "login"))
      .flag("flaw_secret", is_typed && has_flaw(said, "password"))
      .flag("flaw_sender", is_typed && has_flaw(said, "sender"));
  add_proof(item, visit, "password-" + gateway.name);
}

std::string print_limit(std::int64_t limit) {
  return limit == 0 ? std::string() : std::to_string(limit);
}

void add_limits(View& view, const Visit& visit, const flow::SmsLook& look, const Said& said) {
  const bool is_typed = said.form == "limits";
  const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(look.limits.window).count();
  const std::array<std::string, 4> stored{print_limit(look.limits.per_number), print_limit(look.limits.per_network),
                                          std::to_string(minutes), print_limit(look.limits.per_day)};
  for (std::size_t i = 0; i < limit_fields.size(); ++i) {
    const std::string_view field = limit_fields.at(i);
    View& item = view.add("limits");
    item.text("limit", std::string(field)).text("label", visit.say("sms.limit." + std::string(field)));
    item.text("hint", visit.say("sms.limit_hint." + std::string(field)));
    item.text("value", is_typed ? visit.form.get(field) : stored.at(i)).flag("flaw", is_typed && has_flaw(said, field));
  }
  view.text("limits_version", is_typed ? visit.form.get("version") : std::to_string(look.version));
  for (const auto& [purpose, day] : look.today) {
    View& item = view.add("today");
    item.text("purpose", visit.say("sms.purpose." + std::string(flow::name_of(purpose))));
    item.text("sent", std::to_string(day.sent)).text("refused", std::to_string(day.refused));
  }
}

// What the address says is believed only where it names a gateway of this page.
std::string done_text(const Visit& visit, const flow::SmsLook& look) {
  const std::string key = "sms.done." + visit.query.get("done");
  if (!text::has(key)) return {};
  const std::string name = visit.query.get("gateway");
  const std::string parts = visit.query.get("parts");
  const bool is_known =
      std::any_of(look.gateways.begin(), look.gateways.end(), [&](const auto& one) { return one.name == name; });
  const bool is_count = parts.size() <= 2 && parts.find_first_not_of("0123456789") == std::string::npos;
  return visit.say(key, {{"gateway", is_known ? name : std::string()}, {"parts", is_count ? parts : std::string()}});
}

http::Response show_page(Visit& visit, const Said& said) {
  const auto look = flow::look_at_sms(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!look) return show_error(visit, look.error());
  View view;
  view.text("done", done_text(visit, *look)).text("problem", said.problem);
  for (const flow::SmsGatewayLook& gateway : look->gateways) add_gateway(view, visit, gateway, said);
  view.flag("any", !look->gateways.empty()).flag("none", look->gateways.empty());
  std::string countries;
  for (const std::string& one : look->countries) countries.append(countries.empty() ? "" : ", ").append(one);
  view.text("countries", countries);
  add_limits(view, visit, *look, said);
  const bool is_test = said.form == "test";
  view.text("phone", is_test ? visit.form.get("phone") : std::string());
  view.flag("flaw_phone", is_test && has_flaw(said, "phone"));
  for (const flow::SmsGatewayLook& gateway : look->gateways) {
    view.add("choices")
        .text("choice", gateway.name)
        .flag("chosen", is_test && visit.form.get("gateway") == gateway.name);
  }
  view.text("csrf_limits", make_session_csrf(visit, std::string(here) + "/limits"));
  view.text("csrf_test", make_session_csrf(visit, std::string(here) + "/test"));
  add_proof(view, visit);
  return show_inside(visit, "sms", "sms.title", here, std::move(view), said.status);
}

http::Response refuse(Visit& visit, std::string_view form, std::string problem, std::vector<std::string> flaws = {},
                      int status = status_of_flaw) {
  return show_page(visit, {std::move(problem), form, std::move(flaws), status});
}

http::Response say_done(Visit& visit, const std::string& what) {
  return redirect(visit, std::string(here) + "?done=" + what);
}

/// "" is 0; -1: not a number.
std::int64_t read_number(const std::string& typed) {
  if (typed.empty()) return 0;
  std::int64_t number = -1;
  const auto read = std::from_chars(typed.data(), typed.data() + typed.size(), number);
  return read.ec == std::errc() && read.ptr == typed.data() + typed.size() ? number : -1;
}

std::string say_flaws(const Visit& visit, const std::vector<std::string>& flaws) {
  std::string all;
  for (const std::string& flaw : flaws) {
    all.append(all.empty() ? "" : " ").append(visit.say("sms.flaw." + flaw));
  }
  return all;
}

/// Why no gateway has taken the test.
std::string say_refusal(const Visit& visit, const flow::SmsOutcome& sent) {
  const std::string code = sent.delivery.code.text();
  const std::string of_code = "sms.why." + code;
  const std::string key = text::has(of_code) ? of_code : sent.delivery.unanswered ? "sms.why.silent" : "sms.why.other";
  return visit.say("sms.test.refused", {{"why", visit.say(key, {{"gateway", sent.gateway}})}, {"code", code}});
}

}  // namespace

http::Response show_sms(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  return show_page(visit, {});
}

http::Response submit_sms_limits(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return refuse(visit, "limits", visit.say(flaw));
  identity::SmsLimits limits;
  limits.per_number = read_number(visit.form.get("per_number"));
  limits.per_network = read_number(visit.form.get("per_network"));
  limits.per_day = read_number(visit.form.get("per_day"));
  const std::int64_t minutes = read_number(visit.form.get("window"));
  limits.window = std::chrono::minutes(std::clamp<std::int64_t>(minutes, -1, 1'000'000));
  const auto set = flow::set_sms_limits(visit.house, *visit.visitor.actor, limits, read_version(visit), visit.facts);
  if (set) return say_done(visit, "limits");
  switch (set.error().code) {
    case base::Code::invalid_input: {
      const auto flaws = split(set.error().reason);
      return refuse(visit, "limits", say_flaws(visit, flaws), flaws);
    }
    case base::Code::conflict: return refuse(visit, "", visit.say("sms.conflict"), {}, status_of_conflict);
    default: return show_error(visit, set.error());
  }
}

http::Response submit_sms_gateway(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  const std::string name = visit.form.get("gateway");
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return refuse(visit, name, visit.say(flaw));
  flow::SmsGatewayWish wish;
  wish.name = name;
  wish.is_on = visit.form.get("use") == "yes";
  wish.login = visit.form.get("login");
  wish.password = base::Secret(visit.form.get("gateway_password"));
  wish.sender = visit.form.get("sender");
  wish.has_own_sender = visit.form.get("tariff") != "none";
  wish.version = read_version(visit);
  const auto set = flow::set_sms_gateway(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (set) return say_done(visit, "gateway");
  switch (set.error().code) {
    case base::Code::invalid_input: {
      const auto flaws = split(set.error().reason);
      return refuse(visit, name, say_flaws(visit, flaws), flaws);
    }
    case base::Code::conflict: return refuse(visit, "", visit.say("sms.conflict"), {}, status_of_conflict);
    default: return show_error(visit, set.error());
  }
}

http::Response submit_sms_test(Visit& visit) {
  if (!visit.visitor.actor->may(needed)) return show_forbidden(visit, needed);
  if (const auto flaw = find_proof_flaw(visit); !flaw.empty()) return refuse(visit, "test", visit.say(flaw));
  const auto number = identity::parse_phone_number(visit.form.get("phone"));
  if (!number) return refuse(visit, "test", visit.say("sms.flaw.phone"), {"phone"});
  const flow::Site site{current_brand(visit.house, visit.visitor.actor->account().tenant_id)->name,
                        visit.house.settings.site.issuer};
  flow::SmsByHand wish;
  wish.sms.to = *number;
  wish.sms.text = flow::make_test_message(*number, false, site, visit.language).text;
  wish.gateway = visit.form.get("gateway");
  const auto sent = flow::send_sms_by_hand(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (sent && !sent->is_taken()) return refuse(visit, "test", say_refusal(visit, *sent));
  if (sent) {
    return say_done(visit,
                    "test&gateway=" + base::percent_encode(sent->gateway) + "&parts=" + std::to_string(sent->parts));
  }
  switch (sent.error().code) {
    case base::Code::conflict: return refuse(visit, "test", visit.say("sms.none"));
    case base::Code::not_found:
    case base::Code::invalid_input: return refuse(visit, "test", visit.say("sms.flaw.phone"), {"phone"});
    default: return show_error(visit, sent.error());
  }
}

}  // namespace web
