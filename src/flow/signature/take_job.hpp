// Takes the documents of a job, with what its signing needs in memory. For this corridor only.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "flow/signature/job_owner.hpp"
#include "flow/signature/signing_job.hpp"
#include "signature/form/signature_wish.hpp"

namespace flow {

/// A job and, by position, what is in memory of it: the document and its first step.
struct JobInHand {
  OwnedJob job;
  struct Part {
    std::optional<signature::Prepared> prepared{};
    std::optional<base::Bytes> octets{};  // "" if only the digest is needed
  };
  std::vector<Part> parts{};
  bool is_repeat = false;
};
struct TakenJob {
  std::optional<SignRefusal> refusal{};
  std::optional<JobInHand> job{};
};
enum class TakenFor : std::uint8_t {
  somebody,  // it waits for a confirmation, or for values: of one account the oldest ones make room
  signing_at_once
};
base::Result<TakenJob> take_documents(const House& house, const KeyUser& user, const JobWish& wish,
                                      const RequestFacts& facts, TakenFor purpose = TakenFor::somebody);

}  // namespace flow
