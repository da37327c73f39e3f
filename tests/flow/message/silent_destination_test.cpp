// Destinations that accept a connection and then say nothing, on the real clients.
#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

#include "flow/message/deliver_logout.hpp"
#include "flow/message/deliver_message.hpp"
#include "flow/message/mail_sink.hpp"
#include "flow/message/manage_messages.hpp"
#include "flow/oidc_fixture.hpp"
#include "flow/outbox/message_item.hpp"

using namespace std::chrono_literals;
using testing::MailSink;
using testing::OidcFixture;

namespace {

constexpr int many = 48;

/// An application that says nothing until it is told to answer.
class Application {
 public:
  explicit Application(bool is_alive) : answers(is_alive), server_([this](remote_test::Connection& c) { serve(c); }) {}
  [[nodiscard]] std::string url() const { return server_.url("/backchannel"); }
  [[nodiscard]] std::string place() const { return server_.place(); }
  void wait_for(int count) {
    std::unique_lock lock(mutex_);
    answered_.wait(lock, [&] { return count_ >= count; });
  }
  std::atomic<bool> answers;

 private:
  void serve(remote_test::Connection& c) {
    if (!answers) {
      (void)c.wait_for_close();
      return;
    }
    if (c.read_http_request().empty()) return;
    c.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    const std::lock_guard lock(mutex_);
    ++count_;
    answered_.notify_all();
  }
  std::mutex mutex_;
  std::condition_variable answered_;
  int count_ = 0;
  remote_test::LoopbackServer server_;
};

struct House : OidcFixture {
  House() {
    change_client("portal", [&](rights::Client& client) { client.backchannel_logout_uri = silent.url(); });
    change_client("laboratory", [&](rights::Client& client) { client.backchannel_logout_uri = other.url(); });
  }
  [[nodiscard]] remote::HttpClient client(base::Duration total_time) const {
    remote::HttpOptions options;
    options.loopback_http = {silent.place(), other.place()};
    options.total_time = total_time;
    return std::move(remote::HttpClient::make(options).value());
  }
  void put(const std::string& kind, const std::string& payload, int count = 1) {
    const base::Id tenant = find_client("portal").tenant_id;
    for (int i = 0; i < count; ++i) {
      store::OutboxItem item;
      item.id = base::Id::make(now);
      item.tenant_id = tenant;
      item.kind = kind;
      item.payload = payload;
      item.next_at = item.created_at = now;
      REQUIRE(store->write([&](store::Tx& tx) { return store::insert_outbox(tx, item); }));
    }
  }
  void put_logouts(const std::string& client_id, int count) {
    put("logout", R"({"client_id":")" + find_client(client_id).id.to_string() + R"(","sub":"someone","sid":"1"})",
        count);
  }
  void put_mail() {
    flow::MessageItem item;
    item.message = "reset_link";
    item.to = "anna@clinic.example";
    item.subject = item.text = "Your link";
    put("mail", flow::to_payload(item));
  }
  std::vector<store::OutboxItem> items() {
    return store->read([](store::Tx& tx) { return store::list_outbox(tx, 1000); }).value();
  }
  std::int64_t count_tries() {
    std::int64_t tries = 0;
    for (const auto& item : items()) tries += item.tries;
    return tries;
  }
  std::ptrdiff_t count_in(const std::string& state) {
    const auto all = items();
    return std::count_if(all.begin(), all.end(), [&](const auto& item) { return item.state == state; });
  }

  Application silent{false};
  Application other{true};
};

/// Everything that is due goes out, until nothing is due or runs.
void deliver_all(flow::OutboxSender& sender) {
  for (std::size_t taken = 1; taken > 0;) {
    const auto due = sender.take_due();
    REQUIRE(due);
    taken = *due;
    sender.wait();
  }
}

}  // namespace

TEST_CASE("while every logout of a silent application hangs, a mail and another application's logout are delivered") {
  House f;
  MailSink sink;
  remote::HttpClient remote = f.client(24h);  // nothing ends by itself
  const remote::SmtpClient mail = sink.client();
  const flow::Deliverers deliverers{
      {"logout", flow::make_logout_deliverer(*f.house, remote)},
      {"mail", flow::make_mail_deliverer(*f.house, mail, {"login@clinic.example", "", "", ""})}};
  flow::OutboxSender sender(*f.house, deliverers, [&] { return f.now; });
  f.put_logouts("portal", many);
  REQUIRE(sender.take_due().value() == many);
  f.put_mail();
  f.put_logouts("laboratory", 1);
  REQUIRE(sender.take_due().value() == 2);
  sink.wait_for(1);
  f.other.wait_for(1);
  // Both have answered; stopping the client before it has read the answer would end that call as well.
  while (f.count_in("delivered") < 2) std::this_thread::yield();
  CHECK(f.count_tries() == 2);  // not one logout of the silent one is over
  remote.stop();
  sender.wait();
  CHECK(f.count_in("delivered") == 2);
  CHECK(f.count_in("pending") == many);
}

TEST_CASE("a silent mail server holds no logout") {
  House f;
  const remote_test::LoopbackServer deaf([](remote_test::Connection& c) { (void)c.wait_for_close(); });
  remote::SmtpOptions options;
  options.host = "127.0.0.1";
  options.port = deaf.port();
  options.tls = remote::SmtpTls::none;
  options.may_be_plain = true;
  options.connect_time = options.total_time = 3s;
  const remote::SmtpClient mail = remote::SmtpClient::make(options).value();
  const remote::HttpClient remote = f.client(24h);
  const flow::Deliverers deliverers{
      {"logout", flow::make_logout_deliverer(*f.house, remote)},
      {"mail", flow::make_mail_deliverer(*f.house, mail, {"login@clinic.example", "", "", ""})}};
  flow::OutboxSender sender(*f.house, deliverers, [&] { return f.now; });
  for (int i = 0; i < many; ++i) f.put_mail();
  f.put_logouts("laboratory", 1);
  deliver_all(sender);
  f.other.wait_for(1);
  CHECK(f.count_in("delivered") == 1);
  CHECK(f.count_in("pending") == many);
  CHECK(f.count_tries() < many / 2);  // the breaker held the others back
}

TEST_CASE("a silent application gets a probe at a time, the outbox names it, and all is delivered when it answers") {
  House f;
  const remote::HttpClient hasty = f.client(50ms);
  const remote::HttpClient patient = f.client(24h);
  const auto in_vain = flow::make_logout_deliverer(*f.house, hasty);
  const auto with_answer = flow::make_logout_deliverer(*f.house, patient);
  const flow::Deliverers deliverers{{"logout", [&](const store::OutboxItem& item, base::Time now) {
                                       return f.silent.answers ? with_answer(item, now) : in_vain(item, now);
                                     }}};
  flow::OutboxSender sender(*f.house, deliverers, [&] { return f.now; });
  f.put_logouts("portal", many);
  deliver_all(sender);
  const std::int64_t tries = f.count_tries();
  CHECK(tries >= 3);
  CHECK(tries <= 6);  // those that ran side by side when the third was over
  const auto rows =
      flow::list_messages(*f.house, f.operator_actor(), {"pending", "", {flow::Turn::first, {}, 100}}, f.now)
          .value()
          .rows;
  REQUIRE(rows.size() == many);
  std::ptrdiff_t held_back = 0;
  for (const flow::MessageRow& row : rows) {
    CHECK(row.to == "Portal");
    if (row.tries > 0) continue;
    ++held_back;
    CHECK(row.error == "not_tried unavailable");
    CHECK(row.next_at == f.now + 10s);
  }
  CHECK(held_back == many - tries);

  f.now += 10s;
  deliver_all(sender);
  CHECK(f.count_tries() == tries + 1);
  f.now += 19s;
  deliver_all(sender);
  CHECK(f.count_tries() == tries + 1);

  f.silent.answers = true;
  for (int round = 0; round < 200 && f.count_in("delivered") < many; ++round) {
    f.now += 1s;
    deliver_all(sender);
  }
  CHECK(f.count_in("delivered") == many);
  CHECK(f.events("delivery_failure").empty());
}

TEST_CASE("what a silent application was not told within a day is given up on record") {
  House f;
  const remote::HttpClient hasty = f.client(50ms);
  const flow::Deliverers deliverers{{"logout", flow::make_logout_deliverer(*f.house, hasty)}};
  flow::OutboxSender sender(*f.house, deliverers, [&] { return f.now; });
  f.put_logouts("portal", many);
  deliver_all(sender);
  CHECK(f.count_in("failed") == 0);
  f.now += 24h;
  deliver_all(sender);
  CHECK(f.count_in("failed") == many);
  CHECK(f.events("delivery_failure").size() == many);
}
