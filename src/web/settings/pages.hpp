// The handlers of the pages for what administrators set up: groups, contexts, roles, organisations and policies.
// src/web/mount.cpp has their addresses.
#pragma once

#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

// groups.cpp
http::Response show_groups(Visit& visit);
http::Response submit_new_group(Visit& visit);

// group.cpp
http::Response show_group(Visit& visit);
http::Response submit_group_rename(Visit& visit);
http::Response submit_group_delete(Visit& visit);
http::Response submit_group_add(Visit& visit);     // a member
http::Response submit_group_remove(Visit& visit);  // a member

}  // namespace web
