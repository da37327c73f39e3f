// Between a job and the formats: what a document's signature is to be, in two steps. Both steps give the same for the
// same rows, so that nothing but the value has to be kept between them.
#pragma once

#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/signature/signing_settings.hpp"
#include "signature/form/signature_wish.hpp"
#include "store/signing/signing_jobs.hpp"

namespace flow {

/// Whether the document itself is part of the signature's file, so that it has to be kept.
bool needs_document(Format format, Packaging packaging, bool has_element);

struct JobForm {
  const store::SigningJob& job;
  const SigningSettings& settings;
  bool has_element = false;

  [[nodiscard]] Format format() const;
  [[nodiscard]] crypto::SignatureAlgorithm algorithm() const;
};

/// `octets`: of the document; "" if only its digest is needed. Errors: invalid_input, whose reason begins with a code,
/// and those of the formats.
base::Result<signature::Prepared> prepare_item(const JobForm& form, const store::SigningItem& item,
                                               base::BytesView octets);
/// The signature at level B. Errors: as the formats; denied (not a value of the key).
base::Result<base::Bytes> complete_item(const JobForm& form, const store::SigningItem& item,
                                        const signature::Prepared& prepared, base::BytesView octets);
/// What its time stamp covers, and the signature with it.
base::Result<base::Bytes> stamped_octets_of(const JobForm& form, const store::SigningItem& item,
                                            base::BytesView signature);
base::Result<base::Bytes> add_stamp(const JobForm& form, const store::SigningItem& item, base::BytesView signature);

/// A value of the job's key over the octets as DER, whichever form it has. Errors: denied (it is none).
base::Result<base::Bytes> read_value(const JobForm& form, base::BytesView to_be_signed, base::BytesView value);

/// A code of the formats at the beginning of a reason: "xml_dtd"; else "cannot_be_signed".
std::string reason_of(const base::Error& error);

/// How the result is called, and what it is.
std::string result_name(const JobForm& form, const store::SigningItem& item);
std::string_view result_type(const JobForm& form);

}  // namespace flow
