// Policies and flaws of passwords in the words of a page.
#pragma once

#include <string>
#include <vector>

#include "flow/password/change_password.hpp"
#include "identity/password/password_flaws.hpp"
#include "identity/password/password_policy.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

std::string say(const Visit& visit, const identity::Sentence& sentence);
/// Adds the list `rules`; each item has `rule`.
void add_rules(View& view, const Visit& visit, const identity::PasswordPolicy& policy);
/// Adds the reasons against a change: the flag `refused` and the list `flaws`; each item has `flaw`.
void add_judgement(View& view, const Visit& visit, const flow::ChangeJudgement& judgement);
/// The three fields of a change, from the form.
/// The answer to a script that asks while a password is typed.
http::Response say_flaws(const Visit& visit, const std::vector<identity::PasswordFlaw>& flaws);
flow::ChangeWish read_change(const Visit& visit);

}  // namespace web
