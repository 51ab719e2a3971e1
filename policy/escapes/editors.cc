// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// Editors, pagers, and what opens one of them: from each of them a shell is a keystroke away.
#include "policy/escapes/escape.h"

namespace daypass::policy {
namespace {

using enum Power;
using enum Needs;

constexpr Escape kRows[] = {
    {"vi", "vi(1), command :!", {{kShell}}},
    {"vim", "vim(1), command :!", {{kShell}}},
    {"view", "view(1), command :!", {{kShell}}},
    {"rvim", "rvim(1), command :!", {{kShell}}},
    {"ex", "ex(1), command :!", {{kShell}}},
    {"rview", "rview(1), command :!", {{kShell}}},
    {"vimdiff", "vimdiff(1), command :!", {{kShell}}},
    {"nvim", "nvim(1), command :!", {{kShell}}},
    {"vim.basic", "vim.basic(1), command :!", {{kShell}}},
    {"vim.tiny", "vim.tiny(1), command :!", {{kShell}}},
    {"elvis", "elvis(1), command :!", {{kShell}}},
    {"nvi", "nvi(1), command :!", {{kShell}}},
    {"nano", "nano(1); ^R^X runs a command, and it writes any file", {{kShell}}},
    {"pico", "pico(1); an editor writes any file", {{kWrites}}},
    {"rnano",
     "rnano(1); a restricted nano still writes the files given to it",
     {{kWrites, "", kPath}}},
    {"ed", "ed(1), command !", {{kShell}}},
    {"red", "red(1): a restricted ed still writes the files given to it", {{kWrites, "", kPath}}},
    {"emacs", "emacs(1), M-! runs a command", {{kShell}}},
    {"emacsclient", "emacsclient(1), --eval runs code", {{kShell}}},
    {"jed", "jed(1), shell_cmd", {{kShell}}},
    {"joe", "joe(1), ^K ! runs a command", {{kShell}}},
    {"jmacs", "joe(1), runs commands", {{kShell}}},
    {"ne", "ne(1), Exec", {{kShell}}},
    {"micro", "micro(1), ^B runs a command", {{kShell}}},
    {"kak", "kak(1), command !", {{kShell}}},
    {"hx", "hx(1), command :sh", {{kShell}}},
    {"mg", "mg(1), M-! runs a command", {{kShell}}},
    {"zile", "zile(1), M-! runs a command", {{kShell}}},
    {"mc", "mc(1), a command line at the bottom", {{kShell}}},
    {"mcedit", "mcedit(1), runs external filters", {{kShell}}},
    {"mcview", "mcview(1), a viewer with an editor behind it", {{kShell}}},
    {"less", "less(1), COMMANDS: ! and v", {{kShell}}},
    {"more", "more(1), COMMANDS: ! and v", {{kShell}}},
    {"most", "most(1), edits with e", {{kShell}}},
    {"pg", "pg(1), COMMANDS: !", {{kShell}}},
    {"zless", "zless(1), opens less", {{kShell}}},
    {"zmore", "zmore(1), opens more", {{kShell}}},
    {"man", "man(1), opens a pager; -P names another program", {{kShell}}},
    {"info", "info(1), command !", {{kShell}}},
    {"pinfo", "pinfo(1), runs commands on keys", {{kShell}}},
    {"editor", "editor(1) of the alternatives: an editor", {{kShell}}},
    {"pager", "pager(1) of the alternatives: a pager", {{kShell}}},
    {"sensible-editor", "sensible-editor(1), runs $EDITOR", {{kShell}}},
    {"sensible-pager", "sensible-pager(1), runs $PAGER", {{kShell}}},
    {"select-editor", "select-editor(1), chooses the editor of root", {{kShell}}},
    {"sudoedit", "sudoedit(8), an editor", {{kShell}}},
    {"vipw", "vipw(8), an editor on passwd", {{kShell}}},
    {"vigr", "vigr(8), an editor on group", {{kShell}}},
    {"visudo", "visudo(8), an editor on sudoers", {{kShell}}},
    {"bat", "bat(1), opens a pager", {{kShell}}},
    {"batcat", "batcat(1), opens a pager", {{kShell}}},
    {"tig", "tig(1), runs external commands", {{kShell}}},
    {"ranger", "ranger(1), command :shell", {{kShell}}},
    {"nnn", "nnn(1), ! opens a shell", {{kShell}}},
    {"lynx", "lynx(1), command !", {{kShell}}},
    {"w3m", "w3m(1), command !", {{kShell}}},
    {"elinks", "elinks(1), runs external programs", {{kShell}}},
    {"mutt", "mutt(1), command !", {{kShell}}},
    {"mail", "mail(1), escape ~!", {{kShell}}},
    {"mailx", "mailx(1), escape ~!", {{kShell}}},
    {"top", "top(1), writes its rc file, and kills", {{kGuard, "", kFree}}},
    {"cscope", "cscope(1), opens an editor", {{kShell}}},
    {"crontab", "crontab(1), edits what cron runs", {{kRuns, "", kNothing, "-l"}}},
};

}  // namespace

std::span<const Escape> EditorEscapes() {
  return kRows;
}

}  // namespace daypass::policy
