package io.github.pgconmgr.routing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.github.pgconmgr.config.LagLimit;
import io.github.pgconmgr.config.RoutingConfig;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.testkit.Proves;
import io.github.pgconmgr.topology.Fence;
import io.github.pgconmgr.topology.InstanceFacts;
import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.TopologySnapshot;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.redirect.TargetAttribute;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is sent where: libpq's attributes, states, load, and the words of a refusal. */
class RouterTest {

    private static final InstanceState READ_ONLY_PRIMARY = new InstanceState(false, true, false, 1, 0);
    private static final InstanceState STOPPING_PRIMARY = new InstanceState(false, false, true, 1, 0);
    private static final InstanceState READ_ONLY_STANDBY = new InstanceState(true, true, false, 1, 0);

    private static InstanceView view(int number, Liveness liveness, Fence fence, InstanceState state) {
        InstanceFacts facts = new InstanceFacts("10.0.0.1", 1, 1, state, -1);
        return new InstanceView(Samples.instance(number), liveness, 0, "silent", fence, facts);
    }

    private static InstanceView alive(int number, InstanceState state) {
        return view(number, Liveness.ALIVE, Fence.NONE, state);
    }

    private static Route choose(TargetAttribute target, InstanceView... views) {
        return chooseWithLag(RoutingConfig.NO_LAG_LIMIT, target, views);
    }

    private static Route chooseWithLag(long maxLagBytes, TargetAttribute target, InstanceView... views) {
        return chooseWithLag(LagLimit.bytes(maxLagBytes), target, views);
    }

    private static Route chooseWithLag(LagLimit limit, TargetAttribute target, InstanceView... views) {
        Router.Question question = new Router.Question(
                new TopologySnapshot(1, List.of(views)), target, 0, limit, TimeUnit.SECONDS.toNanos(12));
        Route route = Router.choose(question, number -> 0, 0);
        assertEquals(route instanceof Route.Chosen, Router.reach(question).isPresent());
        return route;
    }

    private static Router.Question question(TopologySnapshot snapshot, TargetAttribute target) {
        return new Router.Question(snapshot, target, 0, RoutingConfig.NO_LAG_LIMIT, 0);
    }

    private static String chosen(Route route) {
        return route instanceof Route.Chosen to ? Integer.toString(to.instance().number()) : "-";
    }

    @ParameterizedTest(name = "{0}: primary {1}, read-only primary {2}, standby {3}, read-only standby {4}")
    @CsvSource({
        "ANY, 0, 0, 0, 0",
        "READ_WRITE, 0, -, -, -",
        "READ_ONLY, -, 0, 0, 0",
        "PRIMARY, 0, 0, -, -",
        "STANDBY, -, -, 0, 0",
        "PREFER_STANDBY, 0, 0, 0, 0"
    })
    @Proves("T2")
    void eachAttributeTakesTheStatesThatLibpqTakes(
            TargetAttribute target, String primary, String readOnlyPrimary, String standby, String readOnlyStandby) {
        assertEquals(primary, chosen(choose(target, alive(0, Samples.PRIMARY))));
        assertEquals(readOnlyPrimary, chosen(choose(target, alive(0, READ_ONLY_PRIMARY))));
        assertEquals(standby, chosen(choose(target, alive(0, Samples.STANDBY))));
        assertEquals(readOnlyStandby, chosen(choose(target, alive(0, READ_ONLY_STANDBY))));
    }

    @ParameterizedTest
    @EnumSource(TargetAttribute.class)
    void nobodyIsSentToAnInstanceThatIsNotAliveOrFencedOrStopping(TargetAttribute target) {
        List<InstanceView> unusable = new ArrayList<>();
        for (InstanceState state : List.of(Samples.PRIMARY, Samples.STANDBY)) {
            Stream.of(Liveness.UNKNOWN, Liveness.SUSPECT, Liveness.DOWN)
                    .forEach(liveness -> unusable.add(view(0, liveness, Fence.NONE, state)));
            Stream.of(Fence.STALE, Fence.SECOND_PRIMARY, Fence.FOREIGN)
                    .forEach(fence -> unusable.add(view(0, Liveness.ALIVE, fence, state)));
        }
        unusable.add(alive(0, STOPPING_PRIMARY));
        unusable.add(alive(0, new InstanceState(true, false, true, 1, 0)));
        for (InstanceView view : unusable) {
            assertEquals("-", chosen(choose(target, view)), view::toString);
        }
    }

    @Test
    void preferStandbyTakesAStandbyHoweverLoaded() {
        TopologySnapshot snapshot =
                new TopologySnapshot(1, List.of(alive(0, Samples.PRIMARY), alive(1, Samples.STANDBY)));
        Route route = Router.choose(question(snapshot, TargetAttribute.PREFER_STANDBY), number -> number * 100, 0);
        assertEquals("1", chosen(route));
    }

    @Test
    @Proves("T7")
    void theFewestSessionsComeFirst() {
        TopologySnapshot snapshot = new TopologySnapshot(
                1, List.of(alive(0, Samples.STANDBY), alive(1, Samples.STANDBY), alive(2, Samples.STANDBY)));
        for (long cursor = 0; cursor < 3; cursor++) {
            Route route = Router.choose(question(snapshot, TargetAttribute.ANY), number -> number == 1 ? 4 : 5, cursor);
            assertEquals("1", chosen(route));
        }
    }

    @Test
    @Proves("T7")
    void equalsTakeTurnsAlsoWhenTheCursorOverflows() {
        TopologySnapshot snapshot = new TopologySnapshot(
                1, List.of(alive(0, Samples.STANDBY), alive(3, Samples.PRIMARY), alive(5, Samples.STANDBY)));
        List<String> turns = new ArrayList<>();
        for (long cursor : new long[] {0, 1, 2, 3, Long.MIN_VALUE}) {
            turns.add(chosen(Router.choose(question(snapshot, TargetAttribute.STANDBY), number -> 1, cursor)));
        }
        assertEquals(List.of("0", "5", "0", "5", "0"), turns);
    }

    @Test
    void aRefusalSaysWhyInstanceByInstance() {
        InstanceView unknown = new InstanceView(Samples.instance(9), Liveness.UNKNOWN, 0, "", Fence.NONE, null);
        Route route = choose(
                TargetAttribute.READ_WRITE,
                view(0, Liveness.DOWN, Fence.NONE, Samples.PRIMARY),
                alive(1, Samples.STANDBY),
                view(2, Liveness.SUSPECT, Fence.NONE, Samples.PRIMARY),
                view(3, Liveness.ALIVE, Fence.STALE, Samples.PRIMARY),
                alive(4, STOPPING_PRIMARY),
                alive(5, READ_ONLY_PRIMARY),
                unknown);
        Route.Refused refused = assertInstanceOf(Route.Refused.class, route);
        assertEquals("08001", refused.sqlState());
        assertEquals(
                "no instance with target_session_attrs \"read-write\" is known:"
                        + " instance 0 has been down for 12.0 s (silent), instance 1 is a standby,"
                        + " instance 2 has been suspect for 12.0 s (silent),"
                        + " instance 3 is a primary on an older timeline than one seen before,"
                        + " instance 4 is shutting down, instance 5 is a read-only primary,"
                        + " instance 9 has not answered yet",
                refused.text());
    }

    private static InstanceState primaryAt(long lsn) {
        return new InstanceState(false, false, false, 2, lsn);
    }

    private static InstanceState standbyAt(int timeline, long lsn) {
        return new InstanceState(true, false, false, timeline, lsn);
    }

    @ParameterizedTest(name = "{0} behind by {1} of 100: {2}")
    @CsvSource({
        "STANDBY, 99, 1",
        "STANDBY, 100, 1",
        "STANDBY, 101, -",
        "READ_ONLY, 100, 1",
        "READ_ONLY, 101, -",
        "PREFER_STANDBY, 100, 1",
        "PREFER_STANDBY, 101, 0",
        "PRIMARY, 101, 0",
        "READ_WRITE, 101, 0"
    })
    void aStandbyThatIsFurtherBehindThanTheLimitIsNotChosen(TargetAttribute target, long behind, String expected) {
        assertEquals(
                expected,
                chosen(chooseWithLag(100, target, alive(0, primaryAt(1_000)), alive(1, standbyAt(2, 1_000 - behind)))));
    }

    @Test
    void anyIgnoresTheLag() {
        assertEquals(
                "1",
                chosen(chooseWithLag(
                        100,
                        TargetAttribute.ANY,
                        view(0, Liveness.DOWN, Fence.NONE, primaryAt(1_000)),
                        alive(1, standbyAt(2, 1)))));
    }

    @Test
    void preferStandbyTakesNoLaggingOneWhereThereIsNoPrimaryEither() {
        Route.Refused refused = assertInstanceOf(
                Route.Refused.class,
                chooseWithLag(
                        100,
                        TargetAttribute.PREFER_STANDBY,
                        view(0, Liveness.DOWN, Fence.NONE, primaryAt(1_000)),
                        alive(1, standbyAt(2, 899))));
        assertEquals(
                "no instance with target_session_attrs \"prefer-standby\" is known: instance 0 has been down for 12.0 s"
                        + " (silent), instance 1 is a standby 101 bytes behind, more than max_standby_lag",
                refused.text());
    }

    @Test
    void aReadOnlyPrimaryIsNotBehindItself() {
        assertEquals(
                "0",
                chosen(chooseWithLag(
                        1, TargetAttribute.READ_ONLY, alive(0, READ_ONLY_PRIMARY), alive(1, standbyAt(0, 0)))));
    }

    @Test
    void lsnsAreComparedAsUnsigned() {
        assertEquals(
                "1",
                chosen(chooseWithLag(
                        100,
                        TargetAttribute.STANDBY,
                        alive(0, primaryAt(Long.MIN_VALUE + 10)),
                        alive(1, standbyAt(2, Long.MAX_VALUE - 10)))));
        assertEquals(
                "-",
                chosen(chooseWithLag(
                        100, TargetAttribute.STANDBY, alive(0, primaryAt(-1)), alive(1, standbyAt(2, 0)))));
    }

    @Test
    void aStandbyAheadOfWhatThePrimaryLastSaidIsNotBehind() {
        assertEquals(
                "1",
                chosen(chooseWithLag(
                        100, TargetAttribute.STANDBY, alive(0, primaryAt(10)), alive(1, standbyAt(2, 10_000)))));
    }

    @Test
    void aStandbyOnAnOlderTimelineIsTooFarBehindWhateverItsLsn() {
        Route.Refused refused = assertInstanceOf(
                Route.Refused.class,
                chooseWithLag(100, TargetAttribute.STANDBY, alive(0, primaryAt(10)), alive(1, standbyAt(1, 10))));
        assertEquals(
                true,
                refused.text()
                        .endsWith(
                                "instance 1 is a standby on an older timeline than the primary's, and max_standby_lag is set"));
    }

    private static InstanceView caughtUpAt(int number, int millis) {
        return alive(number, standbyAt(2, 1)).withCaughtUp(OptionalLong.of(TimeUnit.MILLISECONDS.toNanos(millis)));
    }

    @Test
    void byTimeOnlyAStandbyFitsThatIsKnownToBeCloseEnough() {
        LagLimit fiveSeconds = LagLimit.nanos(TimeUnit.SECONDS.toNanos(5));
        InstanceView primary = alive(0, primaryAt(1));
        assertEquals("1", chosen(chooseWithLag(fiveSeconds, TargetAttribute.STANDBY, primary, caughtUpAt(1, 7_000))));
        for (InstanceView tooOld : List.of(caughtUpAt(1, 6_999), alive(1, standbyAt(2, 1)))) {
            assertEquals("-", chosen(chooseWithLag(fiveSeconds, TargetAttribute.STANDBY, primary, tooOld)));
            assertEquals("0", chosen(chooseWithLag(fiveSeconds, TargetAttribute.PREFER_STANDBY, primary, tooOld)));
            assertEquals("1", chosen(chooseWithLag(fiveSeconds, TargetAttribute.ANY, tooOld)));
            assertEquals("-", chosen(chooseWithLag(fiveSeconds, TargetAttribute.STANDBY, tooOld)));
        }
    }

    @Test
    void aRefusalSaysHowOldAStandbyMayBe() {
        LagLimit fiveSeconds = LagLimit.nanos(TimeUnit.SECONDS.toNanos(5));
        Route.Refused refused = assertInstanceOf(
                Route.Refused.class,
                chooseWithLag(fiveSeconds, TargetAttribute.STANDBY, caughtUpAt(1, 0), alive(2, standbyAt(2, 1))));
        assertEquals(
                "no instance with target_session_attrs \"standby\" is known: instance 1 is a standby that may be 12.0 s behind,"
                        + " more than max_standby_lag, instance 2 is a standby that may be further behind than max_standby_lag",
                refused.text());
    }

    @Test
    void whereNoPrimaryWasHeardNothingIsCompared() {
        assertEquals("1", chosen(chooseWithLag(100, TargetAttribute.STANDBY, alive(1, standbyAt(2, 1)))));
        assertEquals(
                "1",
                chosen(chooseWithLag(
                        100,
                        TargetAttribute.STANDBY,
                        view(0, Liveness.ALIVE, Fence.STALE, primaryAt(1_000)),
                        alive(1, standbyAt(3, 1)))),
                "a stale primary is none");
    }
}
