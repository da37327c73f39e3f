// Gets a time stamp for a signature that is made here: from the own authority or from others, in the order of the
// settings. A token of others is checked completely by its octets (crypto::read_timestamp_response); whether its
// authority is trusted is for who validates.
#pragma once

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "crypto/cms/timestamp_request.hpp"
#include "flow/house/house.hpp"
#include "flow/house/request_facts.hpp"
#include "signature/timestamp/watch_clock.hpp"

namespace flow {

/// The token over the octets (signature::stamped_octets), ContentInfo, DER. It may wait for other servers, so it is
/// never called inside a transaction. Errors: not_found (no source is configured, or the own one does not exist),
/// unavailable (none gives a token now; the reason names each).
base::Result<base::Bytes> get_timestamp(const House& house, base::BytesView octets, crypto::DigestKind digest,
                                        const signature::ClockReading& clock, const RequestFacts& facts);
/// From one authority, by its address. Errors: unavailable, denied (it refuses), invalid_input (a wrong token),
/// conflict (a token for something else).
base::Result<base::Bytes> get_timestamp_from(const House& house, const std::string& url,
                                             const crypto::TimestampRequest& request);

}  // namespace flow
