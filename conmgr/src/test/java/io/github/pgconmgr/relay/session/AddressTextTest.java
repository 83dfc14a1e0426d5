package io.github.pgconmgr.relay.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.InetSocketAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AddressTextTest {

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, 127.0.0.1",
        "::1, ::1",
        "::, ::",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:DB8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "fe80::1, fe80::1",
        "1:0:0:0:0:0:0:0, 1::",
        "2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff, 2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff"
    })
    void anIpv6AddressIsShortened(String written, String shown) {
        assertEquals(shown, AddressText.host(new InetSocketAddress(written, 5432)));
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.1:5432", "::1, [::1]:5432"})
    void inTheLogItStandsInBrackets(String written, String shown) {
        assertEquals(shown, PeerName.of(new InetSocketAddress(written, 5432)));
    }
}
