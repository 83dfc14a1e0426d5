package io.github.pgconmgr.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The lines of the control socket. */
class ControlRequestTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status all text",
                "status instance text",
                "status application json",
                "await primary",
                "await all",
                "stop smart",
                "stop fast",
                "stop immediate",
                "restart fast",
                "reload",
                "topology",
                "forget-timeline",
                "forget-timeline yes",
                "version"
            })
    void aRequestIsReadAsItIsWritten(String line) {
        assertEquals(line, ControlRequest.parse(line).orElseThrow().toLine());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "status",
                "status ALL",
                "status all ",
                "stop now",
                "version 1",
                "reload 1",
                "forget-timeline ",
                "forget-timeline no",
                "topology all",
                "restart",
                "status all xml",
                "status all text ",
                "STOP fast",
                "await"
            })
    void anythingElseIsNone(String line) {
        assertEquals(Optional.empty(), ControlRequest.parse(line));
    }

    @Test
    void theLongestRequestFits() {
        assertEquals(
                true,
                new ControlRequest.Status(StatusScope.APPLICATION, StatusFormat.TEXT)
                                .toLine()
                                .length()
                        < ControlRequest.MAX_BYTES);
    }
}
