package io.github.pgconmgr.relaytest;

import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.programs.SaidLines;
import io.github.pgconmgr.testkit.Finished;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What each stock driver does through the relay in session mode: everything. */
@Tag("slow")
@Timeout(180)
class StockDriversTest {

    static final Map<String, String> WORK =
            Map.of("server", "one", "sum", "5050", "left", "0", "error", "22012", "cancel", "57014", "after", "1");

    private static RelayStage stage;
    private static StockFiles files;

    @BeforeAll
    static void build() {
        stage = new RelayStage("pool_mode = session");
        files = StockFiles.on(stage.app());
    }

    @AfterAll
    static void close() {
        stage.close();
    }

    private static void does(StockClient client) {
        List<String> verbs = new ArrayList<>(List.of("work"));
        verbs.addAll(client.sessionVerbs());
        Finished finished = stage.run(files.command(client, verbs)).expectSuccess();
        List<String> said = finished.out().lines().toList();
        Map<String, String> expected = new TreeMap<>(WORK);
        if (verbs.contains("copy")) {
            expected.put("copied", "1000");
        }
        if (verbs.contains("listen")) {
            expected.put("notified", "hello");
        }
        if (verbs.contains("large")) {
            expected.put("large", "1000000");
        }
        expected.forEach((key, value) ->
                assertEquals(value, SaidLines.value(said, key), () -> client.title() + " " + key + ": " + finished));
        RelayTable.record(client, RelayTable.Column.SESSION, String.join(", ", verbs));
    }

    @Test
    @Proves("P1")
    void eachQueriesPreparesRollsBackCopiesListensAndCancels() {
        assertAll(files.clients().stream().map(client -> () -> does(client)));
    }
}
