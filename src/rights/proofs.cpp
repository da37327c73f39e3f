#include "rights/proofs.hpp"

#include <algorithm>
#include <array>

namespace rights {
namespace {

struct Row {
  ProofMethod method;
  std::string_view name;
  std::string_view amr;
  std::int64_t level;  // of this proof alone
};
constexpr std::array<Row, 1> table{{
    {ProofMethod::password, "password", "pwd", 1},
}};

const Row& row_of(ProofMethod method) {
  return *std::find_if(table.begin(), table.end(), [method](const Row& row) { return row.method == method; });
}

}  // namespace

std::string_view name_of(ProofMethod method) {
  return row_of(method).name;
}

base::Result<ProofMethod> parse_proof_method(std::string_view name) {
  for (const Row& row : table) {
    if (row.name == name) return row.method;
  }
  return base::fail(base::Code::invalid_input, "no such method of a proof: " + std::string(name));
}

Proofs Proofs::from_amr(std::string_view amr) {
  Proofs proofs;
  while (!amr.empty()) {
    const std::size_t end = std::min(amr.find(' '), amr.size());
    const std::string_view value = amr.substr(0, end);
    for (const Row& row : table) {
      if (row.amr == value) proofs.add(row.method);
    }
    amr.remove_prefix(std::min(end + 1, amr.size()));
  }
  return proofs;
}

void Proofs::add(ProofMethod method) {
  if (!has(method)) methods_.push_back(method);
}

bool Proofs::has(ProofMethod method) const {
  return std::find(methods_.begin(), methods_.end(), method) != methods_.end();
}

std::int64_t Proofs::level() const {
  std::int64_t level = 0;
  for (const ProofMethod method : methods_) level = std::max(level, row_of(method).level);
  return level;
}

std::string Proofs::to_amr() const {
  std::string amr;
  for (const ProofMethod method : methods_) amr.append(amr.empty() ? "" : " ").append(row_of(method).amr);
  return amr;
}

std::string_view Proofs::first_method() const {
  return methods_.empty() ? std::string_view() : name_of(methods_.front());
}

}  // namespace rights
