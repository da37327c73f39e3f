// The proof of a program by password, for the connector and for EST: the user name is the id of a client system,
// exactly as it was added, or names an account as the caller's claim says. Invariant: a password that has ended, or
// that must be changed first, opens nothing.
#pragma once

#include <optional>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "flow/proof/password_proof.hpp"
#include "flow/proof/settle_proof.hpp"
#include "store/engine/store.hpp"
#include "store/system/client_systems.hpp"

namespace flow {

class SystemPassword {
 public:
  /// Compares, before the transaction. `claim`: of the user name, if it is no client system's id. Errors: too_many
  /// (begin_proof), unavailable. `house` and `facts` must outlive it.
  static base::Result<SystemPassword> compare(const House& house, Claim claim, const base::Secret& password,
                                              const RequestFacts& facts);
  /// In the transaction of the effect, as settle_proof. A right password forgets the failures before it.
  base::Result<Settled> settle(store::Tx& tx);
  /// nullopt: the user name is none of a client system.
  [[nodiscard]] const std::optional<store::ClientSystem>& named() const { return named_; }

 private:
  SystemPassword(Proving proving, PasswordProof proof, std::optional<store::ClientSystem> named)
      : proving_(std::move(proving)), proof_(std::move(proof)), named_(std::move(named)) {}

  Proving proving_;
  PasswordProof proof_;
  std::optional<store::ClientSystem> named_;
};

}  // namespace flow
