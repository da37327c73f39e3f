// The HTML part of a mail, made of its text: paragraphs, a button for the link, codes and passwords large. Nothing is
// fetched from anywhere, nothing but text comes in, all of it escaped.
#pragma once

#include <string>
#include <string_view>

#include "text/text.hpp"

namespace courier {

struct MailText {
  text::Language language = text::Language::en;
  std::string_view subject;
  std::string_view text;    // paragraphs, separated by empty lines
  std::string_view link;    // a paragraph that is just this becomes the button, followed by the address; "" = none
  std::string_view action;  // what the button says
  std::string_view footer;
};

std::string build_html(const MailText& mail);
/// The same for readers without HTML.
std::string build_text(const MailText& mail);

}  // namespace courier
