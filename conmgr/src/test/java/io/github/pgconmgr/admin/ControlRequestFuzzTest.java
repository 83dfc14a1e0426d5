package io.github.pgconmgr.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The control socket's one line under Jazzer (docs/fuzzing.md). */
class ControlRequestFuzzTest {

    @FuzzTest(maxDuration = "24h")
    void anyLineIsARequestOrNone(byte[] bytes) {
        String line = new String(bytes, StandardCharsets.UTF_8);
        Optional<ControlRequest> request = ControlRequest.parse(line);
        if (request.isPresent()) {
            String again = request.get().toLine();
            assertEquals(request, ControlRequest.parse(again));
            assertTrue(again.length() < ControlRequest.MAX_BYTES);
        }
    }
}
