// Every page that a person sees. One page a file; templates in src/web/templates, sentences in room text.
// A page parses and prints: what may be done and is done is decided in room flow.
#pragma once

#include "flow/house/house.hpp"
#include "http/router.hpp"
#include "web/page/error_page.hpp"
#include "web/page/options.hpp"

namespace web {

/// Adds all pages and static files. What `house` refers to must outlive the router. Throws std::logic_error on a broken
/// template.
void mount(http::Router& router, const flow::House& house, Options options);

}  // namespace web
