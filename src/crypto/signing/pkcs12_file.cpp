#include "crypto/signing/pkcs12_file.hpp"

#include <openssl/pkcs12.h>

#include <algorithm>
#include <array>
#include <optional>

#include "crypto/signing/soft_key_impl.hpp"

namespace crypto {
namespace {

constexpr int most_parts = 32;
// A million rounds of PBKDF2 take half a second. Windows writes 2,000 rounds, OpenSSL 2,048, Java 10,000; programs that
// are careful write up to 600,000.
constexpr long most_rounds = 1'000'000;
// Of MAC, certificates and key together: each part of a file may ask for as many again.
constexpr long most_rounds_of_file = 2'000'000;

using File = std::unique_ptr<PKCS12, ossl::Freed<PKCS12_free>>;

struct PartsFreed {
  void operator()(STACK_OF(PKCS7) * stack) const { sk_PKCS7_pop_free(stack, PKCS7_free); }
};
using Parts = std::unique_ptr<STACK_OF(PKCS7), PartsFreed>;
struct BagsFreed {
  void operator()(STACK_OF(PKCS12_SAFEBAG) * stack) const { sk_PKCS12_SAFEBAG_pop_free(stack, PKCS12_SAFEBAG_free); }
};
using Bags = std::unique_ptr<STACK_OF(PKCS12_SAFEBAG), BagsFreed>;

tl::unexpected<base::Error> refuse(base::Code code, const char* why) {
  return base::fail(code, why);
}

// Rounds and cipher of a part, read before a round is paid for.
struct Protection {
  long rounds = 0;
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

std::optional<Protection> read_protection(const X509_ALGOR* algorithm) {
  const int kind = OBJ_obj2nid(algorithm->algorithm);
  if (kind != NID_pbes2) {
    const auto old = decode<d2i_PBEPARAM, PBEPARAM_free>(algorithm->parameter);
    if (!old) return std::nullopt;
    return Protection{ASN1_INTEGER_get(old->iter), kind};
  }
  const auto scheme = decode<d2i_PBE2PARAM, PBE2PARAM_free>(algorithm->parameter);
  if (!scheme || OBJ_obj2nid(scheme->keyfunc->algorithm) != NID_id_pbkdf2) return std::nullopt;
  const auto function = decode<d2i_PBKDF2PARAM, PBKDF2PARAM_free>(scheme->keyfunc->parameter);
  if (!function) return std::nullopt;
  return Protection{ASN1_INTEGER_get(function->iter), OBJ_obj2nid(scheme->encryption->algorithm)};
}

// Gives the rounds that it costs.
base::Result<long> judge_protection(const X509_ALGOR* algorithm) {
  const std::optional<Protection> protection = read_protection(algorithm);
  if (!protection) return refuse(base::Code::invalid_input, "protected in a way that this program does not know");
  // ASN1_INTEGER_get gives -1 for a number that is too large.
  if (protection->rounds < 1 || protection->rounds > most_rounds) {
    return refuse(base::Code::too_many, "too many rounds of key derivation");
  }
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
    return refuse(base::Code::denied, "protected by RC2, RC4 or DES; export the file anew with AES");
  }
  return protection->rounds;
}

class Reader {
 public:
  explicit Reader(const base::Secret& password) : password_(password) {}

  base::Result<Pkcs12Content> read(PKCS12* file) {
    RETURN_IF_ERROR(verify_mac(file));
    const Parts parts(PKCS12_unpack_authsafes(file));
    if (!parts) return refuse(base::Code::invalid_input, "the parts of the file cannot be read");
    if (sk_PKCS7_num(parts.get()) > most_parts) return refuse(base::Code::too_many, "too many parts");
    for (int i = 0; i < sk_PKCS7_num(parts.get()); ++i) RETURN_IF_ERROR(judge_part(sk_PKCS7_value(parts.get(), i)));
    for (int i = 0; i < sk_PKCS7_num(parts.get()); ++i) RETURN_IF_ERROR(read_part(sk_PKCS7_value(parts.get(), i)));
    return assemble();
  }

 private:
  base::Result<void> verify_mac(PKCS12* file) {
    if (PKCS12_mac_present(file) != 1) return refuse(base::Code::invalid_input, "the file has no MAC");
    const ASN1_INTEGER* rounds = nullptr;
    PKCS12_get0_mac(nullptr, nullptr, nullptr, &rounds, file);
    const long count = rounds == nullptr ? 1 : ASN1_INTEGER_get(rounds);
    if (count < 1 || count > most_rounds) return refuse(base::Code::too_many, "too many rounds of key derivation");
    RETURN_IF_ERROR(count_rounds(count));
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

  base::Result<void> count_rounds(long rounds) {
    rounds_ += rounds;
    if (rounds_ <= most_rounds_of_file) return {};
    return refuse(base::Code::too_many, "too many rounds of key derivation");
  }

  // Before the first round of any part is paid for.
  base::Result<void> judge_part(PKCS7* part) {
    if (!PKCS7_type_is_encrypted(part) || part->d.encrypted == nullptr) return {};
    ASSIGN_OR_RETURN(const long rounds, judge_protection(part->d.encrypted->enc_data->algorithm));
    return count_rounds(rounds);
  }

  base::Result<void> read_part(PKCS7* part) {
    Bags bags;
    if (PKCS7_type_is_data(part)) {
      bags.reset(PKCS12_unpack_p7data(part));
    } else if (PKCS7_type_is_encrypted(part) && part->d.encrypted != nullptr) {
      bags.reset(PKCS12_unpack_p7encdata(part, text_, size_));
    }
    if (!bags) return refuse(base::Code::invalid_input, "a part of the file cannot be read");
    for (int i = 0; i < sk_PKCS12_SAFEBAG_num(bags.get()); ++i) {
      if (++bags_ > most_parts) return refuse(base::Code::too_many, "too many parts");
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
    const X509_ALGOR* algorithm = nullptr;
    X509_SIG_get0(PKCS12_SAFEBAG_get0_pkcs8(bag), &algorithm, nullptr);
    ASSIGN_OR_RETURN(const long rounds, judge_protection(algorithm));
    RETURN_IF_ERROR(count_rounds(rounds));
    const std::unique_ptr<PKCS8_PRIV_KEY_INFO, ossl::Freed<PKCS8_PRIV_KEY_INFO_free>> info(
        PKCS12_decrypt_skey(bag, text_, size_));
    return take_key(info.get());
  }

  base::Result<void> take_key(const PKCS8_PRIV_KEY_INFO* info) {
    if (key_) return refuse(base::Code::conflict, "the file holds several keys");
    ossl::Key key(info == nullptr ? nullptr : EVP_PKCS82PKEY(info));
    if (!key) return refuse(base::Code::invalid_input, "the key of the file cannot be read");
    key_ = std::move(key);
    return {};
  }

  base::Result<Pkcs12Content> assemble() {
    if (!key_) return refuse(base::Code::not_found, "the file holds no key");
    const auto own = std::find_if(certificates_.begin(), certificates_.end(), [&](const base::Bytes& der) {
      const ossl::Certificate one = ossl::read_certificate(der);
      return one && X509_check_private_key(one.get(), key_.get()) == 1;
    });
    if (own == certificates_.end()) return refuse(base::Code::not_found, "the file holds no certificate of its key");
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
  long rounds_ = 0;
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
  if (file.size() > largest_pkcs12) return refuse(base::Code::too_many, "larger than such a file may be");
  const unsigned char* at = ossl::octets(file);
  const unsigned char* const end = at + file.size();
  const File read(d2i_PKCS12(nullptr, &at, static_cast<long>(file.size())));
  if (!read || at != end) return refuse(base::Code::invalid_input, "not one PKCS#12 file");
  return Reader(password).read(read.get());
}

}  // namespace crypto
