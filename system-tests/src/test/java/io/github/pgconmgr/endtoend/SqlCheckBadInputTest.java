package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.testkit.JavaCommand;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * One conmgr, a good instance and ten that cannot be checked, each in its own way: each is named in the log once and in the status as long
 * as it lasts, and the good one is checked as if it were alone. No secret is written anywhere.
 */
class SqlCheckBadInputTest {

    private static final int BAD_PORT = 40_000;
    private static final String SECRET = "correct-horse";
    private static final String WRONG = "battery-staple";

    private static Story story;
    private static PgInstance one;
    private static Conmgr conmgr;
    private static Client client;
    private static Program servers;
    private final List<String> lines = new ArrayList<>();
    private int count;

    @BeforeAll
    static void build() throws IOException {
        story = new Story().with("shared_preload_libraries", "");
        one = story.startPrimary();
        one.sql("CREATE ROLE good LOGIN PASSWORD '" + SECRET + "'; CREATE ROLE limited LOGIN CONNECTION LIMIT 0;"
                + " CREATE ROLE poor LOGIN");
        one.sql("CREATE DATABASE revoked");
        one.psql("revoked", "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC")
                .expectSuccess();
        Passwords.require(one, "good");
        servers = startServers();
        conmgr = new Conmgr(story.app(), "conmgr");
        client = Client.on(story.app());
    }

    @AfterAll
    static void close() {
        client.close();
        servers.close();
        story.close();
    }

    private static Program startServers() {
        Path classes = BuildFolder.root().resolve("system-tests/target/test-classes");
        List<String> argv =
                JavaCommand.of(32, List.of(classes), BadServers.class.getName(), Integer.toString(BAD_PORT));
        Program program = story.db2().start(Account.NOBODY, "servers", argv);
        program.awaitLine("READY", Stage.LIMIT);
        return program;
    }

    private static void passfile(String name, String password) throws IOException {
        Path file = Files.writeString(conmgr.folder().resolve(name), "*:*:*:good:" + password + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        Account.NOBODY.own(file);
    }

    private int add(String host, int port, String conninfo) {
        lines.add("backend_host" + count + " = " + host);
        lines.add("backend_port" + count + " = " + port);
        lines.add("backend_check" + count + " = sql");
        lines.add("check_conninfo" + count + " = '" + conninfo + "'");
        return count++;
    }

    private int addAtServer(String conninfo) {
        return add(one.address(), one.port(), conninfo);
    }

    private int addBad(int index, String conninfo) {
        return add(story.db2().address(), BAD_PORT + index, conninfo);
    }

    @Test
    void eachIsNamedOnceAndTheGoodOneIsCheckedAsEver() throws IOException {
        int good = addAtServer("user=good passfile=right");
        List<String> reasons = List.of(
                "password authentication failed for user \"good\" (SQLSTATE 28P01)",
                "The server requested SCRAM-based authentication",
                "database \"missing\" does not exist (SQLSTATE 3D000)",
                "permission denied for function pg_control_system (SQLSTATE 42501)",
                "too many connections for role \"limited\" (SQLSTATE 53300)",
                "no answer within 2.0 s",
                "this is not PostgreSQL",
                "a message of 2147483647 bytes from backend_port: this is not PostgreSQL",
                "more than 262144 bytes for one check from backend_port: this is not PostgreSQL",
                "could not resolve host name \"nowhere.invalid\"");
        addAtServer("user=good passfile=wrong");
        addAtServer("user=good passfile=none");
        addAtServer("user=poor dbname=missing");
        addAtServer("user=poor dbname=revoked");
        addAtServer("user=limited");
        addBad(0, "user=poor");
        addBad(1, "user=poor");
        addBad(2, "user=poor sslmode=disable");
        addBad(3, "user=poor sslmode=disable");
        add("nowhere.invalid", 5432, "user=poor");
        start();
        expectAlive(good);
        for (int i = 0; i < reasons.size(); i++) {
            expectShown(i + 1, reasons.get(i));
        }
        theGoodOneIsCheckedAtItsPace();
        for (int i = 0; i < reasons.size(); i++) {
            String line = "instance " + (i + 1) + ": check by SQL failed: ";
            assertEquals(1, conmgr.log().linesWith(line).size(), line);
        }
        Files.writeString(conmgr.folder().resolve("wrong"), "*:*:*:*:" + SECRET + "\n");
        expectAlive(1);
        String everything = String.join("\n", conmgr.log().lines())
                + conmgr.status()
                + conmgr.ctl("show").expectSuccess().out();
        assertFalse(everything.contains(SECRET) || everything.contains(WRONG), everything);
    }

    private void start() throws IOException {
        lines.add("heartbeat_interval = 1s");
        lines.add("heartbeat_timeout = 5s");
        lines.add("heartbeat_connect_interval = 200ms");
        lines.add("heartbeat_connect_timeout = 2s");
        lines.add("check_interval = 100ms");
        lines.add("log_min_messages = INFO");
        conmgr.configure(lines.toArray(String[]::new));
        passfile("right", SECRET);
        passfile("wrong", WRONG);
        passfile("none", "x");
        Files.writeString(conmgr.folder().resolve("none"), "# nobody\n");
        conmgr.ctl("start").expectSuccess();
    }

    private static void expectAlive(int instance) {
        Await.until(
                "instance " + instance + " is alive",
                Stage.LIMIT,
                () -> conmgr.statusOf(instance).contains("ALIVE"));
    }

    private static void expectShown(int instance, String reason) {
        Await.until(
                "instance " + instance + " shows: " + reason,
                Stage.LIMIT,
                () -> conmgr.statusOf(instance).contains(reason));
        assertTrue(conmgr.statusOf(instance).contains("DOWN"), conmgr.statusOf(instance));
    }

    /** While others hang: a change is known within an interval and what a busy machine takes. */
    private static void theGoodOneIsCheckedAtItsPace() {
        String primary = Story.conmgrUrl("primary");
        client.open("w", primary, "user=postgres").expectOk();
        one.sql("ALTER SYSTEM SET default_transaction_read_only = on");
        one.reload();
        long changed = Stage.now();
        Client.Outcome refused = Await.value("no writers", Stage.LIMIT, () -> {
            Client.Outcome outcome = client.open("w", primary, "user=postgres");
            // Until conmgr knows, the driver finds out by itself.
            return outcome.text().contains("read-only primary") ? outcome : null;
        });
        long millis = Stage.millis(changed, refused.nanos());
        assertTrue(millis < 100 + Stage.MARGIN_MILLIS, millis + " ms");
    }
}
