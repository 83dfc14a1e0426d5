package io.github.pgconmgr.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.pgconmgr.testkit.Proves;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numeric addresses are told from names by their form alone. */
@Proves("C3")
class NumericAddressTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "0.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "1::",
                "fe80::1%lo",
                "2001:db8::1",
                "1:2:3:4:5:6:7:8",
                "1:2:3:4:5:6:7::",
                "::ffff:192.0.2.1",
                "1:2:3:4:5:6:192.0.2.1"
            })
    void anAddressIsNumericAndTheJdkReadsItWithoutAskingAnybody(String text) throws UnknownHostException {
        assertTrue(NumericAddress.isNumeric(text));
        assertEquals(
                text.contains(":") && !text.startsWith("::ffff:"),
                InetAddress.getByName(text.replaceAll("%.*", "")).getAddress().length == 16);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost", "127.1", "1.2.3", "1.2.3.4.5", "256.0.0.1", "010.0.0.1", "1.2.3.", ".1.2.3", "1.2.3.4 ",
                ":", ":::", "1:2", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::g", "1:2:3:4:5:6:7::8", "::1%",
                "::1%a b", "192.0.2.1::", "::1.2.3", "[::1]", "1:2:3:4:5:6:7:1.2.3.4", ":1:2:3:4:5:6:7",
                        "1:2:3:4:5:6:7:"
            })
    void aNameOrAMalformedAddressIsNot(String text) {
        assertFalse(NumericAddress.isNumeric(text));
    }
}
