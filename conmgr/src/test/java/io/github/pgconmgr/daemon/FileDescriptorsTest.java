package io.github.pgconmgr.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.config.CheckConfig;
import io.github.pgconmgr.config.CheckMode;
import io.github.pgconmgr.config.ConmgrConfig;
import io.github.pgconmgr.config.InstanceConfig;
import io.github.pgconmgr.log.Message;
import io.github.pgconmgr.scripted.ConmgrSample;
import io.github.pgconmgr.scripted.Samples;
import io.github.pgconmgr.testkit.Proves;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The need for file descriptors against the process's limit. */
@Proves("C7")
class FileDescriptorsTest {

    /** Before the first application comes: three instances, two of them checked by SQL, one listen address. */
    private static final long NEEDED = FileDescriptors.OWN + 2 * 3 + 2 + 1;

    private static ConmgrConfig config(int maxConnections) {
        return new ConmgrSample()
                .maxConnections(maxConnections)
                .instances(List.of(Samples.instance(0), checked(1, CheckMode.SQL), checked(2, CheckMode.BOTH)))
                .build();
    }

    private static InstanceConfig checked(int number, CheckMode mode) {
        return new InstanceConfig(number, "db" + number, "", 5432, 1, new CheckConfig(mode, null));
    }

    private static List<Message> check(int maxConnections, long limit) throws StartException {
        List<Message> logged = new ArrayList<>();
        FileDescriptors.check(config(maxConnections), limit, (message, component, arguments) -> logged.add(message));
        return logged;
    }

    @Test
    void withoutMaxConnectionsALimitIsTightBelowAHundredApplications() throws StartException {
        long enough = NEEDED + FileDescriptors.ENOUGH_APPLICATIONS;
        assertEquals(List.of(), check(0, enough));
        assertEquals(List.of(Message.DESCRIPTORS_SCARCE), check(0, enough - 1));
    }

    @Test
    void withMaxConnectionsThatManyMustFit() throws StartException {
        assertEquals(List.of(), check(5, NEEDED + 5));
        assertEquals(List.of(Message.DESCRIPTORS_SCARCE), check(5, NEEDED + 4));
        assertEquals(List.of(Message.DESCRIPTORS_SCARCE), check(5000, NEEDED + 4999));
    }

    @Test
    void aLimitWithoutRoomForOneApplicationIsAnError() throws StartException {
        check(0, NEEDED + 1);
        StartException e = assertThrows(StartException.class, () -> check(0, NEEDED));
        assertEquals("the limit of 89 open files is too low, conmgr needs 90", e.getMessage());
    }

    @Test
    @Proves("C6")
    void applicationsGetWhatBothLimitsAllow() {
        assertEquals(5, FileDescriptors.connectionLimit(config(5), NEEDED + 5).most());
        assertEquals(
                "max_connections = 5 is reached",
                FileDescriptors.connectionLimit(config(5), NEEDED + 5).reason());
        assertEquals(4, FileDescriptors.connectionLimit(config(5), NEEDED + 4).most());
        assertEquals(
                "the limit of 93 open files leaves room for 4",
                FileDescriptors.connectionLimit(config(5), NEEDED + 4).reason());
        assertEquals(7, FileDescriptors.connectionLimit(config(0), NEEDED + 7).most());
        assertEquals(0, FileDescriptors.connectionLimit(config(0), 3).most());
        assertTrue(FileDescriptors.connectionLimit(config(0), Long.MAX_VALUE).most() > Integer.MAX_VALUE);
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
