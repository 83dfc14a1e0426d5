package io.github.pgconmgr.ctl;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.daemon.ProcessUser;
import io.github.pgconmgr.testkit.Proves;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any words on the command line, and any CMDATA: an exit code of ours and a sentence, never a stack trace. */
@Proves({"C8", "C9", "C10"})
class CmCtlFuzzTest {

    /** As root: nothing can be started by accident. */
    private static final ProcessUser ROOT = new ProcessUser(0);

    private static final Set<Integer> CODES = Set.of(0, 1, 3, 4);

    private static final List<String> KNOWN = List.of(
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
            "smart",
            "1",
            "-1",
            "99999999999999999999",
            "2147483647",
            "/nonexistent/conmgr",
            "-D=/nonexistent",
            "--",
            "@/etc/hostname",
            "${CMDATA}",
            "%n%s",
            "",
            "-",
            "=",
            "--directory=",
            "-Dx\0y",
            "--timeout=0x10",
            "-WD",
            "@@",
            "'\"",
            "-t1",
            "-ifoo");

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 20261121})
    void anyWordsEndInAnExitCodeAndASentence(long seed) {
        Random random = new Random(seed);
        for (int round = 0; round < 1000; round++) {
            List<String> words = new ArrayList<>();
            for (int i = random.nextInt(7); i > 0; i--) {
                words.add(word(random));
            }
            check(words, word(random), "seed " + seed + " round " + round + ": " + words);
        }
    }

    private static void check(List<String> words, String environment, String what) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CtlConsole console = new CtlConsole(
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8));
        int code = new CmCtlMain(console, Map.of("CMDATA", environment), ROOT).run(words.toArray(String[]::new));
        String complaint = err.toString(StandardCharsets.UTF_8);
        assertTrue(CODES.contains(code), () -> what + " gave " + code);
        assertFalse(complaint.contains("Exception"), () -> what + " gave " + complaint);
        assertTrue(err.size() + out.size() > 0, () -> what + " ended without a word");
    }

    /** Three of four are what cm_ctl knows, or nearly. */
    private static String word(Random random) {
        if (random.nextInt(4) > 0) {
            return KNOWN.get(random.nextInt(KNOWN.size()));
        }
        StringBuilder word = new StringBuilder(random.nextBoolean() ? "-" : "");
        for (int i = random.nextInt(12); i > 0; i--) {
            word.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(0x10000)));
        }
        return word.toString();
    }
}
