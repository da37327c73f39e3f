// The fields of the form for a role of one's own: its name and its permissions, in groups.
#pragma once

#include <string>
#include <vector>

#include "flow/tenant/administer_roles.hpp"
#include "http/message.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// What the form shows: as it is stored, or as it was typed.
struct ShownRole {
  std::string key;
  std::string name;
  std::vector<std::string> permissions;  // names, without those of the own account
};
ShownRole show_stored(const rights::OwnRole& role);
ShownRole read_role_form(const http::Form& form);
flow::RoleWish make_wish(const ShownRole& shown);

/// The values of the template settings/_role_fields.html; `flaws`: names of fields.
void add_role_fields(View& view, const Visit& visit, const ShownRole& shown, const std::vector<std::string>& flaws);

/// The fields with their values in words, for comparing two states.
std::vector<std::pair<std::string_view, std::string>> print_fields(const Visit& visit, const ShownRole& shown);

}  // namespace web
