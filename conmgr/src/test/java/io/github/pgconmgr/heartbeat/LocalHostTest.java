package io.github.pgconmgr.heartbeat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.github.pgconmgr.wire.heartbeat.HostIdentity;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who we are and where the watchdog is. */
class LocalHostTest {

    @TempDir
    Path directory = Path.of("");

    private static final byte[] IPV6_LOOPBACK = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};

    private static InetAddress address(int last) throws UnknownHostException {
        return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
    }

    @Test
    void missingFilesMeanUnknown() {
        Path missing = directory.resolve("missing");
        assertEquals(HostIdentity.UNKNOWN, new LocalHost(missing, missing, missing).identity());
    }

    @Test
    void theFilesAreReadWithoutTheirNewline() throws IOException {
        Path machine = Files.writeString(directory.resolve("machine-id"), "0123456789abcdef\n");
        Path boot = Files.writeString(directory.resolve("boot_id"), "b00t\n");
        HostIdentity host = new LocalHost(machine, boot, machine).identity();
        assertEquals("0123456789abcdef", host.machineId());
        assertEquals("b00t", host.bootId());
        assertNotEquals(0, host.networkNamespace());
    }

    @Test
    void aFileThatIsTooLongOrHoldsAnythingElseMeansUnknown() throws IOException {
        Path tooLong = Files.writeString(directory.resolve("long"), "x".repeat(65));
        Path odd = Files.writeString(directory.resolve("odd"), "a\nb");
        HostIdentity host = new LocalHost(tooLong, odd, directory.resolve("missing")).identity();
        assertEquals(HostIdentity.UNKNOWN, host);
    }

    @Test
    void numericAddressesNeedNoResolver() throws UnknownHostException {
        assertEquals(List.of(address(1)), AddressResolver.numeric("10.0.0.1"));
        assertEquals(List.of(InetAddress.getByAddress(IPV6_LOOPBACK)), AddressResolver.numeric("::1"));
        assertEquals(List.of(), AddressResolver.numeric("db.example"));
    }

    @Test
    void theAddressThatWorkedIsKeptAndAfterAFailureTheNextIsTried() throws UnknownHostException {
        InetAddress a = address(1);
        InetAddress b = address(2);
        InetAddress moved = address(3);
        AddressChoice choice = new AddressChoice();
        assertEquals(a, choice.choose(List.of(a, b), false));
        assertEquals(b, choice.choose(List.of(a, b), true));
        assertEquals(b, choice.choose(List.of(a, b), false), "it worked");
        assertEquals(b, choice.choose(List.of(b, a), false), "the order does not matter");
        assertEquals(a, choice.choose(List.of(b, a), true));
        assertEquals(moved, choice.choose(List.of(moved), false), "the name moved");
    }
}
