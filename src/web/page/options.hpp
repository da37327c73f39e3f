// The settings that pages show.
#pragma once

#include <string>

namespace web {

struct Options {
  std::string mail_sender;  // the sender address of all mails; "" = not set
};

}  // namespace web
