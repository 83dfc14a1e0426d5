package io.github.pgconmgr.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What goes before a command so that the signals that conmgr obeys reach it: nohup and a shell's background jobs ignore some,
 * children inherit that, and no JVM can undo it. Stateless.
 */
final class SignalReset {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String IGNORED = "SigIgn:";

    /** Bits of the kernel's mask: HUP is 1, INT 2, TERM 15. */
    private static final long OURS = 1L | 1L << 1 | 1L << 14;

    private static final List<String> ENV = List.of("env", "--default-signal=HUP,INT,TERM");

    private SignalReset() {}

    /** Empty where nothing is ignored, or nothing can be done about it; conmgr warns of what it finds ignored. */
    static List<String> words() throws IOException, InterruptedException {
        if ((ignored(Files.readString(STATUS)) & OURS) == 0) {
            return List.of();
        }
        // Not every env knows the option.
        ProcessBuilder trial = new ProcessBuilder(ENV.get(0), ENV.get(1), "true").redirectErrorStream(true);
        trial.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        return trial.start().waitFor() == 0 ? ENV : List.of();
    }

    /** The mask of /proc/PID/status; 0 if there is none. */
    static long ignored(String status) {
        return status.lines()
                .filter(line -> line.startsWith(IGNORED))
                .map(line ->
                        Long.parseUnsignedLong(line.substring(IGNORED.length()).strip(), 16))
                .findFirst()
                .orElse(0L);
    }
}
