package io.github.pgconmgr.libpqprograms;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.programs.SaidLines;
import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ECPG and ODBC, the two that the requirements name; the others are in {@link ApplicationsTest}. */
@Timeout(120)
class EcpgAndOdbcTest {

    private static final List<Client> BOTH = List.of(Client.ECPG, Client.ODBC);

    private static ProgramStage stage;
    private static ApplicationFiles files;

    @BeforeAll
    static void build() {
        stage = new ProgramStage();
        files = ApplicationFiles.on(stage.app(), BOTH);
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    /** After conmgr-exec. */
    private static List<String> command(Client client, String verb, String attrs) {
        List<String> argv = new ArrayList<>(files.command(client));
        argv.addAll(List.of(verb, "localhost", ProgramStage.CONMGR_PORT, attrs, "require"));
        return argv;
    }

    @ParameterizedTest
    @ValueSource(strings = {"env", "--preload"})
    @Proves({"A6", "T1"})
    void theyGetWhereTheirAttributeSaysAndWorkThere(String first) {
        for (Client client : BOTH) {
            for (String attrs : List.of("read-write", "standby")) {
                List<String> argv = command(client, "work", attrs);
                argv.add(0, first);
                List<String> said =
                        stage.run(List.of(), argv).expectSuccess().out().lines().toList();
                boolean primary = attrs.equals("read-write");
                assertEquals(primary ? "one" : "two", SaidLines.value(said, "server"), said.toString());
                assertEquals("on", SaidLines.value(said, "tls"));
                assertEquals(client.hostShown(primary ? "db1" : "db2"), SaidLines.value(said, "host"));
                assertTrue((client == Client.ECPG && !primary) || said.contains("work=5050"), said.toString());
            }
        }
    }

    @Test
    @Proves({"A2", "A6"})
    void conmgrsEndGivesThemTheErrorsOfADeadInstance() {
        List<Session> sessions = new ArrayList<>();
        for (Client client : BOTH) {
            sessions.add(new Session(client, "wait", stage.start(List.of(), command(client, "wait", "read-write"))));
        }
        stage.awaitSleepers(sessions.size());
        stage.killConmgr();
        try {
            for (Session session : sessions) {
                session.expectLost();
            }
            for (Client client : BOTH) {
                Finished refused = stage.run(List.of(), command(client, "work", "read-write"));
                String error = SaidLines.value(refused.out().lines().toList(), "error");
                assertTrue(error.matches(client.refused() + " .*"), error + refused.err());
            }
        } finally {
            stage.startConmgr();
            stage.healPrimary();
        }
    }

    /** The driver needs no conmgr-exec: it brings libpqcm along; and with conmgr-exec it is the same. */
    @ParameterizedTest
    @ValueSource(strings = {"conmgr Unicode", "conmgr ANSI"})
    @Proves("A6")
    void theServersNameIsTheInstances(String driver) {
        String address = stage.one().address();
        List<String> argv = files.odbcInfo(driver, ProgramStage.CONMGR_PORT, address, "27500");
        String expected = """
                primary: db1 3 0
                primary, wide: db1 6 0
                standby: db2 3 0
                direct: INSTANCE 0
                short: db 3 1 01004
                length alone: 3 0
                SHORT_WIDE
                SELECT 1/0: 22012
                SELEC 1: 42601
                SELECT * FROM nowhere: 42P01
                disconnected: -1 08003
                again: db2 3 0
                again, directly: INSTANCE 0
                nobody there: -1 08001
                SQLConnect: db1 3 0
                SQLConnectW: db1 3 0
                SQLDriverConnectW: db2 3 0
                its string: conmgr's
                SQLBrowseConnect: -1 HYC00
                """.replace("INSTANCE", address + " " + address.length())
                .replace("SHORT_WIDE\n", driver.equals("conmgr Unicode") ? "short, wide: db 6 1 01004\n" : "");
        assertEquals(
                expected, stage.app().run(Account.NOBODY, argv).expectSuccess().out());
        assertEquals(expected, stage.run(List.of(), argv).expectSuccess().out());
    }
}
