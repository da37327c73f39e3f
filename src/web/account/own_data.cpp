// "My data" (S4.12, S4.13, S2.5): every datum is one row; employees open the form of a row and change it, other
// accounts only look. A form has one field, or two that belong together; a client may also send several fields at once.
// If something is wrong, the row stays open with what was typed, but not the password.
#include "flow/account/own_data.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "flow/account/verify_address.hpp"
#include "flow/house/site_country.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/certificate_handoff.hpp"
#include "flow/proof/prove_again.hpp"
#include "identity/identifier/phone_plan.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/data";
constexpr std::string_view after_language = "/account/data?said=saved&field=locale";
constexpr int status_of_refusal = 422;
constexpr const char* proof_of_certificate = "password-certificate";  // the field of the form that adds one

/// The rows that have a form, in the order of the page; each is also the name of its field.
constexpr std::array<std::string_view, 6> changeable{"login",         "email",        "phone", "preferred_channel",
                                                     "epuap_account", "epuap_profile"};

/// What is wrong, and the id of the element that it is about.
struct Flaw {
  std::string field;
  std::string sentence;
};

struct Shown {
  std::vector<Flaw> flaws;
  bool typed = false;  // the form shows what the person typed
  int status = 200;
};

bool is_changeable(std::string_view row) {
  return std::find(changeable.begin(), changeable.end(), row) != changeable.end();
}

/// The row in which an element is: "code-phone" and "password-phone" are in the row "phone".
std::string_view row_of(std::string_view field) {
  if (field == "redirect_to_main") return "email";
  for (const std::string_view prefix : {"code-", "password-"}) {
    if (field.starts_with(prefix)) return field.substr(prefix.size());
  }
  return field;
}

std::string shown_address(const flow::Address& address) {
  return address.pending.empty() ? address.display : address.pending;
}

const flow::Address* find_address(const flow::OwnData& data, std::string_view row) {
  if (row == "email") return &data.email;
  return row == "phone" ? &data.phone : nullptr;
}

/// The channel that messages take: the one that the person has chosen, else a verified one, else the one that there is.
std::string find_channel(const flow::OwnData& data) {
  const identity::Account& account = data.account;
  if (!account.preferred_channel.empty()) return account.preferred_channel;
  if (account.email_verified) return "email";
  if (account.phone_verified) return "sms";
  if (!account.email.empty()) return "email";
  return account.phone.empty() ? std::string() : "sms";
}

/// What is stored, as the field of the form shows it.
std::string stored_value(const flow::OwnData& data, std::string_view row) {
  if (const flow::Address* address = find_address(data, row)) return shown_address(*address);
  if (row == "login") return data.account.login;
  if (row == "preferred_channel") return find_channel(data);
  return row == "epuap_account" ? data.epuap_account : data.epuap_profile;
}

std::string say_channel(const Visit& visit, const std::string& channel) {
  return visit.say("own.channel." + (channel.empty() ? "none" : channel));
}

std::string name_of_row(const Visit& visit, std::string_view row) {
  return visit.say(row == "preferred_channel" ? "own.channel" : "identifier." + std::string(row) + ".name");
}

/// "14:32:10": a wait of a minute needs the seconds.
std::string say_second(const Visit& visit, base::Time at) {
  const auto second = std::chrono::duration_cast<std::chrono::seconds>(at.time_since_epoch()).count() % 60;
  return text::format_clock(visit.language, at, visit.house.settings.site.time_zone) + (second < 10 ? ":0" : ":") +
         std::to_string(second);
}

std::string say_wait(const Visit& visit, const flow::Address& address) {
  return visit.say("own.again", {{"time", say_second(visit, address.again_at)}});
}

/// The common name of a distinguished name (RFC 2253), the whole one if it has none: who the certificate is about, in a
/// line.
std::string find_common_name(const std::string& name) {
  constexpr std::string_view mark = "CN=";
  std::size_t at = name.starts_with(mark) ? 0 : name.find(",CN=");
  if (at == std::string::npos) return name;
  at += at == 0 ? mark.size() : mark.size() + 1;
  std::string found;
  for (; at < name.size() && name[at] != ',' && name[at] != '+'; ++at) {
    if (name[at] == '\\' && at + 1 < name.size()) ++at;
    found.push_back(name[at]);
  }
  return found;
}

/// One page as it is made: what is stored, and what the request has done or typed.
class OwnDataPage {
 public:
  OwnDataPage(const Visit& visit, const flow::OwnData& data, const Shown& shown)
      : visit_(visit), data_(data), shown_(shown) {
    said_ = visit.query.get("said");
    said_of_ = visit.query.get("field");
    asked_ = visit.query.get("change");
  }

  void fill(View& view) {
    add_flaws(view);
    add_person(view);
    add_rows(view, "reach", std::array<std::string_view, 4>{"login", "email", "phone", "preferred_channel"});
    add_rows(view, "technical", std::array<std::string_view, 2>{"epuap_account", "epuap_profile"});
    view.text("number", data_.account.id.to_string()).flag("technical_open", opens_technical_);
    add_language(view);
    add_stored(view);
    add_certificates(view);
    if (!has_said_) add_said(view);
  }

 private:
  /// Several rows are wrong only if a client has sent several fields; then a list leads to each.
  void add_flaws(View& view) {
    const auto is_other = [&](const Flaw& flaw) {
      return row_of(flaw.field) != row_of(shown_.flaws.front().field) || !is_changeable(row_of(flaw.field));
    };
    const bool lists = std::any_of(shown_.flaws.begin(), shown_.flaws.end(), is_other);
    view.flag("flawed", lists);
    if (lists) focus_ = "flaws";
    for (const Flaw& flaw : shown_.flaws) {
      if (lists) view.add("flaws").text("href", "#" + flaw.field).text("sentence", flaw.sentence);
    }
  }

  void add_person(View& view) {
    const identity::Account& account = data_.account;
    std::string name = account.given_name;
    name.append(name.empty() || account.family_name.empty() ? "" : " ").append(account.family_name);
    const bool is_person = identity::is_human(account.kind) || !name.empty();
    if (!is_person) name = account.organisation;
    view.text("name", name.empty() ? visit_.say("own.none_given") : name);
    if (is_person && !account.organisation.empty()) {
      view.add("fixed").text("label", visit_.say("accounts.organisation")).text("value", account.organisation);
    }
    for (const auto& one : data_.fixed) {
      view.add("fixed").text("label", name_of_row(visit_, one.type)).text("value", one.display);
    }
  }

  template <std::size_t N>
  void add_rows(View& view, std::string_view list, const std::array<std::string_view, N>& rows) {
    for (const std::string_view row : rows) {
      View& item = view.add(list);
      add_row(item, row);
    }
  }

  void add_row(View& item, std::string_view row) {
    const std::string name(row);
    item.text("row", name).text("label", name_of_row(visit_, row));
    const flow::Address* address = find_address(data_, row);
    std::string value = address != nullptr ? address->display : stored_value(data_, row);
    if (row == "preferred_channel") value = say_channel(visit_, value);
    item.flag("empty", value.empty()).text("value", value);
    if (address != nullptr && !address->display.empty()) {
      item.flag("verified", address->verified).flag("unverified", !address->verified && !address->given);
      item.flag("given", address->given);
    }
    if (said_of_ == row && shown_.flaws.empty()) add_said_of(item, row);
    if (address != nullptr && data_.may_edit) add_code(item, row, *address);
    const bool is_choice = row == "preferred_channel";
    const bool has_choice = !stored_value(data_, "email").empty() && !stored_value(data_, "phone").empty();
    // Without a choice there is no form, but what another client has sent is answered in one.
    if (data_.may_edit && (!is_choice || has_choice || find_flaw(std::string(row)) != nullptr)) add_form(item, row);
  }

  [[nodiscard]] const Flaw* find_flaw(const std::string& field) const {
    const auto found =
        std::find_if(shown_.flaws.begin(), shown_.flaws.end(), [&](const Flaw& flaw) { return flaw.field == field; });
    return found == shown_.flaws.end() ? nullptr : &*found;
  }
  /// Only one element of a page gets the focus: the first that wants it.
  bool take_focus(const std::string& element) {
    if (focus_.empty()) focus_ = element;
    return focus_ == element;
  }
  /// The sentence at the element, which then gets the focus.
  void tell_flaw(View& item, const std::string& element) {
    const Flaw* flaw = find_flaw(element);
    if (flaw != nullptr) item.flag("wrong").text("sentence", flaw->sentence).flag("focus", take_focus(element));
  }

  void add_form(View& item, std::string_view row) {
    const std::string name(row);
    const bool was_sent = shown_.typed && visit_.form.has(name);
    const bool is_open = was_sent || asked_ == row;
    if (is_open && row.starts_with("epuap")) opens_technical_ = true;
    View& form = item.add("form").flag("open", is_open);
    form.text("csrf", make_session_csrf(visit_, here)).text("version", std::to_string(data_.account.version));
    const std::string value = was_sent ? visit_.form.get(name) : stored_value(data_, row);
    View& field = form.add(row == "preferred_channel" ? "choice" : "input");
    field.text("field", name).text("field_label", name_of_row(visit_, row)).text("field_value", value);
    if (row == "preferred_channel") add_channels(field, value);
    const bool mandatory = row == "login" || (row == "email" && !data_.main_account.empty());
    field.flag("mandatory", mandatory).text("hint", say_hint(row));
    field.text("type", row == "phone" ? "tel" : row == "email" ? "email" : "text");
    field.text("complete", row == "phone" ? "tel" : row == "email" ? "email" : row == "login" ? "username" : "off");
    tell_flaw(field, name);
    if (asked_ == row && shown_.flaws.empty()) field.flag("focus", take_focus(name));
    if (row == "email" && !data_.main_account.empty()) {
      View& redirect = form.add("redirect");
      redirect.flag("redirects", was_sent ? visit_.form.has("redirect_to_main") : data_.account.redirects_to_main);
      tell_flaw(redirect, "redirect_to_main");
    }
    const std::string proof = "password-" + name;
    add_proof(form, visit_, proof);
    if (const Flaw* flaw = find_flaw(proof)) {
      form.text("proof_flaw", flaw->sentence).flag("proof_focus", take_focus(proof));
    }
  }

  void add_channels(View& field, const std::string& chosen) {
    for (const std::string channel : {"email", "sms"}) {
      field.add("channels")
          .text("channel", channel)
          .text("channel_label", say_channel(visit_, channel))
          .flag("chosen", chosen == channel);
    }
  }

  [[nodiscard]] std::string say_hint(std::string_view row) const {
    if (row == "login" || row == "email") return visit_.say("own.hint." + std::string(row));
    if (row != "phone") return {};
    const std::string country = flow::find_country(visit_.house.settings.site);
    const bool is_served = identity::find_plan_of_country(country) != nullptr;
    return visit_.say(is_served ? "own.hint.phone" : "own.hint.phone_international");
  }

  void add_code(View& item, std::string_view row, const flow::Address& address) {
    const bool was_sent = address.code_until != base::Time{};
    if (address.pending.empty() && address.verified) return;
    if (shown_address(address).empty()) return;
    View& code = item.add(was_sent ? "code" : "unsent");
    const std::string element = "code-" + std::string(row);
    code.text("kind", std::string(row)).text("csrf_verify", make_session_csrf(visit_, "/account/data/verify"));
    code.text("pending", address.pending).text("element", element).flag("old_stays", !address.display.empty());
    const auto wait = std::chrono::ceil<std::chrono::seconds>(address.again_at - visit_.facts.now).count();
    if (wait > 0) code.text("wait", std::to_string(wait)).text("again", say_wait(visit_, address));
    tell_flaw(code, element);
    if (said_ == "sent" && shown_.flaws.empty()) code.flag("focus", take_focus(element));
  }

  [[nodiscard]] bool is_still(const flow::Address& address) const {
    if (said_ == "sent") return !address.pending.empty();
    if (said_ == "dropped") return address.pending.empty();
    return said_ == "verified" && address.verified && address.pending.empty();
  }
  /// What was done to this row, if it is still so.
  void add_said_of(View& item, std::string_view row) {
    const flow::Address* address = find_address(data_, row);
    const std::string value = row == "preferred_channel" ? say_channel(visit_, find_channel(data_))
                              : address != nullptr       ? address->display
                                                         : stored_value(data_, row);
    const std::string what = said_ == "saved" && value.empty() ? "removed" : said_;
    const bool is_true = said_ == "saved" || said_ == "nothing" || (address != nullptr && is_still(*address));
    if (!is_true) return;
    const bool names_value = said_ != "nothing" && !(said_ == "dropped" && value.empty());
    item.text("done", !names_value ? visit_.say("own.said." + said_)
                                   : visit_.say("own.said." + what + "." + std::string(row),
                                                {{"value", said_ == "sent" ? address->pending : value}}));
    item.flag("done_focus", said_ != "sent" && take_focus("done"));
    has_said_ = true;
    if (row.starts_with("epuap")) opens_technical_ = true;
  }

  /// What was done, if it concerns no single row.
  void add_said(View& view) {
    if (!said_of_.empty()) return;
    if (said_ == "added" || said_ == "removed") {
      view.text("certificates_said", visit_.say("own.said." + said_));
      return;
    }
    for (const std::string_view known : {"saved", "sent", "dropped", "nothing"}) {
      if (said_ == known) view.text("said", visit_.say("own.said." + said_));
    }
  }

  /// Everyone may choose it, also who may not change other data.
  void add_language(View& view) {
    text::Language language = visit_.language;
    const bool chosen = text::find_language(data_.account.locale, language);
    const std::string name(text::name_of(language));
    view.text("locale", chosen ? name : visit_.say("own.language.none"))
        .text("locale_next", std::string(after_language));
    for (const text::Language one : {text::Language::en, text::Language::de, text::Language::pl}) {
      view.add("locales")
          .text("code", std::string(text::code_of(one)))
          .text("name_of_language", std::string(text::name_of(one)))
          .flag("chosen", one == language);
    }
    if (!chosen || said_ != "saved" || said_of_ != "locale") return;
    view.text("locale_said", visit_.say("own.said.saved.locale", {{"value", name}}))
        .flag("locale_focus", take_focus("locale"));
    has_said_ = true;
  }

  void add_stored(View& view) {
    const auto add = [&](std::string_view label, std::string value) {
      view.add("stored").text("label", visit_.say(label)).text("value", std::move(value));
    };
    const identity::Account& account = data_.account;
    add("own.kind", visit_.say("accounts.kind." + std::string(identity::name_of(account.kind))));
    if (account.main_account_id) {
      add("own.main_account", data_.main_account);
      add("own.redirect", visit_.say(account.redirects_to_main ? "own.redirect.yes" : "own.redirect.no"));
    }
    const std::string contexts = context_names(visit_, data_.contexts);
    add("own.contexts", contexts.empty() ? visit_.say("own.none") : contexts);
    add("own.groups", data_.groups.empty() ? visit_.say("own.none") : base::join(data_.groups, ", "));
    add("own.created", text::format_date(visit_.language, account.created_at, visit_.house.settings.site.time_zone));
  }

  void add_certificates(View& view) {
    const std::string& zone = visit_.house.settings.site.time_zone;
    for (const flow::Certificate& one : data_.certificates) {
      View& item = view.add("certificates");
      item.text("subject", one.subject).text("issuer", one.issuer).text("serial", one.serial);
      item.text("from", text::format_date(visit_.language, one.not_before, zone))
          .text("until", text::format_date(visit_.language, one.not_after, zone));
      item.text("fingerprint", one.fingerprint).flag("over", one.not_after <= visit_.facts.now);
      const bool is_untrusted =
          std::find(data_.untrusted.begin(), data_.untrusted.end(), one.fingerprint) != data_.untrusted.end();
      item.flag("untrusted", is_untrusted).flag("unproven", !one.is_proven && !is_untrusted);
      name_certificate(view, one);
      item.flag("may_remove", data_.may_edit)
          .text("csrf_remove", make_session_csrf(visit_, "/account/data/certificate/remove"));
    }
    view.text("certificates_title",
              visit_.say("own.certificates_count", {{"n", static_cast<std::int64_t>(data_.certificates.size())}}));
    const bool is_sent = visit_.form.has("pem");
    const bool was_changed = said_of_.empty() && (said_ == "added" || said_ == "removed");
    view.flag("certificates_open", is_sent || was_changed || asked_ == "certificate");
    if (!data_.may_edit) return;
    View& adding = view.add("adding").text("pem", visit_.form.get("pem"));
    adding.text("csrf_certificate", make_session_csrf(visit_, "/account/data/certificate"));
    add_proof(adding, visit_, proof_of_certificate);
    adding.text("present_at", find_presentation());
  }

  /// Beside the fold, so that nobody has to open it to see whether a certificate is registered.
  void name_certificate(View& view, const flow::Certificate& one) const {
    const bool is_over = one.not_after <= visit_.facts.now;
    const std::string date = text::format_date(visit_.language, one.not_after, visit_.house.settings.site.time_zone);
    view.add("certificates_named")
        .text("named", visit_.say(is_over ? "own.cert.brief_over" : "own.cert.brief",
                                  {{"name", find_common_name(one.subject)}, {"date", date}}));
  }

  /// Where the browser is asked for a certificate, behind the page of the proof if there is no fresh one; "" = nowhere.
  [[nodiscard]] std::string find_presentation() const {
    if (visit_.request.role == http::Role::connector) return {};
    const rights::Actor& actor = *visit_.visitor.actor;
    std::string address = flow::presentation_url(
        visit_.house, {flow::CertificateUse::enrolment, actor.session().id, {}}, visit_.facts.now);
    if (address.empty() || flow::has_fresh_proof(visit_.house, actor, visit_.facts.now)) return address;
    return "/account/confirm?next=" + base::percent_encode(std::string(here) + "?change=certificate");
  }

  const Visit& visit_;
  const flow::OwnData& data_;
  const Shown& shown_;
  std::string said_;     // what was done, by the address
  std::string said_of_;  // to which row; "" = several
  std::string asked_;    // the row whose form the address asks for
  std::string focus_;    // the element that has the focus
  bool has_said_ = false;
  bool opens_technical_ = false;
};

/// The position of a certificate in the list, from 1. Addresses contain the position and not the fingerprint, because a
/// fingerprint identifies a person.
std::string place_of(const flow::OwnData& data, std::string_view fingerprint) {
  std::size_t place = 1;
  for (const flow::Certificate& one : data.certificates) {
    if (one.fingerprint == fingerprint) break;
    ++place;
  }
  return std::to_string(place);
}

void ask_removal(View& view, const Visit& visit, const flow::OwnData& data) {
  for (const flow::Certificate& one : data.certificates) {
    if (place_of(data, one.fingerprint) != visit.query.get("certificate")) continue;
    Question question{visit.say("own.ask.remove", {{"certificate", one.subject}}),
                      visit.say("own.cert.remove"),
                      "/account/data/certificate/remove",
                      std::string(here),
                      {{"confirmed", "yes"}, {"fingerprint", one.fingerprint}},
                      visit.say("own.ask.remove_effect")};
    question.is_dangerous = true;
    add_question(view, visit, std::move(question));
  }
}

void ask_code(View& view, const Visit& visit, const flow::OwnData& data) {
  const std::string kind = visit.query.get("kind");
  if (kind != "email" && kind != "phone") return;
  const std::string address = shown_address(kind == "email" ? data.email : data.phone);
  if (address.empty()) return;
  add_question(view, visit,
               {visit.say("own.ask.send", {{"address", address}}),
                visit.say("own.send"),
                "/account/data/verify",
                std::string(here),
                {{"kind", kind}, {"action", "send"}}});
}

/// After a proof: asks whether to do the action that the address names.
void add_asked(View& view, const Visit& visit, const flow::OwnData& data) {
  const std::string asked = visit.query.get("confirm");
  if (data.may_edit && asked == "send") ask_code(view, visit, data);
  if (data.may_edit && asked == "remove") ask_removal(view, visit, data);
}

http::Response show_page(Visit& visit, const Shown& shown) {
  const auto data = flow::read_own_data(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!data) return show_error(visit, data.error());
  View view;
  view.flag("may_edit", data->may_edit);
  OwnDataPage(visit, *data, shown).fill(view);
  add_asked(view, visit, *data);
  return show_inside(visit, "own_data", "own.title", here, std::move(view), shown.status);
}

http::Response show_flaw(Visit& visit, std::string field, std::string_view key, bool typed) {
  return show_page(visit, {{{std::move(field), visit.say(key)}}, typed, status_of_refusal});
}

/// `row`: to which it was done; "" = to several.
http::Response say(Visit& visit, std::string_view what, std::string_view row = {}) {
  std::string address = std::string(here) + "?said=" + std::string(what);
  if (!row.empty()) address.append("&field=").append(row);
  return redirect(visit, std::move(address));
}

/// Checks the proof in the form. Gives an error page that names `field` if it is missing or wrong. `typed`: as in
/// Shown.
std::optional<http::Response> refuse(Visit& visit, std::string field, bool typed) {
  switch (settle_proof(visit)) {
    case Proof::fresh: return std::nullopt;
    case Proof::missing: return show_flaw(visit, std::move(field), "own.flaw.proof_missing", typed);
    case Proof::wrong: return show_flaw(visit, std::move(field), "own.flaw.proof_wrong", typed);
    case Proof::barred: return show_error(visit, 429, "the network has too many failures");
    case Proof::unavailable: break;
  }
  return show_error(visit, 503, "the proof could not be judged");
}

std::optional<std::string> find_sent(const Visit& visit, std::string_view field) {
  return visit.form.has(field) ? std::optional(visit.form.get(field)) : std::nullopt;
}

/// What a form does not have stays as it is. A browser does not send a box without a tick, so that the form of the
/// e-mail address decides on the redirection, too.
flow::OwnDataWish read_wish(const Visit& visit) {
  flow::OwnDataWish wish;
  wish.login = find_sent(visit, "login");
  wish.email = find_sent(visit, "email");
  wish.phone = find_sent(visit, "phone");
  wish.preferred_channel = find_sent(visit, "preferred_channel");
  wish.epuap_account = find_sent(visit, "epuap_account");
  wish.epuap_profile = find_sent(visit, "epuap_profile");
  if (wish.email) wish.redirect_to_main = visit.form.has("redirect_to_main");
  const std::string version = visit.form.get("version");
  wish.version = -1;
  (void)std::from_chars(version.data(), version.data() + version.size(), wish.version);
  return wish;
}

std::vector<std::string_view> find_sent_rows(const Visit& visit) {
  std::vector<std::string_view> rows;
  std::copy_if(changeable.begin(), changeable.end(), std::back_inserter(rows),
               [&](std::string_view row) { return visit.form.has(row); });
  return rows;
}

std::string_view outcome_of(const flow::OwnDataChange& done) {
  if (done.code_to_email || done.code_to_phone) return "sent";
  if (done.dropped) return "dropped";
  return done.changed ? "saved" : "nothing";
}

http::Response refuse_code(Visit& visit, const std::string& kind) {
  const auto data = flow::read_own_data(visit.house, *visit.visitor.actor, visit.facts.now);
  if (!data) return show_error(visit, data.error());
  const flow::Address& address = kind == "email" ? data->email : data->phone;
  if (address.again_at <= visit.facts.now) return show_flaw(visit, "code-" + kind, "own.flaw.too_many", false);
  return show_page(visit, {{{"code-" + kind, say_wait(visit, address)}}, false, status_of_refusal});
}

}  // namespace

http::Response show_own_data(Visit& visit) {
  return show_page(visit, {});
}

http::Response submit_own_data(Visit& visit) {
  const std::vector<std::string_view> rows = find_sent_rows(visit);
  if (rows.empty()) return say(visit, "nothing");
  const std::string first(rows.front());
  if (auto refused = refuse(visit, "password-" + first, true)) return std::move(*refused);
  const auto done = flow::change_own_data(visit.house, *visit.visitor.actor, read_wish(visit), visit.facts);
  if (!done) {
    if (done.error().code == base::Code::conflict) return show_flaw(visit, first, "own.flaw.conflict", true);
    if (done.error().code == base::Code::too_many) {
      return show_flaw(visit, visit.form.has("email") ? "email" : "phone", "own.flaw.too_many", true);
    }
    return show_error(visit, done.error());
  }
  if (!done->flaws.empty()) {
    Shown shown{{}, true, status_of_refusal};
    for (const flow::FieldFlaw& flaw : done->flaws) shown.flaws.push_back({flaw.field, visit.say(flaw.key)});
    return show_page(visit, shown);
  }
  return say(visit, outcome_of(*done), rows.size() == 1 ? first : std::string());
}

http::Response submit_address(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  const std::string kind = visit.form.get("kind");
  const std::string action = visit.form.get("action");
  if (action == "drop") {
    const auto dropped = flow::drop_pending_address(visit.house, actor, kind, visit.facts);
    return dropped ? say(visit, "dropped", kind) : show_error(visit, dropped.error());
  }
  if (action == "send") {
    if (kind != "email" && kind != "phone") return show_error(visit, 400, "the kind is neither email nor phone");
    if (!flow::has_fresh_proof(visit.house, actor, visit.facts.now))
      return prove_first(visit, std::string(here) + "?confirm=send&kind=" + kind);
    const auto sent = flow::send_code_again(visit.house, actor, kind, visit.facts);
    if (sent) return say(visit, "sent", kind);
    if (sent.error().code == base::Code::too_many) return refuse_code(visit, kind);
    if (sent.error().code == base::Code::already_exists)
      return show_flaw(visit, "code-" + kind, identity::key_of_taken(kind), false);
    return show_error(visit, sent.error());
  }
  const auto done = flow::confirm_address(visit.house, actor, kind, visit.form.get("code"), visit.facts);
  if (!done) return show_error(visit, done.error());
  const auto refuse_with = [&](std::string_view key) { return show_flaw(visit, "code-" + kind, key, false); };
  switch (*done) {
    case flow::Verified::yes: return say(visit, "verified", kind);
    case flow::Verified::wrong_code: return refuse_with("own.flaw.code_wrong");
    case flow::Verified::over: return refuse_with("own.flaw.code_over");
    case flow::Verified::taken: break;
  }
  return refuse_with(identity::key_of_taken(kind));
}

http::Response submit_certificate(Visit& visit) {
  if (auto refused = refuse(visit, proof_of_certificate, false)) return std::move(*refused);
  std::string octets = visit.form.get("pem");
  for (const http::UploadedFile& file : visit.files) {
    if (file.field == "file" && !file.octets.empty()) octets = file.octets;
  }
  const auto flaw = flow::add_own_certificate(visit.house, *visit.visitor.actor, octets, visit.facts);
  if (!flaw) return show_error(visit, flaw.error());
  if (!flaw->empty()) return show_flaw(visit, "file", *flaw, false);
  return say(visit, "added");
}

http::Response show_presented_certificate(Visit& visit) {
  const auto read = flow::read_presented_certificate(visit.house, *visit.visitor.actor,
                                                     base::Secret(visit.query.get("certificate")), visit.facts);
  if (!read) return show_error(visit, read.error());
  if (!read->flaw.empty()) return show_flaw(visit, "file", read->flaw, false);
  const std::string& zone = visit.house.settings.site.time_zone;
  View view;
  const flow::Certificate& one = read->certificate;
  view.text("subject", one.subject).text("issuer", one.issuer).text("serial", one.serial);
  view.text("from", text::format_date(visit.language, one.not_before, zone));
  view.text("until", text::format_date(visit.language, one.not_after, zone)).text("fingerprint", one.fingerprint);
  view.text("certificate", visit.query.get("certificate"));
  view.text("csrf", make_session_csrf(visit, "/account/data/certificate/presented"));
  return show_inside(visit, "certificate_presented", "own.cert.add", here, std::move(view));
}

http::Response submit_presented_certificate(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  if (!flow::has_fresh_proof(visit.house, actor, visit.facts.now)) {
    return prove_first(visit, std::string(here) + "?change=certificate");
  }
  const auto flaw =
      flow::add_presented_certificate(visit.house, actor, base::Secret(visit.form.get("certificate")), visit.facts);
  if (!flaw) return show_error(visit, flaw.error());
  if (!flaw->empty()) return show_flaw(visit, "file", *flaw, false);
  return say(visit, "added");
}

http::Response submit_certificate_removal(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  const std::string fingerprint = visit.form.get("fingerprint");
  const bool is_proven = flow::has_fresh_proof(visit.house, actor, visit.facts.now);
  if (!is_proven || visit.form.get("confirmed") != "yes") {
    const auto data = flow::read_own_data(visit.house, actor, visit.facts.now);
    if (!data) return show_error(visit, data.error());
    std::string question = std::string(here) + "?confirm=remove&certificate=" + place_of(*data, fingerprint);
    return is_proven ? redirect(visit, std::move(question)) : prove_first(visit, question);
  }
  const auto removed = flow::remove_own_certificate(visit.house, actor, fingerprint, visit.facts);
  return removed ? say(visit, "removed") : show_error(visit, removed.error());
}

}  // namespace web
