#include "flow/message/deliver_message.hpp"

#include <doctest/doctest.h>

#include <mutex>

#include "flow/message/mail_sink.hpp"
#include "flow/message/sms_route.hpp"
#include "flow/outbox/queue_message.hpp"
#include "flow/person_fixture.hpp"
#include "flow/tenant/change_tenant.hpp"
#include "text/text.hpp"
#include "unit/remote/loopback_server.hpp"

using namespace std::chrono_literals;
using testing::MailSink;
using testing::PersonFixture;

namespace {

/// An SMS gateway whose answer the test says; "" = it drops the connection after it has taken the message.
class Gateway {
 public:
  Gateway()
      : server_([this](remote_test::Connection& c) {
          const std::string request = c.read_http_request();
          const std::lock_guard lock(mutex_);
          requests_.push_back(request);
          if (!answer_.empty()) c.write("HTTP/1.1 " + answer_ + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
        }) {}
  void answer(std::string line) {
    const std::lock_guard lock(mutex_);
    answer_ = std::move(line);
  }
  std::vector<std::string> requests() {
    const std::lock_guard lock(mutex_);
    return requests_;
  }
  /// The deliverers of a house that sends by this gateway.
  flow::Deliverers attach(PersonFixture& f) {
    remote::HttpOptions options;
    options.loopback_http = {server_.place()};
    flow::SmsSettings settings;
    settings.gateways = {{server_.url("/messages"), "clinic", base::Secret("secret"), "Clinic"}};
    route_ = std::make_unique<flow::SmsRoute>(remote::HttpClient::make(options).value(), std::move(settings));
    f.house->sms = route_.get();
    return {{"sms", flow::make_sms_deliverer(*f.house)}};
  }

 private:
  std::unique_ptr<flow::SmsRoute> route_;
  std::mutex mutex_;
  std::string answer_ = "200 OK";
  std::vector<std::string> requests_;
  remote_test::LoopbackServer server_;
};

const flow::MailSender sender{"login@clinic.example", "Klinik Mödling", "help@clinic.example", "login.clinic.example"};

void queue(PersonFixture& f, const base::Id& id, flow::Channel channel, const text::Arguments& arguments) {
  const identity::Account account = f.account(id);
  const flow::Destination to{channel, channel == flow::Channel::sms ? account.phone : account.email};
  REQUIRE(f.store->write([&](store::Tx& tx) {
    return flow::queue_message(*f.house, tx, {account, to, text::Language::en}, {"verify_address", arguments, ""},
                               f.now);
  }));
}

flow::DeliveryRound deliver(PersonFixture& f, const flow::Deliverers& deliverers) {
  auto round = flow::deliver_outbox(*f.house, deliverers, f.now);
  REQUIRE_MESSAGE(round, base::describe(round.error()));
  return *round;
}

/// Of a quoted-printable part (RFC 2045 §6.7).
std::string without_soft_breaks(std::string mail) {
  for (std::size_t at = 0; (at = mail.find("=\r\n", at)) != std::string::npos;) mail.erase(at, 3);
  for (std::size_t at = 0; (at = mail.find("=3D", at)) != std::string::npos; ++at) mail.replace(at, 3, "=");
  return mail;
}

const text::Arguments code{{"code", "123456"}, {"minutes", std::int64_t{15}}};

std::string field(const std::string& request, const std::string& name) {
  const std::size_t at = request.find(name + "=");
  return at == std::string::npos ? "" : request.substr(at, request.find_first_of("& ", at) - at);
}

}  // namespace

TEST_CASE("a mail arrives with both parts, its language, its sender, and asks for no automatic answer") {
  PersonFixture f;
  MailSink sink;
  const remote::SmtpClient client = sink.client();
  const flow::Deliverers deliverers{{"mail", flow::make_mail_deliverer(*f.house, client, sender)}};
  queue(f, f.add_person("anna", "anna@clinic.example"), flow::Channel::email, code);
  CHECK(deliver(f, deliverers).delivered == 1);
  const auto mails = sink.mails();
  REQUIRE(mails.size() == 1);
  const std::string& mail = mails[0];
  CHECK(mail.find("\r\nAuto-Submitted: auto-generated\r\n") != std::string::npos);
  CHECK(mail.find("\r\nContent-Language: en\r\n") != std::string::npos);
  CHECK(mail.find("\r\nReply-To: help@clinic.example\r\n") != std::string::npos);
  CHECK(mail.find("\r\nMessage-ID: <" + f.outbox()[0].id.to_string() + "@login.clinic.example>\r\n") !=
        std::string::npos);
  CHECK(mail.find("Content-Type: text/plain") != std::string::npos);
  CHECK(mail.find("Content-Type: text/html") != std::string::npos);
  CHECK(mail.find("123456") != std::string::npos);
  // Delivered: neither its text nor the whole address is kept.
  const auto kept = flow::parse_payload(f.outbox()[0].payload).value();
  CHECK(kept.text.empty());
  CHECK(kept.link.empty());
  CHECK(kept.to == flow::shorten_address(kept.to));
  CHECK(kept.to.find("…") != std::string::npos);
  CHECK(f.outbox()[0].state == "delivered");
}

TEST_CASE("a mail has the name and the colours of the tenant, changed until they can be read, in both schemes") {
  PersonFixture f;
  MailSink sink;
  const remote::SmtpClient client = sink.client();
  const flow::Deliverers deliverers{{"mail", flow::make_mail_deliverer(*f.house, client, sender)}};
  const base::Id anna = f.add_person("anna", "anna@clinic.example");
  flow::TenantWish wish;
  wish.name = "Clinic <River>";
  wish.accent = "#7a1fa2";
  wish.accent_dark = "#ffee00";
  REQUIRE(flow::change_tenant(*f.house, PersonFixture::operator_actor(), "", wish, f.facts()));
  queue(f, anna, flow::Channel::email, code);
  CHECK(deliver(f, deliverers).delivered == 1);
  REQUIRE(sink.mails().size() == 1);
  const std::string mail = without_soft_breaks(sink.mails()[0]);
  const std::string html = mail.substr(mail.find("text/html"));
  CHECK(html.find("Clinic &lt;River&gt;") != std::string::npos);
  CHECK(html.find("<River>") == std::string::npos);
  CHECK(html.find("border-top:4px solid #7a1fa2") != std::string::npos);
  CHECK(html.find(".name{color:#ffee00!important}") != std::string::npos);
}

TEST_CASE("a name can bring neither a header nor markup into a mail") {
  PersonFixture f;
  MailSink sink;
  const remote::SmtpClient client = sink.client();
  const flow::Deliverers deliverers{{"mail", flow::make_mail_deliverer(*f.house, client, sender)}};
  flow::NewAccount wished = f.wish("anna");
  wished.given_name = "<script>alert(1)</script>";
  wished.family_name = "Bcc: everybody@example.org";
  wished.email = "anna@clinic.example";
  queue(f, f.create(wished), flow::Channel::email, code);
  CHECK(deliver(f, deliverers).delivered == 1);
  const auto mails = sink.mails();
  REQUIRE(mails.size() == 1);
  const std::string html = mails[0].substr(mails[0].find("text/html"));
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("&lt;script&gt;") != std::string::npos);
  CHECK(mails[0].find("\r\nBcc:") == std::string::npos);
}

TEST_CASE("a recipient that the mail server refuses for ever is not tried again, and is on record") {
  PersonFixture f;
  MailSink sink("550 5.1.1 <anna@clinic.example>: no such mailbox");
  const remote::SmtpClient client = sink.client();
  const flow::Deliverers deliverers{{"mail", flow::make_mail_deliverer(*f.house, client, sender)}};
  queue(f, f.add_person("anna", "anna@clinic.example"), flow::Channel::email, code);
  CHECK(deliver(f, deliverers).given_up == 1);
  CHECK(f.outbox()[0].state == "failed");
  CHECK(f.outbox()[0].last_error == "smtp 550 5.1.1");
  const auto events = f.events("delivery_failure");
  REQUIRE(events.size() == 1);
  // What the server said names the person, and this part of an event is never erased.
  CHECK(events[0].data.find("anna") == std::string::npos);
  CHECK(events[0].data.find(R"("reason":"smtp 550 5.1.1")") != std::string::npos);
}

TEST_CASE("a gateway that is down for an hour gets the message once it is back, and once only") {
  PersonFixture f;
  Gateway gateway;
  const flow::Deliverers deliverers = gateway.attach(f);
  queue(f, f.add_person("anna", "", "+48600100201"), flow::Channel::sms, code);
  gateway.answer("503 Service Unavailable");
  const base::Time start = f.now;
  while (f.now < start + 1h) {
    const auto round = deliver(f, deliverers);
    CHECK(round.delivered == 0);
    REQUIRE(round.next_due);
    f.now = *round.next_due;
  }
  const std::size_t tries = gateway.requests().size();
  CHECK(tries < 20);
  gateway.answer("200 OK");
  CHECK(deliver(f, deliverers).delivered == 1);
  f.now += 24h;
  CHECK(deliver(f, deliverers).taken == 0);
  const auto requests = gateway.requests();
  CHECK(requests.size() == tries + 1);
  // Every try is the same message to the gateway.
  for (const auto& request : requests) CHECK(field(request, "reference") == field(requests[0], "reference"));
}

TEST_CASE("an answer that is lost after the message was taken leads to a second try under the same reference") {
  PersonFixture f;
  Gateway gateway;
  const flow::Deliverers deliverers = gateway.attach(f);
  queue(f, f.add_person("anna", "", "+48600100201"), flow::Channel::sms, code);
  gateway.answer("");
  CHECK(deliver(f, deliverers).delivered == 0);
  gateway.answer("200 OK");
  f.now += 1min;
  CHECK(deliver(f, deliverers).delivered == 1);
  const auto requests = gateway.requests();
  REQUIRE(requests.size() >= 2);
  CHECK_FALSE(field(requests.front(), "reference").empty());
  CHECK(field(requests.front(), "reference") == field(requests.back(), "reference"));
}

TEST_CASE("after a day the message is given up and its address is erased") {
  PersonFixture f;
  Gateway gateway;
  gateway.answer("503 Service Unavailable");
  const flow::Deliverers deliverers = gateway.attach(f);
  queue(f, f.add_person("anna", "", "+48600100201"), flow::Channel::sms, code);
  for (int i = 0; i < 100 && f.outbox()[0].state == "pending"; ++i) {
    const auto round = deliver(f, deliverers);
    if (round.next_due) f.now = *round.next_due;
  }
  CHECK(f.outbox()[0].state == "failed");
  f.now += 24h;
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::erase_old_outbox(tx, f.now - 24h); }));
  CHECK(f.outbox()[0].payload.empty());
}

TEST_CASE("a process that died between sending and recording sends once more after the lease, and nothing is lost") {
  PersonFixture f;
  queue(f, f.add_person("anna", "anna@clinic.example"), flow::Channel::email, code);
  // Another process took the item and never came back.
  REQUIRE(f.store->write([&](store::Tx& tx) { return store::take_due_outbox(tx, "mail", f.now, f.now + 60s, 10); })
              .value()
              .size() == 1);
  MailSink sink;
  const remote::SmtpClient client = sink.client();
  const flow::Deliverers deliverers{{"mail", flow::make_mail_deliverer(*f.house, client, sender)}};
  CHECK(deliver(f, deliverers).taken == 0);
  f.now += 61s;
  CHECK(deliver(f, deliverers).delivered == 1);
  CHECK(sink.mails().size() == 1);
}
