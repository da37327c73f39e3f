// Signatures of an authority whose key is on a token, made outside of the transaction that counts them, because a token
// may need seconds and there is one writer. The transaction runs until it lacks such a signature, and is rolled back;
// then the token signs, and the same transaction runs again and finds the value. What was signed is given to nobody
// before it is recorded, so that a crash leaves no certificate that the database does not know.
//
//   run ─lacks a value─> roll back ─> the token signs ─> run again … ─lacks none─> commit
//
// What is signed must be the same in each run. Therefore serial numbers and ids are kept by the key that is certified;
// a run that finds other names or times signs anew.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <type_traits>

#include "base/bytes.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "crypto/certificate/key_pair.hpp"

namespace flow {

class SignedAhead {
 public:
  SignedAhead() = default;
  SignedAhead(const SignedAhead&) = delete;
  SignedAhead& operator=(const SignedAhead&) = delete;

  /// Of the certificate for this public key: the same in each run.
  const base::Bytes& serial_for(const base::Bytes& public_key);
  /// Of the authority with this public key: the same in each run.
  const base::Id& id_for(const base::Bytes& public_key, base::Time now);
  /// For use in the transaction: gives what `outside` has signed before, and notes what it has to sign. `key` tells
  /// keys apart. It must not outlive this object.
  crypto::KeyPair::Signer defer(std::string key, crypto::KeyPair::Signer outside);

  /// Whether the run has ended because it lacks a value.
  [[nodiscard]] bool lacks_value() const { return missing_.has_value(); }
  /// Outside of any transaction. Errors: those of the signer.
  base::Result<void> sign_missing();

 private:
  struct Missing {
    std::string place;
    base::Bytes octets;
    crypto::KeyPair::Signer sign;
  };
  std::map<base::Bytes, base::Bytes> serials_;
  std::map<base::Bytes, base::Id> ids_;
  std::map<std::string, base::Bytes> values_;  // by key and octets
  std::optional<Missing> missing_;
};

/// Far more than one act signs: root, issuing certificate and responder are three.
inline constexpr int most_runs_ahead = 16;

/// Runs `write(SignedAhead&)`, which writes in one transaction and hands its argument to that transaction's
/// CertificateAct, until nothing is left to be signed. It must be fit to run again after a roll-back. Errors besides
/// those of `write`: unavailable (the token, or what is signed is changed again and again).
template <class F>
auto sign_ahead(F&& write) -> std::invoke_result_t<F, SignedAhead&> {
  SignedAhead ahead;
  for (int run = 0; run < most_runs_ahead; ++run) {
    auto written = write(ahead);
    if (!ahead.lacks_value()) return written;
    RETURN_IF_ERROR(ahead.sign_missing());
  }
  return base::fail(base::Code::unavailable, "what the authority signs is changed again and again; try again");
}

}  // namespace flow
