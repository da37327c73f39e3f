// What pages say about the house and is known from the configuration only.
#pragma once

#include <string>

namespace web {

struct Options {
  std::string administrator;  // whom people may ask: "helpdesk@clinic.example, +48 22 123 45 67"; "" = not said
  std::string mail_sender;    // the announced address of all mails; "" = not said
};

}  // namespace web
