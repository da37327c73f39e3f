// A document of a signing job as it was received (S4.22), to be looked at before it is signed. It comes from somebody
// else and must not act as a page of this server: each response has the directive "sandbox" (http::Kind::data), XML and
// HTML are shown as the text that they are, and what a browser would run or hand to another program is downloaded.
#include <algorithm>

#include "flow/signature/document_copy.hpp"
#include "web/page/layout.hpp"
#include "web/sign/pages.hpp"
#include "web/sign/sign_words.hpp"

namespace web {
namespace {

http::Response show_nothing(Visit& visit) {
  View view;
  view.flag("is_gone");
  return show_inside(visit, "sign_job", "signing.job.title", "/account/sign", std::move(view), 404);
}

}  // namespace

http::Response show_sign_document(Visit& visit) {
  const auto id = base::Id::parse(visit.request.path_parameters.at(0));
  const std::string asked = visit.query.get("n");
  const bool is_number = !asked.empty() && asked.size() <= 3 &&
                         std::all_of(asked.begin(), asked.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (!id || !is_number) return show_nothing(visit);
  const flow::KeyUser user = &*visit.visitor.actor;
  auto copy = flow::find_copy(visit.house, user, *id, std::stol(asked), visit.facts.now);
  if (!copy && copy.error().code == base::Code::not_found) return show_nothing(visit);
  if (!copy) return show_error(visit, copy.error());
  const std::string_view type = type_to_show(copy->kind);
  const bool is_pdf = copy->kind == flow::LookKind::pdf;
  http::Response response;
  response.content_type = !type.empty() ? std::string(type) : is_pdf ? "application/pdf" : "application/octet-stream";
  add_file_name(response, type.empty() ? "attachment" : "inline", copy->name);
  // As pages have it: no other site embeds it and looks at what it is.
  response.add("Cross-Origin-Resource-Policy", "same-origin");
  response.body = std::move(copy->octets);
  return response;
}

}  // namespace web
