package io.github.pgconmgr.wire.heartbeat;

/**
 * Which host, and which boot of it, a conmgr runs on. Empty strings and 0 mean "not known". Immutable.
 *
 * @param machineId stays over reboots
 * @param bootId changes with each boot
 * @param networkNamespace inode of the conmgr's network namespace: tells containers of one machine apart in logs
 */
public record HostIdentity(String machineId, String bootId, long networkNamespace) {

    /** Nothing is known. */
    public static final HostIdentity UNKNOWN = new HostIdentity("", "", 0);

    /** Whether both surely are the same machine; unknown machines are never the same. */
    public boolean sameMachine(HostIdentity other) {
        return !machineId.isEmpty() && machineId.equals(other.machineId);
    }

    /**
     * Whether both surely are the same machine since the same boot (death.md: "same host"). The kernel's boot id alone says so
     * where there is no machine id, as in a minimal container; two different machine ids say that it is not the same.
     */
    public boolean sameBoot(HostIdentity other) {
        return !bootId.isEmpty() && bootId.equals(other.bootId) && machineId.equals(other.machineId);
    }
}
