// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Languages, debuggers, compilers and build tools: what they are given is code.
#include "policy/escapes/escape.h"

namespace daypass::policy {
namespace {

using enum Power;
using enum Needs;

constexpr Escape kRows[] = {
    {"python", "python(1), runs the code that it is given", {{kRuns}}},
    {"perl", "perl(1), runs the code that it is given", {{kRuns}}},
    {"ruby", "ruby(1), runs the code that it is given", {{kRuns}}},
    {"node", "node(1), runs the code that it is given", {{kRuns}}},
    {"nodejs", "nodejs(1), runs the code that it is given", {{kRuns}}},
    {"deno", "deno(1), runs the code that it is given", {{kRuns}}},
    {"bun", "bun(1), runs the code that it is given", {{kRuns}}},
    {"lua", "lua(1), runs the code that it is given", {{kRuns}}},
    {"luajit", "luajit(1), runs the code that it is given", {{kRuns}}},
    {"php", "php(1), runs the code that it is given", {{kRuns}}},
    {"tclsh", "tclsh(1), runs the code that it is given", {{kRuns}}},
    {"wish", "wish(1), runs the code that it is given", {{kRuns}}},
    {"expect", "expect(1), runs the code that it is given", {{kRuns}}},
    {"Rscript", "Rscript(1), runs the code that it is given", {{kRuns}}},
    {"R", "R(1), runs the code that it is given", {{kRuns}}},
    {"julia", "julia(1), runs the code that it is given", {{kRuns}}},
    {"octave", "octave(1), runs the code that it is given", {{kRuns}}},
    {"guile", "guile(1), runs the code that it is given", {{kRuns}}},
    {"racket", "racket(1), runs the code that it is given", {{kRuns}}},
    {"sbcl", "sbcl(1), runs the code that it is given", {{kRuns}}},
    {"ocaml", "ocaml(1), runs the code that it is given", {{kRuns}}},
    {"elixir", "elixir(1), runs the code that it is given", {{kRuns}}},
    {"iex", "iex(1), runs the code that it is given", {{kRuns}}},
    {"erl", "erl(1), runs the code that it is given", {{kRuns}}},
    {"irb", "irb(1), runs the code that it is given", {{kRuns}}},
    {"jshell", "jshell(1), runs the code that it is given", {{kRuns}}},
    {"scala", "scala(1), runs the code that it is given", {{kRuns}}},
    {"pwsh", "pwsh(1), runs the code that it is given", {{kRuns}}},
    {"jrunscript", "jrunscript(1), runs the code that it is given", {{kRuns}}},
    {"gforth", "gforth(1), runs the code that it is given", {{kRuns}}},
    {"awk", "awk(1), functions system and getline", {{kRuns}}},
    {"gawk", "gawk(1), functions system and getline", {{kRuns}}},
    {"mawk", "mawk(1), functions system and getline", {{kRuns}}},
    {"nawk", "nawk(1), functions system and getline", {{kRuns}}},
    {"original-awk", "original-awk(1), functions system and getline", {{kRuns}}},
    {"bc", "bc(1), reads any file that it is told to", {{kReads, "", kPath}}},
    {"dc", "dc(1), COMMANDS: ! runs a command", {{kRuns}}},
    {"m4", "m4(1), macros syscmd and esyscmd", {{kRuns}}},
    {"java", "java(1), runs the code that it is given", {{kRuns}}},
    {"gdb", "gdb(1), command shell, and code in other programs", {{kRuns}}},
    {"lldb", "lldb(1), command platform shell", {{kRuns}}},
    {"strace", "strace(1), runs what it traces, and writes where -o says", {{kRuns}}},
    {"ltrace", "ltrace(1), runs what it traces", {{kRuns}}},
    {"perf", "perf(1), perf-record(1): runs what it measures", {{kRuns}}},
    {"valgrind", "valgrind(1), runs what it checks", {{kRuns}}},
    {"make", "make(1), runs the recipes of a makefile", {{kRuns}}},
    {"gmake", "make(1), runs the recipes of a makefile", {{kRuns}}},
    {"ninja", "ninja(1), runs the commands of a build file", {{kRuns}}},
    {"cmake", "cmake(1), OPTIONS: -E, -P and projects run commands", {{kRuns}}},
    {"ant", "ant(1), runs the tasks of a build file", {{kRuns}}},
    {"mvn", "mvn(1), runs the plugins of a project", {{kRuns}}},
    {"gradle", "gradle(1), runs the code of a build file", {{kRuns}}},
    {"rake", "rake(1), runs the code of a Rakefile", {{kRuns}}},
    {"gcc", "gcc(1), -wrapper and -fplugin; writes where -o says", {{kRuns}}},
    {"g++", "g++(1), -wrapper and -fplugin; writes where -o says", {{kRuns}}},
    {"cc", "gcc(1), -wrapper and -fplugin; writes where -o says", {{kRuns}}},
    {"ld", "ld(1), -plugin loads code; writes where -o says", {{kLoads}}},
    {"jq", "jq(1), reads any file that it is told to", {{kReads, "", kPath}}},
};

}  // namespace

std::span<const Escape> InterpreterEscapes() {
  return kRows;
}

}  // namespace daypass::policy
