// The door for people: all pages. Each page has one file; templates are in src/web/templates, sentences in room text.
// A page parses and prints. Room flow decides what may be done, and does it.
#pragma once

#include "flow/house/house.hpp"
#include "http/router.hpp"
#include "web/page/error_page.hpp"
#include "web/page/form_post.hpp"
#include "web/page/options.hpp"

namespace web {

/// Adds all pages and static files. What `house` refers to must outlive the router. Throws std::logic_error on a broken
/// template.
void mount(http::Router& router, const flow::House& house, Options options);

}  // namespace web
