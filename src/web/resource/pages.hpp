// The handlers of the pages for resource servers: systems that are called with access tokens (S4.20). src/web/mount.cpp
// has their addresses.
#pragma once

#include "http/message.hpp"
#include "web/page/visit.hpp"

namespace web {

// resources.cpp
http::Response show_resources(Visit& visit);
http::Response show_new_resource(Visit& visit);
http::Response submit_new_resource(Visit& visit);

// resource.cpp
http::Response show_resource(Visit& visit);
http::Response submit_resource_change(Visit& visit);
http::Response submit_resource_delete(Visit& visit);
http::Response submit_item_remove(Visit& visit);  // of a scope, a permission or a role

// resource_item.cpp
http::Response show_resource_item(Visit& visit);    // that the query names, or the form for a new one
http::Response submit_resource_item(Visit& visit);  // adds it, or changes it

}  // namespace web
