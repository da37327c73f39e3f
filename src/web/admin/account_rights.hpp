// On the page of an account: the contexts and groups that it has, and those that the actor may give.
#pragma once

#include <optional>
#include <string>

#include "flow/account/change_contexts.hpp"
#include "flow/account/create_account.hpp"
#include "flow/admin/look_at_account.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// "from 1 July 2026 until 31 July 2026"; "" = it has begun and has no end.
std::string say_term(const Visit& visit, const flow::HeldContext& held);
/// Of the form: days from and until, each of which may be empty; nullopt: one of them is no day.
std::optional<flow::TermWish> read_term(const Visit& visit);
/// The lists with their buttons, and the question that the address asks.
void add_account_rights(View& view, const Visit& visit, const flow::AccountView& seen,
                        const flow::AccountChoices& choices);

}  // namespace web
