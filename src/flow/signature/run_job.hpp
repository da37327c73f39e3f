// Signs what waits in a job, a few documents at a time, and stamps what was signed. For this corridor only.
#pragma once

#include "base/result.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/signature/take_job.hpp"

namespace flow {

/// With the key that is held here. Errors: unavailable, internal.
base::Result<JobAnswer> run_job(const House& house, const KeyUser& user, JobInHand& job, const JobOrder& order,
                                const RequestFacts& facts);
/// With the values of `order`, for all that wait. Errors: unavailable, internal.
base::Result<JobAnswer> put_values(const House& house, const KeyUser& user, JobInHand& job, const JobOrder& order,
                                   const RequestFacts& facts);
/// The first step of all that wait. Errors: unavailable, internal.
base::Result<JobAnswer> list_octets(const House& house, JobInHand& job, base::Time now);

}  // namespace flow
