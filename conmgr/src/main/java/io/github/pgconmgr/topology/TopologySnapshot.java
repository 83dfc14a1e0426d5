package io.github.pgconmgr.topology;

import java.util.List;
import java.util.Optional;

/**
 * All instances at one moment. Immutable.
 *
 * @param generation grows with each change; of two snapshots the greater is the newer
 * @param instances ascending by instance number
 */
public record TopologySnapshot(long generation, List<InstanceView> instances) {

    /** Copies the list. */
    public TopologySnapshot {
        instances = List.copyOf(instances);
    }

    /** The instance of that number, if conmgr.conf names it. */
    public Optional<InstanceView> instance(int number) {
        return instances.stream().filter(view -> view.number() == number).findFirst();
    }
}
