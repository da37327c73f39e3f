#include "flow/validation/fetch_wanted.hpp"

#include <algorithm>
#include <chrono>

#include "crypto/certificate/ocsp.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "crypto/signing/revocation_finding.hpp"
#include "trust/revocation.hpp"

namespace flow {
namespace {

struct Fetched {
  base::Bytes der;
  std::optional<base::Time> next_update;
};

base::Result<base::Bytes> call(const remote::HttpClient& client, const remote::HttpRequest& request) {
  ASSIGN_OR_RETURN(remote::HttpResponse response, client.send(request));
  if (response.status != 200) {
    return base::fail(base::Code::unavailable, "status " + std::to_string(response.status));
  }
  return std::move(response.body);
}

base::Result<Fetched> fetch_list(const remote::HttpClient& client, const std::string& url) {
  ASSIGN_OR_RETURN(const base::Bytes body, call(client, {remote::HttpRequest::Method::get, url, {}, {}}));
  if (body.size() > crypto::largest_list) return base::fail(base::Code::invalid_input, "the list is too large");
  ASSIGN_OR_RETURN(base::Bytes der, crypto::revocation_list_der(body));
  ASSIGN_OR_RETURN(const crypto::RevocationListFacts facts, crypto::read_revocation_list(der));
  return Fetched{std::move(der), facts.next_update};
}

base::Result<Fetched> fetch_answer(const remote::HttpClient& client, const signature::WantedRevocation& wanted,
                                   const std::string& url) {
  ASSIGN_OR_RETURN(base::Bytes question, crypto::make_ocsp_request(wanted.certificate, wanted.issuer));
  remote::HttpRequest request{remote::HttpRequest::Method::post, url, {}, std::move(question)};
  request.headers = {{"Content-Type", "application/ocsp-request"}, {"Accept", "application/ocsp-response"}};
  ASSIGN_OR_RETURN(base::Bytes body, call(client, request));
  ASSIGN_OR_RETURN(const crypto::RevocationFinding finding,
                   crypto::find_in_answer(body, wanted.certificate, wanted.issuer));
  if (finding.state == crypto::RevocationFinding::State::unknown) {
    return base::fail(base::Code::not_found, "the responder does not know the certificate");
  }
  return Fetched{std::move(body), finding.next_update};
}

bool has_row(const std::vector<store::CachedRevocation>& rows, const RevocationPlace& place) {
  return std::any_of(rows.begin(), rows.end(), [&](const store::CachedRevocation& one) {
    return one.kind == place.kind && one.lookup == place.lookup;
  });
}

}  // namespace

std::vector<store::CachedRevocation> fetch_wanted(const remote::HttpClient& client, const DuePlaces& due,
                                                  base::Time now) {
  std::vector<store::CachedRevocation> rows;
  const auto begin = std::chrono::steady_clock::now();
  for (const auto& [wanted, places] : due) {
    for (const RevocationPlace& place : places) {
      const bool is_over = std::chrono::steady_clock::now() - begin > longest_fetching;
      if (rows.size() >= most_fetches || is_over) return rows;
      if (has_row(rows, place)) break;
      auto fetched = place.kind == "crl" ? fetch_list(client, place.url) : fetch_answer(client, wanted, place.url);
      store::CachedRevocation row;
      row.kind = place.kind;
      row.lookup = place.lookup;
      row.fetched_at = now;
      row.used_at = now;
      row.due_at = trust::find_due(fetched ? fetched->next_update : std::nullopt, !fetched, now);
      if (fetched) row.answer = std::move(fetched->der);
      rows.push_back(std::move(row));
      if (fetched) break;
    }
  }
  return rows;
}

}  // namespace flow
