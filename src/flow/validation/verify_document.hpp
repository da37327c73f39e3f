// Verifies the signatures of a document (S4.21): finds the form, judges by a policy with what the installation trusts,
// fetches what is lacking about revocation, and records that it was done. The document is not kept, and is in no event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/system/find_caller.hpp"
#include "rights/actor.hpp"
#include "signature/form/content.hpp"
#include "signature/report/report.hpp"

namespace flow {

using signature::Indication;
using signature::SignatureReport;
using signature::ValidationReport;
using signature::Verdict;

struct VerifyWish {
  base::BytesView document;                         // the signed document, or the signature alone
  std::vector<const signature::Content*> contents;  // what stands beside the signature
  std::string name;                                 // of the document, as its owner calls it; "" = not said
  std::string policy;                               // "" = that of the installation
  std::optional<base::Time> at;                     // a time in the past at which the document is known to have existed
};

/// Why nothing was judged.
enum class VerifyRefusal : std::uint8_t {
  feature_off,  // the organisation does not offer it
  too_many,     // of the network, in a minute
  unauthenticated,
  lacks_scope,
  empty,
  too_large,
  pdf,   // these three are not judged yet
  zip,   // ASiC
  json,  // JAdES
  no_signature,
  unknown_policy,
  future,  // the time has not come
};
std::string_view name_of(VerifyRefusal refusal);

struct VerifiedDocument {
  std::optional<VerifyRefusal> refusal;
  ValidationReport report;
};

/// For a page. `actor`: nullptr = nobody has logged in; then the installation must offer it to everybody, and each
/// network may verify some documents in a minute. Errors: unavailable, internal.
base::Result<VerifiedDocument> verify_for_visitor(const House& house, const rights::Actor* actor,
                                                  const VerifyWish& wish, const RequestFacts& facts);
/// For an application, by its secret or by an access token with the scope "verify", or for a person by a personal token
/// with it. Errors: unavailable, internal.
base::Result<VerifiedDocument> verify_by_program(const House& house, const CallerProof& proof, const VerifyWish& wish,
                                                 const RequestFacts& facts);

}  // namespace flow
