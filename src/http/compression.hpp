// Pages are sent compressed where this cannot tell a listener what is in them. The length of compressed octets shows
// whether a guess in the request stands in the page as well (the attack BREACH): for this another site must make the
// browser ask again and again with its guesses. Browsers say whether another site caused a request (Fetch Metadata
// Request Headers, W3C); pages for such requests, and for browsers that do not say it, are sent as they are
// (docs/decisions/0043-compressed-pages.md).
#pragma once

#include "http/message.hpp"

namespace http {

/// Compresses the body of a page (gzip, RFC 1952) if it is large enough, the browser accepts it (RFC 9110 §12.5.3), and
/// the request comes from this site or from the person: Sec-Fetch-Site is "same-origin" or "none". Sets
/// Content-Encoding and Vary. Anything else stays as it is.
void compress_page(const Request& request, Response& response);

}  // namespace http
