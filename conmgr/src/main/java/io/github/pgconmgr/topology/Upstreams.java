package io.github.pgconmgr.topology;

import io.github.pgconmgr.wire.heartbeat.Upstream;
import java.util.OptionalInt;

/**
 * Which instance of a snapshot a standby follows, by host and port as the standby knows it (ADR 11). Only for people: names may
 * mean something else on the standby's host. Stateless.
 */
public final class Upstreams {

    private Upstreams() {}

    /** The instance number; empty if it follows nobody, or nobody that conmgr.conf names so. */
    public static OptionalInt followedBy(InstanceView standby, TopologySnapshot snapshot) {
        InstanceFacts facts = standby.facts();
        if (facts == null || facts.upstream().equals(Upstream.NONE)) {
            return OptionalInt.empty();
        }
        // Its own host is another one for us.
        String host = isSameHost(facts.upstream().host())
                ? facts.hostaddr()
                : facts.upstream().host();
        return snapshot.instances().stream()
                .filter(view -> view.number() != standby.number())
                .filter(view -> view.config().backendPort() == facts.upstream().port())
                .filter(view -> isCalled(view, host))
                .mapToInt(InstanceView::number)
                .findFirst();
    }

    /** Loopback, or the directory of a Unix socket. */
    private static boolean isSameHost(String host) {
        return host.equalsIgnoreCase("localhost")
                || host.startsWith("127.")
                || host.equals("::1")
                || host.startsWith("/")
                || host.startsWith("@");
    }

    private static boolean isCalled(InstanceView view, String host) {
        InstanceFacts facts = view.facts();
        return host.equalsIgnoreCase(view.config().host())
                || host.equalsIgnoreCase(view.config().hostaddr())
                || (facts != null && host.equalsIgnoreCase(facts.hostaddr()));
    }
}
