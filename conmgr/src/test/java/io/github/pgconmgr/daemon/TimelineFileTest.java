package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.topology.TimelineRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** conmgr.timeline: whole or not at all, and nobody else's text. */
class TimelineFileTest {

    private static final TimelineRecord RECORD = new TimelineRecord(0xF000_0000_0000_0001L, -1, "db.example:27500");

    @TempDir
    Path directory;

    private TimelineFile file() {
        return new TimelineFile(directory);
    }

    private Path path() {
        return directory.resolve("conmgr.timeline");
    }

    private Path draft() {
        return directory.resolve("conmgr.timeline.new");
    }

    @Test
    void whatIsWrittenIsReadUnsigned() throws Exception {
        file().write(RECORD);
        assertEquals(RECORD, file().read());
        file().write(new TimelineRecord(7, 2, ""));
        assertEquals(new TimelineRecord(7, 2, ""), file().read());
        assertTrue(Files.readString(path()).contains("\nsystem_identifier=7\ntimeline=2\nprimary=\n"));
    }

    @Test
    void anIpv6AddressIsAName() throws Exception {
        TimelineRecord record = new TimelineRecord(7, 2, "fe80::1%eth0:5432");
        file().write(record);
        assertEquals(record, file().read());
    }

    @Test
    void noFileIsNoRecordAndForgettingRemovesIt() throws Exception {
        assertNull(file().read());
        file().write(null);
        file().write(RECORD);
        file().write(null);
        assertFalse(Files.exists(path()));
        assertNull(file().read());
    }

    @Test
    void aDraftThatACrashLeftIsOverwritten() throws Exception {
        Files.writeString(draft(), "half of a record that is longer than what follows".repeat(20));
        file().write(RECORD);
        assertEquals(RECORD, file().read());
        assertFalse(Files.exists(draft()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\0\0\0\0",
                "timeline=2",
                "system_identifier=7 timeline=2",
                "system_identifier=7 timeline=4294967296 primary=a:1",
                "system_identifier=99999999999999999999 timeline=2 primary=a:1",
                "system_identifier=-7 timeline=2 primary=a:1",
                "system_identifier=7 timeline=2 primary=a:1 more"
            })
    void garbageIsAnErrorThatNamesTheFileAndWhatToDo(String text) throws Exception {
        file().write(RECORD);
        String comment = Files.readAllLines(path()).get(0);
        Files.writeString(path(), text.isEmpty() ? text : comment + "\n" + text.replace(' ', '\n') + "\n");
        StartException error = assertThrows(StartException.class, () -> file().read());
        assertEquals(Message.TIMELINE_FILE_UNUSABLE, error.reason());
        assertTrue(String.valueOf(error.getMessage()).contains(path().toString()));
        assertTrue(error.reason().hint().contains("remove it"));
    }

    @Test
    void aFileThatIsTooLongOrNoTextOrNoFileIsAnError() throws IOException {
        Files.writeString(path(), "x".repeat(4097));
        assertThrows(StartException.class, () -> file().read());
        Files.write(path(), new byte[] {(byte) 0xFF, (byte) 0xFE});
        assertThrows(StartException.class, () -> file().read());
        Files.delete(path());
        Files.createDirectory(path());
        assertThrows(StartException.class, () -> file().read());
    }

    @Test
    void aFullDiskLeavesTheRecordOfBefore() throws Exception {
        file().write(RECORD);
        Files.createSymbolicLink(draft(), Path.of("/dev/full"));
        IOException error = assertThrows(IOException.class, () -> file().write(new TimelineRecord(7, 2, "")));
        assertTrue(String.valueOf(error.getMessage()).contains("No space left"), error.toString());
        assertEquals(RECORD, file().read());
    }
}
