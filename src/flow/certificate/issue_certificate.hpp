// Issues certificates by the own authority: of the tenant if it has one, else of the installation. The row and the
// audit event stand in the transaction of the caller.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "authority/profile.hpp"
#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "flow/house/house.hpp"
#include "flow/house/record.hpp"
#include "flow/house/request_facts.hpp"
#include "rights/actor.hpp"
#include "store/engine/store.hpp"

namespace flow {

class SignedAhead;  // flow/certificate/signed_ahead.hpp

/// The writing transaction of another flow, and for whom. That flow has judged the actor and its permission.
struct CertificateAct {
  const House& house;
  store::Tx& tx;
  const RequestFacts& facts;
  const rights::Actor* actor = nullptr;  // nullptr: the holder of the certificate itself (EST), or the server
  SignedAhead* ahead = nullptr;          // of sign_ahead(); an act that issues a certificate needs one

  [[nodiscard]] std::optional<base::Id> by() const { return actor == nullptr ? std::nullopt : id_of(*actor); }
};

struct CertificateWish {
  authority::Profile profile = authority::Profile::client_system;
  base::Id tenant_id;
  std::optional<base::Id> account_id{};
  std::string client_system{};  // id of the client system; "" = none
  std::string common_name;
  std::vector<std::string> dns_names{};
  std::vector<std::string> ip_addresses{};
  base::Bytes public_key;     // SubjectPublicKeyInfo, DER: crypto::KeyPair::public_key, CertificateRequest::public_key
  base::Duration validity{};  // 0 = the profile's default
  std::string given_name{};   // of a natural person who signs documents; "" = none
  std::string family_name{};
};

struct IssuedCertificate {
  base::Bytes der;
  std::string sha256;  // lower-case hexadecimal
  std::string serial;  // lower-case hexadecimal
  base::Time not_before;
  base::Time not_after;
  std::vector<base::Bytes> chain;  // DER: the issuing certificate, then the root
};
/// A certificate for the login of an account is registered there at once. Errors: conflict (no authority is there),
/// invalid_input (a name that may not stand in the certificate, a weak key, a validity above the limit), unavailable
/// (the authority's key is on a token that is not there, waits for its PIN or does not answer), internal (an act
/// without SignedAhead).
base::Result<IssuedCertificate> issue_certificate(const CertificateAct& act, const CertificateWish& wish);

}  // namespace flow
