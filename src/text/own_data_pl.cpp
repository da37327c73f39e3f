#include <array>

#include "text/catalogue.hpp"

namespace text {
namespace {

constexpr auto sentences = std::to_array<Sentence>({
    {"confirm.title", "Potwierdź jeszcze raz"},
    {"confirm.text", "Przed tą zmianą podaj jeszcze raz hasło. Potwierdzenie jest ważne przez kilka minut."},
    {"confirm.failed",
     "Potwierdzenie nie powiodło się. Po kilku nieudanych próbach konto zostaje na jakiś czas "
     "zablokowane."},
    {"confirm.submit", "Dalej"},
    {"confirm.cancel", "Anuluj"},
    {"audit.type.proof", "Ponowne podanie hasła"},
});

}  // namespace

std::span<const Sentence> polish_own_data() { return sentences; }

}  // namespace text
