#include "remote/smtp_client.hpp"

#include <doctest/doctest.h>
#include <stdlib.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <map>
#include <mutex>
#include <sstream>
#include <thread>
#include <vector>

#include "base/log.hpp"
#include "remote/http_client.hpp"
#include "unit/remote/loopback_server.hpp"
#include "unit/remote/tls_server.hpp"

using remote::SmtpClient;
using remote::SmtpOptions;
using remote::SmtpTls;
using Kind = remote::SmtpOutcome::Kind;
using remote_test::Connection;
using remote_test::LoopbackServer;

namespace {

using Replies = std::map<std::string, std::string>;

// A mail server that follows RFC 5321 except where `replies` (command → reply, "." = after the message) says
// otherwise; an empty reply drops the connection.
class MailServer {
 public:
  explicit MailServer(Replies replies = {})
      : replies_(std::move(replies)), server_([this](Connection& c) { serve(c); }) {}

  [[nodiscard]] SmtpOptions options() const {
    SmtpOptions options;
    options.host = "127.0.0.1";
    options.port = server_.port();
    options.tls = SmtpTls::none;
    options.may_be_plain = true;
    options.hello_name = "idp.example";
    options.total_time = base::Duration(3000);
    return options;
  }
  [[nodiscard]] remote::SmtpOutcome receive(std::string_view message = "Subject: x\r\n\r\nbody\r\n") const {
    return SmtpClient::make(options()).value().send("from@idp.example", "to@mail.example", message);
  }
  [[nodiscard]] int connections() const { return server_.connections(); }

  std::mutex mutex;
  std::vector<std::string> commands;
  std::vector<std::string> messages;

 private:
  // False = drop the connection.
  bool answer(Connection& c, const std::string& command, const std::string& usual) {
    const auto found = replies_.find(command);
    const std::string& reply = found == replies_.end() ? usual : found->second;
    return !reply.empty() && c.write(reply + "\r\n");
  }
  void serve(Connection& c) {
    if (!answer(c, "greeting", "220 mail.example ESMTP")) return;
    for (;;) {
      const std::string line = c.read_until("\r\n");
      if (line.empty()) return;
      {
        const std::lock_guard lock(mutex);
        commands.push_back(line.substr(0, line.size() - 2));
      }
      const std::string verb = line.substr(0, 4);
      if (verb == "EHLO" || verb == "HELO") {
        if (!answer(c, verb, "250-mail.example\r\n250-8BITMIME\r\n250 SIZE 1000000")) return;
      } else if (verb == "DATA") {
        if (!answer(c, "DATA", "354 go on")) return;
        if (replies_.contains("DATA")) continue;
        const std::string message = c.read_until("\r\n.\r\n");
        if (replies_.contains("lost")) return;
        {
          const std::lock_guard lock(mutex);
          messages.push_back(message);
        }
        if (!answer(c, ".", "250 2.0.0 queued as 1")) return;
      } else if (verb == "QUIT") {
        answer(c, "QUIT", "221 bye");
        return;
      } else if (!answer(c, verb, "250 2.1.0 fine")) {
        return;
      }
    }
  }

  Replies replies_;
  LoopbackServer server_;
};

using remote_test::TlsServer;

SmtpOptions options_for(std::uint16_t port, SmtpTls tls) {
  SmtpOptions options;
  options.host = "localhost";
  options.port = port;
  options.tls = tls;
  options.user = "user";
  options.password = base::Secret("p\"w d");
  options.total_time = base::Duration(4000);
  return options;
}

// Speaks SMTP inside TLS; gives the credentials of AUTH PLAIN (RFC 4616).
std::string serve_login(Connection& c) {
  c.read_until("EHLO ");
  c.read_until("\r\n");
  c.write("250-mail.example\r\n250 AUTH PLAIN\r\n");
  std::string login = c.read_until("\r\n");
  const std::string command = "AUTH PLAIN";
  login = login.substr(std::min(login.size(), command.size()));
  if (login == "\r\n") {
    c.write("334 \r\n");
    login = " " + c.read_until("\r\n");
  }
  c.write("235 fine\r\n");
  for (const char* reply : {"250 sender\r\n", "250 recipient\r\n", "354 go on\r\n"}) {
    c.read_until("\r\n");
    c.write(reply);
  }
  c.read_until("\r\n.\r\n");
  c.write("250 queued\r\n");
  if (login.size() < 3) return login;
  const auto told = base::parse_base64(login.substr(1, login.size() - 3));
  return told ? *told : login;
}

void start_tls(Connection& c, const TlsServer& tls) {
  c.write("220 mail.example ESMTP\r\n");
  c.read_until("\r\n");
  c.write("250-mail.example\r\n250 STARTTLS\r\n");
  if (c.read_until("\r\n") != "STARTTLS\r\n") return;
  c.write("220 go on\r\n");
  tls.take_over(c);
}

}  // namespace

TEST_CASE("a message is handed over octet by octet, with leading dots doubled on the line") {
  MailServer server;
  const std::string message = ".first\r\nSubject: x\r\n\r\n.\r\n..two\r\nplain\r\n. \r\n";
  const auto outcome = server.receive(message);
  CHECK(outcome.kind == Kind::accepted);
  CHECK(outcome.code == 250);
  CHECK(outcome.reason == "250 2.0.0 queued as 1");
  const std::lock_guard lock(server.mutex);
  REQUIRE(server.messages.size() == 1);
  CHECK(server.messages[0] == "..first\r\nSubject: x\r\n\r\n..\r\n...two\r\nplain\r\n.. \r\n.\r\n");
  REQUIRE(server.commands.size() >= 4);
  CHECK(server.commands[0] == "EHLO idp.example");
  CHECK(server.commands[1].starts_with("MAIL FROM:<from@idp.example>"));
  CHECK(server.commands[2] == "RCPT TO:<to@mail.example>");
}

TEST_CASE("a message without bounces has the empty sender") {
  MailServer server;
  const auto outcome = SmtpClient::make(server.options()).value().send("", "to@mail.example", "A: b\r\n\r\n");
  CHECK(outcome.kind == Kind::accepted);
  const std::lock_guard lock(server.mutex);
  CHECK(server.commands[1].starts_with("MAIL FROM:<>"));
}

TEST_CASE("a 5xx reply about the message is a refusal for ever, a 4xx reply means later") {
  for (const char* step : {"MAIL", "RCPT", "DATA", "."}) {
    CAPTURE(step);
    MailServer refusing(Replies{{step, "550 5.1.1 no such person \x01\xff"}});
    const auto refused = refusing.receive();
    CHECK(refused.kind == Kind::refused);
    CHECK(refused.code == 550);
    CHECK(refused.reason == "550 5.1.1 no such person ??");
    MailServer busy(Replies{{step, "451 4.7.1 greylisted"}});
    const auto later = busy.receive();
    CHECK(later.kind == Kind::later);
    CHECK(later.code == 451);
    CHECK(later.reason == "451 4.7.1 greylisted");
  }
}

TEST_CASE("a server that refuses us and not the message is tried again later") {
  for (const auto& replies : std::vector<Replies>{{{"greeting", "554 no service"}},
                                                  {{"greeting", "421 too busy"}},
                                                  {{"EHLO", "550 no"}, {"HELO", "550 no"}},
                                                  {{"MAIL", "530 5.7.0 authentication required"}}}) {
    MailServer server(replies);
    CHECK(server.receive().kind == Kind::later);
  }
}

TEST_CASE("a connection that is lost, before or after the message, is tried again later") {
  for (const char* step : {"greeting", "EHLO", "MAIL", "RCPT", "DATA", "lost", "."}) {
    CAPTURE(step);
    MailServer server(Replies{{step, ""}});
    CHECK(server.receive().kind == Kind::later);
  }
  SmtpOptions gone;
  {
    MailServer server;
    gone = server.options();
  }
  CHECK(SmtpClient::make(gone).value().send("a@b.example", "c@d.example", "A: b\r\n\r\n").kind == Kind::later);
}

TEST_CASE("a connection that is lost after the message was accepted changes nothing") {
  MailServer server(Replies{{"QUIT", ""}});
  CHECK(server.receive().kind == Kind::accepted);
}

TEST_CASE("a mail server that never answers costs the time that is allowed") {
  LoopbackServer server([](Connection& c) { c.wait_for_close(); });
  SmtpOptions options;
  options.host = "127.0.0.1";
  options.port = server.port();
  options.tls = SmtpTls::none;
  options.may_be_plain = true;
  options.total_time = base::Duration(150);
  CHECK(SmtpClient::make(options).value().send("a@b.example", "c@d.example", "A: b\r\n\r\n").kind == Kind::later);
}

TEST_CASE("a mail server that never answers the farewell is not waited for") {
  std::promise<bool> closed;
  LoopbackServer server([&](Connection& c) {
    for (const char* reply : {"220 x\r\n", "250 x\r\n", "250 x\r\n", "250 x\r\n", "354 x\r\n"}) {
      c.write(reply);
      c.read_until("\r\n");
    }
    c.read_until("\r\n.\r\n");
    c.write("250 queued\r\n");
    closed.set_value(c.wait_for_close());
  });
  auto options = options_for(server.port(), SmtpTls::none);
  options.may_be_plain = true;
  options.user.clear();
  // The pause is longer than the server waits, so that it sees the end only if the client does not wait.
  options.total_time = base::Duration(3'600'000);
  const auto outcome = SmtpClient::make(options).value().send("a@b.example", "c@d.example", "A: b\r\n\r\n");
  CHECK(outcome.kind == Kind::accepted);
  CHECK(closed.get_future().get());
}

TEST_CASE("without STARTTLS nothing is sent when TLS is required") {
  MailServer server;
  auto options = server.options();
  options.tls = SmtpTls::required;
  options.user = "user";
  options.password = base::Secret("password");
  const auto client = SmtpClient::make(options).value();
  CHECK(client.send("a@b.example", "c@d.example", "A: b\r\n\r\n").kind == Kind::later);
  const std::lock_guard lock(server.mutex);
  CHECK(server.messages.empty());
  for (const auto& command : server.commands) {
    CHECK_FALSE(command.starts_with("MAIL"));
    CHECK_FALSE(command.starts_with("AUTH"));
  }
}

TEST_CASE("with TLS from the first octet the password and the message are taken") {
  TlsServer tls(false);
  auto options = options_for(tls.port(), SmtpTls::implicit);
  options.ca_file = tls.certificate();
  std::string log;
  std::thread server([&] {
    tls.connection().write("220 mail.example ESMTP\r\n");
    log = serve_login(tls.connection());
  });
  const auto outcome = SmtpClient::make(options).value().send("a@b.example", "c@d.example", "A: b\r\n\r\n");
  server.join();
  CHECK(outcome.kind == Kind::accepted);
  CHECK(log == std::string("\0user\0p\"w d", 11));
}

TEST_CASE("after STARTTLS the password and the message are taken") {
  TlsServer tls(false);
  std::string log;
  std::thread behind_tls([&] { log = serve_login(tls.connection()); });
  LoopbackServer front([&](Connection& c) { start_tls(c, tls); });
  auto options = options_for(front.port(), SmtpTls::required);
  options.ca_file = tls.certificate();
  const auto outcome = SmtpClient::make(options).value().send("a@b.example", "c@d.example", "A: b\r\n\r\n");
  behind_tls.join();
  CHECK(outcome.kind == Kind::accepted);
  CHECK(log == std::string("\0user\0p\"w d", 11));
}

TEST_CASE("a mail server whose certificate is not trusted gets no password and no message") {
  TlsServer tls(false);
  LoopbackServer front([&](Connection& c) { start_tls(c, tls); });
  const auto starttls = SmtpClient::make(options_for(front.port(), SmtpTls::required)).value();
  CHECK(starttls.send("a@b.example", "c@d.example", "A: b\r\n\r\n").kind == Kind::later);
  const auto implicit = SmtpClient::make(options_for(tls.port(), SmtpTls::implicit)).value();
  CHECK(implicit.send("a@b.example", "c@d.example", "A: b\r\n\r\n").kind == Kind::later);
}

TEST_CASE("why a certificate does not count is told in words for the operator") {
  TlsServer tls(false);
  LoopbackServer front([&](Connection& c) { start_tls(c, tls); });
  const auto outcome = SmtpClient::make(options_for(front.port(), SmtpTls::required))
                           .value()
                           .send("a@b.example", "anna@d.example", "A: b\r\n\r\n");
  CHECK(outcome.reason.starts_with("the certificate of the other side does not count: "));
  MailServer plain;
  auto needs_tls = plain.options();
  needs_tls.tls = SmtpTls::required;
  const auto open = SmtpClient::make(needs_tls).value().send("a@b.example", "anna@d.example", "A: b\r\n\r\n");
  CHECK(open.reason == "the other side offers no TLS");
}

TEST_CASE("a failure of TLS towards a mail server or an application is logged with a code") {
  TlsServer tls(false);
  LoopbackServer front([&](Connection& c) { start_tls(c, tls); });
  const remote_test::TlsServer web(true);
  MailServer plain;
  auto needs_tls = plain.options();
  needs_tls.tls = SmtpTls::required;
  std::string name = (std::filesystem::temp_directory_path() / "chancery-remote-XXXXXX").string();
  REQUIRE(::mkdtemp(name.data()) != nullptr);
  base::start_log(base::Level::info, name + "/log");
  const auto send = [](const remote::SmtpOptions& options) {
    return SmtpClient::make(options).value().send("a@b.example", "anna@d.example", "A: b\r\n\r\n").kind;
  };
  CHECK(send(options_for(front.port(), SmtpTls::required)) == Kind::later);
  CHECK(send(needs_tls) == Kind::later);
  remote::HttpOptions options;
  options.allowed_networks = {"127.0.0.0/8", "::1/128"};
  const std::string url = "https://localhost:" + std::to_string(web.port()) + "/logout?token=secret";
  CHECK_FALSE(remote::HttpClient::make(options).value().send({remote::HttpRequest::Method::get, url, {}, {}}));
  base::stop_log();
  std::stringstream text;
  text << std::ifstream(name + "/log").rdbuf();
  std::filesystem::remove_all(name);
  const std::string log = text.str();
  CAPTURE(log);
  const auto has_line = [&](std::uint16_t port, const char* code) {
    return log.find(":" + std::to_string(port) + "\",\"code\":\"" + code + "\"}") != std::string::npos;
  };
  CHECK(has_line(front.port(), "certificate_not_trusted"));
  CHECK(has_line(needs_tls.port, "tls_not_offered"));
  CHECK(has_line(web.port(), "certificate_not_trusted"));
  CHECK(log.find("anna") == std::string::npos);
  CHECK(log.find("secret") == std::string::npos);
}

TEST_CASE("opportunistic TLS goes on without it") {
  MailServer server;
  auto options = server.options();
  options.tls = SmtpTls::opportunistic;
  CHECK(SmtpClient::make(options).value().send("a@b.example", "c@d.example", "A: b\r\n\r\n").kind == Kind::accepted);
}

TEST_CASE("an address cannot bring a command, and what is no mailbox never leaves the house") {
  MailServer server;
  const auto client = SmtpClient::make(server.options()).value();
  for (const std::string& bad : {std::string("a@b>\r\nRCPT TO:<evil@x"),
                                 std::string("a@b.example\r\nDATA"),
                                 std::string("a@b\n.example"),
                                 std::string("a@b.example\0", 12),
                                 std::string("a b@c.example"),
                                 std::string("<a@b.example>"),
                                 std::string("a"),
                                 std::string("a@"),
                                 std::string("@b.example"),
                                 std::string("a@b@c.example"),
                                 std::string("a..b@c.example"),
                                 std::string(".a@c.example"),
                                 std::string("a.@c.example"),
                                 std::string("a@-b.example"),
                                 std::string("a@b..example"),
                                 std::string("a@b.example."),
                                 std::string("\"a b\"@c.example"),
                                 std::string("a@[127.0.0.1]"),
                                 std::string("jürgen@b.example"),
                                 std::string("a@müller.example"),
                                 std::string(65, 'a') + "@b.example",
                                 "a@" + std::string(64, 'b') + ".example",
                                 "a@" + std::string(260, 'b'),
                                 std::string("a,b@c.example,d@e.example")}) {
    CAPTURE(bad);
    CHECK(client.send("a@b.example", bad, "A: b\r\n\r\n").kind == Kind::refused);
    CHECK(client.send(bad, "a@b.example", "A: b\r\n\r\n").kind == Kind::refused);
  }
  CHECK(client.send("a@b.example", "", "A: b\r\n\r\n").kind == Kind::refused);
  CHECK(server.connections() == 0);
  for (const char* good : {"a@b.example", "a.b+tag@c-d.example", "o'neil@x.org", "{}@localhost", "1@2.example"}) {
    CHECK(remote::is_mailbox(good));
  }
}

TEST_CASE("a message cannot smuggle a second one") {
  MailServer server;
  const auto client = SmtpClient::make(server.options()).value();
  for (const std::string& bad :
       {std::string(), std::string("A: b"), std::string("A: b\n"), std::string("A: b\r\n\r\nx\n.\r\n"),
        std::string("A: b\r\n\r\nx\r.\r\n"), std::string("A: b\r\n\r\nx\r\r\n"), std::string("A: \0\r\n", 6),
        std::string("A: \xc3\xa4\r\n"), "A: " + std::string(996, 'x') + "\r\n", std::string("\r"),
        std::string("x\r")}) {
    CAPTURE(bad);
    CHECK(client.send("a@b.example", "c@d.example", bad).kind == Kind::refused);
  }
  CHECK(server.connections() == 0);
}

TEST_CASE("options that would send a password or a mail in clear are refused") {
  SmtpOptions options;
  options.host = "mail.example";
  CHECK(SmtpClient::make(options));
  options.tls = SmtpTls::none;
  CHECK_FALSE(SmtpClient::make(options));
  options.tls = SmtpTls::opportunistic;
  CHECK_FALSE(SmtpClient::make(options));
  options.may_be_plain = true;
  CHECK(SmtpClient::make(options));
  options.user = "user";
  CHECK_FALSE(SmtpClient::make(options));
  options.tls = SmtpTls::required;
  CHECK(SmtpClient::make(options));
  for (const char* host : {"", "mail.example/x", "mail example", "user@mail.example", "mail.example:25", "[::1]"}) {
    options.host = host;
    CHECK_FALSE(SmtpClient::make(options));
  }
  options.host = "::1";
  CHECK(SmtpClient::make(options));
  options.hello_name = "a\r\nb";
  CHECK_FALSE(SmtpClient::make(options));
}
