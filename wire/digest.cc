// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
#include "wire/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cstdint>
#include <cstdlib>

namespace daypass::wire {
namespace {

std::string Hash(const EVP_MD* algorithm, std::string_view bytes) {
  std::string digest(static_cast<size_t>(EVP_MD_get_size(algorithm)), '\0');
  auto* out = reinterpret_cast<unsigned char*>(digest.data());
  // Cannot fail but for lack of memory, and a wrong digest must never be used.
  if (EVP_Digest(bytes.data(), bytes.size(), out, nullptr, algorithm, nullptr) != 1) std::abort();
  return digest;
}

}  // namespace

std::string Sha256(std::string_view bytes) {
  return Hash(EVP_sha256(), bytes);
}
std::string Sha512(std::string_view bytes) {
  return Hash(EVP_sha512(), bytes);
}
core::Digest Sha256Hex(std::string_view bytes) {
  return EncodeHex(Sha256(bytes));
}

std::string RandomHex(size_t bytes) {
  std::string random(bytes, '\0');
  auto* out = reinterpret_cast<unsigned char*>(random.data());
  if (RAND_bytes(out, static_cast<int>(bytes)) != 1) std::abort();
  return EncodeHex(random);
}

std::string EncodeHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char c : bytes) {
    const auto byte = static_cast<uint8_t>(c);
    hex += kDigits[byte >> 4];
    hex += kDigits[byte & 15];
  }
  return hex;
}

bool IsEqualConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

void Wipe(std::string& secret) {
  OPENSSL_cleanse(secret.data(), secret.size());
  secret.clear();
}

}  // namespace daypass::wire
