package io.github.pgconmgr.relay.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.pgconmgr.relay.protocol.PgpoolCommand.Verb;
import io.github.pgconmgr.testkit.Proves;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which queries are Pgpool-II's own commands, and what they say. */
class PgpoolCommandTest {

    private static @Nullable PgpoolCommand of(String sql) {
        ByteBuffer query = Query.encode(sql);
        return PgpoolCommand.of(query, query.position(), query.limit());
    }

    @ParameterizedTest
    @Proves("P7")
    @ValueSource(
            strings = {
                "PGPOOL SET client_idle_limit = 350;",
                "pgpool set CLIENT_IDLE_LIMIT=350",
                "  Pgpool\n\tSET client_idle_limit TO 350 ; ",
                "PGPOOL SET client_idle_limit='350'",
                "PGPOOL SET client_idle_limit to '350';"
            })
    void setIsTakenInEverySpellingOfTheManual(String sql) {
        assertEquals(new PgpoolCommand(Verb.SET, "client_idle_limit", "350"), of(sql));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PGPOOL SET client_idle_limit TO DEFAULT;", "pgpool set client_idle_limit = default"})
    void defaultIsNoValue(String sql) {
        assertEquals(new PgpoolCommand(Verb.SET, "client_idle_limit", null), of(sql));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PGPOOL RESET client_idle_limit", "pgpool reset client_idle_limit;"})
    void resetNamesAParameter(String sql) {
        assertEquals(new PgpoolCommand(Verb.RESET, "client_idle_limit", null), of(sql));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PGPOOL SHOW client_idle_limit", "pgpool  show client_idle_limit ;"})
    void showNamesAParameter(String sql) {
        assertEquals(new PgpoolCommand(Verb.SHOW, "client_idle_limit", null), of(sql));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PGPOOL SET client_idle_limit",
                "PGPOOL SET client_idle_limit 5",
                "PGPOOL SET client_idle_limit = 5; SELECT 1",
                "PGPOOL SET client_idle_limit = '5",
                "PGPOOL SET client_idle_limit TO5",
                "PGPOOL DROP x",
                "PGPOOL ;"
            })
    void whatBeginsAsOneAndGoesOnOtherwiseIsMalformed(String sql) {
        assertEquals(new PgpoolCommand(Verb.MALFORMED, "", null), of(sql));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "SELECT 1",
                "PGPOOL",
                "pgpoolx set a = 1",
                "pgpool(1)",
                "-- x\nPGPOOL SET a = 1",
                "pgpoo",
                "PGPOOL;"
            })
    void anythingElseIsTheServers(String sql) {
        assertNull(of(sql));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void oneThatIsTooLongIsTheServers(int more) {
        String begin = "PGPOOL SET a = ";
        int rest = PgpoolCommand.MAX_BYTES - MessageScanner.HEADER_BYTES - 1 - begin.length();
        PgpoolCommand command = of(begin + "1".repeat(rest + more));
        assertEquals(more == 1, command == null);
    }

    @FuzzTest(maxDuration = "5m")
    void anyQueryIsACommandOrTheServers(byte[] bytes) {
        of(new String(bytes, StandardCharsets.ISO_8859_1));
        of("PGPOOL " + new String(bytes, StandardCharsets.ISO_8859_1));
    }
}
