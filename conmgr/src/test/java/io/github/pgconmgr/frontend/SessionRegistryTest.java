package io.github.pgconmgr.frontend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.state.TransitionTable;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.topology.SessionsLost;
import io.github.pgconmgr.wire.MalformedMessageException;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectProtocol;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Who is told of a loss: by instance and by generation, whatever overtook whom. */
@Proves("T4")
class SessionRegistryTest {

    private final RecordingLog log = new RecordingLog();
    private final SessionRegistry registry = new SessionRegistry(log);
    private final List<String> told = new ArrayList<>();

    private ClientSession session(String name, int instance, long generation) {
        SessionInfo info = new SessionInfo(name, instance, TargetAttribute.ANY, Map.of(), 0);
        return new ClientSession(info, 100, generation, (notice, cause) -> told.add(name + ": " + reason(notice)));
    }

    private static String reason(ByteBuffer notice) {
        try {
            ByteBuffer in = notice.duplicate();
            byte type = in.get();
            in.getInt();
            return ((RedirectAnswer.Down) RedirectAnswer.decodeBody(type, in)).reason();
        } catch (MalformedMessageException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void sessionsOfTheInstanceThatWereRoutedBeforeTheLossAreToldAndNoOthers() {
        registry.register(session("before", 0, 4));
        registry.register(session("at", 0, 5));
        registry.register(session("other instance", 1, 4));
        registry.onSessionsLost(new SessionsLost(0, 100, "silent", 5));
        assertEquals(List.of("before: silent"), told);
        assertEquals(1, registry.sessionsOf(0));
        assertEquals(1, registry.sessionsOf(1));
        assertEquals(List.of("conmgr: 1 client sessions were told: silent"), log.texts(Message.SESSIONS_TOLD));
    }

    @Test
    void aSessionThatRegistersAfterItsLossIsToldAtOnce() {
        registry.onSessionsLost(new SessionsLost(0, 100, "silent", 5));
        registry.register(session("late", 0, 4));
        registry.register(session("new", 0, 6));
        registry.register(session("elsewhere", 1, 4));
        assertEquals(List.of("late: silent"), told);
    }

    @Test
    void aSecondLossDoesNotTellThoseOfTheFirstAgain() {
        registry.register(session("a", 0, 1));
        registry.onSessionsLost(new SessionsLost(0, 100, "first", 5));
        registry.register(session("b", 0, 6));
        registry.onSessionsLost(new SessionsLost(0, 100, "second", 8));
        assertEquals(List.of("a: first", "b: second"), told);
    }

    @Test
    void everybodyIsToldWhenConmgrStops() {
        registry.register(session("a", 0, 1));
        registry.register(session("b", 1, 1));
        registry.tellAll("conmgr is stopping");
        assertEquals(2, told.size());
        assertEquals(0, registry.list().size());
    }

    @Test
    void aSessionIsCountedOnceHoweverOftenItEnds() {
        ClientSession session = session("a", 0, 1);
        registry.register(session);
        registry.unregister(session);
        registry.unregister(session);
        assertEquals(0, registry.sessionsOf(0));
    }

    @Test
    void aReasonOfAnyLengthFitsIntoTheNotice() {
        registry.register(session("a", 0, 1));
        registry.tellAll("ü".repeat(5_000));
        int bytes = told.get(0).getBytes(StandardCharsets.UTF_8).length;
        assertTrue(bytes <= RedirectProtocol.MAX_MESSAGE_BYTES + 3, () -> bytes + " bytes");
    }

    @Test
    void everyClientPhasePairIsListedOrCannotHappen() {
        TransitionTable<ClientPhase, ClientPhase.Event> table = ClientPhase.TABLE;
        Set<String> missing = new TreeSet<>();
        for (ClientPhase phase : ClientPhase.values()) {
            for (ClientPhase.Event event : ClientPhase.Event.values()) {
                if (phase != ClientPhase.CLOSING && !table.allows(phase, event)) {
                    missing.add(phase + " " + event);
                }
                assertFalse(phase == ClientPhase.CLOSING && table.allows(phase, event), "CLOSING is the end");
            }
        }
        Set<String> cannotHappen = Set.of(
                "FIRST_BYTES INSTANCE_LOST",
                "WAITING INSTANCE_LOST",
                "WAITING STOCK_DRIVER",
                "WAITING WAIT_BEGUN",
                "REDIRECTED WAIT_BEGUN",
                "REDIRECTED INSTANCE_CHOSEN",
                "REDIRECTED NO_INSTANCE",
                "REDIRECTED STOCK_DRIVER",
                "REDIRECTED REJECTED",
                "RELAYED WAIT_BEGUN",
                "RELAYED INSTANCE_CHOSEN",
                "RELAYED NO_INSTANCE",
                "RELAYED STOCK_DRIVER",
                "RELAYED REJECTED",
                "RELAYED INSTANCE_LOST",
                "RELAYED CONMGR_STOPS",
                "RELAYED CLIENT_ENDED",
                "FIRST_BYTES CONMGR_STOPS",
                "WAITING CONMGR_STOPS");
        assertEquals(new TreeSet<>(cannotHappen), missing);
    }
}
