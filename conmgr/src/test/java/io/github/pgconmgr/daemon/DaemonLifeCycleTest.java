package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The daemon's life: each way to its end, and what is done on it. */
@Proves("C9")
class DaemonLifeCycleTest {

    private final List<String> done = new ArrayList<>();
    private final List<Message> logged = new ArrayList<>();

    private final DaemonLifeCycle life = new DaemonLifeCycle(
            new DaemonLifeCycle.Commands() {
                @Override
                public void drain() {
                    done.add("drain");
                }

                @Override
                public void stopParts() {
                    done.add("stop parts");
                }
            },
            (message, component, arguments) -> logged.add(message));

    private DaemonState after(DaemonEvent... events) {
        for (DaemonEvent event : events) {
            life.onEvent(event);
        }
        return life.state();
    }

    @Test
    void aSmartStopWaitsForTheLastApplication() {
        assertEquals(DaemonState.DRAINING, after(DaemonEvent.STARTED, DaemonEvent.STOP_SMART));
        assertEquals(List.of("drain"), done);
        assertEquals(DaemonState.STOPPING, after(DaemonEvent.LAST_APPLICATION_LEFT));
        assertEquals(DaemonState.ENDED, after(DaemonEvent.PARTS_STOPPED));
        assertEquals(List.of("drain", "stop parts"), done);
        assertEquals(List.of(Message.STOPPING), logged);
    }

    @Test
    void aFastStopWaitsForNobodyAndOvertakesASmartOne() {
        assertEquals(DaemonState.STOPPING, after(DaemonEvent.STARTED, DaemonEvent.STOP_SMART, DaemonEvent.STOP_FAST));
        assertEquals(DaemonState.ENDED, after(DaemonEvent.LAST_APPLICATION_LEFT, DaemonEvent.PARTS_STOPPED));
        assertEquals(List.of("drain", "stop parts"), done);
    }

    @Test
    void anImmediateStopDoesNothingElse() {
        assertEquals(DaemonState.ENDED, after(DaemonEvent.STARTED, DaemonEvent.STOP_IMMEDIATE));
        assertEquals(List.of(), done);
    }

    @Test
    void aStopThatIsSaidTwiceIsDoneOnce() {
        after(DaemonEvent.STARTED, DaemonEvent.STOP_FAST, DaemonEvent.STOP_FAST, DaemonEvent.STOP_SMART);
        assertEquals(List.of("stop parts"), done);
    }

    @Test
    void aPairThatIsNotListedIsAMistakeOfOurs() {
        assertThrows(IllegalStateException.class, () -> life.onEvent(DaemonEvent.PARTS_STOPPED));
        assertThrows(IllegalStateException.class, () -> after(DaemonEvent.START_FAILED, DaemonEvent.STARTED));
    }
}
