// What the reasons of a validation are called for people. A reason is a code of room signature; its sentence is
// validation.reason.CODE. A reader of a form may give a code that has no sentence of its own: then that of its family.
#pragma once

#include <string>

#include "signature/report/report.hpp"
#include "text/text.hpp"

namespace flow {

/// "" for a verdict that passed.
std::string say_reason(text::Language language, const signature::Verdict& verdict);

/// What a reader should know about the document (SignatureReport::notes).
std::string say_note(text::Language language, std::string_view code);

/// A building block for people, by the norm's name of it (SignatureReport::blocks), which JSON and XML keep. A name
/// that is not known is given as it is.
std::string say_block(text::Language language, std::string_view name);

/// The words of the norm: "TOTAL-FAILED HASH_FAILURE".
std::string print_words(const signature::Verdict& verdict);
/// "full", "element" …
std::string_view print_kind(const signature::ScopePart& part);
/// "content", "signature", "references", "archive"
std::string_view print_kind(const signature::TimestampNote& note);

}  // namespace flow
