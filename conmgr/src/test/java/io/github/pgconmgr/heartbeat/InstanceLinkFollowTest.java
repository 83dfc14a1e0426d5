package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Each new LSN at once, and whom a standby follows (ADR 11): towards a watchdog that knows of it, and an older one. */
class InstanceLinkFollowTest {

    private static final long LEASE_MILLIS = TimeUnit.NANOSECONDS.toMillis(Following.LEASE_NANOS);

    private static LinkHarness towardsANewWatchdog() {
        LinkHarness harness = LinkHarness.withDefaults();
        harness.start();
        harness.welcomeByANewWatchdog();
        harness.done.clear();
        return harness;
    }

    @Test
    void theWatchdogIsAskedAtOnce() {
        LinkHarness harness = towardsANewWatchdog();
        harness.link.onLsnWanted(harness.now());
        assertEquals(List.of("send FOLLOW"), harness.done);
        assertEquals(LinkPhase.BEATING, harness.link.phase());
    }

    @Test
    void anOlderWatchdogIsNeverAsked() {
        LinkHarness harness = LinkHarness.alive();
        harness.link.onLsnWanted(harness.now());
        assertEquals(List.of(), harness.done);
    }

    @Test
    void whileTheInterestLastsANewConnectionIsAskedAsWell() {
        LinkHarness harness = towardsANewWatchdog();
        harness.link.onLsnWanted(harness.now());
        harness.link.onClosed(harness.now(), harness.attempt, "closed");
        harness.clock.advanceMillis(LEASE_MILLIS - 1);
        harness.link.onTick(harness.now());
        harness.done.clear();
        harness.welcomeByANewWatchdog();
        assertEquals(1, harness.done.stream().filter("send FOLLOW"::equals).count(), harness.done::toString);
    }

    @Test
    void whenTheInterestIsOverNobodyIsAskedAnyMore() {
        LinkHarness harness = towardsANewWatchdog();
        harness.link.onLsnWanted(harness.now());
        harness.link.onClosed(harness.now(), harness.attempt, "closed");
        harness.clock.advanceMillis(LEASE_MILLIS);
        harness.link.onTick(harness.now());
        harness.done.clear();
        harness.welcomeByANewWatchdog();
        assertEquals(0, harness.done.stream().filter("send FOLLOW"::equals).count(), harness.done::toString);
    }

    @Test
    void anInterestWithoutAConnectionWaitsForTheNextOne() {
        LinkHarness harness = LinkHarness.withDefaults();
        harness.start();
        harness.link.onLsnWanted(harness.now());
        assertEquals(0, harness.done.stream().filter("send FOLLOW"::equals).count());
        harness.welcomeByANewWatchdog();
        assertEquals(1, harness.done.stream().filter("send FOLLOW"::equals).count());
    }

    @Test
    void anUpstreamIsASignOfLifeAndReachesTheTopology() {
        LinkHarness harness = towardsANewWatchdog();
        harness.clock.advanceMillis(19_000);
        harness.frame(new Upstream("db1", 5432));
        assertEquals(List.of("upstream db1:5432"), harness.done);
        harness.done.clear();
        harness.tickAfterMillis(19_000);
        assertEquals(LinkPhase.BEATING, harness.link.phase());
    }
}
