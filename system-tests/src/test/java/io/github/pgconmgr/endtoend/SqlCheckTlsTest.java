package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Checks by SQL through TLS, as libpq does it: the one protection from a false instance that they have (ADR 10). */
class SqlCheckTlsTest {

    private static Story story;
    private static PgInstance one;
    private static Conmgr conmgr;
    private static Path own;
    private static Path others;

    @BeforeAll
    static void build() throws IOException {
        story = new Story().with("shared_preload_libraries", "");
        one = story.startPrimary();
        one.sql("CREATE ROLE checker LOGIN");
        PgInstance two = story.startStandby(one);
        // On "two" the certificate of another name.
        others = Certificates.give(two, "elsewhere", story.app());
        own = Certificates.give(one, "db1", story.app());
        conmgr = new Conmgr(story.app(), "conmgr");
    }

    @AfterAll
    static void close() {
        story.close();
    }

    private static void expectShown(int instance, String text) {
        Await.until(
                "instance " + instance + " shows: " + text,
                Stage.LIMIT,
                () -> conmgr.statusOf(instance).contains(text));
    }

    private static List<String> instance(int number, String host, Path root) {
        return List.of(
                "backend_host" + number + " = " + host,
                "backend_check" + number + " = sql",
                "check_conninfo" + number + " = 'user=checker sslmode=verify-full sslrootcert=" + root + "'");
    }

    @Test
    void anInstanceIsBelievedOnlyWithACertificateForItsNameFromTheAuthorityThatWasNamed() throws IOException {
        List<String> lines = new ArrayList<>();
        lines.addAll(instance(0, "db1", own));
        lines.addAll(instance(1, story.db1().address(), own));
        lines.addAll(instance(2, "db1", others));
        lines.addAll(instance(3, "db2", others));
        lines.addAll(List.of("check_interval = 100ms", "heartbeat_interval = 1s", "log_min_messages = INFO"));
        conmgr.configure(lines.toArray(String[]::new));
        conmgr.ctl("start").expectSuccess();
        expectShown(0, "answered by SQL");
        assertEquals("t", tlsOfTheCheck());
        expectShown(1, "The hostname " + story.db1().address() + " could not be verified");
        expectShown(2, "TLS: ");
        expectShown(3, "The hostname db2 could not be verified");
        for (int bad = 1; bad <= 3; bad++) {
            assertTrue(conmgr.statusOf(bad).contains("DOWN"), conmgr.statusOf(bad));
        }
        // Nobody goes on in clear text either.
        Path hba = one.data().resolve("pg_hba.conf");
        Files.writeString(
                hba, "hostssl all checker all reject\nhostnossl all checker all trust\n" + Files.readString(hba));
        one.reload();
        one.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'checker'");
        expectShown(0, "SQLSTATE 28000");
    }

    private static String tlsOfTheCheck() {
        return one.sql(
                "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE usename = 'checker'");
    }
}
