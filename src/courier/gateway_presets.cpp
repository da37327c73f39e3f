// The forms of gateways that many use. What is known of each is in docs/operators/sms.md with its source; a preset is
// only a beginning, and every part of it can be set otherwise.
#include "courier/gateway.hpp"

namespace courier {
namespace {

GatewayForm pitcom_form() {
  GatewayForm form;
  form.numbers = "zeros";
  // Only `origin` is known from the manual (S3.7).
  form.fields = {"id={id}", "password={password}", "number={number}", "origin={sender}"};
  form.text = {"type=text", "text={text}"};
  form.flash = {"type=flash", "text={text}"};
  form.binary = {"type=binary", "data={data}", "udh={udh}"};
  form.service = {"type=service", "url={link}", "text={text}"};
  form.accepted = {"200-299"};
  form.refused = {"400", "413", "422"};
  form.message_id = "text id=*";
  return form;
}

GatewayForm seven_form() {
  GatewayForm form;
  form.headers = {"X-Api-Key: {password}", "Accept: application/json"};
  form.fields = {"to={number}", "from={sender_number}", "foreign_id={reference}"};
  form.text = {"text={text}"};
  form.flash = {"text={text}", "flash=1"};
  // 402: the same message went to the same number a moment ago, as after an answer that was lost.
  form.accepted = {"200 json success 100", "200 json success 402", "200 text 100*"};
  form.refused = {"200 json success 201", "200 json success 202", "200 json success 301", "200 json success 305"};
  form.message_id = "json messages.0.id";
  form.report_id = "json data.msg_id";
  form.report_state = "json data.status";
  form.arrived = {"DELIVERED"};
  form.lost = {"NOTDELIVERED", "EXPIRED", "REJECTED", "FAILED"};
  return form;
}

GatewayForm sipgate_form() {
  GatewayForm form;
  form.body = "json";
  form.login = "basic";
  form.headers = {"Accept: application/json"};
  // The sender is one of the verified numbers behind this extension.
  form.fields = {"smsId=s0", "recipient={number}"};
  form.text = {"message={text}"};
  form.accepted = {"200-299"};
  form.refused = {"400"};
  return form;
}

GatewayForm smsapi_form() {
  GatewayForm form;
  form.login = "bearer";
  form.numbers = "digits";
  form.fields = {"to={number}",     "from={sender_number}", "format=json",
                 "idx={reference}", "check_idx=1",          "notify_url={report_url}"};
  form.text = {"message={text}", "encoding=utf-8"};
  form.flash = {"message={text}", "encoding=utf-8", "flash=1"};
  form.binary = {"message={data}", "udh={udh}", "datacoding=bin"};
  // 53: a message with this idx was taken already.
  form.accepted = {"200-299 json list.0.id ?*", "200-299 json error 53"};
  form.refused = {"200-299 json error 11", "200-299 json error 12", "200-299 json error 13", "200-299 json error 14"};
  form.message_id = "json list.0.id";
  form.report_id = "field MsgId";
  form.report_state = "field status_name";
  form.arrived = {"DELIVERED"};
  form.lost = {"EXPIRED", "UNDELIVERED", "FAILED", "REJECTED"};
  return form;
}

GatewayForm twilio_form() {
  GatewayForm form;
  form.login = "basic";
  form.fields = {"To={number}", "From={sender_number}", "StatusCallback={report_url}"};
  form.text = {"Body={text}"};
  form.accepted = {"200-299"};
  // Not a number, not a mobile number, a country that is switched off, a person who has sent STOP, too long.
  form.refused = {"400 json code 21211", "400 json code 21614", "400 json code 21408", "400 json code 21610",
                  "400 json code 21617"};
  form.message_id = "json sid";
  form.report_id = "field MessageSid";
  form.report_state = "field MessageStatus";
  form.arrived = {"delivered"};
  form.lost = {"undelivered", "failed"};
  form.signature = "twilio";
  return form;
}

}  // namespace

GatewayForm generic_form() {
  GatewayForm form;
  form.headers = {"Accept: application/json"};
  form.fields = {"id={id}", "password={password}", "to={number}", "from={sender}"};
  form.text = {"text={text}", "type=text", "reference={reference}", "report_url={report_url}"};
  form.flash = {"text={text}", "type=flash", "reference={reference}", "report_url={report_url}"};
  form.binary = {"data={data}", "udh={udh}", "type=binary", "reference={reference}"};
  form.service = {"url={link}", "text={text}", "type=service", "reference={reference}"};
  form.accepted = {"200-299"};
  form.refused = {"400", "413", "422"};
  form.message_id = "json id";
  form.report_id = "field id";
  form.report_state = "field status";
  form.arrived = {"delivered"};
  form.lost = {"undelivered", "failed", "expired", "rejected"};
  return form;
}

const std::vector<GatewayPreset>& gateway_presets() {
  static const std::vector<GatewayPreset> all{
      {"generic", "HTTP", "", generic_form()},
      {"pitcom", "pitcom WebToXMS", "", pitcom_form(), false},
      {"seven", "seven.io", "https://gateway.seven.io/api/sms", seven_form()},
      {"sipgate", "sipgate", "https://api.sipgate.com/v2/sessions/sms", sipgate_form()},
      {"smsapi", "SMSAPI.pl", "https://api.smsapi.pl/sms.do", smsapi_form()},
      {"twilio", "Twilio", "https://api.twilio.com/2010-04-01/Accounts/{id}/Messages.json", twilio_form()},
  };
  return all;
}

const GatewayPreset* find_gateway_preset(std::string_view name) {
  for (const GatewayPreset& preset : gateway_presets()) {
    if (preset.name == name) return &preset;
  }
  return nullptr;
}

}  // namespace courier
