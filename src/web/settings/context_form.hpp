// The fields of the form for an acting context: from a stored one or from what was typed to a view, and to a wish.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/tenant/administer_contexts.hpp"
#include "flow/tenant/administer_roles.hpp"
#include "http/message.hpp"
#include "rights/context.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// What the form shows: as it is stored, or as it was typed.
struct ShownContext {
  std::string key;
  std::string name;
  std::string name_de;
  std::string name_pl;
  std::string role;
  std::string level;
  std::string networks;  // one a line
  std::set<std::string, std::less<>> methods;
  std::set<std::string, std::less<>> allows;  // of rights::lackable_permissions
};
ShownContext show_stored(const rights::ActingContext& context);
ShownContext read_context_form(const http::Form& form);
/// A name that is a key of the catalogues stays if the field for it is empty.
flow::ContextWish make_wish(const ShownContext& shown, const rights::ActingContext* stored);

/// The fields with their values in words, for comparing two states.
std::vector<std::pair<std::string_view, std::string>> print_fields(const Visit& visit, const ShownContext& shown,
                                                                   const std::vector<flow::RoleRow>& roles);

/// The values of the template settings/_context_fields.html; `flaws`: names of fields.
void add_context_fields(View& view, const Visit& visit, const ShownContext& shown,
                        const std::vector<flow::RoleRow>& roles, const std::vector<std::string>& flaws);

/// The title of a role in the person's language.
std::string say_role(const Visit& visit, std::string_view key, const std::vector<flow::RoleRow>& roles);
/// "see accounts, audit log": the short names of permissions.
std::string say_permissions(const Visit& visit, rights::Permissions permissions);
/// Appends what a change gives and takes, as sentences.
void say_rights_effect(const Visit& visit, rights::Permissions gained, rights::Permissions lost,
                       std::vector<std::string>& said);

}  // namespace web
