#include "courier/gateway.hpp"

#include <doctest/doctest.h>

using courier::fits;
using courier::fits_glob;
using courier::parse_answer_rule;

namespace {

courier::SmsGateway gateway_of(std::string_view preset) {
  const courier::GatewayPreset* const found = courier::find_gateway_preset(preset);
  REQUIRE(found != nullptr);
  courier::SmsGateway gateway;
  gateway.url = found->url.empty() ? "https://sms.example/send" : found->url;
  gateway.id = "clinic";
  gateway.password = base::Secret("secret");
  gateway.preset = preset;
  gateway.form = found->form;
  return gateway;
}

}  // namespace

TEST_CASE("every preset is complete and says where the sender goes") {
  for (const courier::GatewayPreset& preset : courier::gateway_presets()) {
    CAPTURE(std::string(preset.name));
    const auto checked = courier::check_gateway(gateway_of(preset.name));
    CHECK_MESSAGE(checked, base::describe(checked.error()));
    CHECK_FALSE(preset.form.text.empty());
  }
  const auto& pitcom = *courier::find_gateway_preset("pitcom");
  CHECK_FALSE(pitcom.is_verified);
  CHECK(std::find(pitcom.form.fields.begin(), pitcom.form.fields.end(), "origin={sender}") != pitcom.form.fields.end());
  CHECK(courier::find_gateway_preset("nobody") == nullptr);
}

TEST_CASE("a gateway that cannot work is refused with what is wrong") {
  const auto flaw = [](auto change) {
    courier::SmsGateway gateway = gateway_of("generic");
    change(gateway);
    const auto checked = courier::check_gateway(gateway);
    return checked ? std::string() : checked.error().reason;
  };
  CHECK(flaw([](auto&) {}).empty());
  CHECK(flaw([](auto& g) { g.url = "ftp://sms.example"; }) == "the gateway has no web address");
  CHECK(flaw([](auto& g) { g.url = "https://sms.example/{nobody}"; }).find("unknown placeholder") != std::string::npos);
  CHECK(flaw([](auto& g) { g.form.fields = {"to={numbr}"}; }).find("unknown placeholder") != std::string::npos);
  CHECK(flaw([](auto& g) { g.form.fields = {"to={number"}; }).find("unknown placeholder") != std::string::npos);
  CHECK(flaw([](auto& g) { g.form.fields = {"to"}; }).find("name=template") != std::string::npos);
  CHECK(flaw([](auto& g) { g.form.headers = {"X-Key"}; }).find("header") != std::string::npos);
  CHECK(flaw([](auto& g) { g.form.accepted.clear(); }).find("accepted") != std::string::npos);
  CHECK(flaw([](auto& g) { g.form.accepted = {"OK"}; }).find("no answer") != std::string::npos);
  CHECK(flaw([](auto& g) { g.form.method = "get"; }).find("query") != std::string::npos);
  CHECK(flaw([](auto& g) { g.has_own_sender = false, g.sender = "Clinic"; }).find("tariff") != std::string::npos);
  CHECK(flaw([](auto& g) { g.id.clear(); }) == "the gateway has no id");
  CHECK(flaw([](auto& g) { g.password = base::Secret(); }) == "the gateway has no password");
}

TEST_CASE("an answer is judged by its status, its whole body, or one value of its JSON") {
  const auto is = [](const char* rule, int status, const char* body) {
    return fits(parse_answer_rule(rule).value(), status, body);
  };
  CHECK(is("200", 200, ""));
  CHECK_FALSE(is("200", 201, ""));
  CHECK(is("200-299", 204, ""));
  CHECK_FALSE(is("200-299", 300, ""));
  CHECK(is("200 text *OK*", 200, "xx OK 7"));
  CHECK_FALSE(is("200 text OK", 200, "xx OK"));
  CHECK(is("200 json success 100", 200, R"({"success":"100"})"));
  CHECK(is("200 json success 100", 200, R"({"success":100})"));
  CHECK_FALSE(is("200 json success 100", 200, R"({"success":"1000"})"));
  CHECK(is("200 json list.0.id ?*", 200, R"({"list":[{"id":"a"}]})"));
  CHECK_FALSE(is("200 json list.0.id ?*", 200, R"({"list":[]})"));
  CHECK_FALSE(is("200 json list.0.id ?*", 200, "{\"list\":[{\"id\":\"a\""));
  for (const char* bad :
       {"", "OK", "99", "600", "299-200", "200 json", "200 json a", "200 text", "200 xml a b", "2xx"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(parse_answer_rule(bad));
  }
}

TEST_CASE("a pattern with many stars is judged quickly") {
  const std::string text(60'000, 'a');
  CHECK_FALSE(fits_glob("*a*a*a*a*a*a*a*a*b", text));
  CHECK(fits_glob("*", ""));
  CHECK(fits_glob("a?c*", "abcd"));
  CHECK_FALSE(fits_glob("a?c", "ac"));
  CHECK_FALSE(fits_glob("", "a"));
}

TEST_CASE("the identifier of a message is found in JSON or behind a text, and never longer than 128 octets") {
  CHECK(courier::find_message_id("json sid", R"({"sid":"SM1"})") == "SM1");
  CHECK(courier::find_message_id("json messages.0.id", R"({"messages":[{"id":77}]})") == "77");
  CHECK(courier::find_message_id("text id=*", "OK id=abc-1\r\nrest") == "abc-1");
  CHECK(courier::find_message_id("text id=*", "OK").empty());
  CHECK(courier::find_message_id("", "OK").empty());
  CHECK(courier::find_message_id("json id", "{\"id\":\"" + std::string(200, 'x') + "\"}").empty());
}

TEST_CASE("a delivery report names its message and what became of it") {
  using State = courier::Report::State;
  const auto twilio = courier::find_gateway_preset("twilio")->form;
  const auto read = [&](const char* state) {
    return courier::read_report(twilio, "", {{"MessageSid", "SM1"}, {"MessageStatus", state}});
  };
  REQUIRE(read("delivered"));
  CHECK(read("delivered")->message_id == "SM1");
  CHECK(read("delivered")->state == State::arrived);
  CHECK(read("undelivered")->state == State::lost);
  CHECK(read("sent")->state == State::unknown);
  CHECK_FALSE(courier::read_report(twilio, "", {{"MessageStatus", "delivered"}}));
  const auto seven = courier::find_gateway_preset("seven")->form;
  const auto report = courier::read_report(
      seven, R"({"data":{"msg_id":"7","status":"NOTDELIVERED","timestamp":1},"webhook_event":"dlr"})", {});
  REQUIRE(report);
  CHECK(report->message_id == "7");
  CHECK(report->state == State::lost);
  CHECK_FALSE(courier::read_report(seven, "not JSON", {}));
}
