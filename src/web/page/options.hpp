// The settings that pages show.
#pragma once

#include <string>

namespace web {

struct Options {
  std::string administrator;  // the contact for questions: "helpdesk@clinic.example, +48 22 123 45 67"; "" = not set
  std::string mail_sender;    // the sender address of all mails; "" = not set
};

}  // namespace web
