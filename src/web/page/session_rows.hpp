// Open sessions as rows of a table, those of one device together: the values of the template page/_sessions.html.
#pragma once

#include <string>
#include <string_view>

#include "flow/session/open_sessions.hpp"
#include "web/page/pager.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// "Left desk (Firefox on Linux)", or the browser alone. `name`: what the owner calls it.
std::string say_device(const Visit& visit, const std::string& name, std::string_view user_agent);
/// The same for the device of a session.
std::string say_device(const Visit& visit, const flow::OpenSession& session);

std::string say_until(const Visit& visit, std::string_view key, base::Time until);

/// Of the query: a page, "order=unused", and "session=ID" after "confirm=…". Errors: invalid_input.
base::Result<flow::SessionsWish> read_sessions_wish(const Visit& visit);

/// A name that was typed for a device and cannot be one.
struct RefusedName {
  std::string device;
  std::string typed;
};
struct ShownDevice {
  std::string id;  // "" = none is known
  std::string name;
  std::string user_agent;
  std::string trust{};  // for how long it does without a step of the login; "" = it does not
};
/// "No password until …": what a device does without, for an account with the security stamp (S3.2).
template <class Device>
std::string say_trust(const Visit& visit, const Device& device, std::int64_t stamp) {
  std::string said;
  const auto add = [&](std::string_view key, const std::optional<base::Time>& until) {
    if (!until || *until <= visit.facts.now || device.trusted_stamp != stamp) return;
    said.append(said.empty() ? "" : " ").append(say_until(visit, key, *until));
  };
  add("sessions.trust.first", device.first_step_until);
  add("sessions.trust.second", device.second_step_until);
  return said;
}
/// What the rows of a device show of it: also the values of the template page/_device_forms.html.
void add_device(View& item, const Visit& visit, const ShownDevice& device, const RefusedName* refused = nullptr);

struct SessionsTable {
  std::string path;                      // of the page on which the list stands
  std::string end_path;                  // where the form that ends a session is sent
  const RefusedName* refused = nullptr;  // only on the page on which devices are named
};
/// The list, its order and its pages.
void add_sessions(View& view, const Visit& visit, const flow::OpenSessions& open, const SessionsTable& table);

}  // namespace web
