package io.github.pgconmgr.frontend;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.topology.SessionsLost;
import io.github.pgconmgr.wire.WireText;
import io.github.pgconmgr.wire.redirect.RedirectAnswer;
import io.github.pgconmgr.wire.redirect.RedirectProtocol;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * All redirected sessions, counted per instance, and who of them must be told of a loss (T4, ADR 4). Knows no socket.
 *
 * <p>Confined to the frontend loop.
 */
final class SessionRegistry {

    private final Log log;
    private final Set<ClientSession> sessions = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<Integer, Integer> perInstance = new HashMap<>();
    private final Map<Integer, SessionsLost> lastLoss = new HashMap<>();

    SessionRegistry(Log log) {
        this.log = log;
    }

    /** Takes a session in; if its instance was lost after the snapshot that routed it, it gets its notice at once. */
    void register(ClientSession session) {
        sessions.add(session);
        perInstance.merge(session.info().instanceNumber(), 1, Integer::sum);
        SessionsLost lost = lastLoss.get(session.info().instanceNumber());
        if (lost != null && isLost(session, lost)) {
            tell(List.of(session), lost.reason(), ClientPhase.Event.INSTANCE_LOST);
        }
    }

    /** The client is gone; a session that is not registered any more is ignored. */
    void unregister(ClientSession session) {
        if (sessions.remove(session)) {
            perInstance.merge(session.info().instanceNumber(), -1, Integer::sum);
        }
    }

    int sessionsOf(int instanceNumber) {
        return perInstance.getOrDefault(instanceNumber, 0);
    }

    List<SessionInfo> list() {
        return sessions.stream().map(ClientSession::info).toList();
    }

    /** Tells those who were sent to the instance before it was lost; who was sent there afterwards is not meant. */
    void onSessionsLost(SessionsLost lost) {
        lastLoss.put(lost.instanceNumber(), lost);
        tell(select(session -> isLost(session, lost)), lost.reason(), ClientPhase.Event.INSTANCE_LOST);
    }

    /** conmgr stops: tells everybody. */
    void tellAll(String reason) {
        tell(select(session -> true), reason, ClientPhase.Event.CONMGR_STOPS);
    }

    private List<ClientSession> select(Predicate<ClientSession> condition) {
        return sessions.stream().filter(condition).toList();
    }

    /**
     * The generation decides. It implies the postmaster: a session that was routed before the loss was routed to the postmaster
     * that is lost, or to one that was lost even earlier.
     */
    private static boolean isLost(ClientSession session, SessionsLost lost) {
        return session.info().instanceNumber() == lost.instanceNumber() && session.generation() < lost.generation();
    }

    private void tell(List<ClientSession> told, String reason, ClientPhase.Event cause) {
        if (told.isEmpty()) {
            return;
        }
        // The notices before anything else: every one of them ends somebody's wait.
        String fitted = WireText.fit(reason, RedirectProtocol.MAX_MESSAGE_BYTES);
        Map<Integer, ByteBuffer> notices = new HashMap<>();
        told.forEach(session -> session.tell(
                notices.computeIfAbsent(
                        session.info().instanceNumber(), number -> direct(new RedirectAnswer.Down(number, fitted))),
                cause));
        told.forEach(this::unregister);
        log.write(Message.SESSIONS_TOLD, "conmgr", told.size(), reason);
    }

    /** Encoded once for thousands of sessions, and where the kernel can read it: else each write would copy it first. */
    private static ByteBuffer direct(RedirectAnswer.Down notice) {
        ByteBuffer encoded = notice.encode();
        return ByteBuffer.allocateDirect(encoded.remaining()).put(encoded).flip();
    }
}
