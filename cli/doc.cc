// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// daypass doc show, extract: any signed document, taken apart. Trusts nobody and judges nobody:
// whether the signers may sign such a document is the policy's to say.
#include <fmt/format.h>

#include "cli/input_file.h"
#include "cli/pretty_json.h"
#include "cli/verb.h"
#include "core/escape.h"
#include "core/statement.h"
#include "platform/file.h"
#include "policy/describe.h"
#include "wire/digest.h"
#include "wire/envelope.h"
#include "wire/json_reader.h"
#include "wire/limits.h"
#include "wire/sshsig.h"

namespace daypass::cli {
namespace {

constexpr size_t kMaxFileBytes = wire::kMaxPolicyBytes + 17 * wire::kMaxSignatureBytes;

core::Result<wire::Envelope> ReadEnvelope(const std::string& path) {
  core::Result<std::string> bytes = ReadInputFile(path, kMaxFileBytes);
  if (!bytes) return std::move(bytes).error();
  core::Result<std::string> type = wire::ClaimedType(*bytes);
  core::Result<wire::Envelope> envelope =
      type ? wire::ParseEnvelope(*bytes, *type, wire::kMaxPolicyBytes, /*min_signatures=*/0)
           : core::Result<wire::Envelope>(std::move(type).error());
  if (envelope) return envelope;
  core::Error error = std::move(envelope).error();
  error.what = core::ForTerminal(path) + ": " + error.what;
  error.field = path;
  return error;
}

/// One signature, verified or not.
struct Line {
  bool good = false;
  std::string text;
  wire::ObjectBuilder json;
};

Line Check(const wire::Envelope& envelope, const std::string& armoured) {
  Line line;
  core::Result<wire::VerifiedSignature> signature =
      wire::VerifySignature(armoured, wire::NamespaceOf(envelope.type), envelope.payload);
  line.good = static_cast<bool>(signature);
  line.json.Bool("good", line.good);
  if (!signature) {
    line.text = "BAD: " + signature.error().what;
    line.json.String("error", signature.error().what);
    return line;
  }
  const wire::PublicKey& key = signature->key;
  line.text = fmt::format("good: {} {}", wire::KeyTypeName(key.type), key.fingerprint);
  if (wire::IsSecurityKey(key.type)) {
    line.text +=
        signature->verified ? ", touch and PIN" : (signature->presence ? ", touch" : ", NO touch");
  }
  line.json.String("key", key.line).String("fingerprint", key.fingerprint);
  line.json.Bool("presence", signature->presence).Bool("verified", signature->verified);
  return line;
}

class DocShow : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(file_, "FILE", "", "an envelope: policy, grant, status, record...",
                 Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<wire::Envelope> envelope = ReadEnvelope(file_);
    if (!envelope) return std::move(envelope).error();
    // Only to be sure that it can be shown as what it is; its own parser wants far more.
    core::Result<wire::Json> payload =
        wire::ParseJson(envelope->payload,
                        {.max_bytes = wire::kMaxPolicyBytes, .max_string = wire::kMaxRecordString});
    if (!payload) return std::move(payload).error();
    bool all_good = !envelope->signatures.empty();
    std::string signatures = all_good ? "" : "none";
    wire::ArrayBuilder list;
    for (const std::string& armoured : envelope->signatures) {
      const Line line = Check(*envelope, armoured);
      all_good = all_good && line.good;
      signatures += (signatures.empty() ? "" : "\n") + line.text;
      list.Object(line.json);
    }
    Print(context, *envelope, *std::move(payload), signatures, list);
    return all_good ? Exit::kDone : Exit::kUntrusted;
  }

 private:
  static void Print(Context& context, const wire::Envelope& envelope, wire::Json payload,
                    const std::string& signatures, const wire::ArrayBuilder& list) {
    const std::string digest = wire::Sha256Hex(envelope.payload);
    const bool is_statement = envelope.type == "grant" || envelope.type == "request";
    Fields fields;
    wire::ObjectReader in(payload.get(), wire::UnknownKeys::kIgnore);
    fields.Add("type", envelope.type);
    fields.Add("realm", core::ForTerminal(in.OptString("realm", wire::kText).value_or("")));
    fields.Add("digest", digest);
    if (is_statement) fields.Add("id", core::ShortId(digest));
    fields.Add("signed as", wire::NamespaceOf(envelope.type));
    fields.Add("signatures", signatures);
    context.out.Text(fields.Text(context.out.style()) + "\n" + PrettyJson(envelope.payload) + "\n");
    wire::ObjectBuilder json;
    json.String("type", envelope.type).String("digest", digest);
    json.Array("signatures", list).Value("payload", std::move(payload));
    context.out.Json(json);
  }

  std::string file_;
};

class DocExtract : public Verb {
 public:
  void Declare(Options& options) override {
    options.Text(file_, "FILE", "", "an envelope", Need::kRequired);
    options.Text(payload_, "--payload", "FILE", "where to write the signed bytes", Need::kRequired);
    options.Text(folder_, "--signatures", "DIR", "where to write the signatures, one file each",
                 Need::kRequired);
  }

  core::Result<Exit> Run(Context& context) override {
    core::Result<wire::Envelope> envelope = ReadEnvelope(file_);
    if (!envelope) return std::move(envelope).error();
    if (auto written = Write(*envelope); !written) return std::move(written).error();
    std::string commands;
    std::vector<std::string> files;
    for (size_t i = 1; i <= envelope->signatures.size(); ++i) {
      files.push_back(SignatureFile(i));
      commands +=
          fmt::format("  ssh-keygen -Y verify -f {} -I signer-{} -n {} -s {} < {}\n",
                      core::CommandWord(SignersFile()), i, wire::NamespaceOf(envelope->type),
                      core::CommandWord(SignatureFile(i)), core::CommandWord(payload_));
    }
    context.out.Text(fmt::format(
        "{} bytes, {} signatures. Each one's key stands in {}: compare it with those that you "
        "trust.\n{}",
        envelope->payload.size(), files.size(), core::ForTerminal(SignersFile()), commands));
    wire::ObjectBuilder json;
    json.String("type", envelope->type).String("namespace", wire::NamespaceOf(envelope->type));
    json.String("payload", payload_).Strings("signatures", files);
    json.String("allowed_signers", SignersFile());
    context.out.Json(json);
    return Exit::kDone;
  }

 private:
  std::string SignatureFile(size_t number) const {
    return fmt::format("{}/{}.sig", folder_, number);
  }
  std::string SignersFile() const { return folder_ + "/allowed_signers"; }

  core::Result<void> Write(const wire::Envelope& envelope) const {
    auto payload = platform::WriteFileDurably(payload_, envelope.payload, {.mode = 0644});
    if (!payload) return payload;
    if (!platform::FileExists(folder_)) {
      if (auto made = platform::MakeDirectory(folder_, {.mode = 0755}); !made) return made;
    }
    std::string signers;
    for (size_t i = 1; i <= envelope.signatures.size(); ++i) {
      const std::string& armoured = envelope.signatures[i - 1];
      auto written = platform::WriteFileDurably(SignatureFile(i), armoured, {.mode = 0644});
      if (!written) return written;
      core::Result<wire::VerifiedSignature> signature =
          wire::VerifySignature(armoured, wire::NamespaceOf(envelope.type), envelope.payload);
      if (signature) signers += fmt::format("signer-{} {}\n", i, signature->key.line);
    }
    return platform::WriteFileDurably(SignersFile(), signers, {.mode = 0644});
  }

  std::string file_, payload_, folder_;
};

}  // namespace

std::unique_ptr<Verb> MakeDocShow() {
  return std::make_unique<DocShow>();
}
std::unique_ptr<Verb> MakeDocExtract() {
  return std::make_unique<DocExtract>();
}

}  // namespace daypass::cli
