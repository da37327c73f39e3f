// How large requests may be that bring documents, for the doors. 0: nothing of the kind is offered here.
#pragma once

#include <algorithm>

#include "flow/house/house.hpp"
#include "flow/signature/signing_desk.hpp"
#include "flow/validation/validation_desk.hpp"

namespace flow {

/// Of a form with documents to be signed.
inline std::size_t most_octets_to_sign(const House& house) {
  return house.signing == nullptr ? 0 : house.signing->settings().most_octets_of_form();
}

/// Of a form with one document to be stamped: as large as one that is signed.
inline std::size_t most_octets_to_stamp(const House& house) {
  return house.signing == nullptr ? 0 : house.signing->settings().most_octets + std::size_t{2} * 1024 * 1024;
}

/// Of what stands beside a separate signature that is verified: as large as it can be signed here.
inline std::size_t most_octets_of_content(const House& house) {
  const std::size_t to_verify = house.validation == nullptr ? 0 : house.validation->settings().most_octets;
  return house.signing == nullptr ? to_verify : std::max(to_verify, house.signing->settings().most_octets);
}

/// Of a form with a signature to be verified, and the document beside it.
inline std::size_t most_octets_to_verify(const House& house) {
  if (house.validation == nullptr) return 0;
  return house.validation->settings().most_octets + most_octets_of_content(house) + std::size_t{2} * 1024 * 1024;
}

}  // namespace flow
