#include "flow/certificate/fetch_revocation.hpp"

#include <mutex>
#include <vector>

#include "crypto/certificate/ocsp.hpp"
#include "crypto/certificate/revocation_list.hpp"
#include "store/certificate/trust_anchors.hpp"
#include "store/engine/store.hpp"
#include "trust/revocation.hpp"

namespace flow {
namespace {

constexpr std::size_t most_waiting = 100;
constexpr std::int64_t most_of_anchor = 1000;
constexpr std::int64_t most_in_turn = 5;

struct Waiting {
  std::mutex mutex;
  std::vector<WantedAnswer> answers;
};
Waiting& waiting() {
  static Waiting one;
  return one;
}

base::Result<void> note_wanted(const House& house, base::Time now) {
  std::vector<WantedAnswer> wanted;
  {
    const std::lock_guard lock(waiting().mutex);
    wanted.swap(waiting().answers);
  }
  for (const WantedAnswer& one : wanted) {
    RETURN_IF_ERROR(house.store.write([&](store::Tx& tx) -> base::Result<void> {
      ASSIGN_OR_RETURN(const auto anchor, store::find_trust_anchor(tx, one.anchor_id));
      ASSIGN_OR_RETURN(const auto kept, store::find_foreign_revocation(tx, one.anchor_id, "ocsp", one.fingerprint));
      ASSIGN_OR_RETURN(const std::int64_t count, store::count_foreign_revocations(tx, one.anchor_id));
      if (!anchor || kept || count >= most_of_anchor) return {};
      store::ForeignRevocation due;
      due.anchor_id = one.anchor_id;
      due.kind = "ocsp";
      due.lookup = one.fingerprint;
      due.certificate = one.certificate;
      due.due_at = now;
      due.asked_at = now;
      return store::put_foreign_revocation(tx, due);
    }));
  }
  return {};
}

base::Result<base::Bytes> call(const remote::HttpClient& client, remote::HttpRequest request) {
  ASSIGN_OR_RETURN(remote::HttpResponse response, client.send(request));
  if (response.status != 200) {
    return base::fail(base::Code::unavailable, "status " + std::to_string(response.status));
  }
  return std::move(response.body);
}

base::Result<void> fetch_list(const remote::HttpClient& client, const store::TrustAnchor& anchor,
                              store::ForeignRevocation& row) {
  ASSIGN_OR_RETURN(const base::Bytes body, call(client, {remote::HttpRequest::Method::get, anchor.url, {}, {}}));
  ASSIGN_OR_RETURN(const base::Bytes der, crypto::revocation_list_der(body));
  ASSIGN_OR_RETURN(const crypto::RevocationListFacts facts, crypto::read_revocation_list(der));
  ASSIGN_OR_RETURN(const bool is_signed, crypto::is_signed_by(der, anchor.der));
  if (!is_signed) return base::fail(base::Code::denied, "not signed by the authority");
  if (facts.is_delta) return base::fail(base::Code::invalid_input, "a delta list");
  // An older list than the one that is known would hide revocations.
  if (row.this_update && facts.this_update < *row.this_update) {
    return base::fail(base::Code::invalid_input, "an older list");
  }
  row.answer = der;
  row.this_update = facts.this_update;
  row.next_update = facts.next_update;
  return {};
}

base::Result<void> fetch_answer(const remote::HttpClient& client, const store::TrustAnchor& anchor,
                                store::ForeignRevocation& row, base::Time now) {
  ASSIGN_OR_RETURN(base::Bytes question, crypto::make_ocsp_request(row.certificate, anchor.der));
  remote::HttpRequest request{remote::HttpRequest::Method::post, anchor.url, {}, std::move(question)};
  request.headers = {{"Content-Type", "application/ocsp-request"}, {"Accept", "application/ocsp-response"}};
  ASSIGN_OR_RETURN(base::Bytes body, call(client, std::move(request)));
  ASSIGN_OR_RETURN(const crypto::OcspFinding read, crypto::read_ocsp_answer(body, row.certificate, anchor.der, now));
  if (row.this_update && read.this_update < *row.this_update) {
    return base::fail(base::Code::invalid_input, "an older answer");
  }
  row.answer = std::move(body);
  row.this_update = read.this_update;
  row.next_update = read.next_update;
  return {};
}

base::Result<void> fetch(const House& house, const remote::HttpClient& client, store::ForeignRevocation row,
                         base::Time now) {
  ASSIGN_OR_RETURN(const auto anchor, house.store.read_background(
                                          [&](store::Tx& tx) { return store::find_trust_anchor(tx, row.anchor_id); }));
  if (!anchor) return {};
  const auto fetched = row.kind == "crl" ? fetch_list(client, *anchor, row) : fetch_answer(client, *anchor, row, now);
  row.failure = fetched ? std::string() : std::string(base::name_of(fetched.error().code));
  row.due_at = trust::find_due(row.next_update, !fetched.has_value(), now);
  return house.store.write([&](store::Tx& tx) -> base::Result<void> {
    // The anchor may have been removed meanwhile.
    ASSIGN_OR_RETURN(const auto still, store::find_trust_anchor(tx, row.anchor_id));
    if (!still) return {};
    return store::put_foreign_revocation(tx, row);
  });
}

}  // namespace

void want_answer(WantedAnswer wanted) {
  const std::lock_guard lock(waiting().mutex);
  if (waiting().answers.size() < most_waiting) waiting().answers.push_back(std::move(wanted));
}

base::Result<bool> fetch_due_revocations(const House& house, const remote::HttpClient& client, base::Time now) {
  RETURN_IF_ERROR(note_wanted(house, now));
  ASSIGN_OR_RETURN(auto due, house.store.read_background(
                                 [&](store::Tx& tx) { return store::list_due_revocations(tx, now, most_in_turn); }));
  for (store::ForeignRevocation& row : due) RETURN_IF_ERROR(fetch(house, client, std::move(row), now));
  return due.size() == static_cast<std::size_t>(most_in_turn);
}

}  // namespace flow
