package io.github.pgconmgr.relay.prepared;

import io.github.pgconmgr.relay.protocol.MalformedException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one client has prepared, by its own names. Confined to the relay's loop; {@link #clear} when the client goes. */
final class ClientStatements {

    /** Many times what drivers keep (pgjdbc 256, asyncpg 100). */
    static final int MAX_STATEMENTS = 5_000;

    /** Of all names and definitions of one client. */
    static final int MAX_TOTAL_BYTES = 16 * 1024 * 1024;

    /** A client's name for a statement, and what it stood for before. Compared by identity. */
    static final class Named {

        private final Bytes name;
        private final Statement statement;
        private @Nullable Named previous;

        Named(Bytes name, Statement statement, @Nullable Named previous) {
            this.name = name;
            this.statement = statement;
            this.previous = previous;
        }

        Statement statement() {
            return statement;
        }

        private int bytes() {
            return name.length() + statement.definition().length();
        }
    }

    private final PreparedStatements all;
    private final Map<Bytes, Named> byName = new HashMap<>();
    private final Bytes probe = new Bytes();
    private long totalBytes;

    ClientStatements(PreparedStatements all) {
        this.all = all;
    }

    /** Null if the client has none of that name. */
    @Nullable
    Named find(ByteBuffer buffer, int from, int to) {
        return byName.isEmpty() ? null : byName.get(probe.point(buffer, from, to));
    }

    /**
     * The client prepares a statement, in place of the one that has the name, if any.
     *
     * @throws MalformedException if it has too many
     */
    Named define(Bytes name, Bytes definition) {
        if (byName.size() >= MAX_STATEMENTS || totalBytes + name.length() + definition.length() > MAX_TOTAL_BYTES) {
            throw new MalformedException("more prepared statements than " + MAX_STATEMENTS + ", or longer ones than "
                    + MAX_TOTAL_BYTES + " bytes in all");
        }
        Named named = new Named(name, all.intern(definition), byName.get(name));
        put(named);
        return named;
    }

    /** The server has it: nothing is left to go back to. */
    void confirm(Named named) {
        named.previous = null;
    }

    /** The server has not taken it: what had its name before has it again. */
    void fail(Named named) {
        Named previous = named.previous;
        if (previous == null) {
            remove(named);
        } else {
            put(previous);
        }
    }

    /** The name is that one's again. */
    void put(Named named) {
        Named before = byName.put(named.name, named);
        if (before == named) {
            return;
        }
        added(named);
        if (before != null) {
            removed(before);
        }
    }

    /** It is gone, or never was; nothing if the name is another one's by now. */
    void remove(Named named) {
        if (byName.remove(named.name, named)) {
            removed(named);
        }
    }

    /** DEALLOCATE ALL, or the client is gone. */
    void clear() {
        byName.values().forEach(this::removed);
        byName.clear();
    }

    int size() {
        return byName.size();
    }

    private void added(Named named) {
        named.statement.hold();
        totalBytes += named.bytes();
    }

    private void removed(Named named) {
        totalBytes -= named.bytes();
        named.statement.release();
    }
}
