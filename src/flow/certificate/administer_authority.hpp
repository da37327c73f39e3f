// The own authority as an administrator runs it. Every function that has an actor needs the permission
// manage_authorities; each change has its audit event.
//
//   create ─> root (signs issuing certificates only) ─> issuing: active ─rotate─> retiring ─> its end
//                                                                  └──────revoke─────> revoked (nothing of it counts)
//
// The roll-over comes before the rest of the issuing certificate is shorter than the longest validity that it may give,
// and the server does it by itself. A root that would end before the next issuing certificate is followed by a new one.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "authority/profile.hpp"
#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/certificate/key_pair.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "flow/certificate/issue_certificate.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/certificate/authorities.hpp"
#include "store/certificate/issued_certificates.hpp"

namespace flow {

struct AuthorityWish {
  std::string tenant;  // key or id of a tenant that gets its own; "" = of the installation
  std::string name;    // begins the common names; "" = that of the tenant
  crypto::KeyKind key = crypto::KeyKind::ec_p256;
  std::string token{};       // on which all its keys are made and used (authority_token.hpp); "" = in the database
  base::Secret token_pin{};  // "" = that of the configuration, or the one that was given before
};
/// Root, issuing certificate and responder. Errors: denied, not_found (also the token), already_exists (there is an
/// active one), invalid_input (the name), and those of the token.
base::Result<store::AuthorityRow> create_authority(const House& house, const rights::Actor& actor,
                                                   const AuthorityWish& wish, const RequestFacts& facts);
/// A new issuing certificate instead of `id`, with a new key in the same place. Errors: denied, not_found, conflict (it
/// does not issue any more).
base::Result<store::AuthorityRow> rotate_authority(const House& house, const rights::Actor& actor, const base::Id& id,
                                                   const RequestFacts& facts);
/// Nothing that it has issued counts any more, and a new one takes its place. Errors: denied, not_found,
/// invalid_input (a root), conflict (revoked already).
base::Result<store::AuthorityRow> revoke_authority(const House& house, const rights::Actor& actor, const base::Id& id,
                                                   crypto::RevocationReason reason, const RequestFacts& facts);
/// Rolls over what is due and makes responders that are missing or end soon; for the background. Errors: unavailable.
base::Result<void> renew_authorities(const House& house, base::Time now);

/// The token with the key of an authority; "" = it is in the database. Errors: denied, not_found.
base::Result<std::string> find_authority_token(const House& house, const rights::Actor& actor, const base::Id& id);
base::Result<std::vector<store::AuthorityRow>> list_authorities_for(const House& house, const rights::Actor& actor);
/// Errors: denied, not_found.
base::Result<store::AuthorityRow> find_authority_for(const House& house, const rights::Actor& actor,
                                                     const base::Id& id);
/// The newest first. `tenant`: "" = the first one. Errors: denied, not_found.
base::Result<std::vector<store::IssuedRow>> list_issued_for(const House& house, const rights::Actor& actor,
                                                            std::string_view tenant);

/// By fingerprint or serial number. Errors: denied, not_found.
base::Result<store::IssuedRow> find_issued_for(const House& house, const rights::Actor& actor, std::string_view named);

/// Issues by command: with a key made here, or for a request (PKCS#10).
struct CommandWish {
  authority::Profile profile = authority::Profile::tls_server;
  std::string tenant;   // "" = the first one
  std::string account;  // login or id whose certificate it is; "" = nobody's
  std::string common_name;
  std::vector<std::string> dns_names;
  std::vector<std::string> ip_addresses;
  base::Duration validity{};
  base::Bytes request;  // PKCS#10; "" = a key is made here
  crypto::KeyKind key = crypto::KeyKind::ec_p256;
};
struct CommandCertificate {
  IssuedCertificate issued;
  std::optional<crypto::KeyPair> key;  // if it was made here; stored nowhere
};
/// Errors: denied, not_found (tenant, account), conflict, invalid_input.
base::Result<CommandCertificate> issue_by_command(const House& house, const rights::Actor& actor,
                                                  const CommandWish& wish, const RequestFacts& facts);

/// All certificates of own authorities that still count, PEM, the issuing ones before the roots.
base::Result<std::string> print_chain(const House& house, base::Time now);

}  // namespace flow
