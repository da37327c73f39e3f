// A time in relation to now, "5 minutes ago", with the exact time for those who want it.
#pragma once

#include <string>
#include <string_view>

#include "base/time.hpp"
#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

/// "just now", "5 minutes ago", "3 hours ago", "2 days ago"; after 30 days the date.
std::string say_ago(const Visit& visit, base::Time at);
/// The item `name` with the values of the template page/_moment.html.
void add_moment(View& view, const Visit& visit, std::string_view name, base::Time at);

}  // namespace web
