package io.github.pgconmgr.daemon;

import io.github.pgconmgr.topology.InstanceView;
import io.github.pgconmgr.topology.Liveness;
import io.github.pgconmgr.topology.TopologySnapshot;
import java.util.List;
import java.util.stream.Collectors;

/** How conmgr fares, in the one line that {@code systemctl status} shows. Stateless. */
final class StatusLine {

    private StatusLine() {}

    /** Such as "primary: 0 (db1.example:5432); 1 of 2 instances alive". */
    static String of(TopologySnapshot snapshot) {
        List<InstanceView> views = snapshot.instances();
        String primaries = views.stream()
                .filter(view -> view.takesConnections() && view.attribute().equals("primary"))
                .map(view -> view.number() + " (" + view.config().displayHost() + ":"
                        + view.config().backendPort() + ")")
                .collect(Collectors.joining(", "));
        long alive =
                views.stream().filter(view -> view.liveness() == Liveness.ALIVE).count();
        return (primaries.isEmpty() ? "no primary" : "primary: " + primaries) + "; " + alive + " of " + views.size()
                + " instances alive";
    }
}
