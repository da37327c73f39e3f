#include "store/driver/sealed_head.hpp"

#include "base/log.hpp"
#include "crypto/digest/digest.hpp"
#include "store/driver/sql.hpp"

namespace store {

base::Bytes seal_of(const Tx& tx, std::int64_t seq, base::BytesView hash) {
  return crypto::hmac_sha256(tx.seal_key(), audit::bytes_to_seal(seq, hash));
}

bool is_seal_right(const Tx& tx, const audit::Head& head) {
  return base::equal_in_constant_time(seal_of(tx, head.seq, head.hash), head.seal);
}

audit::Head read_head(const Row& row) {
  Fields field(row);
  return {field.integer(), field.text(), field.text()};
}

base::Result<ChainEnd*> find_chain_end(Tx& tx) {
  ChainEnd* end = tx.chain();
  if (end == nullptr) return base::fail(base::Code::internal, "an event is appended in a writing transaction only");
  if (end->known) return end;
  ASSIGN_OR_RETURN(const auto head, tx.find_one("SELECT seq, hash, seal FROM audit_head WHERE id = 1", {}, read_head));
  if (head && is_seal_right(tx, *head)) {
    end->seq = head->seq;
    end->set_hash(head->hash);
  } else {
    // The log continues, because logins must not stop. The chain continues from a mark that the verification reports,
    // so that a new seal does not hide the wrong one.
    base::log(base::Level::error, "the sealed head of the audit log was altered or removed: run chancery audit verify");
    ASSIGN_OR_RETURN(const auto last,
                     tx.find_one("SELECT seq FROM audit_event ORDER BY seq DESC LIMIT 1", {}, read_integer));
    end->seq = last.value_or(0);
    end->set_hash(audit::broken_link());
  }
  end->moved = false;
  end->known = true;
  return end;
}

base::Result<void> write_head(Tx& tx) {
  ChainEnd* end = tx.chain();
  if (end == nullptr || !end->moved) return {};
  const base::Bytes seal = seal_of(tx, end->seq, end->hash_view());
  RETURN_IF_ERROR(
      tx.run("INSERT INTO audit_head(id, seq, hash, seal) VALUES (1, $1, $2, $3) "
             "ON CONFLICT (id) DO UPDATE SET seq = $1, hash = $2, seal = $3",
             {end->seq, Blob{end->hash_view()}, Blob{seal}}));
  end->moved = false;
  return {};
}

base::Result<void> seal_head_anew(Tx& tx, const crypto::MasterKey& next) {
  ASSIGN_OR_RETURN(ChainEnd * end, find_chain_end(tx));
  const base::Secret seal_key = next.derive(head_purpose);
  Tx under_next(tx.connection(), next, seal_key, *end);
  end->moved = true;
  return write_head(under_next);
}

}  // namespace store
