// Policies and flaws of passwords in the words of a page.
#pragma once

#include <string>
#include <vector>

#include "flow/password/change_password.hpp"
#include "flow/password/find_policy.hpp"
#include "http/message.hpp"
#include "identity/password/password_flaws.hpp"
#include "identity/password/password_policy.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

std::string say(const Visit& visit, const identity::Sentence& sentence);
/// Adds the list `rules` with the whole policy; each item has `rule`.
void add_policy(View& view, const Visit& visit, const identity::PasswordPolicy& policy);
/// Adds the list `rules` with what the policy asks of a new password. Each item has `rule` and `flaws`, the names of
/// the flaws that break it; after a refusal also the flag `met` or `unmet`.
void add_rules(View& view, const Visit& visit, const identity::PasswordPolicy& policy,
               const flow::ChangeJudgement* judgement = nullptr);
/// Adds the reasons against a change: the flag `refused` and the list `flaws`; each item has `flaw`.
void add_judgement(View& view, const Visit& visit, const flow::ChangeJudgement& judgement);
/// The answer to a script that asks while a password is typed.
http::Response say_preview(const Visit& visit, const flow::PasswordPreview& preview);
/// The three fields of a change, from the form.
flow::ChangeWish read_change(const Visit& visit);

}  // namespace web
