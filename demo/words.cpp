#include "demo/words.hpp"

#include <algorithm>
#include <array>

namespace demo {

namespace {

struct Entry {
  std::string_view key;
  std::array<std::string_view, 3> sentences;  // en, de, pl
};

constexpr Entry entries[] = {
    {"portal", {"Clinic portal", "Klinikportal", "Portal kliniki"}},
    {"laboratory", {"Laboratory", "Labor", "Laboratorium"}},
    {"clinic", {"Riverside Clinic", "Klinik am Fluss", "Klinika nad Rzeką"}},
    {"inbox", {"Inbox", "Posteingang", "Skrzynka"}},
    {"skip", {"Skip to the content", "Zum Inhalt springen", "Przejdź do treści"}},
    {"navigation", {"Applications", "Anwendungen", "Aplikacje"}},
    {"log_in", {"Log in", "Anmelden", "Zaloguj się"}},
    {"log_out", {"Log out", "Abmelden", "Wyloguj się"}},
    {"portal_welcome", {"Welcome to the clinic portal", "Willkommen im Klinikportal", "Witamy w portalu kliniki"}},
    {"portal_lead",
     {"Appointments and prescriptions in one place. You log in with your clinic account.",
      "Termine und Rezepte an einem Ort. Sie melden sich mit Ihrem Klinikkonto an.",
      "Wizyty i recepty w jednym miejscu. Logujesz się kontem kliniki."}},
    {"laboratory_welcome", {"Results from the laboratory", "Befunde aus dem Labor", "Wyniki z laboratorium"}},
    {"laboratory_lead",
     {"Anyone who is logged in to the clinic portal is logged in here as well.",
      "Wer im Klinikportal angemeldet ist, ist es auch hier.",
      "Kto jest zalogowany w portalu kliniki, jest zalogowany także tutaj."}},
    {"hello", {"Hello", "Guten Tag", "Dzień dobry"}},
    {"you_are", {"You are logged in", "Sie sind angemeldet", "Twoje logowanie"}},
    {"name", {"Name", "Name", "Imię i nazwisko"}},
    {"login", {"Login", "Anmeldename", "Login"}},
    {"context", {"Context", "Kontext", "Kontekst"}},
    // These contexts have translations; other contexts are shown by the name in the token.
    {"context_user", {"Ordinary user", "Benutzer/in", "Zwykły użytkownik"}},
    {"context_administrator", {"Administrator", "Administrator/in", "Administrator"}},
    {"context_super_administrator", {"Super administrator", "Superadministrator/in", "Superadministrator"}},
    {"level", {"Level of the login", "Niveau der Anmeldung", "Poziom logowania"}},
    {"level_1", {"One factor", "Ein Faktor", "Jeden składnik"}},
    {"level_2", {"Two factors", "Zwei Faktoren", "Dwa składniki"}},
    {"level_3", {"Proof against phishing", "Gegen Phishing geschützt", "Odporny na phishing"}},
    {"since", {"Logged in at", "Angemeldet am", "Zalogowano"}},
    {"to_laboratory", {"Open the laboratory", "Labor öffnen", "Otwórz laboratorium"}},
    {"to_portal", {"Open the clinic portal", "Klinikportal öffnen", "Otwórz portal kliniki"}},
    {"to_account", {"My clinic account", "Mein Klinikkonto", "Moje konto w klinice"}},
    {"appointments", {"Next appointments", "Nächste Termine", "Najbliższe wizyty"}},
    {"appointment_1", {"Cardiology, Dr Nowicka", "Kardiologie, Dr. Nowicka", "Kardiologia, dr Nowicka"}},
    {"appointment_2", {"Eye test, Dr Brandt", "Sehtest, Dr. Brandt", "Badanie wzroku, dr Brandt"}},
    {"appointment_1_when", {"Monday, 9:40", "Montag, 9:40", "poniedziałek, 9:40"}},
    {"appointment_2_when", {"Thursday, 14:15", "Donnerstag, 14:15", "czwartek, 14:15"}},
    {"results", {"Latest results", "Neueste Befunde", "Ostatnie wyniki"}},
    {"examination", {"Examination", "Untersuchung", "Badanie"}},
    {"value", {"Value", "Wert", "Wynik"}},
    {"range", {"Usual range", "Üblicher Bereich", "Zakres referencyjny"}},
    {"haemoglobin", {"Haemoglobin", "Hämoglobin", "Hemoglobina"}},
    {"glucose", {"Glucose", "Glukose", "Glukoza"}},
    {"tsh", {"TSH", "TSH", "TSH"}},
    {"haemoglobin_value", {"14.1 g/dl", "14,1 g/dl", "14,1 g/dl"}},
    {"tsh_value", {"1.9 mU/l", "1,9 mU/l", "1,9 mU/l"}},
    {"tsh_range", {"0.4–4.0", "0,4–4,0", "0,4–4,0"}},
    {"example_data",
     {"Example data of the demonstration", "Beispieldaten der Demonstration", "Dane przykładowe demonstracji"}},
    {"steps",
     {"For developers: how this login worked", "Für Entwicklerinnen und Entwickler: So lief diese Anmeldung ab",
      "Dla programistów: jak przebiegło to logowanie"}},
    {"step_request",
     {"The application sends the browser to the server", "Die Anwendung schickt den Browser zum Server",
      "Aplikacja kieruje przeglądarkę do serwera"}},
    {"step_answer",
     {"The browser comes back with a code", "Der Browser kommt mit einem Code zurück", "Przeglądarka wraca z kodem"}},
    {"step_redeem",
     {"The application exchanges the code for tokens", "Die Anwendung tauscht den Code gegen Tokens",
      "Aplikacja wymienia kod na tokeny"}},
    {"step_tokens", {"The server's answer", "Die Antwort des Servers", "Odpowiedź serwera"}},
    {"step_id_token",
     {"The ID token: header and claims, signature checked", "Das ID-Token: Kopf und Angaben, Signatur geprüft",
      "Token ID: nagłówek i dane, podpis sprawdzony"}},
    {"step_access_token",
     {"The access token: header and claims", "Das Access-Token: Kopf und Angaben", "Token dostępu: nagłówek i dane"}},
    {"failed_title", {"The login did not work", "Die Anmeldung hat nicht geklappt", "Logowanie nie powiodło się"}},
    {"failed_text",
     {"Please start again. Nothing was changed.", "Bitte beginnen Sie noch einmal. Es wurde nichts verändert.",
      "Spróbuj jeszcze raz. Nic nie zostało zmienione."}},
    {"refused_text",
     {"The login was ended before it was complete.", "Die Anmeldung wurde vor dem Ende abgebrochen.",
      "Logowanie zostało przerwane przed zakończeniem."}},
    {"again", {"Start again", "Noch einmal beginnen", "Zacznij od nowa"}},
    {"not_found_title", {"There is no such page", "Diese Seite gibt es nicht", "Nie ma takiej strony"}},
    {"error_title", {"This did not work", "Das hat nicht geklappt", "Coś poszło nie tak"}},
    {"to_start", {"To the start page", "Zur Startseite", "Do strony głównej"}},
    {"inbox_title", {"Inbox of the demonstration", "Posteingang der Demonstration", "Skrzynka demonstracji"}},
    {"inbox_lead",
     {"Every mail and every SMS that the server sends arrives here and goes no further.",
      "Jede E-Mail und jede SMS, die der Server verschickt, kommt hier an und geht nicht weiter.",
      "Każdy e-mail i każdy SMS wysłany przez serwer trafia tutaj i nigdzie dalej."}},
    {"inbox_empty", {"Nothing has arrived yet.", "Noch ist nichts angekommen.", "Nic jeszcze nie nadeszło."}},
    {"email", {"E-mail", "E-Mail", "E-mail"}},
    {"sms", {"SMS", "SMS", "SMS"}},
    {"flash", {"flash", "Flash", "flash"}},
    {"binary", {"binary", "binär", "binarny"}},
    {"service", {"service message", "Dienstnachricht", "wiadomość serwisowa"}},
    {"parts", {"parts:", "Teile:", "części:"}},
    {"from", {"From", "Von", "Od"}},
    {"to", {"To", "An", "Do"}},
};

}  // namespace

std::string_view find_word(text::Language language, std::string_view key) {
  const auto* const entry =
      std::find_if(std::begin(entries), std::end(entries), [&](const Entry& e) { return e.key == key; });
  return entry == std::end(entries) ? key : entry->sentences[static_cast<std::size_t>(language)];
}

}  // namespace demo
