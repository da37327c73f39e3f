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

// Only these reach a style sheet, whatever the look says.
std::string_view checked_colour(std::string_view colour) {
  const bool is_good = colour.size() == 7 && colour[0] == '#' &&
                       colour.find_first_not_of("0123456789abcdefABCDEF", 1) == std::string_view::npos;
  return is_good ? colour : "#000000";
}

// Programs that know no media query show the colours of the elements' own styles, which are those of the light scheme.
void append_dark_scheme(std::string& out, const MailLook& look) {
  out +=
      "<style>@media (prefers-color-scheme:dark){.page{background:#111917!important;color:#e6efec!important}"
      ".sheet{background:#1a2321!important;border-color:";
  out += checked_colour(look.accent_dark);
  out += "!important}.name{color:";
  out += checked_colour(look.accent_dark);
  out += "!important}.button{background:";
  out += checked_colour(look.accent_dark);
  out += "!important;color:";
  out += checked_colour(look.on_accent_dark);
  out += "!important}.soft{color:#a9b9b4!important;border-color:#33413d!important}}</style>";
}

void append_link(std::string& out, const MailText& mail) {
  out += "<p style=\"margin:24px 0\"><a class=\"button\" href=\"";
  append_escaped(out, mail.link);
  out += "\" style=\"display:inline-block;padding:12px 22px;border-radius:10px;background:";
  out += checked_colour(mail.look.accent);
  out += ";color:";
  out += checked_colour(mail.look.on_accent);
  out += ";text-decoration:none;font-weight:600\">";
  append_escaped(out, mail.action.empty() ? mail.link : mail.action);
  out += "</a></p>\n<p class=\"soft\" style=\"margin:0 0 16px;font-size:14px;word-break:break-all;color:#4d5d58\">";
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
      "</title><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
      "<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light "
      "dark\">";
  append_dark_scheme(out, mail.look);
  out +=
      "</head>\n<body class=\"page\" style=\"margin:0;padding:24px 16px;background:#f4f7f6;color:#16211e;"
      "font:16px/1.55 system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif\">\n"
      "<div class=\"sheet\" role=\"main\" style=\"max-width:560px;margin:0 auto;padding:28px "
      "24px;overflow-wrap:anywhere"
      ";background:#ffffff;border-radius:12px;"
      "border-top:4px solid ";
  out += checked_colour(mail.look.accent);
  out += "\">\n<h1 class=\"name\" style=\"margin:0 0 24px;font-weight:700;font-size:18px;line-height:1.3;color:";
  out += checked_colour(mail.look.accent);
  out += "\">";
  append_escaped(out, mail.look.name);
  out += "</h1>\n";
  std::string_view rest = mail.text;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("\n\n"), rest.size());
    if (end > 0) append_paragraph(out, mail, rest.substr(0, end));
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  if (!mail.footer.empty()) {
    out +=
        "<p class=\"soft\" style=\"margin:32px 0 0;padding-top:16px;border-top:1px solid #d3dedb;font-size:13px;"
        "color:#4d5d58\">";
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
