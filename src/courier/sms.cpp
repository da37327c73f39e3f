#include "courier/sms.hpp"

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <utility>

#include "base/bytes.hpp"

namespace courier {
namespace {

constexpr std::size_t most_code_points = 1530;
// What one part holds as soon as one character is not in the alphabet of GSM (3GPP TS 23.038 §6.2.3).
constexpr std::size_t most_units_of_ucs2 = 70;

// The characters of German and Polish texts that are not in that alphabet.
using Plain = std::pair<std::string_view, std::string_view>;
constexpr std::array<Plain, 25> plain_characters{
    {{"ą", "a"},  {"ć", "c"},  {"ę", "e"},  {"ł", "l"}, {"ń", "n"}, {"ó", "o"}, {"ś", "s"},  {"ź", "z"}, {"ż", "z"},
     {"Ą", "A"},  {"Ć", "C"},  {"Ę", "E"},  {"Ł", "L"}, {"Ń", "N"}, {"Ó", "O"}, {"Ś", "S"},  {"Ź", "Z"}, {"Ż", "Z"},
     {"„", "\""}, {"“", "\""}, {"”", "\""}, {"’", "'"}, {"–", "-"}, {"‑", "-"}, {"…", "..."}}};

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

bool is_text(std::string_view text) {
  return !text.empty() && base::is_utf8(text) && base::count_code_points(text) <= most_code_points &&
         text.find('\0') == std::string_view::npos;
}

// A short text keeps its letters, because it has one part all the same.
std::string spare_parts(std::string text) {
  if (base::count_code_points(text) <= most_units_of_ucs2) return text;
  for (const auto& [character, plain] : plain_characters) {
    for (std::size_t at = text.find(character); at != std::string::npos; at = text.find(character, at + plain.size())) {
      text.replace(at, character.size(), plain);
    }
  }
  return text;
}

bool is_reference(std::string_view text) {
  return text.size() <= 64 &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_digit(c) || is_letter(c) || c == '-'; });
}

void append_field(std::string& form, std::string_view name, std::string_view value) {
  if (!form.empty()) form.push_back('&');
  form.append(name).append(1, '=').append(base::percent_encode(value));
}

// The answer {"id": "…"} or {"id": 7}. Another answer has no identifier, which is no error: the gateway has accepted
// the message.
std::string id_in(const remote::HttpResponse& response) {
  boost::json::error_code error;
  const boost::json::value body = boost::json::parse(response.body, error);
  if (error || !body.is_object()) return {};
  const boost::json::value* const id = body.get_object().if_contains("id");
  if (id == nullptr) return {};
  if (id->is_string()) return quote(std::string_view(id->get_string().data(), id->get_string().size()));
  return id->is_int64() ? std::to_string(id->get_int64()) : std::string();
}

}  // namespace

bool is_sms_sender(std::string_view text) {
  if (text.starts_with("00")) return is_e164(text.substr(2), 3);
  return text.size() >= 3 && text.size() <= 11 && is_letter(text.front()) && is_letter(text.back()) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-' || c == '_'; });
}

bool is_phone_number(std::string_view text) {
  return text.starts_with('+') && is_e164(text.substr(1), 7);
}

base::Result<void> check_gateway(const SmsGateway& gateway) {
  const auto bad = [](const char* why) { return base::fail(base::Code::invalid_input, why); };
  if (!gateway.url.starts_with("https://") && !gateway.url.starts_with("http://"))
    return bad("the gateway has no web address");
  if (gateway.id.empty()) return bad("the gateway has no id");
  if (!gateway.sender.empty() && !is_sms_sender(gateway.sender)) {
    return bad("the sender is neither 3 to 11 letters, digits, . - _ between letters, nor 00 and a number");
  }
  return {};
}

SmsReceipt send_sms(const remote::HttpClient& client, const SmsGateway& gateway, const Sms& sms) {
  if (const auto checked = check_gateway(gateway); !checked) return {judge(checked.error()), {}};
  const std::string& from = sms.from.empty() ? gateway.sender : sms.from;
  if (!is_phone_number(sms.to)) return {give_up("bad_number", "the number is not E.164 with plus"), {}};
  if (!from.empty() && !is_sms_sender(from)) return {give_up("bad_sender", "the sender is not valid"), {}};
  if (!is_text(sms.text)) return {give_up("bad_text", "the text is empty, too long or not UTF-8"), {}};
  if (!is_reference(sms.reference)) return {give_up("bad_reference", "the reference is not valid"), {}};

  remote::HttpRequest request;
  request.method = remote::HttpRequest::Method::post;
  request.url = gateway.url;
  request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}};
  append_field(request.body, "id", gateway.id);
  append_field(request.body, "password", gateway.password.reveal());
  append_field(request.body, "to", sms.to);
  if (!from.empty()) append_field(request.body, "from", from);
  append_field(request.body, "text", spare_parts(sms.text));
  append_field(request.body, "type", "text");
  if (!sms.reference.empty()) append_field(request.body, "reference", sms.reference);
  const auto response = client.send(request);
  const base::Secret wiped(std::move(request.body));  // because it has the password and perhaps a one-time code

  if (!response) return {judge_call(response.error()), {}};
  if (response->status >= 200 && response->status <= 299) return {delivered(), id_in(*response)};
  // Without the body, because a gateway may repeat the message in it, and the message may have a one-time code.
  const Code code = Code::http(response->status);
  const bool is_final = response->status == 400 || response->status == 413 || response->status == 422;
  return {is_final ? give_up(code) : retry(code), {}};
}

}  // namespace courier
