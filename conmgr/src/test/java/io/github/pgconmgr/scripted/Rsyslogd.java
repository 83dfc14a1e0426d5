package io.github.pgconmgr.scripted;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Machine;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;

/**
 * A real rsyslogd with a configuration, a socket and an output file of its own; it knows nothing of the machine's. Confined to the
 * test's thread; {@link #close} ends it.
 */
public final class Rsyslogd implements AutoCloseable {

    private static final String CONFIGURATION = """
            global(workDirectory="FOLDER")
            module(load="imuxsock" SysSock.Use="off")
            input(type="imuxsock" Socket="FOLDER/log" UseSpecialParser="PARSER" IgnoreTimestamp="off" RateLimit.Interval="0")
            template(name="fields" type="list") {
              property(name="syslogfacility-text") constant(value=".") property(name="syslogseverity-text") constant(value="|")
              property(name="timereported" dateFormat="rfc3339") constant(value="|")
              property(name="programname") constant(value="|") property(name="procid") constant(value="|")
              property(name="msgid") constant(value="|") property(name="msg") constant(value="\\n")
            }
            action(type="omfile" file="FOLDER/out" template="fields")
            """;

    private final Path folder;
    private final boolean specialParser;
    private Program program;

    /**
     * Starts it.
     *
     * @param specialParser rsyslogd's default: what the C library writes and nothing else
     */
    public Rsyslogd(Path folder, boolean specialParser) throws IOException {
        this.folder = folder;
        this.specialParser = specialParser;
        start();
    }

    /** Starts it again after {@link #stop}. */
    public void start() throws IOException {
        String parser = specialParser ? "on" : "off";
        Path configuration = folder.resolve("rsyslog.conf");
        Files.writeString(
                configuration,
                CONFIGURATION.replace("FOLDER", folder.toString()).replace("PARSER", parser));
        program = Program.start(
                Machine.LOCAL,
                Account.OURSELVES,
                folder.resolve("rsyslogd.log"),
                List.of(
                        "/usr/sbin/rsyslogd",
                        "-n",
                        "-f",
                        configuration.toString(),
                        "-i",
                        folder.resolve("rsyslogd.pid").toString()));
        Await.until("rsyslogd's socket", () -> Files.exists(socket()));
        Files.setPosixFilePermissions(socket(), PosixFilePermissions.fromString("rw-rw-rw-"));
    }

    public Path socket() {
        return folder.resolve("log");
    }

    /** Its lines so far: {@code facility.severity|time|program|pid|message id|text}. */
    public List<String> lines() {
        try {
            Path out = folder.resolve("out");
            return Files.exists(out) ? Files.readAllLines(out) : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Waits for a line that ends like that, and gives it. */
    public String awaitLine(String end) {
        Await.until("in rsyslogd's file: " + end, () -> lines().stream().anyMatch(line -> line.endsWith(end)));
        return lines().stream().filter(line -> line.endsWith(end)).findFirst().orElseThrow();
    }

    /** Ends it as its service does; it removes its socket. */
    public void stop() throws IOException {
        program.signal("TERM");
        program.awaitExit(Duration.ofSeconds(10));
        Files.deleteIfExists(socket());
    }

    /** Stops or continues it in place: its socket is there and nobody reads it. */
    public void signal(String name) {
        program.signal(name);
    }

    @Override
    public void close() {
        program.kill();
    }
}
