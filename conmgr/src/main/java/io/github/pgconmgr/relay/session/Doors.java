package io.github.pgconmgr.relay.session;

/** What the relay's core may ask of whoever accepts its clients. Any thread. */
public interface Doors {

    /** No limits, nothing to pause. */
    Doors OPEN = new Doors() {
        @Override
        public boolean hasRoom() {
            return true;
        }

        @Override
        public void pause(boolean on) {
            // Nobody comes that way.
        }
    };

    /** Whether a descriptor is left for one more connection to an instance (C7). */
    boolean hasRoom();

    /** Whether clients of the relay's own ports are to wait in the kernel's queue for now (P4). */
    void pause(boolean on);
}
