#include "courier/mail_html.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

courier::MailText make_mail() {
  courier::MailText mail;
  mail.subject = "A new password";
  mail.text = "Open this link:\n\nhttps://login.example/reset?token=a&b\n\nAbc-Def-123";
  mail.link = "https://login.example/reset?token=a&b";
  mail.action = "Choose a new password";
  mail.footer = "Clinic, https://login.example/";
  return mail;
}

}  // namespace

TEST_CASE("the link of a mail is a button and stands below it as well, and a code is large") {
  const std::string html = courier::build_html(make_mail());
  CHECK(html.find("href=\"https://login.example/reset?token=a&amp;b\"") != std::string::npos);
  CHECK(html.find(">Choose a new password</a>") != std::string::npos);
  CHECK(html.find(">https://login.example/reset?token=a&amp;b</p>") != std::string::npos);
  CHECK(html.find("font:600 24px") != std::string::npos);
}

TEST_CASE("a mail loads nothing from anywhere") {
  const std::string html = courier::build_html(make_mail());
  for (const char* loader : {"<img", "<link", "<script", "<iframe", "url(", "@import", "src="}) {
    CAPTURE(loader);
    CHECK(html.find(loader) == std::string::npos);
  }
}

TEST_CASE("name and colours of a tenant cannot get markup or style into a mail") {
  courier::MailText mail = make_mail();
  mail.look.name = "</p><script>alert(1)</script>";
  mail.look.accent = "red;background:url(https://evil.example/)";
  mail.look.accent_dark = "#12345g";
  mail.look.on_accent = "</style>";
  const std::string html = courier::build_html(mail);
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("evil.example") == std::string::npos);
  CHECK(html.find("12345g") == std::string::npos);
  CHECK(html.find("</style></style>") == std::string::npos);
  CHECK(html.find("border-top:4px solid #000000") != std::string::npos);
}

TEST_CASE("an address of another scheme never becomes a link") {
  courier::MailText mail = make_mail();
  mail.text = "javascript:alert(1)";
  mail.link = "javascript:alert(1)";
  CHECK(courier::build_html(mail).find("href") == std::string::npos);
}
