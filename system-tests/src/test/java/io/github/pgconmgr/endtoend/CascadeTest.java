package io.github.pgconmgr.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.story.Story;
import io.github.pgconmgr.testkit.Await;
import io.github.pgconmgr.testkit.PgInstance;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.wire.redirect.RedirectRequest;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Three instances in a chain: "one" is the primary, "two" follows it, "three" follows "two". "two" is promoted while "one" is cut
 * off, and "one" comes back.
 */
class CascadeTest {

    private static final int ONE = 1;
    private static final int TWO = 2;
    private static final int THREE = 4;

    private static Story story;
    private static PgInstance one;
    private static PgInstance two;
    private static PgInstance three;
    private static Conmgr conmgr;
    private static Client client;

    @BeforeAll
    static void build() {
        story = new Story("db3").with("log_connections", "on");
        one = story.startPrimary();
        two = story.startStandby(one);
        three = story.cluster()
                .standby(
                        "three",
                        story.lab().host("db3"),
                        two,
                        Map.of("shared_preload_libraries", "watchdog", "watchdog.check_attr_interval", "100ms"));
        conmgr = new Conmgr(story.app(), "conmgr");
        conmgr.configure(Stage.configuration(Stage.TIMEOUT_MILLIS, "db1", "db2", "db3"));
        conmgr.ctl("start", "--complete").expectSuccess();
        client = Client.on(story.app());
    }

    @AfterAll
    static void close() {
        if (client != null) {
            client.close();
        }
        story.close();
    }

    /** The instances that conmgr names for the attribute, as bits; none if it refuses. */
    private static int namedFor(TargetAttribute target) {
        ByteBuffer bytes = new RedirectRequest(0, target, Map.of()).encode();
        byte[] request = new byte[bytes.remaining()];
        bytes.get(request);
        String seen = client.start("named", "12", HexFormat.of().formatHex(request))
                .await()
                .expectOk();
        return seen.isEmpty()
                ? 0
                : List.of(seen.split(" ")).stream()
                        .mapToInt(number -> 1 << Integer.parseInt(number))
                        .sum();
    }

    private static void assertRouting(int primaries, int standbys) {
        Map<TargetAttribute, Integer> expected = new EnumMap<>(Map.of(
                TargetAttribute.ANY, primaries | standbys,
                TargetAttribute.READ_WRITE, primaries,
                TargetAttribute.PRIMARY, primaries,
                TargetAttribute.READ_ONLY, standbys,
                TargetAttribute.STANDBY, standbys,
                TargetAttribute.PREFER_STANDBY, standbys));
        Map<TargetAttribute, Integer> seen = new EnumMap<>(TargetAttribute.class);
        for (TargetAttribute target : TargetAttribute.values()) {
            seen.put(target, namedFor(target));
        }
        assertEquals(expected, seen);
    }

    private static void awaitPicture(String... lines) {
        String pattern = "(?s).*\\n" + String.join(" [^\\n]*\\n", lines) + " [^\\n]*\\n.*";
        String[] last = {""};
        try {
            Await.until("the picture", Stage.LIMIT, () -> {
                last[0] = conmgr.ctl("topology").expectSuccess().out();
                return last[0].matches(pattern);
            });
        } catch (AssertionError e) {
            throw new AssertionError("not as " + pattern + ":\n" + last[0], e);
        }
    }

    private static void write(PgInstance instance, int number) {
        instance.sql("INSERT INTO written VALUES ('" + instance.name() + "', " + number + ")");
    }

    @Test
    @Proves({"T2", "T5", "A8"})
    void theMiddleOneIsPromotedAndTheLastOneGoesWithIt() {
        awaitPicture(
                "  0 +db1:27500 +primary +ALIVE +1",
                "  \\+- 1 +db2:27500 +standby +ALIVE +1 .*" + one.address() + ":27500",
                "     \\+- 2 +db3:27500 +standby +ALIVE +1 .*" + two.address() + ":27500");
        assertRouting(ONE, TWO | THREE);

        story.lab().cut(story.db1());
        Await.until("conmgr knows", Stage.LIMIT, () -> conmgr.statusOf(0).contains("DOWN"));
        assertRouting(0, TWO | THREE);
        two.promote();
        Await.until(
                "conmgr knows the new primary",
                Stage.LIMIT,
                () -> conmgr.statusOf(1).contains("primary") && namedFor(TargetAttribute.PRIMARY) == TWO);
        assertRouting(TWO, THREE);
        write(one, 1);
        write(two, 1);
        awaitPicture(
                "  1 +db2:27500 +primary +ALIVE +2",
                "  \\+- 2 +db3:27500 +standby +ALIVE +2 .*" + two.address() + ":27500",
                "  \\(0\\) +db1:27500 +stale +DOWN +1");
        Await.until(
                "the last one has followed",
                Stage.LIMIT,
                () -> three.sql("SELECT count(*) FROM written WHERE writer = 'two'")
                        .equals("1"));

        story.lab().heal(story.db1());
        Await.until(
                "the old primary is heard",
                Stage.LIMIT,
                () -> conmgr.statusOf(0).contains(" ALIVE "));
        assertRouting(TWO, THREE);
        assertTrue(conmgr.statusOf(0).contains("stale"), conmgr.statusOf(0));

        two.stop(PgInstance.StopMode.FAST);
        Await.until("conmgr knows", Stage.LIMIT, () -> conmgr.statusOf(1).contains("DOWN"));
        assertRouting(0, THREE);
        awaitPicture(
                "  1 +db2:27500 +primary +DOWN +2",
                "  \\+- 2 +db3:27500 +standby +ALIVE +2 +[0-9]+ B +- ",
                "  \\(0\\) +db1:27500 +stale +ALIVE +1");
        assertEquals(
                new TreeSet<>(List.of("two")),
                new TreeSet<>(List.of(three.sql("SELECT DISTINCT writer FROM written"))));
    }
}
