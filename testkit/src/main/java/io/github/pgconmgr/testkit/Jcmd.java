package io.github.pgconmgr.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Asks a JVM on a host of a lab, by the JDK's jcmd. Stateless. */
public final class Jcmd {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private Jcmd() {}

    /**
     * Runs it to its end, for a JVM of the user nobody. Blocks.
     *
     * @param pid the JVM's, as this machine numbers it
     * @throws IOException if that process has ended
     */
    public static Finished run(LabHost host, long pid, String command) throws IOException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        List<String> argv = List.of(jcmd, "-J-XX:TieredStopAtLevel=1", pidOnItsHost(pid), command);
        return host.run(Account.NOBODY, LIMIT, argv);
    }

    /** Its number in its own namespace, the last of all: the programs of its host know it by that. */
    private static String pidOnItsHost(long pid) throws IOException {
        Path status = Path.of("/proc/" + pid + "/status");
        for (String line : Files.readAllLines(status)) {
            if (line.startsWith("NSpid:")) {
                return line.substring(line.lastIndexOf('\t') + 1);
            }
        }
        throw new IOException("no NSpid in " + status);
    }
}
