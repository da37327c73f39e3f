// The password once more as a field of a form (flow/proof/prove_again). The form asks for it only if the last proof is
// not fresh. It is a field and not a page of its own, so that the values that were typed are not lost. Such a form runs
// on the password lane.
#pragma once

#include "web/page/view.hpp"
#include "web/page/visit.hpp"

namespace web {

enum class Proof : std::uint8_t {
  fresh,
  missing,
  wrong,
  barred,  // the network has failed too often
  unavailable
};

/// Takes the form's field `password` if a proof is needed. The visitor must be an actor, and is read again after a
/// proof.
Proof settle_proof(Visit& visit);
/// Sets `ask_proof` for the template _proof.
void add_proof(View& view, const Visit& visit);

}  // namespace web
