package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The parameter table is sound, and the sample file is what it says. */
class ParametersTest {

    @Test
    @Proves({"C1", "C2", "C3", "C4", "C5"})
    void theCommittedSampleFileIsWhatTheTableSays() throws IOException {
        Path sample = Path.of(System.getProperty("conmgr.root", ".."), "conmgr/src/main/dist/conmgr.conf.sample");
        assertEquals(SampleFile.render(), Files.readString(sample));
    }

    @Test
    void everyDefaultIsAValueOfItsParameter() {
        for (Parameter<?> parameter : Parameters.ALL) {
            if (!parameter.defaultText().isEmpty()) {
                Settings.defaultOf(parameter);
            }
        }
    }

    @Test
    void namesAreUniqueAndNoneEndsWithADigit() {
        Set<String> names = new HashSet<>();
        for (Parameter<?> parameter : Parameters.ALL) {
            assertTrue(names.add(parameter.name()), parameter.name());
            assertFalse(parameter.name().matches(".*[0-9]"), parameter.name());
            assertTrue(parameter.text().endsWith("."), parameter.name());
        }
    }

    @Test
    void theSampleLoadsOnceAHostIsFilledIn() throws ConfigException {
        String filled =
                SampleFile.render().replaceAll("(?m)^#([a-z_]+0?) = ", "$1 = ").replace("''", "192.0.2.1");
        ConmgrConfig config = ConfigLoader.parse("sample", filled).config();
        assertEquals(27546, config.port());
        assertEquals("192.0.2.1", config.instances().get(0).hostaddr());
    }
}
