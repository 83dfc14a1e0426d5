package io.github.pgconmgr.config;

import java.util.Locale;
import java.util.Map;

/** Finds the name that someone probably meant: ours of what another program calls otherwise, or one that is spelt nearly so. Stateless. */
final class NearMiss {

    /** A slip or two; more is another word. */
    private static final int MAX_EDITS = 2;

    /** Of PgBouncer and Pgpool-II, whose files people copy from (docs/relay.md). */
    private static final Map<String, Parameter<?>> ELSEWHERE = Map.ofEntries(
            Map.entry("authentication_timeout", RelayParameters.CLIENT_LOGIN_TIMEOUT),
            Map.entry("backend_hostname", Parameters.BACKEND_HOST),
            Map.entry("client_idle_timeout", RelayParameters.CLIENT_IDLE_LIMIT),
            Map.entry("client_tls_ca_file", RelayParameters.SSL_CA_FILE),
            Map.entry("client_tls_cert_file", RelayParameters.SSL_CERT_FILE),
            Map.entry("client_tls_key_file", RelayParameters.SSL_KEY_FILE),
            Map.entry("default_pool_size", RelayParameters.NUM_INIT_CHILDREN),
            Map.entry("listen_addr", Parameters.LISTEN_ADDRESSES),
            Map.entry("listen_port", Parameters.PORT),
            Map.entry("max_client_conn", Parameters.MAX_CONNECTIONS),
            Map.entry("pool_passwd", RelayParameters.AUTH_FILE),
            Map.entry("server_lifetime", RelayParameters.CONNECTION_LIFE_TIME),
            Map.entry("server_reset_query", RelayParameters.RESET_QUERY_LIST),
            Map.entry("ssl_ca_cert", RelayParameters.SSL_CA_FILE),
            Map.entry("ssl_cert", RelayParameters.SSL_CERT_FILE),
            Map.entry("ssl_key", RelayParameters.SSL_KEY_FILE));

    private NearMiss() {}

    /** " (did you mean ...?)" for a name that is not in the table; empty if nothing comes near. */
    static String hint(String baseName, String number) {
        Parameter<?> here = ELSEWHERE.get(baseName.toLowerCase(Locale.ROOT));
        if (here != null) {
            return didYouMean(named(here, number));
        }
        String best = "";
        int bestEdits = MAX_EDITS + 1;
        for (Parameter<?> parameter : Parameters.ALL) {
            int edits = edits(baseName.toLowerCase(Locale.ROOT), parameter.name());
            if (edits < bestEdits) {
                bestEdits = edits;
                best = named(parameter, number);
            }
        }
        return best.isEmpty() ? "" : didYouMean(best);
    }

    private static String named(Parameter<?> parameter, String number) {
        return parameter.indexed() ? parameter.name() + (number.isEmpty() ? "0" : number) : parameter.name();
    }

    private static String didYouMean(String name) {
        return " (did you mean \"" + name + "\"?)";
    }

    /** Levenshtein's distance; names are short, and one that is much longer than any of ours is not measured. */
    private static int edits(String a, String b) {
        if (Math.abs(a.length() - b.length()) > MAX_EDITS) {
            return MAX_EDITS + 1;
        }
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
