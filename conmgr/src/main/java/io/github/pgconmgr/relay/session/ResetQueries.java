package io.github.pgconmgr.relay.session;

import io.github.pgconmgr.relay.protocol.Query;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;

/**
 * {@code reset_query_list} as messages, one for each statement (P10). Immutable.
 *
 * @param inTransaction all of them
 * @param inTransactionCount how many
 * @param outside all but ABORT, which is sent inside a transaction only
 * @param outsideCount how many
 * @param lazy outside a transaction they cannot fail: they may be sent along with the next client's first bytes
 */
record ResetQueries(
        ByteBuffer inTransaction, int inTransactionCount, ByteBuffer outside, int outsideCount, boolean lazy) {

    private static final String ABORT = "ABORT";
    private static final List<String> SURE = List.of("DISCARD ALL");

    static ResetQueries of(List<String> statements) {
        List<String> outside = statements.stream()
                .filter(statement -> !upper(statement).equals(ABORT))
                .toList();
        return new ResetQueries(
                messages(statements),
                statements.size(),
                messages(outside),
                outside.size(),
                outside.stream().map(ResetQueries::upper).toList().equals(SURE));
    }

    private static String upper(String statement) {
        return statement.strip().toUpperCase(Locale.ROOT);
    }

    private static ByteBuffer messages(List<String> statements) {
        List<ByteBuffer> messages = statements.stream().map(Query::encode).toList();
        ByteBuffer all = ByteBuffer.allocateDirect(
                messages.stream().mapToInt(ByteBuffer::remaining).sum());
        messages.forEach(all::put);
        return all.flip();
    }
}
