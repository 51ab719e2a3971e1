// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What wire makes of a library that fails below it: never a good signature, never another digest,
// never half of a document. Functions of OpenSSL stand here anew, and fail where a test says so.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <jansson.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#include <cstdlib>
#include <functional>
#include <new>
#include <optional>

#include "wire/digest.h"
#include "wire/json_builder.h"
#include "wire/sshsig.h"
#include "wire_fixture.h"

namespace {

std::string failing;              // the function that fails; none if empty
int answer = 0;                   // what it says then, if it says a number
std::optional<size_t> news_left;  // so many times `new` has memory; always, if there is no number

/// Whether `name` fails; else what the library has under that name is called.
template <typename Result, typename... Parameters, typename... Arguments>
Result Call(Result failure, Result (*)(Parameters...), const char* name, Arguments... arguments) {
  if (failing == name) return failure;
  return reinterpret_cast<Result (*)(Parameters...)>(dlsym(RTLD_NEXT, name))(arguments...);
}

}  // namespace

// NOLINTBEGIN(readability-identifier-naming): OpenSSL's
extern "C" {
EVP_MD_CTX* EVP_MD_CTX_new() {
  return Call<EVP_MD_CTX*>(nullptr, EVP_MD_CTX_new, __func__);
}
int EVP_Digest(const void* data, size_t count, unsigned char* out, unsigned int* size,
               const EVP_MD* type, ENGINE* engine) {
  return Call(answer, EVP_Digest, __func__, data, count, out, size, type, engine);
}
int RAND_bytes(unsigned char* out, int size) {
  return Call(answer, RAND_bytes, __func__, out, size);
}
int EVP_DigestVerifyInit(EVP_MD_CTX* context, EVP_PKEY_CTX** key_context, const EVP_MD* type,
                         ENGINE* engine, EVP_PKEY* key) {
  return Call(answer, EVP_DigestVerifyInit, __func__, context, key_context, type, engine, key);
}
int EVP_DigestVerify(EVP_MD_CTX* context, const unsigned char* signature, size_t size,
                     const unsigned char* data, size_t count) {
  return Call(answer, EVP_DigestVerify, __func__, context, signature, size, data, count);
}
int EVP_DigestSignInit(EVP_MD_CTX* context, EVP_PKEY_CTX** key_context, const EVP_MD* type,
                       ENGINE* engine, EVP_PKEY* key) {
  return Call(answer, EVP_DigestSignInit, __func__, context, key_context, type, engine, key);
}
int EVP_DigestSign(EVP_MD_CTX* context, unsigned char* signature, size_t* size,
                   const unsigned char* data, size_t count) {
  return Call(answer, EVP_DigestSign, __func__, context, signature, size, data, count);
}
EVP_PKEY* EVP_PKEY_new_raw_public_key(int type, ENGINE* engine, const unsigned char* key,
                                      size_t size) {
  return Call<EVP_PKEY*>(nullptr, EVP_PKEY_new_raw_public_key, __func__, type, engine, key, size);
}
int EVP_PKEY_get_raw_public_key(const EVP_PKEY* key, unsigned char* out, size_t* size) {
  return Call(answer, EVP_PKEY_get_raw_public_key, __func__, key, out, size);
}
EVP_PKEY_CTX* EVP_PKEY_CTX_new_from_name(OSSL_LIB_CTX* library, const char* name,
                                         const char* properties) {
  return Call<EVP_PKEY_CTX*>(nullptr, EVP_PKEY_CTX_new_from_name, __func__, library, name,
                             properties);
}
int EVP_PKEY_fromdata_init(EVP_PKEY_CTX* context) {
  return Call(answer, EVP_PKEY_fromdata_init, __func__, context);
}
BIGNUM* BN_bin2bn(const unsigned char* bytes, int size, BIGNUM* number) {
  return Call<BIGNUM*>(nullptr, BN_bin2bn, __func__, bytes, size, number);
}
ECDSA_SIG* ECDSA_SIG_new() {
  return Call<ECDSA_SIG*>(nullptr, ECDSA_SIG_new, __func__);
}
int i2d_ECDSA_SIG(const ECDSA_SIG* signature, unsigned char** out) {
  return Call(answer, i2d_ECDSA_SIG, __func__, signature, out);
}
BIO* BIO_new(const BIO_METHOD* method) {
  return Call<BIO*>(nullptr, BIO_new, __func__, method);
}
BIO* BIO_new_mem_buf(const void* bytes, int size) {
  return Call<BIO*>(nullptr, BIO_new_mem_buf, __func__, bytes, size);
}
int PEM_write_bio_PKCS8PrivateKey(BIO* bio, const EVP_PKEY* key, const EVP_CIPHER* cipher,
                                  const char* text, int size, pem_password_cb* callback,
                                  void* data) {
  return Call(answer, PEM_write_bio_PKCS8PrivateKey, __func__, bio, key, cipher, text, size,
              callback, data);
}
}  // extern "C"
// NOLINTEND(readability-identifier-naming)

[[gnu::noinline]] void* operator new(size_t size) {
  if (news_left && (*news_left)-- == 0) {
    news_left.reset();
    throw std::bad_alloc();
  }
  if (void* piece = std::malloc(size)) return piece;  // NOLINT: what `new` is made of
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* piece) noexcept {
  std::free(piece);  // NOLINT: what `delete` is made of
}
[[gnu::noinline]] void operator delete(void* piece, size_t /*size*/) noexcept {
  std::free(piece);  // NOLINT: what `delete` is made of
}

namespace daypass::wire {
namespace {

using core::Reason;

constexpr std::string_view kNamespace = "grant@daypass";
constexpr std::string_view kMessage = "exact bytes";

/// Within it the function says that it failed.
class Failing {
 public:
  explicit Failing(const char* name, int with = 0) {
    failing = name;
    answer = with;
  }
  ~Failing() { failing.clear(); }
  Failing(const Failing&) = delete;
  Failing& operator=(const Failing&) = delete;
};

const SshKey& Ed25519() {
  static const SshKey key("ed25519");
  return key;
}
const SshKey& Ecdsa() {
  static const SshKey key("ecdsa -b 256");
  return key;
}

/// Every way in which OpenSSL may fail is a signature that is not good. Control: the same signature
/// while nothing fails, before and after.
void ExpectRefused(const std::string& good, const std::vector<const char*>& functions) {
  const auto verify = [&] { return VerifySignature(good, kNamespace, kMessage).operator bool(); };
  ASSERT_TRUE(verify());
  for (const char* function : functions) {
    for (const int with : {0, -1, -2}) {
      const Failing one(function, with);
      EXPECT_FALSE(verify()) << function << " says " << with;
    }
  }
  EXPECT_TRUE(verify());
}

TEST(OpensslThatFails, MakesNoSignatureGood) {
  const std::vector<const char*> both = {"EVP_MD_CTX_new", "EVP_DigestVerifyInit",
                                         "EVP_DigestVerify"};
  std::vector<const char*> plain = both, curve = both;
  plain.push_back("EVP_PKEY_new_raw_public_key");
  for (const char* function : {"EVP_PKEY_CTX_new_from_name", "EVP_PKEY_fromdata_init", "BN_bin2bn",
                               "ECDSA_SIG_new", "i2d_ECDSA_SIG"}) {
    curve.push_back(function);
  }
  ExpectRefused(Ed25519().Sign(kNamespace, kMessage), plain);
  ExpectRefused(Ecdsa().Sign(kNamespace, kMessage), curve);
  ExpectRefused(SoftToken(KeyType::kSkEd25519).Sign(kNamespace, kMessage, kTouched), plain);
  ExpectRefused(SoftToken(KeyType::kSkEcdsaP256).Sign(kNamespace, kMessage, kTouched), curve);
}

TEST(OpensslThatFails, MakesNoBadSignatureGood) {
  const std::string of_another = Ecdsa().Sign(kNamespace, "other bytes");
  for (const char* function : {"EVP_MD_CTX_new", "EVP_DigestVerifyInit", "EVP_DigestVerify"}) {
    const Failing one(function, -1);
    const auto verified = VerifySignature(of_another, kNamespace, kMessage);
    ASSERT_FALSE(verified) << function;
    EXPECT_EQ(verified.error().code, Reason::kBadSignature) << function;
  }
}

TEST(OpensslThatFails, GivesNoKeyAndNoSignature) {
  const PrivateKey key = PrivateKey::Generate();
  const std::string pem = key.ToPem();
  const std::pair<const char*, std::function<void()>> cases[] = {
      {"EVP_PKEY_get_raw_public_key", [] { PrivateKey::Generate(); }},
      {"EVP_PKEY_get_raw_public_key", [&] { PrivateKey::FromPem(pem).operator bool(); }},
      {"BIO_new_mem_buf", [&] { PrivateKey::FromPem(pem).operator bool(); }},
      {"BIO_new", [&] { key.ToPem(); }},
      {"PEM_write_bio_PKCS8PrivateKey", [&] { key.ToPem(); }},
      {"EVP_MD_CTX_new", [&] { key.SignRaw("x"); }},
      {"EVP_DigestSignInit", [&] { key.SignRaw("x"); }},
      {"EVP_DigestSign", [&] { key.SignRaw("x"); }},
  };
  for (const auto& [function, use] : cases) {
    EXPECT_NO_THROW(use()) << function << ": the control";
    for (const int with : {0, -1, -2}) {
      const Failing one(function, with);
      EXPECT_THROW(use(), std::bad_alloc) << function << " says " << with;
    }
  }
}

// A digest that was not made, or a number that was not drawn, would be zeros that everybody knows.
TEST(OpensslThatFailsDeathTest, EndsTheProcessInsteadOfUsingZeros) {
  EXPECT_EQ(Sha256Hex("x").size(), 64U);
  EXPECT_EQ(RandomHex(16).size(), 32U);
  for (const int with : {0, -1}) {
    const Failing digest("EVP_Digest", with);
    EXPECT_DEATH(Sha256("x"), "");
    EXPECT_DEATH(Sha512("x"), "");
    const Failing random("RAND_bytes", with);
    EXPECT_DEATH(RandomHex(16), "");
  }
}

size_t pieces_left = 0;  // so many times jansson gets memory; then once not

void* GetOrRefuseOnce(size_t size) {
  if (pieces_left-- == 0) return nullptr;
  return std::malloc(size);  // NOLINT: jansson's terms
}

std::string BuildAndDump() {
  ArrayBuilder list;
  list.String("x").Int(1).Object(ObjectBuilder().Bool("t", true));
  for (int i = 0; i < 9; ++i) list.Int(i);  // more than it has room for at first
  return ObjectBuilder()
      .String("s", "some text")
      .String("bad", "\xFF")
      .Int("i", 7)
      .StringMap("m", {{"k", "v"}, {"l", "w"}})
      .Array("l", list)
      .Dump();
}

// What is built or written without memory is no document at all; one with a part missing would be
// signed as it is. Control: with memory for everything it is the whole one.
TEST(MemoryThatRunsOut, LeavesNoDocumentWithAPartMissing) {
  const std::string whole = BuildAndDump();
  json_malloc_t get = nullptr;
  json_free_t give_back = nullptr;
  json_get_alloc_funcs(&get, &give_back);
  size_t refused = 0;
  for (std::string text; text.empty(); ++refused) {
    pieces_left = refused;
    json_set_alloc_funcs(GetOrRefuseOnce, std::free);
    try {
      text = BuildAndDump();
      EXPECT_EQ(text, whole) << refused;
    } catch (const std::bad_alloc&) {
    }
    json_set_alloc_funcs(get, give_back);
    ASSERT_LT(refused, 1000U) << "it never succeeds";
  }
  EXPECT_GT(refused, 20U) << "jansson was refused memory";
}

TEST(MemoryThatRunsOut, WritesNoTextThatIsCutOff) {
  const Json json =
      ObjectBuilder()
          .Strings("a", std::vector(50, std::string("x")))
          .StringMap("m", {{std::string(200, 'k'), "v"}, {std::string(400, 'l'), "w"}})
          .Take();
  const std::string whole = Dump(json);
  size_t refused = 0;
  for (std::string text; text.empty(); ++refused) {
    news_left = refused;
    try {
      text = Dump(json);
      EXPECT_EQ(text, whole) << refused;
    } catch (const std::bad_alloc&) {
    }
    news_left.reset();
    ASSERT_LT(refused, 1000U) << "it never succeeds";
  }
  EXPECT_GT(refused, 3U) << "the text was refused memory as it grew";
}

}  // namespace
}  // namespace daypass::wire
