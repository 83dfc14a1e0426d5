package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.daemon.ProcessUser;
import io.github.pgconmgr.testkit.Proves;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Any words on the command line, and any CMDATA: an exit code of ours and a plain sentence, never a stack trace. */
@Proves({"C8", "C9", "C10"})
class CmCtlFuzzTest {

    /** As root: nothing can be started by accident. */
    private static final ProcessUser ROOT = new ProcessUser(0);

    private static final Set<Integer> CODES = Set.of(0, 1, 3, 4);

    @Property(tries = 3000)
    void anyWordsEndInAnExitCodeAndASentence(@ForAll("words") List<String> words, @ForAll("word") String environment) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CtlConsole console = new CtlConsole(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        int code = new CmCtlMain(console, Map.of("CMDATA", environment), ROOT).run(words.toArray(String[]::new));
        String complaint = err.toString(StandardCharsets.UTF_8);
        assertTrue(CODES.contains(code), words + " gave " + code);
        assertFalse(complaint.contains("Exception"), words + " gave " + complaint);
        assertTrue(code == 0 || err.size() + out.size() > 0, words + " failed without a word");
    }

    @Provide
    Arbitrary<List<String>> words() {
        return word().list().ofMaxSize(6);
    }

    /** Half of what cm_ctl knows, half of what it does not. */
    @Provide
    Arbitrary<String> word() {
        return Arbitraries.oneOf(
                Arbitraries.of(
                        "start",
                        "stop",
                        "restart",
                        "reload",
                        "status",
                        "version",
                        "-D",
                        "-W",
                        "-t",
                        "-m",
                        "-i",
                        "-l",
                        "--format",
                        "json",
                        "--complete",
                        "--help",
                        "-V",
                        "fast",
                        "1",
                        "-1",
                        "99999999999999999999",
                        "/nonexistent/conmgr",
                        "-D=/nonexistent",
                        "--",
                        "@/etc/passwd",
                        "${CMDATA}",
                        "%n%s",
                        "",
                        "-",
                        "=",
                        "--directory=",
                        "-Dx\0y",
                        "--timeout=0x10"),
                Arbitraries.strings().ofMaxLength(20),
                Arbitraries.strings().ascii().ofMaxLength(8).map(text -> "-" + text));
    }
}
