package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.SettingsChange;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** New heartbeat settings on a living link (ADR 7): when which timeout counts, just before, at and just after. */
class InstanceLinkReloadTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final HeartbeatSettings HALF_ONE = new HeartbeatSettings(500, 1000);
    private static final HeartbeatSettings TWENTY_SIXTY = new HeartbeatSettings(20_000, 60_000);

    private static void reload(LinkHarness h, HeartbeatSettings settings) {
        h.link.onReload(h.now(), Samples.heartbeat(settings.intervalMillis(), settings.timeoutMillis()));
    }

    private static void answer(LinkHarness h, HeartbeatSettings settings) {
        h.frame(new SettingsChange(settings));
    }

    private static void assertAliveUpTo(LinkHarness h, long nanos) {
        h.tickAfterNanos(nanos - 1);
        assertEquals(Liveness.ALIVE, h.link.liveness(), "just before");
        h.tickAfterNanos(1);
        assertEquals(Liveness.ALIVE, h.link.liveness(), "at the deadline");
        h.tickAfterNanos(1);
        assertEquals(Liveness.DOWN, h.link.liveness(), "just after");
    }

    @Test
    @Proves("L4")
    void settingsAreOfferedAtOnceAndTheLinkGoesOn() {
        LinkHarness h = LinkHarness.alive();
        reload(h, HALF_ONE);
        assertEquals(List.of("send SETTINGS"), h.done);
        answer(h, HALF_ONE);
        assertEquals(LinkPhase.BEATING, h.link.phase());
        assertEquals(
                List.of("instance 0: heartbeat interval 500 ms and timeout 1000 ms hold on both sides from now on"),
                h.log.texts(Message.HEARTBEAT_SETTINGS_CHANGED));
    }

    @Test
    @Proves("L4")
    void nobodyIsDeadBecauseTheTimeoutBecameShorterThanTheSilence() {
        LinkHarness h = LinkHarness.alive();
        h.tickAfterMillis(5000);
        reload(h, HALF_ONE);
        h.tickAfterNanos(1);
        assertEquals(Liveness.ALIVE, h.link.liveness(), "the last frame is 5 s old, the timeout now 1 s");
        assertAliveUpTo(h, 15 * SECOND - 1);
    }

    @Test
    @Proves("L4")
    void aShorterTimeoutCountsFromTheAnswerOn() {
        LinkHarness h = LinkHarness.alive();
        h.tickAfterMillis(5000);
        reload(h, HALF_ONE);
        h.tickAfterMillis(3000);
        answer(h, HALF_ONE);
        assertAliveUpTo(h, SECOND);
    }

    @Test
    @Proves("L4")
    void aLongerTimeoutCountsAtOnce() {
        LinkHarness h = LinkHarness.alive();
        reload(h, TWENTY_SIXTY);
        assertAliveUpTo(h, 60 * SECOND);
    }

    @Test
    void ourBeatsFollowTheShorterIntervalAtOnce() {
        LinkHarness h = LinkHarness.alive();
        h.tickAfterMillis(5000);
        reload(h, HALF_ONE);
        h.done.clear();
        h.tickAfterNanos(SECOND / 2 - 1);
        assertEquals(List.of(), h.done);
        h.tickAfterNanos(1);
        assertEquals(List.of("send BEAT"), h.done);
        h.tickAfterMillis(500);
        assertEquals(List.of("send BEAT", "send BEAT"), h.done);
    }

    @Test
    void ourBeatsFollowTheLongerIntervalAfterTheOneThatWasPlanned() {
        LinkHarness h = LinkHarness.alive();
        reload(h, TWENTY_SIXTY);
        h.done.clear();
        h.tickAfterMillis(10_000);
        assertEquals(List.of("send BEAT"), h.done);
        h.tickAfterNanos(20 * SECOND - 1);
        assertEquals(List.of("send BEAT"), h.done);
        h.tickAfterNanos(1);
        assertEquals(List.of("send BEAT", "send BEAT"), h.done);
    }

    @Test
    void oneOfferIsOutAtATime() {
        LinkHarness h = LinkHarness.alive();
        reload(h, HALF_ONE);
        reload(h, TWENTY_SIXTY);
        assertEquals(List.of("send SETTINGS"), h.done);
        answer(h, HALF_ONE);
        assertEquals(List.of("send SETTINGS", "send SETTINGS"), h.done);
        answer(h, TWENTY_SIXTY);
        assertAliveUpTo(h, 60 * SECOND);
    }

    @Test
    void aReloadBackToWhatHoldsIsOfferedAfterTheFirstAnswer() {
        LinkHarness h = LinkHarness.alive();
        reload(h, HALF_ONE);
        reload(h, new HeartbeatSettings(10_000, 20_000));
        answer(h, HALF_ONE);
        h.tickAfterMillis(1001);
        assertEquals(Liveness.ALIVE, h.link.liveness(), "what is wanted is 20 s");
        answer(h, new HeartbeatSettings(10_000, 20_000));
        assertAliveUpTo(h, 20 * SECOND);
    }

    @Test
    void theSameSettingsAreNotOffered() {
        LinkHarness h = LinkHarness.alive();
        reload(h, new HeartbeatSettings(10_000, 20_000));
        assertEquals(List.of(), h.done);
    }

    @Test
    void anAnswerToNothingIsAProtocolError() {
        LinkHarness h = LinkHarness.alive();
        answer(h, HALF_ONE);
        assertEquals(Liveness.SUSPECT, h.link.liveness());
    }

    @Test
    void anotherAnswerThanWhatWasOfferedIsAProtocolError() {
        LinkHarness h = LinkHarness.alive();
        reload(h, HALF_ONE);
        answer(h, TWENTY_SIXTY);
        assertEquals(Liveness.SUSPECT, h.link.liveness());
    }

    @Test
    @Proves("L4")
    void aSuspectIsNotDeadBecauseOfAShorterTimeout() {
        LinkHarness h = LinkHarness.suspect();
        h.tickAfterMillis(5000);
        reload(h, HALF_ONE);
        h.tickAfterMillis(15_000);
        assertEquals(Liveness.SUSPECT, h.link.liveness(), "at the timeout since the last frame");
        h.tickAfterNanos(1);
        assertEquals(Liveness.DOWN, h.link.liveness());
    }

    @Test
    void theNextHelloCarriesWhatIsWanted() {
        LinkHarness h = LinkHarness.suspect();
        reload(h, HALF_ONE);
        h.welcome(LinkHarness.START);
        assertFalse(h.done.contains("send SETTINGS"), h.done.toString());
        assertAliveUpTo(h, SECOND);
    }

    @Test
    void aReloadBetweenHelloAndWelcomeIsOfferedAfterWelcome() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.link.onConnected(h.now(), h.attempt, "10.0.0.1");
        reload(h, HALF_ONE);
        h.done.clear();
        h.frame(Samples.welcome(LinkHarness.START, Samples.PRIMARY));
        assertEquals(List.of("alive 10.0.0.1", "send BEAT", "send SETTINGS"), h.done);
    }

    @Test
    @Proves("C4")
    void settingsThatAreAlwaysAbnormalAreNotTakenOver() {
        LinkHarness h = LinkHarness.alive();
        HeartbeatSettings abnormal = new HeartbeatSettings(1000, 1000);
        assertThrows(IllegalArgumentException.class, () -> reload(h, abnormal));
        assertEquals(List.of(), h.done);
        assertAliveUpTo(h, 20 * SECOND);
    }

    @Test
    void aLinkThatWasAlwaysAbnormalBeginsAnew() {
        LinkHarness h = new LinkHarness(Samples.heartbeat(10_000, 10_000));
        h.start();
        h.welcome(LinkHarness.START);
        h.tickAfterMillis(1000);
        h.done.clear();
        reload(h, HALF_ONE);
        h.tickAfterMillis(1000);
        assertTrue(h.done.contains("connect 2"), h.done.toString());
        h.welcome(LinkHarness.START);
        assertEquals(Liveness.ALIVE, h.link.liveness());
    }

    @Test
    void anotherConnectTimeoutCountsFromTheNextAttemptOn() {
        LinkHarness h = LinkHarness.withDefaults();
        h.start();
        h.link.onReload(h.now(), new HeartbeatConfig(new HeartbeatSettings(10_000, 20_000), SECOND, 2 * SECOND));
        h.tickAfterMillis(10_000);
        assertFalse(h.done.contains("close"));
        h.tickAfterNanos(1);
        h.tickAfterMillis(1000);
        h.done.clear();
        h.tickAfterMillis(2000);
        assertEquals(List.of(), h.done);
        h.tickAfterNanos(1);
        assertEquals(List.of("close"), h.done);
    }
}
