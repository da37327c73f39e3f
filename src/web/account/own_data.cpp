// "My data" (S4.12, S4.13, S2.5): employees change their data, other accounts see them. If something is wrong, the form
// keeps the typed values, but not the password, and shows all flaws at once.
#include "flow/account/own_data.hpp"

#include <charconv>

#include "flow/account/verify_address.hpp"
#include "flow/house/site_settings.hpp"
#include "flow/proof/prove_again.hpp"
#include "text/text.hpp"
#include "web/account/pages.hpp"
#include "web/page/layout.hpp"
#include "web/page/proof.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/data";
constexpr int status_of_refusal = 422;
constexpr const char* proof_of_certificate = "password-certificate";  // the field of the form that adds one

struct Shown {
  std::vector<flow::FieldFlaw> flaws;
  bool typed = false;  // the form shows what the person typed
  int status = 200;
};

std::string shown_address(const flow::Address& address) {
  return address.pending.empty() ? address.display : address.pending;
}

void add_flaws(View& view, const Visit& visit, const std::vector<flow::FieldFlaw>& flaws) {
  view.flag("flawed", !flaws.empty());
  for (const flow::FieldFlaw& flaw : flaws) {
    view.add("flaws").text("href", "#" + flaw.field).text("sentence", visit.say(flaw.key));
  }
}

/// All input fields from one list, so that they look and behave alike.
void add_fields(View& view, const Visit& visit, const flow::OwnData& data, const Shown& shown) {
  struct Input {
    std::string_view name;
    const char* type;
    const char* complete;
    std::string value;
    bool mandatory;
    std::string_view hint;
  };
  const Input inputs[] = {
      {"login", "text", "username", data.account.login, true, "own.hint.login"},
      {"email", "text", "email", shown_address(data.email), !data.main_account.empty(), "own.hint.email"},
      {"phone", "tel", "tel", shown_address(data.phone), false, "own.hint.phone"},
      {"epuap_account", "text", "off", data.epuap_account, false, ""},
      {"epuap_profile", "text", "off", data.epuap_profile, false, ""},
  };
  for (const Input& input : inputs) {
    View& item = view.add("inputs");
    const std::string name(input.name);
    item.text("name", name).text("type", input.type).text("complete", input.complete);
    item.text("label", visit.say("identifier." + name + ".name")).flag("mandatory", input.mandatory);
    item.text("value", shown.typed ? visit.form.get(name) : input.value);
    item.text("hint", input.hint.empty() ? std::string() : visit.say(input.hint));
    for (const flow::FieldFlaw& flaw : shown.flaws) {
      if (flaw.field == input.name) item.flag("wrong").text("sentence", visit.say(flaw.key));
    }
  }
}

/// The channel that the form offers at the start: the one that the person has chosen, else a verified one, else the one
/// that there is, so that the form can be sent as it is.
std::string find_channel(const flow::OwnData& data) {
  const identity::Account& account = data.account;
  if (!account.preferred_channel.empty()) return account.preferred_channel;
  if (account.email_verified) return "email";
  if (account.phone_verified) return "sms";
  if (!account.email.empty()) return "email";
  return account.phone.empty() ? std::string() : "sms";
}

void add_channels(View& view, const Visit& visit, const flow::OwnData& data, const Shown& shown) {
  const std::string chosen = shown.typed ? visit.form.get("preferred_channel") : find_channel(data);
  const std::pair<std::string_view, std::string_view> choices[] = {
      {"", "own.channel.none"}, {"email", "own.channel.email"}, {"sms", "own.channel.sms"}};
  for (const auto& [value, key] : choices) {
    view.add("channels")
        .text("value", std::string(value))
        .text("label", visit.say(key))
        .flag("chosen", chosen == value);
  }
  for (const flow::FieldFlaw& flaw : shown.flaws) {
    if (flaw.field == "preferred_channel") view.flag("channel_wrong").text("channel_sentence", visit.say(flaw.key));
    if (flaw.field == "redirect_to_main") view.flag("redirect_wrong").text("redirect_sentence", visit.say(flaw.key));
  }
  view.flag("is_sub", !data.main_account.empty()).text("main_account", data.main_account);
  view.flag("redirects", shown.typed ? visit.form.has("redirect_to_main") : data.account.redirects_to_main);
}

void add_addresses(View& view, const Visit& visit, const flow::OwnData& data) {
  const std::pair<std::string_view, const flow::Address*> addresses[] = {{"email", &data.email},
                                                                         {"phone", &data.phone}};
  for (const auto& [name, address] : addresses) {
    if (address->display.empty() && address->pending.empty()) continue;
    View& item = view.add("addresses");
    item.text("kind", std::string(name)).text("label", visit.say("identifier." + std::string(name) + ".name"));
    item.text("display", address->display).flag("verified", address->verified).text("pending", address->pending);
    item.flag("may_confirm", data.may_edit && !address->pending.empty());
    item.flag("may_send", data.may_edit && address->pending.empty() && !address->verified);
    item.text("code_label", visit.say("own.code_for", {{"address", address->pending}}));
    item.text("csrf_verify", make_session_csrf(visit, "/account/data/verify"));
  }
}

void add_facts(View& view, const Visit& visit, const flow::OwnData& data) {
  const std::string& zone = visit.house.settings.site.time_zone;
  for (const auto& one : data.fixed) {
    view.add("fixed").text("label", visit.say("identifier." + one.type + ".name")).text("value", one.display);
  }
  for (const flow::Certificate& one : data.certificates) {
    View& item = view.add("certificates");
    item.text("subject", one.subject).text("issuer", one.issuer).text("serial", one.serial);
    item.text("from", text::format_date(visit.language, one.not_before, zone))
        .text("until", text::format_date(visit.language, one.not_after, zone));
    item.text("fingerprint", one.fingerprint).flag("over", one.not_after <= visit.facts.now);
    item.flag("may_remove", data.may_edit)
        .text("csrf_remove", make_session_csrf(visit, "/account/data/certificate/remove"));
  }
}

/// The stored data that this page cannot change; for a person who may not edit, also the channel.
void add_stored(View& view, const Visit& visit, const flow::OwnData& data) {
  const auto add = [&](std::string_view label, std::string value) {
    view.add("stored").text("label", visit.say(label)).text("value", std::move(value));
  };
  const identity::Account& account = data.account;
  if (!data.may_edit) {
    const std::string channel = account.preferred_channel.empty() ? "none" : account.preferred_channel;
    add("own.channel", visit.say("own.channel." + channel));
    if (account.main_account_id) {
      add("own.redirect", visit.say(account.redirects_to_main ? "own.redirect.yes" : "own.redirect.no"));
    }
  }
  text::Language language = text::Language::en;
  const bool chosen = text::find_language(account.locale, language);
  add("own.language", chosen ? std::string(text::name_of(language)) : visit.say("own.language.none"));
  add("own.kind", visit.say("accounts.kind." + std::string(identity::name_of(account.kind))));
  std::string contexts;
  for (const rights::ActingContext& context : data.contexts) {
    contexts.append(contexts.empty() ? "" : ", ").append(context_name(visit, context));
  }
  add("own.contexts", contexts.empty() ? visit.say("own.none") : contexts);
  add("own.groups", data.groups.empty() ? visit.say("own.none") : base::join(data.groups, ", "));
  add("own.created", text::format_date(visit.language, account.created_at, visit.house.settings.site.time_zone));
}

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
    add_question(view, visit,
                 {visit.say("own.ask.remove", {{"certificate", one.subject}}),
                  visit.say("own.cert.remove"),
                  "/account/data/certificate/remove",
                  std::string(here),
                  {{"fingerprint", one.fingerprint}}});
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
  view.text("given", data->account.given_name)
      .text("family", data->account.family_name)
      .text("login", data->account.login);
  view.text("epuap_account", data->epuap_account).text("epuap_profile", data->epuap_profile);
  add_flaws(view, visit, shown.flaws);
  add_fields(view, visit, *data, shown);
  add_channels(view, visit, *data, shown);
  add_addresses(view, visit, *data);
  add_facts(view, visit, *data);
  add_stored(view, visit, *data);
  add_asked(view, visit, *data);
  add_proof(view, visit);
  view.text("version", std::to_string(data->account.version)).text("csrf_data", make_session_csrf(visit, here));
  if (data->may_edit) {
    View& adding = view.add("adding").text("pem", visit.form.get("pem"));
    adding.text("csrf_certificate", make_session_csrf(visit, "/account/data/certificate"));
    add_proof(adding, visit, proof_of_certificate);
  }
  const std::string said = visit.query.get("said");
  for (const std::string_view known : {"saved", "sent", "verified", "dropped", "added", "removed", "nothing"}) {
    if (said == known) view.text("said", visit.say("own.said." + said));
  }
  return show_inside(visit, "own_data", "own.title", here, std::move(view), shown.status);
}

http::Response show_flaw(Visit& visit, std::string field, std::string key, bool typed) {
  return show_page(visit, {{{std::move(field), std::move(key)}}, typed, status_of_refusal});
}

http::Response say(Visit& visit, std::string_view what) {
  return redirect(visit, std::string(here) + "?said=" + std::string(what));
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

}  // namespace

http::Response show_own_data(Visit& visit) {
  return show_page(visit, {});
}

http::Response submit_own_data(Visit& visit) {
  if (auto refused = refuse(visit, "password", true)) return std::move(*refused);
  flow::OwnDataWish wish;
  wish.login = visit.form.get("login");
  wish.email = visit.form.get("email");
  wish.phone = visit.form.get("phone");
  wish.preferred_channel = visit.form.get("preferred_channel");
  wish.epuap_account = visit.form.get("epuap_account");
  wish.epuap_profile = visit.form.get("epuap_profile");
  wish.redirect_to_main = visit.form.has("redirect_to_main");
  const std::string version = visit.form.get("version");
  wish.version = -1;
  (void)std::from_chars(version.data(), version.data() + version.size(), wish.version);
  const auto done = flow::change_own_data(visit.house, *visit.visitor.actor, wish, visit.facts);
  if (!done) {
    if (done.error().code == base::Code::conflict) return show_flaw(visit, "login", "own.flaw.conflict", true);
    if (done.error().code == base::Code::too_many) return show_flaw(visit, "email", "own.flaw.too_many", true);
    return show_error(visit, done.error());
  }
  if (!done->flaws.empty()) return show_page(visit, {done->flaws, true, status_of_refusal});
  return say(visit, done->code_to_email || done->code_to_phone ? "sent" : done->changed ? "saved" : "nothing");
}

http::Response submit_address(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  const std::string kind = visit.form.get("kind");
  const std::string action = visit.form.get("action");
  if (action == "drop") {
    const auto dropped = flow::drop_pending_address(visit.house, actor, kind, visit.facts);
    return dropped ? say(visit, "dropped") : show_error(visit, dropped.error());
  }
  if (action == "send") {
    if (kind != "email" && kind != "phone") return show_error(visit, 400, "the kind is neither email nor phone");
    if (!flow::has_fresh_proof(visit.house, actor, visit.facts.now))
      return prove_first(visit, std::string(here) + "?confirm=send&kind=" + kind);
    const auto sent = flow::send_code_again(visit.house, actor, kind, visit.facts);
    if (sent) return say(visit, "sent");
    if (sent.error().code == base::Code::too_many) return show_flaw(visit, kind, "own.flaw.too_many", false);
    if (sent.error().code == base::Code::already_exists)
      return show_flaw(visit, kind, identity::key_of_taken(kind), false);
    return show_error(visit, sent.error());
  }
  const auto done = flow::confirm_address(visit.house, actor, kind, visit.form.get("code"), visit.facts);
  if (!done) return show_error(visit, done.error());
  switch (*done) {
    case flow::Verified::yes: return say(visit, "verified");
    case flow::Verified::wrong_code: return show_flaw(visit, "code-" + kind, "own.flaw.code_wrong", false);
    case flow::Verified::over: return show_flaw(visit, kind, "own.flaw.code_over", false);
    case flow::Verified::taken: break;
  }
  return show_flaw(visit, kind, "identifier." + kind + ".taken", false);
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

http::Response submit_certificate_removal(Visit& visit) {
  const rights::Actor& actor = *visit.visitor.actor;
  const std::string fingerprint = visit.form.get("fingerprint");
  if (!flow::has_fresh_proof(visit.house, actor, visit.facts.now)) {
    const auto data = flow::read_own_data(visit.house, actor, visit.facts.now);
    if (!data) return show_error(visit, data.error());
    return prove_first(visit, std::string(here) + "?confirm=remove&certificate=" + place_of(*data, fingerprint));
  }
  const auto removed = flow::remove_own_certificate(visit.house, actor, fingerprint, visit.facts);
  return removed ? say(visit, "removed") : show_error(visit, removed.error());
}

}  // namespace web
