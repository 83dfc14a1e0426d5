package io.github.pgconmgr.config;

import java.util.List;

/**
 * A configuration that can be used, and what is doubtful in it. Immutable.
 *
 * @param warnings to be logged; often none
 */
public record LoadedConfig(ConmgrConfig config, List<Problem> warnings) {

    /** Copies the list. */
    public LoadedConfig {
        warnings = List.copyOf(warnings);
    }
}
