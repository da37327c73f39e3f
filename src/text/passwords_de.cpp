// Passwords: policy, change, reset.
#include <array>

#include "text/catalogue.hpp"

namespace text {
namespace {

constexpr auto sentences = std::to_array<Sentence>({
    // menu and policy
    {"menu.security", "Passwort"},
    {"policy.title", "Passwortrichtlinie"},
    {"policy.lead", "Diese Regeln gelten hier für Passwörter."},
    {"policy.lead_own", "Diese Regeln gelten für Ihr Passwort."},
    {"policy.more_for_some",
     "Für einzelne Gruppen und Rollen können strengere Regeln gelten; wer angemeldet ist, sieht hier "
     "seine eigenen."},
    {"policy.advice",
     "Ein gutes Passwort ist lang: Mehrere Wörter, die nicht zusammengehören, sind leicht zu merken und "
     "schwer zu erraten. Verwenden Sie es nirgendwo sonst."},
    {"policy.change", "Mein Passwort ändern"},
    {"policy.link", "Passwortrichtlinie"},
    // rules
    {"password_policy.min_length", "{count, plural, one {Mindestens # Zeichen.} other {Mindestens # Zeichen.}}"},
    {"password_policy.min_length_with_second_factor",
     "{count, plural, one {Bei Konten, die einen zweiten Faktor verwenden müssen, genügt # Zeichen.} "
     "other {Bei Konten, die einen zweiten Faktor verwenden müssen, genügen # Zeichen.}}"},
    {"password_policy.max_length", "{count, plural, one {Höchstens # Zeichen.} other {Höchstens # Zeichen.}}"},
    {"password_policy.classes",
     "{count, plural, one {Mindestens # dieser vier Arten von Zeichen: Großbuchstaben, Kleinbuchstaben, "
     "Ziffern, Sonderzeichen.} other {Mindestens # dieser vier Arten von Zeichen: Großbuchstaben, "
     "Kleinbuchstaben, Ziffern, Sonderzeichen.}}"},
    {"password_policy.no_login",
     "Es enthält nicht den Anmeldenamen, weder vorwärts noch rückwärts, ob groß- oder kleingeschrieben."},
    {"password_policy.no_email", "Es enthält nicht den Namen aus Ihrer E-Mail-Adresse."},
    {"password_policy.no_names", "Es enthält weder Ihren Vornamen noch Ihren Nachnamen."},
    {"password_policy.not_common", "Es gehört nicht zu den Passwörtern, die sehr viele Menschen verwenden."},
    {"password_policy.not_easily_guessed",
     "Es lässt sich nicht leicht erraten: keine Tastaturmuster, keine Wiederholungen, keine einzelnen "
     "Wörter mit angehängter Zahl."},
    {"password_policy.history",
     "{count, plural, one {Es unterscheidet sich vom letzten Passwort.} other {Es unterscheidet sich von "
     "den letzten # Passwörtern.}}"},
    {"password_policy.never_again",
     "Ein Passwort, das für dieses Konto schon einmal galt, wird nie wieder angenommen."},
    {"password_policy.min_age",
     "{hours, plural, one {Es kann nach # Stunde wieder geändert werden.} other {Es kann nach # Stunden "
     "wieder geändert werden.}}"},
    {"password_policy.max_age", "{days, plural, one {Es läuft nach # Tag ab.} other {Es läuft nach # Tagen ab.}}"},
    {"password_policy.expired_needs_reset",
     "Mit einem abgelaufenen Passwort ist keine Anmeldung möglich; „Passwort vergessen“ verhilft zu einem "
     "neuen."},
    {"password_policy.expired_needs_change",
     "Ein abgelaufenes Passwort muss bei der nächsten Anmeldung geändert werden."},
    {"password_policy.reminder",
     "{days, plural, one {Wir erinnern Sie # Tag vorher.} other {Wir erinnern Sie # Tage vorher.}}"},
    {"password_policy.no_expiry", "Es läuft nicht ab."},
    // flaws
    {"password_flaw.not_text", "Das Passwort enthält Zeichen, die kein Text sind."},
    {"password_flaw.control_character",
     "Das Passwort enthält Zeichen, die sich nicht auf jeder Tastatur eingeben lassen, etwa "
     "Zeilenumbrüche oder Tabulatoren."},
    {"password_flaw.too_short",
     "{needed, plural, one {Zu kurz: Nötig ist mindestens # Zeichen, bisher sind es {actual}.} other {Zu "
     "kurz: Nötig sind mindestens # Zeichen, bisher sind es {actual}.}}"},
    {"password_flaw.too_long",
     "{needed, plural, one {Zu lang: Erlaubt ist höchstens # Zeichen, es sind {actual}.} other {Zu lang: "
     "Erlaubt sind höchstens # Zeichen, es sind {actual}.}}"},
    {"password_flaw.too_few_classes",
     "{needed, plural, one {Zu einförmig: Nötig ist # Zeichenart aus Großbuchstaben, Kleinbuchstaben, "
     "Ziffern und Sonderzeichen; bisher: {actual}.} other {Zu einförmig: Nötig sind # Zeichenarten "
     "aus Großbuchstaben, Kleinbuchstaben, Ziffern und Sonderzeichen; bisher: {actual}.}}"},
    {"password_flaw.contains_login", "Das Passwort enthält den Anmeldenamen, vorwärts oder rückwärts."},
    {"password_flaw.contains_email", "Das Passwort enthält den Namen aus Ihrer E-Mail-Adresse."},
    {"password_flaw.contains_name", "Das Passwort enthält Ihren Namen."},
    {"password_flaw.used_before",
     "{count, plural, one {Das Passwort ist dasselbe wie das letzte.} other {Das Passwort gehört zu den "
     "letzten #.}}"},
    {"password_flaw.used_before_ever", "Das Passwort galt für dieses Konto schon einmal."},
    {"password_flaw.too_common",
     "Dieses Passwort verwenden sehr viele Menschen; Angreifer versuchen es als eines der ersten."},
    {"password_flaw.too_easily_guessed",
     "Das Passwort lässt sich leicht erraten. Weitere Wörter, die nicht zusammengehören, machen es "
     "stärker."},
    // change of the password
    {"security.title", "Passwort ändern"},
    {"security.lead", "Danach enden alle Ihre anderen Sitzungen, hier und in den Anwendungen."},
    {"security.expires", "Ihr Passwort läuft am {expires_at} ab."},
    {"security.days_left", "{days, plural, =0 {Es ist abgelaufen.} one {Noch # Tag.} other {Noch # Tage.}}"},
    {"security.old", "Altes Passwort"},
    {"security.new", "Neues Passwort"},
    {"security.repeat", "Neues Passwort wiederholen"},
    {"security.rules", "Wie das neue Passwort sein muss"},
    {"security.submit", "Passwort ändern"},
    {"security.wrong_old",
     "Das alte Passwort ist nicht richtig, oder das Konto ist nach mehreren Fehlversuchen für einige Zeit "
     "gesperrt. Es wurde nichts geändert."},
    {"security.refused", "Dieses Passwort kann nicht angenommen werden:"},
    {"security.repeat_differs", "Das neue Passwort und seine Wiederholung stimmen nicht überein."},
    {"security.too_early", "Das Passwort kann ab {time} wieder geändert werden."},
    {"security.gone",
     "Die Änderung wurde nicht rechtzeitig bestätigt, oder das Passwort wurde inzwischen geändert. Bitte "
     "beginnen Sie von vorn."},
    {"security_confirm.title", "Passwort wirklich ändern?"},
    {"security_confirm.text",
     "Das neue Passwort ist in Ordnung. Ab der Änderung gilt nur noch das neue, und alle Ihre anderen "
     "Sitzungen enden."},
    {"security_confirm.yes", "Ja, ändern"},
    {"security_confirm.no", "Nein, das alte behalten"},
    {"security_done.title", "Ihr Passwort ist geändert"},
    {"security_done.text", "Ab jetzt gilt das neue Passwort. Alle Ihre anderen Sitzungen wurden beendet."},
    {"security_done.go_on", "Zu Ihrem Konto"},
    // forced change
    {"login_change.title", "Neues Passwort wählen"},
    {"login_change.initial",
     "Ihr Passwort wurde von der Administration vergeben. Bitte wählen Sie ein eigenes, bevor es "
     "weitergeht."},
    {"login_change.reset",
     "Ihr Passwort wurde zurückgesetzt, und Sie haben sich mit einem vorläufigen angemeldet. Bitte wählen "
     "Sie ein eigenes, bevor es weitergeht."},
    {"login_change.expired", "Ihr Passwort ist abgelaufen. Bitte wählen Sie ein neues, bevor es weitergeht."},
    {"login_change.policy",
     "Die Passwortrichtlinie hat sich geändert, und Ihr Passwort entspricht ihr nicht mehr. Bitte wählen "
     "Sie ein neues, bevor es weitergeht."},
    {"login_change.old", "Passwort, mit dem Sie sich angemeldet haben"},
    {"login_change.submit", "Passwort setzen und weiter"},
    // forgotten password
    {"reset.title", "Passwort vergessen"},
    {"reset.text", "So erhalten Sie ein neues Passwort:"},
    {"reset.step_login", "Geben Sie hier Ihren Anmeldenamen oder Ihre E-Mail-Adresse ein."},
    {"reset.step_link",
     "Sie erhalten einen Link per E-Mail oder SMS, je nachdem, was für Ihr Konto eingestellt ist. Öffnen "
     "Sie ihn und bestätigen Sie."},
    {"reset.step_password",
     "Auf demselben Weg erhalten Sie ein vorläufiges Passwort. Bis zur Bestätigung gilt Ihr altes Passwort "
     "weiter."},
    {"reset.step_own", "Melden Sie sich damit an und wählen Sie ein eigenes Passwort."},
    {"reset.sender", "Unsere E-Mails kommen von {sender} und von keiner anderen Adresse."},
    {"reset.submit", "Link senden"},
    {"reset.administrator", "Ihre Administration: {administrator}"},
    {"reset.never_ask",
     "Niemand wird Sie jemals nach Ihrem aktuellen Passwort fragen, weder per E-Mail noch am Telefon."},
    {"reset_sent.title", "Ein Link wurde gesendet"},
    {"reset_sent.text",
     "Wenn es ein Konto mit diesem Anmeldenamen gibt, ist ein Link an dessen E-Mail-Adresse oder "
     "Telefonnummer unterwegs."},
    {"reset_sent.valid",
     "{minutes, plural, one {Der Link ist # Minute gültig und funktioniert einmal, in jedem Browser.} "
     "other {Der Link ist # Minuten gültig und funktioniert einmal, in jedem Browser.}}"},
    {"reset_sent.spam",
     "Nach einigen Minuten noch nichts da? Bitte sehen Sie im Ordner für unerwünschte E-Mails (Spam) "
     "nach, und prüfen Sie, ob Ihr Postfach voll ist."},
    {"reset_sent.again", "Noch einmal anfordern"},
    {"reset_confirm.title", "Vorläufiges Passwort anfordern"},
    {"reset_confirm.text",
     "Mit der Schaltfläche bestätigen Sie, dass Sie Ihr Passwort vergessen haben. Dann endet Ihr altes "
     "Passwort, alle Ihre Sitzungen enden, und ein vorläufiges Passwort wird Ihnen auf demselben Weg "
     "zugesandt wie dieser Link."},
    {"reset_confirm.not_me",
     "Sie haben das nicht angefordert? Dann schließen Sie diese Seite: Es hat sich nichts geändert."},
    {"reset_confirm.submit", "Bestätigen und vorläufiges Passwort erhalten"},
    {"reset_done.title", "Ein vorläufiges Passwort wurde gesendet"},
    {"reset_done.text",
     "Es ist auf demselben Weg wie der Link zu Ihnen unterwegs. Melden Sie sich damit an; danach wählen "
     "Sie ein eigenes Passwort."},
    {"reset_done.login", "Zur Anmeldung"},
    {"reset_over.title", "Dieser Link ist nicht mehr gültig"},
    {"reset_over.text",
     "Er wurde schon verwendet, seine Zeit ist abgelaufen, oder er wurde nicht vollständig kopiert. Es "
     "wurde nichts geändert."},
    {"reset_over.again", "Neuen Link anfordern"},
});

}  // namespace

std::span<const Sentence> german_passwords() {
  return sentences;
}

}  // namespace text
