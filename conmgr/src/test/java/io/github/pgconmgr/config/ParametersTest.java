package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The parameter table is sound, and the sample file is what it says. */
class ParametersTest {

    @Test
    void theCommittedSampleFileIsWhatTheTableSays() throws IOException {
        assertCommitted("conmgr/src/main/dist/conmgr.conf.sample", SampleFile.render());
    }

    @Test
    void theCommittedReferencePageIsWhatTheTableSays() throws IOException {
        assertCommitted("docs/reference/conmgr.conf.md", ReferencePage.render());
    }

    private static void assertCommitted(String name, String now) throws IOException {
        Path file = Path.of(System.getProperty("conmgr.root", "..")).resolve(name);
        String committed = Files.exists(file) ? Files.readString(file) : "";
        if (!committed.equals(now)) {
            Files.createDirectories(file.getParent());
            Files.writeString(file, now);
        }
        assertEquals(now, committed, name + " was outdated; it has been written anew, commit it");
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
        String filled = SampleFile.render()
                .replace("check_conninfo0 = ''", "check_conninfo0 = user=a")
                .replaceAll("(?m)^#([a-z_]+0?) = ", "$1 = ")
                .replace("''", "192.0.2.1");
        ConmgrConfig config = ConfigLoader.parse("sample", filled).config();
        assertEquals(27546, config.port());
        assertEquals("192.0.2.1", config.instances().get(0).hostaddr());
    }
}
