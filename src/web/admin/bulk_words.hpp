// What the pages about one act on many accounts have in common.
#pragma once

#include <optional>
#include <string>

#include "flow/admin/bulk_act.hpp"
#include "http/message.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// Whether the actor may do any act on several accounts: in person only.
bool may_act_on_many(const Visit& visit);
/// nullopt: the actor may do some act.
std::optional<http::Response> refuse_bulk(Visit& visit);
/// The sentence for an act: "Add to the group nurses". A context is named by its key.
std::string say_bulk(const Visit& visit, const std::string& act, const std::string& target);
/// An account and its outcome.
void add_bulk_row(View& item, const Visit& visit, const flow::BulkRow& row);

}  // namespace web
