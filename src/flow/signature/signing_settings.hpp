// Settings of jobs that sign documents (S4.22).
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>

#include "base/time.hpp"
#include "signature/form/signature_wish.hpp"

namespace flow {

/// Of a request in JSON, which is in memory: a document of 16 MiB in base64 and what surrounds it.
inline constexpr std::size_t most_octets_of_json = std::size_t{24} * 1024 * 1024;

struct SigningSettings {
  /// Where documents wait in sealed files until their job is over; "" = in memory. Several nodes need a folder that
  /// they share.
  std::string spool{};
  std::size_t most_octets = std::size_t{128} * 1024 * 1024;         // of one document
  std::size_t most_octets_of_job = std::size_t{192} * 1024 * 1024;  // of all documents of one job
  // Of those that become a part of their signature, which is made in memory.
  std::size_t most_octets_inside = std::size_t{16} * 1024 * 1024;
  std::size_t most_octets_of_job_inside = std::size_t{24} * 1024 * 1024;
  /// Of a form (multipart/form-data) with all documents of one job and what surrounds them.
  [[nodiscard]] std::size_t most_octets_of_form() const { return most_octets_of_job + std::size_t{2} * 1024 * 1024; }
  /// A job takes more than its largest document, so that small ones stand beside it.
  void take_documents_up_to(std::size_t octets) {
    most_octets = octets;
    most_octets_of_job = std::max(std::size_t{24} * 1024 * 1024, octets + octets / 2);
  }
  base::Duration keep = std::chrono::hours(1);
  /// Of an account's documents that are on the disk at one time, also of jobs that are done; a quarter of it for
  /// copies.
  std::size_t most_kept_of_account = std::size_t{1024} * 1024 * 1024;
  /// Signature policies that a signer may name (EPES), by the id under which they are asked for.
  std::map<std::string, signature::PolicyReference, std::less<>> policies{};
  std::string policy{};  // the one that is named where nobody asks for one; "" = none
};

}  // namespace flow
