#include "flow/certificate/signed_ahead.hpp"

#include "crypto/certificate/issue.hpp"

namespace flow {

const base::Bytes& SignedAhead::serial_for(const base::Bytes& public_key) {
  const auto found = serials_.find(public_key);
  return found != serials_.end() ? found->second : serials_.emplace(public_key, crypto::make_serial()).first->second;
}

const base::Id& SignedAhead::id_for(const base::Bytes& public_key, base::Time now) {
  const auto found = ids_.find(public_key);
  return found != ids_.end() ? found->second : ids_.emplace(public_key, base::Id::make(now)).first->second;
}

crypto::KeyPair::Signer SignedAhead::defer(std::string key, crypto::KeyPair::Signer outside) {
  return
      [this, key = std::move(key), outside = std::move(outside)](base::BytesView octets) -> base::Result<base::Bytes> {
        std::string place = key + "|" + base::Bytes(octets);
        if (const auto found = values_.find(place); found != values_.end()) return found->second;
        missing_ = Missing{std::move(place), base::Bytes(octets), outside};
        return base::fail(base::Code::unavailable, "this is signed outside of the transaction first");
      };
}

base::Result<void> SignedAhead::sign_missing() {
  const Missing order = std::move(*missing_);
  missing_.reset();
  ASSIGN_OR_RETURN(base::Bytes value, order.sign(order.octets));
  values_.emplace(order.place, std::move(value));
  return {};
}

}  // namespace flow
