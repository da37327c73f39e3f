// What is kept of a passkey (WebAuthn level 3 §4, "credential record"), as the sealed data of its row.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

namespace flow {

struct PasskeyData {
  base::Bytes user_handle;  // 32 random octets, the same for all passkeys of an account
  base::Bytes public_key;   // COSE_Key, as the authenticator gave it
  base::Bytes aaguid;       // 16 octets
  std::string transports;   // "internal hybrid"; "" = not told
  bool may_be_backed_up = false;
  bool is_backed_up = false;
  bool is_attested = false;  // its attestation was verified; no list of makers is asked
};
base::Secret to_stored(const PasskeyData& data);
/// Errors: internal (not what to_stored gives).
base::Result<PasskeyData> parse_passkey_data(const base::Secret& stored);

}  // namespace flow
