#include <array>

#include "text/catalogue.hpp"

namespace text {
namespace {

constexpr auto sentences = std::to_array<Sentence>({
    {"message.verify_address.subject", "Ihr Bestätigungscode"},
    {"message.verify_address.text",
     "Guten Tag {name},\n\ndieser Code bestätigt, dass diese Adresse Ihnen gehört:\n\n{code}\n\nEr gilt "
     "{minutes} Minuten und nur einmal. Geben Sie ihn auf der Seite ein, auf der Sie ihn angefordert "
     "haben.\n\nWenn Sie das nicht waren, hat sich vielleicht jemand vertippt. Tun Sie nichts: Ohne den "
     "Code ändert sich nichts."},
    {"message.verify_address.sms",
     "Ihr Code für {site}: {code} ({minutes} Min.). Nennen Sie ihn niemandem. Nicht angefordert? Tun Sie "
     "nichts."},
    {"message.address_changed.subject", "Eine Adresse Ihres Kontos wurde geändert"},
    {"message.address_changed.text",
     "Guten Tag {name},\n\nam {time} wurde für Ihr Konto bei {site} eine neue E-Mail-Adresse oder "
     "Telefonnummer bestätigt. Diese Adresse gehört nicht mehr zu dem Konto.\n\nWenn Sie das waren, ist "
     "alles in Ordnung. Wenn nicht, wenden Sie sich bitte sofort an Ihre Administration: Vielleicht "
     "benutzt jemand anderes Ihr Konto."},
    {"message.address_changed.sms",
     "{site}: Am {time} hat Ihr Konto statt dieser eine neue Adresse bekommen. Nicht Sie? Wenden Sie sich "
     "sofort an Ihre Administration."},
    {"message.reset_link.subject", "Neues Passwort"},
    {"message.reset_link.text",
     "Guten Tag {name},\n\njemand, vermutlich Sie, hat angegeben, das Passwort Ihres Kontos bei {site} "
     "vergessen zu haben. Mit diesem Link erhalten Sie ein vorläufiges Passwort:\n\n{link}\n\nDer Link "
     "gilt {minutes} Minuten und nur einmal. Wenn er sich nicht anklicken lässt, kopieren Sie ihn in die "
     "Adresszeile Ihres Browsers.\n\nWenn Sie das nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie "
     "es ist. Geschieht es wieder, wenden Sie sich an Ihre Administration."},
    {"message.reset_link.sms",
     "Neues Passwort für {site}: {link} ({minutes} Min., einmal). Nicht angefordert? Tun Sie nichts."},
    {"message.temporary_password.subject", "Ihr vorläufiges Passwort"},
    {"message.temporary_password.text",
     "Guten Tag {name},\n\ndas ist das vorläufige Passwort Ihres Kontos bei {site}:\n\n{password}\n\nEs "
     "gilt bis {time}. Melden Sie sich damit an; danach wählen Sie ein eigenes Passwort. Das alte "
     "Passwort gilt nicht mehr.\n\nWenn Sie das nicht angefordert haben, wenden Sie sich bitte sofort an "
     "Ihre Administration."},
    {"message.temporary_password.sms",
     "Vorläufiges Passwort für {site}: {password} (bis {time}). Nicht angefordert? Wenden Sie sich sofort "
     "an Ihre Administration."},
    {"message.password_changed.subject", "Ihr Passwort wurde geändert"},
    {"message.password_changed.text",
     "Guten Tag {name},\n\ndas Passwort Ihres Kontos bei {site} wurde am {time} geändert. Alle anderen "
     "Sitzungen wurden beendet.\n\nWenn Sie das waren, ist alles in Ordnung. Wenn nicht, wenden Sie sich "
     "bitte sofort an Ihre Administration."},
    {"message.password_changed.sms",
     "{site}: Ihr Passwort wurde am {time} geändert. Nicht Sie? Wenden Sie sich sofort an Ihre "
     "Administration."},
    {"message.suspended.subject", "Ihr Konto ist stillgelegt"},
    {"message.suspended.text",
     "Guten Tag {name},\n\nIhr Konto bei {site} wurde am {time} stillgelegt. Niemand kann sich damit "
     "anmelden, weder hier noch in Anwendungen, die diese Anmeldung nutzen; alle Sitzungen wurden "
     "beendet.\n\nNur eine Administratorin oder ein Administrator kann das aufheben. Wenn Sie das nicht "
     "veranlasst haben, wenden Sie sich bitte an Ihre Administration."},
    {"message.suspended.sms",
     "{site}: Ihr Konto wurde am {time} stillgelegt. Nur die Administration kann das aufheben. Nicht Sie? "
     "Wenden Sie sich an sie."},
    {"message.deleted.subject", "Ihr Konto wurde gelöscht"},
    {"message.deleted.text",
     "Guten Tag {name},\n\nIhr Konto bei {site} wurde am {time} mit allen seinen Daten gelöscht. Das kann "
     "niemand rückgängig machen, auch nicht die Administration.\n\nDies ist die letzte Nachricht an diese "
     "Adresse. Wenn Sie die Löschung nicht veranlasst haben, wenden Sie sich bitte an Ihre "
     "Administration."},
    {"message.deleted.sms",
     "{site}: Ihr Konto wurde am {time} endgültig gelöscht. Nicht Sie? Wenden Sie sich an Ihre "
     "Administration."},
    {"message.expiry_reminder.subject", "Ihr Passwort läuft bald ab"},
    {"message.expiry_reminder.text",
     "Guten Tag {name},\n\ndas Passwort Ihres Kontos bei {site} läuft am {time} ab. Verbleibende Tage: "
     "{days}.\n\nBitte melden Sie sich vorher an und wählen Sie ein neues. Diese Nachricht enthält "
     "absichtlich keinen Link: Öffnen Sie die Seite wie gewohnt."},
    {"message.expiry_reminder.sms",
     "{site}: Ihr Passwort läuft am {time} ab (Tage bis dahin: {days}). Bitte wählen Sie vorher ein "
     "neues."},
    {"message.unlocked.subject", "Ihr Konto ist wieder frei"},
    {"message.unlocked.text",
     "Guten Tag {name},\n\nIhr Konto bei {site} wurde am {time} von der Administration wieder "
     "freigegeben. Sie können sich mit Ihrem Passwort anmelden.\n\nWenn Sie von fehlgeschlagenen "
     "Anmeldungen oder einer Sperre nichts wissen, sagen Sie es bitte Ihrer Administration."},
    {"message.unlocked.sms", "{site}: Ihr Konto ist seit {time} wieder frei."},
    {"message.test.subject", "Testnachricht"},
    {"message.test.text",
     "Guten Tag {name},\n\ndas ist eine Testnachricht von {site}. Sie wurde vom Betreiber verschickt; es "
     "ist nichts zu tun."},
    {"message.test.sms", "Testnachricht von {site}."},
    {"message.action.open", "Seite öffnen"},
    {"message.action.reset_link", "Vorläufiges Passwort anfordern"},
    {"message.footer",
     "Diese Nachricht wurde automatisch von {site} geschrieben. Niemand wird Sie je nach Ihrem Passwort "
     "fragen, weder per E-Mail noch am Telefon."},
});

}  // namespace

std::span<const Sentence> german_messages() {
  return sentences;
}

}  // namespace text
