package io.github.pgconmgr.attribute;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.scripted.ManualClock;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.topology.CheckEvents;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A link with everything around it recorded in order: commands and topology events in one list of words. */
final class CheckHarness implements CheckCommands, CheckEvents {

    static final long START = 1_000_000;
    static final InstanceState PRIMARY = new InstanceState(false, false, false, 1, 100);
    static final InstanceState STANDBY = new InstanceState(true, true, false, 1, 90);

    final ManualClock clock = new ManualClock();
    final RecordingLog log = new RecordingLog();
    final List<String> done = new ArrayList<>();
    final SqlLink link;
    long attempt;
    InstanceFacts told;

    CheckHarness(HeartbeatConfig config) {
        link = new SqlLink(new SqlLink.Subject(0, "instance 0", Long.MAX_VALUE), config, this, this, log);
    }

    /** Checked every second, timeout 20 s, next attempt 1 s after a failed one, 10 s for an attempt. */
    static HeartbeatConfig config(int timeoutMillis, int checkMillis) {
        return new HeartbeatConfig(
                new HeartbeatSettings(10_000, timeoutMillis),
                TimeUnit.SECONDS.toNanos(1),
                TimeUnit.SECONDS.toNanos(10),
                TimeUnit.MILLISECONDS.toNanos(checkMillis));
    }

    /** Ready and connecting; nothing recorded any more. */
    static CheckHarness connecting() {
        CheckHarness harness = new CheckHarness(config(20_000, 1_000));
        harness.link.onStart(harness.now());
        harness.link.onReady(harness.now());
        harness.done.clear();
        return harness;
    }

    /** Answered by a primary. */
    static CheckHarness alive() {
        CheckHarness harness = connecting();
        harness.answer(START, PRIMARY);
        harness.done.clear();
        return harness;
    }

    /** As {@link #alive}, then checked for 20 s, then lost. */
    static CheckHarness suspect() {
        CheckHarness harness = alive();
        for (int i = 0; i < 20; i++) {
            harness.tickAfterMillis(1_000);
            harness.answer(START, PRIMARY);
        }
        harness.tickAfterMillis(1_000);
        harness.fail(CheckFailure.Kind.NO_ANSWER, "closed");
        harness.done.clear();
        return harness;
    }

    static InstanceFacts facts(long postmasterStart, InstanceState state) {
        return new InstanceFacts("10.0.0.1", 4711, postmasterStart, state, 500).withReplayLag(0);
    }

    long now() {
        return clock.nanoTime();
    }

    void answer(long postmasterStart, InstanceState state) {
        link.onAnswer(now(), attempt, new CheckAnswer(facts(postmasterStart, state), false));
    }

    void fail(CheckFailure.Kind kind, String text) {
        link.onFailure(now(), attempt, new CheckFailure(kind, text));
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
    public void prepare() {
        done.add("prepare");
    }

    @Override
    public void connect(long number) {
        attempt = number;
        done.add("connect");
    }

    @Override
    public void check() {
        done.add("check");
    }

    @Override
    public void close() {
        done.add("close");
    }

    @Override
    public void alive(long nowNanos, InstanceFacts facts, String reason) {
        told = facts;
        done.add("alive");
    }

    @Override
    public void checked(long nowNanos, InstanceFacts facts) {
        told = facts;
        done.add("checked");
    }

    @Override
    public void remark(long nowNanos, String text) {
        done.add("remark: " + text);
    }

    @Override
    public void state(long nowNanos, InstanceState state) {
        done.add("state");
    }

    @Override
    public void beat(long nowNanos, long roundTripMicros, long lsn) {
        done.add("beat");
    }

    @Override
    public void upstream(long nowNanos, Upstream upstream) {
        done.add("upstream");
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
