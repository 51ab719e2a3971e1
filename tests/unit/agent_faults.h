// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Faults at the edges of the agent: counts what its code and its libraries ask for, and refuses one
// request. For a process that is forked for one trial: there is no way back.
#pragma once

#include <cstddef>
#include <string>

namespace daypass::agent {

enum class Edge : unsigned char {
  kCalls,    ///< of the OS, by our code and by SQLite; those that can fail
  kSqlite,   ///< memory that SQLite asks for
  kNew,      ///< memory that C++ asks for, our code or a library
  kJansson,  ///< memory that jansson asks for; being refused it ends the process
  kCrypto,   ///< memory that OpenSSL asks for
};

/// From now on requests at this edge are counted, and this one (from 0) is refused. `error`: what a
/// call of the OS says then.
void RefuseOne(Edge edge, size_t number, int error);

/// Between these two nothing is counted or refused: the test's own doing.
void HoldFaults();
void GoOnWithFaults();

/// How many requests there were, and the name of the one that was refused; empty: none was.
size_t CountedRequests();
std::string RefusedRequest();

}  // namespace daypass::agent
