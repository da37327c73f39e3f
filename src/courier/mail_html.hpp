// The HTML part of a mail, made from its text: the tenant's name and colour, paragraphs, a button for the link, codes
// and passwords in large letters. Readers with a dark scheme get dark colours, if their program knows media queries.
// The HTML refers to no image and no other resource. All text is escaped.
#pragma once

#include <string>
#include <string_view>

#include "text/text.hpp"

namespace courier {

/// Name and colours ("#rrggbb") of the tenant; the product's own until they are set.
struct MailLook {
  std::string name = "Chancery";
  std::string accent = "#0f5c55";
  std::string on_accent = "#ffffff";
  std::string accent_dark = "#7ad3c6";  // for readers with a dark scheme
  std::string on_accent_dark = "#06211d";
};

struct MailText {
  text::Language language = text::Language::en;
  std::string_view subject;
  std::string_view text;    // paragraphs, separated by empty lines
  std::string_view link;    // a paragraph that is only this becomes a button, followed by the address; "" = no link
  std::string_view action;  // the label of the button
  std::string_view footer;
  MailLook look{};
};

std::string build_html(const MailText& mail);
/// The same as plain text.
std::string build_text(const MailText& mail);

}  // namespace courier
