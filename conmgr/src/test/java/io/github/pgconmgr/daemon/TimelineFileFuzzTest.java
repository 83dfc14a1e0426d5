package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.pgconmgr.topology.TimelineRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** conmgr.timeline under Jazzer (docs/fuzzing.md): what conmgr would have written, or nothing. */
class TimelineFileFuzzTest {

    private final TimelineFile file = new TimelineFile(Path.of("fuzz"));

    @FuzzTest(maxDuration = "24h")
    void anyTextIsTakenAsItWasWrittenOrNotAtAll(byte[] bytes) throws StartException {
        String text = new String(bytes, StandardCharsets.UTF_8);
        TimelineRecord record;
        try {
            record = file.parse(text);
        } catch (StartException e) {
            return;
        }
        assertFalse(record.primary().contains("\n"));
        assertEquals(record, file.parse(TimelineFile.textOf(record)));
    }
}
