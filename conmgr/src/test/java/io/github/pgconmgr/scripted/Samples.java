package io.github.pgconmgr.scripted;

import io.github.pgconmgr.config.HeartbeatConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.wire.Id128;
import io.github.pgconmgr.wire.heartbeat.Beat;
import io.github.pgconmgr.wire.heartbeat.HeartbeatSettings;
import io.github.pgconmgr.wire.heartbeat.Hello;
import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import io.github.pgconmgr.wire.heartbeat.InstanceState;
import io.github.pgconmgr.wire.heartbeat.Welcome;
import java.util.concurrent.TimeUnit;

/** Values that tests of several packages use. Stateless. */
public final class Samples {

    public static final long SYSTEM_IDENTIFIER = 0xF000_0000_0000_0001L;
    public static final InstanceState PRIMARY = new InstanceState(false, false, false, 1, 100);
    public static final InstanceState STANDBY = new InstanceState(true, false, false, 1, 90);

    private Samples() {}

    public static InstanceConfig instance(int number) {
        return new InstanceConfig(number, "db" + number + ".example", "10.0.0." + (number + 1), 27500, 27545);
    }

    public static Welcome welcome(long postmasterStartMicros, InstanceState state) {
        return new Welcome(1, SYSTEM_IDENTIFIER, postmasterStartMicros, state, "test");
    }

    public static Beat beat(long sequence) {
        return new Beat(sequence, 0, 0, 0, 100);
    }

    public static InstanceState stateOnTimeline(boolean inRecovery, int timeline) {
        return new InstanceState(inRecovery, false, false, timeline, 100);
    }

    public static HeartbeatConfig heartbeat(int intervalMillis, int timeoutMillis) {
        return new HeartbeatConfig(
                new HeartbeatSettings(intervalMillis, timeoutMillis),
                TimeUnit.SECONDS.toNanos(1),
                TimeUnit.SECONDS.toNanos(10));
    }

    public static Hello hello(HeartbeatSettings settings) {
        return Hello.of(settings, new Id128(1, 2), new Id128(3, 4), HostIdentity.UNKNOWN, "test");
    }
}
