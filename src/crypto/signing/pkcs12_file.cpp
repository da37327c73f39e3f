#include "crypto/signing/pkcs12_file.hpp"

#include <openssl/pkcs12.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string>

#include "crypto/signing/soft_key_impl.hpp"

namespace crypto {
namespace {

constexpr int most_parts = 32;
// What MAC, certificates and key may cost together, in calls of SHA-256 or SHA-1. A million takes 90 to 150 ms of a
// core with instructions for them, and two to three times as long without. A round of PBKDF2 is two calls for each
// block of the key, a round for a MAC one. Windows writes 2,000 rounds, OpenSSL 2,048, Java 10,000; careful programs
// write 600,000 for each of the three, which are three million calls.
constexpr long most_calls = 5'000'000;
// Of key and initialisation vector: three blocks.
constexpr long calls_of_old_round = 3;

using File = std::unique_ptr<PKCS12, ossl::Freed<PKCS12_free>>;

struct PartsFreed {
  void operator()(STACK_OF(PKCS7) * stack) const { sk_PKCS7_pop_free(stack, PKCS7_free); }
};
using Parts = std::unique_ptr<STACK_OF(PKCS7), PartsFreed>;
struct BagsFreed {
  void operator()(STACK_OF(PKCS12_SAFEBAG) * stack) const { sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free); }
};
using Bags = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), BagsFreed>;

tl::unexpected<base::Error> refuse(base::Code code, std::string_view why) {
  return base::fail(code, std::string(why));
}

struct Digest {
  int nid;
  long octets;
  long calls;  // of SHA-256, in time
};
constexpr std::array digests{Digest{NID_sha1, 20, 1},      Digest{NID_sha224, 28, 1}, Digest{NID_sha256, 32, 1},
                             Digest{NID_sha384, 48, 4},    Digest{NID_sha512, 64, 4}, Digest{NID_sha512_224, 28, 4},
                             Digest{NID_sha512_256, 32, 4}};

std::optional<Digest> find_digest(int nid) {
  const auto* const found =
      std::find_if(digests.begin(), digests.end(), [nid](const Digest& one) { return one.nid == nid; });
  return found == digests.end() ? std::nullopt : std::optional(*found);
}

// What a part costs, and its cipher, read before a round is paid for.
struct Protection {
  long rounds = 0;
  long calls_of_round = 0;
  int cipher = NID_undef;
};

template <auto d2i, auto freed>
auto decode(const ASN1_TYPE* value) {
  using T = std::remove_pointer_t<decltype(d2i(nullptr, nullptr, 0))>;
  std::unique_ptr<T, ossl::Freed<freed>> decoded;
  if (value != nullptr && value->type == V_ASN1_SEQUENCE) {
    const unsigned char* at = ASN1_STRING_get0_data(value->value.sequence);
    decoded.reset(d2i(nullptr, &at, ASN1_STRING_length(value->value.sequence)));
  }
  return decoded;
}

// RFC 8018 A.2: without a name it is HMAC with SHA-1.
std::optional<Digest> find_digest_of(const X509_ALGOR* function) {
  if (function == nullptr) return find_digest(NID_sha1);
  int digest = NID_undef;
  const bool is_known =
      EVP_PBE_find(EVP_PBE_TYPE_PRF, OBJ_obj2nid(function->algorithm), nullptr, &digest, nullptr) == 1;
  return is_known ? find_digest(digest) : std::nullopt;
}

std::optional<Protection> read_protection(const X509_ALGOR* algorithm) {
  const int kind = OBJ_obj2nid(algorithm->algorithm);
  if (kind != NID_pbes2) {
    const auto old = decode<d2i_PBEPARAM, PBEPARAM_free>(algorithm->parameter);
    if (!old) return std::nullopt;
    return Protection{ASN1_INTEGER_get(old->iter), calls_of_old_round, kind};
  }
  const auto scheme = decode<d2i_PBE2PARAM, PBE2PARAM_free>(algorithm->parameter);
  if (!scheme || OBJ_obj2nid(scheme->keyfunc->algorithm) != NID_id_pbkdf2) return std::nullopt;
  const auto function = decode<d2i_PBKDF2PARAM, PBKDF2PARAM_free>(scheme->keyfunc->parameter);
  if (!function) return std::nullopt;
  const int cipher = OBJ_obj2nid(scheme->encryption->algorithm);
  const EVP_CIPHER* const known = EVP_get_cipherbynid(cipher);
  const auto digest = find_digest_of(function->prf);
  if (known == nullptr || !digest) return std::nullopt;
  const long blocks = (EVP_CIPHER_get_key_length(known) + digest->octets - 1) / digest->octets;
  return Protection{ASN1_INTEGER_get(function->iter), 2 * blocks * digest->calls, cipher};
}

// ASN1_INTEGER_get gives -1 for a number that is too large.
base::Result<long> find_calls(long rounds, long calls_of_round) {
  if (rounds < 1 || rounds > most_calls) return refuse(base::Code::too_many, pkcs12_flaw::rounds);
  return rounds * calls_of_round;
}

// Gives the calls that it costs.
base::Result<long> judge_protection(const X509_ALGOR* algorithm) {
  const std::optional<Protection> protection = read_protection(algorithm);
  if (!protection) return refuse(base::Code::invalid_input, pkcs12_flaw::unknown_protection);
  constexpr std::array outdated{NID_pbe_WithSHA1And40BitRC2_CBC,
                                NID_pbe_WithSHA1And128BitRC2_CBC,
                                NID_pbe_WithSHA1And40BitRC4,
                                NID_pbe_WithSHA1And128BitRC4,
                                NID_pbeWithSHA1AndDES_CBC,
                                NID_pbeWithMD5AndDES_CBC,
                                NID_pbeWithMD2AndDES_CBC,
                                NID_pbeWithMD5AndRC2_CBC,
                                NID_pbeWithSHA1AndRC2_CBC,
                                NID_rc2_cbc,
                                NID_des_cbc};
  if (std::find(outdated.begin(), outdated.end(), protection->cipher) != outdated.end()) {
    return refuse(base::Code::denied, pkcs12_flaw::outdated);
  }
  return find_calls(protection->rounds, protection->calls_of_round);
}

class Reader {
 public:
  explicit Reader(const base::Secret& password) : password_(password) {}

  base::Result<Pkcs12Content> read(PKCS12* file) {
    const Parts parts(PKCS12_unpack_authsafes(file));
    if (!parts) return refuse(base::Code::invalid_input, "the parts of the file cannot be read");
    if (sk_PKCS7_num(parts.get()) > most_parts) return refuse(base::Code::too_many, pkcs12_flaw::large);
    RETURN_IF_ERROR(judge_mac(file));
    for (int i = 0; i < sk_PKCS7_num(parts.get()); ++i) RETURN_IF_ERROR(judge_part(sk_PKCS7_value(parts.get(), i)));
    RETURN_IF_ERROR(verify_mac(file));
    for (int i = 0; i < sk_PKCS7_num(parts.get()); ++i) RETURN_IF_ERROR(read_part(sk_PKCS7_value(parts.get(), i)));
    return assemble();
  }

 private:
  // Before the first round of anything is paid for.
  base::Result<void> judge_mac(PKCS12* file) {
    if (PKCS12_mac_present(file) != 1) return refuse(base::Code::invalid_input, "the file has no MAC");
    const ASN1_INTEGER* rounds = nullptr;
    const X509_ALGOR* algorithm = nullptr;
    PKCS12_get0_mac(nullptr, &algorithm, nullptr, &rounds, file);
    const auto digest = find_digest(OBJ_obj2nid(algorithm->algorithm));
    if (!digest) return refuse(base::Code::invalid_input, pkcs12_flaw::unknown_protection);
    const long times = password_.empty() ? 2 : 1;
    ASSIGN_OR_RETURN(const long calls, find_calls(rounds == nullptr ? 1 : ASN1_INTEGER_get(rounds), digest->calls));
    return count_calls(times * calls);
  }

  base::Result<void> verify_mac(PKCS12* file) {
    text_ = password_.reveal().data();
    size_ = static_cast<int>(password_.size());
    if (PKCS12_verify_mac(file, text_, size_) == 1) return {};
    // Programs differ in what an empty password is: two zero octets, or none.
    if (password_.empty()) {
      text_ = nullptr;
      size_ = 0;
      if (PKCS12_verify_mac(file, nullptr, 0) == 1) return {};
    }
    return refuse(base::Code::login_failed, "wrong password");
  }

  base::Result<void> count_calls(long calls) {
    calls_ += calls;
    if (calls_ <= most_calls) return {};
    return refuse(base::Code::too_many, pkcs12_flaw::rounds);
  }

  base::Result<void> judge_part(PKCS7* part) {
    if (PKCS7_type_is_data(part)) {
      const Bags bags(PKCS12_unpack_p7data(part));
      for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags.get()); ++i) {
        RETURN_IF_ERROR(judge_bag(sk_PKCS12_SAFEBAG_value(bags.get(), i)));
      }
      return {};
    }
    if (!PKCS7_type_is_encrypted(part) || part->d.encrypted == nullptr) return {};
    ASSIGN_OR_RETURN(const long calls, judge_protection(part->d.encrypted->enc_data->algorithm));
    return count_calls(calls);
  }

  base::Result<void> judge_bag(const PKCS12_SAFEBAG* bag) {
    if (PKCS12_SAFEBAG_get_nid(bag) != NID_pkcs8ShroudedKeyBag) return {};
    const X509_ALGOR* algorithm = nullptr;
    X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, nullptr);
    ASSIGN_OR_RETURN(const long calls, judge_protection(algorithm));
    return count_calls(calls);
  }

  base::Result<void> read_part(PKCS7* part) {
    Bags bags;
    const bool is_judged = PKCS7_type_is_data(part);
    if (is_judged) {
      bags.reset(PKCS12_unpack_p7data(part));
    } else if (PKCS7_type_is_encrypted(part) && part->d.encrypted != nullptr) {
      bags.reset(PKCS12_unpack_p7encdata(part, text_, size_));
    }
    if (!bags) return refuse(base::Code::invalid_input, "a part of the file cannot be read");
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags.get()); ++i) {
      if (++bags_ > most_parts) return refuse(base::Code::too_many, pkcs12_flaw::large);
      // What was encrypted itself could not be judged before.
      if (!is_judged) RETURN_IF_ERROR(judge_bag(sk_PKCS12_SAFEBAG_value(bags.get(), i)));
      RETURN_IF_ERROR(read_bag(sk_PKCS12_SAFEBAG_value(bags.get(), i)));
    }
    return {};
  }

  base::Result<void> read_bag(const PKCS12_SAFEBAG* bag) {
    switch (PKCS12_SAFEBAG_get_nid(bag)) {
      case NID_keyBag: return take_key(PKCS12_SAFEBAG_get0_p8inf(bag));
      case NID_pkcs8ShroudedKeyBag: return open_key(bag);
      case NID_certBag:
        if (PKCS12_SAFEBAG_get_bag_nid(bag) == NID_x509Certificate) {
          const ossl::Certificate one(PKCS12_SAFEBAG_get1_cert(bag));
          if (!one) return refuse(base::Code::invalid_input, "a certificate of the file cannot be read");
          certificates_.push_back(ossl::write_der(one.get(), i2d_X509));
        }
        return {};
      default: return {};  // lists and secrets are not what is looked for
    }
  }

  base::Result<void> open_key(const PKCS12_SAFEBAG* bag) {
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, ossl::Freed<PKCS8_PRIV_KEY_INFO_free>> info(
        PKCS12_decrypt_skey(bag, text_, size_));
    return take_key(info.get());
  }

  base::Result<void> take_key(const PKCS8_PRIV_KEY_INFO* info) {
    if (key_) return refuse(base::Code::conflict, pkcs12_flaw::several_keys);
    ossl::Key key(info == nullptr ? nullptr : EVP_PKCS82PKEY(info));
    if (!key) return refuse(base::Code::invalid_input, "the key of the file cannot be read");
    key_ = std::move(key);
    return {};
  }

  base::Result<Pkcs12Content> assemble() {
    if (!key_) return refuse(base::Code::not_found, pkcs12_flaw::no_key);
    const auto own = std::find_if(certificates_.begin(), certificates_.end(), [&](const base::Bytes& der) {
      const ossl::Certificate one = ossl::read_certificate(der);
      return one && X509_check_private_key(one.get(), key_.get()) == 1;
    });
    if (own == certificates_.end()) return refuse(base::Code::not_found, pkcs12_flaw::no_certificate);
    base::Bytes certificate = std::move(*own);
    certificates_.erase(own);
    std::vector<base::Bytes> chain = list_above(certificate, std::move(certificates_));
    ASSIGN_OR_RETURN(SoftKey key, keep_soft_key(std::move(key_)));
    return Pkcs12Content{std::move(key), std::move(certificate), std::move(chain)};
  }

  const base::Secret& password_;
  const char* text_ = nullptr;
  int size_ = 0;
  int bags_ = 0;
  long calls_ = 0;
  ossl::Key key_;
  std::vector<base::Bytes> certificates_;
};

}  // namespace

std::vector<base::Bytes> list_above(base::BytesView certificate, std::vector<base::Bytes> candidates) {
  const ossl::ErrorsCleared cleared;
  std::vector<base::Bytes> chain;
  ossl::Certificate below = ossl::read_certificate(certificate);
  while (below && X509_check_issued(below.get(), below.get()) != X509_V_OK) {
    ossl::Certificate above;
    const auto found = std::find_if(candidates.begin(), candidates.end(), [&](const base::Bytes& der) {
      above = ossl::read_certificate(der);
      return above && X509_check_issued(above.get(), below.get()) == X509_V_OK &&
             X509_verify(below.get(), X509_get0_pubkey(above.get())) == 1;
    });
    if (found == candidates.end()) break;
    chain.push_back(std::move(*found));
    candidates.erase(found);
    below = std::move(above);
  }
  return chain;
}

base::Result<Pkcs12Content> read_pkcs12(base::BytesView file, const base::Secret& password) {
  const ossl::ErrorsCleared cleared;
  if (file.size() > largest_pkcs12) return refuse(base::Code::too_many, pkcs12_flaw::large);
  const unsigned char* at = ossl::octets(file);
  const unsigned char* const end = at + file.size();
  const File read(d2i_PKCS12(nullptr, &at, static_cast<long>(file.size())));
  if (!read || at != end) return refuse(base::Code::invalid_input, "not one PKCS#12 file");
  return Reader(password).read(read.get());
}

}  // namespace crypto
