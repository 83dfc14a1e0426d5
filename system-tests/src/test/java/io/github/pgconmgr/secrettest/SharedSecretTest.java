package io.github.pgconmgr.secrettest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.testkit.ServerLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An instance with a shared secret ("one") and one without ("two"), towards conmgrs that know it, or another, or none. */
class SharedSecretTest {

    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String SECRET = "the secret of one and of conmgr";
    private static final String NOT_SET = "WARNING:  watchdog.secret_file is not set";

    private static Story story;
    private static PgInstance one;
    private static PgInstance two;
    private static Path oneSecret;

    @BeforeAll
    static void build() throws IOException {
        story = new Story();
        oneSecret = story.db1().folder().resolve("secret");
        write(oneSecret, Account.POSTGRES, SECRET + "\n");
        one = story.with("watchdog.secret_file", oneSecret.toString()).startPrimary();
        two = story.with("watchdog.secret_file", "").startStandby(one);
        Files.createDirectory(story.conmgrFolder());
        Account.NOBODY.own(story.conmgrFolder());
    }

    @AfterAll
    static void close() {
        story.close();
    }

    @AfterEach
    void stopConmgr() throws IOException {
        story.cmCtl("stop");
        Files.deleteIfExists(conmgrSecret());
        Files.deleteIfExists(conmgrLog().file());
    }

    private static Path conmgrSecret() {
        return story.conmgrFolder().resolve("secret");
    }

    private static ServerLog conmgrLog() {
        return new ServerLog(story.conmgrFolder().resolve("conmgr.log"));
    }

    private static void write(Path file, Account owner, String content) throws IOException {
        Files.writeString(file, content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        owner.own(file);
    }

    private static void configure(PgInstance instance, String... more) throws IOException {
        List<String> lines = List.of(
                "port = " + Story.CONMGR_PORT,
                "backend_host0 = " + instance.address(),
                "backend_port0 = " + instance.port(),
                "heartbeat_interval = 200ms",
                "heartbeat_timeout = 5s",
                "heartbeat_connect_interval = 200ms");
        String text = String.join("\n", lines) + "\n" + String.join("\n", more) + "\n";
        Files.writeString(story.conmgrFolder().resolve("conmgr.conf"), text);
    }

    private static void startWithSecret(PgInstance instance, String secret) throws IOException {
        write(conmgrSecret(), Account.NOBODY, secret);
        configure(instance, "watchdog_secret_file = secret");
        story.cmCtl("start", "-W").expectSuccess();
    }

    private static String instanceStatus() {
        return story.cmCtl("status", "-i", "instance").expectSuccess().out();
    }

    private static void awaitLine(ServerLog log, String text) {
        Await.until("a line with " + text, LIMIT, () -> !log.linesWith(text).isEmpty());
    }

    private static String rows(PgInstance instance) {
        return instance.sql("SELECT count(*) FROM pgx_stat_watchdog");
    }

    /** Several attempts are over, and none has got anything but its reason. */
    private static void assertRefused(PgInstance instance, String reason) {
        awaitLine(
                conmgrLog(),
                "WARNING:  instance 0: watchdog refused the heartbeat connection: " + reason + " (code 4)");
        awaitLine(conmgrLog(), "HINT:  instance 0: Look at watchdog.max_heartbeat_connections");
        Await.until("refusals in the instance's log", LIMIT, () -> {
            String refusal = "port [0-9]+ refused: " + reason.replace(".", "\\.");
            return instance.log().lines().stream()
                            .filter(line -> line.contains(story.app().address()))
                            .filter(line -> line.replaceAll(refusal, "REFUSED").contains("REFUSED"))
                            .count()
                    > 1;
        });
        assertEquals("0", rows(instance));
        assertTrue(instanceStatus().contains("DOWN"), SharedSecretTest::instanceStatus);
    }

    private static void assertNoSecretIsLogged() {
        for (ServerLog log : List.of(one.log(), two.log(), conmgrLog())) {
            assertEquals(List.of(), log.linesWith(SECRET.substring(0, 10)));
        }
    }

    @Test
    void theSameSecretOnBothSidesBringsTheHeartbeatUp() throws IOException {
        startWithSecret(one, SECRET);
        Await.until("the heartbeat stands", LIMIT, () -> instanceStatus().contains("ALIVE"));
        assertEquals("1", rows(one));
        assertEquals(oneSecret.toString(), one.sql("SHOW watchdog.secret_file"));
        assertEquals("on", one.sql("SHOW watchdog.terminate"));
        assertEquals(List.of(), one.log().linesWith(NOT_SET));
        assertNoSecretIsLogged();
    }

    @Test
    @Proves("S6")
    void anotherSecretIsRefusedWithAReasonInBothLogs() throws IOException {
        startWithSecret(one, "another secret, as long as it must be");
        assertRefused(
                one,
                "conmgr's shared secret is not this instance's; compare watchdog_secret_file and watchdog.secret_file");
        assertNoSecretIsLogged();
    }

    @Test
    @Proves("S6")
    void aConmgrWithoutTheSecretGetsNothingButAReason() throws IOException {
        configure(one);
        story.cmCtl("start", "-W").expectSuccess();
        assertRefused(one, "this instance asks for the shared secret; set watchdog_secret_file in conmgr.conf");
    }

    @Test
    @Proves("S6")
    void aConmgrWithASecretDoesNotBelieveAnInstanceWithout() throws IOException {
        startWithSecret(two, SECRET);
        assertRefused(two, "conmgr asks for the shared secret, but this instance has none; set watchdog.secret_file");
    }

    @Test
    void anInstanceWithoutASecretServesAConmgrWithoutOneAndWarnsAtItsStart() throws IOException {
        configure(two);
        story.cmCtl("start", "-W").expectSuccess();
        Await.until("the heartbeat stands", LIMIT, () -> instanceStatus().contains("ALIVE"));
        assertEquals(1, two.log().linesWith(NOT_SET).size());
        awaitLine(two.log(), "HINT:  Set watchdog.secret_file here and watchdog_secret_file in conmgr.conf");
    }

    @Test
    void aConmgrWhoseSecretFileCannotBeUsedDoesNotStart() throws IOException {
        configure(one, "watchdog_secret_file = secret");
        assertNotStarted("secret\" does not exist");
        write(conmgrSecret(), Account.NOBODY, "short");
        assertNotStarted("must hold a secret of 16 to 1024 bytes");
        write(conmgrSecret(), Account.NOBODY, SECRET);
        Files.setPosixFilePermissions(conmgrSecret(), PosixFilePermissions.fromString("rw-r-----"));
        assertNotStarted("has group or world access; permissions should be u=rw (0600) or less");
        write(conmgrSecret(), Account.POSTGRES, SECRET);
        if (Account.weAreRoot()) {
            assertNotStarted("cannot be read: permission denied");
        }
    }

    private static void assertNotStarted(String reason) {
        Finished start = story.cmCtl("start", "-W");
        assertNotEquals(0, start.exit());
        String said = start.out() + start.err();
        assertTrue(said.contains("conmgr.conf:7: watchdog_secret_file: secret file \""), said);
        assertTrue(said.contains(reason), said);
    }

    @Test
    void aWorkerWhoseSecretFileCannotBeUsedDoesNotListenUntilItCan() throws IOException {
        try {
            breakOnesSecret("short", "rw-------");
            awaitLine(one.log(), "must hold a secret of 16 to 1024 bytes");
            breakOnesSecret(SECRET, "rw----r--");
            awaitLine(one.log(), "has group or world access");
            awaitLine(one.log(), "HINT:  Permissions should be u=rw (0600) or less");
            Files.delete(oneSecret);
            awaitLine(
                    one.log(), "could not open watchdog.secret_file \"" + oneSecret + "\": No such file or directory");
            awaitLine(one.log(), "HINT:  It must be a file that the server's user can read");
            assertEquals("2", one.sql("SELECT 1 + 1"), "the instance goes on");
            assertFalse(listens());
        } finally {
            write(oneSecret, Account.POSTGRES, SECRET);
        }
        Await.until("the watchdog listens again", LIMIT, SharedSecretTest::listens);
        startWithSecret(one, SECRET + "\n");
        Await.until("the heartbeat stands", LIMIT, () -> instanceStatus().contains("ALIVE"));
        assertNoSecretIsLogged();
    }

    /** The worker reads it when it starts, so it is ended as well, if it still runs. */
    private static void breakOnesSecret(String content, String permissions) throws IOException {
        write(oneSecret, Account.POSTGRES, content);
        Files.setPosixFilePermissions(oneSecret, PosixFilePermissions.fromString(permissions));
        one.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'watchdog'");
    }

    private static boolean listens() {
        return story.db1().exec("ss", "-ltn").out().contains(":27545 ");
    }
}
