package io.github.pgconmgr.faults.soak;

import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Jcmd;
import io.github.pgconmgr.testkit.LabHost;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a full collection leaves in the heap of a JVM on a host of a lab, by jcmd. Not for the JVM inside PostgreSQL, where the
 * signal that wakes the JVM's listener (SIGQUIT) means an immediate stop. Immutable: no state.
 */
public final class LiveHeap {

    private static final Pattern TOTAL = Pattern.compile("^Total\\s+\\d+\\s+(\\d+)\\s*$", Pattern.MULTILINE);

    /** The JVM's socket has a fixed name in /tmp with the process id, which two hosts may have given: each gets its own. */
    private static final String OWN_TMP =
            "[ -e /tmp/.own-tmp ] || { mount -t tmpfs -o mode=1777 tmpfs /tmp && touch /tmp/.own-tmp; }";

    private LiveHeap() {}

    /** Its size in KiB; empty where it cannot be had, also by an IOException if the JVM has just ended. Blocks. */
    public static Optional<Long> kibibytes(LabHost host, OurProcess jvm) throws IOException {
        if (host.folder().startsWith("/tmp")) {
            // Its files would disappear behind the new /tmp.
            return Optional.empty();
        }
        host.exec("sh", "-c", OWN_TMP).expectSuccess();
        Finished done = Jcmd.run(host, jvm.pid(), "GC.class_histogram");
        return done.exit() == 0 ? parse(done.out()) : Optional.empty();
    }

    /** The total of a histogram, in KiB. */
    static Optional<Long> parse(String histogram) {
        Matcher total = TOTAL.matcher(histogram);
        return total.find() ? Optional.of(Long.parseLong(total.group(1)) / 1024) : Optional.empty();
    }
}
