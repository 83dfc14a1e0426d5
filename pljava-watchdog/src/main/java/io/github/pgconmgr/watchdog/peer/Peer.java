package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One conmgr as the watchdog knows it: who it is, its own settings (L4), its last frame, its state. It may outlive its
 * connection and our worker (ADR 1).
 *
 * <p>Confined to the peer table's thread; only the table changes it.
 */
public final class Peer {

    private PeerState state;
    private PeerEndpoint endpoint;
    private Id128 conmgrId;
    private HostIdentity host;
    private HeartbeatSettings settings;
    private String softwareVersion;
    private @Nullable PeerLink link;

    private long lastFrameNanos;

    /** The last frame known of another conmgr of its host: it counts when this one has no connection of its own. */
    private long hostFrameNanos;

    private long allowanceNanos;
    private long provingSinceNanos;
    private boolean lost;

    /** The timeout before its settings changed, until it has proven itself by the new ones; else 0. */
    private long formerTimeoutNanos;

    private final long knownSinceNanos;
    private final boolean adopted;

    /** A conmgr of a host that was not known. */
    Peer(long nowNanos, Arrival arrival) {
        this.state = PeerState.PROVING;
        this.endpoint = arrival.endpoint();
        this.conmgrId = arrival.hello().conmgrId();
        this.host = arrival.hello().host();
        this.settings = arrival.hello().settings();
        this.softwareVersion = arrival.hello().softwareVersion();
        this.link = new PeerLink(arrival, nowNanos);
        this.lastFrameNanos = nowNanos;
        this.hostFrameNanos = nowNanos;
        this.provingSinceNanos = nowNanos;
        this.knownSinceNanos = nowNanos;
        this.adopted = false;
    }

    /** A row that a former run of our worker left in shared memory. */
    Peer(long nowNanos, PeerRow row) {
        this.state = PeerState.ADOPTED;
        this.endpoint = new PeerEndpoint(row.address(), row.port(), 0);
        this.conmgrId = row.conmgrId();
        this.host = row.host();
        this.settings = row.settings();
        this.softwareVersion = "";
        this.lastFrameNanos = nowNanos;
        this.hostFrameNanos = nowNanos;
        this.provingSinceNanos = nowNanos;
        this.knownSinceNanos = nowNanos;
        this.adopted = true;
    }

    /** The one place that assigns the state; it logs the step. */
    void transition(PeerEvent event, String reason, PeerCommands commands) {
        PeerState from = state;
        state = PeerTransitions.TABLE.next(from, event);
        boolean worthALine = from != state || event.isNews();
        LogLevel level = worthALine && !settings.alwaysAbnormal() ? LogLevel.LOG : LogLevel.DEBUG1;
        commands.log(level, this + ": " + from + " -> " + state + ": " + reason);
    }

    void onReturn(long nowNanos, Arrival arrival) {
        endpoint = arrival.endpoint();
        conmgrId = arrival.hello().conmgrId();
        host = arrival.hello().host();
        settings = arrival.hello().settings();
        softwareVersion = arrival.hello().softwareVersion();
        link = new PeerLink(arrival, nowNanos);
        provingSinceNanos = nowNanos;
        lost = false;
        formerTimeoutNanos = 0;
        onFrame(nowNanos);
    }

    /** Other settings on the same connection. Until it has beaten for one whole new timeout the longer one counts (ADR 7). */
    void onSettings(long nowNanos, HeartbeatSettings changed) {
        formerTimeoutNanos = timeoutNanos();
        settings = changed;
        provingSinceNanos = nowNanos;
        if (link != null) {
            link.onInterval(nowNanos, changed.intervalNanos());
        }
    }

    void onFrame(long nowNanos) {
        if (formerTimeoutNanos > 0 && silenceNanos(nowNanos) > settings.timeoutNanos()) {
            // By its new settings it would be dead now: it has not proven that it can keep them.
            provingSinceNanos = nowNanos;
        } else if (hasProvenItself(nowNanos)) {
            formerTimeoutNanos = 0;
        }
        lastFrameNanos = nowNanos;
        allowanceNanos = 0;
    }

    void onDisconnect() {
        link = null;
        lost = true;
        onHostFrame(hostFrameNanos);
    }

    /** Another conmgr of its host sent a frame, maybe some time ago, and does not vouch for the host itself. */
    void onHostFrame(long atNanos) {
        if (atNanos - hostFrameNanos > 0) {
            hostFrameNanos = atNanos;
        }
        if (link == null && hostFrameNanos - lastFrameNanos > 0) {
            onFrame(hostFrameNanos);
        }
    }

    /** Our own stall moves the deadline, by one interval at most between two frames (ADR 1, "Allowance"). */
    void onStall(long nanos) {
        long room = settings.intervalNanos() - allowanceNanos;
        allowanceNanos += Math.min(nanos, room);
        if (link != null) {
            link.onStall(nanos);
        }
    }

    boolean hasProvenItself(long nowNanos) {
        return !settings.alwaysAbnormal() && nowNanos - provingSinceNanos >= settings.timeoutNanos();
    }

    boolean hasMissedBeat(long nowNanos) {
        return silenceNanos(nowNanos) > settings.intervalNanos();
    }

    Judgement.Reason silentReason() {
        return lost ? Judgement.Reason.CLOSED : Judgement.Reason.TIMEOUT;
    }

    @Nullable
    PeerLink link() {
        return link;
    }

    /** Its first HELLO; meaningless for an adopted row, whose HELLO came before our time. */
    long knownSinceNanos() {
        return knownSinceNanos;
    }

    boolean isAdopted() {
        return adopted;
    }

    /** Where it stands. */
    public PeerState state() {
        return state;
    }

    /** Whose sessions end with it. */
    public PeerAddress address() {
        return endpoint.address();
    }

    /** Who it is. */
    public Id128 conmgrId() {
        return conmgrId;
    }

    /** Where it runs. */
    public HostIdentity host() {
        return host;
    }

    /** Its own interval and timeout. */
    public HeartbeatSettings settings() {
        return settings;
    }

    /** When its last frame came; the adoption counts as one. */
    public long lastFrameNanos() {
        return lastFrameNanos;
    }

    /** Silence until now, in nanoseconds. */
    public long silenceNanos(long nowNanos) {
        return nowNanos - lastFrameNanos;
    }

    /** What it is judged by now: its own timeout, or for a while the one that it had before, if that is longer. */
    public long timeoutNanos() {
        return Math.max(settings.timeoutNanos(), formerTimeoutNanos);
    }

    /** Later than this, strictly, it is silent: the timeout since the last frame, own stalls, and the extra interval of GRACE. */
    public long deadlineNanos() {
        long grace = state == PeerState.GRACE ? settings.intervalNanos() : 0;
        return lastFrameNanos + timeoutNanos() + allowanceNanos + grace;
    }

    /** Its deadline cannot come to be earlier than this, unless it gets other settings. */
    long earliestDeadlineNanos() {
        return lastFrameNanos + settings.timeoutNanos();
    }

    /** Whether it has a connection. */
    public boolean isConnected() {
        return link != null;
    }

    /** Whether {@code connectionId} is its connection. */
    public boolean isConnectedBy(long connectionId) {
        return link != null && link.connectionId() == connectionId;
    }

    /** What goes to shared memory; the wall clock is for the view alone. */
    PeerRow row(long nowNanos, long nowMicros) {
        int roundTrip = link == null ? Contact.NO_ROUND_TRIP : link.roundTripMicros();
        long lastFrameMicros = nowMicros - TimeUnit.NANOSECONDS.toMicros(silenceNanos(nowNanos));
        Contact contact = new Contact(endpoint.connectedAtMicros(), lastFrameMicros, roundTrip, softwareVersion);
        return new PeerRow(
                endpoint.address(), endpoint.port(), state.isArmed(), isConnected(), settings, conmgrId, host, contact);
    }

    /** For log lines. */
    @Override
    public String toString() {
        return "conmgr " + conmgrId + " at " + endpoint;
    }
}
