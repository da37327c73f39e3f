// The fields of the forms for resource servers, and for their scopes, permissions and roles: from what is stored or was
// typed to a view, and to a wish.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "flow/resource/administer_resources.hpp"
#include "http/message.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"
#include "web/settings/steps.hpp"

namespace web {

/// Whether the actor sees resource servers; who changes them has the permission manage_clients.
bool may_see_resources(const Visit& visit);
/// "/admin/resources/ID".
std::string resource_path(std::string_view id);
/// "/admin/resources/ID/item?kind=scope&name=results%3Aread"; the name "" = the form for a new one.
std::string item_path(std::string_view id, rights::ItemKind kind, std::string_view name);

struct ShownResource {
  std::string name;
  std::string name_de;
  std::string name_pl;
  std::string description;
  std::string client;
  bool for_tenants_below = false;
  bool enabled = true;
};
ShownResource show_stored(const flow::ResourceDetails& details);
ShownResource read_resource_form(const http::Form& form);
flow::ServerWish make_wish(const ShownResource& shown);
PrintedFields print_fields(const ShownResource& shown);
/// The values of the template resource/_resource_fields.html.
void add_resource_fields(View& view, const ShownResource& shown);

/// What is wrong, with the field at which it is marked. `sentence`: key of the text.
struct FieldFlaw {
  std::string_view field;
  std::string sentence;
  std::string value{};
};
using FieldFlaws = std::vector<FieldFlaw>;
/// The list at the head of the form, and the mark at each field.
void add_flaws(View& view, const Visit& visit, const FieldFlaws& flaws);
/// Those of the server's own fields.
FieldFlaws judge_fields(const ShownResource& shown, std::string_view identifier);

struct ShownItem {
  rights::ItemKind kind = rights::ItemKind::scope;
  bool is_new = false;
  std::string name;
  std::string title;
  std::string title_de;
  std::string title_pl;
  std::string who = "nobody";                     // all, some, nobody
  std::set<std::string, std::less<>> conditions;  // "kind:employee", "context:user": the boxes
  std::string groups;                             // one a line
  std::string clients;
  std::string scope;
  std::set<std::string, std::less<>> permissions;
};
ShownItem show_stored(const rights::ResourceItem& item, const flow::RuleNames& names);
ShownItem read_item_form(const http::Form& form, rights::ItemKind kind, const flow::ResourceDetails& details);
flow::ItemWish make_wish(const ShownItem& shown);
/// The values of the template resource/resource_item.html.
void add_item_fields(View& view, const Visit& visit, const ShownItem& shown, const flow::ResourceDetails& details);

/// "employees; in the context Administrator": who gets it, as a sentence for a table.
std::string say_who(const Visit& visit, const rights::ResourceItem& item, const flow::ResourceDetails& details);

}  // namespace web
