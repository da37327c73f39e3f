#include "courier/sms.hpp"

#include <doctest/doctest.h>

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

TEST_CASE("a text of more than 70 characters is sent with the letters of the alphabet of short messages") {
  Sms sms = example;
  sms.text = "Nowe hasło";
  CHECK(send(sms, answer_of(200)).request.find("&text=Nowe%20has%C5%82o&") != std::string::npos);
  sms.text = "Klinika „Żółw”: für – " + std::string(60, 'x');
  CHECK(send(sms, answer_of(200)).request.find("&text=Klinika%20%22Zolw%22%3A%20f%C3%BCr%20-%20x") !=
        std::string::npos);
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
  CHECK_FALSE(courier::check_gateway({"https://sms.example/", "id", base::Secret("p"), "1abc"}));
}
