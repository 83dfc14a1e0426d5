package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a service manager is told, in the words of sd_notify(3). */
class ServiceManagerTest {

    private final List<String> said = new ArrayList<>();

    private final ServiceManager manager = new ServiceManager(
            new ServiceManager.Line() {
                @Override
                public void send(String message) {
                    said.add(message);
                }

                @Override
                public boolean isOpen() {
                    return true;
                }
            },
            () -> 5_000_000);

    @Test
    void aStartIsReadyAndAReloadIsReadyAgain() {
        manager.ready();
        manager.reloading();
        manager.ready();
        assertEquals(List.of("READY=1", "RELOADING=1\nMONOTONIC_USEC=5000", "READY=1"), said);
    }

    @Test
    void aStatusThatHasNotChangedIsNotSaidAgain() {
        manager.status("no primary; 0 of 2 instances alive");
        manager.status("no primary; 0 of 2 instances alive");
        manager.status("primary: 0 (db1:5432); 1 of 2 instances alive");
        assertEquals(
                List.of(
                        "STATUS=no primary; 0 of 2 instances alive",
                        "STATUS=primary: 0 (db1:5432); 1 of 2 instances alive"),
                said);
    }

    @Test
    void whatStopsIsNeitherReadyAgainNorDoesItsStatusChangeBack() {
        manager.stopping("stops when the last application has left");
        manager.reloading();
        manager.ready();
        manager.status("no primary; 0 of 2 instances alive");
        manager.stopping("stops");
        assertEquals(
                List.of("STOPPING=1\nSTATUS=stops when the last application has left", "STOPPING=1\nSTATUS=stops"),
                said);
    }
}
