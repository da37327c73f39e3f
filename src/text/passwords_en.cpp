// Passwords: policy, change, reset.
#include <array>

#include "text/catalogue.hpp"

namespace text {
namespace {

constexpr auto sentences = std::to_array<Sentence>({
    // menu and policy
    {"menu.security", "Password"},
    {"policy.title", "Password policy"},
    {"policy.lead", "These rules hold for passwords here."},
    {"policy.lead_own", "These rules hold for your password."},
    {"policy.more_for_some",
     "Stricter rules may hold for some groups and roles; whoever is logged in sees his own here."},
    {"policy.advice",
     "A good password is long: several words that do not belong together are easy to remember and hard to "
     "guess. Use it nowhere else."},
    {"policy.change", "Change my password"},
    {"policy.link", "Password policy"},
    // rules
    {"password_policy.min_length", "{count, plural, one {At least # character.} other {At least # characters.}}"},
    {"password_policy.min_length_with_second_factor",
     "{count, plural, one {For accounts that must use a second factor, # character is enough.} other {For "
     "accounts that must use a second factor, # characters are enough.}}"},
    {"password_policy.max_length", "{count, plural, one {At most # character.} other {At most # characters.}}"},
    {"password_policy.classes",
     "{count, plural, one {At least # of these four kinds of characters: capital letters, small letters, "
     "digits, special characters.} other {At least # of these four kinds of characters: capital letters, "
     "small letters, digits, special characters.}}"},
    {"password_policy.no_login",
     "It does not contain the login, neither forwards nor backwards, in capital or small letters."},
    {"password_policy.no_email", "It does not contain the name in your e-mail address."},
    {"password_policy.no_names", "It does not contain your given or family name."},
    {"password_policy.not_common", "It is not one of the passwords that very many people use."},
    {"password_policy.not_easily_guessed",
     "It cannot be guessed easily: no keyboard patterns, no repetitions, no single words with a number "
     "behind them."},
    {"password_policy.history",
     "{count, plural, one {It differs from the last password.} other {It differs from the last # "
     "passwords.}}"},
    {"password_policy.never_again", "A password that was used for this account before is never accepted again."},
    {"password_policy.min_age",
     "{hours, plural, one {It can be changed again after # hour.} other {It can be changed again after # "
     "hours.}}"},
    {"password_policy.max_age", "{days, plural, one {It expires after # day.} other {It expires after # days.}}"},
    {"password_policy.expired_needs_reset",
     "With an expired password nobody can log in; “I forgot my password” gives a new one."},
    {"password_policy.expired_needs_change", "An expired password must be changed at the next login."},
    {"password_policy.reminder",
     "{days, plural, one {We remind you # day before.} other {We remind you # days before.}}"},
    {"password_policy.no_expiry", "It does not expire."},
    // flaws
    {"password_flaw.not_text", "The password has characters that are no text."},
    {"password_flaw.control_character",
     "The password has characters that cannot be typed on every keyboard, such as line breaks or tabs."},
    {"password_flaw.too_short",
     "{needed, plural, one {Too short: at least # character is needed, there are {actual} so far.} other "
     "{Too short: at least # characters are needed, there are {actual} so far.}}"},
    {"password_flaw.too_long",
     "{needed, plural, one {Too long: at most # character is allowed, there are {actual}.} other {Too "
     "long: at most # characters are allowed, there are {actual}.}}"},
    {"password_flaw.too_few_classes",
     "{needed, plural, one {Too uniform: # kind of characters is needed of capital letters, small "
     "letters, digits and special characters; so far: {actual}.} other {Too uniform: # kinds of "
     "characters are needed of capital letters, small letters, digits and special characters; so far: "
     "{actual}.}}"},
    {"password_flaw.contains_login", "The password contains the login, forwards or backwards."},
    {"password_flaw.contains_email", "The password contains the name in your e-mail address."},
    {"password_flaw.contains_name", "The password contains your name."},
    {"password_flaw.used_before",
     "{count, plural, one {The password is the same as the last one.} other {The password is one of the "
     "last #.}}"},
    {"password_flaw.used_before_ever", "The password was used for this account before."},
    {"password_flaw.too_common", "Very many people use this password; it is among the first that attackers try."},
    {"password_flaw.too_easily_guessed",
     "The password can be guessed easily. More words that do not belong together make it stronger."},
    // change of the password
    {"security.title", "Change password"},
    {"security.lead", "Afterwards all your other sessions end, here and in the applications."},
    {"security.expires", "Your password expires on {expires_at}."},
    {"security.days_left", "{days, plural, =0 {It has expired.} one {# day is left.} other {# days are left.}}"},
    {"security.old", "Old password"},
    {"security.new", "New password"},
    {"security.repeat", "New password once more"},
    {"security.rules", "What the new password must be like"},
    {"security.submit", "Change password"},
    {"security.wrong_old",
     "The old password is not right, or the account is locked for some time after several failed "
     "attempts. Nothing was changed."},
    {"security.refused", "This password cannot be taken:"},
    {"security.repeat_differs", "The new password and its repetition are not the same."},
    {"security.too_early", "The password can be changed again from {time}."},
    {"security.gone",
     "The change was not confirmed in time, or the password was changed meanwhile. Please begin again."},
    {"security_confirm.title", "Really change the password?"},
    {"security_confirm.text",
     "The new password is accepted. From the change on only the new one is valid, and all your other "
     "sessions end."},
    {"security_confirm.yes", "Yes, change it"},
    {"security_confirm.no", "No, keep the old one"},
    {"security_done.title", "Your password is changed"},
    {"security_done.text", "From now on the new password is valid. All your other sessions were ended."},
    {"security_done.go_on", "To your account"},
    // forced change
    {"login_change.title", "Choose a new password"},
    {"login_change.initial", "Your password was set by an administrator. Please choose your own before you go on."},
    {"login_change.reset",
     "Your password was reset, and you logged in with a temporary one. Please choose your own before you "
     "go on."},
    {"login_change.expired", "Your password has expired. Please choose a new one before you go on."},
    {"login_change.policy",
     "The password policy has changed, and your password no longer keeps it. Please choose a new one "
     "before you go on."},
    {"login_change.old", "Password that you logged in with"},
    {"login_change.submit", "Set password and go on"},
    // forgotten password
    {"reset.title", "I forgot my password"},
    {"reset.text", "This is how you get a new password:"},
    {"reset.step_login", "Enter your login or your e-mail address here."},
    {"reset.step_link",
     "You get a link by e-mail or SMS, by the channel that is set for your account. Open it and confirm."},
    {"reset.step_password",
     "By the same channel you get a temporary password. Until you confirm, your old password stays valid."},
    {"reset.step_own", "Log in with it and choose a password of your own."},
    {"reset.sender", "Our e-mails come from {sender}, and from no other address."},
    {"reset.submit", "Send the link"},
    {"reset.administrator", "Your administrator: {administrator}"},
    {"reset.never_ask", "Nobody will ever ask you for your current password, neither by e-mail nor by telephone."},
    {"reset_sent.title", "A link was sent"},
    {"reset_sent.text",
     "If there is an account with this login, a link is on its way to its e-mail address or telephone "
     "number."},
    {"reset_sent.valid",
     "{minutes, plural, one {The link is valid for # minute and works once, in any browser.} other {The "
     "link is valid for # minutes and works once, in any browser.}}"},
    {"reset_sent.spam",
     "Nothing there after a few minutes? Please look into the folder for unwanted mail (spam), and "
     "whether your inbox is full."},
    {"reset_sent.again", "Ask once more"},
    {"reset_confirm.title", "Get a temporary password"},
    {"reset_confirm.text",
     "With the button you confirm that you forgot your password. Your old password ends then, all your "
     "sessions end, and a temporary password is sent to you the same way as this link."},
    {"reset_confirm.not_me", "You did not ask for this? Then close this page: nothing has changed."},
    {"reset_confirm.submit", "Confirm and get a temporary password"},
    {"reset_done.title", "A temporary password was sent"},
    {"reset_done.text",
     "It is on its way to you the same way as the link. Log in with it; you will then choose a password "
     "of your own."},
    {"reset_done.login", "To the login"},
    {"reset_over.title", "This link is no longer valid"},
    {"reset_over.text", "It was used already, its time is over, or it was not copied whole. Nothing was changed."},
    {"reset_over.again", "Ask for a new link"},
});

}  // namespace

std::span<const Sentence> english_passwords() {
  return sentences;
}

}  // namespace text
