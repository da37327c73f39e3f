#include <array>

#include "text/catalogue.hpp"

namespace text {
namespace {

constexpr auto sentences = std::to_array<Sentence>({
    {"confirm.title", "Prove it again"},
    {"confirm.text", "Before this change, please enter your password once more. That is valid for a few minutes."},
    {"confirm.failed", "The confirmation failed. After several failed attempts the account is locked for some time."},
    {"confirm.submit", "Go on"},
    {"confirm.cancel", "Cancel"},
    {"audit.type.proof", "Password given once more"},
});

}  // namespace

std::span<const Sentence> english_own_data() { return sentences; }

}  // namespace text
