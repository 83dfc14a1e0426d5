package io.github.pgconmgr.attribute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.routing.Route;
import io.github.pgconmgr.routing.Router;
import io.github.pgconmgr.scripted.ManualClock;
import io.github.pgconmgr.scripted.RecordingLog;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.Topology;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** backend_check = both: SQL confirms what the watchdog says, and the more careful answer wins (ADR 10). */
class ConfirmationTest {

    private static final InstanceState PRIMARY = CheckHarness.PRIMARY;
    private static final InstanceState READ_ONLY = new InstanceState(false, true, false, 1, 100);
    private static final InstanceState STANDBY = CheckHarness.STANDBY;
    /** A watchdog says so of a standby: default_transaction_read_only is off. */
    private static final InstanceState WATCHED_STANDBY = new InstanceState(true, false, false, 1, 100);

    private final ManualClock clock = new ManualClock();
    private final RecordingLog log = new RecordingLog();
    private final Topology topology = new Topology(List.of(Samples.instance(0)), log);
    private final Confirmation confirmation =
            new Confirmation(0, CheckHarness.config(20_000, 1_000), topology.eventsOf(0), log);
    private int asked;
    private int left;

    @BeforeEach
    void start() {
        confirmation.commandBy(now -> asked++, now -> left++);
        confirmation.onStart(now());
    }

    private long now() {
        return clock.nanoTime();
    }

    private static InstanceFacts facts(InstanceState state) {
        return CheckHarness.facts(CheckHarness.START, state);
    }

    private void watchdogSays(InstanceState state) {
        confirmation.watchdog().alive(now(), facts(state), "welcomed");
    }

    private void sqlSays(InstanceState state) {
        confirmation.sql().checked(now(), facts(state));
    }

    private void tickAfterMillis(long millis) {
        clock.advanceMillis(millis);
        confirmation.onTick(now());
    }

    private InstanceView view() {
        return topology.snapshot().instances().get(0);
    }

    private boolean gets(TargetAttribute target) {
        return Router.choose(
                        new Router.Question(topology.snapshot(), target, 0, RoutingConfig.NO_LAG_LIMIT, now()),
                        n -> 0,
                        0)
                instanceof Route.Chosen;
    }

    @Test
    void nobodyIsSentThereBeforeSqlWasAsked() {
        watchdogSays(PRIMARY);
        assertEquals(Liveness.UNKNOWN, view().liveness());
        sqlSays(PRIMARY);
        assertEquals(Liveness.ALIVE, view().liveness());
        assertTrue(gets(TargetAttribute.READ_WRITE));
        assertEquals(1, asked);
    }

    @Test
    void aCheckThatFailsLeavesTheWordToTheWatchdogAndIsShown() {
        watchdogSays(PRIMARY);
        confirmation.sql().remark(now(), "no password");
        assertTrue(gets(TargetAttribute.READ_WRITE));
        assertEquals("no password", view().remark());
        confirmation.sql().remark(now(), "");
        assertEquals("", view().remark());
    }

    @Test
    void withChecksThatAreAlwaysAbnormalNobodyIsSentThereUntilTheSettingsAreOthers() {
        confirmation.onReload(now(), CheckHarness.config(1_000, 1_000));
        watchdogSays(PRIMARY);
        assertEquals(Liveness.DOWN, view().liveness());
        confirmation.sql().remark(now(), "no answer");
        assertFalse(gets(TargetAttribute.ANY));
        confirmation.onReload(now(), CheckHarness.config(20_000, 1_000));
        sqlSays(READ_ONLY);
        assertTrue(gets(TargetAttribute.ANY));
        assertFalse(gets(TargetAttribute.READ_WRITE));
    }

    @ParameterizedTest
    @CsvSource({
        "PRIMARY, PRIMARY, true, true, false",
        "PRIMARY, READ_ONLY, false, true, false",
        "READ_ONLY, PRIMARY, false, true, false",
        "PRIMARY, STANDBY, false, false, true",
        "WATCHED_STANDBY, PRIMARY, false, false, true",
        "WATCHED_STANDBY, STANDBY, false, false, true",
    })
    void whoIsSentThereGoesByTheMoreCarefulAnswer(
            String said, String found, boolean writers, boolean primary, boolean standby) {
        watchdogSays(stateOf(said));
        sqlSays(stateOf(found));
        assertEquals(writers, gets(TargetAttribute.READ_WRITE));
        assertEquals(primary, gets(TargetAttribute.PRIMARY));
        assertEquals(standby, gets(TargetAttribute.STANDBY));
        assertTrue(gets(TargetAttribute.ANY));
    }

    private static InstanceState stateOf(String name) {
        return switch (name) {
            case "PRIMARY" -> PRIMARY;
            case "READ_ONLY" -> READ_ONLY;
            case "STANDBY" -> STANDBY;
            default -> WATCHED_STANDBY;
        };
    }

    @Test
    void aDisagreementIsSaidJustAfterOneIntervalAndOnce() {
        watchdogSays(PRIMARY);
        sqlSays(STANDBY);
        tickAfterMillis(1_000);
        assertEquals(0, log.count(Message.CHECK_DISAGREES));
        assertEquals(now() + 1, confirmation.nextDeadlineNanos());
        clock.advanceNanos(1);
        confirmation.onTick(now());
        sqlSays(STANDBY);
        tickAfterMillis(1_000);
        String text = "its watchdog says primary, SQL says standby: no writers";
        assertEquals(List.of("instance 0: " + text), log.texts(Message.CHECK_DISAGREES));
        assertEquals(text, view().remark());
        sqlSays(PRIMARY);
        assertEquals(1, log.count(Message.CHECK_AGREES));
        assertEquals("", view().remark());
        assertTrue(gets(TargetAttribute.READ_WRITE));
    }

    @Test
    void aPromotionThatSqlConfirmsAtOnceIsNoDisagreement() {
        watchdogSays(WATCHED_STANDBY);
        sqlSays(STANDBY);
        int before = asked;
        confirmation.watchdog().state(now(), PRIMARY);
        assertEquals(before + 1, asked);
        assertFalse(gets(TargetAttribute.READ_WRITE));
        clock.advanceMillis(1);
        sqlSays(PRIMARY);
        assertTrue(gets(TargetAttribute.READ_WRITE));
        tickAfterMillis(5_000);
        assertEquals(0, log.count(Message.CHECK_DISAGREES));
    }

    @Test
    void twoSystemIdentifiersAreTwoInstances() {
        watchdogSays(PRIMARY);
        confirmation.sql().checked(now(), new InstanceFacts("10.0.0.1", 4712, 1, PRIMARY, 1));
        tickAfterMillis(1_001);
        assertFalse(gets(TargetAttribute.READ_WRITE));
        assertFalse(gets(TargetAttribute.PRIMARY));
        assertTrue(view().remark().contains("different database clusters"), view().remark());
    }

    @Test
    void livenessIsTheWatchdogsAlone() {
        watchdogSays(PRIMARY);
        sqlSays(PRIMARY);
        confirmation.sql().suspect(now(), "closed");
        confirmation.sql().down(now(), "silent");
        confirmation.sql().postmasterChanged(now(), "restarted");
        assertEquals(Liveness.ALIVE, view().liveness());
        confirmation.watchdog().suspect(now(), "closed");
        assertEquals(Liveness.SUSPECT, view().liveness());
        sqlSays(STANDBY);
        assertFalse(view().facts().state().inRecovery(), "there is nothing to confirm");
        confirmation.watchdog().down(now(), "silent");
        assertEquals(Liveness.DOWN, view().liveness());
    }

    @Test
    void whatTheWatchdogTookBackBeforeSqlAnsweredIsNotTold() {
        watchdogSays(PRIMARY);
        confirmation.watchdog().down(now(), "gone");
        sqlSays(PRIMARY);
        assertEquals(Liveness.DOWN, view().liveness());
        assertNull(view().facts());
    }

    @Test
    void beatsGoOnAndKeepWhatSqlSaid() {
        watchdogSays(PRIMARY);
        sqlSays(STANDBY);
        confirmation.watchdog().beat(now(), 300, 777);
        assertEquals(777, view().facts().state().lsn());
        sqlSays(PRIMARY);
        assertEquals(777, view().facts().state().lsn());
        assertFalse(view().facts().state().inRecovery());
    }

    @Test
    void aSmartStopDoesNotWaitForTheConnectionOfTheChecks() {
        watchdogSays(PRIMARY);
        sqlSays(PRIMARY);
        confirmation.watchdog().state(now(), new InstanceState(false, false, true, 1, 100));
        assertEquals(1, left);
        assertEquals(1, asked);
        // One that was being made meanwhile.
        sqlSays(PRIMARY);
        assertEquals(2, left);
    }

    @Test
    void whatSqlKnowsLaterThanTheWatchdogIsTold() {
        watchdogSays(PRIMARY);
        confirmation
                .sql()
                .checked(
                        now(),
                        facts(new InstanceState(false, false, false, 1, 130)).askedAt(17));
        assertEquals(130, view().facts().state().lsn());
        assertEquals(OptionalLong.of(17), view().facts().askedNanos());
        confirmation.watchdog().beat(now(), 5, 140);
        confirmation
                .sql()
                .checked(
                        now(),
                        facts(new InstanceState(false, false, false, 1, 135)).askedAt(18));
        assertEquals(140, view().facts().state().lsn());
        assertEquals(5, view().facts().roundTripMicros());
        // What was true of an earlier postmaster need not be true of this one.
        confirmation.watchdog().alive(now(), CheckHarness.facts(CheckHarness.START + 1, PRIMARY), "welcomed");
        assertEquals(100, view().facts().state().lsn());
        assertEquals(OptionalLong.empty(), view().facts().askedNanos());
        // A stranger knows nothing of it.
        confirmation.sql().checked(now(), facts(STANDBY).askedAt(19));
        assertEquals(OptionalLong.empty(), view().facts().askedNanos());
    }
}
