package io.github.pgconmgr.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Why each host of the list failed (A1, A2).
 *
 * <p>Confined to the thread that connects.
 */
final class ConnectFailures {

    private final List<HostPort> hosts = new ArrayList<>();
    private final List<SQLException> errors = new ArrayList<>();

    void add(HostPort host, SQLException error) {
        hosts.add(host);
        errors.add(error);
    }

    /**
     * One exception for all. A single failure is thrown as it is: what an instance says about a password must look as it does
     * without conmgr. Several become 08001 with each as suppressed, but keep a state on which all servers agree.
     */
    SQLException toException() {
        if (errors.size() == 1) {
            return errors.get(0);
        }
        StringBuilder message = new StringBuilder("no host of the list could be connected to");
        for (int i = 0; i < errors.size(); i++) {
            message.append(i == 0 ? ": " : "; ").append(hosts.get(i)).append(": ");
            message.append(errors.get(i).getMessage());
        }
        SQLException all = new SQLException(message.toString(), commonState());
        errors.forEach(all::addSuppressed);
        return all;
    }

    private String commonState() {
        Set<@Nullable String> states = new LinkedHashSet<>();
        errors.forEach(error -> states.add(error.getSQLState()));
        String first = states.iterator().next();
        boolean agreed = states.size() == 1 && first != null && !SqlStates.isConnectionFailure(first);
        return agreed ? first : SqlStates.UNABLE_TO_CONNECT;
    }
}
