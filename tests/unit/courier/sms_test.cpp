#include "courier/sms.hpp"

#include <doctest/doctest.h>

#include <functional>

#include "base/bytes.hpp"
#include "unit/remote/loopback_server.hpp"

using courier::Sms;
using courier::SmsGateway;
using Kind = courier::Delivery::Kind;
using remote_test::Connection;
using remote_test::LoopbackServer;

namespace {

struct Try {
  courier::SmsReceipt receipt;
  std::string request;
};

// Sends `sms` to a gateway that answers with `answer`; an empty answer drops the connection.
Try send(const Sms& sms, const std::string& answer, const std::string& sender = "Clinic") {
  Try result;
  {
    LoopbackServer server([&](Connection& c) {
      result.request = c.read_http_request();
      c.write(answer);
    });
    remote::HttpOptions options;
    options.loopback_http.push_back(server.place());
    options.total_time = base::Duration(3000);
    const auto client = remote::HttpClient::make(options).value();
    result.receipt = courier::send_sms(client, {server.url("/send"), "clinic", base::Secret("p&w=1"), sender}, sms);
  }
  return result;
}

std::string answer_of(int status, const std::string& body = "") {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         body;
}

const Sms example{"+4917234567890", "", "Ihr Code für A&B: 123456", "018f-1"};

}  // namespace

TEST_CASE("a message is a form post as the operators' page says") {
  const auto sent = send(example, answer_of(200, R"({"id":"g-7"})"));
  CHECK(sent.receipt.delivery.kind == Kind::delivered);
  CHECK(sent.receipt.gateway_id == "g-7");
  CHECK(sent.request.starts_with("POST /send HTTP/1.1\r\n"));
  CHECK(sent.request.find("Content-Type: application/x-www-form-urlencoded\r\n") != std::string::npos);
  CHECK(sent.request.ends_with(
      "\r\n\r\nid=clinic&password=p%26w%3D1&to=%2B4917234567890&from=Clinic&text=Ihr%20Code%20f%C3%BCr%20"
      "A%26B%3A%20123456&type=text&reference=018f-1"));
}

TEST_CASE("a message may have its own sender, or none") {
  Sms sms = example;
  CHECK(send(sms, answer_of(202), "").request.find("from=") == std::string::npos);
  sms.from = "004917200000";
  CHECK(send(sms, answer_of(202)).request.find("&from=004917200000&") != std::string::npos);
}

TEST_CASE("the gateway's name for the message is welcome but not needed") {
  for (const char* body : {"", "OK", "{}", "[]", R"({"id":null})", R"({"id":{"x":1}})", "{\"id\":"}) {
    CAPTURE(std::string(body));
    const auto sent = send(example, answer_of(200, body));
    CHECK(sent.receipt.delivery.kind == Kind::delivered);
    CHECK(sent.receipt.gateway_id.empty());
  }
  CHECK(send(example, answer_of(200, R"({"id":7})")).receipt.gateway_id == "7");
  CHECK(send(example, answer_of(200, "{\"id\":\"a\\r\\nb\"}")).receipt.gateway_id == "a??b");
}

TEST_CASE("every text arrives as it was written") {
  Sms sms = example;
  for (const std::string& text : {std::string("ąśćż€😀"), std::string(160, 'x'), std::string(161, 'y'),
                                  std::string(306, 'z'), "Klinika „Żółw”: für – " + std::string(60, 'x')}) {
    sms.text = text;
    CHECK(send(sms, answer_of(200)).request.find("&text=" + base::percent_encode(text) + "&") != std::string::npos);
  }
}

namespace {

// Sends by a gateway of a preset, with changes, and gives the request and the receipt.
Try send_by(const char* preset, const Sms& sms, const std::string& answer,
            const std::function<void(SmsGateway&)>& change = {}) {
  Try result;
  {
    LoopbackServer server([&](Connection& c) {
      result.request = c.read_http_request();
      c.write(answer);
    });
    remote::HttpOptions options;
    options.loopback_http.push_back(server.place());
    options.total_time = base::Duration(3000);
    const auto client = remote::HttpClient::make(options).value();
    SmsGateway gateway;
    gateway.url = server.url("/send");
    gateway.id = "clinic";
    gateway.password = base::Secret("p&w=1");
    gateway.sender = "Clinic";
    gateway.preset = preset;
    gateway.form = courier::find_gateway_preset(preset)->form;
    if (change) change(gateway);
    result.receipt = courier::send_sms(client, gateway, sms);
  }
  return result;
}

}  // namespace

TEST_CASE("with pitcom the sender is in origin, numbers begin with 00, and a tariff without own sender has none") {
  Sms sms = example;
  const auto sent = send_by("pitcom", sms, answer_of(200, "OK id=77"));
  CHECK(sent.receipt.delivery.kind == Kind::delivered);
  CHECK(sent.receipt.gateway_id == "77");
  CHECK(sent.request.find("&number=004917234567890&origin=Clinic&") != std::string::npos);
  CHECK(send_by("pitcom", sms, answer_of(200), [](SmsGateway& g) { g.sender.clear(); }).request.find("origin") ==
        std::string::npos);
  sms.from = "Klinik";
  const auto without = send_by("pitcom", sms, answer_of(200), [](SmsGateway& g) {
    g.sender.clear();
    g.has_own_sender = false;
  });
  CHECK(without.request.find("origin") == std::string::npos);
}

TEST_CASE("each preset asks as its provider wants it") {
  const auto seven = send_by("seven", example, answer_of(200, R"({"success":"100","messages":[{"id":"77"}]})"));
  CHECK(seven.receipt.delivery.kind == Kind::delivered);
  CHECK(seven.receipt.gateway_id == "77");
  CHECK(seven.request.find("X-Api-Key: p&w=1\r\n") != std::string::npos);
  CHECK(seven.request.find("password") == std::string::npos);
  const auto sipgate = send_by("sipgate", example, answer_of(204));
  CHECK(sipgate.receipt.delivery.kind == Kind::delivered);
  CHECK(sipgate.request.find("Authorization: Basic " + base::to_base64("clinic:p&w=1")) != std::string::npos);
  CHECK(sipgate.request.ends_with(
      "{\"smsId\":\"s0\",\"recipient\":\"+4917234567890\",\"message\":\"Ihr Code für A&B: 123456\"}"));
  const auto smsapi = send_by("smsapi", example, answer_of(200, R"({"count":1,"list":[{"id":"A1"}]})"));
  CHECK(smsapi.receipt.gateway_id == "A1");
  CHECK(smsapi.request.find("Authorization: Bearer p&w=1") != std::string::npos);
  CHECK(smsapi.request.find("to=4917234567890&from=Clinic&format=json&idx=018f-1") != std::string::npos);
  const auto twilio = send_by("twilio", example, answer_of(201, R"({"sid":"SM1"})"));
  CHECK(twilio.receipt.gateway_id == "SM1");
  CHECK(twilio.request.find("To=%2B4917234567890&From=Clinic&Body=") != std::string::npos);
}

TEST_CASE("a refusal inside of a good status ends the message, a problem is tried again") {
  const auto kind = [](const char* preset, int status, const char* body) {
    return send_by(preset, example, answer_of(status, body)).receipt.delivery.kind;
  };
  CHECK(kind("seven", 200, R"({"success":"202"})") == Kind::give_up);
  CHECK(kind("seven", 200, R"({"success":"500"})") == Kind::retry);
  CHECK(kind("seven", 200, R"({"success":"900"})") == Kind::retry);
  CHECK(kind("seven", 200, "") == Kind::retry);
  CHECK(kind("smsapi", 200, R"({"error":13,"message":"x"})") == Kind::give_up);
  CHECK(kind("smsapi", 200, R"({"error":101,"message":"x"})") == Kind::retry);
  CHECK(kind("smsapi", 200, R"({"error":53,"message":"x"})") == Kind::delivered);
  CHECK(kind("twilio", 400, R"({"code":21211})") == Kind::give_up);
  CHECK(kind("twilio", 400, R"({"code":20003})") == Kind::retry);
  CHECK(kind("twilio", 401, R"({"code":20003})") == Kind::retry);
}

TEST_CASE("flash, binary and service messages have the fields of their kind, or are refused clearly") {
  Sms sms = example;
  sms.kind = courier::SmsKind::flash;
  CHECK(send_by("generic", sms, answer_of(200)).request.find("&type=flash&") != std::string::npos);
  CHECK(send_by("smsapi", sms, answer_of(200)).request.find("&flash=1") != std::string::npos);
  sms.kind = courier::SmsKind::binary;
  sms.data = "480065";
  sms.udh = "050003010201";
  CHECK(send_by("generic", sms, answer_of(200)).request.find("&data=480065&udh=050003010201&type=binary") !=
        std::string::npos);
  sms.kind = courier::SmsKind::service;
  sms.link = "https://clinic.example/app";
  CHECK(send_by("pitcom", sms, answer_of(200)).request.find("&url=https%3A%2F%2Fclinic.example%2Fapp&") !=
        std::string::npos);
  const auto client = remote::HttpClient::make({}).value();
  SmsGateway sipgate;
  sipgate.url = "https://127.0.0.1:1/";
  sipgate.id = "clinic";
  sipgate.password = base::Secret("p");
  sipgate.form = courier::find_gateway_preset("sipgate")->form;
  const auto refused = courier::send_sms(client, sipgate, sms);
  CHECK(refused.delivery.kind == Kind::give_up);
  CHECK(refused.delivery.code.text() == "unsupported");
  for (const char* bad : {"", "4", "4g", "zz"}) {
    sms.kind = courier::SmsKind::binary;
    sms.data = bad;
    CHECK_FALSE(courier::check_sms(sms));
  }
  sms.data = std::string(282, 'a');
  CHECK_FALSE(courier::check_sms(sms));
  sms.kind = courier::SmsKind::service;
  for (const char* bad : {"", "javascript:alert(1)", "https://a b", "ftp://x"}) {
    sms.link = bad;
    CHECK_FALSE(courier::check_sms(sms));
  }
}

TEST_CASE("a gateway with another character set gets its octets, and a text that does not fit is refused") {
  Sms sms = example;
  sms.text = "für";
  const auto latin = [](SmsGateway& g) { g.form.charset = "iso-8859-1"; };
  CHECK(send_by("generic", sms, answer_of(200), latin).request.find("&text=f%FCr&") != std::string::npos);
  sms.text = "żółw";
  const auto client = remote::HttpClient::make({}).value();
  SmsGateway gateway{"https://127.0.0.1:1/", "clinic", base::Secret("p"), ""};
  latin(gateway);
  CHECK(courier::send_sms(client, gateway, sms).delivery.code.text() == "bad_text");
}

TEST_CASE("by GET the fields are in the query") {
  const auto sent = send_by("generic", example, answer_of(200), [](SmsGateway& g) {
    g.form.method = "get";
    g.form.body = "query";
  });
  CHECK(sent.request.starts_with("GET /send?id=clinic&password=p%26w%3D1&to=%2B4917234567890&from=Clinic&text="));
}

TEST_CASE("a gateway that refuses the message ends it, one with a problem is tried again") {
  for (const int status : {400, 413, 422})
    CHECK(send(example, answer_of(status)).receipt.delivery.kind == Kind::give_up);
  for (const int status : {302, 401, 402, 403, 404, 408, 429, 500, 503}) {
    CHECK(send(example, answer_of(status)).receipt.delivery.kind == Kind::retry);
  }
  CHECK(send(example, "").receipt.delivery.kind == Kind::retry);
  const auto echo = send(example, answer_of(500, "could not send: 123456"));
  CHECK(echo.receipt.delivery.reason.find("123456") == std::string::npos);
}

TEST_CASE("what could never be sent is not tried") {
  const auto client = remote::HttpClient::make({}).value();
  const SmsGateway gateway{"https://127.0.0.1:1/", "clinic", base::Secret("p"), ""};
  const auto kind = [&](const Sms& sms) { return courier::send_sms(client, gateway, sms).delivery.kind; };
  CHECK(kind({"017234567890", "", "x", ""}) == Kind::give_up);
  CHECK(kind({"+4917234567890", "a b c", "x", ""}) == Kind::give_up);
  CHECK(kind({"+4917234567890", "", "", ""}) == Kind::give_up);
  CHECK(kind({"+4917234567890", "", std::string(1531, 'x'), ""}) == Kind::give_up);
  CHECK(kind({"+4917234567890", "", "\xff", ""}) == Kind::give_up);
  CHECK(kind({"+4917234567890", "", "x", "a b"}) == Kind::give_up);
  // An address of the internal network that is not allowed.
  CHECK(kind({"+4917234567890", "", "x", ""}) == Kind::give_up);
}

TEST_CASE("senders are those of the manual") {
  for (const char* good :
       {"abc", "Clinic", "A.b-c_1d", "abcdefghijk", "a1b", "004917234567890", "00123456789012345", "0048600123456"}) {
    CAPTURE(std::string(good));
    CHECK(courier::is_sms_sender(good));
  }
  for (const char* bad : {"",
                          "ab",
                          "abcdefghijkl",
                          "1abc",
                          "abc1",
                          ".abc",
                          "abc.",
                          "_abc",
                          "a c",
                          "a\nc",
                          "Klinika Ż",
                          "Müller",
                          "+4917234567890",
                          "4917234567890",
                          "00",
                          "0004917234567",
                          "001234567890123456",
                          "0049172x4567890",
                          "123456",
                          "a+b"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(courier::is_sms_sender(bad));
  }
  CHECK_FALSE(courier::is_sms_sender(std::string("ab\0c", 4)));
}

TEST_CASE("numbers are E.164 with plus") {
  for (const char* good : {"+4917234567890", "+48600123456", "+123456789012345", "+1234567"})
    CHECK(courier::is_phone_number(good));
  for (const char* bad : {"", "+", "4917234567890", "004917234567890", "+0491723456", "+1234567890123456",
                          "+49 172 34567890", "+49172345678x", "+4917234567890\n", "++4917234567890", "+123456"}) {
    CAPTURE(std::string(bad));
    CHECK_FALSE(courier::is_phone_number(bad));
  }
}

TEST_CASE("a gateway that cannot work is refused when it is set up") {
  CHECK(courier::check_gateway({"https://sms.example/send", "id", base::Secret("p"), "Clinic"}));
  CHECK(courier::check_gateway({"https://sms.example/send", "id", base::Secret("p"), ""}));
  CHECK_FALSE(courier::check_gateway({"sms.example", "id", base::Secret("p"), ""}));
  CHECK_FALSE(courier::check_gateway({"https://sms.example/", "", base::Secret("p"), ""}));
  CHECK(courier::check_gateway_form({"https://sms.example/", "", base::Secret(), ""}));
  CHECK_FALSE(courier::check_gateway({"https://sms.example/", "id", base::Secret("p"), "1abc"}));
}
