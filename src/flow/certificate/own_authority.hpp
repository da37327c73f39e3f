// What the flows of the own authority share: which authority issues, its key in memory, and where its lists are.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/house/house.hpp"
#include "store/certificate/authorities.hpp"

namespace flow {

/// The authority that issues for a tenant: its own, else that of the installation. Errors: conflict (there is none).
base::Result<store::AuthorityRow> find_issuing_authority(store::Tx& tx, const base::Id& tenant_id);
/// The certificates above and with it: its own, then that of its root. DER.
base::Result<std::vector<base::Bytes>> find_chain(store::Tx& tx, const store::AuthorityRow& authority);

/// The parsed key of an authority; kept in memory, because parsing takes longer than a signature. One on a token is
/// used there (authority_token.hpp), which must be outside of a transaction.
base::Result<crypto::KeyPair> find_key_of(const House& house, store::Tx& tx, const store::AuthorityRow& authority);
/// The same in the transaction of an act, where one on a token gives what was signed ahead. Errors besides: internal
/// (the act has no SignedAhead).
base::Result<crypto::KeyPair> find_key_of(const CertificateAct& act, const store::AuthorityRow& authority);
/// The same for a responder.
base::Result<crypto::KeyPair> find_key_of(const House& house, const store::OcspResponder& responder);

struct AuthorityAddresses {
  std::string certificate;
  std::string list;
  std::string delta;
  std::string ocsp;
};
/// As they stand in certificates: over plain HTTP, so that no certificate is needed to ask about one (RFC 5280 §8).
AuthorityAddresses addresses_of(const House& house, const base::Id& authority_id);

}  // namespace flow
