package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/**
 * The parser under Jazzer: the inputs of its resource folder in every run, for as long as one likes with the environment variable
 * JAZZER_FUZZ=1 (CONTRIBUTING.md), when Jazzer looks for new ones by coverage.
 */
class ConfigFuzzTest {

    @FuzzTest(maxDuration = "24h")
    void anyBytesAreAConfigurationOrAListOfProblems(byte[] bytes) throws ConfigException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        LoadedConfig loaded;
        try {
            loaded = ConfigLoader.parse("fuzz", text);
        } catch (ConfigException e) {
            assertFalse(e.problems().isEmpty());
            return;
        }
        StringBuilder written = new StringBuilder();
        for (Setting setting : loaded.settings()) {
            if (!setting.value().isEmpty()) {
                written.append(setting.name())
                        .append(" = '")
                        .append(setting.value().replace("'", "''"))
                        .append("'\n");
            }
        }
        assertEquals(
                loaded.config(), ConfigLoader.parse("again", written.toString()).config());
    }
}
