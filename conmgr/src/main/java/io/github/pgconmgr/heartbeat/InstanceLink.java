package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.topology.InstanceEvents;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.Seconds;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.FrameType;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.SettingsChange;
import io.github.pgconmgr.wire.heartbeat.StateChange;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * conmgr's end of the heartbeat with one instance: two state machines, {@link LinkPhase} for the connection and
 * {@link Liveness} for the instance (ADR 1, L1, L2, L4). Events and the time go in, commands come out; no sockets.
 *
 * <p>Confined to the heartbeat loop (or to a simulation's or a test's thread). All times are nanoseconds of one monotonic clock.
 * A driver of this class calls {@link #onTick} at {@link #nextDeadlineNanos} or soon after, when it has read all input that has
 * arrived, and reports before that, by {@link #onStall}, if it woke late. Events of attempts, connections and probes that are
 * over are recognised by their numbers and ignored.
 */
public class InstanceLink {

    private final String component;
    private final Function<HeartbeatSettings, Hello> hellos;
    private final LinkCommands commands;
    private final InstanceEvents events;
    private final Log log;

    private final Allowance silenceAllowance = new Allowance();
    private final Attempts attempts = new Attempts();
    private final LinkSettings settings;
    private final BackendProbe backendProbe = new BackendProbe();
    private final Following following = new Following();
    private Liveness liveness = Liveness.UNKNOWN;
    private LinkPhase phase = LinkPhase.WAITING;
    private boolean running;
    private HeartbeatConfig config;
    private String hostaddr = "";
    private Beats beats;
    private long lastFrameNanos;
    private long longestStallNanos;
    private @Nullable Welcome welcome;

    /**
     * A link that does nothing until {@link #onStart}.
     *
     * @param hellos makes a HELLO with a new nonce for each connection
     */
    public InstanceLink(
            int instanceNumber,
            HeartbeatConfig config,
            Function<HeartbeatSettings, Hello> hellos,
            LinkCommands commands,
            InstanceEvents events,
            Log log) {
        this.component = "instance " + instanceNumber;
        this.config = config;
        this.hellos = hellos;
        this.commands = commands;
        this.events = events;
        this.log = log;
        this.settings = new LinkSettings(config.settings());
        this.beats = new Beats(config.settings().intervalNanos(), 0);
    }

    /** What the instance is taken for. */
    public final Liveness liveness() {
        return liveness;
    }

    /** Where the connection stands. */
    public final LinkPhase phase() {
        return phase;
    }

    /** Attempts that failed since the last WELCOME: a name's other addresses are tried then. */
    public final int failedAttempts() {
        return attempts.failed();
    }

    /** Starts the first attempt. */
    public final void onStart(long nowNanos) {
        running = true;
        attempts.planAt(nowNanos);
        startWhatIsDue(nowNanos);
    }

    /** The TCP connection of {@code number} stands; {@code address} is the numeric address that it goes to. */
    public final void onConnected(long nowNanos, long number, String address) {
        if (phase != LinkPhase.CONNECTING || !attempts.isLatest(number)) {
            return;
        }
        hostaddr = address;
        move(LinkPhase.Event.CONNECTED);
        commands.send(hellos.apply(settings.offer()));
    }

    /** The TCP connection of {@code number} could not be made. */
    public final void onConnectFailed(long nowNanos, long number, String reason) {
        if (isCurrent(number)) {
            onEnd(nowNanos, reason);
        }
    }

    /** The watchdog, or a network device, ended the connection of {@code number}. */
    public final void onClosed(long nowNanos, long number, String reason) {
        if (isCurrent(number)) {
            onEnd(nowNanos, reason);
        }
    }

    /** What came on the connection of {@code number} is no frame of the protocol. */
    public final void onProtocolError(long nowNanos, long number, String reason) {
        if (isCurrent(number)) {
            onEnd(nowNanos, "protocol error: " + reason);
        }
    }

    /** A complete, valid frame came on the connection of {@code number}. */
    public final void onFrame(long nowNanos, long number, HeartbeatFrame frame) {
        if (!isCurrent(number)) {
            return;
        }
        switch (phase) {
            case GREETING -> onAnswer(nowNanos, frame);
            case BEATING -> onLinkFrame(nowNanos, frame);
            case WAITING, CONNECTING -> onEnd(nowNanos, unexpected(frame));
        }
    }

    /** Probe {@code number} of {@code backend_port} ended. */
    public final void onBackendPort(long nowNanos, long number, BackendPort found) {
        if (liveness == Liveness.SUSPECT
                && backendProbe.onAnswer(nowNanos, number, config.connectIntervalNanos())
                && found == BackendPort.REFUSED
                && running) {
            become(LivenessTable.Event.BACKEND_REFUSED, nowNanos, "backend_port refuses connections");
        }
    }

    /** The loop woke {@code stallNanos} later than it had planned: the peer may have spoken without being heard. */
    public final void onStall(long nowNanos, long stallNanos) {
        longestStallNanos = Math.max(longestStallNanos, stallNanos);
        // Only the part of the stall that lies behind the last frame kept us from hearing the next one.
        long mostNanos = settings.inUse().intervalNanos();
        silenceAllowance.add(Math.max(0, Math.min(stallNanos, nowNanos - lastFrameNanos)), mostNanos);
        attempts.onStall(nowNanos, stallNanos, mostNanos);
    }

    /** Judges every deadline; call when all input has been read. */
    public final void onTick(long nowNanos) {
        if (!running) {
            return;
        }
        if (isMonitored() && isSilent(nowNanos)) {
            onSilent(nowNanos);
        }
        if (isAttempting() && attempts.isTooLate(nowNanos)) {
            onEnd(nowNanos, "no WELCOME within " + Seconds.text(attempts.timeoutNanos()));
        }
        if (phase == LinkPhase.BEATING && beats.isDue(nowNanos)) {
            sendBeat(nowNanos);
        }
        startWhatIsDue(nowNanos);
    }

    /**
     * Another configuration holds from now on (ADR 7). On a link that stands, interval and timeout are offered to the watchdog,
     * and judged by when it has answered; all else counts from the next attempt on.
     *
     * @throws IllegalArgumentException if the settings are others and always abnormal: they would cost every session
     */
    public final void onReload(long nowNanos, HeartbeatConfig changed) {
        if (changed.settings().alwaysAbnormal() && !changed.settings().equals(config.settings())) {
            throw new IllegalArgumentException("always abnormal: " + changed.settings());
        }
        config = changed;
        settings.want(changed.settings());
        offerSettings(nowNanos);
    }

    /** Somebody waits for an LSN: for a while each new one is to be told at once, over reconnects too (ADR 11). */
    public final void onLsnWanted(long nowNanos) {
        following.onWanted(nowNanos);
        follow(nowNanos);
    }

    /** An older watchdog tells it with its BEATs only. */
    private void follow(long nowNanos) {
        boolean understood = welcome != null && welcome.highestFrame() >= FrameType.FOLLOW.code();
        if (phase == LinkPhase.BEATING && understood && following.isWanted(nowNanos)) {
            commands.send(following.frame(nowNanos));
        }
    }

    /** conmgr stops: GOODBYE, if there is a connection. The topology is told nothing; call nothing afterwards. */
    public final void onStop(long nowNanos, Goodbye.Reason reason) {
        boolean hasConnection = phase == LinkPhase.GREETING || phase == LinkPhase.BEATING;
        running = false;
        move(LinkPhase.Event.STOPPED);
        if (hasConnection) {
            commands.sendLast(new Goodbye(reason));
        } else {
            commands.close();
        }
    }

    /** When {@link #onTick} has something to do next. Without meaning before onStart and after onStop. */
    public final long nextDeadlineNanos() {
        long next = switch (phase) {
            case WAITING -> attempts.nextNanos();
            case CONNECTING, GREETING -> attempts.deadlineNanos();
            case BEATING -> beats.nextNanos();
        };
        if (isMonitored()) {
            next = earlier(next, lastFrameNanos + silenceLimitNanos() + 1);
        }
        if (liveness == Liveness.SUSPECT && !backendProbe.isPending()) {
            next = earlier(next, backendProbe.nextNanos());
        }
        return next;
    }

    /** Whether the peer is silent: nothing for <em>longer than</em> the limit. Tests plant mistakes here. */
    protected boolean isSilent(long nowNanos) {
        return silenceNanos(nowNanos) > silenceLimitNanos();
    }

    /** Time since the last frame. */
    protected final long silenceNanos(long nowNanos) {
        return nowNanos - lastFrameNanos;
    }

    /** heartbeat_timeout (the longer one while it changes) and the allowance for our own stalls. */
    protected final long silenceLimitNanos() {
        return settings.timeoutNanos() + silenceAllowance.nanos();
    }

    private boolean isMonitored() {
        return phase == LinkPhase.BEATING || liveness == Liveness.SUSPECT;
    }

    private boolean isAttempting() {
        return phase == LinkPhase.CONNECTING || phase == LinkPhase.GREETING;
    }

    private boolean isCurrent(long number) {
        return running && phase != LinkPhase.WAITING && attempts.isLatest(number);
    }

    private void startWhatIsDue(long nowNanos) {
        if (liveness == Liveness.SUSPECT && backendProbe.isDue(nowNanos)) {
            commands.probeBackendPort(backendProbe.start());
        }
        if (phase == LinkPhase.WAITING && attempts.isDue(nowNanos)) {
            move(LinkPhase.Event.ATTEMPT_DUE);
            commands.connect(attempts.begin(nowNanos, config.connectTimeoutNanos()));
        }
    }

    private void onAnswer(long nowNanos, HeartbeatFrame frame) {
        if (frame instanceof Welcome answer) {
            onWelcome(nowNanos, answer);
        } else if (frame instanceof Refused refused) {
            onRefused(nowNanos, refused);
        } else if (frame instanceof Goodbye goodbye) {
            onGoodbye(nowNanos, goodbye);
        } else {
            onEnd(nowNanos, unexpected(frame));
        }
    }

    private void onWelcome(long nowNanos, Welcome answer) {
        Welcome before = welcome;
        welcome = answer;
        attempts.onSucceeded();
        heard(nowNanos);
        settings.agree();
        beats = new Beats(settings.inUse().intervalNanos(), nowNanos);
        move(LinkPhase.Event.WELCOMED);
        judgeWelcome(nowNanos, before, answer);
        sendBeat(nowNanos);
        follow(nowNanos);
        offerSettings(nowNanos);
    }

    private void offerSettings(long nowNanos) {
        if (phase != LinkPhase.BEATING || !settings.isOfferDue()) {
            return;
        }
        if (settings.inUse().alwaysAbnormal()) {
            // DOWN all the time, so there is nothing to keep: HELLO carries the new ones, and WELCOME begins anew.
            onEnd(nowNanos, "new heartbeat settings");
            return;
        }
        HeartbeatSettings offered = settings.offer();
        commands.send(new SettingsChange(offered));
        beats.onInterval(nowNanos, offered.intervalNanos());
    }

    private void onSettingsAnswer(long nowNanos, SettingsChange answer) {
        if (!settings.answers(answer.settings())) {
            onEnd(nowNanos, unexpected(answer));
            return;
        }
        heard(nowNanos);
        settings.agree();
        log.write(
                Message.HEARTBEAT_SETTINGS_CHANGED,
                component,
                answer.settings().intervalMillis(),
                answer.settings().timeoutMillis());
        offerSettings(nowNanos);
    }

    private void judgeWelcome(long nowNanos, @Nullable Welcome before, Welcome answer) {
        if (settings.inUse().alwaysAbnormal()) {
            become(
                    LivenessTable.Event.ALWAYS_ABNORMAL,
                    nowNanos,
                    "heartbeat_timeout is not longer than heartbeat_interval");
        } else if (liveness == Liveness.SUSPECT
                && before != null
                && before.postmasterStartMicros() != answer.postmasterStartMicros()) {
            String reason = "the instance was restarted";
            events.postmasterChanged(nowNanos, reason);
            become(LivenessTable.Event.NEW_POSTMASTER, nowNanos, reason);
        } else {
            become(LivenessTable.Event.WELCOMED, nowNanos, "welcomed by the watchdog");
        }
    }

    private void onLinkFrame(long nowNanos, HeartbeatFrame frame) {
        if (frame instanceof Beat beat) {
            heard(nowNanos);
            long roundTripMicros = beats.onBeat(nowNanos, beat);
            if (liveness == Liveness.ALIVE) {
                events.beat(nowNanos, roundTripMicros, beat.lsn());
            }
        } else if (frame instanceof StateChange change) {
            heard(nowNanos);
            if (liveness == Liveness.ALIVE) {
                events.state(nowNanos, change.state());
            }
        } else if (frame instanceof Upstream upstream) {
            heard(nowNanos);
            if (liveness == Liveness.ALIVE) {
                events.upstream(nowNanos, upstream);
            }
        } else if (frame instanceof SettingsChange answer) {
            onSettingsAnswer(nowNanos, answer);
        } else if (frame instanceof Goodbye goodbye) {
            onGoodbye(nowNanos, goodbye);
        } else {
            onEnd(nowNanos, unexpected(frame));
        }
    }

    private void onGoodbye(long nowNanos, Goodbye goodbye) {
        if (goodbye.reason() == Goodbye.Reason.INSTANCE_STOPPING) {
            boolean linkStood = phase == LinkPhase.BEATING;
            endConnection(linkStood ? LinkPhase.Event.LINK_ENDED : LinkPhase.Event.ATTEMPT_FAILED);
            attempts.planAt(nowNanos + config.connectIntervalNanos());
            become(LivenessTable.Event.INSTANCE_STOPPING, nowNanos, "the instance is stopping");
        } else {
            onEnd(nowNanos, "goodbye: " + goodbye.reason().name().toLowerCase(Locale.ROOT));
        }
    }

    /** The attempt failed, or the link closed, for a reason that says nothing about the instance itself. */
    private void onEnd(long nowNanos, String reason) {
        if (phase == LinkPhase.BEATING) {
            endConnection(LinkPhase.Event.LINK_ENDED);
            become(LivenessTable.Event.CLOSED, nowNanos, reason);
            attempts.planAfterLoss(nowNanos, config, liveness == Liveness.SUSPECT);
            startWhatIsDue(nowNanos);
        } else {
            failAttempt(nowNanos, Message.HEARTBEAT_ATTEMPT_FAILED, reason);
        }
    }

    private void onRefused(long nowNanos, Refused refused) {
        String reason = refused.text() + " (code " + refused.code() + ")";
        failAttempt(nowNanos, Message.HEARTBEAT_REFUSED, reason);
    }

    private void failAttempt(long nowNanos, Message message, String reason) {
        attempts.onFailed();
        if (attempts.isNew(reason)) {
            log.write(message, component, reason);
        }
        endConnection(LinkPhase.Event.ATTEMPT_FAILED);
        attempts.planAfterFailure(nowNanos, config, liveness == Liveness.SUSPECT);
        become(LivenessTable.Event.ATTEMPT_FAILED, nowNanos, reason);
    }

    private void onSilent(long nowNanos) {
        if (phase == LinkPhase.BEATING) {
            endConnection(LinkPhase.Event.LINK_ENDED);
            attempts.planAt(nowNanos + config.connectIntervalNanos());
        }
        become(LivenessTable.Event.SILENT, nowNanos, "no heartbeat for " + Seconds.text(silenceNanos(nowNanos)));
    }

    private void heard(long nowNanos) {
        lastFrameNanos = nowNanos;
        silenceAllowance.reset();
    }

    private void sendBeat(long nowNanos) {
        commands.send(beats.next(nowNanos, longestStallNanos));
        longestStallNanos = 0;
    }

    private void endConnection(LinkPhase.Event event) {
        move(event);
        commands.close();
    }

    private void move(LinkPhase.Event event) {
        phase = LinkPhase.TABLE.next(phase, event);
    }

    private void become(LivenessTable.Event event, long nowNanos, String reason) {
        Liveness from = liveness;
        liveness = LivenessTable.TABLE.next(from, event);
        if (liveness == from) {
            return;
        }
        log.write(Message.LIVENESS_CHANGED, component, from, liveness, reason);
        switch (liveness) {
            case ALIVE -> {
                if (welcome != null) {
                    events.alive(nowNanos, hostaddr, welcome);
                }
            }
            case SUSPECT -> {
                backendProbe.begin(nowNanos);
                events.suspect(nowNanos, reason);
            }
            case DOWN -> events.down(nowNanos, reason);
            case UNKNOWN -> throw new IllegalStateException("no way back to UNKNOWN");
        }
    }

    private static long earlier(long a, long b) {
        return a - b < 0 ? a : b;
    }

    private static String unexpected(HeartbeatFrame frame) {
        return "protocol error: unexpected " + frame.type();
    }
}
