package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.heartbeat.FrameType;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.util.stream.Stream;

/**
 * What this instance is, and which of it each connected conmgr hears when: a change of state at once (T5), the LSN with each BEAT,
 * or, for who follows it, each new one at once (ADR 11), the upstream at once for who takes it.
 *
 * <p>Confined to the peer table's thread.
 */
final class InstanceNews {

    private final PeerCommands commands;
    private InstanceState state;
    private Upstream upstream = Upstream.NONE;

    InstanceNews(InstanceState initial, PeerCommands commands) {
        this.state = initial;
        this.commands = commands;
    }

    InstanceState state() {
        return state;
    }

    void onState(long nowNanos, InstanceState latest, Stream<PeerLink> links) {
        boolean changed = latest.differsFrom(state);
        boolean moved = latest.lsn() != state.lsn();
        state = latest;
        if (changed) {
            links.forEach(link -> commands.send(link.connectionId(), new StateChange(latest)));
        } else if (moved) {
            links.filter(link -> link.isFollowing(nowNanos)).forEach(link -> tellLsn(nowNanos, link));
        }
    }

    void onUpstream(Upstream latest, Stream<PeerLink> links) {
        boolean changed = !latest.equals(upstream);
        upstream = latest;
        if (changed) {
            links.forEach(this::tellUpstream);
        }
    }

    /** Behind WELCOME, which has told the state. */
    void onWelcomed(long nowNanos, PeerLink link) {
        beat(nowNanos, link);
        if (!upstream.equals(Upstream.NONE)) {
            tellUpstream(link);
        }
    }

    /** The BEAT that is due. */
    void beat(long nowNanos, PeerLink link) {
        commands.send(link.connectionId(), link.dueBeat(nowNanos, state.lsn()));
    }

    /** A BEAT, not STATE: it is left out where the connection is full. */
    void tellLsn(long nowNanos, PeerLink link) {
        commands.send(link.connectionId(), link.beat(nowNanos, state.lsn()));
    }

    private void tellUpstream(PeerLink link) {
        if (link.takes(FrameType.UPSTREAM)) {
            commands.send(link.connectionId(), upstream);
        }
    }
}
