package io.github.pgconmgr.faults;

import java.util.List;

/** The hosts of a lab, and the words for several of them or for whoever has a role. Immutable: no state. */
final class Names {

    static final List<String> APPLICATIONS = List.of("app1", "app2");
    static final List<String> INSTANCES = List.of("db1", "db2", "db3");

    /** All application hosts. */
    static final String ALL_APPLICATIONS = "apps";

    /** All instances. */
    static final String ALL_INSTANCES = "instances";

    /** Roles as they are when a round begins; they keep their meaning to its end. */
    static final List<String> ROLES = List.of("primary", "standby", "other");

    private Names() {}

    static boolean isApplication(String word) {
        return APPLICATIONS.contains(word) || word.equals(ALL_APPLICATIONS);
    }

    static boolean isInstance(String word) {
        return INSTANCES.contains(word) || ROLES.contains(word) || word.equals(ALL_INSTANCES);
    }

    static boolean isHost(String word) {
        return isApplication(word) || isInstance(word);
    }
}
