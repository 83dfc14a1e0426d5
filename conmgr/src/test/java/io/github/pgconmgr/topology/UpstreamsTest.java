package io.github.pgconmgr.topology;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whom a standby follows, by what it calls its upstream; instances 1 and 2 are on one host. */
class UpstreamsTest {

    private static InstanceView view(int number, String host, int port, String address, Upstream upstream) {
        InstanceFacts facts = new InstanceFacts(address, 1, 1, Samples.STANDBY, -1).withUpstream(upstream);
        return new InstanceView(
                new InstanceConfig(number, host, "", port, 27545), Liveness.ALIVE, 0, "", Fence.NONE, facts);
    }

    @ParameterizedTest
    @CsvSource({
        "db0.example, 5432, 0",
        "DB0.Example, 5432, 0",
        "10.0.0.1, 5432, 0",
        "10.0.0.1, 5433, -1",
        "db9.example, 5432, -1",
        "10.0.0.2, 5432, 1",
        "localhost, 5432, 1",
        "127.0.0.1, 5432, 1",
        "/var/run/postgresql, 5432, 1",
        "localhost, 5433, -1",
        "db2.example, 5433, -1",
        "'', 0, -1"
    })
    void hostAndPortTellLoopbackIsTheStandbysOwnHostAndNobodyFollowsItself(String host, int port, int instance) {
        Upstream upstream = new Upstream(host, port);
        InstanceView standby = view(2, "db2.example", 5433, "10.0.0.2", upstream);
        TopologySnapshot snapshot = new TopologySnapshot(
                1,
                List.of(
                        view(0, "db0.example", 5432, "10.0.0.1", Upstream.NONE),
                        view(1, "db1.example", 5432, "10.0.0.2", Upstream.NONE),
                        standby));
        assertEquals(
                instance < 0 ? OptionalInt.empty() : OptionalInt.of(instance), Upstreams.followedBy(standby, snapshot));
    }
}
