package io.github.pgconmgr.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

class ProofListenerTest {

    /** Not found by the build (a nested class), only run by the test below. */
    @Proves("L1")
    static class Sample {
        @Test
        @Proves({"L2", "T1"})
        void passes() {}

        @Test
        @Proves("L3")
        void fails() {
            fail("as it should");
        }

        @Test
        @Disabled("to be skipped")
        @Proves("L4")
        void isSkipped() {}

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        @Proves("L5")
        void failsOnce(int number) {
            assertEquals(1, number);
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        @Proves("L6")
        void passesTwice(int number) {
            assertEquals(number, number);
        }
    }

    @Test
    void onlyTestsThatRanAndPassedProveTheirRequirements(@TempDir Path root) throws IOException {
        ProofListener listener = new ProofListener(root.toString(), "sample", "2");
        LauncherFactory.create(LauncherConfig.builder()
                        .enableTestExecutionListenerAutoRegistration(false)
                        .addTestExecutionListeners(listener)
                        .build())
                .execute(LauncherDiscoveryRequestBuilder.request()
                        .selectors(selectClass(Sample.class))
                        .build());
        String sample = Sample.class.getName();
        assertEquals(
                List.of(
                        "L1\tsample\t" + sample + "\tpasses",
                        "L1\tsample\t" + sample + "\tpassesTwice",
                        "L2\tsample\t" + sample + "\tpasses",
                        "L6\tsample\t" + sample + "\tpassesTwice",
                        "T1\tsample\t" + sample + "\tpasses"),
                Files.readAllLines(root.resolve("build/coverage/sample.2.tsv")));
    }
}
