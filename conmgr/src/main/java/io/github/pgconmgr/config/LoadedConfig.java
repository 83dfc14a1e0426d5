package io.github.pgconmgr.config;

import java.util.List;

/**
 * A configuration that can be used, and what is doubtful in it. Immutable.
 *
 * @param settings every parameter's value, in the table's order, those of an instance together
 * @param warnings to be logged; often none
 */
public record LoadedConfig(ConmgrConfig config, List<Setting> settings, List<Problem> warnings) {

    /** Copies the lists. */
    public LoadedConfig {
        settings = List.copyOf(settings);
        warnings = List.copyOf(warnings);
    }
}
