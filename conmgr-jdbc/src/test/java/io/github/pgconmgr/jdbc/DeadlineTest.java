package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.FakeClock;
import io.github.pgconmgr.testkit.Proves;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

@Proves("T3")
class DeadlineTest {

    private final FakeClock clock = new FakeClock();

    @Test
    void isOpenJustBeforeAndPassedAtItsMoment() throws SocketTimeoutException {
        Deadline deadline =
                Deadline.after(clock.nanoTime(), Duration.ofSeconds(10).toNanos());
        clock.advanceNanos(Duration.ofSeconds(10).toNanos() - 1);
        assertFalse(deadline.hasPassed(clock.nanoTime()));
        assertEquals(1, deadline.socketMillis(clock));
        clock.advanceNanos(1);
        assertTrue(deadline.hasPassed(clock.nanoTime()));
        assertThrows(SocketTimeoutException.class, () -> deadline.socketMillis(clock));
    }

    @Test
    void noLimitNeverPassesAndLosesAgainstAnyLimit() throws SocketTimeoutException {
        Deadline second = Deadline.after(clock.nanoTime(), TimeUnit.SECONDS.toNanos(1));
        assertSame(second, Deadline.NEVER.orEarlier(second));
        assertSame(second, second.orEarlier(Deadline.NEVER));
        assertEquals(0, Deadline.NEVER.socketMillis(clock));
        assertFalse(Deadline.NEVER.hasPassed(clock.nanoTime()));
    }

    @Test
    void theEarlierLimitHoldsAlsoAcrossTheClocksWrap() {
        Deadline near = Deadline.after(clock.nanoTime(), Duration.ofSeconds(4).toNanos());
        Deadline beyondTheWrap =
                Deadline.after(clock.nanoTime(), Duration.ofSeconds(6).toNanos());
        assertSame(near, near.orEarlier(beyondTheWrap));
        assertSame(near, beyondTheWrap.orEarlier(near));
    }

    @Test
    void connectTimeoutIsPerHostAndLoginTimeoutForTheWholeList() throws SQLException {
        ConnectLimits limits = limits("4", "6");
        assertEquals(seconds(4), limits.forHost(clock.nanoTime()).remainingNanos(clock.nanoTime()));
        clock.advance(Duration.ofSeconds(4));
        assertEquals(seconds(2), limits.forHost(clock.nanoTime()).remainingNanos(clock.nanoTime()));
    }

    @Test
    void stageOneHasALimitOfItsOwnOnlyIfNothingElseLimitsIt() throws SQLException {
        assertEquals(seconds(65), stageOneNanos(limits("0", "0")), "longer than any route_wait");
        assertEquals(seconds(20), stageOneNanos(limits("20", "0")));
        assertEquals(seconds(30), stageOneNanos(limits("0", "30")));
    }

    @Test
    void loginTimeoutMayBeAFractionAsInPgjdbcAndNothingElse() throws SQLException {
        assertEquals(TimeUnit.MILLISECONDS.toNanos(1500), stageOneNanos(limits("0", "1.5")));
        SQLException refused = assertThrows(SQLException.class, () -> limits("0", "soon"));
        assertEquals("22023", refused.getSQLState());
    }

    private long stageOneNanos(ConnectLimits limits) {
        long now = clock.nanoTime();
        return ConnectLimits.forStageOne(limits.forHost(now), now).remainingNanos(now);
    }

    private ConnectLimits limits(String connectTimeout, String loginTimeout) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("connectTimeout", connectTimeout);
        properties.setProperty("loginTimeout", loginTimeout);
        return ConnectLimits.of(properties, clock.nanoTime());
    }

    private static long seconds(long seconds) {
        return TimeUnit.SECONDS.toNanos(seconds);
    }
}
