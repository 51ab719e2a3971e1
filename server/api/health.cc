// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What anybody may know: that the server and its store answer, and its certificate authority.
#include "server/api/handlers.h"

namespace daypass::server {

Answer GetHealth(Call&) {
  return Reply(wire::ObjectBuilder().String("status", "ok"));
}

Answer GetCa(Call& call) {
  return Response{200, call.context.ca.certificate_pem(), "application/x-pem-file", {}};
}

}  // namespace daypass::server
