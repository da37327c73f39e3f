// The fields of an account as an administrator fills them in: the same for a new account and for a change.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/identifier/judge_fields.hpp"
#include "identity/account/account.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// What is wrong, and the id of the element that it is about.
struct FieldSentence {
  std::string field;
  std::string sentence;
};
std::vector<FieldSentence> say_flaws(const Visit& visit, const std::vector<flow::FieldFlaw>& flaws);

struct AccountForm {
  const Visit& visit;
  identity::AccountKind kind;
  std::function<std::string(std::string_view)> value;  // of a field by its name
  const std::vector<FieldSentence>& flaws;
};
/// The fields that an account of the kind may have, of these groups: "name", "reach", "numbers".
std::vector<std::string_view> list_fields(identity::AccountKind kind, std::string_view group);
/// Whether the kind of account needs the field.
bool is_mandatory(identity::AccountKind kind, std::string_view field);
/// The label of a field.
std::string say_field(const Visit& visit, std::string_view field);
/// Appends an item of the list `list` for each field: what the template _account_field shows.
void add_account_fields(View& view, std::string_view list, const AccountForm& form,
                        const std::vector<std::string_view>& fields);
/// The list of what is wrong, above the form; nothing if nothing is wrong.
void add_flaw_list(View& view, const std::vector<FieldSentence>& flaws);

}  // namespace web
