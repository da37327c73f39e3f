// An SMS gateway as data: how it wants to be asked and how it answers, described by configuration and by no code
// (S3.7, S3.10). The words of this form are those of docs/operators/sms.md.
//
// A field is "name=template"; in JSON "name:=template" is a value without quotes. A template has text and placeholders:
//   {id} {password} {number} {sender} {sender_number} {text} {reference} {report_url}, also {data} {udh} {link}
// A field of which a placeholder is empty is left out, as the sender of a gateway without an own sender.
//
// An answer is "STATUS", "FROM-TO", or one of them with "text GLOB" (the whole body, * and ?) or "json PATH GLOB"
// (one value: "messages.0.id"). `refused` is looked at first, then `temporary`, then `accepted`; an answer that fits
// none of them is temporary.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace courier {

enum class SmsKind : std::uint8_t {
  text,
  flash,    // shown at once and not kept
  binary,   // octets for a device
  service,  // WAP push: a link
};
std::string_view name_of(SmsKind kind);
/// nullopt: there is no such kind.
std::optional<SmsKind> find_sms_kind(std::string_view name);

struct GatewayForm {
  std::string method = "post";    // post | get
  std::string body = "form";      // form | json | query
  std::string charset = "utf-8";  // utf-8 | iso-8859-1; of form and query
  std::string numbers = "plus";   // plus (+49…) | zeros (0049…) | digits (49…)
  std::string login = "fields";   // fields | basic | bearer
  std::vector<std::string> headers{};
  std::vector<std::string> fields{};  // of every message
  std::vector<std::string> text{};    // further ones of a kind; none: the gateway does not have the kind
  std::vector<std::string> flash{};
  std::vector<std::string> binary{};
  std::vector<std::string> service{};
  std::vector<std::string> accepted{};
  std::vector<std::string> refused{};    // this message will never be accepted
  std::vector<std::string> temporary{};  // the account, the gateway or the network has a problem
  std::string message_id{};              // "json PATH" or "text BEFORE*"; "": the gateway gives none
  std::string report_id{};               // "json PATH" or "field NAME" of a delivery report; "": there are none
  std::string report_state{};
  std::vector<std::string> arrived{};  // values of report_state; all that are in neither list say nothing
  std::vector<std::string> lost{};
  std::string
      signature{};  // of reports: "" (the secret path is enough) | twilio (by the password) | seven (by signing_key)

  [[nodiscard]] const std::vector<std::string>& of(SmsKind kind) const;
};

struct GatewayPreset {
  std::string_view name;
  std::string_view title;
  std::string url;  // "" = the provider tells it
  GatewayForm form;
  bool is_verified = true;  // the form was read in the provider's documentation
};
const std::vector<GatewayPreset>& gateway_presets();
/// nullptr: there is no such preset.
const GatewayPreset* find_gateway_preset(std::string_view name);
/// The preset "generic": docs/operators/sms-gateway.md.
GatewayForm generic_form();

struct SmsGateway {
  std::string url;
  std::string id;
  base::Secret password;
  std::string sender;  // default sender; empty = the gateway's own
  std::string name = "sms";
  std::string preset = "generic";
  GatewayForm form = generic_form();
  bool has_own_sender = true;  // false: the tariff allows none, and no message has one
  base::Secret report_key{};   // the secret in the address for reports; empty: none are taken
  std::string report_url{};    // what {report_url} is
  base::Secret signing_key{};  // with which the gateway signs reports, if that is not the password
};

/// S3.7. Alphanumeric: 3 to 11 of a-z A-Z 0-9 . - _, begins and ends with a letter. Numeric: 00 and E.164.
bool is_sms_sender(std::string_view text);
/// E.164 with plus: 7 to 15 digits, the first not 0.
bool is_phone_number(std::string_view text);
/// What the configuration says, without our id and password, which may be set on the page. Errors: invalid_input
/// (something with which no message can be sent; the reason says what).
base::Result<void> check_gateway_form(const SmsGateway& gateway);
/// Whether the form has a place for our id.
bool needs_login(const SmsGateway& gateway);
/// check_gateway_form() with id and password, if the form needs them. Errors: invalid_input.
base::Result<void> check_gateway(const SmsGateway& gateway);

struct AnswerRule {
  enum class What : std::uint8_t {
    status,
    text,
    json
  };
  int from = 0;
  int to = 0;
  What what = What::status;
  std::string path{};
  std::string glob{};
};
/// Errors: invalid_input.
base::Result<AnswerRule> parse_answer_rule(std::string_view written);
bool fits(const AnswerRule& rule, int status, std::string_view body);

/// "*" is any text, "?" one octet; everything else is itself.
bool fits_glob(std::string_view glob, std::string_view text);
/// The value at a path as text; nullopt: there is none, or it is no string, number or truth value.
std::optional<std::string> find_in_json(std::string_view body, std::string_view path);
/// As GatewayForm::message_id says; "" = the answer has none.
std::string find_message_id(std::string_view rule, std::string_view body);

/// What a delivery report says.
struct Report {
  enum class State : std::uint8_t {
    unknown,
    arrived,
    lost
  };
  std::string message_id{};
  State state = State::unknown;
};
/// `fields`: of the query and of a form, decoded. nullopt: it names no message.
std::optional<Report> read_report(const GatewayForm& form, std::string_view body,
                                  const std::vector<std::pair<std::string, std::string>>& fields);

}  // namespace courier
