// Passwords: policy, change, reset.
#include <array>

#include "text/catalogue.hpp"

namespace text {
namespace {

constexpr auto sentences = std::to_array<Sentence>({
    // menu and policy
    {"menu.security", "Hasło"},
    {"policy.title", "Zasady dotyczące haseł"},
    {"policy.lead", "Te zasady dotyczą haseł w tym systemie."},
    {"policy.lead_own", "Te zasady dotyczą Twojego hasła."},
    {"policy.more_for_some",
     "Niektóre grupy i role mogą podlegać surowszym zasadom; po zalogowaniu widać tu zasady własnego "
     "konta."},
    {"policy.advice",
     "Dobre hasło jest długie: kilka niepowiązanych ze sobą słów łatwo zapamiętać, a trudno odgadnąć. Nie "
     "należy go używać nigdzie indziej."},
    {"policy.change", "Zmień moje hasło"},
    {"policy.link", "Zasady dotyczące haseł"},
    // rules
    {"password_policy.min_length",
     "{count, plural, one {Co najmniej # znak.} few {Co najmniej # znaki.} many {Co najmniej # znaków.} "
     "other {Co najmniej # znaku.}}"},
    {"password_policy.min_length_with_second_factor",
     "{count, plural, one {Na kontach z obowiązkowym drugim składnikiem wystarczy # znak.} few {Na "
     "kontach z obowiązkowym drugim składnikiem wystarczą # znaki.} many {Na kontach z obowiązkowym "
     "drugim składnikiem wystarczy # znaków.} other {Na kontach z obowiązkowym drugim składnikiem "
     "wystarczy # znaku.}}"},
    {"password_policy.max_length",
     "{count, plural, one {Najwyżej # znak.} few {Najwyżej # znaki.} many {Najwyżej # znaków.} other "
     "{Najwyżej # znaku.}}"},
    {"password_policy.classes",
     "{count, plural, one {Co najmniej # z czterech rodzajów znaków: wielkie litery, małe litery, cyfry, "
     "znaki specjalne.} few {Co najmniej # z czterech rodzajów znaków: wielkie litery, małe litery, "
     "cyfry, znaki specjalne.} many {Co najmniej # z czterech rodzajów znaków: wielkie litery, małe "
     "litery, cyfry, znaki specjalne.} other {Co najmniej # z czterech rodzajów znaków: wielkie litery, "
     "małe litery, cyfry, znaki specjalne.}}"},
    {"password_policy.no_login", "Nie zawiera loginu – ani wprost, ani wspak, bez względu na wielkość liter."},
    {"password_policy.no_email", "Nie zawiera nazwy z adresu e-mail."},
    {"password_policy.no_names", "Nie zawiera imienia ani nazwiska."},
    {"password_policy.not_common", "Nie należy do haseł używanych przez bardzo wiele osób."},
    {"password_policy.not_easily_guessed",
     "Nie daje się łatwo odgadnąć: żadnych wzorów z klawiatury, powtórzeń ani pojedynczych słów z "
     "dopisaną liczbą."},
    {"password_policy.history",
     "{count, plural, one {Różni się od ostatniego hasła.} few {Różni się od # ostatnich haseł.} many "
     "{Różni się od # ostatnich haseł.} other {Różni się od # ostatnich haseł.}}"},
    {"password_policy.never_again",
     "Hasło, które kiedykolwiek obowiązywało na tym koncie, nie może być użyte ponownie."},
    {"password_policy.min_age",
     "{hours, plural, one {Ponowna zmiana jest możliwa po # godzinie.} few {Ponowna zmiana jest możliwa "
     "po # godzinach.} many {Ponowna zmiana jest możliwa po # godzinach.} other {Ponowna zmiana jest "
     "możliwa po # godziny.}}"},
    {"password_policy.max_age",
     "{days, plural, one {Wygasa po # dniu.} few {Wygasa po # dniach.} many {Wygasa po # dniach.} other "
     "{Wygasa po # dnia.}}"},
    {"password_policy.expired_needs_reset",
     "Po wygaśnięciu hasła zalogowanie nie jest możliwe; nowe hasło można uzyskać przez „Nie pamiętam "
     "hasła”."},
    {"password_policy.expired_needs_change", "Hasło, które wygasło, trzeba zmienić przy następnym logowaniu."},
    {"password_policy.reminder",
     "{days, plural, one {Przypomnienie zostanie wysłane # dzień wcześniej.} few {Przypomnienie zostanie "
     "wysłane # dni wcześniej.} many {Przypomnienie zostanie wysłane # dni wcześniej.} other "
     "{Przypomnienie zostanie wysłane # dnia wcześniej.}}"},
    {"password_policy.no_expiry", "Hasło nie wygasa."},
    // flaws
    {"password_flaw.not_text", "Hasło zawiera znaki, które nie są tekstem."},
    {"password_flaw.control_character",
     "Hasło zawiera znaki, których nie da się wpisać na każdej klawiaturze, np. znak nowego wiersza lub "
     "tabulator."},
    {"password_flaw.too_short",
     "{needed, plural, one {Za krótkie: potrzebny jest co najmniej # znak, obecnie jest {actual}.} few "
     "{Za krótkie: potrzebne są co najmniej # znaki, obecnie jest {actual}.} many {Za krótkie: potrzeba "
     "co najmniej # znaków, obecnie jest {actual}.} other {Za krótkie: potrzeba co najmniej # znaku, "
     "obecnie jest {actual}.}}"},
    {"password_flaw.too_long",
     "{needed, plural, one {Za długie: dozwolony jest najwyżej # znak, a jest {actual}.} few {Za długie: "
     "dozwolone są najwyżej # znaki, a jest {actual}.} many {Za długie: dozwolonych jest najwyżej # "
     "znaków, a jest {actual}.} other {Za długie: dozwolone jest najwyżej # znaku, a jest {actual}.}}"},
    {"password_flaw.too_few_classes",
     "{needed, plural, one {Zbyt jednolite: potrzebny jest # rodzaj znaków spośród: wielkie litery, małe "
     "litery, cyfry, znaki specjalne; obecnie: {actual}.} few {Zbyt jednolite: potrzebne są # rodzaje "
     "znaków spośród: wielkie litery, małe litery, cyfry, znaki specjalne; obecnie: {actual}.} many {Zbyt "
     "jednolite: potrzeba # rodzajów znaków spośród: wielkie litery, małe litery, cyfry, znaki specjalne; "
     "obecnie: {actual}.} other {Zbyt jednolite: potrzeba # rodzaju znaków spośród: wielkie litery, małe "
     "litery, cyfry, znaki specjalne; obecnie: {actual}.}}"},
    {"password_flaw.contains_login", "Hasło zawiera login – wprost lub wspak."},
    {"password_flaw.contains_email", "Hasło zawiera nazwę z adresu e-mail."},
    {"password_flaw.contains_name", "Hasło zawiera imię lub nazwisko."},
    {"password_flaw.used_before",
     "{count, plural, one {Hasło jest takie samo jak ostatnie.} few {Hasło jest jednym z # ostatnich.} "
     "many {Hasło jest jednym z # ostatnich.} other {Hasło jest jednym z # ostatnich.}}"},
    {"password_flaw.used_before_ever", "To hasło było już używane na tym koncie."},
    {"password_flaw.too_common", "Tego hasła używa bardzo wiele osób; atakujący próbują go w pierwszej kolejności."},
    {"password_flaw.too_easily_guessed",
     "Hasło można łatwo odgadnąć. Wzmocnią je kolejne, niepowiązane ze sobą słowa."},
    // change of the password
    {"security.title", "Zmiana hasła"},
    {"security.lead", "Po zmianie zakończą się wszystkie inne sesje – tutaj i w aplikacjach."},
    {"security.expires", "Hasło wygasa {expires_at}."},
    {"security.days_left",
     "{days, plural, =0 {Hasło wygasło.} one {Pozostał # dzień.} few {Pozostały # dni.} many {Pozostało # "
     "dni.} other {Pozostało # dnia.}}"},
    {"security.old", "Stare hasło"},
    {"security.new", "Nowe hasło"},
    {"security.repeat", "Powtórz nowe hasło"},
    {"security.rules", "Jakie musi być nowe hasło"},
    {"security.submit", "Zmień hasło"},
    {"security.wrong_old",
     "Stare hasło jest nieprawidłowe albo konto jest czasowo zablokowane po kilku nieudanych próbach. "
     "Niczego nie zmieniono."},
    {"security.refused", "To hasło nie może zostać przyjęte:"},
    {"security.repeat_differs", "Nowe hasło i jego powtórzenie różnią się."},
    {"security.too_early", "Ponowna zmiana hasła jest możliwa od {time}."},
    {"security.gone",
     "Zmiana nie została potwierdzona na czas albo hasło zmieniono w międzyczasie. Prosimy zacząć od "
     "nowa."},
    {"security_confirm.title", "Czy na pewno zmienić hasło?"},
    {"security_confirm.text",
     "Nowe hasło spełnia zasady. Po zmianie obowiązuje tylko nowe hasło, a wszystkie inne sesje zostaną "
     "zakończone."},
    {"security_confirm.yes", "Tak, zmień"},
    {"security_confirm.no", "Nie, zostaw stare"},
    {"security_done.title", "Hasło zostało zmienione"},
    {"security_done.text", "Od teraz obowiązuje nowe hasło. Wszystkie inne sesje zostały zakończone."},
    {"security_done.go_on", "Przejdź do konta"},
    // forced change
    {"login_change.title", "Wybór nowego hasła"},
    {"login_change.initial",
     "Hasło zostało nadane przez administratora. Przed przejściem dalej prosimy wybrać własne."},
    {"login_change.reset",
     "Hasło zostało zresetowane, a logowanie nastąpiło hasłem tymczasowym. Przed przejściem dalej prosimy "
     "wybrać własne."},
    {"login_change.expired", "Hasło wygasło. Przed przejściem dalej prosimy wybrać nowe."},
    {"login_change.policy",
     "Zasady dotyczące haseł uległy zmianie i obecne hasło już ich nie spełnia. Przed przejściem dalej "
     "prosimy wybrać nowe."},
    {"login_change.old", "Hasło użyte do logowania"},
    {"login_change.submit", "Ustaw hasło i przejdź dalej"},
    // forgotten password
    {"reset.title", "Nie pamiętam hasła"},
    {"reset.text", "Nowe hasło można uzyskać w następujący sposób:"},
    {"reset.step_login", "Prosimy podać tutaj login lub adres e-mail."},
    {"reset.step_link",
     "E-mailem lub SMS-em – zależnie od ustawień konta – przyjdzie odnośnik. Należy go otworzyć i "
     "potwierdzić."},
    {"reset.step_password",
     "Tą samą drogą przyjdzie hasło tymczasowe. Do chwili potwierdzenia obowiązuje stare hasło."},
    {"reset.step_own", "Po zalogowaniu hasłem tymczasowym należy wybrać własne."},
    {"reset.sender", "Nasze wiadomości e-mail przychodzą z adresu {sender} i z żadnego innego."},
    {"reset.submit", "Wyślij odnośnik"},
    {"reset.administrator", "Kontakt do administratora: {administrator}"},
    {"reset.never_ask", "Nikt nigdy nie poprosi o podanie obecnego hasła – ani e-mailem, ani przez telefon."},
    {"reset_sent.title", "Odnośnik został wysłany"},
    {"reset_sent.text",
     "Jeżeli istnieje konto o podanym loginie, odnośnik jest już w drodze na jego adres e-mail lub numer "
     "telefonu."},
    {"reset_sent.valid",
     "{minutes, plural, one {Odnośnik jest ważny # minutę i działa jeden raz, w dowolnej przeglądarce.} "
     "few {Odnośnik jest ważny # minuty i działa jeden raz, w dowolnej przeglądarce.} many {Odnośnik jest "
     "ważny # minut i działa jeden raz, w dowolnej przeglądarce.} other {Odnośnik jest ważny # minuty i "
     "działa jeden raz, w dowolnej przeglądarce.}}"},
    {"reset_sent.spam",
     "Po kilku minutach nic nie przyszło? Prosimy sprawdzić folder z niechcianą pocztą (spam) oraz to, "
     "czy skrzynka nie jest pełna."},
    {"reset_sent.again", "Poproś ponownie"},
    {"reset_confirm.title", "Hasło tymczasowe"},
    {"reset_confirm.text",
     "Przyciskiem potwierdzasz, że hasło zostało zapomniane. Stare hasło straci wtedy ważność, "
     "wszystkie sesje zostaną zakończone, a hasło tymczasowe zostanie wysłane tą samą drogą co ten "
     "odnośnik."},
    {"reset_confirm.not_me", "To nie Twoja prośba? Prosimy zamknąć tę stronę: nic się nie zmieniło."},
    {"reset_confirm.submit", "Potwierdź i odbierz hasło tymczasowe"},
    {"reset_done.title", "Hasło tymczasowe zostało wysłane"},
    {"reset_done.text", "Jest już w drodze – tak samo jak odnośnik. Po zalogowaniu nim należy wybrać własne hasło."},
    {"reset_done.login", "Przejdź do logowania"},
    {"reset_over.title", "Ten odnośnik jest już nieważny"},
    {"reset_over.text",
     "Został już użyty, upłynął jego czas albo nie został skopiowany w całości. Niczego nie zmieniono."},
    {"reset_over.again", "Poproś o nowy odnośnik"},
});

}  // namespace

std::span<const Sentence> polish_passwords() {
  return sentences;
}

}  // namespace text
