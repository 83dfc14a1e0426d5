package io.github.pgconmgr.wire.heartbeat;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class HostIdentityTest {

    private final HostIdentity host = new HostIdentity("m1", "b1", 1);

    @Test
    void anUnknownMachineIsNeverTheSame() {
        assertFalse(HostIdentity.UNKNOWN.sameMachine(HostIdentity.UNKNOWN));
        assertFalse(HostIdentity.UNKNOWN.sameBoot(HostIdentity.UNKNOWN));
        assertFalse(new HostIdentity("m1", "", 0).sameBoot(new HostIdentity("m1", "", 0)));
    }

    @Test
    void aRebootIsTheSameMachineButNotTheSameBoot() {
        HostIdentity rebooted = new HostIdentity("m1", "b2", 1);
        assertTrue(host.sameMachine(rebooted));
        assertFalse(host.sameBoot(rebooted));
    }

    @Test
    void anotherNamespaceOfTheSameBootIsTheSameHost() {
        assertTrue(host.sameBoot(new HostIdentity("m1", "b1", 2)));
    }

    @Test
    void whereThereIsNoMachineIdTheBootIdTells() {
        HostIdentity minimal = new HostIdentity("", "b1", 1);
        assertTrue(minimal.sameBoot(new HostIdentity("", "b1", 2)));
        assertFalse(minimal.sameBoot(new HostIdentity("", "b2", 1)));
        assertFalse(minimal.sameBoot(host));
        assertFalse(minimal.sameMachine(new HostIdentity("", "b1", 1)));
    }

    @Test
    void theSameBootIdOnAnotherMachineIsAnotherHost() {
        assertFalse(host.sameBoot(new HostIdentity("m2", "b1", 1)));
    }
}
