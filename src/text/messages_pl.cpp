#include <array>

#include "text/catalogue.hpp"

namespace text {
namespace {

constexpr auto sentences = std::to_array<Sentence>({
    {"message.verify_address.subject", "Twój kod potwierdzający"},
    {"message.verify_address.text",
     "Dzień dobry, {name},\n\nten kod potwierdza, że ten adres należy do Ciebie:\n\n{code}\n\nKod jest "
     "ważny {minutes} min i działa tylko raz. Wpisz go na stronie, na której o niego poproszono.\n\nJeśli "
     "to nie Ty, ktoś mógł pomylić się przy wpisywaniu adresu. Nic nie rób: bez kodu nic się nie zmieni."},
    {"message.verify_address.sms",
     "Kod dla {site}: {code} ({minutes} min). Nie podawaj go nikomu. Nie prosisz o kod? Nic nie rób."},
    {"message.address_changed.subject", "Zmieniono adres Twojego konta"},
    {"message.address_changed.text",
     "Dzień dobry, {name},\n\n{time} dla Twojego konta w {site} potwierdzono nowy adres e-mail lub numer "
     "telefonu. Ten adres nie należy już do konta.\n\nJeśli to Ty, wszystko jest w porządku. Jeśli nie, "
     "natychmiast powiadom administratora: ktoś może korzystać z Twojego konta."},
    {"message.address_changed.sms",
     "{site}: {time} konto otrzymało nowy adres zamiast tego. To nie Ty? Natychmiast powiadom "
     "administratora."},
    {"message.reset_link.subject", "Nowe hasło"},
    {"message.reset_link.text",
     "Dzień dobry, {name},\n\nktoś, prawdopodobnie Ty, zgłosił, że nie pamięta hasła do Twojego konta w "
     "{site}. Ten link pozwala otrzymać hasło tymczasowe:\n\n{link}\n\nLink jest ważny {minutes} min i "
     "działa tylko raz. Jeśli nie da się go kliknąć, skopiuj go do paska adresu przeglądarki.\n\nJeśli to "
     "nie Ty, nic nie rób: hasło pozostanie bez zmian. Jeśli to się powtórzy, powiadom administratora."},
    {"message.reset_link.sms",
     "Nowe hasło do {site}: {link} ({minutes} min, jeden raz). Nie prosisz o to? Nic nie rób."},
    {"message.temporary_password.subject", "Twoje hasło tymczasowe"},
    {"message.temporary_password.text",
     "Dzień dobry, {name},\n\noto hasło tymczasowe do Twojego konta w {site}:\n\n{password}\n\nJest ważne "
     "do: {time}. Zaloguj się nim, a następnie wybierz własne hasło. Stare hasło już nie działa.\n\nJeśli "
     "o to nie prosisz, natychmiast powiadom administratora."},
    {"message.temporary_password.sms",
     "Hasło tymczasowe do {site}: {password} (ważne do: {time}). Nie prosisz o to? Natychmiast powiadom "
     "administratora."},
    {"message.password_changed.subject", "Zmieniono Twoje hasło"},
    {"message.password_changed.text",
     "Dzień dobry, {name},\n\nhasło do Twojego konta w {site} zmieniono: {time}. Wszystkie inne sesje "
     "zostały zakończone.\n\nJeśli to Ty, wszystko jest w porządku. Jeśli nie, natychmiast powiadom "
     "administratora."},
    {"message.password_changed.sms",
     "{site}: zmieniono hasło ({time}). To nie Ty? Natychmiast powiadom administratora."},
    {"message.suspended.subject", "Twoje konto jest zawieszone"},
    {"message.suspended.text",
     "Dzień dobry, {name},\n\nTwoje konto w {site} zostało zawieszone: {time}. Nikt nie może się nim "
     "zalogować ani tutaj, ani w aplikacjach korzystających z tego logowania; wszystkie sesje "
     "zakończono.\n\nZawieszenie może cofnąć tylko administrator. Jeśli to nie Ty, skontaktuj się z "
     "administratorem."},
    {"message.suspended.sms",
     "{site}: konto zawieszono ({time}). Cofnąć to może tylko administrator. To nie Ty? Skontaktuj się z "
     "nim."},
    {"message.deleted.subject", "Twoje konto zostało usunięte"},
    {"message.deleted.text",
     "Dzień dobry, {name},\n\nTwoje konto w {site} zostało usunięte wraz ze wszystkimi danymi: {time}. "
     "Nie może tego cofnąć nikt, nawet administrator.\n\nTo ostatnia wiadomość na ten adres. Jeśli "
     "usunięcie nie było Twoją decyzją, skontaktuj się z administratorem."},
    {"message.deleted.sms", "{site}: konto usunięto na zawsze ({time}). To nie Ty? Skontaktuj się z administratorem."},
    {"message.expiry_reminder.subject", "Twoje hasło wkrótce wygaśnie"},
    {"message.expiry_reminder.text",
     "Dzień dobry, {name},\n\nhasło do Twojego konta w {site} wygasa: {time}. Pozostało dni: "
     "{days}.\n\nZaloguj się przed tym terminem i wybierz nowe. Ta wiadomość celowo nie zawiera linku: "
     "otwórz stronę tak jak zwykle."},
    {"message.expiry_reminder.sms", "{site}: hasło wygasa {time} (pozostało dni: {days}). Wybierz wcześniej nowe."},
    {"message.unlocked.subject", "Twoje konto znów działa"},
    {"message.unlocked.text",
     "Dzień dobry, {name},\n\nadministrator odblokował Twoje konto w {site}: {time}. Możesz zalogować się "
     "swoim hasłem.\n\nJeśli nic nie wiesz o nieudanych logowaniach ani o blokadzie, powiadom "
     "administratora."},
    {"message.unlocked.sms", "{site}: konto znów działa (od {time})."},
    {"message.test.subject", "Wiadomość testowa"},
    {"message.test.text",
     "Dzień dobry, {name},\n\nto wiadomość testowa z {site}. Wysłał ją operator; nic nie trzeba robić."},
    {"message.test.sms", "Wiadomość testowa z {site}."},
    {"message.action.open", "Otwórz stronę"},
    {"message.action.reset_link", "Otrzymaj hasło tymczasowe"},
    {"message.footer",
     "Tę wiadomość napisał automatycznie system {site}. Nikt nigdy nie zapyta Cię o hasło ani e-mailem, "
     "ani telefonicznie."},
});

}  // namespace

std::span<const Sentence> polish_messages() {
  return sentences;
}

}  // namespace text
