#include "courier/sms.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "courier/sms_text.hpp"

namespace courier {
namespace {

constexpr std::size_t most_code_points = 1530;
constexpr std::size_t most_octets = 140;  // of one binary message (3GPP TS 23.040 §9.2.3.16)
constexpr std::size_t longest_link = 400;

bool is_text(std::string_view text) {
  return !text.empty() && base::is_utf8(text) && base::count_code_points(text) <= most_code_points &&
         text.find('\0') == std::string_view::npos;
}

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_reference(std::string_view text) {
  return text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_alphanumeric(c) || c == '-'; });
}

bool is_hex(std::string_view text) {
  return text.size() % 2 == 0 && text.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

bool is_link(std::string_view text) {
  const bool has_scheme = text.starts_with("https://") || text.starts_with("http://");
  return has_scheme && text.size() <= longest_link &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7F'; });
}

/// Why the message cannot be sent at all; nullopt: it can.
std::optional<Delivery> find_flaw(const Sms& sms) {
  if (!is_phone_number(sms.to)) return give_up("bad_number", "the number is not E.164 with plus");
  if (!sms.from.empty() && !is_sms_sender(sms.from)) {
    return give_up("bad_sender",
                   "the sender is neither 3 to 11 letters, digits, . - _ between letters, nor 00 and a number");
  }
  if (!is_reference(sms.reference)) return give_up("bad_reference", "the reference is not valid");
  const bool is_binary = sms.kind == SmsKind::binary;
  const std::size_t octets = (sms.data.size() + sms.udh.size()) / 2;
  if (is_binary && (sms.data.empty() || !is_hex(sms.data) || !is_hex(sms.udh) || octets > most_octets))
    return give_up("bad_data", "the data are not 1 to 140 octets in hexadecimal digits");
  if (sms.kind == SmsKind::service && !is_link(sms.link))
    return give_up("bad_link", "the link is not http(s):// and at most 400 characters of ASCII");
  const bool needs_text = !is_binary && (sms.kind != SmsKind::service || !sms.text.empty());
  if (needs_text && !is_text(sms.text)) return give_up("bad_text", "the text is empty, too long or not UTF-8");
  return std::nullopt;
}

// nullopt: a character is not in the character set.
std::optional<std::string> to_latin1(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const auto octet = static_cast<unsigned char>(text[at]);
    if (octet < 0x80) {
      out.push_back(text[at]);
    } else if ((octet == 0xC2 || octet == 0xC3) && at + 1 < text.size()) {
      const unsigned second = static_cast<unsigned char>(text[++at]);
      out.push_back(static_cast<char>((octet & 0x03U) << 6U | (second & 0x3FU)));
    } else {
      return std::nullopt;
    }
  }
  return out;
}

/// "+49…" or "0049…" as the gateway wants numbers; a sender of letters stays as it is.
std::string print_number(std::string_view number, std::string_view form) {
  if (number.starts_with("00")) {
    number.remove_prefix(2);
  } else if (number.starts_with('+')) {
    number.remove_prefix(1);
  } else {
    return std::string(number);
  }
  return std::string(form == "plus" ? "+" : form == "zeros" ? "00" : "") + std::string(number);
}

/// Fills the templates of one message.
class Filler {
 public:
  Filler(const SmsGateway& gateway, const Sms& sms) : gateway_(gateway), sms_(sms) {}

  /// nullopt: a placeholder is empty, so that the field is left out.
  [[nodiscard]] std::optional<std::string> fill(std::string_view written, bool for_url = false) const {
    std::string out;
    while (!written.empty()) {
      const auto open = written.find('{');
      out.append(written.substr(0, open));
      if (open == std::string_view::npos) break;
      const auto close = written.find('}', open);
      const std::string value = find(written.substr(open + 1, close - open - 1));
      if (value.empty()) return std::nullopt;
      out.append(for_url ? base::percent_encode(value) : value);
      written.remove_prefix(close + 1);
    }
    return out;
  }

 private:
  [[nodiscard]] std::string find_sender() const {
    if (!gateway_.has_own_sender) return {};
    return sms_.from.empty() ? gateway_.sender : sms_.from;
  }
  [[nodiscard]] std::string find(std::string_view name) const {
    if (name == "id") return gateway_.id;
    if (name == "password") return std::string(gateway_.password.reveal());
    if (name == "number") return print_number(sms_.to, gateway_.form.numbers);
    if (name == "sender") return find_sender();
    if (name == "sender_number") return print_number(find_sender(), gateway_.form.numbers);
    if (name == "text") return sms_.text;
    if (name == "reference") return sms_.reference;
    if (name == "report_url") return gateway_.report_url;
    if (name == "data") return sms_.data;
    if (name == "udh") return sms_.udh;
    return name == "link" ? sms_.link : std::string();
  }

  const SmsGateway& gateway_;
  const Sms& sms_;
};

struct Field {
  std::string name;
  std::string value;
  bool is_raw = false;  // in JSON without quotes
};

std::vector<Field> fill_fields(const SmsGateway& gateway, const Sms& sms) {
  const Filler filler(gateway, sms);
  std::vector<Field> filled;
  for (const auto* fields : {&gateway.form.fields, &gateway.form.of(sms.kind)}) {
    for (const std::string& written : *fields) {
      const auto equals = written.find('=');
      const bool is_raw = equals > 0 && written[equals - 1] == ':';
      auto value = filler.fill(std::string_view(written).substr(equals + 1));
      if (value) filled.push_back({written.substr(0, is_raw ? equals - 1 : equals), std::move(*value), is_raw});
    }
  }
  return filled;
}

std::optional<std::string> print_form(const std::vector<Field>& fields, std::string_view charset) {
  std::string form;
  for (const auto& [name, value, is_raw] : fields) {
    const auto octets = charset == "utf-8" ? std::optional(value) : to_latin1(value);
    if (!octets) return std::nullopt;
    if (!form.empty()) form.push_back('&');
    form.append(name).append(1, '=').append(base::percent_encode(*octets));
  }
  return form;
}

std::string print_json(const std::vector<Field>& fields) {
  std::string object = "{";
  for (const auto& [name, value, is_raw] : fields) {
    if (object.size() > 1) object.push_back(',');
    object.append(boost::json::serialize(boost::json::value(name))).push_back(':');
    object.append(is_raw ? value : boost::json::serialize(boost::json::value(value)));
  }
  return object + "}";
}

/// nullopt: the text has a character that the gateway's character set does not have.
std::optional<remote::HttpRequest> make_request(const SmsGateway& gateway, const Sms& sms) {
  const GatewayForm& form = gateway.form;
  const Filler filler(gateway, sms);
  const std::vector<Field> fields = fill_fields(gateway, sms);
  remote::HttpRequest request;
  request.method = form.method == "get" ? remote::HttpRequest::Method::get : remote::HttpRequest::Method::post;
  request.url = filler.fill(gateway.url, true).value_or(gateway.url);
  if (form.body == "json") {
    request.headers.emplace_back("Content-Type", "application/json");
    request.body = print_json(fields);
  } else {
    auto printed = print_form(fields, form.charset);
    if (!printed) return std::nullopt;
    if (form.body == "query") {
      request.url.append(request.url.find('?') == std::string::npos ? "?" : "&").append(*printed);
    } else {
      request.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
      request.body = std::move(*printed);
    }
  }
  for (const std::string& header : form.headers) {
    const auto colon = header.find(": ");
    auto value = filler.fill(std::string_view(header).substr(colon + 2));
    if (value) request.headers.emplace_back(header.substr(0, colon), std::move(*value));
  }
  const std::string password(gateway.password.reveal());
  if (form.login == "bearer") request.headers.emplace_back("Authorization", "Bearer " + password);
  if (form.login == "basic") {
    request.headers.emplace_back("Authorization", "Basic " + base::to_base64(gateway.id + ":" + password));
  }
  return request;
}

// The request has the password and perhaps a one-time code.
void wipe(remote::HttpRequest& request) {
  const base::Secret body(std::move(request.body));
  const base::Secret url(std::move(request.url));
  for (auto& header : request.headers) const base::Secret value(std::move(header.second));
}

bool fits_any(const std::vector<std::string>& rules, const remote::HttpResponse& response) {
  return std::any_of(rules.begin(), rules.end(), [&](const std::string& written) {
    const auto rule = parse_answer_rule(written);
    return rule && fits(*rule, response.status, response.body);
  });
}

SmsReceipt judge_answer(const GatewayForm& form, const remote::HttpResponse& response) {
  const bool is_good = response.status >= 200 && response.status <= 299;
  if (fits_any(form.refused, response))
    return {give_up(is_good ? Code("gateway_refused") : Code::http(response.status)), {}};
  if (!fits_any(form.temporary, response) && fits_any(form.accepted, response))
    return {delivered(), find_message_id(form.message_id, response.body)};
  return {retry(is_good ? Code("gateway_problem") : Code::http(response.status)), {}};
}

}  // namespace

base::Result<void> check_sms(const Sms& sms) {
  const auto flaw = find_flaw(sms);
  if (flaw) return base::fail(base::Code::invalid_input, flaw->reason);
  return {};
}

SmsReceipt send_sms(const remote::HttpClient& client, const SmsGateway& gateway, const Sms& sms) {
  if (const auto checked = check_gateway(gateway); !checked) return {retry("not_set_up", checked.error().reason), {}};
  if (const auto flaw = find_flaw(sms)) return {*flaw, {}};
  if (gateway.form.of(sms.kind).empty()) {
    return {give_up("unsupported", "the gateway " + gateway.name + " does not send messages of the kind " +
                                       std::string(name_of(sms.kind))),
            {}};
  }
  auto request = make_request(gateway, sms);
  if (!request) return {give_up("bad_text", "the text has a character that the gateway's character set lacks"), {}};
  const auto response = client.send(*request);
  wipe(*request);
  if (!response) return {judge_call(response.error()), {}};
  return judge_answer(gateway.form, *response);
}

}  // namespace courier
