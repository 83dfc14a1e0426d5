package io.github.pgconmgr.daemon;

import static io.github.pgconmgr.daemon.DaemonState.DRAINING;
import static io.github.pgconmgr.daemon.DaemonState.ENDED;
import static io.github.pgconmgr.daemon.DaemonState.RUNNING;
import static io.github.pgconmgr.daemon.DaemonState.STARTING;
import static io.github.pgconmgr.daemon.DaemonState.STOPPING;

import io.github.pgconmgr.log.Log;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.state.TransitionTable;
import java.util.Set;

/**
 * The daemon's life as a table (style rule 11; C9): events in, commands to {@link Commands} out. Confined to the main thread.
 */
public final class DaemonLifeCycle {

    /** All transitions; printed into docs/state-tables.md. */
    public static final TransitionTable<DaemonState, DaemonEvent> TABLE = TransitionTable.named(
                    "conmgr, the process: DaemonState", DaemonState.class, DaemonEvent.class)
            .row(Set.of(STARTING), DaemonEvent.STARTED, RUNNING, "the port is open, heartbeats go out")
            .row(Set.of(STARTING), DaemonEvent.START_FAILED, ENDED, "a FATAL line says why; exit code 1")
            .row(
                    Set.of(RUNNING),
                    DaemonEvent.STOP_SMART,
                    DRAINING,
                    "new applications are refused; waits for those that are there")
            .row(Set.of(DRAINING), DaemonEvent.STOP_SMART, DRAINING, "it waits already")
            .row(
                    Set.of(RUNNING, DRAINING),
                    DaemonEvent.STOP_FAST,
                    STOPPING,
                    "every application gets its notice, every instance GOODBYE stop")
            .row(Set.of(DRAINING), DaemonEvent.LAST_APPLICATION_LEFT, STOPPING, "every instance gets GOODBYE stop")
            .row(Set.of(STOPPING), DaemonEvent.STOP_SMART, STOPPING, "it stops already")
            .row(Set.of(STOPPING), DaemonEvent.STOP_FAST, STOPPING, "it stops already")
            .row(Set.of(STOPPING), DaemonEvent.LAST_APPLICATION_LEFT, STOPPING, "a fast stop overtook the smart one")
            .row(Set.of(STOPPING), DaemonEvent.PARTS_STOPPED, ENDED, "pid file and socket are removed; exit code 0")
            .row(
                    Set.of(RUNNING, DRAINING, STOPPING),
                    DaemonEvent.STOP_IMMEDIATE,
                    ENDED,
                    "the process ends at once; peers see closed connections, no GOODBYE")
            .build();

    /** What the daemon does on entering a state. */
    interface Commands {
        /** Refuses new applications; LAST_APPLICATION_LEFT follows, at once if there is none. */
        void drain();

        /** Tells applications and instances; PARTS_STOPPED follows within a limit. */
        void stopParts();
    }

    private final Commands commands;
    private final Log log;
    private DaemonState state = STARTING;

    DaemonLifeCycle(Commands commands, Log log) {
        this.commands = commands;
        this.log = log;
    }

    DaemonState state() {
        return state;
    }

    void onEvent(DaemonEvent event) {
        switch (event) {
            case STOP_SMART -> log.write(Message.STOPPING, "conmgr", "smart");
            case STOP_FAST -> log.write(Message.STOPPING, "conmgr", "fast");
            case STOP_IMMEDIATE -> log.write(Message.STOPPING, "conmgr", "immediate");
            case STARTED, START_FAILED, LAST_APPLICATION_LEFT, PARTS_STOPPED -> {}
        }
        transition(TABLE.next(state, event));
    }

    private void transition(DaemonState to) {
        if (state == to) {
            return;
        }
        state = to;
        switch (to) {
            case DRAINING -> commands.drain();
            case STOPPING -> commands.stopParts();
            case STARTING, RUNNING, ENDED -> {}
        }
    }
}
