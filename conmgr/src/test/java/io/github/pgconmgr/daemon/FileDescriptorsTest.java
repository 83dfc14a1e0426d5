package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The need for file descriptors against the process's limit. */
@Proves("C7")
class FileDescriptorsTest {

    private static List<Message> check(long limit) {
        List<Message> logged = new ArrayList<>();
        FileDescriptors.check(limit, 3, 1, (message, component, arguments) -> logged.add(message));
        return logged;
    }

    @Test
    void aLimitIsTightBelowAHundredApplications() {
        long enough = FileDescriptors.OWN + 2 * 3 + 1 + FileDescriptors.ENOUGH_APPLICATIONS;
        assertEquals(List.of(), check(enough));
        assertEquals(List.of(Message.DESCRIPTORS_SCARCE), check(enough - 1));
    }

    @Test
    void theSoftLimitIsRead() {
        String text = """
                Max processes             1                    2                    processes
                Max open files            1024                 524288               files
                """;
        assertEquals(1024, FileDescriptors.parse(text));
        assertEquals(Long.MAX_VALUE, FileDescriptors.parse("Max open files   unlimited   unlimited   files\n"));
        assertEquals(Long.MAX_VALUE, FileDescriptors.parse(""));
        assertTrue(FileDescriptors.limit() > 0);
    }
}
