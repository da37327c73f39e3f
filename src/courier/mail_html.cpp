#include "courier/mail_html.hpp"

#include <algorithm>

namespace courier {
namespace {

void append_escaped(std::string& out, std::string_view plain) {
  for (const char c : plain) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  }
}

// Only these become a link, because a browser opens them as a page. Other addresses stay text.
bool is_web_address(std::string_view link) {
  return link.starts_with("https://") || link.starts_with("http://");
}

bool is_one_word(std::string_view paragraph) {
  return paragraph.size() <= 40 &&
         std::none_of(paragraph.begin(), paragraph.end(), [](char c) { return c == ' ' || c == '\n'; });
}

void append_link(std::string& out, const MailText& mail) {
  out += "<p style=\"margin:24px 0\"><a href=\"";
  append_escaped(out, mail.link);
  out +=
      "\" style=\"display:inline-block;padding:12px 20px;border-radius:6px;background:#0b5cad;color:#ffffff;"
      "text-decoration:none;font-weight:600\">";
  append_escaped(out, mail.action.empty() ? mail.link : mail.action);
  out += "</a></p>\n<p style=\"margin:0 0 16px;font-size:14px;word-break:break-all\">";
  append_escaped(out, mail.link);
  out += "</p>\n";
}

void append_paragraph(std::string& out, const MailText& mail, std::string_view paragraph) {
  if (!mail.link.empty() && paragraph == mail.link && is_web_address(mail.link)) return append_link(out, mail);
  out += is_one_word(paragraph)
             ? "<p style=\"margin:24px 0;font:600 24px ui-monospace,Consolas,monospace;letter-spacing:2px\">"
             : "<p style=\"margin:0 0 16px\">";
  append_escaped(out, paragraph);
  out += "</p>\n";
}

}  // namespace

std::string build_html(const MailText& mail) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"";
  out.append(text::code_of(mail.language));
  out += "\"><head><meta charset=\"utf-8\"><title>";
  append_escaped(out, mail.subject);
  out +=
      "</title></head>\n<body style=\"margin:0;padding:24px;background:#f4f5f7;color:#1c2430;"
      "font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif\">\n"
      "<div style=\"max-width:560px;margin:0 auto;padding:32px;background:#ffffff;border-radius:8px\">\n";
  std::string_view rest = mail.text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("\n\n"), rest.size());
    if (end > 0) append_paragraph(out, mail, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  if (!mail.footer.empty()) {
    out += "<p style=\"margin:32px 0 0;padding-top:16px;border-top:1px solid #d5d9e0;font-size:13px;color:#566070\">";
    append_escaped(out, mail.footer);
    out += "</p>\n";
  }
  return out + "</div>\n</body></html>\n";
}

std::string build_text(const MailText& mail) {
  std::string out(mail.text);
  if (!mail.footer.empty()) out.append("\n\n-- \n").append(mail.footer);
  return out + "\n";
}

}  // namespace courier
