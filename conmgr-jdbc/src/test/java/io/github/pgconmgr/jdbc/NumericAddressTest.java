package io.github.pgconmgr.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.pgconmgr.wire.MalformedMessageException;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NumericAddressTest {

    @Test
    void readsBothFamilies() throws Exception {
        assertEquals(InetAddress.getByName("10.0.0.255"), NumericAddress.parse("10.0.0.255"));
        assertEquals(InetAddress.getByName("[fd00::1]"), NumericAddress.parse("fd00::1"));
        assertEquals(InetAddress.getByName("[::ffff:10.0.0.1]"), NumericAddress.parse("::ffff:10.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db1",
                "10.0.0",
                "10.0.0.256",
                "1.2.3.4.5",
                "0x7f.1.1.1",
                ":::",
                "1::2::3",
                "fd00::1/64",
                "beef",
                "10"
            })
    void refusesWhateverANameServerWouldHaveToBeAskedFor(String text) {
        assertThrows(MalformedMessageException.class, () -> NumericAddress.parse(text));
    }
}
