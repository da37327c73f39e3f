// What the door knows of the request, for audit events and limits.
#pragma once

#include <optional>
#include <string>

#include "audit/value.hpp"
#include "base/time.hpp"
#include "text/language.hpp"

namespace flow {

struct RequestFacts {
  std::string ip;
  std::string user_agent;
  std::string request_id;
  base::Time now;
  std::string devices{};  // cookie of known devices (known_device.hpp), as it was sent
  text::Language language =
      text::Language::en;                // of the page, and of messages to an account that has chosen no language
  audit::Code motive{};                  // why the administrator acts (audit::motive); "" = was not asked
  std::optional<base::Duration> idle{};  // the page's own idle time, which each click begins anew; none = the usual one
};

}  // namespace flow
