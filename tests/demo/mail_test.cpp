#include <doctest/doctest.h>

#include "demo/mail_text.hpp"
#include "demo/smtp_conversation.hpp"

namespace {

TEST_CASE("subject and text are shown as the sender meant them") {
  const auto mail =
      demo::read_mail("Subject: =?utf-8?Q?Za=C5=BC=C3=B3=C5=82=C4=87?=\r\n =?utf-8?B?IGfEmcWbbMSF?=\r\n\r\nhello\r\n");
  CHECK(mail.subject == "Zażółć gęślą");
  CHECK(mail.text == "hello");
  const auto parts = demo::read_mail(
      "Content-Type: multipart/alternative; boundary=\"b\"\r\nSubject: x\r\n\r\n--b\r\nContent-Type: "
      "text/html\r\n\r\n<p>no</p>\r\n"
      "--b\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
      "base64\r\n\r\ndGV4\r\ndA==\r\n--b--\r\n");
  CHECK(parts.text == "text");
}

TEST_CASE("the sender is shown by name and address, and a mail without one has none") {
  const auto mail =
      demo::read_mail("From: =?utf-8?Q?Klinika_nad_Rzek=C4=85?=\r\n <login@clinic.example>\r\n\r\nhello\r\n");
  CHECK(mail.from == "Klinika nad Rzeką <login@clinic.example>");
  CHECK(demo::read_mail("Subject: x\r\n\r\nFrom: not a header\r\n").from.empty());
}

TEST_CASE("the designed part of a mail is there beside its text") {
  const auto mail = demo::read_mail(
      "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n--b\r\n"
      "Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: "
      "quoted-printable\r\n\r\n<b>a=3Db</b>\r\n--b--\r\n");
  CHECK(mail.text == "text");
  CHECK(mail.html == "<b>a=b</b>");
  CHECK(demo::read_mail("Subject: x\r\n\r\n<b>only text</b>").html.empty());
}

TEST_CASE("broken mails are shown as they came") {
  for (const char* mail :
       {"", "\r\n", "Subject: =?utf-8?Q?", "Subject: =?x?\r\n",
        "Subject: a =?utf-8?Z?=?=\r\n\r\n=", "Content-Type: multipart/x; boundary=\r\n\r\n--",
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n=G", "Content-Type: a; boundary=\"b\r\n\r\n--b"}) {
    CHECK_NOTHROW(demo::read_mail(mail));
  }
}

TEST_CASE("a mail comes in pieces, its dots are unstuffed, and commands out of order are refused") {
  std::string content;
  demo::SmtpConversation talk([&](const demo::SmtpConversation::Mail& mail) { content = mail.content; });
  CHECK(talk.take("DATA\r\n").starts_with("503"));
  CHECK(talk.take("RCPT TO:<a@b>\r\n").starts_with("503"));
  CHECK(talk.take("EHLO x\r\nMAIL FROM:<>\r\nRCPT TO:<a@b>\r\nDA").starts_with("250-localhost"));
  CHECK(talk.take("TA\r\n").starts_with("354"));
  CHECK(talk.take("..one\r\n.\r").empty());
  CHECK(talk.take("\nQUIT\r\n") == "250 delivered\r\n221 goodbye\r\n");
  CHECK(content == ".one\r\n");
  CHECK(talk.is_over());
}

TEST_CASE("lines and mails that are too long are refused") {
  demo::SmtpConversation long_line([](const auto&) {});
  CHECK(long_line.take(std::string(5000, 'x')).starts_with("500"));
  CHECK(long_line.is_over());
  int delivered = 0;
  demo::SmtpConversation big([&](const auto&) { ++delivered; });
  big.take("MAIL FROM:<a@b>\r\nRCPT TO:<a@b>\r\nDATA\r\n");
  for (int i = 0; i < 1100; ++i) big.take(std::string(1000, 'x') + "\r\n");
  CHECK(big.take(".\r\n").starts_with("552"));
  CHECK(delivered == 0);
}

}  // namespace
