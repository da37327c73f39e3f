#include "courier/gateway.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>

#include "courier/deliver.hpp"

namespace courier {
namespace {

constexpr std::size_t longest_id = 128;  // of a gateway's identifier of a message
constexpr std::array<std::string_view, 11> placeholders{
    "id", "password", "number", "sender", "sender_number", "text", "reference", "report_url", "data", "udh", "link"};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_e164(std::string_view digits, std::size_t least) {
  return digits.size() >= least && digits.size() <= 15 && digits.front() != '0' &&
         std::all_of(digits.begin(), digits.end(), is_digit);
}

auto bad(std::string why) {
  return base::fail(base::Code::invalid_input, std::move(why));
}

bool is_one_of(std::string_view value, std::initializer_list<std::string_view> all) {
  return std::find(all.begin(), all.end(), value) != all.end();
}

base::Result<void> check_template(const std::string& written) {
  for (std::size_t at = written.find('{'); at != std::string::npos; at = written.find('{', at + 1)) {
    const std::size_t end = written.find('}', at);
    const std::string name = end == std::string::npos ? "" : written.substr(at + 1, end - at - 1);
    if (std::find(placeholders.begin(), placeholders.end(), name) == placeholders.end())
      return bad("\"" + written + "\" has an unknown placeholder");
  }
  return {};
}

base::Result<void> check_fields(const std::vector<std::string>& fields) {
  for (const std::string& field : fields) {
    const auto equals = field.find('=');
    if (equals == std::string::npos || equals == 0) return bad("\"" + field + "\" is not name=template");
    RETURN_IF_ERROR(check_template(field));
  }
  return {};
}

base::Result<void> check_form(const GatewayForm& form) {
  if (!is_one_of(form.method, {"post", "get"})) return bad("method is post or get");
  if (!is_one_of(form.body, {"form", "json", "query"})) return bad("body is form, json or query");
  if (form.method == "get" && form.body != "query") return bad("with the method get the body is query");
  if (!is_one_of(form.charset, {"utf-8", "iso-8859-1"})) return bad("charset is utf-8 or iso-8859-1");
  if (!is_one_of(form.numbers, {"plus", "zeros", "digits"})) return bad("numbers is plus, zeros or digits");
  if (!is_one_of(form.login, {"fields", "basic", "bearer"})) return bad("login is fields, basic or bearer");
  if (!is_one_of(form.signature, {"", "twilio", "seven"})) return bad("signature is empty, twilio or seven");
  for (const auto* fields : {&form.fields, &form.text, &form.flash, &form.binary, &form.service}) {
    RETURN_IF_ERROR(check_fields(*fields));
  }
  for (const std::string& header : form.headers) {
    if (header.find(": ") == std::string::npos) return bad("\"" + header + "\" is not a header, Name: template");
    RETURN_IF_ERROR(check_template(header));
  }
  if (form.accepted.empty()) return bad("accepted says no answer, so that no message would ever be sent");
  for (const auto* rules : {&form.accepted, &form.refused, &form.temporary}) {
    for (const std::string& rule : *rules) RETURN_IF_ERROR(parse_answer_rule(rule));
  }
  return {};
}

bool mentions(const SmsGateway& gateway, std::string_view placeholder) {
  if (gateway.url.find(placeholder) != std::string::npos) return true;
  for (const auto* templates : {&gateway.form.headers, &gateway.form.fields, &gateway.form.text}) {
    for (const std::string& one : *templates) {
      if (one.find(placeholder) != std::string::npos) return true;
    }
  }
  return false;
}

std::pair<std::string_view, std::string_view> cut(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return {text, {}};
  return {text.substr(0, blank), text.substr(blank + 1)};
}

std::optional<int> status_of(std::string_view text) {
  int number = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool is_whole = read.ec == std::errc() && read.ptr == text.data() + text.size();
  return is_whole && number >= 100 && number <= 599 ? std::optional(number) : std::nullopt;
}

std::string find_report_value(std::string_view rule, std::string_view body,
                              const std::vector<std::pair<std::string, std::string>>& fields) {
  const auto [where, name] = cut(rule);
  if (where == "json") return find_in_json(body, name).value_or("");
  if (where != "field") return {};
  for (const auto& [field, value] : fields) {
    if (field == name) return value;
  }
  return {};
}

}  // namespace

std::string_view name_of(SmsKind kind) {
  switch (kind) {
    case SmsKind::text: return "text";
    case SmsKind::flash: return "flash";
    case SmsKind::binary: return "binary";
    case SmsKind::service: return "service";
  }
  return "";
}

std::optional<SmsKind> find_sms_kind(std::string_view name) {
  for (const SmsKind kind : {SmsKind::text, SmsKind::flash, SmsKind::binary, SmsKind::service}) {
    if (name_of(kind) == name) return kind;
  }
  return std::nullopt;
}

const std::vector<std::string>& GatewayForm::of(SmsKind kind) const {
  switch (kind) {
    case SmsKind::flash: return flash;
    case SmsKind::binary: return binary;
    case SmsKind::service: return service;
    default: return text;
  }
}

bool is_sms_sender(std::string_view text) {
  if (text.starts_with("00")) return is_e164(text.substr(2), 3);
  return text.size() >= 3 && text.size() <= 11 && is_letter(text.front()) && is_letter(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_'; });
}

bool is_phone_number(std::string_view text) {
  return text.starts_with('+') && is_e164(text.substr(1), 7);
}

bool needs_login(const SmsGateway& gateway) {
  return gateway.form.login == "basic" || mentions(gateway, "{id}");
}

base::Result<void> check_gateway(const SmsGateway& gateway) {
  RETURN_IF_ERROR(check_gateway_form(gateway));
  const bool has_basic = gateway.form.login == "basic";
  if (gateway.id.empty() && needs_login(gateway)) return bad("the gateway has no id");
  if (gateway.password.empty() && (has_basic || gateway.form.login == "bearer" || mentions(gateway, "{password}")))
    return bad("the gateway has no password");
  return {};
}

base::Result<void> check_gateway_form(const SmsGateway& gateway) {
  if (!gateway.url.starts_with("https://") && !gateway.url.starts_with("http://"))
    return bad("the gateway has no web address");
  if (!gateway.sender.empty() && !is_sms_sender(gateway.sender)) {
    return bad("the sender is neither 3 to 11 letters, digits, . - _ between letters, nor 00 and a number");
  }
  if (!gateway.sender.empty() && !gateway.has_own_sender) return bad("a tariff without own sender has no sender");
  RETURN_IF_ERROR(check_template(gateway.url));
  return check_form(gateway.form);
}

base::Result<AnswerRule> parse_answer_rule(std::string_view written) {
  const auto wrong = [&] {
    return bad("\"" + std::string(written) + "\" is no answer, such as 200-299 or 200 json success 100");
  };
  AnswerRule rule;
  const auto [statuses, rest] = cut(written);
  const auto dash = statuses.find('-');
  const auto from = status_of(statuses.substr(0, dash));
  const auto to = dash == std::string_view::npos ? from : status_of(statuses.substr(dash + 1));
  if (!from || !to || *from > *to) return wrong();
  rule.from = *from;
  rule.to = *to;
  if (rest.empty()) return rule;
  const auto [where, what] = cut(rest);
  if (where == "text") {
    rule.what = AnswerRule::What::text;
    rule.glob = what;
  } else if (where == "json") {
    rule.what = AnswerRule::What::json;
    const auto [path, glob] = cut(what);
    rule.path = path;
    rule.glob = glob;
  }
  if (rule.what == AnswerRule::What::status || rule.glob.empty()) return wrong();
  return rule;
}

bool fits(const AnswerRule& rule, int status, std::string_view body) {
  if (status < rule.from || status > rule.to) return false;
  if (rule.what == AnswerRule::What::status) return true;
  if (rule.what == AnswerRule::What::text) return fits_glob(rule.glob, body);
  const auto value = find_in_json(body, rule.path);
  return value && fits_glob(rule.glob, *value);
}

// The last star alone is tried again, so that the work is the product of both lengths at most.
bool fits_glob(std::string_view glob, std::string_view text) {
  std::size_t g = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t behind = 0;
  while (t < text.size()) {
    if (g < glob.size() && glob[g] == '*') {
      star = g++;
      behind = t;
    } else if (g < glob.size() && (glob[g] == '?' || glob[g] == text[t])) {
      ++g;
      ++t;
    } else if (star != std::string_view::npos) {
      g = star + 1;
      t = ++behind;
    } else {
      return false;
    }
  }
  while (g < glob.size() && glob[g] == '*') ++g;
  return g == glob.size();
}

std::optional<std::string> find_in_json(std::string_view body, std::string_view path) {
  boost::json::error_code error;
  const boost::json::value parsed = boost::json::parse(boost::json::string_view(body.data(), body.size()), error);
  if (error) return std::nullopt;
  const boost::json::value* at = &parsed;
  while (!path.empty()) {
    const auto dot = path.find('.');
    const std::string_view name = path.substr(0, dot);
    path = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
    if (at->is_object()) {
      at = at->get_object().if_contains(boost::json::string_view(name.data(), name.size()));
    } else if (at->is_array()) {
      std::size_t index = 0;
      const auto read = std::from_chars(name.data(), name.data() + name.size(), index);
      at = read.ec == std::errc() ? at->get_array().if_contains(index) : nullptr;
    } else {
      at = nullptr;
    }
    if (at == nullptr) return std::nullopt;
  }
  if (at->is_string()) return std::string(at->get_string().data(), at->get_string().size());
  if (at->is_number() || at->is_bool()) return boost::json::serialize(*at);
  return std::nullopt;
}

std::string find_message_id(std::string_view rule, std::string_view body) {
  const auto [where, what] = cut(rule);
  std::string found;
  if (where == "json") {
    found = find_in_json(body, what).value_or("");
  } else if (where == "text") {
    const std::string_view before = what.substr(0, what.find('*'));
    const auto at = body.find(before);
    if (at == std::string_view::npos) return {};
    const std::string_view rest = body.substr(at + before.size());
    found = rest.substr(0, rest.find_first_of(" \t\r\n,;<"));
  }
  return found.size() > longest_id ? std::string() : quote(found);
}

std::optional<Report> read_report(const GatewayForm& form, std::string_view body,
                                  const std::vector<std::pair<std::string, std::string>>& fields) {
  Report report;
  report.message_id = find_report_value(form.report_id, body, fields);
  if (report.message_id.empty() || report.message_id.size() > longest_id) return std::nullopt;
  report.message_id = quote(report.message_id);
  const std::string state = find_report_value(form.report_state, body, fields);
  const auto is_in = [&](const std::vector<std::string>& all) {
    return std::find(all.begin(), all.end(), state) != all.end();
  };
  if (is_in(form.arrived)) report.state = Report::State::arrived;
  if (is_in(form.lost)) report.state = Report::State::lost;
  return report;
}

}  // namespace courier
