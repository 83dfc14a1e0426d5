package io.github.pgconmgr.heartbeat;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.scripted.ManualClock;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.topology.InstanceEvents;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.HeartbeatFrame;
import io.github.pgconmgr.wire.heartbeat.HeartbeatProtocol;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.ArrayList;
import java.util.List;

/** A link with everything around it recorded in order: commands and topology events in one list of words. */
final class LinkHarness implements LinkCommands, InstanceEvents {

    static final long START = 1_000_000;

    final ManualClock clock = new ManualClock();
    final RecordingLog log = new RecordingLog();
    final List<String> done = new ArrayList<>();
    final List<Beat> beats = new ArrayList<>();
    final InstanceLink link;
    long attempt;
    long probe;

    LinkHarness(HeartbeatConfig config) {
        link = new InstanceLink(0, config, Samples::hello, this, this, log);
    }

    /** Interval 10 s, timeout 20 s. */
    static LinkHarness withDefaults() {
        return new LinkHarness(Samples.heartbeat(10_000, 20_000));
    }

    /** Started and welcomed by a primary; nothing recorded any more. */
    static LinkHarness alive() {
        LinkHarness harness = withDefaults();
        harness.start();
        harness.welcome(START);
        harness.done.clear();
        return harness;
    }

    /** As {@link #alive}, then beaten for 20 s, then closed. */
    static LinkHarness suspect() {
        LinkHarness harness = alive();
        harness.beatFor(2);
        harness.link.onClosed(harness.now(), harness.attempt, "closed");
        harness.done.clear();
        return harness;
    }

    long now() {
        return clock.nanoTime();
    }

    void start() {
        link.onStart(now());
    }

    /** From a watchdog that takes every frame of ours. */
    void welcomeByANewWatchdog() {
        link.onConnected(now(), attempt, "10.0.0.1");
        Welcome old = Samples.welcome(START, Samples.PRIMARY);
        frame(new Welcome(1, old.systemIdentifier(), START, Samples.PRIMARY, "test", HeartbeatProtocol.HIGHEST_FRAME));
    }

    void welcome(long postmasterStart) {
        link.onConnected(now(), attempt, "10.0.0.1");
        frame(Samples.welcome(postmasterStart, Samples.PRIMARY));
    }

    void frame(HeartbeatFrame frame) {
        link.onFrame(now(), attempt, frame);
    }

    /** Whole intervals of 10 s in which both sides beat. */
    void beatFor(int intervals) {
        for (int i = 0; i < intervals; i++) {
            clock.advanceMillis(10_000);
            link.onTick(now());
            frame(Samples.beat(i + 1));
        }
        done.clear();
    }

    void tickAfterMillis(long millis) {
        clock.advanceMillis(millis);
        link.onTick(now());
    }

    void tickAfterNanos(long nanos) {
        clock.advanceNanos(nanos);
        link.onTick(now());
    }

    @Override
    public void connect(long number) {
        attempt = number;
        done.add("connect " + number);
    }

    @Override
    public void send(HeartbeatFrame frame) {
        if (frame instanceof Beat beat) {
            beats.add(beat);
        }
        done.add("send " + frame.type());
    }

    @Override
    public void sendLast(HeartbeatFrame frame) {
        done.add("send last " + frame.type());
    }

    @Override
    public void close() {
        done.add("close");
    }

    @Override
    public void probeBackendPort(long number) {
        probe = number;
        done.add("probe");
    }

    @Override
    public void alive(long nowNanos, InstanceFacts facts, String reason) {
        done.add("alive " + facts.hostaddr());
    }

    @Override
    public void state(long nowNanos, InstanceState state) {
        done.add("state");
    }

    @Override
    public void beat(long nowNanos, long roundTripMicros, long lsn) {
        done.add("beat " + roundTripMicros);
    }

    @Override
    public void upstream(long nowNanos, Upstream upstream) {
        done.add("upstream " + upstream.host() + ":" + upstream.port());
    }

    @Override
    public void suspect(long nowNanos, String reason) {
        done.add("suspect: " + reason);
    }

    @Override
    public void down(long nowNanos, String reason) {
        done.add("down: " + reason);
    }

    @Override
    public void postmasterChanged(long nowNanos, String reason) {
        done.add("postmaster changed");
    }
}
