#include "courier/mail.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "base/bytes.hpp"

using courier::Mail;

namespace {

Mail example() {
  Mail mail;
  mail.from_name = "Clinic";
  mail.from = "idp@clinic.example";
  mail.to = "anna.nowak@mail.example";
  mail.subject = "Your new password";
  mail.text = "Hello\nWorld\n";
  mail.html = "<p>Hello</p>\n";
  mail.message_id = "018f6f3e-7a10-7000-8000-000000000001@clinic.example";
  mail.date = base::parse_rfc3339("2026-11-21T20:15:07Z").value();
  mail.language = "en";
  return mail;
}

std::string built(const Mail& mail) {
  return courier::build_message(mail, "b1").value();
}

// Decodes quoted-printable (RFC 2045 §6.7).
std::string decode_qp(std::string_view in) {
  std::string out;
  for (std::size_t i = 0; i < in.size(); ++i) {
    if (in[i] != '=') {
      out.push_back(in[i]);
    } else if (in.substr(i, 3) == "=\r\n") {
      i += 2;
    } else {
      out += base::parse_hex(in.substr(i + 1, 2)).value();
      i += 2;
    }
  }
  return out;
}

// Decodes encoded words. A blank between two of them is ignored (RFC 2047 §6.2).
std::string decode_words(std::string_view in) {
  std::string out;
  while (!in.empty()) {
    REQUIRE(in.starts_with("=?UTF-8?B?"));
    const auto end = in.find("?=");
    CHECK(end + 2 <= 75);
    const auto part = base::parse_base64(in.substr(10, end - 10)).value();
    CHECK(base::is_utf8(part));
    out += part;
    in.remove_prefix(end + 2);
    if (in.starts_with("\r\n ")) in.remove_prefix(3);
  }
  return out;
}

void check_lines(std::string_view message) {
  CHECK(message.ends_with("\r\n"));
  while (!message.empty()) {
    const auto end = message.find("\r\n");
    REQUIRE(end != std::string_view::npos);
    const auto line = message.substr(0, end);
    CHECK(line.size() <= 78);
    for (const char c : line) CHECK((c == '\t' || (c >= 0x20 && c < 0x7f)));
    message.remove_prefix(end + 2);
  }
}

}  // namespace

TEST_CASE("a mail has the headers that people and mail servers expect, text first and HTML second") {
  CHECK(built(example()) ==
        "Date: Sat, 21 Nov 2026 20:15:07 +0000\r\n"
        "From: \"Clinic\"\r\n"
        " <idp@clinic.example>\r\n"
        "To: anna.nowak@mail.example\r\n"
        "Subject: Your new password\r\n"
        "Message-ID: <018f6f3e-7a10-7000-8000-000000000001@clinic.example>\r\n"
        "Content-Language: en\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: multipart/alternative;\r\n"
        " boundary=\"=_b1\"\r\n"
        "\r\n"
        "--=_b1\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "Hello\r\n"
        "World\r\n"
        "\r\n"
        "--=_b1\r\n"
        "Content-Type: text/html; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n"
        "\r\n"
        "<p>Hello</p>\r\n"
        "\r\n"
        "--=_b1--\r\n");
  CHECK(built(example()) == built(example()));
}

TEST_CASE("a mail without HTML is plain, without name, language and mark when they are not wanted") {
  Mail mail = example();
  mail.html.clear();
  mail.from_name.clear();
  mail.language.clear();
  mail.auto_submitted = false;
  mail.reply_to = "desk@clinic.example";
  const auto message = built(mail);
  CHECK(message.find("From: idp@clinic.example\r\n") != std::string::npos);
  CHECK(message.find("Reply-To: desk@clinic.example\r\n") != std::string::npos);
  CHECK(message.find("multipart") == std::string::npos);
  CHECK(message.find("Auto-Submitted") == std::string::npos);
  CHECK(message.find("Content-Language") == std::string::npos);
  CHECK(message.ends_with("quoted-printable\r\n\r\nHello\r\nWorld\r\n"));
}

TEST_CASE("umlauts, Polish letters and emoji survive in subject, name and text") {
  const std::string five_foxes = "🦊🦊🦊🦊🦊";
  const std::string ten_foxes = five_foxes + five_foxes;
  for (const std::string& words :
       {std::string("Ihr neues Paßwort für Jürgen Müller"), std::string("Zażółć gęślą jaźń"), std::string("🦊 code"),
        std::string("Twoje hasło wygasło, zmień je przed upływem dnia dzisiejszego, bo inaczej konto zostanie "
                    "zablokowane: ąćęłńóśźż"),
        std::string("ąćęłńóśźż") + ten_foxes + "ąćęłńóśźżąćęłńóśźżąćęłńóśźż" + std::string(60, 'x')}) {
    CAPTURE(words);
    Mail mail = example();
    mail.subject = words;
    mail.from_name = words;
    mail.text = words + "\n" + words;
    const auto message = built(mail);
    check_lines(message);
    CHECK(decode_words(courier::encode_header_text(words)) == words);
    CHECK(message.find("Subject: " + courier::encode_header_text(words) + "\r\nMessage-ID") != std::string::npos);
    CHECK(decode_qp(courier::to_quoted_printable(words)) == words + "\r\n");
  }
}

TEST_CASE("subjects that readers would misread are encoded") {
  for (const std::string& subject : {std::string("=?UTF-8?B?YQ==?="), std::string(" leading"), std::string("trailing "),
                                     std::string(200, 'x'), std::string(60, 'x') + "y"}) {
    CAPTURE(subject);
    CHECK(decode_words(courier::encode_header_text(subject)) == subject);
  }
  CHECK(courier::encode_header_text("a = b?") == "a = b?");
}

TEST_CASE("quotes and backslashes in a name stay inside it") {
  Mail mail = example();
  mail.from_name = R"(Evil" <evil@x.example>, "a\)";
  CHECK(built(mail).find(R"(From: "Evil\" <evil@x.example>, \"a\\")") != std::string::npos);
}

TEST_CASE("long lines, dots, equal signs and blanks at line ends survive transport") {
  const std::string text = ".\r\n..\nFrom here\n=3D = =\ntrailing \ntab\t\n \n\n--=_b1\n--=_b1--\n" +
                           std::string(500, 'x') + "\n" + std::string(75, 'a') + ".\n" + std::string(74, ' ') +
                           "\nlast";
  const auto encoded = courier::to_quoted_printable(text);
  std::string_view rest = encoded;
  while (!rest.empty()) {
    const auto line = rest.substr(0, rest.find("\r\n"));
    CHECK(line.size() <= 76);
    CHECK_FALSE(line.starts_with('.'));
    CHECK_FALSE(line.starts_with("From "));
    CHECK_FALSE(line.starts_with("--=_"));
    CHECK_FALSE(line.ends_with(' '));
    CHECK_FALSE(line.ends_with('\t'));
    rest.remove_prefix(line.size() + 2);
  }
  std::string expected;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) expected.push_back('\r');
    expected.push_back(text[i]);
  }
  CHECK(decode_qp(encoded) == expected + "\r\n");
  for (std::size_t n = 0; n < 160; ++n) {
    const std::string line = std::string(n, 'x') + "ż." + std::string(n, '=');
    CHECK(decode_qp(courier::to_quoted_printable(line)) == line + "\r\n");
  }
}

TEST_CASE("no field can bring a header, a part or a recipient") {
  const std::vector<std::function<void(Mail&, const std::string&)>> fields{
      [](Mail& m, const std::string& v) { m.from_name = v; }, [](Mail& m, const std::string& v) { m.subject = v; },
      [](Mail& m, const std::string& v) { m.from = v; },      [](Mail& m, const std::string& v) { m.to = v; },
      [](Mail& m, const std::string& v) { m.reply_to = v; },  [](Mail& m, const std::string& v) { m.message_id = v; },
      [](Mail& m, const std::string& v) { m.language = v; }};
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (const std::string& attack : {std::string("x\r\nBcc: evil@x.example"), std::string("x\nBcc: evil@x.example"),
                                      std::string("x\rBcc: e@x.example"), std::string("x\0y", 3),
                                      std::string("x\r\n\r\nbody"), std::string("x\x7f"), std::string("x\x0b"),
                                      std::string("\xff"), std::string("\xc0\x8d\xc0\x8a"), std::string(2000, 'x')}) {
      CAPTURE(i);
      CAPTURE(attack);
      Mail mail = example();
      fields[i](mail, attack);
      const auto message = courier::build_message(mail, "b1");
      REQUIRE_FALSE(message);
      CHECK(message.error().code == base::Code::invalid_input);
      CHECK(message.error().reason.find(attack) == std::string::npos);
    }
  }
  for (const char* bad : {"a@b.example, c@d.example", "a@b.example\t", "<a@b.example>", "", "a", "Ä <a@b.example>"}) {
    Mail mail = example();
    mail.to = bad;
    CHECK_FALSE(courier::build_message(mail, "b1"));
  }
}

TEST_CASE("texts with controls, bare carriage returns or broken UTF-8 are refused") {
  for (const std::string& bad : {std::string("a\rb"), std::string("a\0b", 3), std::string("a\x1b[0m"),
                                 std::string("\xff"), std::string("a\r")}) {
    Mail mail = example();
    mail.text = bad;
    CHECK_FALSE(courier::build_message(mail, "b1"));
    mail = example();
    mail.html = bad;
    CHECK_FALSE(courier::build_message(mail, "b1"));
  }
  Mail mail = example();
  mail.text.clear();
  CHECK_FALSE(courier::build_message(mail, "b1"));
}

TEST_CASE("a boundary is made of letters and digits") {
  for (const std::string& bad :
       {std::string(), std::string("a b"), std::string("a\"b"), std::string("a\r\nb"), std::string(61, 'a')}) {
    CHECK_FALSE(courier::build_message(example(), bad));
  }
}
