package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Account;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Proves;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Collector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rarer parts of PostgreSQL's protocol through a conmgr in session mode. */
@Timeout(60)
class WholeProtocolTest {

    private static LocalRelay relay;

    @BeforeAll
    static void build() {
        relay = new LocalRelay().start(LocalRelay.TRUST);
    }

    @AfterAll
    static void close() {
        relay.close();
    }

    private static Path ownFolder(String name) throws IOException {
        Path made = Files.createDirectory(relay.folder().resolve(name));
        Account.NOBODY.own(made);
        return made;
    }

    /** Nothing of a walsender is left at the instance, neither in use nor kept. */
    private static void awaitNoWalsender() {
        Await.until(
                "no replication connection is left",
                LocalRelay.LIMIT,
                () -> relay.instance()
                        .sql("SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'walsender'")
                        .equals("0"));
    }

    @Test
    @Proves({"P1", "P2"})
    void aLogicalReplicationConnectionWorksAndIsNeverKept() {
        for (int time = 0; time < 2; time++) {
            Finished finished =
                    relay.psql("postgres", "-d", "dbname=shop replication=database", "-c", "IDENTIFY_SYSTEM");
            assertTrue(finished.expectSuccess().out().contains("|shop"), finished::toString);
        }
        awaitNoWalsender();
    }

    @Test
    @Proves({"P1", "P2"})
    void pgReceivewalStreamsAndItsConnectionIsNeverKept() throws IOException {
        Path folder = ownFolder("wal");
        String end = relay.instance()
                .sql("CREATE TABLE ballast AS SELECT generate_series(1, 1000)", "SELECT pg_current_wal_lsn()");
        relay.run(relay.client(
                        "pg_receivewal", "postgres", "-D", folder.toString(), "-n", "-s", "1", "-E", end.strip()))
                .expectSuccess();
        try (var files = Files.list(folder)) {
            assertTrue(files.count() > 0, "nothing was received");
        }
        awaitNoWalsender();
    }

    @Test
    @Proves({"P1", "P2"})
    void pgBasebackupCopiesTheInstance() throws IOException {
        Path folder = ownFolder("backup");
        relay.run(relay.client(
                        "pg_basebackup",
                        "postgres",
                        "-D",
                        folder.toString(),
                        "-X",
                        "stream",
                        "-c",
                        "fast",
                        "--no-sync"))
                .expectSuccess();
        assertTrue(Files.exists(folder.resolve("PG_VERSION")));
        awaitNoWalsender();
    }

    @Test
    void psqlStoresAndFetchesALargeObject() throws IOException {
        Path folder = ownFolder("large");
        byte[] content = new byte[1_000_000];
        new Random(1).nextBytes(content);
        Path from = Files.write(folder.resolve("from"), content);
        Path to = folder.resolve("to");
        relay.psql(
                        "postgres",
                        "-c",
                        "\\lo_import '" + from + "'",
                        "-c",
                        "\\lo_export :LASTOID '" + to + "'",
                        "-c",
                        "\\lo_unlink :LASTOID")
                .expectSuccess();
        assertArrayEquals(content, Files.readAllBytes(to));
    }

    @Test
    void aFunctionCallIsAnswered() throws IOException {
        try (RawClient client = relay.rawClient()) {
            int plus = Integer.parseInt(client.value("SELECT 'int4pl'::regproc::oid"));
            ByteBuffer call =
                    ByteBuffer.allocate(28).putInt(plus).putShort((short) 1).putShort((short) 1);
            call.putShort((short) 2).putInt(4).putInt(40).putInt(4).putInt(2).putShort((short) 1);
            client.send('F', call.array());
            RawClient.Frame result = client.read();
            assertEquals('V', result.type());
            assertEquals(42, result.body().getInt(4));
            assertEquals('Z', client.read().type());
            // It was counted: the connection is clean, so the next client gets it.
            assertEquals("1", client.value("SELECT 1"));
        }
    }

    @Test
    void aNotificationComesToAClientThatOnlyListens() throws IOException {
        try (RawClient listener = relay.rawClient();
                RawClient speaker = relay.rawClient()) {
            listener.query("LISTEN news");
            speaker.query("NOTIFY news, 'hello'");
            RawClient.Frame notification = listener.read();
            assertEquals('A', notification.type());
            assertTrue(notification.text().endsWith("news hello"), notification.text());
        }
    }

    @Test
    @Proves("P10")
    void whoGetsTheConnectionOfAListenerHearsNothing() throws IOException {
        try (RawClient listener = relay.rawClient()) {
            listener.query("LISTEN news");
            listener.send('X', new byte[0]);
            listener.expectEnd();
        }
        try (RawClient next = relay.rawClient();
                RawClient speaker = relay.rawClient()) {
            assertEquals("0", next.value("SELECT count(*) FROM pg_listening_channels()"));
            speaker.query("NOTIFY news");
            assertEquals(
                    "TDCZ",
                    next.query("SELECT 1").stream().map(RawClient.Frame::type).collect(joined()));
        }
    }

    private static Collector<Character, ?, String> joined() {
        return Collector.of(StringBuilder::new, StringBuilder::append, StringBuilder::append, StringBuilder::toString);
    }

    /** Parse, Bind, Execute and Sync of a statement without a name. */
    private static byte[] extended(String sql) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] text = RawClient.text(sql);
        out.writeBytes(RawClient.message(
                'P',
                ByteBuffer.allocate(3 + text.length).put((byte) 0).put(text).array()));
        out.writeBytes(RawClient.message('B', new byte[8]));
        out.writeBytes(RawClient.message('E', new byte[5]));
        out.writeBytes(RawClient.message('S', new byte[0]));
        return out.toByteArray();
    }

    @Test
    void aPipelineOfFiveHundredExtendedQueriesIsAnsweredInOrder() throws IOException {
        try (RawClient client = relay.rawClient()) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            for (int number = 0; number < 500; number++) {
                all.writeBytes(extended(number == 250 ? "SELECT 1/0" : "SELECT " + number));
            }
            client.write(all.toByteArray());
            for (int number = 0; number < 500; number++) {
                List<RawClient.Frame> answer = client.readTo('Z');
                if (number == 250) {
                    assertEquals("22012", answer.get(answer.size() - 2).field('C'));
                } else {
                    RawClient.Frame row = answer.get(2);
                    assertEquals(
                            Integer.toString(number),
                            new String(row.bytes(), 6, row.body().getInt(2), StandardCharsets.UTF_8));
                }
            }
        }
    }

    @Test
    void pgbenchRunsItsPipelines() throws IOException {
        Path script = Files.writeString(
                relay.folder().resolve("pipeline.sql"),
                "\\startpipeline\nSELECT 1;\nSELECT 2;\nSELECT 3;\n\\endpipeline\n");
        Finished finished = relay.run(relay.client(
                "pgbench", "postgres", "-n", "-M", "prepared", "-f", script.toString(), "-c", "4", "-t", "50"));
        assertTrue(finished.expectSuccess().out().contains("actually processed: 200/200"), finished::toString);
    }
}
