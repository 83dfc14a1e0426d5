package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** One version, in two places. */
class VersionTest {

    @Test
    void theVersionIsThePoms() throws IOException {
        String pom = Files.readString(Path.of(System.getProperty("conmgr.root", ".."), "pom.xml"));
        assertTrue(pom.contains("<artifactId>pgconmgr</artifactId>\n  <version>" + Version.NUMBER + "</version>"));
    }
}
