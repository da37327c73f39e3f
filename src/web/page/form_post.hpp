// The page that carries an answer to an application by a form (response_mode=form_post). A script sends the form at
// once; without scripts its button does.
#pragma once

#include "browser/form_post.hpp"
#include "flow/house/house.hpp"
#include "http/message.hpp"

namespace web {

/// Reads no database: what the application is told has been decided.
http::Response form_post_page(const flow::House& house, const http::Request& request, const browser::FormPost& answer);

}  // namespace web
