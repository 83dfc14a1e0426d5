package io.github.pgconmgr.watchdog.peer;

import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.Follow;
import io.github.pgconmgr.wire.heartbeat.Goodbye;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatProtocol;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Refused;
import io.github.pgconmgr.wire.heartbeat.SettingsChange;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * Every conmgr that this instance knows, and the judgement on each (ADR 1; L1, L2, L4, L7).
 *
 * <p>How a shell drives it, once per turn and with one time: {@link #onStall} if it woke late; then what happened ({@link
 * #onHello}, {@link #onFrame}, {@link #onClosed}, {@link #onInstanceState}); then, if {@link #judgementDue}, it reads
 * <em>all</em> input that has arrived, new connections included; then {@link #onTick}. It comes back at {@link
 * #nextDeadlineNanos} at the latest.
 *
 * <p>All times are nanoseconds of one monotonic clock. Rows, lost ones included, never exceed {@link
 * PeerTableConfig#maxPeers}: when they are all taken a newcomer is refused (S6) rather than a lost row forgotten, as a forgotten
 * row would leave its sessions' locks for ever; a lost row frees its slot within its own timeout. A row that returns is not new.
 *
 * <p>Confined to the thread of its shell. Not final only so that the simulation can plant mistakes: {@link #isSilent} and {@link
 * #adopt} are the seams.
 */
public class PeerTable {

    private final PeerTableConfig config;
    private final PeerCommands commands;
    private final Peers peers = new Peers();
    private final List<Death> deaths = new ArrayList<>();
    private final NoiseLog refusals;
    private final InstanceNews news;
    private SharedAddress.Rule sharedAddressRule = SharedAddress.Rule.SPARE;
    private final SilenceHorizon silence = new SilenceHorizon();
    private final BeatRounds beats = new BeatRounds();
    private boolean exiting;

    /** May be true without a follower, never false with one. */
    private boolean mayBeFollowed;

    /** Who died and is to be judged at the end of this turn, when all input has been read. */
    private record Death(Peer peer, Judgement.Reason reason, long atNanos) {}

    /** A table without rows. */
    public PeerTable(PeerTableConfig config, PeerCommands commands) {
        this.config = config;
        this.commands = commands;
        this.news = new InstanceNews(config.initialState(), commands);
        this.refusals = new NoiseLog("refused conmgrs", commands::log);
    }

    /**
     * Takes over the rows that a former run of our worker left: each armed one has its own timeout from now to return. Call
     * once, before any other event. The others are not worth a session and are dropped.
     */
    public void adopt(long nowNanos, List<PeerRow> rows) {
        for (PeerRow row : rows) {
            boolean worthIt = row.armed() && !row.settings().alwaysAbnormal() && peers.size() < config.maxPeers();
            Peer peer = new Peer(nowNanos, row);
            if (worthIt && peers.add(peer)) {
                silence.include(peer);
                log(LogLevel.DEBUG1, "conmgr " + row.conmgrId() + " at " + row.address() + ": adopted");
            }
        }
        if (!rows.isEmpty()) {
            log(LogLevel.LOG, "adopted " + peers.size() + " of " + rows.size() + " conmgrs known before the restart");
            commands.rowsChanged();
        }
    }

    /** The first frame of a connection. */
    public void onHello(long nowNanos, long connectionId, PeerEndpoint endpoint, Hello hello) {
        Arrival arrival = new Arrival(connectionId, endpoint, hello);
        Peer known = peers.connectedBy(connectionId);
        if (known != null) {
            onProtocolError(known, connectionId, "a second HELLO");
        } else if (exiting) {
            commands.close(connectionId, "the instance is stopping");
        } else if (!hello.speaksOurVersion()) {
            refuse(nowNanos, arrival, Refused.VERSION, versionText(hello));
        } else if (hello.conmgrId().equals(Id128.NONE)) {
            turnAway(nowNanos, connectionId, endpoint + " sent HELLO without a conmgr id");
        } else {
            welcome(nowNanos, arrival);
        }
    }

    /** Any later frame of a connection. */
    public void onFrame(long nowNanos, long connectionId, HeartbeatFrame frame) {
        Peer peer = peers.connectedBy(connectionId);
        if (peer == null) {
            turnAway(nowNanos, connectionId, "a stranger sent " + frame.type() + " before HELLO");
            return;
        }
        switch (frame.type()) {
            case BEAT -> onBeat(nowNanos, peer, (Beat) frame);
            case GOODBYE -> onGoodbye(nowNanos, peer, connectionId, (Goodbye) frame);
            case SETTINGS -> onSettings(nowNanos, peer, (SettingsChange) frame);
            case FOLLOW -> onFollow(nowNanos, peer, (Follow) frame);
            case HELLO, WELCOME, REFUSED, CHALLENGE, STATE, PROOF, UPSTREAM ->
                onProtocolError(peer, connectionId, frame.type() + " from a conmgr");
        }
    }

    /** The connection ended without a word: FIN, reset, a malformed frame, too much unsent. No effect on others. */
    public void onClosed(long nowNanos, long connectionId) {
        Peer peer = peers.connectedBy(connectionId);
        if (peer != null) {
            disconnect(peer, PeerEvent.CLOSED, "connection closed " + lastFrameText(nowNanos, peer));
        }
    }

    /** Our loop woke {@code nanos} late: nobody is blamed for what we did not hear in that time. Call before reading. */
    public void onStall(long nowNanos, long nanos) {
        for (Peer peer : peers.all()) {
            peer.onStall(nanos);
        }
    }

    /** What the instance is now; connected conmgrs hear of a change at once (T5). */
    public void onInstanceState(long nowNanos, InstanceState state) {
        news.onState(nowNanos, state, links());
    }

    /** Whether somebody wants to hear of each new LSN at once. */
    public boolean isFollowed(long nowNanos) {
        mayBeFollowed = mayBeFollowed && links().anyMatch(link -> link.isFollowing(nowNanos));
        return mayBeFollowed;
    }

    /** Where the instance receives its write-ahead log from now; conmgrs that understand it hear of a change at once. */
    public void onUpstream(Upstream latest) {
        news.onUpstream(latest, links());
    }

    /** {@code watchdog.shared_address}, as set now. */
    public void onSharedAddressRule(SharedAddress.Rule rule) {
        sharedAddressRule = rule;
    }

    /** The instance stops: everyone hears it, and nothing is judged or sent any more. */
    public void onExiting(long nowNanos) {
        if (!exiting) {
            links().forEach(link -> commands.send(link.connectionId(), new Goodbye(Goodbye.Reason.INSTANCE_STOPPING)));
            exiting = true;
        }
    }

    /** Whether {@link #onTick} would judge somebody: first read all input that has arrived. */
    public boolean judgementDue(long nowNanos) {
        if (exiting) {
            return false;
        }
        return !deaths.isEmpty() || isSomebodySilent(nowNanos);
    }

    /** Ends a turn: judges who is overdue, then sends the BEATs that are due. */
    public void onTick(long nowNanos) {
        refusals.onTick(nowNanos);
        if (exiting) {
            return;
        }
        if (judgementDue(nowNanos)) {
            grantGrace(nowNanos);
            buryTheSilent(nowNanos);
            judgeTheDead(nowNanos);
        }
        if (silence.isReached(nowNanos)) {
            silence.look(nowNanos, peers.all());
        }
        beats.onTick(nowNanos, peers.all(), news);
    }

    private boolean isSomebodySilent(long nowNanos) {
        return silence.isReached(nowNanos) && peers.all().stream().anyMatch(peer -> isSilent(peer, nowNanos));
    }

    /** When {@link #onTick} has something to do next; nothing if nobody is known. */
    public OptionalLong nextDeadlineNanos() {
        if (exiting) {
            return OptionalLong.empty();
        }
        Earliest next = new Earliest();
        deaths.stream().limit(1).forEach(death -> next.include(death.atNanos()));
        silence.nextNanos().ifPresent(next::include);
        beats.nextNanos().ifPresent(next::include);
        return next.get();
    }

    /** Everyone who is known, in no order; for the simulation's invariants. Read only, on the owner's thread. */
    public Collection<Peer> peers() {
        return peers.all();
    }

    /**
     * The rows as they go to shared memory.
     *
     * @param nowMicros the same moment on the wall clock, since 1970 UTC, for the view's columns
     */
    public List<PeerRow> rows(long nowNanos, long nowMicros) {
        return peers.all().stream().map(peer -> peer.row(nowNanos, nowMicros)).toList();
    }

    /** Whether a peer has been silent for longer than all that it may (ADR 1: strictly longer). */
    protected boolean isSilent(Peer peer, long nowNanos) {
        return nowNanos - peer.deadlineNanos() > 0;
    }

    private void welcome(long nowNanos, Arrival arrival) {
        Peer peer = peers.returning(arrival);
        if (peer != null) {
            takeBack(nowNanos, peer, arrival);
        } else if (peers.size() >= config.maxPeers()) {
            refuse(nowNanos, arrival, Refused.FULL, fullText());
            return;
        } else {
            peer = new Peer(nowNanos, arrival);
            peers.add(peer);
            log(arrival.isAlwaysAbnormal() ? LogLevel.DEBUG1 : LogLevel.LOG, arrival + ": connected");
        }
        if (arrival.isAlwaysAbnormal()) {
            warnAboutAbnormal(nowNanos, arrival);
        }
        commands.rowsChanged();
        Welcome welcome = new Welcome(
                HeartbeatProtocol.VERSION,
                config.systemIdentifier(),
                config.postmasterStartMicros(),
                news.state(),
                config.softwareVersion(),
                HeartbeatProtocol.HIGHEST_FRAME);
        commands.send(arrival.connectionId(), welcome);
        PeerLink link = peer.link();
        if (link != null) {
            news.onWelcomed(nowNanos, link);
            beats.include(link);
        }
        silence.include(peer);
    }

    private void takeBack(long nowNanos, Peer peer, Arrival arrival) {
        boolean same = peer.conmgrId().equals(arrival.hello().conmgrId());
        String reason = (same ? "the same conmgr" : "another conmgr of the same host") + " connected from "
                + arrival.endpoint();
        PeerEvent event = arrival.isAlwaysAbnormal() ? PeerEvent.RETURNED_ABNORMAL : PeerEvent.RETURNED;
        PeerLink old = peer.link();
        peers.remove(peer);
        peer.transition(event, reason, commands);
        peer.onReturn(nowNanos, arrival);
        peers.add(peer);
        if (old != null) {
            commands.close(old.connectionId(), "its conmgr came on a newer connection");
        }
    }

    private void refuse(long nowNanos, Arrival arrival, int code, String text) {
        refusals.log(nowNanos, LogLevel.WARNING, arrival + " refused: " + text);
        commands.send(arrival.connectionId(), new Refused(code, text));
        commands.close(arrival.connectionId(), "refused");
    }

    private void turnAway(long nowNanos, long connectionId, String reason) {
        refusals.log(nowNanos, LogLevel.LOG, reason);
        commands.close(connectionId, reason);
    }

    private void onBeat(long nowNanos, Peer peer, Beat beat) {
        onValidFrame(nowNanos, peer);
        PeerLink link = peer.link();
        if (link != null) {
            link.onBeat(nowNanos, beat);
        }
        if (peer.state() == PeerState.PROVING && peer.hasProvenItself(nowNanos)) {
            String timeout = SecondsText.of(peer.settings().timeoutNanos());
            peer.transition(PeerEvent.PROVEN, "it has beaten for " + timeout, commands);
            commands.rowsChanged();
        }
    }

    /** The answer is the receipt: conmgr judges by the new settings from then on, and so do we (ADR 7). */
    private void onSettings(long nowNanos, Peer peer, SettingsChange change) {
        onValidFrame(nowNanos, peer);
        HeartbeatSettings settings = change.settings();
        if (!settings.equals(peer.settings())) {
            String reason = "heartbeat interval " + settings.intervalMillis() + " ms, timeout "
                    + settings.timeoutMillis() + " ms from now on";
            PeerEvent event = settings.alwaysAbnormal() ? PeerEvent.SETTINGS_ABNORMAL : PeerEvent.SETTINGS;
            peer.transition(event, reason, commands);
            peer.onSettings(nowNanos, settings);
            silence.include(peer);
            if (peer.link() != null) {
                beats.include(peer.link());
            }
            commands.rowsChanged();
            if (settings.alwaysAbnormal()) {
                warnAboutAbnormal(nowNanos, peer);
            }
        }
        PeerLink link = peer.link();
        if (link != null && !exiting) {
            commands.send(link.connectionId(), change);
        }
    }

    /** Answered at once with what is known. */
    private void onFollow(long nowNanos, Peer peer, Follow follow) {
        onValidFrame(nowNanos, peer);
        PeerLink link = peer.link();
        if (link != null && !exiting) {
            link.onFollow(nowNanos, follow);
            mayBeFollowed = true;
            news.tellLsn(nowNanos, link);
        }
    }

    private void onGoodbye(long nowNanos, Peer peer, long connectionId, Goodbye goodbye) {
        switch (goodbye.reason()) {
            case STOP -> {
                onValidFrame(nowNanos, peer);
                bury(nowNanos, peer, PeerEvent.GOODBYE_STOP, Judgement.Reason.GOODBYE, "it stopped");
            }
            case RESTART -> {
                onValidFrame(nowNanos, peer);
                commands.close(connectionId, "goodbye");
                disconnect(peer, PeerEvent.GOODBYE_RESTART, "it restarts");
            }
            case INSTANCE_STOPPING -> onProtocolError(peer, connectionId, "GOODBYE of an instance from a conmgr");
        }
    }

    private void onValidFrame(long nowNanos, Peer peer) {
        if (peer.state() == PeerState.GRACE) {
            peer.transition(PeerEvent.FRAME, "a frame " + lastFrameText(nowNanos, peer), commands);
        }
        peer.onFrame(nowNanos);
        if (peer.state() == PeerState.PROVING) {
            // Its host beats. When this one is armed, it vouches for the host itself (SharedAddress).
            peers.lostOnHostOf(peer).forEach(lost -> lost.onFrame(nowNanos));
        }
    }

    /** A close may come long behind the frames of that host's next conmgr, even behind its end: its frames count all the same. */
    private void shareFrames(Peer leaving) {
        for (Peer other : peers.othersOnHostOf(leaving)) {
            if (leaving.state() == PeerState.GONE) {
                other.onHostFrame(leaving.lastFrameNanos());
            } else if (leaving.state() != PeerState.DEAD && other.state() == PeerState.PROVING) {
                leaving.onHostFrame(other.lastFrameNanos());
            }
        }
    }

    private void onProtocolError(Peer peer, long connectionId, String what) {
        commands.close(connectionId, what);
        disconnect(peer, PeerEvent.CLOSED, "protocol error: " + what);
    }

    private void disconnect(Peer peer, PeerEvent event, String reason) {
        peer.transition(event, reason, commands);
        peers.unbind(peer);
        peer.onDisconnect();
        shareFrames(peer);
        if (peer.state() == PeerState.GONE) {
            peers.remove(peer);
        }
        commands.rowsChanged();
    }

    private void grantGrace(long nowNanos) {
        List<Peer> graced = new ArrayList<>();
        if (isSomebodySilent(nowNanos)) {
            for (Peer peer : MassSilence.suspects(peers.all(), nowNanos)) {
                if (PeerTransitions.TABLE.allows(peer.state(), PeerEvent.MASS_SILENCE)) {
                    graced.add(peer);
                }
            }
        }
        if (graced.isEmpty()) {
            return;
        }
        log(
                LogLevel.WARNING,
                "more than half of " + peers.size() + " conmgrs fell silent at once; " + graced.size()
                        + " of them get one more interval, as the fault may be on this host");
        for (Peer peer : graced) {
            peer.transition(PeerEvent.MASS_SILENCE, "no frame for " + silenceText(nowNanos, peer), commands);
        }
    }

    private void buryTheSilent(long nowNanos) {
        for (Peer peer : peers.copy()) {
            if (isSilent(peer, nowNanos)) {
                String reason = "no frame for " + silenceText(nowNanos, peer);
                bury(nowNanos, peer, PeerEvent.SILENT, peer.silentReason(), reason);
            }
        }
    }

    private void bury(long nowNanos, Peer peer, PeerEvent event, Judgement.Reason reason, String text) {
        peer.transition(event, text, commands);
        PeerLink link = peer.link();
        peers.remove(peer);
        shareFrames(peer);
        if (link != null) {
            commands.close(link.connectionId(), text);
        }
        if (peer.state() == PeerState.DEAD) {
            deaths.add(new Death(peer, reason, nowNanos));
        }
        commands.rowsChanged();
    }

    /** After all burials of the turn, so that one dead row does not vouch for another. */
    private void judgeTheDead(long nowNanos) {
        for (Death death : deaths) {
            Peer dead = death.peer();
            SharedAddress.Verdict verdict =
                    SharedAddress.decide(dead, peers.at(dead.address()), sharedAddressRule, nowNanos);
            if (!verdict.because().isEmpty()) {
                log(verdict.level(), dead + " is dead, but " + verdict.because());
            }
            if (verdict.ends()) {
                long silence = dead.silenceNanos(nowNanos);
                commands.judge(new Judgement(
                        dead.address(),
                        dead.conmgrId(),
                        dead.host().machineId(),
                        death.reason(),
                        silence,
                        verdict.spareSinceNanos()));
            }
        }
        deaths.clear();
    }

    /** Of those who are connected; none when the last word is said. */
    private Stream<PeerLink> links() {
        return exiting ? Stream.empty() : peers.all().stream().flatMap(peer -> Stream.ofNullable(peer.link()));
    }

    private void log(LogLevel level, String text) {
        commands.log(level, text);
    }

    private String fullText() {
        int lost = peers.size() - peers.connected();
        return "watchdog.max_heartbeat_connections = " + config.maxPeers() + " is reached"
                + (lost == 0 ? "" : " (" + lost + " of them lost their connection and may return)");
    }

    private static String versionText(Hello hello) {
        return "protocol version " + HeartbeatProtocol.VERSION + " is spoken here, not " + hello.lowestVersion()
                + " to " + hello.highestVersion();
    }

    private void warnAboutAbnormal(long nowNanos, Object who) {
        String text = who + ": heartbeat_timeout is not longer than heartbeat_interval, always judged abnormal";
        refusals.log(nowNanos, LogLevel.WARNING, text);
    }

    private static String lastFrameText(long nowNanos, Peer peer) {
        return silenceText(nowNanos, peer) + " after its last frame";
    }

    private static String silenceText(long nowNanos, Peer peer) {
        return SecondsText.of(peer.silenceNanos(nowNanos));
    }
}
