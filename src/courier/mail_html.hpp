// The HTML part of a mail, made from its text: paragraphs, a button for the link, codes and passwords in large letters.
// The HTML refers to no image and no other resource. All text is escaped.
#pragma once

#include <string>
#include <string_view>

#include "text/text.hpp"

namespace courier {

struct MailText {
  text::Language language = text::Language::en;
  std::string_view subject;
  std::string_view text;    // paragraphs, separated by empty lines
  std::string_view link;    // a paragraph that is only this becomes a button, followed by the address; "" = no link
  std::string_view action;  // the label of the button
  std::string_view footer;
};

std::string build_html(const MailText& mail);
/// The same as plain text.
std::string build_text(const MailText& mail);

}  // namespace courier
