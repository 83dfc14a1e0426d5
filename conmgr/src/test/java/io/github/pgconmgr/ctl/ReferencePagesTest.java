package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.Parameters;
import io.github.pgconmgr.daemon.ConmgrUsage;
import io.github.pgconmgr.daemon.Version;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.AutoComplete;
import picocli.CommandLine;

/** Help, reference, manual pages and completion are made from one source each: the command trees and the parameter table. */
@Proves({"C8", "C9", "C10"})
class ReferencePagesTest {

    private static final Path DIST = BuildFolder.root().resolve("conmgr/src/main/dist");
    private static final Path REFERENCE = BuildFolder.root().resolve("docs/reference");

    /** A committed file and what it has to be. */
    record Page(Path file, String text) {}

    static Stream<Page> pages() throws IOException {
        String ctl = CommandReference.of(CommandTree.create().getCommandSpec());
        String conmgr = CommandReference.of(ConmgrUsage.spec());
        // ParametersTest sees to it that this one is the table's.
        String conf = Files.readString(REFERENCE.resolve("conmgr.conf.md"));
        return Stream.of(
                new Page(REFERENCE.resolve("cm_ctl.md"), ctl),
                new Page(REFERENCE.resolve("conmgr.md"), conmgr),
                new Page(DIST.resolve("man/cm_ctl.1"), ManualPage.of(ctl, 1, Version.NUMBER)),
                new Page(DIST.resolve("man/conmgr.1"), ManualPage.of(conmgr, 1, Version.NUMBER)),
                new Page(DIST.resolve("man/conmgr.conf.5"), ManualPage.of(conf, 5, Version.NUMBER)),
                new Page(DIST.resolve("completion/cm_ctl"), AutoComplete.bash("cm_ctl", CommandTree.create())));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void theCommittedFileIsWhatTheSourceSays(Page page) throws IOException {
        String committed = Files.exists(page.file) ? Files.readString(page.file) : "";
        if (!committed.equals(page.text)) {
            Files.createDirectories(page.file.getParent());
            Files.writeString(page.file, page.text);
        }
        assertEquals(page.text, committed, page.file + " was outdated; it has been written anew, commit it");
    }

    private static Finished run(String... words) {
        return Machine.LOCAL.run(Account.OURSELVES, List.of(words));
    }

    @ParameterizedTest
    @ValueSource(strings = {"cm_ctl.1", "conmgr.1", "conmgr.conf.5"})
    void aManualPageHasNothingThatMandocWarnsOf(String name) {
        Finished lint = run(
                "mandoc",
                "-Tlint",
                "-Wwarning",
                DIST.resolve("man").resolve(name).toString());
        assertEquals("", lint.out() + lint.err());
        assertEquals(0, lint.exit());
    }

    @Test
    void theManualPageOfTheConfigurationHasEveryParameter() {
        String text = rendered("conmgr.conf.5");
        Parameters.ALL.forEach(parameter -> assertTrue(text.contains("   " + parameter.name()), parameter.name()));
        assertTrue(text.contains("takes effect: reload"), text);
    }

    @Test
    void theManualPageOfCmCtlHasEveryCommandWithItsOptionsAndExitCodes() {
        String text = rendered("cm_ctl.1");
        for (CommandLine command : CommandTree.create().getSubcommands().values()) {
            assertTrue(text.contains(command.getCommandName().toUpperCase(java.util.Locale.ROOT)), text);
            command.getCommandSpec()
                    .options()
                    .forEach(option -> assertTrue(text.contains(option.longestName()), option.longestName()));
        }
        assertTrue(text.contains("no conmgr is running in the directory"), text);
    }

    /** As man shows it, without the bold and underline that are overstruck. */
    private static String rendered(String name) {
        Finished shown =
                run("mandoc", "-Tascii", DIST.resolve("man").resolve(name).toString());
        return shown.expectSuccess().out().replaceAll(".\\x08", "");
    }

    @Test
    void bashCompletesCommandsOptionsAndChoices() {
        assertEquals(List.of("start", "status", "stop"), completions("cm_ctl", "st"));
        assertTrue(completions("cm_ctl", "status", "--f").contains("--format"));
        assertEquals(List.of("smart"), completions("cm_ctl", "stop", "-m", "s"));
    }

    private static List<String> completions(String... words) {
        String script = "source " + DIST.resolve("completion/cm_ctl") + "; COMP_WORDS=(" + String.join(" ", words)
                + "); COMP_CWORD=" + (words.length - 1) + "; COMP_LINE='" + String.join(" ", words)
                + "'; COMP_POINT=${#COMP_LINE}"
                + "; _complete_cm_ctl; printf '%s\\n' \"${COMPREPLY[@]}\"";
        return Arrays.stream(run("bash", "-c", script).expectSuccess().out().split("\\s+"))
                .filter(word -> !word.isEmpty())
                .sorted()
                .toList();
    }

    @Test
    void theDaemonsOwnOptionsAreThoseOfItsPage() {
        List<String> names = ConmgrUsage.spec().options().stream()
                .flatMap(option -> Arrays.stream(option.names()))
                .toList();
        assertEquals(List.of("-D", "-V", "--version", "-?", "--help"), names, "ConmgrMain reads these, and no others");
    }
}
