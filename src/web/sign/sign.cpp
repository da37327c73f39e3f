// The form to sign documents (S4.22): files, the certificate, the form of the signature. What is sent here is only
// taken; its page shows what will be signed, and asks for the PIN. Below it the own certificates with their states.
#include <algorithm>
#include <array>

#include "flow/house/site_settings.hpp"
#include "flow/signature/document_copy.hpp"
#include "flow/signature/signing_desk.hpp"
#include "flow/signature/signing_job.hpp"
#include "flow/signing/administer_credentials.hpp"
#include "flow/signing/use_credential.hpp"
#include "flow/validation/find_format.hpp"
#include "web/page/layout.hpp"
#include "web/sign/pages.hpp"
#include "web/sign/sign_words.hpp"

namespace web {
namespace {

constexpr std::string_view here = "/account/sign";
constexpr int status_of_flaw = 422;

/// What can be chosen on the page; the first one is found by the files.
struct Choice {
  std::string_view name;
  flow::Format format;
  flow::Packaging packaging;
};
constexpr std::array<Choice, 6> choices{{{"auto", flow::Format::cades, flow::Packaging::detached},
                                         {"cades_detached", flow::Format::cades, flow::Packaging::detached},
                                         {"cades_enveloping", flow::Format::cades, flow::Packaging::enveloping},
                                         {"xades_enveloped", flow::Format::xades, flow::Packaging::enveloped},
                                         {"xades_enveloping", flow::Format::xades, flow::Packaging::enveloping},
                                         {"xades_detached", flow::Format::xades, flow::Packaging::detached}}};

void add_choices(View& view, const Visit& visit) {
  const std::string typed = visit.form.get("form");
  for (const Choice& one : choices) {
    View& item = view.add("forms");
    item.text("form", std::string(one.name)).text("form_label", visit.say("signing.form." + std::string(one.name)));
    item.flag("chosen", typed == one.name);
  }
}

void add_credentials(View& view, const Visit& visit, const std::vector<flow::UsableCredential>& usable) {
  const std::string typed = visit.form.get("certificate");
  for (const flow::UsableCredential& one : usable) {
    View& item = view.add("credentials");
    const std::string id = one.id.to_string();
    item.text("credential", id).text("credential_label", say_credential(visit, one)).flag("chosen", typed == id);
  }
  view.flag("may_sign", !usable.empty());
}

base::Result<void> add_own(View& view, const Visit& visit) {
  ASSIGN_OR_RETURN(const auto own, flow::list_own_credentials(visit.house, *visit.visitor.actor));
  for (const auto& row : own) {
    View& item = view.add("own");
    const std::string state(flow::state_of(row, visit.facts.now));
    item.text("label", row.label).text("state", visit.say("signing.state." + state)).flag("resting", state != "active");
    item.text("backend", visit.say("signing.backend." + row.backend)).text("subject", row.subject);
    if (row.not_after) {
      item.text("until", text::format_time(visit.language, *row.not_after, visit.house.settings.site.time_zone));
    }
    item.text("uses", std::to_string(row.uses));
  }
  view.flag("any_own", !own.empty());
  return {};
}

/// The newest jobs that are still there.
base::Result<void> add_jobs(View& view, const Visit& visit) {
  const flow::KeyUser user = &*visit.visitor.actor;
  ASSIGN_OR_RETURN(const auto jobs, flow::list_own_jobs(visit.house, user, visit.facts.now));
  for (const flow::Job& job : jobs) {
    View& item = view.add("jobs");
    item.text("job", job.id.to_string()).text("number", job.number);
    item.text("job_state", visit.say("signing.job." + job.state)).flag("is_done", job.state == "done");
    item.text("job_at", text::format_time(visit.language, job.created_at, visit.house.settings.site.time_zone));
  }
  view.flag("any_job", !jobs.empty());
  return {};
}

http::Response show(Visit& visit, std::string problem, int status) {
  const flow::KeyUser user = &*visit.visitor.actor;
  const auto usable = flow::list_usable_credentials(visit.house, user, visit.facts.now);
  if (!usable) return show_error(visit, usable.error());
  View view;
  view.text("problem", std::move(problem));
  view.text("csrf_sign", make_session_csrf(visit, here));
  view.text("once", base::to_base64url(base::random_bytes(16)));
  add_credentials(view, visit, *usable);
  add_choices(view, visit);
  view.flag("stamped", visit.form.get("stamp") == "yes");
  if (visit.house.signing != nullptr) {
    const flow::SigningSettings& settings = visit.house.signing->settings();
    view.text("limits", visit.say("signing.limits", {{"n", static_cast<std::int64_t>(flow::most_orders)},
                                                     {"size", print_size(visit, settings.most_octets)},
                                                     {"all", print_size(visit, settings.most_octets_of_job)}}));
  }
  if (const auto added = add_own(view, visit); !added) return show_error(visit, added.error());
  if (const auto added = add_jobs(view, visit); !added) return show_error(visit, added.error());
  return show_inside(visit, "sign", "signing.title", here, std::move(view), status);
}

flow::DocumentKind kind_of(const flow::DocumentSent& document) {
  return flow::find_kind(flow::read_beginning(document.octets, document.source.get()).value_or(base::Bytes()));
}

/// XML gets its signature inside if all files are XML, and not too large for that; anything else gets a separate one.
void choose_form(const Visit& visit, flow::JobWish& wish) {
  const std::string typed = visit.form.get("form");
  const auto found = std::find_if(choices.begin(), choices.end(), [&](const Choice& one) { return one.name == typed; });
  const Choice& chosen = found == choices.end() ? choices.front() : *found;
  wish.format = chosen.format;
  wish.packaging = chosen.packaging;
  if (chosen.name != choices.front().name || wish.documents.empty()) return;
  const std::size_t most = visit.house.signing == nullptr ? 0 : visit.house.signing->settings().most_octets_inside;
  const bool is_xml = std::all_of(wish.documents.begin(), wish.documents.end(), [&](const flow::DocumentSent& one) {
    return one.size() <= most && kind_of(one) == flow::DocumentKind::xml;
  });
  if (!is_xml) return;
  wish.format = flow::Format::xades;
  wish.packaging = flow::Packaging::enveloped;
}

}  // namespace

http::Response show_sign(Visit& visit) {
  return show(visit, {}, 200);
}

http::Response submit_sign(Visit& visit) {
  flow::JobWish wish;
  for (http::UploadedFile& file : visit.files) {
    // A browser sends an empty part for a field in which no file was chosen.
    if (file.field != "document" || (file.size() == 0 && file.name.empty())) continue;
    flow::DocumentSent document;
    document.name = std::move(file.name);
    document.octets = std::move(file.octets);
    document.source = std::move(file.stored);
    wish.documents.push_back(std::move(document));
  }
  const auto credential = base::Id::parse(visit.form.get("certificate"));
  if (!credential) return show(visit, visit.say("signing.choose_certificate"), status_of_flaw);
  wish.credential_id = *credential;
  wish.repeat_key = visit.form.get("once");
  if (visit.form.get("stamp") == "yes") wish.level = flow::Level::t;
  choose_form(visit, wish);
  const flow::KeyUser user = &*visit.visitor.actor;
  const auto taken = flow::take_job(visit.house, user, wish, visit.facts);
  if (!taken) return show_error(visit, taken.error());
  if (taken->refusal) {
    return show(visit, say_sign_refusal(visit, *taken->refusal), status_of_sign_refusal(*taken->refusal));
  }
  if (!taken->job->is_repeat) {
    const auto kept = flow::keep_copies(visit.house, user, *taken->job, wish.documents, visit.facts.now);
    if (!kept) return show_error(visit, kept.error());
  }
  return redirect(visit, std::string(here) + "/" + taken->job->id.to_string());
}

}  // namespace web
