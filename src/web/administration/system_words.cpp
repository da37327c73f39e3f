#include "web/administration/system_words.hpp"

#include "base/bytes.hpp"
#include "flow/house/site_settings.hpp"
#include "text/text.hpp"

namespace web {

std::string say_time(const Visit& visit, base::Time at) {
  return text::format_time(visit.language, at, visit.house.settings.site.time_zone);
}

std::string system_link(std::string_view id) {
  return std::string(systems_path) + "/system?id=" + base::percent_encode(id);
}

void add_fingerprint(View& item, std::string_view sha256) {
  constexpr std::size_t digits_of_line = 16;
  for (std::size_t begin = 0; begin < sha256.size(); begin += digits_of_line) {
    std::string line;
    const std::string_view digits = sha256.substr(begin, digits_of_line);
    for (std::size_t i = 0; i < digits.size(); ++i) {
      if (i > 0 && i % 2 == 0) line.push_back(':');
      const char c = digits[i];
      line.push_back(c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c);
    }
    if (begin + digits_of_line < sha256.size()) line.push_back(':');
    item.add("fingerprint").text("part", std::move(line));
  }
}

void add_name_parts(View& item, std::string_view list, std::string_view name) {
  std::size_t begin = 0;
  for (std::size_t at = 0; at < name.size(); ++at) {
    if (name[at] == '\\') {  // the next character belongs to a value
      ++at;
    } else if (name[at] == ',') {
      item.add(list).text("part", std::string(name.substr(begin, at + 1 - begin)));
      begin = at + 1;
    }
  }
  item.add(list).text("part", std::string(name.substr(begin)));
}

std::string say_done(const Visit& visit) {
  const std::string key = "systems.done." + visit.query.get("done");
  return text::has(key) ? visit.say(key) : std::string();
}

void add_certificate(View& item, const Visit& visit, const flow::SystemCertificate& one) {
  item.text("system", one.system_id).text("link", system_link(one.system_id));
  item.text("algorithm", one.algorithm);
  add_name_parts(item, "subject", one.subject);
  add_name_parts(item, "issuer", one.issuer);
  item.text("from", say_time(visit, one.not_before)).text("until", say_time(visit, one.not_after));
  item.text("sha256", one.sha256);
  add_fingerprint(item, one.sha256);
  item.text("origin", visit.say(one.is_own ? "systems.origin.own" : "systems.origin.foreign"));
  const base::Time now = visit.facts.now;
  const bool is_over = now >= one.not_after;
  if (one.revoked_at) {
    item.text("revoked", visit.say("systems.revoked", {{"time", say_time(visit, *one.revoked_at)},
                                                       {"reason", visit.say("audit.why." + one.reason)}}));
    if (!one.revoker.empty()) item.text("revoked_by", visit.say("systems.revoked_by", {{"person", one.revoker}}));
  } else if (is_over) {
    item.flag("is_over");
  } else if (now < one.not_before) {
    item.flag("is_early");
  } else {
    item.flag("is_soon", one.not_after - now < flow::certificate_warning).flag("is_good");
  }
  item.flag("may_revoke", !one.revoked_at);
}

}  // namespace web
