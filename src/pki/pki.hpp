// The door of the own certificate authority, for programs. It has no session and sets no cookie.
//   GET  /pki/chain.pem                  certificates of the authority, PEM
//   GET  /pki/ID.cer, ID.crl, ID-delta.crl  of one authority, DER (RFC 2585)
//   POST /pki/ocsp, GET /pki/ocsp/BASE64 OCSP (RFC 6960 appendix A)
//   /.well-known/est/cacerts, simpleenroll, simplereenroll, csrattrs   EST (RFC 7030), over TLS only; on the
//   connector's listener for client systems only
// What is public and signed is answered over plain HTTP as well, because a program that checks a certificate of TLS
// must not need TLS for it (RFC 5280 §8).
#pragma once

#include "flow/house/house.hpp"
#include "http/router.hpp"

namespace pki {

/// What `house` refers to must outlive the router.
void mount(http::Router& router, const flow::House& house);

}  // namespace pki
