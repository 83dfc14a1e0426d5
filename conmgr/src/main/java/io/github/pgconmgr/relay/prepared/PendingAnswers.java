package io.github.pgconmgr.relay.prepared;

import io.github.pgconmgr.relay.prepared.ClientStatements.Named;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The answers that a server connection owes to one client, as far as they matter here: one for each Parse and Close, and ReadyForQuery for
 * each Sync, Query and function call. After an error the server skips everything up to the next Sync: what was skipped is undone.
 *
 * <p>Confined to the relay's loop; empty between two transactions.
 */
final class PendingAnswers {

    /** What was sent. */
    enum Kind {
        /** A Parse or a Close that has nothing to do with statements that we keep. */
        OTHER,
        /** The client's Parse of a statement that it did not have. */
        PARSE,
        /** As before, where the server has the statement already: something was sent that is answered in its place. */
        PARSE_OF_KNOWN,
        /** Our Parse of a statement of the client's. */
        OUR_PARSE,
        /** The client's Close of a statement; the server keeps it. */
        CLOSE,
        /** Our Close of a statement that the server has no more room for. */
        OUR_CLOSE,
        /** Our Close of nothing. */
        OUR_MARK,
        /** ReadyForQuery, after a Query or a function call. */
        QUERY,
        /** ReadyForQuery, after a Sync. */
        SYNC;

        /** Whether names may mean something else behind it; a query may be DISCARD ALL. */
        boolean isChange() {
            return this != OTHER && this != OUR_MARK && this != SYNC;
        }

        /** Whether ReadyForQuery answers it, and an error before does not reach beyond. */
        boolean isEnd() {
            return this == QUERY || this == SYNC;
        }
    }

    /** One answer. Pooled. */
    private static final class Entry {
        private Kind kind = Kind.OTHER;
        private @Nullable Named named;
        private @Nullable Statement statement;
    }

    /** What all clients of a relay share, so that it is at hand and an idle client owns none. Confined to the relay's loop. */
    static final class Spare {

        private static final int MAX_ENTRIES = 1024;

        private final ArrayDeque<Entry> entries = new ArrayDeque<>();

        private Entry take() {
            return entries.isEmpty() ? new Entry() : entries.pop();
        }

        private void put(Entry entry) {
            entry.named = null;
            entry.statement = null;
            if (entries.size() < MAX_ENTRIES) {
                entries.push(entry);
            }
        }
    }

    private final ClientStatements client;
    private final Spare spare;
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private @Nullable ServerStatements server;

    private boolean skipping;

    /** Entries that change what names mean. */
    private int changes;

    /** As many of them lie before a Sync or Query: an error may undo them, and what is sent now is done all the same. */
    private int earlierChanges;

    /** The server reads COPY data, and ignores Sync. */
    private boolean copying;

    PendingAnswers(ClientStatements client, Spare spare) {
        this.client = client;
        this.spare = spare;
    }

    void begin(ServerStatements next) {
        server = next;
        skipping = false;
        copying = false;
        while (!entries.isEmpty()) {
            spare.put(take());
        }
    }

    /** The server reads nothing but a Sync: whatever else is sent has no effect and no answer. */
    boolean isSkipping() {
        return skipping;
    }

    /** Something was sent, while the server was not {@link #isSkipping}. */
    void add(Kind kind, @Nullable Named named, @Nullable Statement statement) {
        Entry entry = spare.take();
        entry.kind = kind;
        entry.named = named;
        entry.statement = statement;
        entries.add(entry);
        changes += kind.isChange() ? 1 : 0;
        if (kind.isEnd()) {
            earlierChanges = changes;
        }
    }

    /** The next answer will not be awaited any more. */
    private Entry take() {
        Entry entry = entries.remove();
        if (entry.kind.isChange()) {
            changes--;
            earlierChanges = Math.max(0, earlierChanges - 1);
        }
        return entry;
    }

    /**
     * Whether it is not known yet what a name means: something before the last Sync or Query may have changed it, or failed to. Not so during
     * COPY, when the server would not answer before it is sent more.
     */
    boolean isUncertain() {
        return earlierChanges > 0 && !copying;
    }

    void addQuery() {
        add(Kind.QUERY, null, null);
    }

    void addSync() {
        if (!copying) {
            skipping = false;
            add(Kind.SYNC, null, null);
        }
    }

    void onCopyEndSent() {
        copying = false;
    }

    /** ParseComplete or CloseComplete. */
    Answer onComplete() {
        Entry entry = entries.peek();
        if (entry == null || entry.kind.isEnd()) {
            // Not ours to judge: the client gets what the server says.
            return Answer.FORWARD;
        }
        take();
        Kind kind = entry.kind;
        Named named = entry.named;
        if (named != null) {
            client.confirm(named);
        }
        spare.put(entry);
        return switch (kind) {
            case PARSE_OF_KNOWN -> Answer.PARSE_COMPLETE;
            case OUR_PARSE, OUR_CLOSE, OUR_MARK -> Answer.SWALLOW;
            case OTHER, PARSE, CLOSE, QUERY, SYNC -> Answer.FORWARD;
        };
    }

    /** ErrorResponse: of a query, which is still owed its ReadyForQuery, or of something up to the next Sync. */
    void onError() {
        copying = false;
        Entry first = entries.peek();
        if (first == null || first.kind != Kind.QUERY) {
            skipping = !dropUpTo(Kind.SYNC);
        }
    }

    /** ReadyForQuery. */
    void onReady() {
        copying = false;
        skipping = false;
        Entry first = entries.peek();
        if (first != null && !first.kind.isEnd()) {
            dropUpTo(Kind.SYNC);
        }
        if (!entries.isEmpty()) {
            spare.put(take());
        }
    }

    /**
     * The server does nothing of what was sent before the next of that kind: the last is undone first.
     *
     * @return whether there is one of that kind
     */
    private boolean dropUpTo(Kind end) {
        Deque<Entry> dropped = new ArrayDeque<>();
        Entry first = entries.peek();
        while (first != null && first.kind != end) {
            dropped.push(take());
            first = entries.peek();
        }
        while (!dropped.isEmpty()) {
            Entry last = dropped.pop();
            undo(last);
            spare.put(last);
        }
        return first != null;
    }

    /** CopyInResponse: the Syncs that were sent along with Execute are a part of the COPY for the server. */
    void onCopyIn() {
        copying = true;
        Entry first = entries.peek();
        while (first != null && first.kind == Kind.SYNC) {
            spare.put(take());
            first = entries.peek();
        }
    }

    /** The server has not done it. */
    private void undo(Entry entry) {
        Named named = entry.named;
        Statement statement = entry.statement;
        switch (entry.kind) {
            case PARSE -> {
                if (named != null) {
                    server().remove(named.statement());
                    client.fail(named);
                }
            }
            case PARSE_OF_KNOWN -> {
                if (named != null) {
                    client.fail(named);
                }
            }
            case OUR_PARSE -> {
                if (statement != null) {
                    server().remove(statement);
                }
            }
            case CLOSE -> {
                if (named != null) {
                    client.put(named);
                }
            }
            case OUR_CLOSE -> {
                if (statement != null) {
                    server().add(statement);
                }
            }
            case OTHER, OUR_MARK, QUERY, SYNC -> {}
        }
    }

    private ServerStatements server() {
        if (server == null) {
            throw new IllegalStateException("not attached");
        }
        return server;
    }
}
