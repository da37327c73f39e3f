#include "flow/validation/gather_revocation.hpp"

#include "crypto/certificate/revocation_list.hpp"
#include "flow/validation/fetch_wanted.hpp"
#include "flow/validation/find_material.hpp"
#include "flow/validation/validation_desk.hpp"

namespace flow {
namespace {

// A list of a stranger on the way could be an old one that hides a revocation.
base::Result<bool> is_older(store::Tx& tx, const store::CachedRevocation& row) {
  if (row.kind != "crl" || row.answer.empty()) return false;
  ASSIGN_OR_RETURN(const auto cached, store::find_cached_revocation(tx, row.kind, row.lookup));
  if (!cached || cached->answer.empty()) return false;
  const auto before = crypto::read_revocation_list(cached->answer);
  const auto after = crypto::read_revocation_list(row.answer);
  return before && after && after->this_update < before->this_update;
}

base::Result<void> keep(store::Tx& tx, std::vector<store::CachedRevocation> rows) {
  for (store::CachedRevocation& row : rows) {
    ASSIGN_OR_RETURN(const bool is_old, is_older(tx, row));
    if (is_old) row.answer.clear();
    RETURN_IF_ERROR(store::put_cached_revocation(tx, row, {}));
  }
  return {};
}

}  // namespace

base::Result<void> gather_revocation(const House& house, const ValidationPolicy& policy,
                                     const RevocationQuestion& question, signature::Material& material) {
  const std::size_t before = material.revocation.size();
  signature::Material more;
  ASSIGN_OR_RETURN(const DuePlaces due, house.store.read([&](store::Tx& tx) {
    more.revocation.clear();
    return take_cached(tx, question.wanted, question.now, more);
  }));
  if (question.is_first) {
    for (auto& one : more.revocation) material.revocation.push_back(std::move(one));
  }
  const ValidationDesk& desk = *house.validation;
  const bool may_fetch = desk.client() != nullptr && !desk.settings().offline && !policy.is_offline;
  const bool is_enough = material.revocation.size() > before && due.empty();
  if (!may_fetch || is_enough) return {};
  auto rows = fetch_wanted(*desk.client(), due, question.now);
  for (const store::CachedRevocation& row : rows) {
    if (!row.answer.empty()) material.revocation.push_back({row.answer, row.kind == "crl", "fetched"});
  }
  if (rows.empty()) return {};
  return house.store.write([&](store::Tx& tx) { return keep(tx, rows); });
}

}  // namespace flow
