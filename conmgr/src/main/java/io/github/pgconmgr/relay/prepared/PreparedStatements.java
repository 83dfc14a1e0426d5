package io.github.pgconmgr.relay.prepared;

import java.util.HashMap;
import java.util.Map;

/**
 * The statements that any client or server connection has, each once, whoever prepared it under whatever name. One per relay; what a
 * client can add is limited by {@link ClientStatements}.
 *
 * <p>Confined to the relay's loop.
 */
public final class PreparedStatements {

    private final Map<Bytes, Statement> byDefinition = new HashMap<>();
    private final int perServer;
    private final PendingAnswers.Spare spare = new PendingAnswers.Spare();
    private long lastNumber;

    /** @param perServer {@code max_prepared_statements}: how many a server connection keeps; positive */
    public PreparedStatements(int perServer) {
        this.perServer = perServer;
    }

    int perServer() {
        return perServer;
    }

    /** For one client, as long as it is there. */
    public StatementRewriter forClient() {
        return new StatementRewriter(new ClientStatements(this), spare);
    }

    /** For one server connection, as long as it stands. */
    public ServerStatements forServer() {
        return new ServerStatements(this);
    }

    /** How many are known, to be shown. */
    public int size() {
        return byDefinition.size();
    }

    /** The one statement of that definition. */
    Statement intern(Bytes definition) {
        Statement known = byDefinition.get(definition);
        if (known == null) {
            lastNumber++;
            known = new Statement(this, lastNumber, definition);
            byDefinition.put(definition, known);
        }
        return known;
    }

    void forget(Statement statement) {
        byDefinition.remove(statement.definition(), statement);
    }
}
