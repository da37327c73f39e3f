// The password once more inside a form (flow/proof/prove_again): asked for only while the last proof is not fresh, so
// that nothing that was typed gets lost on the way to another page. Forms with it are sent on the password lane.
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

/// Takes the form's field `password` if a proof is needed. The visitor must be an actor; is read again after a proof.
Proof settle_proof(Visit& visit);
/// Sets `ask_proof` for the template _proof.
void add_proof(View& view, const Visit& visit);

}  // namespace web
