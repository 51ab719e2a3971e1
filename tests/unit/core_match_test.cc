// SPDX-License-Identifier: Apache-2.0
// SPDX-FileCopyrightText: 2026 The Daypass authors
//
// What a role lets somebody do: doors, run-as, options, and commands argument by argument. The way
// from what the user typed to the facts of a query is the agent's, and tested there.
#include <gtest/gtest.h>

#include "core/match.h"
#include "core/pattern.h"
#include "core_fixture.h"

namespace daypass::core {
namespace {

Reason Why(const World& world) {
  const Decision decision = world.Ask();
  EXPECT_EQ(IsAllow(decision), decision.reason == Reason::kGranted);
  return decision.reason;
}

/// A world whose only rule is `cat` with these matchers.
World WithArgs(std::vector<Matcher> matchers, std::vector<std::string> args) {
  World world;
  world.role().rules = {MakeRule("cat", "/usr/bin/cat", std::move(matchers))};
  world.query.command_path = SafePath("/usr/bin/cat");
  world.query.args = std::move(args);
  return world;
}

// SC-01: however it was typed, the file that it means is what counts.
TEST(Command, IsJudgedByTheFileThatItMeans) {
  for (const char* typed : {"/usr/bin/systemctl", "/bin/systemctl", "systemctl",
                            "/usr/bin/../bin/systemctl", "//usr/bin/systemctl"}) {
    World world;
    world.query.command = typed;
    EXPECT_EQ(Why(world), Reason::kGranted) << typed;
  }
  World world;
  world.query.command_path.canonical = "/usr/bin/bash";  // typed as /usr/bin/systemctl all the same
  EXPECT_EQ(Why(world), Reason::kWrongCommand);
}

// SC-02, SC-03
TEST(Command, IsDeniedWhereSomebodyElseCouldReplaceIt) {
  World world;
  world.query.command_path = UnsafePath("/usr/bin/systemctl", "/usr/bin is writable by staff");
  EXPECT_EQ(Why(world), Reason::kPathUnsafe);
  EXPECT_EQ(world.Ask().detail, "/usr/bin is writable by staff");
  world.query.command_path = {};  // not resolved at all
  EXPECT_EQ(Why(world), Reason::kPathUnsafe);
}

// SC-04: where a rule names the content, another one under the same name is not it.
TEST(Command, IsDeniedWithAnotherContentThanTheRuleNames) {
  World world;
  world.rule().sha256 = kToolDigest;
  EXPECT_EQ(Why(world), Reason::kDigest);
  world.query.command_path.sha256 = Digest(64, 'f');
  EXPECT_EQ(Why(world), Reason::kDigest);
  world.query.command_path.sha256 = kToolDigest;
  EXPECT_EQ(Why(world), Reason::kGranted);
}

// SC-05
TEST(Arguments, HaveExactlyTheArityAndOrderOfTheRule) {
  const std::vector<std::pair<std::vector<std::string>, const char*>> rows = {
      {{"restart", "nginx", "now"}, "now"}, {{"restart"}, "argument 2 is missing"},
      {{}, "argument 1 is missing"},        {{"restart nginx"}, "restart nginx"},
      {{"nginx", "restart"}, "nginx"},      {{"restart", ""}, ""},
      {{"", "restart", "nginx"}, ""},       {{"restart", "nginx "}, "nginx "},
      {{"restart", "nginx", ""}, ""},       {{"Restart", "nginx"}, "Restart"}};
  for (const auto& [args, named] : rows) {
    World world;
    world.query.args = args;
    EXPECT_EQ(Why(world), Reason::kWrongArgument) << ::testing::PrintToString(args);
    EXPECT_EQ(world.Ask().detail, named);
  }
  EXPECT_EQ(Why(World{}), Reason::kGranted);
}

TEST(Arguments, MayGoOnWhereTheRuleSaysSo) {
  World world = WithArgs({MatchIs{"-n"}}, {"-n", "a", "", "b"});
  EXPECT_EQ(Why(world), Reason::kWrongArgument);
  std::get<CommandRule>(world.role().rules[0].kind).rest_any = true;
  EXPECT_EQ(Why(world), Reason::kGranted);
  world.query.args = {"-n"};
  EXPECT_EQ(Why(world), Reason::kGranted);
  world.query.args = {};
  EXPECT_EQ(Why(world), Reason::kWrongArgument);
}

TEST(Arguments, AreBytesAndNoGlobs) {
  EXPECT_EQ(Why(WithArgs({MatchIs{"*"}}, {"a"})), Reason::kWrongArgument);
  EXPECT_EQ(Why(WithArgs({MatchIs{"*"}}, {"*"})), Reason::kGranted);
  EXPECT_EQ(Why(WithArgs({MatchIs{"a\nb\xff"}}, {"a\nb\xff"})), Reason::kGranted);
  EXPECT_EQ(Why(WithArgs({MatchOneOf{{"a", "[b]"}}}, {"b"})), Reason::kWrongArgument);
  EXPECT_EQ(Why(WithArgs({MatchOneOf{{"a", "[b]"}}}, {"[b]"})), Reason::kGranted);
  EXPECT_EQ(Why(WithArgs({MatchOneOf{}}, {""})), Reason::kWrongArgument);
}

TEST(IntMatcher, TakesOneSpellingOfANumberInItsRange) {
  for (const char* good : {"1", "10", "7"})
    EXPECT_EQ(Why(WithArgs({MatchInt{1, 10}}, {good})), Reason::kGranted);
  for (const char* bad : {"0", "11", "-1", "+1", "01", " 1", "1 ", "1.0", "0x1", "", "-", "1e0",
                          "99999999999999999999", "one"}) {
    EXPECT_EQ(Why(WithArgs({MatchInt{1, 10}}, {bad})), Reason::kWrongArgument) << bad;
  }
  EXPECT_EQ(Why(WithArgs({MatchInt{-5, 5}}, {"-0"})), Reason::kWrongArgument);
  EXPECT_EQ(Why(WithArgs({MatchInt{-5, 5}}, {"-5"})), Reason::kGranted);
  EXPECT_EQ(Why(WithArgs({MatchInt{INT64_MIN, INT64_MAX}}, {"-9223372036854775808"})),
            Reason::kGranted);
  EXPECT_EQ(Why(WithArgs({MatchInt{INT64_MIN, INT64_MAX}}, {"9223372036854775808"})),
            Reason::kWrongArgument);
}

Reason WhyUnder(const std::string& folder, const std::string& typed, PathFact fact) {
  World world = WithArgs({MatchUnder{folder}}, {typed});
  world.query.arg_paths = {std::move(fact)};
  return Why(world);
}

TEST(UnderMatcher, TakesWhatLiesBelowItsFolder) {
  EXPECT_EQ(WhyUnder("/srv/app", "/srv/app/x", SafePath("/srv/app/x")), Reason::kGranted);
  EXPECT_EQ(WhyUnder("/srv/app", "./x", SafePath("/srv/app/x")), Reason::kGranted);
  EXPECT_EQ(WhyUnder("/", "/etc/x", SafePath("/etc/x")), Reason::kGranted);
  EXPECT_EQ(WhyUnder("/srv/app", "/srv/app", SafePath("/srv/app")), Reason::kWrongArgument);
  EXPECT_EQ(WhyUnder("/srv/app", "/srv/app2/x", SafePath("/srv/app2/x")), Reason::kWrongArgument);
  EXPECT_EQ(WhyUnder("/srv/app", "/srv/app/../../etc/shadow", SafePath("/etc/shadow")),
            Reason::kWrongArgument);
  EXPECT_EQ(WhyUnder("/", "/", SafePath("/")), Reason::kWrongArgument);
}

TEST(UnderMatcher, DeniesWithoutFactsAndWhereSomebodyElseCouldReplaceAComponent) {
  EXPECT_EQ(WhyUnder("/srv/app", "/srv/app/x", UnsafePath("/srv/app/x", "/srv/app is alice's")),
            Reason::kPathUnsafe);
  EXPECT_EQ(WhyUnder("/srv/app", "/srv/app/x", {}), Reason::kWrongArgument);
  World world = WithArgs({MatchUnder{"/srv/app"}}, {"/srv/app/x"});
  EXPECT_EQ(Why(world), Reason::kWrongArgument);  // no facts at all
  // Where the rule does not ask for a path, whose it is does not matter.
  world = WithArgs({MatchIs{"/srv/app"}}, {"/srv/app/x"});
  world.query.arg_paths = {UnsafePath("/srv/app/x", "/srv/app is alice's")};
  EXPECT_EQ(Why(world), Reason::kWrongArgument);
}

// A name that the kernel would take for a file below the folder, and the program for something
// else: in /srv/app, "--checkpoint-action=exec=sh" and "mirror:backup" are names of files, too.
TEST(UnderMatcher, TakesOnlyWhatIsWrittenAsAPath) {
  for (const char* typed :
       {"-rf", "--checkpoint-action=exec=sh", "--", "mirror:backup", "of=disk", "@list", "x"}) {
    EXPECT_EQ(WhyUnder("/srv/app", typed, SafePath("/srv/app/" + std::string(typed))),
              Reason::kWrongArgument)
        << typed;
    EXPECT_EQ(
        WhyUnder("/srv/app", "./" + std::string(typed), SafePath("/srv/app/" + std::string(typed))),
        Reason::kGranted)
        << typed;
  }
  EXPECT_EQ(WhyUnder("/srv/app", "", SafePath("/srv/app/x")), Reason::kWrongArgument);
}

TEST(UnderMatcher, OfAFolderThatIsNoAbsolutePathMatchesNothing) {
  EXPECT_EQ(WhyUnder("", "/etc/shadow", SafePath("/etc/shadow")), Reason::kWrongArgument);
  EXPECT_EQ(WhyUnder("etc", "/etc/shadow", SafePath("/etc/shadow")), Reason::kWrongArgument);
}

TEST(PatternMatcher, MatchesTheWholeArgumentAsBytes) {
  const auto why = [](const char* re, const std::string& text) {
    World world = WithArgs({MatchPattern{re}}, {text});
    world.matches_pattern = MakePatternMatcher();
    return Why(world);
  };
  EXPECT_EQ(why("web-[0-9]+", "web-12"), Reason::kGranted);
  EXPECT_EQ(why("web-[0-9]+", "xweb-12"), Reason::kWrongArgument);
  EXPECT_EQ(why("web-[0-9]+", "web-12;"), Reason::kWrongArgument);
  EXPECT_EQ(why("web-[0-9]+", "web-12\nx"), Reason::kWrongArgument);
  EXPECT_EQ(why("^web$", "web\nroot"), Reason::kWrongArgument);
  EXPECT_EQ(why("(?m)^web$", "root\nweb"), Reason::kWrongArgument);
  EXPECT_EQ(why("a|b", "ab"), Reason::kWrongArgument);
  EXPECT_EQ(why("a|b", "b"), Reason::kGranted);
  EXPECT_EQ(why("a.b", "a\nb"), Reason::kGranted);
  EXPECT_EQ(why("\\xff+", "\xff\xff"), Reason::kGranted);
  EXPECT_EQ(why(".", "\xc3\xbc"), Reason::kWrongArgument);  // two bytes
  EXPECT_EQ(why("", ""), Reason::kGranted);
}

TEST(PatternMatcher, MatchesNothingWhereItDoesNotCompileOrNobodyMatches) {
  const PatternMatcher matches = MakePatternMatcher();
  EXPECT_FALSE(matches("(", "("));
  EXPECT_FALSE(matches("(?=a)a", "a"));  // RE2 has no look-ahead
  World world = WithArgs({MatchPattern{".*"}}, {"x"});
  EXPECT_EQ(Why(world), Reason::kWrongArgument);  // no matcher given
}

TEST(PatternMatcher, IsLinearOnWhatAUserTypes) {
  const PatternMatcher matches = MakePatternMatcher();
  EXPECT_FALSE(matches("(a+)+b", std::string(100'000, 'a')));
}

TEST(PatternMatcher, AnswersTheSameWhenItHasForgottenOldPatterns) {
  const PatternMatcher matches = MakePatternMatcher();
  for (int i = 0; i < 2500; ++i) {
    EXPECT_TRUE(matches("x" + std::to_string(i), "x" + std::to_string(i)));
    EXPECT_TRUE(matches("same", "same"));
  }
}

TEST(RangeOfPattern, HoldsEveryMatch) {
  const PatternRange fixed = RangeOfPattern("app-[0-9]+");
  EXPECT_TRUE(fixed.has_end);
  EXPECT_EQ(fixed.lo.substr(0, 4), "app-");
  EXPECT_EQ(fixed.hi.substr(0, 4), "app-");
  const PatternRange either = RangeOfPattern("x|-e");
  EXPECT_TRUE(either.has_end);
  EXPECT_LE(either.lo, "-e");
  EXPECT_GE(either.hi, "x");
  for (const char* open : {".*", "(", ".*x"}) EXPECT_FALSE(RangeOfPattern(open).has_end) << open;
}

TEST(CheckPattern, SaysWhatIsWrong) {
  EXPECT_TRUE(CheckPattern("a+"));
  const Result<void> bad = CheckPattern("a(");
  ASSERT_FALSE(bad);
  // What would take more than a mebibyte, however plainly it is written.
  const auto repeated = [](size_t times) {
    std::string re;
    while (times-- > 0) re += "[a-z]{1000}";
    return static_cast<bool>(CheckPattern(re));
  };
  EXPECT_TRUE(repeated(60));
  EXPECT_FALSE(repeated(120));
  EXPECT_NE(bad.error().what.find("missing )"), std::string::npos) << bad.error().what;
}

TEST(Rule, WithAFolderIsForThatFolder) {
  World world;
  world.rule().cwd = "/srv/app";
  EXPECT_EQ(Why(world), Reason::kWrongCwd);
  world.query.cwd = "/srv/app/x";
  EXPECT_EQ(Why(world), Reason::kWrongCwd);
  world.query.cwd = "/srv/app";
  EXPECT_EQ(Why(world), Reason::kGranted);
}

TEST(Rules, AreTriedOneByOneAndTheNearestMissIsShown) {
  World world;
  world.role().rules.push_back(MakeRule("status", "/usr/bin/systemctl", {MatchIs{"status"}}));
  world.role().rules.push_back(MakeRule("cat", "/usr/bin/cat", {}));
  world.query.args = {"status"};
  EXPECT_EQ(world.Ask().rule, "status");
  world.query.args = {"stop", "nginx"};
  EXPECT_EQ(Why(world), Reason::kWrongArgument);
  world.query.args = {"restart", "sshd"};
  EXPECT_EQ(world.Ask().detail, "sshd") << "of two that miss by an argument the first";
  std::swap(world.role().rules[0], world.role().rules[2]);
  EXPECT_EQ(Why(world), Reason::kWrongArgument);
  world.query.command_path.canonical = "/usr/bin/bash";
  EXPECT_EQ(Why(world), Reason::kWrongCommand);
  EXPECT_EQ(world.Ask().detail, "/usr/bin/bash");
}

// SC-14
TEST(Scoped, RoleGivesNoShell) {
  World world;
  world.query.mode = Mode::kShell;
  EXPECT_EQ(Why(world), Reason::kOptionRefused);
  world.query.mode = Mode::kLogin;
  EXPECT_EQ(Why(world), Reason::kOptionRefused);
  for (const char* shell : {"/usr/bin/bash", "/usr/bin/su", "/usr/bin/sudo"}) {
    World run;
    run.query.command_path = SafePath(shell);
    EXPECT_EQ(Why(run), Reason::kWrongCommand) << shell;
  }
}

// SC-27: the host is the one that decides, whatever -h names; a scoped role does not take the
// option.
TEST(Scoped, RoleTakesNoOptionThatChangesWhatRuns) {
  for (const char* option : {"remote_host", "host", "chroot", "chdir", "cwd", "closefrom",
                             "login_class", "role", "type", "", "unheard_of"}) {
    World world;
    world.query.options = {option};
    EXPECT_EQ(Why(world), Reason::kOptionRefused) << option;
    EXPECT_EQ(world.Ask().detail, option);
  }
  World world;
  world.query.options = {"timeout", "preserve_env"};
  EXPECT_EQ(Why(world), Reason::kGranted);
}

TEST(Full, RoleTakesAnyCommandButKeepsHostDoorAndRunAs) {
  World world;
  world.role().full = true;
  world.role().rules.clear();
  for (Mode mode : {Mode::kRun, Mode::kShell, Mode::kLogin, Mode::kEdit, Mode::kAccount}) {
    world.query.mode = mode;
    EXPECT_EQ(Why(world), Reason::kGranted) << static_cast<int>(mode);
  }
  world.query.mode = Mode::kRun;
  world.query.command_path = UnsafePath("/home/alice/x", "/home/alice is alice's");
  world.query.options = {"chroot"};
  world.query.env = {"LD_PRELOAD=x"};
  EXPECT_EQ(Why(world), Reason::kGranted);
  world.query.runas_user = "postgres";
  world.query.runas_uid = 115;
  EXPECT_EQ(Why(world), Reason::kWrongRunas);
  world.query.door = Door::kDoas;
  EXPECT_EQ(Why(world), Reason::kWrongDoor);
}

World Edit(std::vector<std::string> files) {
  World world;
  world.role().rules = {{"conf", EditRule{{"/etc/app.conf", "/etc/b.conf"}}}};
  world.query.mode = Mode::kEdit;
  world.query.command_path = UnsafePath("/home/alice/vi", "/home/alice is alice's");
  for (const std::string& file : files) world.query.file_paths.push_back(SafePath(file));
  world.query.files = std::move(files);
  return world;
}

TEST(Edit, IsJudgedByItsFilesAndNotByTheUsersEditor) {
  EXPECT_EQ(Why(Edit({"/etc/app.conf"})), Reason::kGranted);
  EXPECT_EQ(Why(Edit({"/etc/app.conf", "/etc/b.conf"})), Reason::kGranted);
  EXPECT_EQ(Why(Edit({"/etc/app.conf", "/etc/shadow"})), Reason::kWrongFile);
  EXPECT_EQ(Why(Edit({"/etc/shadow", "/etc/app.conf"})), Reason::kWrongFile);
  EXPECT_EQ(Why(Edit({})), Reason::kWrongFile);
  World unsafe = Edit({"/etc/app.conf"});
  unsafe.query.file_paths[0] = UnsafePath("/etc/app.conf", "/etc/app.conf is a link of alice's");
  EXPECT_EQ(Why(unsafe), Reason::kPathUnsafe);
  World unknown = Edit({"/etc/app.conf"});
  unknown.query.file_paths.clear();
  EXPECT_EQ(Why(unknown), Reason::kWrongFile);
}

TEST(Edit, IsNoCommandAndACommandIsNoEdit) {
  World run = Edit({"/etc/app.conf"});
  run.query.mode = Mode::kRun;
  run.query.command_path = SafePath("/etc/app.conf");
  EXPECT_EQ(Why(run), Reason::kWrongCommand);
  World edit;
  edit.query.mode = Mode::kEdit;
  EXPECT_EQ(Why(edit), Reason::kWrongFile);
}

// sudo runs the editor as the user, in the user's own environment (sudoers.c: env_swap_old).
TEST(Edit, LooksAtNoVariablesForTheyAreTheUsersOwn) {
  World world = Edit({"/etc/app.conf"});
  world.query.env = {"SSH_AUTH_SOCK=/tmp/x", "EDITOR=vi", "HOME=/home/alice"};
  EXPECT_EQ(Why(world), Reason::kGranted);
}

Query AccountAt(Door door) {
  Query query = MakeQuery();
  query.door = door;
  query.mode = Mode::kAccount;
  query.command_path = {};
  query.args.clear();
  query.env.clear();
  query.runas_user.clear();
  return query;
}

TEST(Door, OfALoginOpensForARoleThatNamesIt) {
  for (Door door : {Door::kSsh, Door::kLogin, Door::kCron}) {
    World world;
    world.query = AccountAt(door);
    EXPECT_EQ(Why(world), Reason::kWrongDoor);
    world.role().command_blind_doors = {door};  // means doors that hide a command; a login has none
    EXPECT_EQ(Why(world), Reason::kWrongDoor);
    world.role().doors = {door};
    EXPECT_EQ(Why(world), Reason::kGranted);
    world.role().run_as.users = {};  // a login leads to oneself
    EXPECT_EQ(Why(world), Reason::kGranted);
  }
}

TEST(Door, ThatHidesTheCommandOpensForFullRolesOrWhereTheRoleSaysSo) {
  for (Door door : {Door::kSu, Door::kDoas, Door::kRun0}) {
    World world;
    world.query = AccountAt(door);
    world.role().doors = {Door::kSudo, door};
    EXPECT_EQ(Why(world), Reason::kWrongDoor) << DoorName(door);
    world.role().command_blind_doors = {door};
    EXPECT_EQ(Why(world), Reason::kGranted) << DoorName(door);
    world.role().command_blind_doors.clear();
    world.role().full = true;
    EXPECT_EQ(Why(world), Reason::kGranted) << DoorName(door);
    world.role().doors = {Door::kSudo};
    EXPECT_EQ(Why(world), Reason::kWrongDoor) << DoorName(door);
  }
}

// PL-05: a broken sudo.conf must open nothing that a scoped grant did not; only where the host's
// sudo never has plugins (sudo-rs) does a role's word for the sudo door count.
TEST(Door, OfSudoWithoutPluginOpensForAScopedRoleOnlyWhereSudoHasNone) {
  World world;
  world.query = AccountAt(Door::kSudo);
  world.role().command_blind_doors = {Door::kSudo};
  EXPECT_EQ(Why(world), Reason::kWrongDoor);
  world.query.sudo_has_no_plugins = true;
  EXPECT_EQ(Why(world), Reason::kGranted);
  world.role().command_blind_doors.clear();
  EXPECT_EQ(Why(world), Reason::kWrongDoor);
}

// PAM at the sudo door does not show whom the command will run as: it may be root.
TEST(Door, ThatHidesWhomItLeadsToOpensOnlyForARoleThatRunsAsRoot) {
  for (Door door : {Door::kSudo, Door::kSu, Door::kDoas, Door::kRun0}) {
    World world;
    world.query = AccountAt(door);
    world.role().full = true;
    world.role().doors = {door};
    EXPECT_EQ(Why(world), Reason::kGranted) << DoorName(door);
    world.role().run_as.users = {"postgres"};
    EXPECT_EQ(Why(world), Reason::kWrongRunas) << DoorName(door);
    world.query.runas_user = "postgres";
    world.query.runas_uid = 115;
    EXPECT_EQ(Why(world), Reason::kGranted) << DoorName(door);
  }
}

}  // namespace
}  // namespace daypass::core
