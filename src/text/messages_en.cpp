// Mails and short messages. A paragraph of its own that is only {link}, {code} or {password} is shown large in mails.
#include <array>

#include "text/catalogue.hpp"

namespace text {
namespace {

constexpr auto sentences = std::to_array<Sentence>({
    {"message.verify_address.subject", "Your confirmation code"},
    {"message.verify_address.text",
     "Hello {name},\n\nthis code confirms that this address is yours:\n\n{code}\n\nIt is valid for "
     "{minutes} minutes and works once. Enter it on the page where you asked for it.\n\nIf you did not "
     "ask for this, somebody may have mistyped an address. Do nothing: without the code nothing changes."},
    {"message.verify_address.sms",
     "Your code for {site}: {code} ({minutes} min). Tell it to nobody. Not asked for? Do nothing."},
    {"message.address_changed.subject", "An address of your account was changed"},
    {"message.address_changed.text",
     "Hello {name},\n\non {time} a new e-mail address or telephone number was confirmed for your account "
     "at {site}. This address no longer belongs to the account.\n\nIf you did that, all is well. If not, "
     "please tell your administrator at once: somebody may be using your account."},
    {"message.address_changed.sms",
     "{site}: on {time} your account got a new address instead of this one. Not you? Tell your "
     "administrator at once."},
    {"message.reset_link.subject", "Set a new password"},
    {"message.reset_link.text",
     "Hello {name},\n\nsomebody, probably you, said that the password of your account at {site} was "
     "forgotten. With this link you get a temporary password:\n\n{link}\n\nThe link is valid for "
     "{minutes} minutes and works once. If it cannot be clicked, copy it into the address line of your "
     "browser.\n\nIf you did not ask for this, do nothing: your password stays as it is. If it happens "
     "again, tell your administrator."},
    {"message.reset_link.sms", "New password for {site}: {link} ({minutes} min, once). Not asked for? Do nothing."},
    {"message.temporary_password.subject", "Your temporary password"},
    {"message.temporary_password.text",
     "Hello {name},\n\nthis is the temporary password of your account at {site}:\n\n{password}\n\nIt is "
     "valid until {time}. Log in with it; you will then choose a password of your own. The old password "
     "no longer works.\n\nIf you did not ask for this, please tell your administrator at once."},
    {"message.temporary_password.sms",
     "Temporary password for {site}: {password} (until {time}). Not asked for? Tell your administrator at "
     "once."},
    {"message.password_changed.subject", "Your password was changed"},
    {"message.password_changed.text",
     "Hello {name},\n\nthe password of your account at {site} was changed on {time}. All other sessions "
     "were ended.\n\nIf you did that, all is well. If not, please tell your administrator at once."},
    {"message.password_changed.sms",
     "{site}: your password was changed on {time}. Not you? Tell your administrator at once."},
    {"message.suspended.subject", "Your account is suspended"},
    {"message.suspended.text",
     "Hello {name},\n\nyour account at {site} was suspended on {time}. Nobody can log in with it, neither "
     "here nor in applications that use this login, and all sessions were ended.\n\nOnly an administrator "
     "can lift the suspension. If you did not ask for it, please contact your administrator."},
    {"message.suspended.sms",
     "{site}: your account was suspended on {time}. Only an administrator can lift this. Not you? Contact "
     "your administrator."},
    {"message.deleted.subject", "Your account was deleted"},
    {"message.deleted.text",
     "Hello {name},\n\nyour account at {site} was deleted on {time}, with all its data. This cannot be "
     "undone, not even by an administrator.\n\nThis is the last message to this address. If you did not "
     "ask for the deletion, please contact your administrator."},
    {"message.deleted.sms",
     "{site}: your account was deleted for ever on {time}. Not you? Contact your administrator."},
    {"message.expiry_reminder.subject", "Your password expires soon"},
    {"message.expiry_reminder.text",
     "Hello {name},\n\nthe password of your account at {site} expires on {time}. Days left: "
     "{days}.\n\nPlease log in and choose a new one before that. This message holds no link on purpose: "
     "open the page as you always do."},
    {"message.expiry_reminder.sms",
     "{site}: your password expires on {time} (days left: {days}). Please choose a new one before that."},
    {"message.unlocked.subject", "Your account can be used again"},
    {"message.unlocked.text",
     "Hello {name},\n\nan administrator made your account at {site} usable again on {time}. You can log "
     "in with your password.\n\nIf you know nothing of failed logins or of a suspension, please tell your "
     "administrator."},
    {"message.unlocked.sms", "{site}: your account can be used again since {time}."},
    {"message.test.subject", "Test message"},
    {"message.test.text",
     "Hello {name},\n\nthis is a test message of {site}. It was sent by its operator, and nothing needs "
     "to be done."},
    {"message.test.sms", "Test message of {site}."},
    {"message.action.open", "Open the page"},
    {"message.action.reset_link", "Get a temporary password"},
    {"message.footer",
     "This message was written automatically by {site}. Nobody will ever ask you for your password, "
     "neither by e-mail nor by telephone."},
});

}  // namespace

std::span<const Sentence> english_messages() {
  return sentences;
}

}  // namespace text
