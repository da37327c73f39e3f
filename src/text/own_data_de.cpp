#include <array>

#include "text/catalogue.hpp"

namespace text {
namespace {

constexpr auto sentences = std::to_array<Sentence>({
    {"confirm.title", "Noch einmal bestätigen"},
    {"confirm.text", "Bitte geben Sie vor dieser Änderung noch einmal Ihr Passwort ein. Das gilt für einige Minuten."},
    {"confirm.failed",
     "Die Bestätigung ist fehlgeschlagen. Nach mehreren Fehlversuchen wird das Konto eine Zeit lang "
     "gesperrt."},
    {"confirm.submit", "Weiter"},
    {"confirm.cancel", "Abbrechen"},
    {"audit.type.proof", "Passwort noch einmal angegeben"},
});

}  // namespace

std::span<const Sentence> german_own_data() { return sentences; }

}  // namespace text
