package io.github.pgconmgr.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.daemon.DaemonLifeCycle;
import io.github.pgconmgr.frontend.ClientPhase;
import io.github.pgconmgr.heartbeat.LinkPhase;
import io.github.pgconmgr.heartbeat.LivenessTable;
import io.github.pgconmgr.log.SyslogPhase;
import io.github.pgconmgr.relay.session.ClientState;
import io.github.pgconmgr.relay.session.ServerState;
import io.github.pgconmgr.testkit.BuildFolder;
import io.github.pgconmgr.watchdog.peer.PeerTransitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** docs/state-tables.md is what the code does (style rule 11). */
class StateTablesTest {

    private static final String HEAD = """
            # State tables

            Printed from the code's own tables by StateTablesTest; do not edit. What the words mean: [ADR 1](adr/0001-when-a-peer-is-dead.md).
            A pair of state and event that is not listed cannot happen; if it does, it is an error of ours and ends the program's part.

            """;

    @Test
    void theDocumentShowsTheTablesOfTheCode() throws IOException {
        String now = HEAD
                + String.join(
                        "\n",
                        List.of(
                                LivenessTable.TABLE.toMarkdown(),
                                LinkPhase.TABLE.toMarkdown(),
                                PeerTransitions.TABLE.toMarkdown(),
                                ClientPhase.TABLE.toMarkdown(),
                                ClientState.TABLE.toMarkdown(),
                                ServerState.TABLE.toMarkdown(),
                                DaemonLifeCycle.TABLE.toMarkdown(),
                                SyslogPhase.TABLE.toMarkdown()));
        Path document = BuildFolder.root().resolve("docs/state-tables.md");
        String committed = Files.exists(document) ? Files.readString(document) : "";
        if (!committed.equals(now)) {
            Files.writeString(document, now);
        }
        assertEquals(now, committed, "docs/state-tables.md was outdated; it has been written anew, commit it");
    }
}
