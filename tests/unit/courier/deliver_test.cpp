#include "courier/deliver.hpp"

#include <doctest/doctest.h>

#include "courier/logout.hpp"
#include "courier/mail.hpp"
#include "unit/remote/loopback_server.hpp"

using Kind = courier::Delivery::Kind;
using remote_test::Connection;
using remote_test::LoopbackServer;

namespace {

courier::Delivery post(const std::string& answer, std::string* request = nullptr) {
  std::string seen;
  courier::Delivery delivery;
  {
    LoopbackServer server([&](Connection& c) {
      seen = c.read_http_request();
      c.write(answer);
    });
    remote::HttpOptions options;
    options.loopback_http.push_back(server.place());
    delivery =
        courier::post_logout(remote::HttpClient::make(options).value(), server.url("/backchannel"), "eyJ.eyJ.c2ln");
  }
  if (request != nullptr) *request = seen;
  return delivery;
}

std::string answer_of(int status, const std::string& body = "") {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" +
         (status == 204 ? "" : "Content-Length: " + std::to_string(body.size()) + "\r\n") + "\r\n" + body;
}

}  // namespace

TEST_CASE("a logout token is posted as a form that no cache keeps") {
  std::string request;
  CHECK(post(answer_of(200), &request).kind == Kind::delivered);
  CHECK(request.starts_with("POST /backchannel HTTP/1.1\r\n"));
  CHECK(request.find("Content-Type: application/x-www-form-urlencoded\r\n") != std::string::npos);
  CHECK(request.find("Cache-Control: no-store\r\n") != std::string::npos);
  CHECK(request.ends_with("\r\n\r\nlogout_token=eyJ.eyJ.c2ln"));
}

TEST_CASE("200 and 204 deliver a logout, 400 ends it, everything else is tried again") {
  CHECK(post(answer_of(204)).kind == Kind::delivered);
  const auto refused = post(answer_of(400, "{\"error\":\"invalid_request\"}\r\n\x1b"));
  CHECK(refused.kind == Kind::give_up);
  CHECK(refused.code.text() == "http 400");
  CHECK(refused.reason == "status 400 {\"error\":\"invalid_request\"}???");
  for (const int status : {201, 302, 401, 404, 429, 500, 503}) CHECK(post(answer_of(status)).kind == Kind::retry);
  CHECK(post("").kind == Kind::retry);
}

TEST_CASE("a logout to an address that is not allowed is never tried") {
  const auto client = remote::HttpClient::make({}).value();
  CHECK(courier::post_logout(client, "https://127.0.0.1:1/", "t").kind == Kind::give_up);
  CHECK(courier::post_logout(client, "http://example.com/", "t").kind == Kind::give_up);
  CHECK(courier::post_logout(client, "not a url", "t").kind == Kind::give_up);
}

TEST_CASE("what a peer said is quoted short and printable") {
  CHECK(courier::quote("a\r\nb\xff") == "a??b?");
  CHECK(courier::quote(std::string(1000, 'x')).size() == 200);
}

TEST_CASE("a mail that cannot be built is given up, one that nobody takes is tried again") {
  std::string place;
  {
    LoopbackServer gone([](Connection&) {});
    place = std::to_string(gone.port());
  }
  remote::SmtpOptions options;
  options.host = "127.0.0.1";
  options.port = static_cast<std::uint16_t>(std::stoi(place));
  options.tls = remote::SmtpTls::none;
  options.may_be_plain = true;
  const auto client = remote::SmtpClient::make(options).value();
  courier::Mail mail;
  mail.from = "idp@clinic.example";
  mail.to = "anna@mail.example";
  mail.subject = "x";
  mail.text = "x";
  mail.message_id = "1@clinic.example";
  CHECK(courier::send_mail(client, mail, "", "b").kind == Kind::retry);
  mail.subject = "x\r\ny";
  CHECK(courier::send_mail(client, mail, "", "b").kind == Kind::give_up);
}

TEST_CASE("of a mail server's reply its numbers are kept and none of its words") {
  const auto kept = [](int status, const std::string& reply) { return courier::Code::smtp(status, reply).text(); };
  CHECK(kept(550, "550 5.1.1 <anna@clinic.example>: no such mailbox") == "smtp 550 5.1.1");
  CHECK(kept(451, "451-4.7.123 greylisted") == "smtp 451 4.7.123");
  CHECK(kept(550, "550 anna@clinic.example is not here") == "smtp 550");
  for (const std::string words : {"", "550", "550 ", "550 5", "550 5.1", "550 5.1.", "550 3.1.1 x", "550 5.1.1234 x",
                                  "550 5.1.1.anna", "550 5.1.1anna", "550 48.600.100201", "550 5.-1.1 x"}) {
    CHECK_MESSAGE(kept(550, words) == "smtp 550", words);
  }
  CHECK(courier::judge(base::Error{base::Code::unavailable, "anna@clinic.example"}).code.text() == "unavailable");
  CHECK(courier::Code("unreadable").not_tried().text() == "not_tried unreadable");
}
